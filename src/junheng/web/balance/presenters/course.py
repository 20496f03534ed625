"""How the unit's figures went over the years: small lines with the requirement, and the same as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from junheng.monitoring.status import MET, UNMET
from junheng.report import format as fmt
from junheng.rules.indicator import Indicator
from junheng.web.balance.presenters import parts
from junheng.web.balance.presenters.parts import Section
from junheng.web.balance.queries import Judged
from junheng.web.house.page import Cell, DataTable, Head, Island, Row
from junheng.web.wording import say

Values = Sequence[Mapping[str, Any]]
"""Rows of `indicator_values` in order of indicator, stage and year."""
SIGN = {">=": "≥", "<=": "≤", ">": "＞", "<": "＜", "==": "＝"}
_LIGHTS = {MET: "good", UNMET: "bad"}


@dataclass(frozen=True, slots=True)
class Course:
    """One figure over the years."""

    name: str
    stage: str
    place: int
    indicator: Indicator | None
    rows: tuple[Mapping[str, Any], ...]

    @property
    def title(self) -> str:
        """Stage and name: the end of a long name may be cut off."""
        return f"{self.stage} {self.name}".strip()


def sections(held: Judged, values: Values) -> tuple[Section, ...]:
    """The lines, and their table folded."""
    courses = [one for one in _courses(held, values) if any(row["value"] is not None for row in one.rows)]
    if not courses:
        return ()
    years = sorted({row["year"] for one in courses for row in one.rows})
    table = _table(held, courses, years)
    if len(years) < 2:
        return (Section("course", tables=(table,)),)
    figure = _figure(held, courses, years)
    return (
        Section("course", islands=(figure,)),
        Section("course", say("balance.course_table"), tables=(table,)),
    )


def _courses(held: Judged, values: Values) -> list[Course]:
    named = {row.indicator: row.item for row in held.whole.items if row.indicator and not row.part}
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in values:
        groups.setdefault((row["indicator"], row["stage"] or ""), []).append(row)
    found: list[Course] = []
    for (name, stage), rows in groups.items():
        indicator = held.law.indicators.get(name)
        item = named.get(name, "")
        called = held.words.item(item) if item else indicator.name(held.scope.language) if indicator else name
        found.append(
            Course(
                f"{item} {called}".strip(),
                held.words.stage(stage),
                parts.stage_place(stage),
                indicator,
                tuple(rows),
            )
        )
    return sorted(found, key=lambda one: (one.name, one.place))


def _figure(held: Judged, courses: Sequence[Course], years: Sequence[int]) -> Island:
    unmet = sum(one.rows[-1]["status"] == UNMET for one in courses)
    title = say("balance.course", first=years[0], last=years[-1], count=len(courses), unmet=unmet)
    spec = {
        "kind": "multiples",
        "title": title,
        "unit": "",
        "summary": title,
        "years": [{"year": year, "text": str(year)} for year in years],
        "panels": [_panel(one) for one in courses],
        "words": {name: say(f"figures.{name}") for name in ("actual", "median", "range")},
    }
    return Island("chart", "course", title, spec, note=say("balance.course_note"))


def _panel(one: Course) -> dict[str, Any]:
    known = [row for row in one.rows if row["value"] is not None]
    lines = [row for row in one.rows if row["threshold"] is not None]
    label = say("balance.col_line")
    return {
        "title": one.title,
        "text": parts.number(one.indicator, known[-1]["value"]),
        "actual": [_point(one, row, "value") for row in known],
        "ahead": [],
        "lines": [{"label": label, "points": [_point(one, row, "threshold") for row in lines]}]
        if lines
        else [],
    }


def _point(one: Course, row: Mapping[str, Any], name: str) -> dict[str, Any]:
    text = parts.number(one.indicator, row[name])
    return {"year": row["year"], "value": round(row[name], 4), "text": text}


def _table(held: Judged, courses: Sequence[Course], years: Sequence[int]) -> DataTable:
    head = (
        Head(say("balance.col_item")),
        Head(say("balance.col_stage")),
        *(Head(str(year), "right") for year in years),
        Head(say("balance.col_line"), "right"),
    )
    rows = tuple(_row(one, years) for one in courses)
    return DataTable("course", say("balance.course_caption"), head, rows, note=say("balance.course_years"))


def _row(one: Course, years: Sequence[int]) -> Row:
    by_year = {row["year"]: row for row in one.rows}
    last = one.rows[-1]
    line = fmt.BLANK
    if last["threshold"] is not None:
        line = f"{SIGN.get(last['op'] or '', '')}{parts.number(one.indicator, last['threshold'])}"
    return Row((one.name, one.stage or fmt.BLANK, *(_value(one, by_year.get(year)) for year in years), line))


def _value(one: Course, row: Mapping[str, Any] | None) -> str | Cell:
    if row is None or row["value"] is None:
        return fmt.BLANK
    text = parts.number(one.indicator, row["value"])
    light = _LIGHTS.get(row["status"], "")
    return Cell(text, light=light) if light else text
