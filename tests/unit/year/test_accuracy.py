"""Looking back: each past forecast meets the count of its target year, and nothing else."""

from __future__ import annotations

import polars as pl

from junheng.model import INPUTS, OUTPUTS
from junheng.year.accuracy import PastRun, look_back


def _schools() -> pl.DataFrame:
    return INPUTS["schools"].conform(
        pl.DataFrame(
            {
                "school_id": ["A", "B", "S"],
                "name": ["甲", "乙", "特"],
                "kind": ["312", "211", "513"],
                "area_code": ["1", "1", "1"],
                "school_system": ["54", None, None],
            }
        )
    )


def _enrolment() -> pl.DataFrame:
    rows = [("A", 2025, "G05", 50), ("A", 2025, "G06", 40), ("B", 2025, "G06", 30), ("S", 2025, "G01", 7)]
    return INPUTS["enrolment"].conform(
        pl.DataFrame(rows, schema=["school_id", "year", "grade", "pupils"], orient="row")
    )


def _past(stage_rows: list[tuple[str, str, float, float, float]]) -> PastRun:
    frame = OUTPUTS["forecast_enrolment"].conform(
        pl.DataFrame(
            [
                {
                    "scenario": "base",
                    "unit_kind": "school",
                    "unit_code": unit,
                    "year": 2025,
                    "lead": 2,
                    "stage": stage,
                    "grade": "all",
                    "p10": low,
                    "p50": middle,
                    "p90": high,
                }
                for unit, stage, low, middle, high in stage_rows
            ]
        )
    )
    return PastRun("year-000000000001", 2023, frame, OUTPUTS["seat_warnings"].empty())


def test_stage_totals_follow_the_school_system_and_the_kind_of_school() -> None:
    past = _past(
        [
            ("A", "primary", 40, 45, 60),
            ("A", "junior", 41, 45, 50),
            ("B", "primary", 20, 30, 40),
            ("S", "special", 1, 7, 9),
        ]
    )
    found = look_back([past], {"schools": _schools(), "enrolment": _enrolment()}, 2025)
    by_unit = {(row["unit_code"], row["stage"]): row for row in found.iter_rows(named=True)}
    assert by_unit["A", "primary"]["actual"] == 50  # under five-four the sixth grade is junior
    assert by_unit["A", "primary"]["inside_80"] is True
    assert by_unit["A", "junior"]["actual"] == 40
    assert by_unit["A", "junior"]["inside_80"] is False
    assert by_unit["A", "junior"]["error"] == 5
    assert by_unit["B", "primary"]["error"] == 0
    assert by_unit["S", "special"]["actual"] == 7


def test_years_after_the_origin_are_not_known_yet() -> None:
    past = _past([("B", "primary", 20, 30, 40)])
    assert look_back([past], {"schools": _schools(), "enrolment": _enrolment()}, 2024).height == 0


def test_without_past_runs_the_table_is_empty_and_declared() -> None:
    found = look_back([], {"schools": _schools(), "enrolment": _enrolment()}, 2025)
    assert found.schema == OUTPUTS["forecast_accuracy"].empty().schema
