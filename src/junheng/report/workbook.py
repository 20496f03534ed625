"""Every output table as a sheet of one workbook, with Chinese headings, units, notes and a cover."""

from __future__ import annotations

import datetime
import io
import math
import re
from collections.abc import Callable, Iterable
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from junheng.model import OUTPUTS, TABLES, Table
from junheng.model.codes import CODE_LISTS
from junheng.model.column import Column
from junheng.model.reason import Language
from junheng.report import format as fmt
from junheng.report import wording
from junheng.report.reading import Reading, ReportInput
from junheng.report.sections.evidence import standard_name, sureness, unit
from junheng.report.suppression import Audience, Protection
from junheng.report.tokens import colour

HEADING_ROWS = 3
MOST_ROWS = 1_048_576 - HEADING_ROWS - 1
SHEET_NAME_LENGTH = 31
NEVER = ("forecast_paths",)
"""Tables for other rooms, of no use to a reader; they stay in the run's folder."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
WORDED = ("component", "lever", "level", "severity")
_FINE = ("school", "area")
NAMED = ("unit_code", "area_code")
"""Columns beside which the unit's name is set."""
JSON_COLUMNS = ("reason_parameters", "lever_parameters")
PRIVATE = ("forecast_findings",)
"""Tables that speak of single schools' counts in words: not in the public form."""
_UNSAFE_IN_NAME = re.compile(r"[\[\]:*?/\\']")


def workbook(
    source: ReportInput,
    *,
    language: Language = "zh",
    audience: Audience = "bureau",
    minimum: int = 10,
) -> bytes:
    """tables.xlsx: a cover, then one sheet per output table present. Same input, same bytes.

    Text is written as text (never a formula, never a link), identifiers too. In the public form counts of
    children below `minimum` at school and town level are shown as "<10", ranges about them left out.
    """
    reading = Reading(source, language)
    protection = Protection(audience, minimum)
    held = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    book = xlsxwriter.Workbook(held, options)
    when = datetime.datetime(reading.origin or 2000, 9, 1)
    book.set_properties(
        {"title": reading.say("title", region=reading.region_name), "author": "Junheng", "created": when}
    )
    styles = _Styles(book)
    left_out = (*NEVER, *(PRIVATE if protection.active else ()))
    names = [name for name in OUTPUTS if name not in left_out and reading.table(name) is not None]
    cover = book.add_worksheet(_sheet_name(reading.say("book.cover"), set()))
    used: set[str] = {reading.say("book.cover")}
    sheets: list[tuple[str, str, int]] = []
    for name in names:
        table = TABLES[name]
        title = _sheet_name(table.zh if language == "zh" else table.en, used)
        used.add(title)
        frame = reading.table(name)
        assert frame is not None
        _Sheet(book.add_worksheet(title), styles, reading, protection).write(table, frame)
        sheets.append((title, table.about_zh if language == "zh" else table.about_en, frame.height))
    if source.citations:
        title = _sheet_name(reading.say("book.standards"), used)
        _standards(book.add_worksheet(title), styles, reading)
        sheets.append((title, reading.say("std.caption"), len(source.citations)))
    _cover(cover, styles, reading, protection, sheets)
    book.close()
    return held.getvalue()


def _sheet_name(wanted: str, used: set[str]) -> str:
    """A name Excel accepts: no forbidden character, 31 characters, unique without regard to case."""
    base = _UNSAFE_IN_NAME.sub(" ", wanted).strip()[:SHEET_NAME_LENGTH] or "sheet"
    name, number = base, 2
    while name.lower() in {one.lower() for one in used}:
        name = f"{base[: SHEET_NAME_LENGTH - 3]} {number}"
        number += 1
    return name


