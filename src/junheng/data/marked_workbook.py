"""The user's own file back: faulty cells red, and a column 错误信息 that says what is wrong and how to mend
it."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import xlsxwriter
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, PatternFill

from junheng.data import faults
from junheng.data.file_kinds import open_safely
from junheng.data.reading import RawSheet, read_file
from junheng.data.sheets import find_table
from junheng.model import Finding
from junheng.model.errors import BadData

COLUMN = "错误信息"
MAX_STYLED_CELLS = 400_000
"""Above this the workbook is not loaded cell by cell (minutes, gigabytes): its faulty rows come back
alone."""
MAX_LISTED_ROWS = 50_000
"""Rows of a sheet that are marked: nobody mends more by hand, and writing costs ten times the reading."""
MAX_SENTENCES = 8
"""Sentences in one row's cell; the rest is counted."""

Say = Callable[[Finding], str]
"""Words of a finding; the wording belongs to the caller."""

_RED = "FFC7CE"
_YELLOW = "FFEB9C"


@dataclass(frozen=True, slots=True)
class _Row:
    text: str
    columns: Mapping[str, str]


Headings = Mapping[tuple[str, str], tuple[int, int]]
"""First and last heading row by (file, sheet), where the import found them."""


def marked_workbook(path: Path, found: pl.DataFrame, say: Say, headings: Headings | None = None) -> bytes:
    """The workbook of `path` with its faults of `found` (see `faults.SCHEMA`) marked; an .xlsx whatever
    came in.

    An .xlsx of ordinary size keeps its own look; other files come back as a plain sheet with every row or,
    when long, with the faulty rows alone and their row numbers. Raises BadData when the file cannot be read
    at all.
    """
    mine = found.filter(
        (pl.col("file") == path.name) & pl.col("row").is_not_null() & (pl.col("severity") != "note")
    )
    whole = found.filter(
        (pl.col("file") == path.name) & pl.col("row").is_null() & (pl.col("severity") != "note")
    )
    general = [say(finding) for finding in faults.findings(whole, 50)]
    read = read_file(path)
    rows = {sheet.name: _by_row(mine.filter(pl.col("sheet") == sheet.name), say) for sheet in read.sheets}
    left = mine.select("sheet", "row").n_unique() - sum(map(len, rows.values()))
    if left > 0:
        general.append(say(Finding("intake.marked_rows_left", "warning", parameters={"count": left})))
    cells = sum(sheet.grid.height * max(sheet.grid.width, 1) for sheet in read.sheets)
    if read.kind == "workbook" and cells <= MAX_STYLED_CELLS and path.suffix.lower() in {".xlsx", ".xlsm"}:
        try:
            return _mark_in_place(path, read.sheets, rows, general, headings or {})
        except BadData:
            raise
        except Exception:  # a workbook the other library cannot open still comes back, plainer
            return _plain(read.sheets, rows, general, headings or {})
    return _plain(read.sheets, rows, general, headings or {})


def _by_row(found: pl.DataFrame, say: Say) -> dict[int, _Row]:
    """What to write beside each faulty row and which of its cells to colour; the first MAX_LISTED_ROWS."""
    listed = found.filter(pl.col("row").rank("dense") <= MAX_LISTED_ROWS).sort("row", maintain_order=True)
    counts = dict(listed.group_by("row").len().iter_rows())
    shown = listed.filter(pl.int_range(pl.len()).over("row") < MAX_SENTENCES)
    rows: dict[int, _Row] = {}
    for number, together in itertools.groupby(faults.findings(shown), key=lambda finding: finding.row):
        sentences: dict[str, None] = {}
        columns: dict[str, str] = {}
        for finding in together:
            sentences[f"{finding.column}：{say(finding)}" if finding.column else say(finding)] = None
            if finding.column:
                columns.setdefault(finding.column, finding.severity)
        assert number is not None
        if counts[number] > MAX_SENTENCES:
            sentences[f"…… +{counts[number] - MAX_SENTENCES}"] = None
        rows[number] = _Row("；".join(sentences), columns)
    return rows


