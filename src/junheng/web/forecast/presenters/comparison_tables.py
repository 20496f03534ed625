"""Tables of a comparison: years gained, and warnings that come, go or change their level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from junheng.report import format as fmt
from junheng.report import wording
from junheng.web.figures.unit_reading import UnitReading
from junheng.web.forecast.presenters import parts, warned
from junheng.web.forecast.presenters.parts import stage_label
from junheng.web.forecast.queries import Shown, rank
from junheng.web.house.page import Anchor, Cell, DataTable, Head, Light, Row
from junheng.web.runs.models import RunRecord
from junheng.web.wording import say

MOST_CHANGES = 12


@dataclass(frozen=True, slots=True)
class Side:
    """A scenario at the unit: its reading and what the forecast says it changes."""

    record: RunRecord
    name: str
    read: UnitReading
    difference: pl.DataFrame | None
    shortage: pl.DataFrame | None
    levers: tuple[str, ...]


def gained(shown: Shown, sides: Sequence[Side]) -> DataTable | None:
    """First year short under the base and each scenario, with the years gained."""
    kind, codes = shown.reading.children
    kinds = [kind] if kind == "school" else [kind, "school"]
    found: dict[tuple[str, str], dict[int, dict[str, Any]]] = {}
    for place, side in enumerate(sides):
        if side.shortage is None:
            continue
        rows = side.shortage.filter((pl.col("stage") == shown.stage) & pl.col("unit_kind").is_in(kinds))
        for row in rows.iter_rows(named=True):
            if row["unit_kind"] == "school" or row["unit_code"] in codes:
                found.setdefault((row["unit_kind"], row["unit_code"]), {})[place] = row
    same = [unit for unit, rows in found.items() if not any(row["years_gained"] for row in rows.values())]
    if not found:
        return None
    for unit in same:
        del found[unit]
    ordered = sorted(found, key=lambda unit: (kinds.index(unit[0]), unit[1]))
    body = tuple(
        Row(
            (
                Anchor(
                    shown.reading.name(*unit),
                    parts.with_stage(shown.scope, shown.stage).url("forecast:unit", code=unit[1]),
                ),
                _first(next(iter(found[unit].values()))["base_first_short"]),
                *(_gain(found[unit].get(place)) for place in range(len(sides))),
            ),
            key=unit[1],
        )
        for unit in ordered
    )
    head = (
        Head(say("seats_page.col_unit")),
        Head(say("seats_page.base"), "right"),
        *(Head(side.name, "right") for side in sides),
    )
    caption = say("seats_page.years_gained_caption", stage=stage_label(shown.scope, shown.stage))
    note = say("seats_page.gained_same", count=len(same)) if same else ""
    return DataTable(
        "gained", caption, head, body, note=note, empty=say("seats_page.gained_none"), dense=True
    )


def _first(year: int | None) -> str:
    return str(year) if year else say("seats_page.never")


def _gain(row: dict[str, Any] | None) -> str | Cell:
    if row is None:
        return fmt.BLANK
    years = row["years_gained"] or 0
    if not years:
        words = say("seats_page.same")
    elif years < 0:
        words = say("seats_page.year_lost", years=-years)
    else:
        words = say(
            "seats_page.year_gained_least" if row["at_least"] else "seats_page.year_gained", years=years
        )
    tone = "idle3" if years > 0 else "short2" if years < 0 else ""
    return Cell(_first(row["plan_first_short"]), sub=words, tone=tone, bold=years != 0)


def changed(shown: Shown, sides: Sequence[Side]) -> DataTable:
    """Warnings that come, go or change their level."""
    whole = [_by_id(one) for one in (shown.reading, *(side.read for side in sides))]
    ids = [
        one
        for one in {key for rows in whole for key in rows}
        if len({_level(rows, one) for rows in whole}) > 1
    ]
    ids.sort(key=lambda one: rank(next(rows[one] for rows in whole if one in rows)))
    body: list[Row] = []
    for one in ids[:MOST_CHANGES]:
        row = next(rows[one] for rows in whole if one in rows)
        told = warned.told(shown, row)
        cells = tuple(_light(shown, _level(rows, one)) for rows in whole)
        sub = " · ".join(word for word in (told.stage, told.kind) if word)
        body.append(Row((Anchor(told.unit.text, told.unit.href, sub), *cells), key=row["unit_code"]))
    head = (
        Head(say("seats_page.col_unit")),
        Head(say("seats_page.base")),
        *(Head(side.name) for side in sides),
    )
    left = len(ids) - MOST_CHANGES
    note = say("seats_page.more_changes", count=left) if left > 0 else ""
    caption = say("seats_page.warnings_changed")
    return DataTable("changed", caption, head, tuple(body), note=note, empty=say("seats_page.warnings_same"))


def _by_id(read: UnitReading) -> dict[str, dict[str, Any]]:
    frame = read.base("seat_warnings")
    return {} if frame is None else {row["warning_id"]: row for row in frame.iter_rows(named=True)}


def _level(rows: dict[str, dict[str, Any]], one: str) -> str:
    return rows[one]["level"] if one in rows else ""


def _light(shown: Shown, level: str) -> Light:
    if not level:
        return Light("none", say("seats_page.warning_none"))
    kind: Any = level
    return Light(kind, wording.say(f"report.level.{level}", shown.scope.language))