class _Styles:
    """Formats of the workbook, made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        base = {"font_name": "等线", "font_size": 10, "font_color": colour("ink"), "valign": "top"}

        def made(**more: Any) -> Format:
            return book.add_format({**base, **more})

        line = {"bottom": 1, "bottom_color": colour("rule")}
        quiet = {"font_color": colour("secondary"), "font_size": 9}
        self.title = made(font_size=16, bold=True)
        self.head = made(bold=True, bg_color=colour("ground"), text_wrap=True)
        self.name = made(bg_color=colour("ground"), **quiet)
        self.unit = made(bg_color=colour("ground"), **quiet, **line)
        self.text = made()
        self.wrapped = made(text_wrap=True)
        self.quoted = made(quote_prefix=True)
        self.integer = made(num_format="#,##0")
        self.number = made(num_format="#,##0.0")
        self.share = made(num_format="0.0%")
        self.ratio = made(num_format="0.000")
        self.year = made(num_format="0")
        self.date = made(num_format="yyyy-mm-dd")
        self.declared = made(font_color=colour("declared"), bold=True, text_wrap=True)
        self.quiet = made(**quiet)
        self.levels = {
            level: made(bold=True, font_color=colour(level)) for level in ("red", "orange", "yellow")
        }


class _Sheet:
    """One table on one sheet: names, field names and units above, frozen and filtered."""

    def __init__(self, sheet: Worksheet, styles: _Styles, reading: Reading, protection: Protection) -> None:
        self.sheet, self.styles, self.reading, self.protection = sheet, styles, reading, protection
        self.language: Language = reading.language

    def write(self, table: Table, frame: pl.DataFrame) -> None:
        """Write all rows a sheet holds; says so when there are more."""
        sheet, styles = self.sheet, self.styles
        columns = [
            column
            for column in table.columns
            if column.name in frame.columns and not (self.protection.active and column.name in JSON_COLUMNS)
        ]
        with_names = bool(set(NAMED) & {column.name for column in columns})
        heads = self._heads(columns, with_names)
        for place, (name, field, about) in enumerate(heads):
            sheet.write_string(0, place, name, styles.head)
            sheet.write_string(1, place, field, styles.name)
            sheet.write_string(2, place, about, styles.unit)
        kept = min(frame.height, MOST_ROWS)
        self._rows(columns, frame.head(kept), with_names, self._small(table))
        if kept < frame.height:
            sheet.write_string(
                kept + HEADING_ROWS, 0, self.reading.say("book.cut", rows=frame.height, kept=kept)
            )
        for place, (name, _, _) in enumerate(heads):
            sheet.set_column(place, place, min(max(10.0, _width(name) + 3), 26.0))
        sheet.freeze_panes(HEADING_ROWS, _frozen(columns))
        sheet.autofilter(HEADING_ROWS - 1, 0, HEADING_ROWS - 1 + kept, len(heads) - 1)
        sheet.repeat_rows(0, HEADING_ROWS - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        footer = self.reading.region_name + " " + str(self.reading.source.run.get("id") or "")
        if self.reading.source.region.synthetic:
            footer = self.reading.say("declared_short") + " " + footer
        sheet.set_footer("&L" + footer.replace("&", "&&") + "&R&P / &N")

    def _heads(self, columns: list[Column], with_names: bool) -> list[tuple[str, str, str]]:
        heads: list[tuple[str, str, str]] = []
        for column in columns:
            chinese, _, english = column.unit.partition(" ")
            measure = chinese if self.language == "zh" else english or chinese
            heads.append((column.zh if self.language == "zh" else column.en, column.name, measure))
            if with_names and column.name in NAMED:
                heads.append((self.reading.say("col.unit"), "name", ""))
        return heads

    def _small(self, table: Table) -> tuple[str, ...]:
        """Columns that count children, protected together: one small value hides its whole row of counts."""
        if not self.protection.active:
            return ()
        return tuple(c.name for c in table.columns if c.kind == "number" and c.unit.startswith("人"))

    def _rows(self, columns: list[Column], frame: pl.DataFrame, named: bool, small: tuple[str, ...]) -> None:
        writers = [self._writer(column) for column in columns]
        places: list[int] = []
        for index in range(len(columns)):
            before = columns[index - 1].name if index else ""
            places.append((places[-1] if places else -1) + (2 if named and before in NAMED else 1))
        names = [column.name for column in columns]
        counted = [index for index, column in enumerate(columns) if column.kind == "number"]
        watched = [names.index(name) for name in small if name in names]
        kind_at = names.index("unit_kind") if "unit_kind" in names else None
        code_at = next((index for index, name in enumerate(names) if name in NAMED), None) if named else None
        for line, row in enumerate(frame.select(names).iter_rows(), start=HEADING_ROWS):
            kind = row[kind_at] if kind_at is not None else "area" if "area_code" in names else "region"
            hide = kind in _FINE and any(
                self.protection.small(abs(row[i])) for i in watched if row[i] is not None
            )
            for index, value in enumerate(row):
                if value is None:
                    continue
                if hide and index in counted:
                    shown = (
                        self.protection.mark
                        if index in watched and self.protection.small(value)
                        else fmt.BLANK
                    )
                    self.sheet.write_string(line, places[index], shown, self.styles.text)
                else:
                    writers[index](line, places[index], value)
            if code_at is not None:
                self._string(line, places[code_at] + 1, self.reading.name(kind, row[code_at] or ""))

    def _string(self, line: int, place: int, text: str, style: Format | None = None) -> None:
        """Text stays text: what looks like a formula also keeps its quote mark when the cell is edited."""
        chosen = self.styles.quoted if text.startswith(FORMULA_STARTS) else style or self.styles.text
        self.sheet.write_string(line, place, text[:32_767], chosen)

    def _writer(self, column: Column) -> Callable[[int, int, Any], None]:
        """How cells of a column are written; shares keep five decimals, other numbers three."""
        sheet, styles = self.sheet, self.styles
        if column.kind == "flag":
            words = {flag: self.reading.say("yes" if flag else "no") for flag in (True, False)}
            return lambda line, place, value: _done(
                sheet.write_string(line, place, words[value], styles.text)
            )
        if column.kind == "date":
            return lambda line, place, value: _done(
                sheet.write_datetime(
                    line, place, datetime.datetime.combine(value, datetime.time()), styles.date
                )
            )
        if column.kind in ("code", "text"):
            return lambda line, place, value: self._string(
                line, place, self._worded(column, value), styles.levels.get(value)
            )
        style = {
            "share": styles.share,
            "year": styles.year,
            "month": styles.year,
            "integer": styles.integer,
        }.get(column.kind, styles.number if column.unit else styles.ratio)
        decimals = 5 if column.kind == "share" or not column.unit else 3

        def number(line: int, place: int, value: float) -> None:
            if math.isfinite(value):
                sheet.write_number(line, place, round(value, decimals), style)

        return number

    def _worded(self, column: Column, value: str) -> str:
        if column.codes in CODE_LISTS:
            return wording.code_name(column.codes, value, self.language)
        if column.name in WORDED:
            for code in (
                f"report.level.{value}",
                f"report.severity.{value}",
                f"component.{value}",
                f"lever.{value}",
            ):
                if wording.has(code):
                    return wording.say(code, self.language)
        if column.name == "band" and wording.has(f"report.band.{value}"):
            return self.reading.say(f"band.{value}")
        return value


def _done(_: int) -> None:
    """XlsxWriter answers with a status that only matters beyond a sheet's limits, which are kept."""


