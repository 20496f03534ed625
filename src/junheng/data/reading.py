"""Files into sheets of strings: Excel, CSV and Parquet, every value as it stands, rows counted as Excel
counts.

Nothing is guessed about types here. A sheet is a grid: column `c0` is the first column of the file's sheet
and row 0 of the frame is row 1 in Excel.
"""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import fastexcel
import polars as pl
import polars.selectors as cs

from junheng.data import faults
from junheng.data.file_kinds import Opened, open_safely
from junheng.data.refusal import refuse
from junheng.data.workbook_parts import MAX_UNFOLDED_BYTES
from junheng.data.worksheet_scan import MAX_CELLS, MAX_COLUMNS, BookScan, SheetScan, scan

logging.getLogger("calamine").addHandler(logging.NullHandler())  # the parser's asides are not for users

_PREFIX = "c"
_SEPARATORS = (",", "\t", ";", "|", "，")
_HEAD_LINES = 200
_GLANCE = 4096
_NOTHING = "\ufeff \t\r\n,;"


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet as a grid of strings. `name` is empty for files without sheets. `scan` holds what only the
    worksheet's XML tells (merged ranges, error cells); None where there is none."""

    file: str
    name: str
    grid: pl.DataFrame
    hidden: bool = False
    scan: SheetScan | None = None


@dataclass(frozen=True, slots=True)
class RawFile:
    """Everything read of one file, with doubts about the file itself."""

    path: Path
    kind: str
    sheets: list[RawSheet]
    faults: pl.DataFrame = field(default_factory=faults.none)


def read_file(path: Path) -> RawFile:
    """Read every sheet of a file. Raises BadData when the file as a whole cannot or must not be read."""
    return read_opened(open_safely(path))


def read_opened(opened: Opened) -> RawFile:
    """Read every sheet of a file found safe. Raises BadData when it cannot be read."""
    path = opened.path
    doubts: list[pl.DataFrame] = []
    if opened.misnamed:
        doubts.append(faults.one("intake.file_misnamed", "warning", file=path.name, kind=opened.kind))
    if opened.kind == "text":
        sheets = [_read_text(opened, doubts)]
    elif opened.kind == "parquet":
        sheets = [_read_parquet(opened)]
    elif opened.kind == "geojson":
        sheets = []
    else:
        sheets = list(_read_workbook(opened))
    return RawFile(path, opened.kind, sheets, faults.gather(doubts))


# ---------------------------------------------------------------- workbooks


def _read_workbook(opened: Opened) -> Iterator[RawSheet]:
    file = opened.path.name
    seen: BookScan | None = scan(opened.content, file) if opened.kind == "workbook" else None
    with _parsing(file):
        book = fastexcel.read_excel(opened.content)
        names = book.sheet_names
    scans = {sheet.name: sheet for sheet in seen.sheets} if seen else {}
    for name in names:
        with _parsing(file):
            sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            frame = sheet.to_polars() if sheet.width else pl.DataFrame()
            hidden = sheet.visible != "visible"
        found = scans.get(name)
        left = found.first_column - 1 if found else 0
        yield RawSheet(file, name, _as_grid(frame, left), hidden, found)


def _as_grid(frame: pl.DataFrame, left: int = 0) -> pl.DataFrame:
    """Columns c0, c1, … in the sheet's own numbering; `left` empty columns were dropped by the parser."""
    grid = frame.rename({old: f"{_PREFIX}{left + i}" for i, old in enumerate(frame.columns)})
    empty = [pl.lit(None, dtype=pl.String).alias(f"{_PREFIX}{i}") for i in range(left)]
    return grid.select(*empty, pl.all()) if empty and grid.width else grid


