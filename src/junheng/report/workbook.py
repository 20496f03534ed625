"""Every output table as a sheet of one workbook, with Chinese headings, units, notes and a cover."""

from __future__ import annotations

import datetime
import io
import math
import re
from collections.abc import Iterable
from typing import Any, cast

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
    names = [name for name in OUTPUTS if name not in NEVER and reading.table(name) is not None]
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
        columns = [column for column in table.columns if column.name in frame.columns]
        with_names = {"unit_code", "area_code"} & {column.name for column in columns}
        heads = self._heads(columns, bool(with_names))
        for place, (name, field, about) in enumerate(heads):
            sheet.write_string(0, place, name, styles.head)
            sheet.write_string(1, place, field, styles.name)
            sheet.write_string(2, place, about, styles.unit)
        kept = min(frame.height, MOST_ROWS)
        rows = frame.head(kept).select([column.name for column in columns]).rows(named=True)
        small = self._small(table)
        for index, row in enumerate(rows):
            self._row(index + HEADING_ROWS, columns, row, bool(with_names), small)
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
            if with_names and column.name in ("unit_code", "area_code"):
                heads.append((self.reading.say("col.unit"), "name", ""))
        return heads

    def _small(self, table: Table) -> tuple[str, ...]:
        """Columns that count children, protected together: one small value hides its whole range."""
        if not self.protection.active:
            return ()
        return tuple(c.name for c in table.columns if c.kind == "number" and c.unit.startswith("人"))

    def _row(
        self, line: int, columns: list[Column], row: dict[str, Any], with_names: bool, small: tuple[str, ...]
    ) -> None:
        fine = row.get("unit_kind", "area" if "area_code" in row else "region") in _FINE
        hide = fine and any(self.protection.small(row[name]) for name in small if row.get(name) is not None)
        place = 0
        for column in columns:
            value = row[column.name]
            if hide and column.name in small:
                shown = self.protection.mark if self.protection.small(value) else fmt.BLANK
                self.sheet.write_string(line, place, shown, self.styles.text)
            else:
                self._cell(line, place, column, value)
            place += 1
            if with_names and column.name in ("unit_code", "area_code"):
                kind = row.get("unit_kind", "area")
                self._string(line, place, self.reading.name(kind, value or ""))
                place += 1

    def _string(self, line: int, place: int, text: str, style: Format | None = None) -> None:
        """Text stays text: what looks like a formula also keeps its quote mark when the cell is edited."""
        chosen = self.styles.quoted if text.startswith(FORMULA_STARTS) else style or self.styles.text
        self.sheet.write_string(line, place, text[:32_767], chosen)

    def _cell(self, line: int, place: int, column: Column, value: Any) -> None:
        sheet, styles = self.sheet, self.styles
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            return
        if column.kind == "flag":
            sheet.write_string(line, place, self.reading.say("yes" if value else "no"), styles.text)
        elif column.kind == "share":
            sheet.write_number(line, place, value, styles.share)
        elif column.kind in ("year", "month"):
            sheet.write_number(line, place, value, styles.year)
        elif column.kind == "integer":
            sheet.write_number(line, place, value, styles.integer)
        elif column.kind == "number":
            sheet.write_number(line, place, value, styles.number if column.unit else styles.ratio)
        elif column.kind == "date":
            sheet.write_datetime(
                line,
                place,
                datetime.datetime.combine(cast(datetime.date, value), datetime.time()),
                styles.date,
            )
        else:
            self._string(line, place, self._worded(column, str(value)), styles.levels.get(str(value)))

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
