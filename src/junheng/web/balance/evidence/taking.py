"""What taking the desk's evidence into the data would change: rows of the table, and what they prove."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from junheng.data.versions import NO_VERSION
from junheng.model import INPUTS
from junheng.monitoring.assessment_evidence import Examined, examine, says
from junheng.web.balance.evidence.pieces import Piece, read, table_row
from junheng.web.balance.models import Evidence
from junheng.web.workspace import workspace

TABLE = INPUTS["evidence"]


@dataclass(frozen=True, slots=True)
class Effect:
    """What one item of a unit is held to be, before and after."""

    assessment: str
    item: str
    unit: str
    year: int
    before: Examined
    after: Examined


@dataclass(frozen=True, slots=True)
class Taking:
    """The table as it would be, on which version, and what differs: rows by kind, items by effect."""

    base: str
    table: pl.DataFrame
    new: Sequence[Mapping[str, Any]]
    changed: Sequence[Mapping[str, Any]]
    dropped: Sequence[Mapping[str, Any]]
    effects: Sequence[Effect]

    @property
    def anything(self) -> bool:
        """Whether the data differ from the desk."""
        return bool(self.new or self.changed or self.dropped)

    @property
    def about(self) -> set[tuple[str, int, str]]:
        """(assessment, year, item) of every row that differs."""
        rows = (*self.new, *self.changed, *self.dropped)
        return {(row["assessment"], row["year"], row["item"]) for row in rows}


def taking() -> Taking:
    """The desk's evidence beside the newest version of the data."""
    store = workspace().store
    newest = store.find()
    held = newest.tables.get("evidence") if newest is not None else None
    before = TABLE.empty() if held is None else store.table("evidence", held)
    rows: Any = Evidence.objects.select_related("unit", "by", "reviewed_by")
    return compare(NO_VERSION if newest is None else newest.id, before, [read(row) for row in rows])


def compare(base: str, before: pl.DataFrame, pieces: Sequence[Piece]) -> Taking:
    """The table `before` with the pieces of the desk in the place of what they stand for.

    What is current on the desk takes the place of older rows of its item and unit; only a veto found once
    stays, whoever brought it.
    """
    ours = {piece.row.evidence_id for piece in pieces}
    kept = [piece for piece in pieces if piece.row.current or piece.outcome == Evidence.FOUND]
    taken = {_key(table_row(piece)) for piece in pieces if piece.row.current}
    old = before.select(TABLE.names).to_dicts()
    rest = [
        row
        for row in old
        if row["evidence_id"] not in ours and (_key(row) not in taken or says(row) == Evidence.FOUND)
    ]
    rows = [*rest, *(table_row(piece) for piece in kept)]
    after = TABLE.conform(pl.DataFrame(rows, schema=TABLE.schema())) if rows else TABLE.empty()
    was = {row["evidence_id"]: row for row in old}
    now = {row["evidence_id"]: row for row in after.select(TABLE.names).to_dicts()}
    return Taking(
        base,
        after,
        [row for name, row in now.items() if name not in was],
        [row for name, row in now.items() if name in was and was[name] != row],
        [row for name, row in was.items() if name not in now],
        _effects(before, after, (*was.values(), *now.values())),
    )


def _key(row: Mapping[str, Any]) -> tuple[str, str, str, int]:
    return row["assessment"], row["item"], row["unit_code"], row["year"]


def _effects(
    before: pl.DataFrame, after: pl.DataFrame, rows: Iterable[Mapping[str, Any]]
) -> tuple[Effect, ...]:
    found: list[Effect] = []
    for key in sorted({_key(row) for row in rows}):
        was, now = examine(before, *key), examine(after, *key)
        if was.status != now.status:
            found.append(Effect(*key, was, now))
    return tuple(found)
