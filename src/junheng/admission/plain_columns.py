"""Columns of a plain table: identifiers as text in one form, numbers exact; what does not fit becomes a
fault."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from junheng.data import faults
from junheng.data.file_kinds import open_safely
from junheng.data.reading import RawSheet, as_text, parquet_columns, read_opened
from junheng.data.refusal import refuse

_INVISIBLE = r"[\u200b\u200c\u200d\u2060\ufeff\u00ad]"
_WHOLE = r"^[+-]?\d+$"
_LONGEST_PLAIN = 18
"""Digits that always fit 64 bits."""
_LOOK_FOR_HEADING_IN = 60
_WIDEST = 16
"""Numbers used as identifiers are looked up in a table at most so many times as long as there are names."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table under its own headings, as text (or whole numbers, see `read`), with the file's row of each of
    its rows."""

    table: str
    file: str
    name: str
    frame: pl.DataFrame
    repeated: tuple[str, ...]
    doubts: pl.DataFrame


Given = Path | pl.DataFrame | Sheet
"""A table as a file, as a frame, or read already."""


def read(given: Given, table: str, *, numbers: bool = False) -> Sheet:
    """The first visible sheet that holds anything; its headings are the first row naming an id column, else
    the first row. A frame is named by its table. With `numbers`, columns that a frame or a Parquet file keeps
    as whole numbers stay so; all else is text. Raises BadData when the file cannot be read or is empty."""
    if isinstance(given, Sheet):
        return given
    if isinstance(given, pl.DataFrame):
        return _typed(given, table, table, numbers)
    opened = open_safely(given)
    if opened.kind == "parquet" and not opened.misnamed:
        return _typed(parquet_columns(opened), table, given.name, numbers)
    file = read_opened(opened)
    for raw in file.sheets:
        if not raw.hidden and raw.grid.height and raw.grid.width:
            return _sheet(raw, table, file.faults)
    raise refuse("intake.file_empty", given.name)


def _typed(frame: pl.DataFrame, table: str, file: str, numbers: bool) -> Sheet:
    """Columns under their own names; rows are counted as below a row of headings."""
    kept, repeated = _headings(frame.columns, [_heading(name) for name in frame.columns])
    whole = frame.select(
        (frame[column] if numbers and frame[column].dtype.is_integer() else as_text(frame[column])).alias(
            name
        )
        for column, name in kept.items()
    ).with_row_index(faults.ROW, 2)
    return Sheet(table, file, "", _filled(whole, list(kept.values())), repeated, faults.none())


def _sheet(raw: RawSheet, table: str, doubts: pl.DataFrame) -> Sheet:
    first, names = 0, [""]
    for at, row in enumerate(raw.grid.head(_LOOK_FOR_HEADING_IN).iter_rows()):
        cells = [_heading(cell) for cell in row]
        if at == 0:
            names = cells
        if any(cell in ("program_id", "applicant_id") for cell in cells):
            first, names = at, cells
            break
    kept, repeated = _headings(raw.grid.columns, names)
    body = _filled(raw.grid.with_row_index(faults.ROW, 1).slice(first + 1), raw.grid.columns)
    frame = body.select(faults.ROW, *(pl.col(column).alias(name) for column, name in kept.items()))
    return Sheet(table, raw.file, raw.name, frame, repeated, doubts)


def _headings(columns: Sequence[str], names: Sequence[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Name of each column that has one, the first of a name alone; and the names that come again."""
    kept: dict[str, str] = {}
    repeated: list[str] = []
    for column, name in zip(columns, names, strict=False):
        if name and name in kept.values():
            repeated.append(name)
        elif name:
            kept[column] = name
    return kept, tuple(repeated)


