"""The course of a target: values of past years, what the path asks each year, the line to be reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from junheng.monitoring.plan_course import baseline, due_year, expected
from junheng.monitoring.plan_tracking import Progress
from junheng.monitoring.policy_values import meets, statistics_year
from junheng.web.house.page import Cell, DataTable, Head, Island, Row
from junheng.web.plan.presenters import words
from junheng.web.plan.queries import Ledger
from junheng.web.wording import reason, say

MOST = 3
"""Charts on a page; the table has every target."""
MOST_YEARS = 12
"""Years in the table; the earliest go first."""


@dataclass(frozen=True, slots=True)
class Way:
    """A target's known values and the values its path asks, by year."""

    one: Progress
    actual: Mapping[int, float]
    planned: Mapping[int, float]

    @property
    def years(self) -> set[int]:
        """Every year it speaks of."""
        due = due_year(self.one.target)
        return {*self.actual, *self.planned, *(() if due is None else (due,))}


def ways(held: Ledger, progress: Sequence[Progress]) -> list[Way]:
    """Targets with figures, each with its path as tracking asks it."""
    return [way for one in progress if (way := _way(held, one)) is not None]


def _way(held: Ledger, one: Progress) -> Way | None:
    target, now = one.target, statistics_year(held.day)
    if one.course.measured is None:
        return None
    declared = held.held.law_indicators.get(target.indicator)
    figures = held.held.figures.by_year(target, declared)
    known = {year: one for year, one in figures.items() if one.value is not None and year <= now}
    actual = {year: float(one.value) for year, one in known.items() if one.value is not None}
    due = due_year(target)
    if not actual or due is None or target.hold == "every_year":
        return Way(one, actual, {}) if actual else None
    begin = baseline(held.documents[one.document], target, known)
    if begin is not None and not target.path and meets(target, begin[1]):
        return Way(one, actual, {})  # there from the start: nothing to climb
    first: int = min([*target.path, *([] if begin is None else [begin[0]]), due])
    asked = {year: expected(target, due, begin, year) for year in range(first, due + 1)}
    planned = {year: float(value) for year, value in asked.items() if value is not None}
    return Way(one, actual, planned if len(planned) > 1 else {})


def islands(held: Ledger, found: Sequence[Way]) -> tuple[Island, ...]:
    """One chart a target that has figures of two years, or a path."""
    return tuple(_island(held, way) for way in found if len(way.actual) > 1 or way.planned)[:MOST]


def _island(held: Ledger, way: Way) -> Island:
    target = way.one.target
    unit = words.unit_of(held, target)
    factor = 100 if unit == words.SHARE else 1
    name = words.indicator_name(held, target.indicator)
    status = reason(f"policy.target_{way.one.course.status}")
    title = say("plan.path_title", name=name, wanted=words.wanted(target), status=status)
    label = f"{words.wanted(target)} {words.by(target)}" if target.by is not None else words.wanted(target)
    last = max(way.actual)
    end = {
        "value": round(way.actual[last] * factor, 4),
        "text": words.amount(way.actual[last], unit),
        "tone": "accent",
        "strong": True,
    }
    spec: dict[str, Any] = {
        "kind": "fan",
        "title": title,
        "unit": "%" if unit == words.SHARE else words.unit_word(unit),
        "summary": title.replace("<b>", "").replace("</b>", ""),
        "years": [{"year": year, "text": str(year)} for year in range(min(way.years), max(way.years) + 1)],
        "actual": _points(way.actual, unit, factor),
        "ahead": [],
        "lines": [{"label": say("plan.path"), "points": _points(way.planned, unit, factor)}]
        if way.planned
        else [],
        "thresholds": []
        if target.value is None
        else [{"value": round(target.value * factor, 4), "label": label}],
        "ends": [end],
        "words": {"actual": say("plan.actual"), "median": "", "range": ""},
    }
    return Island("chart", f"path-{target.id}", title, spec, note=say("plan.path_note"))


def _points(values: Mapping[int, float], unit: str, factor: int) -> list[dict[str, Any]]:
    return [
        {"year": year, "value": round(value * factor, 4), "text": words.amount(value, unit)}
        for year, value in sorted(values.items())
    ]


def table(held: Ledger, found: Sequence[Way]) -> DataTable:
    """Year by year: the value, and under it what the path asks."""
    years = sorted({year for way in found for year in way.years})[-MOST_YEARS:]
    head = (Head(say("plan.col_indicator"), width=3), *(Head(str(year), "right") for year in years))
    rows = tuple(_row(held, way, years) for way in found)
    return DataTable("years", say("plan.years"), head, rows, note=say("plan.years_note"), dense=True)


def _row(held: Ledger, way: Way, years: Sequence[int]) -> Row:
    target = way.one.target
    unit = words.unit_of(held, target)
    cells = [
        Cell(
            words.amount(way.actual.get(year), unit),
            sub=say("plan.path_asks", value=words.amount(way.planned[year], unit))
            if year in way.planned
            else "",
        )
        for year in years
    ]
    name = Cell(words.indicator_name(held, target.indicator), sub=words.wanted(target))
    return Row((name, *cells), key=f"years-{target.id}")
