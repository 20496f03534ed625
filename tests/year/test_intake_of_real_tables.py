"""Real tables of five bureaus through their mapping files: what comes in, and what is rightly refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from tests.shared import shared

from junheng.data import Workspace, longtable, mapping_file, mapping_suggest, preview
from junheng.data.import_preview import Preview
from junheng.data.mapping_file import parse
from junheng.model import Region

MAPPINGS = Path(__file__).parent / "mappings"
AT = datetime(2025, 9, 1, tzinfo=UTC)


def intake(folder: Path, name: str, code: str, *files: str) -> Preview:
    """Preview of shared files through the mapping `name`."""
    workspace = Workspace.create(folder / "ws", Region(code, name))
    return preview(workspace, [shared(file) for file in files], mapping_file.load(MAPPINGS / f"{name}.toml"))


def pupils(found: Preview, year: int) -> int:
    return found.tables["enrolment"].filter(pl.col("year") == year)["pupils"].sum()


def test_eau_claire_classes_and_births(tmp_path: Path) -> None:
    found = intake(
        tmp_path,
        "eau_claire",
        "5535",
        "enrolment/ecasd_wi_school_grade.csv.gz",
        "enrolment/ecasd_wi_births.csv",
    )
    assert found.errors == 0
    raw = longtable.read(shared("enrolment/ecasd_wi_school_grade.csv.gz"))
    enrolment = found.tables["enrolment"]
    assert found.tables["schools"].height == 16 and enrolment.height == 2070
    assert enrolment["classes"].sum() == raw.height
    assert enrolment["pupils"].sum() == raw["n"].cast(pl.Float64).sum()
    assert (enrolment["year"].min(), enrolment["year"].max()) == (1998, 2024)
    assert found.tables["births"].filter(pl.col("year") == 1995)["births"].to_list() == [1011]
    version = found.commit(at=AT)
    assert version is not None and found.workspace.tables()["enrolment"].height == 2070


def test_texas_districts(tmp_path: Path) -> None:
    found = intake(tmp_path, "texas", "48", "enrolment/tx_district_grade_2013_2022.csv.gz")
    assert found.errors == 0
    raw = longtable.read(shared("enrolment/tx_district_grade_2013_2022.csv.gz"))
    grades = [c for c in raw.columns if c not in {"district_id", "end_year"}]
    of_2022 = raw.filter(pl.col("end_year") == "2022").select(pl.col(grades).cast(pl.Int64, strict=False))
    assert pupils(found, 2021) == of_2022.sum().sum_horizontal().item()
    assert found.tables["schools"]["school_id"].str.len_chars().unique().to_list() == [6]
    assert found.tables["schools"].height == raw["district_id"].n_unique() == 1272


def test_new_york_schools(tmp_path: Path) -> None:
    found = intake(tmp_path, "new_york", "36", "enrolment/nyc_school_grade_2006_2018.csv.gz")
    assert found.errors == 0
    raw = longtable.read(shared("enrolment/nyc_school_grade_2006_2018.csv.gz"))
    assert pupils(found, 2017) == raw.filter(pl.col("end_year") == "2018")["total"].cast(pl.Int64).sum()
    years = set(found.tables["enrolment"]["year"].unique().to_list())
    assert 2012 not in years and {2005, 2017} <= years
    assert found.tables["areas"]["area_code"].to_list()[:1] == ["01"]


def test_chicago_rows_without_an_id_are_named_and_nothing_comes_in(tmp_path: Path) -> None:
    found = intake(tmp_path, "chicago", "17", "enrolment/chicago_hs_grade_2006_2018.csv.gz")
    faults = {(f.code, f.row) for f in found.findings if f.severity == "error"}
    assert faults == {("intake.required_empty", 370), ("intake.required_empty", 371)}
    tails = [f for f in found.findings if f.code == "intake.identifier_tail"]
    assert (
        tails and found.tables["schools"]["school_id"].drop_nulls().str.contains(".", literal=True).sum() == 0
    )


def test_chicago_with_a_filter_comes_in(tmp_path: Path) -> None:
    import tomllib

    content = tomllib.loads((MAPPINGS / "chicago.toml").read_text(encoding="utf-8"))
    for source in content["source"]:
        source["filter"] = [{"column": "school_id", "filled": True}]
    workspace = Workspace.create(tmp_path / "ws", Region("17", "chicago"))
    found = preview(workspace, [shared("enrolment/chicago_hs_grade_2006_2018.csv.gz")], parse(content))
    assert found.errors == 0 and found.tables["schools"].height == 247


def test_provinces_in_ten_thousands(tmp_path: Path) -> None:
    names = (
        "普通小学基本情况",
        "初中基本情况",
        "普通高中基本情况",
        "人口出生率、死亡率和自然增长率",
        "总人口",
    )
    found = intake(tmp_path, "provinces", "10", *(f"china/nbs/province/{name}.csv" for name in names))
    assert found.errors == 0
    rows = found.tables["area_enrolment"]
    beijing = rows.filter(
        (pl.col("area_code") == "110000") & (pl.col("year") == 2019) & (pl.col("stage") == "primary")
    )
    assert beijing.select("entrants", "pupils", "graduates").rows() == [(None, 941614, None)]
    assert rows.height == 31 * 20 * 3
    births = found.tables["births"].filter((pl.col("area_code") == "110000") & (pl.col("year") == 2019))
    assert births["births"].to_list() == [round(8.12 * 2154 * 10)]


def test_haidian_streets_schools_and_map(tmp_path: Path) -> None:
    found = intake(
        tmp_path,
        "haidian",
        "110108",
        "haidian/streets.csv",
        "haidian/primary_schools.csv",
        "haidian/streets.geojson",
    )
    assert found.errors == 0
    assert found.tables["areas"]["population_total"].sum() == 3_133_469
    assert found.tables["schools"].height == 89
    assert [f.parameters["count"] for f in found.findings if f.code == "intake.default_used"] == [2]
    found.commit(at=AT)
    kept = found.workspace.boundaries()
    assert kept is not None and len(kept["features"]) == 29


def test_tianhe_admission_plan(tmp_path: Path) -> None:
    found = intake(tmp_path, "tianhe", "440106", "guangzhou/tianhe_primary_2026.csv")
    assert found.errors == 0
    assert found.tables["seats"]["classes"].sum() == 309
    assert found.tables["schools"]["ownership"].unique().to_list() != [None]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            "enrolment/tx_district_grade_2013_2022.csv.gz",
            ['school_id = "district_id"', 'label = "end_year"', 'G12 = "g12"'],
        ),
        ("enrolment/nyc_school_grade_2006_2018.csv.gz", ['table = "schools"', 'total = "total"', 'K3 = "k"']),
        ("enrolment/ecasd_wi_school_grade.csv.gz", ['label = "date"', 'pupils = "n"', "aggregate"]),
        (
            "haidian/streets.csv",
            ['table = "areas"', 'area_code = "code"', 'population_total = "population_2020"'],
        ),
        ("china/nbs/province/普通小学基本情况.csv", ['table = "area_enrolment"', "pupils = 10000"]),
        ("guangzhou/tianhe_primary_2026.csv", ['ownership = "ownership"']),
    ],
)
def test_drafts_of_real_tables(file: str, expected: list[str]) -> None:
    import tomllib

    text = mapping_suggest.draft([shared(file)])
    assert tomllib.loads(text)["format"] == 1
    for part in expected:
        assert part in text, text
