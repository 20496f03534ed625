"""Facts about schools: by stage with shared resources split, by school, kindergartens, classes, rooms,
teachers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from junheng.model import INPUTS
from junheng.model.reason import Finding
from junheng.model.region import Region
from junheng.model.stages import STAGES, stage_at
from junheng.monitoring import teacher_roll
from junheng.monitoring.split_stages import split, weights
from junheng.rules import Standards

Tables = Mapping[str, pl.DataFrame]
HEADS = ("pupils", "classes", "boarders", "migrant_pupils")
SHARED = "shared"
NOT_ADDED = ("bandwidth_mbps",)
"""Measured columns of a school's conditions that its stages have together and nobody adds or splits."""
_DEFAULT_SYSTEM = "63"


def added() -> list[str]:
    """Columns of the school's conditions that add up over stages: people, areas, money, rooms."""
    return [
        column.name
        for column in INPUTS["school_years"].columns
        if column.kind in ("integer", "number") and column.name not in NOT_ADDED
    ]


def _told() -> list[str]:
    """Columns that describe rather than count; a stage takes the school's where it has none of its own."""
    key = INPUTS["school_years"].key
    return [name for name in INPUTS["school_years"].names if name not in (*added(), *key)]


def _table(tables: Tables, name: str) -> pl.DataFrame:
    return tables[name] if name in tables else INPUTS[name].empty()


def of_schools(tables: Tables, year: int, places: pl.DataFrame) -> pl.DataFrame:
    """The schools with their areas and whether each is open in `year`."""
    schools = _table(tables, "schools").rename({"kind": "school_kind", "name": "school_name"})
    opened = pl.col("opened_year").is_null() | (pl.col("opened_year") <= year)
    closed = pl.col("closed_year").is_not_null() & (pl.col("closed_year") <= year)
    status = pl.when(opened & ~closed).then(pl.lit("open")).otherwise(pl.lit("closed")).alias("status")
    return schools.with_columns(status).join(
        places.drop("area_level"), on="area_code", how="left", maintain_order="left"
    )


def blank_aware_sum(name: str) -> pl.Expr:
    """The sum of a group's cells, blank as soon as one of them is."""
    return pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(name)


def with_stage(frame: pl.DataFrame, schools: pl.DataFrame, region: Region | None) -> pl.DataFrame:
    """`frame` (school_id, grade …) with the stage in which the school teaches the grade."""
    default = region.school_system if region is not None else _DEFAULT_SYSTEM
    known = schools.select("school_id", "school_kind", pl.col("school_system").fill_null(default))
    rows = frame.join(known, on="school_id", how="left", maintain_order="left")
    kinds = rows.select("grade", "school_kind", "school_system").unique()
    stages = [
        stage_at(grade, kind or "", system or default) if grade else None
        for grade, kind, system in kinds.iter_rows()
    ]
    labelled = kinds.with_columns(pl.Series("stage", stages, dtype=pl.String))
    return rows.join(
        labelled,
        on=["grade", "school_kind", "school_system"],
        how="left",
        maintain_order="left",
        nulls_equal=True,
    )


def heads(tables: Tables, year: int, schools: pl.DataFrame, region: Region | None) -> pl.DataFrame:
    """school_id, stage and HEADS from the enrolment of the year."""
    counted = _table(tables, "enrolment").filter(pl.col("year") == year)
    staged = with_stage(counted, schools, region)
    return staged.group_by("school_id", "stage").agg(blank_aware_sum(name) for name in HEADS)


def by_stage(
    tables: Tables, year: int, region: Region | None, law: Standards, places: pl.DataFrame
) -> tuple[pl.DataFrame, list[Finding]]:
    """One row for each school and stage that has pupils counted or resources reported."""
    schools = of_schools(tables, year, places)
    units, findings = _stages(tables, year, region, law, schools)
    return units.join(schools, on="school_id", how="left", maintain_order="left"), findings


def _stages(
    tables: Tables, year: int, region: Region | None, law: Standards, schools: pl.DataFrame
) -> tuple[pl.DataFrame, list[Finding]]:
    reported = teacher_roll.reported(tables, year, law)
    own, shared = reported.filter(pl.col("stage") != SHARED), reported.filter(pl.col("stage") == SHARED)
    counted = heads(tables, year, schools, region)
    units = counted.join(own.drop("year"), on=["school_id", "stage"], how="full", coalesce=True).sort(
        "school_id", "stage"
    )
    columns = added()
    units = units.with_columns(pl.col(columns).cast(pl.Float64), pl.lit(year, pl.Int32).alias("year"))
    raised, findings = split(units, shared, columns, weights(law))
    if not shared.is_empty():
        told = _told()
        common = shared.select("school_id", *(pl.col(name).alias(f"{name}_shared") for name in told))
        raised = raised.join(common, on="school_id", how="left", maintain_order="left").with_columns(
            pl.coalesce(name, f"{name}_shared").alias(name) for name in told
        )
        raised = raised.drop([f"{name}_shared" for name in told])
    return raised, findings


