"""Seats from a real projection: the tables of a small county go in, gaps and reasons come out."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest
from tests.unit.forecast.seat_region import table

from junheng import forecast, rules
from junheng.forecast.problem import Problem
from junheng.forecast.result import Projection
from junheng.forecast.scenarios.levers import Lever
from junheng.model import Region

REGION = Region("990101", "云州")
YEARS = range(2017, 2026)


def county() -> dict[str, pl.DataFrame]:
    """A growing primary school, a shrinking one and a nine-year school in two towns."""
    first = {"A": (60, 4), "B": (50, -3), "N": (40, 0)}
    enrolment: list[dict[str, Any]] = []
    for code, (level, step) in first.items():
        for year in YEARS:
            for g in range(1, 10 if code == "N" else 7):
                pupils = level + step * (year - 2017 - g + 1)
                enrolment.append({"school_id": code, "year": year, "grade": f"G0{g}", "pupils": pupils,
                                  "classes": -(-pupils // 45)})  # fmt: skip
    schools = [
        {"school_id": code, "name": code, "kind": kind, "area_code": area, "ownership": "public",
         "urban_rural": "121", "school_system": "63"}
        for code, kind, area in (
            ("A", "211", "990101001"), ("B", "211", "990101002"), ("N", "312", "990101002"),
        )
    ]  # fmt: skip
    seats = [
        {"school_id": code, "stage": stage, "year": 2025, "classes": rooms, "rooms": rooms, "status": "open"}
        for code, stage, rooms in (
            ("A", "primary", 12),
            ("B", "primary", 12),
            ("N", "primary", 6),
            ("N", "junior", 6),
        )
    ]
    areas = [
        {"area_code": f"99010100{n}", "name": f"镇{n}", "level": "town", "parent_code": "990101"}
        for n in (1, 2)
    ]
    return {
        "areas": table("areas", areas),
        "schools": table("schools", schools),
        "enrolment": table("enrolment", enrolment),
        "seats": table("seats", seats),
    }


@pytest.fixture(scope="module")
def base() -> Projection:
    problem = Problem.from_tables(county(), rules.load(), REGION)
    return forecast.project(problem, years=6, draws=60, seed=1)


def region_rows(outlook: Any, stage: str = "primary") -> list[dict[str, Any]]:
    frame = outlook.tables["seat_outlook"]
    return frame.filter((pl.col("unit_kind") == "region") & (pl.col("stage") == stage)).to_dicts()


def test_the_projection_goes_in_and_every_check_holds(base: Projection) -> None:
    outlook = forecast.seats(base)
    assert outlook.check() == []
    assert [row["year"] for row in region_rows(outlook)] == list(base.years)
    forecasts = base.tables["forecast_enrolment"].filter(
        (pl.col("unit_kind") == "region") & (pl.col("stage") == "primary") & (pl.col("grade") == "all")
    )
    medians = dict(forecasts.select("year", "p50").iter_rows())
    for row in region_rows(outlook):
        assert row["demand_p50"] == pytest.approx(medians[row["year"]], rel=0.02)


def test_warnings_name_two_drivers_of_the_forecast(base: Projection) -> None:
    outlook = forecast.seats(base)
    found = outlook.tables["seat_warnings"].filter(pl.col("unit_code") == "A")
    assert found.height > 0
    drivers = json.loads(found["reason_parameters"][0])["drivers"]
    year = json.loads(found["reason_parameters"][0])["year"]
    split = base.explain("A", year, "primary")
    whole = {**split.parts, "start": split.before - 540.0, "seats": 0.0}
    largest = sorted(whole.items(), key=lambda part: (-part[1], part[0]))[:2]
    assert [(d["component"], d["pupils"]) for d in drivers] == [(name, round(v)) for name, v in largest]
    assert outlook.explain(found["warning_id"][0])["ratios"]


def test_a_lever_on_seats_moves_no_child(base: Projection) -> None:
    lever = Lever("Expand", "school", "A", base.years[1], parameters={"rooms": "6", "stage": "primary"})
    plan = forecast.what_if(base, [lever])
    before, after = forecast.seats(base), forecast.seats(plan)
    for old, new in zip(region_rows(before), region_rows(after), strict=True):
        assert new["demand_p50"] == pytest.approx(old["demand_p50"])
        assert new["seats_rooms"] - old["seats_rooms"] == (270 if new["year"] >= base.years[1] else 0)
        assert new["p_short"] <= old["p_short"]


def test_the_fifth_grade_last_moves_seats_not_children(base: Projection) -> None:
    """GradeStructure: 六三 to 五四 in the nine-year school; the sixth grade asks for junior seats."""
    lever = Lever("GradeStructure", "school", "N", base.years[0], parameters={"system": "54"})
    plan = forecast.what_if(base, [lever])
    before, after = forecast.seats(base), forecast.seats(plan)
    last = base.years[-1]
    for stage, more in (("primary", -1), ("junior", 1)):
        old = next(row for row in region_rows(before, stage) if row["year"] == last)
        new = next(row for row in region_rows(after, stage) if row["year"] == last)
        assert (new["demand_p50"] - old["demand_p50"]) * more > 20
        assert new["seats_rooms"] == old["seats_rooms"]
    assert after.check() == []


def test_an_earlier_run_holds_a_level(base: Projection) -> None:
    first = forecast.seats(base)
    raised = first.tables["seat_warnings"].with_columns(level=pl.lit("red"))
    second = forecast.seats(base, previous=raised)
    assert second.tables["seat_warnings"]["level"].unique().to_list() == ["red"]


def test_area_totals_alone_hold_no_seats() -> None:
    rows = [{"area_code": "990101", "year": year, "stage": "primary", "entrants": 100, "pupils": 600,
             "graduates": 100} for year in YEARS]  # fmt: skip
    tables = {"area_enrolment": table("area_enrolment", rows)}
    problem = Problem.from_tables(tables, rules.load(), REGION)
    outlook = forecast.seats(forecast.project(problem, years=3, draws=10))
    assert outlook.tables["seat_outlook"].is_empty()
    assert [finding.code for finding in outlook.findings] == ["no_schools"]


def test_a_school_the_last_count_does_not_know_has_no_idle_seats() -> None:
    """Nothing says it closed; the forecast takes it as closed, and so its rooms do not stand idle."""
    tables = county()
    tables["enrolment"] = tables["enrolment"].filter((pl.col("school_id") != "B") | (pl.col("year") < 2022))
    problem = Problem.from_tables(tables, rules.load(), REGION)
    projection = forecast.project(problem, years=5, draws=100, seed=1)
    outlook = forecast.seats(projection)
    assert outlook.check() == []
    found = set(outlook.tables["seat_outlook"]["unit_code"])
    assert "B" not in found
    assert {"A", "N"} <= found
