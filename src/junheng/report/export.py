"""One table as a file to take away: workbook, CSV or Parquet, each saying who made it, when and from what."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from junheng.data.csv_out import csv_bytes
from junheng.model import Table
from junheng.model.reason import Language
from junheng.report.reading import Reading, ReportInput
from junheng.report.suppression import Protection

ExportForm = Literal["xlsx", "csv", "parquet"]
FORMS: tuple[ExportForm, ...] = ("xlsx", "csv", "parquet")
SHEET_ROWS = 100_000
"""Rows beyond which a workbook is refused in favour of CSV or Parquet."""
_NAME = 31


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself: (term, text) in order, on the last sheet or line or in its own notes."""

    heading: str
    entries: Sequence[tuple[str, str]]

    def line(self) -> str:
        """All of it in one line."""
        return f"# {self.heading} | " + " | ".join(f"{term}: {text}" for term, text in self.entries)


def export(
    form: ExportForm, table: Table, frame: pl.DataFrame, about: About, source: ReportInput, language: Language
) -> bytes:
    """`frame`, rows of `table`, as a file. Small counts are protected before. `source` gives
    the names of units and the region. ValueError for a workbook beyond SHEET_ROWS."""
    if form == "csv":
        return _csv(frame, about)
    if form == "parquet":
        return _parquet(frame, about)
    if frame.height > SHEET_ROWS:
        raise ValueError(f"{frame.height} rows do not belong in a workbook")
    return _workbook(table, frame, about, source, language)


def _csv(frame: pl.DataFrame, about: About) -> bytes:
    """Headings are the columns' names. The last line begins with # and stands in one cell."""
    text = about.line().replace('"', '""')
    return csv_bytes(frame) + f'"{text}"\r\n'.encode()


def _parquet(frame: pl.DataFrame, about: About) -> bytes:
    """What the file says of itself is the entry `junheng` of the schema's metadata."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - half a second at the start of whoever only lists files

    arrow = frame.to_arrow()
    held = arrow.schema.metadata or {}
    arrow = arrow.replace_schema_metadata({**held, b"junheng": about.line().encode()})
    stream = io.BytesIO()
    pq.write_table(arrow, stream, compression="zstd")
    return stream.getvalue()


def _workbook(
    table: Table, frame: pl.DataFrame, about: About, source: ReportInput, language: Language
) -> bytes:
    import xlsxwriter  # noqa: PLC0415 - as above

    from junheng.report.worksheet import Sheet, Styles  # noqa: PLC0415 - as above

    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    book = xlsxwriter.Workbook(stream, options)
    styles = Styles(book)
    title = (table.zh if language == "zh" else table.en)[:_NAME]
    Sheet(book.add_worksheet(title), styles, Reading(source, language), Protection()).write(table, frame)
    notes = book.add_worksheet(about.heading[:_NAME])
    notes.set_column(0, 0, 18)
    notes.set_column(1, 1, 90)
    for line, (term, text) in enumerate(about.entries):
        notes.write_string(line, 0, term, styles.head)
        notes.write_string(line, 1, text, styles.wrapped)
    book.close()
    return stream.getvalue()
