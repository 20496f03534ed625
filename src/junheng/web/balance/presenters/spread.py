"""How many schools stand where to their line: a small bar chart a stage, and its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from junheng.monitoring.assessment_row import ItemRow
from junheng.monitoring.status import MET, UNMET
from junheng.report import format as fmt
from junheng.web.balance.presenters.parts import Section
from junheng.web.balance.queries import Judged
from junheng.web.house.page import DataTable, Head, Island, Row
from junheng.web.wording import say

STEPS = (1.25, 1.5, 2.0)
"""Multiples of the line at which classes of those that hold it end."""
FEWEST = 5
"""Schools below which a chart says no more than the table."""


def sections(held: Judged, rows: Sequence[ItemRow]) -> tuple[Section, ...]:
    """A chart for each stage with enough schools, and one folded table of the same numbers."""
    stages = dict.fromkeys(row.stage for row in rows)
    counted = {
        stage: _counts([row for row in rows if row.stage == stage and not row.part]) for stage in stages
    }
    shown = {stage: counts for stage, counts in counted.items() if sum(counts.values()) >= FEWEST}
    if not shown:
        return ()
    islands = tuple(_figure(held, stage, counts) for stage, counts in shown.items())
    table = _table(held, shown)
    return (
        Section("columns even", islands=islands),
        Section("spread", say("balance.spread_table"), tables=(table,)),
    )


def _counts(rows: Sequence[ItemRow]) -> dict[str, int]:
    """Schools by class, in order from far under the line to far over it."""
    places = [place for row in rows if (place := _place(row))]
    return {name: places.count(name) for name in _names(rows)} if places else {}


def _names(rows: Sequence[ItemRow]) -> list[str]:
    floor = any(row.floor is not None for row in rows)
    return [*(["under_floor", "under_line"] if floor else ["under"]), "step_1", "step_2", "step_3", "step_4"]


def _place(row: ItemRow) -> str:
    """The class of a school: which side of the line as it was judged, how far by the ratio."""
    if row.value is None or not row.threshold or row.status not in (MET, UNMET):
        return ""
    if row.status == UNMET:
        if row.floor is None:
            return "under"
        return "under_line" if row.floor_status == MET else "under_floor"
    ratio = row.value / row.threshold if row.op in (">=", ">") else row.threshold / max(row.value, 1e-9)
    return f"step_{1 + sum(ratio >= step for step in STEPS)}"


def _figure(held: Judged, stage: str, counts: dict[str, int]) -> Island:
    of = sum(counts.values())
    short = sum(count for name, count in counts.items() if name.startswith("under"))
    title = say("balance.spread", stage=held.words.stage(stage), count=of, short=short)
    items: list[dict[str, Any]] = [
        {
            "label": say(f"balance.spread_{name}"),
            "value": count,
            "text": fmt.count(count),
            "strong": name.startswith("under"),
        }
        for name, count in counts.items()
    ]
    spec = {
        "kind": "bars",
        "title": title,
        "unit": say("balance.spread_unit"),
        "summary": title,
        "tones": "plain",
        "items": items,
        "words": {"range": say("figures.range")},
    }
    return Island("chart", f"spread-{stage or 'all'}", title, spec)


def _table(held: Judged, shown: dict[str, dict[str, int]]) -> DataTable:
    head = (
        Head(say("balance.spread_class")),
        *(Head(held.words.stage(stage) or say("balance.spread_unit"), "right") for stage in shown),
    )
    names = list(dict.fromkeys(name for counts in shown.values() for name in counts))
    rows = tuple(
        Row((say(f"balance.spread_{name}"), *(fmt.count(counts.get(name)) for counts in shown.values())))
        for name in names
    )
    return DataTable("spread", say("balance.spread_caption"), head, rows)
