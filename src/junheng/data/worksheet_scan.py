"""What a worksheet's XML says before a parser allocates anything for it.

The Excel reader lays a sheet out as a dense grid from its first to its last used cell: two cells in
opposite corners cost 17 thousand million empty ones. It also drops error values and formulas that were
never computed without a word. This pass reads the XML as bytes, in chunks, and reports extent, merged
ranges and such cells.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.etree.ElementTree import ParseError

import numpy as np
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from numpy.typing import NDArray

from junheng.data.refusal import refuse

MAX_CELLS = 60_000_000
MAX_COLUMNS = 4_000
"""No table of a bureau has more; pivoted sheets stay in the hundreds."""
MAX_ROWS = 1_048_576
MAX_LISTED = 100_000

_CHUNK = 8 << 20
_LONGEST_CELL = 32 << 20
_CELL = rb'<(?:\w+:)?c\b[^<>]*?\br="([A-Z]{1,3}\d{1,7})"'
_ERROR = re.compile(_CELL + rb'[^<>]*\bt="e"[^<>]*>(?:<f[^<>]*>[^<]*</f>|<f[^<>]*/>)?<v>([^<]*)</v>')
_UNCOMPUTED = re.compile(
    _CELL + rb"[^<>]*>\s*(?:<f[^<>]*>[^<]*</f>|<f[^<>]*/>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</(?:\w+:)?c>"
)
_LOST_DIGITS = re.compile(_CELL + rb"[^<>]*><v>(\d{16,}|\d(?:\.\d+)?[eE]\+?\d+)</v>")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^<>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_UNUSUAL_REFERENCE = re.compile(rb'r="(?:[A-Za-z]{2,}\d|[A-Za-z]\d{7})')
"""Beyond column Z or row 999,999: only then are all references of a chunk looked at one by one. Within them
a sheet has at most 26 million cells."""
_LETTERS = re.compile(rb'r="([A-Za-z]{2,})\d')
_ONE_LETTER = re.compile(rb'<(?:\w+:)?c\b[^<>]*?\br="([A-Z])\d')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^<>]*?\br="(\d+)"')
_ANY_ROW = re.compile(rb'r="[A-Za-z]+(\d+)')
_FOREIGN_QUOTES = re.compile(rb"""\br\s*=\s*['"]""")
_ODD = (b"'", b"r =", b"r\t=", b"r\n=", b"r\r=", b'= "', b'=\t"', b'=\n"', b'=\r"')
"""What XML allows and no spreadsheet program writes: other quotes, space about the equals sign."""
_LAST_ROW = 1 << 16
_PREFIX = re.compile(rb"<[^<>\s:/?!]{1,80}:(?=(?:c|row)[\s/>])")
"""What stands before the names of cells and rows where a program writes namespaces out."""
_LESS, _C, _R, _O, _W = b"<crow"
_ENDS_NAME = np.frombuffer(b" \t\r\n/>", dtype=np.uint8)
_LONG_NUMBER = re.compile(rb"<v>(?:\d{16}|\d(?:\.\d+)?[eE])")
_SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(slots=True)
class Cell:
    """A cell by Excel's numbers: the first row and column are 1."""

    row: int
    column: int
    text: str = ""


@dataclass(slots=True)
class SheetScan:
    """What was seen of one sheet. `first_column` is where the reader's grid begins."""

    name: str
    hidden: bool = False
    first_column: int = 1
    last_column: int = 0
    last_row: int = 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list[tuple[int, int, int, int]])
    error_cells: list[Cell] = field(default_factory=list[Cell])
    uncomputed: list[Cell] = field(default_factory=list[Cell])
    lost_digits: list[Cell] = field(default_factory=list[Cell])


@dataclass(slots=True)
class BookScan:
    """Sheets in order."""

    sheets: list[SheetScan]


def column_number(letters: str) -> int:
    """Number of a column by its letters: A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def scan(content: bytes, file: str) -> BookScan:
    """Scan an .xlsx or .xlsm workbook. Raises BadData when a sheet is too large to lay out or forged."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        try:
            parts = _sheet_parts(archive, names)
            sheets = [_scan_sheet(archive, part, name, hidden, file) for name, part, hidden in parts]
        except (ParseError, DefusedXmlException, KeyError, zipfile.BadZipFile, ValueError):
            raise refuse("intake.file_damaged", file) from None
    return BookScan(sheets)


def _sheet_parts(archive: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, str, bool]]:
    book = fromstring(archive.read("xl/workbook.xml"))
    known = {name.lower(): name for name in names}  # the reader does not tell large letters from small
    targets: dict[str, str] = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for relation in fromstring(archive.read("xl/_rels/workbook.xml.rels")):
            target = relation.get("Target", "").lstrip("/")
            part = target if target.startswith("xl/") else f"xl/{target}"
            targets[relation.get("Id", "")] = known.get(part.lower(), part)
    for sheet in book.iter(f"{_SPREADSHEET}sheet"):
        part = targets.get(sheet.get(_RELATION, ""), "")
        if part in names and "worksheet" in part.lower():
            yield sheet.get("name", ""), part, sheet.get("state", "visible") != "visible"


