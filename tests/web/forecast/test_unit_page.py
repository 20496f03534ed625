"""One unit year by year: table, causes and reasons are the run's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import polars as pl
from tests.web.desks import Desk

from junheng.report import format as fmt

Table = Callable[[str], pl.DataFrame]
Get = Callable[..., Any]


def spec(answer: Any, key: str) -> dict[str, Any]:
    found = re.search(rf'<script id="spec-{key}"[^>]*>(.*?)</script>', answer.content.decode(), re.S)
    assert found, key
    return json.loads(found.group(1))


def of(frame: pl.DataFrame, kind: str, code: str, stage: str) -> pl.DataFrame:
    return frame.filter(pl.col("unit_kind") == kind, pl.col("unit_code") == code, pl.col("stage") == stage)


def test_every_year_is_the_runs(get: Get, desk: Desk, table: Table) -> None:
    town = desk.units["town"]
    html = get("planner", f"{town}/", stage="primary").content.decode()
    seats = {r["year"]: r for r in of(table("seat_outlook"), "area", town, "primary").iter_rows(named=True)}
    pupils = of(table("forecast_enrolment"), "area", town, "primary").filter(pl.col("grade") == "all")
    for row in pupils.iter_rows(named=True):
        line = re.search(rf'<tr data-key="y{row["year"]}">(.*?)</tr>', html, re.S)
        assert line
        words = unescape(re.sub(r"<[^>]+>", " ", line.group(1)))
        for part in (
            fmt.count(row["p50"]),
            fmt.between(row["p10"], row["p90"]),
            fmt.signed(seats[row["year"]]["gap_p50"]),
            fmt.signed(seats[row["year"]]["gap_p90"]),
            fmt.percent(seats[row["year"]]["p_short"]),
            fmt.percent(seats[row["year"]]["utilisation"]),
        ):
            assert part in words, (row["year"], part)


def test_causes_lead_from_the_count_to_the_median(get: Get, desk: Desk, table: Table) -> None:
    region = desk.units["region"]
    chart = spec(get("planner", f"{region}/", stage="primary"), "causes")
    rows = of(table("forecast_enrolment"), "region", region, "primary").filter(
        pl.col("grade") == "all", pl.col("year") == 2040
    )
    median = rows["p50"][0]
    assert abs(chart["end"]["value"] - median) < 1
    total = chart["start"]["value"] + sum(one["value"] for one in chart["causes"])
    assert abs(total - median) < 1
    drivers = of(table("forecast_drivers"), "region", region, "primary").filter(pl.col("to_year") == 2040)
    told = {one["text"] for one in chart["causes"]}
    assert {fmt.signed(value) for value in drivers["pupils_p50"] if fmt.half_up(value)} <= told


def test_a_school_says_why_it_has_no_causes(get: Get, desk: Desk) -> None:
    page = get("school_clerk", f"{desk.units['school']}/", unit="school").content.decode()
    assert "变化的原因分解到片区一级" in page


def test_grades_stand_side_by_side(get: Get, desk: Desk, table: Table) -> None:
    town = desk.units["town"]
    panels = spec(get("planner", f"{town}/", stage="primary"), "grades")["panels"]
    rows = of(table("forecast_enrolment"), "area", town, "primary").filter(
        pl.col("grade") != "all", pl.col("year") == 2040
    )
    assert len(panels) == rows.height
    assert [one["text"] for one in panels] == [
        fmt.count(value) for value in rows.sort("grade")["p50"].to_list()
    ]


def test_warnings_of_the_unit_are_told(get: Get, desk: Desk, table: Table) -> None:
    red = table("seat_warnings").filter(pl.col("unit_kind") == "area", pl.col("level") == "red")
    row = red.row(0, named=True)
    page = get("planner", f"{row['unit_code']}/", stage=row["stage"]).content.decode()
    facts = json.loads(row["reason_parameters"])
    assert "为什么预警" in page
    assert fmt.count(facts["gap"]) in page
    assert f"{row['from_year']}–{row['to_year']}" in page or str(row["from_year"]) in page


def test_out_of_reach_and_unknown_units(get: Get, desk: Desk) -> None:
    assert get("town_clerk", f"{desk.units['other_town']}/", unit="town").status_code == 404
    assert get("planner", "nowhere/").status_code == 404