def _mark_in_place(
    path: Path,
    sheets: list[RawSheet],
    rows: Mapping[str, Mapping[int, _Row]],
    general: list[str],
    headings: Headings,
) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(open_safely(path).content))
    red = PatternFill("solid", start_color=_RED)
    yellow = PatternFill("solid", start_color=_YELLOW)
    for raw in sheets:
        marked = rows[raw.name]
        if raw.name not in book.sheetnames or not marked:
            continue
        sheet: Any = book[raw.name]
        table = find_table(raw, headings.get((raw.file, raw.name)))
        positions = table.columns if table else {}
        message_column = raw.grid.width + 1
        heading = table.heading_rows[1] if table else 1
        _clear_old_messages(sheet, raw, heading)
        title = sheet.cell(heading, message_column, COLUMN)
        title.fill = red
        for number, row in marked.items():
            cell = sheet.cell(number, message_column)
            if not isinstance(cell, MergedCell):
                _write_text(cell, row.text)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            for name, severity in row.columns.items():
                if name in positions:
                    sheet.cell(number, positions[name]).fill = red if severity == "error" else yellow
        sheet.column_dimensions[title.column_letter].width = 60
        sheet.cell(heading, message_column).comment = Comment(f"{len(marked)} 行需要改正", "Junheng")
    if general:
        extra = book.create_sheet(COLUMN, 0)
        for index, sentence in enumerate(general, 1):
            _write_text(extra.cell(index, 1), sentence)
        extra.column_dimensions["A"].width = 100
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write_text(cell: Any, text: str) -> None:
    """Text that quotes the user's own words: never a formula, whatever it begins with."""
    cell.value = text
    cell.data_type = "s"


def _clear_old_messages(sheet: Any, raw: RawSheet, heading: int) -> None:
    """A workbook returned once and sent in again loses its old marks, so that only what is wrong now is
    red."""
    for column in range(1, raw.grid.width + 1):
        if sheet.cell(heading, column).value == COLUMN:
            for row in range(heading + 1, sheet.max_row + 1):
                cell = sheet.cell(row, column)
                if not isinstance(cell, MergedCell):
                    cell.value = None


def _plain(
    sheets: list[RawSheet], rows: Mapping[str, Mapping[int, _Row]], general: list[str], headings: Headings
) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    red = book.add_format({"bg_color": f"#{_RED}"})
    yellow = book.add_format({"bg_color": f"#{_YELLOW}"})
    bold = book.add_format({"bold": True})
    for index, raw in enumerate(sheets):
        marked = rows[raw.name]
        table = find_table(raw, headings.get((raw.file, raw.name)))
        if table is None:
            continue
        sheet = book.add_worksheet(
            (raw.name or Path(raw.file).stem.split(".")[0] or f"sheet{index + 1}")[:31].translate(_FORBIDDEN)
        )
        sheet.write_row(0, 0, ["行号", *table.headings, COLUMN], bold)
        sheet.freeze_panes(1, 1)
        sheet.set_column(len(table.headings) + 1, len(table.headings) + 1, 60)
        body = table.frame
        if body.height > MAX_STYLED_CELLS // max(len(table.headings), 1):
            body = body.filter(pl.col(faults.ROW).is_in(list(marked)))
        names = table.headings
        for line, values in enumerate(body.select(faults.ROW, *names).iter_rows(), 1):
            row = marked.get(values[0])
            sheet.write_number(line, 0, values[0])
            for position, (name, value) in enumerate(zip(names, values[1:], strict=True), 1):
                severity = row.columns.get(name) if row else None
                style = {"error": red, "warning": yellow}.get(severity or "")
                if value is not None:
                    sheet.write_string(line, position, value[:32_000], style)
                elif style:
                    sheet.write_blank(line, position, None, style)
            if row:
                sheet.write_string(line, len(names) + 1, row.text[:32_000])
    if general or not book.worksheets():
        sheet = book.add_worksheet(COLUMN)
        for index, sentence in enumerate(general):
            sheet.write_string(index, 0, sentence)
    book.close()
    return buffer.getvalue()


_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))
