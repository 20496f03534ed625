"""Columns of a plain table: identifiers as text in one form, numbers exact; what does not fit becomes a
fault."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from junheng.data import faults
from junheng.data.reading import RawSheet, read_file
from junheng.data.refusal import refuse

_INVISIBLE = r"[\u200b\u200c\u200d\u2060\ufeff\u00ad]"
_WHOLE = r"^[+-]?\d+$"
_LONGEST_PLAIN = 18
"""Digits that always fit 64 bits."""
_LOOK_FOR_HEADING_IN = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as text under its own headings, with the file's row of each of its rows."""

    table: str
    file: str
    name: str
    frame: pl.DataFrame
    repeated: tuple[str, ...]
    doubts: pl.DataFrame


def read(path: Path, table: str) -> Sheet:
    """The first visible sheet that holds anything; its headings are the first row naming an id column, else
    the first row. Raises BadData when the file cannot be read or is empty."""
    file = read_file(path)
    for raw in file.sheets:
        if not raw.hidden and raw.grid.height and raw.grid.width:
            return _sheet(raw, table, file.faults)
    raise refuse("intake.file_empty", path.name)


def _sheet(raw: RawSheet, table: str, doubts: pl.DataFrame) -> Sheet:
    first, names = 0, [""]
    for at, row in enumerate(raw.grid.head(_LOOK_FOR_HEADING_IN).iter_rows()):
        cells = [_heading(cell) for cell in row]
        if at == 0:
            names = cells
        if any(cell in ("program_id", "applicant_id") for cell in cells):
            first, names = at, cells
            break
    kept: dict[str, str] = {}
    repeated: list[str] = []
    for column, name in zip(raw.grid.columns, names, strict=False):
        if name and name in kept.values():
            repeated.append(name)
        elif name:
            kept[column] = name
    body = raw.grid.with_row_index(faults.ROW, 1).slice(first + 1)
    filled = ~pl.all_horizontal(pl.col(raw.grid.columns).fill_null("").str.strip_chars() == "")
    frame = body.filter(filled).select(
        pl.col(faults.ROW).cast(pl.Int64),
        pl.lit(0).alias(faults.SOURCE),
        *(pl.col(c).alias(n) for c, n in kept.items()),
    )
    return Sheet(table, raw.file, raw.name, frame, tuple(repeated), doubts)


def _heading(cell: str | None) -> str:
    return (cell or "").strip().strip("\ufeff").lower()


def required(sheet: Sheet, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
    """One fault for each column the table lacks or has twice."""
    for column in columns:
        if column not in sheet.frame.columns:
            there = ", ".join(name for name in sheet.frame.columns if name not in faults.PROVENANCE)
            yield faults.one(
                "admission.column_missing",
                table=sheet.table,
                file=sheet.file,
                sheet=sheet.name,
                column=column,
                heading=column,
                there=there[:200],
            )
        elif column in sheet.repeated:
            yield faults.one(
                "admission.column_twice",
                table=sheet.table,
                file=sheet.file,
                sheet=sheet.name,
                column=column,
                heading=column,
            )


def identifiers(sheet: Sheet, column: str, found: list[pl.DataFrame]) -> pl.Series:
    """The column in one form of writing, null where empty; empty cells are faults, changed ones one
    warning."""
    raw = sheet.frame[column]
    plain = raw.str.strip_chars()
    if plain.str.contains(r"[^\x21-\x7e]").any():
        plain = plain.str.normalize("NFKC").str.replace_all(_INVISIBLE, "").str.strip_chars()
    ids = plain.set((plain == "").fill_null(False), None)
    found.append(_faulty(sheet, column, ids.is_null(), "admission.empty"))
    changed = (ids != raw).fill_null(False)
    if changed.any():
        rows = sheet.frame.filter(changed)
        found.append(
            _rows(sheet, column, rows.head(1), "admission.written_otherwise", "warning", count=rows.height)
        )
    return ids.alias(column)


def colliding(sheet: Sheet, rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """Faults of identifiers that are two in the file and one in plain writing; `rows` with `__first`,
    `__as`."""
    return faults.of_rows(
        rows,
        "admission.ids_collide",
        "error",
        table=sheet.table,
        places=[(sheet.file, sheet.name)],
        heading=column,
        field=column,
        value=pl.col(column),
        parameters={"first": pl.col("__first"), "other": pl.col("__as")},
    )


def whole_numbers(
    sheet: Sheet, column: str, found: list[pl.DataFrame], *, least: int | None = None, most: int | None = None
) -> pl.Series:
    """The column as 64-bit whole numbers, null where faulty; without limits numbers may be of any length and
    then stay text."""
    raw = sheet.frame[column]
    text = raw.str.strip_chars()
    if text.str.contains(r"[^\x21-\x7e]").any():
        text = text.str.normalize("NFKC").str.replace_all(_INVISIBLE, "").str.strip_chars()
    empty = text.is_null() | (text == "").fill_null(True)
    found.append(_faulty(sheet, column, empty, "admission.empty"))
    whole = text.str.contains(_WHOLE).fill_null(False)
    found.append(_faulty(sheet, column, ~whole & ~empty, "admission.not_whole"))
    text = text.set(~whole, None)
    long = (text.str.strip_chars_start("+-0").str.len_chars() > _LONGEST_PLAIN).fill_null(False)
    if least is None and most is None and long.any():
        return text.alias(column)
    numbers = text.set(long, None).str.strip_chars_start("+").cast(pl.Int64)
    outside = long
    if least is not None:
        low = (numbers < least).fill_null(False) | (long & text.str.starts_with("-").fill_null(False))
        found.append(_faulty(sheet, column, low, "admission.too_small", limit=least))
        outside = outside & ~low
    if most is not None:
        high = (numbers > most).fill_null(False) | outside
        found.append(_faulty(sheet, column, high, "admission.too_large", limit=most))
    return numbers.alias(column)


def _faulty(sheet: Sheet, column: str, mask: pl.Series, code: str, **parameters: int) -> pl.DataFrame:
    if not mask.any():
        return faults.none()
    return _rows(sheet, column, sheet.frame.filter(mask), code, "error", **parameters)


def _rows(
    sheet: Sheet, column: str, rows: pl.DataFrame, code: str, severity: str, **parameters: int
) -> pl.DataFrame:
    return faults.of_rows(
        rows,
        code,
        severity,
        table=sheet.table,
        places=[(sheet.file, sheet.name)],
        heading=column,
        field=column,
        value=pl.col(column),
        parameters={"column": column, **parameters},
    )