def _width(text: str) -> float:
    return sum(2.0 if ord(c) > 0x2E7F else 1.0 for c in text)


def _frozen(columns: Iterable[Column]) -> int:
    """Columns kept in view: those up to and with the unit's name."""
    names = [column.name for column in columns]
    for name in ("unit_code", "area_code", "warning_id", "finding_id"):
        if name in names:
            return names.index(name) + (2 if name.endswith("_code") else 1)
    return 1


def _standards(sheet: Worksheet, styles: _Styles, reading: Reading) -> None:
    heads = [reading.say(f"col.{name}") for name in ("standard", "value", "document", "sure")]
    for place, (head, width) in enumerate(zip([*heads, "rule_id"], (28, 16, 60, 12, 36), strict=True)):
        sheet.write_string(0, place, head, styles.head)
        sheet.set_column(place, place, width)
    ordered = sorted(reading.source.citations, key=lambda one: (one.verified == "ours", one.rule_id))
    for line, one in enumerate(ordered, start=1):
        cells = (
            standard_name(reading, one),
            f"{fmt.plain(one.value)} {unit(one, reading.language)}".strip(),
            one.citation(reading.language),
            sureness(reading, one),
            one.rule_id,
        )
        for place, text in enumerate(cells):
            sheet.write_string(line, place, text, styles.wrapped)
    sheet.freeze_panes(1, 0)


def _cover(
    sheet: Worksheet,
    styles: _Styles,
    reading: Reading,
    protection: Protection,
    sheets: list[tuple[str, str, int]],
) -> None:
    say, run = reading.say, reading.source.run
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 84)
    sheet.set_column(2, 2, 12)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, say("title", region=reading.region_name), styles.title)
    line = 1
    if reading.source.region.synthetic:
        sheet.merge_range(line, 0, line, 2, "", styles.declared)
        sheet.write_string(line, 0, say("declared", region=reading.region_name), styles.declared)
        sheet.set_row(line, 30)
        line += 1
    line += 1
    for name in ("id", "origin_year", "seed", "draws", "software", "rules_digest"):
        if run.get(name) not in (None, ""):
            sheet.write_string(line, 0, say(f"run.{name}"), styles.head)
            sheet.write_string(line, 1, str(run[name]), styles.text)
            line += 1
    for table, digest in sorted((run.get("inputs") or {}).items()):
        known = TABLES.get(table)
        name = (known.zh if reading.language == "zh" else known.en) if known else str(table)
        sheet.write_string(line, 0, say("run.input", table=name), styles.head)
        sheet.write_string(line, 1, str(digest), styles.text)
        line += 1
    line += 1
    for place, head in enumerate((say("book.sheets"), say("book.about"), say("col.rows"))):
        sheet.write_string(line, place, head, styles.head)
    for title, about, rows in sheets:
        line += 1
        safe = title.replace("'", "''")
        sheet.write_url(line, 0, f"internal:'{safe}'!A1", styles.text, title)
        sheet.write_string(line, 1, about, styles.wrapped)
        sheet.write_number(line, 2, rows, styles.integer)
    notes = [say("book.units_cover"), *([say("public_note")] if protection.active else [])]
    for note in notes:
        line += 2
        sheet.write_string(line, 0, note, styles.quiet)
