"""The synthetic nation: same seed, same bytes; sizes kept; rows in order and declared."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.unit.scale.nations import COUNTIES, SCHOOLS, small

from junheng import scale
from junheng.model import INPUTS
from junheng.model.errors import Refused
from junheng.model.stages import stages_of_kind
from junheng.scale.partitions import Partitions, order


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Partitions:
    return small(tmp_path_factory.mktemp("nation") / "a")


def _rows(nation: Partitions, table: str) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(path, hive_partitioning=False) for _, _, path in nation.files[table]])


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(nation: Partitions, tmp_path: Path) -> None:
    def contents(folder: Path) -> dict[str, bytes]:
        return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.parquet"))}

    again, other = small(tmp_path / "b"), small(tmp_path / "c", seed=4)
    assert contents(again.folder) == contents(nation.folder)
    assert (
        contents(other.folder)["schools/province=66/part.parquet"]
        != contents(nation.folder)["schools/province=66/part.parquet"]
    )


def test_it_has_the_counties_and_schools_asked_for(nation: Partitions) -> None:
    schools = _rows(nation, "schools")
    assert sum(len(held) for held in nation.counties.values()) == COUNTIES
    assert schools.height == SCHOOLS == schools["school_id"].n_unique()
    assert schools["county"].n_unique() == COUNTIES
    assert (schools["area_code"].str.slice(0, 6) == schools["county"]).all()


def test_every_table_is_declared_and_in_order_with_unique_keys(nation: Partitions) -> None:
    for table, files in nation.files.items():
        for _, _, path in files:
            rows = pl.read_parquet(path, hive_partitioning=False)
            declared = INPUTS[table]
            assert rows.columns == ["county", *declared.names]
            assert {name: rows.schema[name] for name in declared.names} == declared.schema()
            assert rows.equals(rows.sort(order(table), maintain_order=True))
            assert not rows.select("county", *declared.key).is_duplicated().any()


def test_classes_hold_the_pupils_of_their_grade_and_shared_rows_stand_in_schools_of_several_stages(
    nation: Partitions,
) -> None:
    grades = _rows(nation, "enrolment").select("school_id", "grade", "pupils", "classes")
    classes = (
        _rows(nation, "classes")
        .group_by("school_id", "grade")
        .agg(pl.col("pupils").sum().alias("sum"), pl.len().cast(pl.Int64).alias("n"))
    )
    both = grades.join(classes, on=["school_id", "grade"], how="full", coalesce=True)
    assert both.filter(
        ~pl.col("pupils").eq_missing(pl.col("sum")) | ~pl.col("classes").eq_missing(pl.col("n"))
    ).is_empty()
    kinds = dict(_rows(nation, "schools").select("school_id", "kind").iter_rows())
    shared = set(_rows(nation, "school_years").filter(stage="shared")["school_id"].to_list())
    assert shared == {school for school, kind in kinds.items() if len(stages_of_kind(kind)) > 1}


def test_it_overwrites_nothing_and_refuses_sizes_that_do_not_fit(nation: Partitions, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="folder_taken"):
        scale.make(nation.folder, counties=2, schools=20)
    with pytest.raises(Refused, match="sizes"):
        scale.make(tmp_path / "x", counties=10, schools=12)
    with pytest.raises(Refused, match="no_partitions"):
        Partitions.open(tmp_path)
