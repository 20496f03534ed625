"""What the card of one school reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from junheng.model.stages import GRADES
from junheng.report.content import Figure
from junheng.report.sections.headline import turns
from junheng.report.sections.pupils import fan
from junheng.web.figures.unit_reading import unit_reading
from junheng.web.house.scope import Scope
from junheng.web.overview.queries import Overview
from junheng.web.overview.standing import Years
from junheng.web.runs import reading
from junheng.web.runs.models import RunRecord

COUNTS_SHOWN = 4
AHEAD_SHOWN = 3


@dataclass(frozen=True, slots=True)
class School:
    """Facts of the school as its row of the table `schools`, campuses, pupils by grade and year
    (`{grade: {year: pupils}}`, "all" among the grades), the years counted and ahead, seats by stage for the
    year ahead, and a fan a stage."""

    facts: dict[str, Any]
    campuses: tuple[str, ...]
    area: str
    grades: tuple[str, ...]
    pupils: dict[tuple[str, int], float]
    counted: tuple[int, ...]
    ahead: tuple[int, ...]
    seats: tuple[dict[str, Any], ...]
    figures: tuple[tuple[str, Figure], ...]


def school(held: Overview) -> School:
    """The card of the school that is the scope's unit; the run must be there."""
    record, years = held.record, held.years
    assert record is not None and years is not None
    return reading.kept(held.scope, record, "school", lambda own: _school(own, record, years))


def _school(scope: Scope, record: RunRecord, years: Years) -> School:
    schools = reading.table(scope, "schools", record.data_version or None)
    rows = [] if schools is None else schools.filter(pl.col("school_id") == scope.unit.code).to_dicts()
    facts = rows[0] if rows else {}
    counts = years.counts[-COUNTS_SHOWN:]
    ahead = tuple(year for year in years.forecast if not counts or year > counts[-1])[:AHEAD_SHOWN]
    pupils = _counted(scope, record, counts) | _expected(scope, record, ahead)
    present = {grade for grade, _ in pupils}
    outlook = reading.read(scope, record, "seat_outlook", where=pl.col("year") == (years.ahead or 0))
    return School(
        facts,
        _campuses(scope, record),
        str(facts.get("area_code") or ""),
        tuple(grade for grade in GRADES if grade in present),
        pupils,
        counts,
        ahead,
        () if outlook is None else tuple(outlook.sort("stage").iter_rows(named=True)),
        figures(scope, record),
    )


def figures(scope: Scope, record: RunRecord) -> tuple[tuple[str, Figure], ...]:
    """(stage, fan of pupils and seats) of the unit."""
    read = unit_reading(scope, record)
    courses = {turn.stage: turn for turn in turns(read)}
    wanted = [stage for stage in read.stages if not scope.stage or stage == scope.stage]
    drawn = [(stage, fan(read, stage, courses.get(stage))) for stage in wanted]
    return tuple((stage, figure) for stage, figure in drawn if figure is not None)


def _counted(scope: Scope, record: RunRecord, years: tuple[int, ...]) -> dict[tuple[str, int], float]:
    rows = reading.table(scope, "enrolment", record.data_version or None)
    if rows is None:
        return {}
    kept = rows.filter(
        pl.col("school_id") == scope.unit.code, pl.col("year").is_in(years), pl.col("pupils").is_not_null()
    )
    return {(grade, year): float(n) for grade, year, n in kept.select("grade", "year", "pupils").iter_rows()}


def _expected(scope: Scope, record: RunRecord, years: tuple[int, ...]) -> dict[tuple[str, int], float]:
    where = (pl.col("grade") != "all") & pl.col("year").is_in(years)
    rows = reading.read(scope, record, "forecast_enrolment", where=where)
    if rows is None:
        return {}
    return {(grade, year): n for grade, year, n in rows.select("grade", "year", "p50").iter_rows()}


def _campuses(scope: Scope, record: RunRecord) -> tuple[str, ...]:
    rows = reading.table(scope, "campuses", record.data_version or None)
    if rows is None or "school_id" not in rows.columns:
        return ()
    return tuple(rows.filter(pl.col("school_id") == scope.unit.code)["name"].drop_nulls().to_list())