def _filled(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Rows in which anything stands; columns are looked at until no row is left in doubt."""
    empty = pl.repeat(True, frame.height, dtype=pl.Boolean, eager=True)
    for column in columns:
        cells = frame[column]
        blank = cells.is_null()
        if cells.dtype == pl.String:
            blank = blank | (cells.str.strip_chars() == "").fill_null(True)
        empty = empty & blank
        if not empty.any():
            return frame
    return frame.filter(~empty)


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
    raw = sheet.frame[column].cast(pl.String)
    if raw.str.contains(r"[^\x21-\x7e]").any():
        plain = raw.str.normalize("NFKC").str.replace_all(_INVISIBLE, "").str.strip_chars()
    else:
        plain = raw
    ids = plain.set((plain == "").fill_null(False), None)
    found.append(_faulty(sheet, column, ids.is_null(), "admission.empty"))
    if plain is raw:
        return ids.alias(column)
    changed = (ids != raw).fill_null(False)
    if changed.any():
        rows = sheet.frame.filter(changed)
        found.append(
            _rows(sheet, column, rows.head(1), "admission.written_otherwise", "warning", count=rows.height)
        )
    return ids.alias(column)


@dataclass(frozen=True, slots=True)
class Names:
    """Identifiers that are known, each once; `whole` are they as numbers where the table keeps them so."""

    text: pl.Series
    whole: pl.Series | None = None


def keyed(sheet: Sheet, column: str, found: list[pl.DataFrame]) -> tuple[pl.Series, Names]:
    """Identifiers of a table that names each thing once, null where empty, and the names."""
    raw = sheet.frame[column]
    ids = identifiers(sheet, column, found)
    whole = raw if raw.dtype.is_integer() else None
    if not ids.null_count() and (ids if whole is None else whole).n_unique() == ids.len():
        return ids, Names(ids, whole)
    frame = sheet.frame.with_columns(ids.alias("__id"), raw.cast(pl.String))
    twice = (
        frame.filter(pl.col("__id").is_not_null() & (pl.len().over("__id") > 1))
        .with_columns(
            pl.col(faults.ROW).first().over("__id").alias("__first"),
            pl.col(column).first().over("__id").alias("__as"),
        )
        .filter(pl.col(faults.ROW) != pl.col("__first"))
    )
    same = twice.filter(pl.col(column) == pl.col("__as"))
    other = twice.filter(pl.col(column) != pl.col("__as"))
    first = pl.col("__first")
    found.append(faults_at(sheet, same, "admission.repeated_id", column, first=first))
    found.append(faults_at(sheet, other, "admission.ids_collide", column, first=first, other=pl.col("__as")))
    return ids, Names(ids.drop_nulls().unique(maintain_order=True))


def numbered(
    sheet: Sheet, column: str, known: Names, found: list[pl.DataFrame]
) -> tuple[NDArray[np.int32], pl.Series]:
    """Number of each identifier of the column and the names numbered: those known first, then strangers, each
    of which is a fault that says when it is known with leading zeros; -1 where empty."""
    number = _places(sheet.frame[column], known)
    odd = number < 0
    if not odd.any():
        return number, known.text
    rest = replace(sheet, frame=sheet.frame.filter(odd))
    ids = identifiers(rest, column, found)
    found.extend(_unknown(rest, ids, column, known.text))
    names = pl.concat([known.text, ids.drop_nulls()]).unique(maintain_order=True)
    number[odd] = _places(ids, Names(names))
    return number, names


def _places(raw: pl.Series, names: Names) -> NDArray[np.int32]:
    """Place of each cell among the names, -1 where it is none of them."""
    if raw.dtype.is_integer() and names.whole is not None and not raw.null_count() and names.whole.len():
        whole = names.whole.cast(pl.Int64).to_numpy()
        low, width = int(whole.min()), int(whole.max()) - int(whole.min()) + 1
        if width <= _WIDEST * whole.size:
            table = np.full(width, -1, np.int32)
            table[whole - low] = np.arange(whole.size, dtype=np.int32)
            cells = raw if raw.dtype == pl.Int32 else raw.cast(pl.Int64)
            return _looked_up(cells.to_numpy(), low, table)
    place = raw.cast(pl.String).cast(pl.Enum(names.text), strict=False).to_physical()
    return np.array(place.cast(pl.Int32).fill_null(-1))


@njit(cache=True)
def _looked_up(cells: NDArray[Any], low: int, table: NDArray[np.int32]) -> NDArray[np.int32]:
    found = np.empty(cells.size, np.int32)
    for at in range(cells.size):
        place = cells[at] - low
        found[at] = table[place] if 0 <= place < table.size else -1
    return found


def _unknown(sheet: Sheet, ids: pl.Series, column: str, names: pl.Series) -> Iterator[pl.DataFrame]:
    """Fault for every identifier that the other table lacks; says when it has it with leading zeros."""
    strangers = sheet.frame.with_columns(ids).filter(ids.is_not_null() & ~ids.is_in(names.implode()))
    if strangers.is_empty():
        return
    bare = (
        names.to_frame("near")
        .with_columns(pl.col("near").str.strip_chars_start("0").alias("bare"))
        .filter(pl.len().over("bare") == 1)
    )
    hinted = strangers.with_columns(pl.col(column).str.strip_chars_start("0").alias("bare")).join(
        bare, on="bare", how="left", maintain_order="left"
    )
    lost = hinted.filter(pl.col("near").is_not_null())
    yield faults_at(sheet, lost, "admission.unknown_zeros", column, near=pl.col("near"))
    yield faults_at(sheet, hinted.filter(pl.col("near").is_null()), "admission.unknown_id", column)


def faults_at(
    sheet: Sheet, rows: pl.DataFrame, code: str, column: str, **parameters: pl.Expr
) -> pl.DataFrame:
    """One fault for each row, with the value of the column."""
    return faults.of_rows(
        rows.with_columns(pl.lit(0).alias(faults.SOURCE)),
        code,
        "error",
        table=sheet.table,
        places=[(sheet.file, sheet.name)],
        heading=column,
        field=column,
        value=pl.col(column).cast(pl.String),
        parameters=parameters,
    )


def whole_numbers(
    sheet: Sheet, column: str, found: list[pl.DataFrame], *, least: int | None = None, most: int | None = None
) -> pl.Series:
    """The column as 64-bit whole numbers, null where faulty; without limits numbers may be of any length and
    then stay text."""
    raw = sheet.frame[column]
    numbers = raw.cast(pl.Int64, strict=False)
    low, high = numbers.min(), numbers.max()
    if not numbers.null_count() and isinstance(low, int) and isinstance(high, int):
        plain = max(-low, high) < 10**_LONGEST_PLAIN
        if plain and (least is None or low >= least) and (most is None or high <= most):
            return numbers.alias(column)
    text = raw.cast(pl.String).str.strip_chars()
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
        rows.with_columns(pl.lit(0).alias(faults.SOURCE)),
        code,
        severity,
        table=sheet.table,
        places=[(sheet.file, sheet.name)],
        heading=column,
        field=column,
        value=pl.col(column),
        parameters={"column": column, **parameters},
    )