@contextmanager
def _parsing(file: str) -> Generator[None]:
    """Whatever a parser raises on a broken file becomes one sentence to its owner."""
    try:
        yield
    except MemoryError:
        raise refuse("intake.sheet_too_large", file, rows=0, most=MAX_CELLS) from None
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except (
        BaseException
    ) as error:  # parsers of foreign formats raise anything; native code panics past Exception
        text = str(error).lower()
        code = "intake.file_encrypted" if "password" in text or "encrypt" in text else "intake.file_damaged"
        raise refuse(code, file) from None


# ---------------------------------------------------------------- text


def decode(content: bytes, file: str) -> tuple[str, str]:
    """Text and the name of its encoding, chosen by content: a byte-order mark, else UTF-8, else GB18030."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                return content.decode(name), name
            except UnicodeDecodeError:
                raise refuse("intake.encoding_unknown", file) from None
    for name in ("utf-8", "gb18030"):
        try:
            return content.decode(name), name
        except UnicodeDecodeError:
            continue
    raise refuse("intake.encoding_unknown", file)


def _read_text(opened: Opened, doubts: list[pl.DataFrame]) -> RawSheet:
    file = opened.path.name
    text, encoding = decode(opened.content, file)
    if (at := text.find("\x00")) >= 0:
        raise refuse("intake.text_binary", file, line=text.count("\n", 0, at) + 1)
    if encoding == "gb18030" and _looks_garbled(text):
        doubts.append(faults.one("intake.encoding_doubtful", "warning", file=file))
    if not text[:_GLANCE].strip(_NOTHING) and not text.strip(_NOTHING):
        raise refuse("intake.file_empty", file)
    returns = "\r" in text
    text = text.replace("\r\n", "\n").replace("\r", "\n") if returns else text
    separator, width = _shape(text, file)
    if width * (text.count("\n") + 1) > MAX_CELLS:
        raise refuse("intake.sheet_too_large", file, rows=text.count("\n"), most=MAX_CELLS)
    as_it_stands = encoding == "utf-8" and not returns and separator != "，"
    if separator == "，":
        text, separator = text.replace("，", ","), ","
    names = [f"{_PREFIX}{i}" for i in range(width + 1)]
    try:
        grid = pl.read_csv(
            opened.content if as_it_stands else text.encode(),
            has_header=False,
            separator=separator,
            schema=dict.fromkeys(names, pl.String),
            infer_schema=False,
            truncate_ragged_lines=True,
            missing_columns="insert",
        )
    except Exception:  # a quote left open, mostly: the patient reader says where
        grid = _read_patiently(text, separator, names, file)
    if grid[names[-1]].null_count() < grid.height:
        longer = grid.with_row_index(faults.ROW, 1).filter(pl.col(names[-1]).is_not_null())
        doubts.append(
            faults.of_rows(
                longer.with_columns(pl.lit(0).alias(faults.SOURCE)),
                "intake.row_too_long",
                "error",
                table="",
                places=[(file, "")],
                value=pl.col(names[-1]),
                parameters={"columns": width},
            )
        )
    return RawSheet(file, "", grid.drop(names[-1]))


def _looks_garbled(text: str) -> bool:
    """GB18030 reads almost any bytes; text in another encoding shows as private-use and rare characters."""
    sample = [char for char in text[:20_000] if ord(char) > 127]
    odd = sum(0xE000 <= ord(c) <= 0xF8FF or ord(c) > 0xFFFF or 0x3400 <= ord(c) <= 0x4DBF for c in sample)
    return len(sample) > 20 and odd > 0.05 * len(sample)


def _shape(text: str, file: str) -> tuple[str, int]:
    """Separator and number of columns, from the first lines."""
    end = -1
    for _ in range(_HEAD_LINES):
        end = text.find("\n", end + 1)
        if end < 0 or end > 1 << 24:
            break
    head = text[:end] if end > 0 else text
    if head.count(",") > (1 << 20) and head.count("\n") < 3:
        raise refuse("intake.too_many_columns", file, columns=head.count(",") + 1, most=MAX_COLUMNS)
    best, width = ",", 1
    for separator in _SEPARATORS:
        try:
            rows = list(csv.reader(io.StringIO(head), delimiter=separator))
        except csv.Error:
            continue
        widths = sorted(len(row) for row in rows if row)
        if not widths:
            continue
        # the widest common shape wins; a title line above the table has one cell and does not count
        if (common := widths[len(widths) // 2]) > width or (width == 1 and widths[-1] > width and common > 1):
            best, width = separator, max(common, width)
    try:
        rows = list(csv.reader(io.StringIO(head), delimiter=best))
        first_full = next((len(row) for row in rows if len(row) >= max(2, width // 2)), width)
        width = max(width, first_full)
    except csv.Error:
        pass
    if width > MAX_COLUMNS:
        raise refuse("intake.too_many_columns", file, columns=width, most=MAX_COLUMNS)
    return best, width


def _read_patiently(text: str, separator: str, names: list[str], file: str) -> pl.DataFrame:
    rows: list[list[str | None]] = []
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    try:
        for row in reader:
            cut = [value or None for value in row[: len(names)]]
            rows.append(cut + [None] * (len(names) - len(cut)))
    except csv.Error:
        raise refuse("intake.quote_open", file, row=max(len(rows), 1), line=len(rows) + 1) from None
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


# ---------------------------------------------------------------- parquet


def _read_parquet(opened: Opened) -> RawSheet:
    """Parquet has no title rows: the column names become the first row, so that all sheets look alike."""
    frame = parquet_columns(opened)
    with _parsing(opened.path.name):
        text = frame.select(as_text(frame[name]) for name in frame.columns)
    heading = pl.DataFrame([list(text.columns)], schema=dict.fromkeys(text.columns, pl.String), orient="row")
    return RawSheet(opened.path.name, "", _as_grid(pl.concat([heading, text])))


def parquet_columns(opened: Opened) -> pl.DataFrame:
    """Columns of a Parquet file under their own names: whole numbers as numbers, all else as text."""
    file = opened.path.name
    with _parsing(file):
        schema = pl.read_parquet_schema(io.BytesIO(opened.content))
        rows = pl.scan_parquet(io.BytesIO(opened.content)).select(pl.len()).collect().item()
    if len(schema) > MAX_COLUMNS:
        raise refuse("intake.too_many_columns", file, columns=len(schema), most=MAX_COLUMNS)
    if nested := [name for name, kind in schema.items() if kind.is_nested()]:
        raise refuse("intake.parquet_nested", file, columns="、".join(nested[:8]))
    if rows * max(len(schema), 1) > MAX_CELLS:
        raise refuse("intake.sheet_too_large", file, rows=rows, most=MAX_CELLS)
    with _parsing(file):
        frame = pl.read_parquet(io.BytesIO(opened.content))
    written = sum(int(text.str.len_bytes().sum()) for text in frame.select(cs.string()).iter_columns())
    if written > MAX_UNFOLDED_BYTES:  # one long text may stand in a million rows
        raise refuse("intake.file_bomb", file, most=MAX_UNFOLDED_BYTES >> 20)
    with _parsing(file):
        return frame.select(
            frame[name] if frame[name].dtype.is_integer() else as_text(frame[name]) for name in frame.columns
        )


def as_text(values: pl.Series) -> pl.Series:
    """Values of a column as a sheet would show them."""
    if values.dtype == pl.String:
        return values
    if values.dtype.is_float():
        whole = values.cast(pl.Int64, strict=False)
        as_whole = pl.select(
            pl.when(whole.cast(pl.Float64) == values)
            .then(whole.cast(pl.String))
            .otherwise(values.cast(pl.String))
        ).to_series()
        return as_whole.alias(values.name)
    if values.dtype == pl.Binary:
        return pl.Series(values.name, [None if v is None else str(v) for v in values.to_list()], pl.String)
    return values.cast(pl.String)
