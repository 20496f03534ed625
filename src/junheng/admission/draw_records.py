"""The small tables of a draw: sources announced, results of their events, changes by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from junheng.admission.announcement import Source, moment
from junheng.admission.changes import HandPlacement
from junheng.admission.plain_columns import read
from junheng.admission.seeds import EventResult
from junheng.data import faults
from junheng.model.errors import BadData
from junheng.model.reason import Finding

SOURCES = ("source", "event", "at")
RESULTS = ("source", "event")
CHANGES = ("receipt", "program_id", "ground", "document_no", "by", "approved_by", "at")
_PART = re.compile(r"[\s,，、;；+]+")


def read_sources(path: Path) -> tuple[Source, ...]:
    """Sources in their order: `source, event, at`, and `kind` (numbers where it is left out), `count`,
    `fallback_event`, `fallback_at`, `genesis`, `period` where they are needed. BadData
    `admission.bad_record` for a missing column or a number that is none."""
    rows = _Rows(path, SOURCES)
    found = tuple(
        Source(
            name=row.text("source"),
            kind=row.text("kind") or "numbers",
            event=row.text("event"),
            at=moment(row.text("at")),
            count=row.whole("count"),
            fallback_event=row.text("fallback_event"),
            fallback_at=moment(row.text("fallback_at")) if row.text("fallback_at") else "",
            genesis=row.whole("genesis"),
            period=row.whole("period"),
        )
        for row in rows.each()
    )
    rows.refuse()
    return found


def read_results(path: Path) -> tuple[EventResult, ...]:
    """Results of events: `source, event` and `numbers` (parted by blanks), or `signature` and `randomness` of
    a round. BadData `admission.bad_record`."""
    rows = _Rows(path, RESULTS)
    found = tuple(
        EventResult(
            row.text("source"),
            row.text("event"),
            row.wholes("numbers"),
            row.text("signature").lower(),
            row.text("randomness").lower(),
        )
        for row in rows.each()
    )
    rows.refuse()
    return found


def read_changes(path: Path) -> tuple[HandPlacement, ...]:
    """Changes by hand in their order. BadData `admission.bad_record` for a missing column."""
    rows = _Rows(path, CHANGES)
    found = tuple(
        HandPlacement(
            row.text("receipt").replace("-", ""),
            *(row.text(name) for name in CHANGES[1:]),
        )
        for row in rows.each()
    )
    rows.refuse()
    return found


class _Rows:
    """Rows of a table with its faults."""

    def __init__(self, path: Path, needed: Sequence[str]) -> None:
        self.sheet = read(path, "")
        self.found: list[Finding] = []
        if missing := [name for name in needed if name not in self.sheet.frame.columns]:
            about = {"file": path.name, "columns": ", ".join(needed), "missing": ", ".join(missing)}
            raise BadData("admission.table_unreadable", about)

    def each(self) -> list[_Row]:
        return [_Row(self, row) for row in self.sheet.frame.iter_rows(named=True)]

    def refuse(self) -> None:
        if self.found:
            raise BadData("admission.bad_record", {"count": len(self.found)}, self.found)


class _Row:
    def __init__(self, rows: _Rows, cells: dict[str, str | None]) -> None:
        self.rows, self.cells = rows, cells

    def text(self, column: str) -> str:
        return (self.cells.get(column) or "").strip()

    def whole(self, column: str) -> int:
        text = self.text(column)
        return self._number(column, text) if text else 0

    def wholes(self, column: str) -> tuple[int, ...]:
        parts = [part for part in _PART.split(self.text(column)) if part]
        return tuple(self._number(column, part) for part in parts)

    def _number(self, column: str, text: str) -> int:
        if text.isascii() and text.isdigit():
            return int(text)
        row = self.cells[faults.ROW]
        self.rows.found.append(
            Finding(
                "admission.cell_odd",
                "error",
                file=self.rows.sheet.file,
                row=None if row is None else int(row),
                column=column,
                value=text,
            )
        )
        return 0
