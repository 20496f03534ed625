"""What tracking takes from a region's tables: years, pupils by area, and only what somebody reported."""

from __future__ import annotations

from datetime import date

import polars as pl

from junheng import rules
from junheng.model.region import Region
from junheng.monitoring import plan_inputs

REGION = Region("990101", "示例县")
TABLES = {
    "areas": pl.DataFrame(
        {
            "area_code": ["990101", "990101001", "990101002"],
            "level": ["county", "town", "town"],
            "parent_code": [None, "990101", "990101"],
        }
    ),
    "schools": pl.DataFrame({"school_id": ["a", "b"], "area_code": ["990101001", "990101002"]}),
    "enrolment": pl.DataFrame(
        {
            "school_id": ["a", "a", "b", "b"],
            "year": [2024, 2025, 2025, 2025],
            "grade": ["G01", "G01", "G06", "G07"],
            "pupils": [10, 20, 30, 40],
        }
    ),
    "external_results": pl.DataFrame({"result": ["films_per_term"], "year": [2026]}),
    "reported_counts": pl.DataFrame({"measure": ["fitness_good"], "year": [2023]}),
}


def _count(frame: pl.DataFrame, area: str, stage: str, year: int) -> float | None:
    rows = frame.filter(pl.col("area") == area, pl.col("stage") == stage, pl.col("year") == year)
    return rows["pupils"].item() if rows.height else None


def test_pupils_are_counted_for_every_area_a_school_lies_in() -> None:
    found = plan_inputs.pupils_of(TABLES, REGION)
    assert _count(found, "990101", "", 2025) == 90
    assert _count(found, "990101", "primary", 2025) == 50
    assert _count(found, "990101002", "junior", 2025) == 40
    assert _count(found, "990101", "", 2023) is None
    assert found.group_by("area", "stage", "year").len()["len"].max() == 1


def test_the_sixth_grade_is_junior_under_the_other_system() -> None:
    found = plan_inputs.pupils_of(TABLES, Region("990101", "示例县", school_system="54"))
    assert _count(found, "990101", "primary", 2025) == 20


def test_the_forecast_fills_only_years_that_are_not_counted() -> None:
    forecast = pl.DataFrame(
        {
            "scenario": ["base"] * 3 + ["more"],
            "unit_kind": ["region"] * 4,
            "grade": ["all"] * 4,
            "stage": ["primary", "primary", "junior", "primary"],
            "year": [2025, 2026, 2026, 2026],
            "p50": [999.0, 55.0, 44.0, 9999.0],
        }
    )
    found = plan_inputs.with_forecast(plan_inputs.pupils_of(TABLES, REGION), forecast, "990101")
    assert _count(found, "990101", "primary", 2025) == 50
    assert _count(found, "990101", "primary", 2026) == 55
    assert _count(found, "990101", "", 2026) == 99


def test_years_are_those_known_on_the_day() -> None:
    assert plan_inputs.years_of(TABLES, date(2026, 8, 31)) == [2023, 2024, 2025]
    assert plan_inputs.years_of(TABLES, date(2026, 9, 1)) == [2023, 2024, 2025, 2026]
    assert plan_inputs.years_of(TABLES, date(2026, 9, 1), 2025) == [2025, 2026]


def test_what_nobody_ever_reported_is_not_measured() -> None:
    law = rules.at(date(2026, 9, 1))
    asked = {
        name: plan_inputs.reported(TABLES, law.indicators[name])
        for name in ("films_per_term", "home_visits_per_pupil", "fitness_good_share", "parent_school_share",
                     "smart_campus_share")
    }  # fmt: skip
    assert asked == {
        "films_per_term": True,
        "home_visits_per_pupil": False,
        "fitness_good_share": True,
        "parent_school_share": False,
        "smart_campus_share": True,
    }


def test_figures_are_asked_for_from_the_year_before_the_first_plan() -> None:
    documents = rules.policies()
    assert plan_inputs.since(documents) == 2019  # the earliest baseline is of 2020
    assert plan_inputs.since({"moe": documents["moe-reform-zones-2023"]}) is None
