"""What a forecast starts from: refused all at once, tiers named, histories pooled."""

from __future__ import annotations

import polars as pl
import pytest
from tests.unit.forecast.county import LAST, REGION, TOWNS, table, tables

from junheng import rules
from junheng.forecast.problem import Problem
from junheng.model.errors import BadData


def test_all_faults_come_at_once():
    given = tables()
    given["enrolment"] = pl.concat(
        [
            given["enrolment"],
            table(
                "enrolment",
                [
                    {"school_id": "P1A", "year": LAST, "grade": "G01", "pupils": 7},
                    {"school_id": "P1A", "year": LAST, "grade": "G11", "pupils": 7},
                    {"school_id": "P1B", "year": 2013, "grade": "G01", "pupils": -3},
                    {"school_id": "GHOST", "year": LAST, "grade": "G01", "pupils": 7},
                ],
            ),
        ]
    )
    given["births"] = given["births"].with_columns(
        pl.when(pl.int_range(pl.len()) == 0).then(None).otherwise(pl.col("basis")).alias("basis"),
        pl.when(pl.int_range(pl.len()) == 1)
        .then(pl.lit("nowhere"))
        .otherwise(pl.col("area_code"))
        .alias("area_code"),
    )
    with pytest.raises(BadData) as caught:
        Problem.from_tables(given, None, REGION)
    codes = {finding.code for finding in caught.value.findings}
    assert {
        "intake.duplicate_key", "intake.grade_outside_kind", "intake.negative", "intake.unknown_reference",
        "intake.required_empty",
    } <= codes  # fmt: skip
    negative = next(f for f in caught.value.findings if f.code == "intake.negative")
    assert negative.table == "enrolment" and negative.value == "-3"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (pl.col("year").cast(pl.String) + "-2026", "year_not_mapped"),
        (pl.col("pupils").cast(pl.Float64) + 0.5, "fractional"),
        (pl.int_range(pl.len()).alias("school_id"), "identifier_is_number"),
    ],
)
def test_types_that_lost_something_are_refused(change: pl.Expr, code: str):
    given = tables()
    given["enrolment"] = given["enrolment"].with_columns(change)
    with pytest.raises(BadData) as caught:
        Problem.from_tables(given, None, REGION)
    assert code in {finding.code for finding in caught.value.findings}


def test_only_empty_enrolment_stops_a_run():
    given = tables()
    with pytest.raises(BadData, match="forecast_bad_tables"):
        Problem.from_tables({"schools": given["schools"]}, None, REGION)
    with pytest.raises(BadData):
        Problem.from_tables(given, None, REGION, origin_year=1999)


@pytest.mark.parametrize(
    ("parts", "tier", "missing"),
    [
        ({"births": False, "flows": False}, "C", "births"),
        ({"births": True, "flows": False}, "B", "grade_flows"),
        ({"births": True, "flows": True}, "A", "population"),
    ],
)
def test_tiers_by_tables_present(parts: dict[str, bool], tier: str, missing: str):
    problem = Problem.from_tables(tables(**parts), rules.load(), REGION)
    assert (problem.tier, problem.missing_table, problem.origin_year) == (tier, missing, LAST)


def test_a_merged_school_lends_its_history_to_the_school_that_goes_on():
    given = tables()
    given["school_events"] = table(
        "school_events",
        [{"school_id": "P1B", "year": 2024, "event": "merge", "other_school_id": "P1A", "share": 1.0}],
    )
    problem = Problem.from_tables(given, None, REGION)
    assert "P1B" not in problem.panel.units
    whole = given["enrolment"].filter(pl.col("school_id").is_in(["P1A", "P1B"]) & (pl.col("year") == 2020))
    pooled = problem.panel.pupils[problem.panel.units.index("P1A"), problem.panel.year_index(2020)]
    assert float(pl.Series(pooled).fill_nan(0).sum()) == whole["pupils"].sum()
    assert [f.code for f in problem.findings] == ["history_pooled"]


def test_areas_hold_the_schools_below_them():
    problem = Problem.from_tables(tables(), None, REGION)
    inside = {problem.schools[u] for u in problem.members(TOWNS[1])}
    assert inside == {"K2A", "P2A", "J2"}
    assert problem.ancestors(TOWNS[0]) == [TOWNS[0], REGION.code]


def test_an_origin_beyond_every_count_is_refused():
    with pytest.raises(BadData) as caught:
        Problem.from_tables(tables(), rules.load(), REGION, origin_year=LAST + 1)
    assert [finding.code for finding in caught.value.findings] == ["origin_beyond_counts"]
