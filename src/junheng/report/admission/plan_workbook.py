"""Tables of a plan to take away: a workbook with a sheet each, or a folder of CSV files."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from junheng.data import atomic
from junheng.data.csv_out import csv_bytes
from junheng.model.errors import Refused, WorkspaceError
from junheng.model.reason import Language, words
from junheng.report.admission.workbook_messages import MESSAGES

MOST_ROWS = 1_048_000
"""Rows a sheet can hold."""
_EPOCH = datetime.datetime(2025, 1, 1)  # a fixed date: the same tables are the same bytes
_NAME = 31


def write(out: Path, frames: Mapping[str, pl.DataFrame], language: Language) -> list[Path]:
    """Write `frames` to a workbook where `out` ends in .xlsx, else as CSV files into the folder `out`;
    the paths written. They hold data of children and are readable by their owner alone.

    Refused `report.admission.sheet_long`; WorkspaceError `admission.out_unwritable`.
    """
    if out.suffix.lower() == ".xlsx":
        files = {out: workbook(frames, language)}
    else:
        files = {out / f"{name}.csv": csv_bytes(frame) for name, frame in frames.items()}
    try:
        for path, content in files.items():
            atomic.write_bytes(path, content, private=True)
    except OSError as error:
        about = {"path": str(out), "detail": error.strerror or str(error)}
        raise WorkspaceError("admission.out_unwritable", about) from error
    return list(files)


def workbook(frames: Mapping[str, pl.DataFrame], language: Language) -> bytes:
    """One sheet a table, headings in the reader's words, text never taken for a formula."""
    import xlsxwriter  # noqa: PLC0415 - half a second at the start of whoever writes none

    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"created": _EPOCH})
    head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, frame in frames.items():
        if frame.height > MOST_ROWS:
            raise Refused("report.admission.sheet_long", {"table": name, "rows": frame.height})
        sheet = book.add_worksheet(_word("table", name, language)[:_NAME])
        for at, column in enumerate(frame.columns):
            sheet.write_string(0, at, _word("column", column, language), head)
            values = frame[column].to_list()
            if frame.schema[column] == pl.Date:
                for row, value in enumerate(values, start=1):
                    if value is not None:
                        sheet.write_datetime(row, at, value, day)
            else:
                sheet.write_column(1, at, ["" if value is None else value for value in values])
            sheet.set_column(at, at, 16)
        sheet.freeze_panes(1, 0)
        if frame.height:
            sheet.autofilter(0, 0, frame.height, max(frame.width - 1, 0))
    book.close()
    return stream.getvalue()


def _word(kind: str, name: str, language: Language) -> str:
    code = f"report.admission.{kind}_{name}"
    return words(MESSAGES, code, {}, language) if code in MESSAGES else name
