"""Looking back: each past forecast meets the count of its target year, and nothing else."""

from __future__ import annotations

from dataclasses import replace

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
    found = look_back([past], {"schools": _schools(), "enrolment": _enrolment()}, 2025, "R")
    by_unit = {(row["unit_code"], row["stage"]): row for row in found.iter_rows(named=True)}
    assert by_unit["A", "primary"]["actual"] == 50  # under five-four the sixth grade is junior
    assert by_unit["A", "primary"]["inside_80"] is True
    assert by_unit["A", "junior"]["actual"] == 40
    assert by_unit["A", "junior"]["inside_80"] is False
    assert by_unit["A", "junior"]["error"] == 5
    assert by_unit["B", "primary"]["error"] == 0
    assert by_unit["S", "special"]["actual"] == 7


def test_the_region_is_the_sum_of_its_units() -> None:
    past = _past([("B", "primary", 20, 30, 40), ("R", "primary", 60, 70, 90)])
    kinds = pl.when(pl.col("unit_code") == "R").then(pl.lit("region")).otherwise(pl.lit("school"))
    past = replace(past, forecast_enrolment=past.forecast_enrolment.with_columns(unit_kind=kinds))
    found = look_back([past], {"schools": _schools(), "enrolment": _enrolment()}, 2025, "R")
    whole = found.filter(pl.col("unit_kind") == "region")
    assert whole.select("unit_code", "actual", "error", "inside_80").rows() == [("R", 80.0, -10.0, True)]


def test_areas_are_held_against_their_counts_and_nested_ones_added_once() -> None:
    counts = [("1", 100), ("11", 60), ("12", 40), ("2", 50)]
    area_enrolment = INPUTS["area_enrolment"].conform(
        pl.DataFrame([{"area_code": a, "year": 2025, "stage": "primary", "pupils": n} for a, n in counts])
    )
    areas = INPUTS["areas"].conform(
        pl.DataFrame(
            [{"area_code": a, "name": a, "parent_code": a[:1] if len(a) > 1 else None} for a, _ in counts]
        )
    )
    past = _past([(a, "primary", 1, n, 99) for a, n in counts] + [("R", "primary", 1, 150, 200)])
    kinds = pl.when(pl.col("unit_code") == "R").then(pl.lit("region")).otherwise(pl.lit("area"))
    past = replace(past, forecast_enrolment=past.forecast_enrolment.with_columns(unit_kind=kinds))
    found = look_back([past], {"areas": areas, "area_enrolment": area_enrolment}, 2025, "R")
    assert found.filter(pl.col("unit_kind") == "region")["actual"].to_list() == [150.0]
    assert found.filter(pl.col("unit_kind") == "area")["error"].to_list() == [0.0] * 4


def test_years_after_the_origin_are_not_known_yet() -> None:
    past = _past([("B", "primary", 20, 30, 40)])
    assert look_back([past], {"schools": _schools(), "enrolment": _enrolment()}, 2024, "R").height == 0


def test_without_past_runs_the_table_is_empty_and_declared() -> None:
    found = look_back([], {"schools": _schools(), "enrolment": _enrolment()}, 2025, "R")
    assert found.schema == OUTPUTS["forecast_accuracy"].empty().schema
