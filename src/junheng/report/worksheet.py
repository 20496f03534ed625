"""One table on one sheet: headings, units, types, words, and what is hidden from the public."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from junheng.model import Table
from junheng.model.codes import CODE_LISTS
from junheng.model.column import Column
from junheng.model.reason import Language
from junheng.report import format as fmt
from junheng.report import wording
from junheng.report.reading import BASE, Reading
from junheng.report.sections import evidence, warnings
from junheng.report.suppression import Protection
from junheng.report.tokens import colour

HEADING_ROWS = 3
MOST_ROWS = 100_000
"""Beyond this a sheet is no longer read by anyone; the whole table stands in the run's folder."""
ALL_GRADES = "all"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SPOKEN = (
    ("reason_words", "report.col.reason"),
    ("lever_words", "report.col.lever"),
    ("finding_words", "report.col.what_of_all"),
)
"""Columns added in words, and their headings."""
MACHINE = ("reason_code", "reason_parameters", "lever", "lever_parameters", "code", "action", "parameters")
WORDS_WIDTH = 60.0
WORDED = ("component", "lever", "level", "severity", "unit_kind", "scenario", "kind", "verified")
_FINE = ("school", "area")
NAMED = ("unit_code", "area_code")
"""Columns beside which the unit's name is set."""
JSON_COLUMNS = ("reason_parameters", "lever_parameters")


def shortened(frame: pl.DataFrame) -> pl.DataFrame:
    """A table one can open and read: when too long the base scenario's totals over grades, if that is still
    too long towns and region without schools, at last its first rows."""
    if frame.height <= MOST_ROWS:
        return frame
    if "scenario" in frame.columns and (frame["scenario"] == BASE).any():
        frame = frame.filter(pl.col("scenario") == BASE)
    if "grade" in frame.columns and (frame["grade"] == ALL_GRADES).any():
        frame = frame.filter(pl.col("grade") == ALL_GRADES)
    if frame.height > MOST_ROWS and "unit_kind" in frame.columns and (frame["unit_kind"] != "school").any():
        frame = frame.filter(pl.col("unit_kind") != "school")
    return frame.head(MOST_ROWS)


class Styles:
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
        self.number = made(num_format="#,##0")
        self.share = made(num_format="0.0%")
        self.ratio = made(num_format="0.000")
        self.year = made(num_format="0")
        self.date = made(num_format="yyyy-mm-dd")
        self.declared = made(font_color=colour("declared"), bold=True, text_wrap=True)
        self.quiet = made(**quiet)
        self.levels = {
            level: made(bold=True, font_color=colour(level)) for level in ("red", "orange", "yellow")
        }


class Sheet:
    """One table on one sheet: names, field names and units above, frozen and filtered."""

    def __init__(self, sheet: Worksheet, styles: Styles, reading: Reading, protection: Protection) -> None:
        self.sheet, self.styles, self.reading, self.protection = sheet, styles, reading, protection
        self.language: Language = reading.language

    def write(self, table: Table, frame: pl.DataFrame) -> None:
        """Write all rows a sheet holds; says so when there are more."""
        sheet, styles = self.sheet, self.styles
        columns, frame = self._with_words(table, frame)
        with_names = bool(set(NAMED) & {column.name for column in columns})
        heads = self._heads(columns, with_names)
        for place, (name, field, about) in enumerate(heads):
            sheet.write_string(0, place, name, styles.head)
            sheet.write_string(1, place, field, styles.name)
            sheet.write_string(2, place, about, styles.unit)
        shown = shortened(frame)
        kept = shown.height
        self._rows(columns, shown, with_names, self._small(table))
        if kept < frame.height:
            text = self.reading.say("book.cut", rows=fmt.count(frame.height), kept=fmt.count(kept))
            sheet.write_string(kept + HEADING_ROWS, 0, text, styles.quiet)
        for place, (name, field, _) in enumerate(heads):
            wide = (
                WORDS_WIDTH
                if any(field == name for name, _ in SPOKEN)
                else min(max(10.0, _width(name) + 3), 26.0)
            )
            sheet.set_column(place, place, wide)
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

    def _with_words(self, table: Table, frame: pl.DataFrame) -> tuple[list[Column], pl.DataFrame]:
        """Columns in reading order: what a person reads first, codes and parameters for machines last."""
        reading, protection = self.reading, self.protection
        declared = [column for column in table.columns if column.name in frame.columns]
        told: dict[str, list[str]] = {}
        if table.name == "seat_warnings":
            rows = list(frame.iter_rows(named=True))
            told["reason_words"] = [warnings.reason_words(reading, protection, row) for row in rows]
            told["lever_words"] = [
                warnings.lever_words(reading, row["lever"], row["lever_parameters"]) for row in rows
            ]
        elif table.name == "forecast_findings":
            rows = list(frame.iter_rows(named=True))
            told["finding_words"] = [evidence.of_forecast(reading, protection, row)["what"] for row in rows]
        spoken = [
            Column(name, "text", wording.say(code, "zh"), wording.say(code, "en"), "", "")
            for name, code in SPOKEN
            if name in told
        ]
        if told:
            frame = frame.with_columns(pl.Series(name, words, pl.String) for name, words in told.items())
        machine = [column for column in declared if told and column.name in MACHINE]
        if protection.active:
            machine = [column for column in machine if column.name not in JSON_COLUMNS]
        first = [column for column in declared if not told or column.name not in MACHINE]
        return [*first, *spoken, *machine], frame

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
            code = f"report.{column.name}.{value}"
            if wording.has(code):
                return wording.say(code, self.language)
            return wording.name_of_word(value, self.language)
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
