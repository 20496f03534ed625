"""The course of a target: values of past years, the plan's yearly path, the line to be reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from junheng.monitoring.plan_course import start_year
from junheng.monitoring.plan_tracking import Progress
from junheng.monitoring.policy_values import statistics_year
from junheng.web.house.page import Island
from junheng.web.plan.presenters import words
from junheng.web.plan.queries import Ledger
from junheng.web.wording import reason, say

MOST = 3
"""Charts on a page; the table has every target."""


def islands(held: Ledger, progress: Sequence[Progress]) -> tuple[Island, ...]:
    """One chart a target that has figures of two years, or a path ahead of it."""
    found = [island for one in progress if (island := _island(held, one)) is not None]
    return tuple(found[:MOST])


def _island(held: Ledger, one: Progress) -> Island | None:
    document = held.documents[one.document]
    target, unit = one.target, words.unit_of(held, one.target)
    declared = held.held.law_indicators.get(target.indicator)
    now = statistics_year(held.day)
    by_year = held.held.figures.by_year(target, declared)
    actual = {
        year: float(figure.value)
        for year, figure in by_year.items()
        if figure.value is not None and year <= now
    }
    if one.course.measured is None or not actual:
        return None
    planned = _path(one, start_year(document, target), now)
    if len(actual) < 2 and not planned:
        return None
    years = [*actual, *planned, *([target.by.year] if target.by is not None else [])]
    name = words.indicator_name(held, target.indicator)
    status = reason(f"policy.target_{one.course.status}")
    title = say("plan.path_title", name=name, wanted=words.wanted(target), status=status)
    factor = 100 if unit == "share" else 1
    lines = [{"label": say("plan.path"), "points": _points(planned, unit, factor)}] if planned else []
    thresholds = (
        [{"value": round(target.value * factor, 4), "label": f"{words.wanted(target)} {_by(one)}".strip()}]
        if target.value is not None and not target.path
        else []
    )
    last = max(actual)
    end = {
        "value": round(actual[last] * factor, 4),
        "text": words.amount(actual[last], unit),
        "tone": "accent",
        "strong": True,
    }
    spec: dict[str, Any] = {
        "kind": "fan",
        "title": title,
        "unit": "%" if unit == "share" else reason(f"policy.unit.{unit}") if unit else "",
        "summary": title,
        "years": [{"year": year, "text": str(year)} for year in range(min(years), max(years) + 1)],
        "actual": _points(actual, unit, factor),
        "ahead": [],
        "lines": lines,
        "thresholds": thresholds,
        "ends": [end],
        "words": {"actual": say("plan.actual"), "median": "", "range": ""},
    }
    return Island("chart", f"path-{target.id}", title, spec, note=say("plan.path_note"))


def _by(one: Progress) -> str:
    return "" if one.target.by is None else one.target.by.isoformat()


def _path(one: Progress, start: int | None, now: int) -> dict[int, float]:
    """The plan's own yearly numbers; without them the straight line from the baseline to the target."""
    target, stands = one.target, one.course
    if target.path:
        return dict(target.path)
    begins = stands.baseline_year or start
    if stands.baseline is None or begins is None or target.by is None or target.value is None:
        return {}
    first, ends = float(stands.baseline), target.by.year
    if ends <= begins:
        return {}
    step = (target.value - first) / (ends - begins)
    return {
        year: first + step * (year - begins) for year in range(begins, max(ends, now) + 1) if year <= ends
    }


def _points(values: Mapping[int, float], unit: str, factor: int) -> list[dict[str, Any]]:
    return [
        {"year": year, "value": round(value * factor, 4), "text": words.amount(value, unit)}
        for year, value in sorted(values.items())
    ]
