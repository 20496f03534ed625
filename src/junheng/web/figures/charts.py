"""From a report's figure to what the browser's chart is drawn from: one source, two drawings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from junheng.report import format as fmt
from junheng.report.charts import BANDS, Drivers, Fan
from junheng.report.content import Figure
from junheng.web.wording import say

_SHARE = {"band-95": "95", "band-80": "80", "band-50": "50"}


def quantity(value: float) -> dict[str, Any]:
    """A number to place and its words."""
    return {"value": round(value, 2), "text": fmt.count(value)}


def change(value: float) -> dict[str, Any]:
    """A change to place and its words, with its sign."""
    return {"value": round(value, 2), "text": fmt.signed(value)}


def dated(points: Sequence[tuple[int, float]]) -> list[dict[str, Any]]:
    """Values by year."""
    return [{"year": year, **quantity(value)} for year, value in points]


def years(first: int, last: int) -> list[dict[str, Any]]:
    """Every year of an axis."""
    return [{"year": year, "text": str(year)} for year in range(first, last + 1)]


def fan(figure: Figure) -> dict[str, Any]:
    """The fan of pupils: counts, median, bands, seats, what each year rests on."""
    spec: Fan = figure.spec
    held = [year for year, _ in spec.actual] + list(spec.years)
    return {
        "kind": "fan",
        "title": figure.title,
        "unit": say("figures.pupils"),
        "summary": figure.alt,
        "years": years(min(held), max(held)),
        "actual": dated(spec.actual),
        "ahead": ahead(spec.years, spec.rows),
        "lines": seats(spec),
        "basis": _basis(spec),
        "marks": _marks(spec),
        "ends": _ends(spec),
        "words": words(),
    }


def seats(spec: Fan) -> list[dict[str, Any]]:
    """The line of seats, where they are known."""
    return [{"label": say("figures.seats_line"), "points": dated(spec.seats)}] if spec.seats else []


def words() -> dict[str, str]:
    """What the lines of a fan are called."""
    return {name: say(f"figures.{name}") for name in ("actual", "median", "range")}


def ahead(of: Sequence[int], rows: Sequence[dict[str, float]]) -> list[dict[str, Any]]:
    """Years ahead with their median and bands."""
    return [
        {
            "year": year,
            **quantity(row["p50"]),
            "bands": {_SHARE[tone]: [round(row[low], 2), round(row[high], 2)] for low, high, tone in BANDS},
            "range": fmt.between(row["p10"], row["p90"]),
        }
        for year, row in zip(of, rows, strict=True)
    ]


def _basis(spec: Fan) -> list[dict[str, Any]]:
    pieces: list[dict[str, Any]] = []
    if spec.actual:
        last = spec.years[0] - 1 if spec.years else spec.actual[-1][0]
        pieces.append(
            {"from": spec.actual[0][0], "to": last, "kind": "counted", "text": spec.words["counted"]}
        )
    for year, band in zip(spec.years, spec.bands, strict=True):
        if pieces and pieces[-1]["kind"] == band:
            pieces[-1]["to"] = year
        else:
            pieces.append({"from": year, "to": year, "kind": band, "text": spec.words.get(band, band)})
    return pieces


def _marks(spec: Fan) -> list[dict[str, Any]]:
    """The highest point, unless the course is still rising at its end: the label there says it."""
    middle = [(year, row["p50"]) for year, row in zip(spec.years, spec.rows, strict=True)]
    points = [*spec.actual, *middle]
    year, value = max(points, key=lambda point: (point[1], -point[0]))
    if spec.years and year == spec.years[-1]:
        return []
    text = f"{year} {spec.words['peak']} {fmt.count(value)}"
    return [{"year": year, "value": round(value, 2), "text": text}]


def _ends(spec: Fan) -> list[dict[str, Any]]:
    if not spec.rows:
        return []
    row = spec.rows[-1]
    ends = [
        _end(spec.words["high"], row["p90"]),
        _end(spec.words["middle"], row["p50"], "accent", strong=True),
    ]
    ends.append(_end(spec.words["low"], row["p10"]))
    if spec.seats:
        ends.append(_end(spec.words["seats"], spec.seats[-1][1]))
    return ends


def _end(word: str, value: float, tone: str = "secondary", *, strong: bool = False) -> dict[str, Any]:
    text = say("figures.end", word=word, value=fmt.count(value))
    return {"value": round(value, 2), "text": text, "tone": tone, "strong": strong}


def waterfall(figure: Figure, start: tuple[int, float], then: int) -> dict[str, Any]:
    """The causes of a change, from the count of a year to the median of another."""
    spec: Drivers = figure.spec
    total = start[1] + spec.total[1]
    return {
        "kind": "waterfall",
        "title": figure.title,
        "unit": say("figures.pupils"),
        "summary": figure.alt,
        "start": {"label": say("figures.now", year=start[0]), **quantity(start[1])},
        "causes": [
            {"label": label, **change(middle), "range": fmt.between(low, high)}
            for label, low, middle, high in spec.rows
        ],
        "end": {"label": say("figures.then", year=then), **quantity(total)},
        "words": {"range": say("figures.range")},
    }
