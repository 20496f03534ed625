"""Everything odd is said by its code, and every code has words."""

from __future__ import annotations

import polars as pl
import pytest
from tests.shared import shared
from tests.unit.forecast.county import LAST, REGION, table, tables

from junheng import forecast, rules
from junheng.data.messages import MESSAGES as INTAKE
from junheng.forecast.messages import MESSAGES
from junheng.forecast.problem import Problem
from junheng.model import INPUTS, Region


def codes(given: dict[str, pl.DataFrame]) -> list[tuple[str, str, int | None]]:
    p = forecast.project(Problem.from_tables(given, rules.load(), REGION), years=6, draws=10)
    found = p.tables["forecast_findings"]
    for row in found.iter_rows(named=True):
        assert row["code"] in MESSAGES or row["code"] in INTAKE, row["code"]
        if row["code"] in MESSAGES:
            assert row["action"] in MESSAGES or row["action"] == "", row["action"]
    return list(found.select("code", "unit_code", "year").iter_rows())


def changed(
    given: dict[str, pl.DataFrame], school: str, year: int, values: dict[str, int]
) -> dict[str, pl.DataFrame]:
    here = (pl.col("school_id") == school) & (pl.col("year") == year)
    pupils = pl.col("pupils")
    for grade, value in values.items():
        pupils = pl.when(here & (pl.col("grade") == grade)).then(value).otherwise(pupils)
    return {**given, "enrolment": given["enrolment"].with_columns(pupils.cast(pl.Int64).alias("pupils"))}


def row(given: dict[str, pl.DataFrame], school: str, year: int) -> dict[str, int]:
    here = given["enrolment"].filter((pl.col("school_id") == school) & (pl.col("year") == year))
    return dict(here.select("grade", "pupils").iter_rows())


def test_a_sound_county_raises_no_doubt():
    assert {code for code, _, _ in codes(tables())} == {"table_would_narrow", "range_from_similar_regions"}


def test_a_year_copied_from_the_last():
    given = tables()
    given = changed(given, "P1A", 2025, row(given, "P1A", 2024))
    assert ("year_copied", "P1A", 2025) in codes(given)


def test_two_grades_exchanged():
    given = tables()
    given = changed(given, "P1A", 2020, {"G03": 40, "G04": 160})
    given = changed(given, "P1A", 2019, {"G02": 160, "G03": 40})
    found = codes(given)
    assert ("grades_swapped", "P1A", 2020) in found


def test_rounding_to_tens():
    given = tables()
    tens = (
        pl.when(pl.col("school_id") == "P2A")
        .then((pl.col("pupils") / 10).round() * 10)
        .otherwise(pl.col("pupils"))
    )
    given["enrolment"] = given["enrolment"].with_columns(tens.cast(pl.Int64).alias("pupils"))
    assert ("rounded_to_tens", "P2A", None) in codes(given)


def test_pupils_without_a_class_and_a_tenfold_grade():
    given = tables()
    given["enrolment"] = given["enrolment"].with_columns(
        pl.when((pl.col("school_id") == "P1B") & (pl.col("grade") == "G02"))
        .then(0)
        .alias("classes")
        .cast(pl.Int64)
    )
    given = changed(given, "P1B", LAST, {"G04": 1000})
    found = codes(given)
    assert (
        "intake.pupils_without_class" in {code for code, _, _ in found}
        and ("step_beyond_cap", "P1B", LAST) in found
    )


def test_a_school_no_longer_counted_is_taken_as_closed():
    given = tables()
    given["enrolment"] = given["enrolment"].filter(
        ~((pl.col("school_id") == "P1B") & (pl.col("year") > 2023))
    )
    assert ("not_counted_at_origin", "P1B", 2023) in codes(given)


def test_births_late_and_with_a_gap():
    given = tables()
    given["births"] = given["births"].filter((pl.col("year") < 2022) & (pl.col("year") != 2012))
    found = {code for code, _, _ in codes(given)}
    assert {"births_late", "births_gap"} <= found


def test_kindergartens_that_are_not_the_schools_own():
    given = tables(births=False)
    given["enrolment"] = given["enrolment"].with_columns(
        pl.when(pl.col("grade").str.starts_with("K"))
        .then(pl.col("pupils") // 3)
        .otherwise(pl.col("pupils"))
        .alias("pupils")
    )
    assert "kindergarten_to_primary_far_from_one" in {code for code, _, _ in codes(given)}


def test_the_dent_of_2020_in_eau_claire_counts_as_missing():
    raw = pl.read_csv(shared("enrolment/ecasd_wi_school_grade.csv.gz"))
    grades = {"Grade K": "G01", **{f"Grade {n}": f"G{n + 1:02d}" for n in range(1, 6)}}
    enrolment = (
        raw.filter(pl.col("grade").is_in(list(grades)))
        .with_columns(
            pl.col("date").str.slice(0, 4).cast(pl.Int32).alias("year"), pl.col("grade").replace(grades),
        )
        .group_by(pl.col("school").alias("school_id"), "year", "grade")
        .agg(pl.col("n").sum().round().cast(pl.Int64).alias("pupils"))
    )  # fmt: skip
    names = enrolment["school_id"].unique().sort().to_list()
    given = {
        "areas": table("areas", [{"area_code": "55035", "name": "Eau Claire", "level": "county"}]),
        "schools": table(
            "schools", [{"school_id": n, "name": n, "kind": "211", "area_code": "55035"} for n in names]
        ),
        "enrolment": INPUTS["enrolment"].conform(enrolment),
    }
    region = Region("55035", "Eau Claire", assumptions={"national_fertility": 0.0})
    p = forecast.project(Problem.from_tables(given, rules.load(), region), years=5, draws=20)
    dents = p.tables["forecast_findings"].filter(pl.col("code") == "dent_taken_as_missing")
    assert dents["year"].to_list() == [2020] and dents["effect"][0] == pytest.approx(-960, abs=80)
    assert p.problem.tier == "C" and p.check() == []