def by_school(
    tables: Tables, year: int, region: Region | None, law: Standards, places: pl.DataFrame
) -> tuple[pl.DataFrame, list[Finding]]:
    """One row a school: its stages and what they share, added; blank where a stage's figure is neither given
    nor held in the shared row."""
    schools = of_schools(tables, year, places)
    counted = heads(tables, year, schools, region)
    reported = teacher_roll.reported(tables, year, law)
    columns = added()
    rows = counted.join(reported.drop("year"), on=["school_id", "stage"], how="full", coalesce=True)
    is_shared = pl.col("stage") == SHARED
    totals: list[pl.Expr] = []
    for name in columns:
        stage_blank = (pl.col(name).is_null() & ~is_shared).any()
        in_shared = (pl.col(name).is_not_null() & is_shared).any()
        given = pl.col(name).is_not_null().any()
        totals.append(
            pl.when(given & (in_shared | ~stage_blank)).then(pl.col(name).sum()).cast(pl.Float64).alias(name)
        )
    people = [
        pl.when((pl.col(name).is_null() & ~is_shared).any())
        .then(None)
        .otherwise(pl.col(name).sum())
        .alias(name)
        for name in HEADS
    ]
    described = [pl.col(name).drop_nulls().first().alias(name) for name in _told()]
    ordered = rows.sort("school_id", is_shared, "stage", descending=[False, True, False])
    units = ordered.group_by("school_id", maintain_order=True).agg(*people, *totals, *described)
    units = units.with_columns(pl.lit(year, pl.Int32).alias("year"))
    return units.join(schools, on="school_id", how="left", maintain_order="left"), []


def kindergartens(
    tables: Tables, year: int, region: Region | None, law: Standards, places: pl.DataFrame
) -> tuple[pl.DataFrame, list[Finding]]:
    """One row for each school with a kindergarten stage, of that stage alone."""
    frame, findings = by_stage(tables, year, region, law, places)
    return frame.filter(pl.col("stage") == STAGES[0]).drop("stage"), findings


def _of_school(
    rows: pl.DataFrame, tables: Tables, year: int, region: Region | None, places: pl.DataFrame, staged: bool
) -> pl.DataFrame:
    schools = of_schools(tables, year, places)
    if staged:
        rows = with_stage(rows, schools, region).drop("school_kind", "school_system")
    return rows.join(schools, on="school_id", how="left", maintain_order="left")


def classes(
    tables: Tables, year: int, region: Region | None, _law: Standards, places: pl.DataFrame
) -> tuple[pl.DataFrame, list[Finding]]:
    """One row a class."""
    rows = _table(tables, "classes").filter(pl.col("year") == year)
    return _of_school(rows, tables, year, region, places, staged=True), []


def rooms(
    tables: Tables, year: int, region: Region | None, _law: Standards, places: pl.DataFrame
) -> tuple[pl.DataFrame, list[Finding]]:
    """One row for each special room in use in the year."""
    begun = pl.col("year_from").is_null() | (pl.col("year_from") <= year)
    lasting = pl.col("year_to").is_null() | (pl.col("year_to") >= year)
    rows = _table(tables, "rooms").filter(begun & lasting)
    return _of_school(rows, tables, year, region, places, staged=False), []


def teachers(
    tables: Tables, year: int, region: Region | None, _law: Standards, places: pl.DataFrame
) -> tuple[pl.DataFrame, list[Finding]]:
    """One row a teacher."""
    rows = _table(tables, "teachers").filter(pl.col("year") == year)
    return _of_school(rows, tables, year, region, places, staged=False), []


def pupils_by_area(counted: pl.DataFrame, schools: pl.DataFrame, levels: Sequence[str]) -> pl.DataFrame:
    """area_code, stage, pupils: of every area of the given levels, from `heads`."""
    rows = counted.join(schools.select("school_id", *levels), on="school_id", how="left")
    parts = [
        rows.filter(pl.col(level).is_not_null())
        .group_by(pl.col(level).alias("area_code"), "stage")
        .agg(blank_aware_sum("pupils"))
        for level in levels
    ]
    return (
        pl.concat(parts)
        if parts
        else rows.clear().select(area_code="school_id", stage="stage", pupils="pupils")
    )