def _scan_sheet(archive: zipfile.ZipFile, part: str, name: str, hidden: bool, file: str) -> SheetScan:
    found = SheetScan(name, hidden)
    letters: set[bytes] = set()
    smallest = b"["
    last_row = 0
    unplaced = _Unplaced()
    merged: set[tuple[int, int, int, int]] = set()
    listed: dict[str, dict[bytes, str]] = {"error_cells": {}, "uncomputed": {}, "lost_digits": {}}
    with archive.open(part) as stream:
        for chunk in _chunks(stream):
            plain = _FOREIGN_QUOTES.sub(b'r="', chunk) if any(odd in chunk for odd in _ODD) else chunk
            if b":c" in plain or b":row" in plain:
                plain = _PREFIX.sub(b"<", plain)
            unplaced.take(plain)
            if smallest != b"A":
                smallest = min([smallest, *_ONE_LETTER.findall(plain)])
            last_row = max(last_row, *(int(row) for row in _ROW.findall(plain[-_LAST_ROW:])), 0)
            if _UNUSUAL_REFERENCE.search(plain):
                letters.update(_LETTERS.findall(plain))
                last_row = max(last_row, *map(int, set(_ANY_ROW.findall(plain))))
            if b't="e"' in chunk:
                listed["error_cells"].update(
                    (ref, text.decode("utf-8", "replace")) for ref, text in _ERROR.findall(chunk)
                )
            if b"<f" in chunk:
                listed["uncomputed"].update((ref, "") for ref in _UNCOMPUTED.findall(chunk))
            _note_lost_digits(chunk, listed["lost_digits"])
            if b"mergeCell" in chunk:
                merged.update(
                    (int(r1), column_number(c1.decode()), int(r2), column_number(c2.decode()))
                    for c1, r1, c2, r2 in _MERGE.findall(chunk)
                )
    wide = [column_number(letter.decode()) for letter in letters]
    found.first_column = column_number(smallest.decode()) if smallest != b"[" else min(wide, default=1)
    found.last_column = max(wide, default=26)
    found.last_row = last_row
    columns = max(found.last_column if wide else 0, unplaced.widest)
    if columns > MAX_COLUMNS:
        raise refuse("intake.too_many_columns", file, sheet=name, columns=columns, most=MAX_COLUMNS)
    if max(last_row, unplaced.rows) > MAX_ROWS:
        rows = max(last_row, unplaced.rows)
        raise refuse("intake.too_many_rows", file, sheet=name, rows=rows, most=MAX_ROWS)
    placed = found.last_column if wide else _columns_of_one_letter(archive, part)
    cells = (last_row + unplaced.rows) * (placed + unplaced.widest)
    if cells > MAX_CELLS:
        raise refuse("intake.sheet_too_large", file, sheet=name, rows=last_row, most=MAX_CELLS)
    found.merged = sorted(merged)[:MAX_LISTED]
    for attribute, cells_by_reference in listed.items():
        setattr(found, attribute, _cells(cells_by_reference))
    return found


class _Unplaced:
    """Rows and cells that do not begin by saying where they stand: the reader puts each behind the last one.

    `rows` of the sheet, and `widest`, the most such cells of one row. A program that says it later in the tag
    counts too, which only makes the bound wider.
    """

    def __init__(self) -> None:
        self.rows = self.widest = self._begun = 0

    def take(self, chunk: bytes) -> None:
        """Count one chunk; tags are never cut in two, rows may be."""
        if all(chunk.count(tag) == chunk.count(tag + b' r="') for tag in (b"<c", b"<row")):
            self._begun = 0 if b"<row" in chunk else self._begun
            return
        text = np.frombuffer(chunk + bytes(8), dtype=np.uint8)
        tags = np.flatnonzero(text[:-8] == _LESS)
        first = text[tags + 1]
        rows = tags[(first == _R) & (text[tags + 2] == _O) & (text[tags + 3] == _W)]
        cells = tags[(first == _C) & np.isin(text[tags + 2], _ENDS_NAME)]
        self.rows += int((~_placed(text, rows + 5)).sum())
        loose = cells[~_placed(text, cells + 3)]
        counts = np.diff(np.searchsorted(loose, rows), prepend=0, append=loose.size)
        counts[0] += self._begun
        self.widest = max(self.widest, int(counts.max()))
        self._begun = int(counts[-1])


def _placed(text: NDArray[np.uint8], at: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether `r="` stands at each position."""
    at = np.minimum(at, text.size - 3)
    return (text[at] == _R) & (text[at + 1] == ord("=")) & (text[at + 2] == ord('"'))


def _columns_of_one_letter(archive: zipfile.ZipFile, part: str) -> int:
    """Last column of a sheet whose columns all have one letter; the exact one matters only for long
    sheets."""
    with archive.open(part) as stream:
        head = stream.read(1 << 20)
    return column_number(max(_ONE_LETTER.findall(head), default=b"A").decode())


def _note_lost_digits(chunk: bytes, into: dict[bytes, str]) -> None:
    if len(into) < MAX_LISTED and _LONG_NUMBER.search(chunk):
        into.update((ref, text.decode()) for ref, text in _LOST_DIGITS.findall(chunk))


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    """Pieces that end before a cell begins, so that none is cut in two."""
    rest = b""
    while block := stream.read(_CHUNK):
        piece = rest + block
        cut = max(piece.rfind(b"<c "), piece.rfind(b"<c>"), piece.rfind(b":c "), piece.rfind(b":c>"), 0)
        if piece[cut : cut + 1] == b":":
            cut = max(piece.rfind(b"<", 0, cut), 0)
        if len(piece) - cut > _LONGEST_CELL:
            raise ValueError("a cell longer than Excel allows")
        rest = piece[cut:]
        yield piece[:cut]
    yield rest


def _cells(references: dict[bytes, str]) -> list[Cell]:
    cells: list[Cell] = []
    for reference, text in list(references.items())[:MAX_LISTED]:
        split = re.fullmatch(r"([A-Z]+)(\d+)", reference.decode())
        if split:
            cells.append(Cell(int(split[2]), column_number(split[1]), text))
    return sorted(cells, key=lambda cell: (cell.row, cell.column))
