"""The self-evaluation as a workbook: by item, by school, by school and item, with exceptions and sources."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from junheng.model.reason import Language
from junheng.monitoring.assessment_result import AssessmentResult
from junheng.monitoring.assessment_row import ItemRow
from junheng.monitoring.status import MET, UNMET
from junheng.report import wording
from junheng.report.assessment.document import assemble
from junheng.report.assessment.headline import headline
from junheng.report.assessment.words import Words
from junheng.report.tokens import colour
from junheng.report.worksheet import FORMULA_STARTS, Styles
from junheng.rules.indicator import Indicator

OF_COUNTY, OF_SCHOOL = "county", "school"
TITLE_ROWS = 2
_UNSAFE = re.compile(r"[\[\]:*?/\\']")
Written = str | float | int | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: heading, width in characters, and the format of its numbers (text if none)."""

    head: str
    width: float
    form: str = ""


def workbook(
    result: AssessmentResult, indicators: Mapping[str, Indicator], *, language: Language = "zh"
) -> bytes:
    """xlsx with six or seven sheets. Same input, same bytes; text stays text, numbers stay numbers.

    Unmet results stand in red and bold, unknown ones in brown; sheets are frozen, filtered, set to print.
    """
    words = Words(result, language, indicators)
    held = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(held, options)
    report = assemble(words)
    book.set_properties(
        {"title": report.title, "author": "Junheng", "created": datetime.datetime(result.year, 9, 1)}
    )
    sheets = _Sheets(book, words)
    sheets.overview(report.title, report.declared, headline(words))
    sheets.items()
    if any(row.level == OF_SCHOOL for row in result.results):
        sheets.schools()
        sheets.school_items()
    sheets.balance()
    sheets.exceptions()
    sheets.sources()
    book.close()
    return held.getvalue()


class _Sheets:
    """The sheets of one workbook, written in order."""

    def __init__(self, book: xlsxwriter.Workbook, words: Words) -> None:
        self.book, self.words, self.styles = book, words, Styles(book)
        base = {"font_name": "等线", "font_size": 10, "valign": "top"}
        self.colours: dict[str, Format] = {
            MET: self.styles.text,
            UNMET: book.add_format({**base, "bold": True, "font_color": colour("red")}),
            "open": book.add_format({**base, "font_color": colour("declared")}),
        }
        decimal = {**base, "font_color": colour("ink")}
        self.forms: dict[str, Format] = {
            "whole": self.styles.integer,
            "two": book.add_format({**decimal, "num_format": "#,##0.00"}),
            "three": book.add_format({**decimal, "num_format": "0.000"}),
            "share": self.styles.share,
        }

    def _say(self, code: str, **parameters: object) -> str:
        return self.words.say(code, **parameters)

    def _new(self, name: str, columns: Sequence[Column], rows: int, note: str = "") -> Worksheet:
        sheet = self.book.add_worksheet(_UNSAFE.sub(" ", self._say(f"book.{name}"))[:31])
        top = 1 if note else 0
        if note:
            sheet.write_string(0, 0, note, self.styles.quiet)
        for place, column in enumerate(columns):
            sheet.write_string(top, place, column.head, self.styles.head)
            sheet.set_column(place, place, column.width)
        sheet.freeze_panes(top + 1, 1)
        if rows:
            sheet.autofilter(top, 0, top + rows, len(columns) - 1)
        sheet.repeat_rows(top)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.4, 0.4, 0.6, 0.6)
        sheet.set_footer(f"&L{self.words.region}&R&P / &N")
        return sheet

    def _put(
        self,
        sheet: Worksheet,
        line: int,
        columns: Sequence[Column],
        cells: Sequence[Written],
        status: str = "",
    ) -> None:
        for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                form = self.styles.quoted if cell.startswith(FORMULA_STARTS) else self.styles.wrapped
                if status and cell in (self._say(f"status.{status}"), self._say(f"veto.{status}")):
                    form = self.colours.get(status, self.colours["open"])
                sheet.write_string(line, place, cell, form)
            else:
                sheet.write_number(line, place, cell, self.forms.get(column.form, self.styles.number))

    def overview(self, title: str, declared: str, text: str) -> None:
        """Verdict and counts by group."""
        say, words = self._say, self.words
        sheet = self.book.add_worksheet(say("book.overview"))
        for place, width in enumerate((20, 10, 10, 10, 12, 60)):
            sheet.set_column(place, place, width)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.write_string(0, 0, title, self.styles.title)
        line = 1
        texts = [*([declared] if declared else []), text, say("honest"), say("sources_note")]
        for number, part in enumerate(texts):
            form = self.styles.declared if declared and number == 0 else self.styles.wrapped
            sheet.merge_range(line, 0, line, 5, "", form)
            sheet.write_string(line, 0, part, form)
            sheet.set_row(line, 15 * (1 + len(part) * (2 if words.language == "zh" else 1) // 115))
            line += 1
        line += 1
        heads = ("group", "items", "met", "unmet", "unknown", "which")
        for place, head in enumerate(heads):
            sheet.write_string(line, place, say(f"col.{head}"), self.styles.head)
        groups = [group.id for group in words.result.assessment.groups] + ["precondition", "veto"]
        for group in groups:
            held = [
                row
                for row in words.result.items
                if row.level == OF_COUNTY and row.group == group and not row.part and row.kind != "beside"
            ]
            if not held:
                continue
            line += 1
            bad = [row for row in held if row.status != MET]
            named = [words.numbered(f"{row.item}:{row.stage}" if row.stage else row.item) for row in bad]
            sheet.write_string(line, 0, words.group(group), self.styles.text)
            for place, count in enumerate(words.counts(held).values(), start=1):
                sheet.write_number(line, place, count, self.styles.integer)
            sheet.write_string(
                line, 5, ("、" if words.language == "zh" else ", ").join(named), self.styles.wrapped
            )

    def items(self) -> None:
        """Every item of the county with its parts, value, line, result, reason and rule."""
        say, words = self._say, self.words
        columns = [
            Column(say("col.number"), 7),
            Column(say("col.group"), 14),
            Column(say("col.item"), 34),
            Column(say("book.part"), 26),
            Column(say("col.stage"), 9),
            Column(say("col.requirement"), 12),
            Column(say("col.value"), 12),
            Column(say("col.result"), 12),
            Column(say("col.why"), 46),
            Column(say("book.evidence"), 16),
            Column(say("col.sure"), 24),
            Column(say("col.rule"), 34),
        ]
        rows = [row for row in words.result.items if row.level == OF_COUNTY]
        sheet = self._new("items", columns, len(rows))
        for line, row in enumerate(rows, start=1):
            cells = (
                row.item,
                words.group(row.group),
                words.item(row.item),
                words.part(row) if row.part else "",
                words.stage(row.stage),
                words.line(row),
                "" if row.value is None else words.value(row),
                say("beside") if row.kind == "beside" else words.status(row),
                words.note(row),
                row.evidence,
                words.sure(row.verified),
                row.rule_ids,
            )
            self._put(sheet, line, columns, cells, row.status)

    def schools(self) -> None:
        """One row a school and stage: the values of its items and its result."""
        say, words = self._say, self.words
        rule = words.result.assessment.school_rule
        codes = [item.id for item in words.result.assessment.items if rule and item.group == rule.group]
        names = {code: words.item(code) for code in codes}
        columns = [
            Column(say("col.school"), 30),
            Column(say("book.school_id"), 14),
            Column(say("col.stage"), 9),
            Column(say("col.pupils"), 9, "whole"),
            *(Column(f"{code} {names[code]}", 14, "two") for code in codes),
            Column(say("col.passed"), 10, "whole"),
            Column(say("col.result"), 12),
            Column(say("col.why"), 40),
        ]
        rows = [row for row in words.result.results if row.level == OF_SCHOOL]
        sheet = self._new("schools", columns, len(rows))
        held = {(row.area, row.stage, row.item): row for row in words.result.items if row.level == OF_SCHOOL}
        for line, row in enumerate(rows, start=1):
            values = [held.get((row.area, row.stage, code)) for code in codes]
            cells = (
                words.unit(row.area),
                row.area,
                words.stage(row.stage),
                row.pupils,
                *(None if value is None else value.value for value in values),
                row.n_met,
                words.status(row),
                words.why(row),
            )
            self._put(sheet, line, columns, cells, row.status)
            for place, value in enumerate(values, start=4):
                if value is not None and value.value is not None and value.status == UNMET:
                    form = self.colours[UNMET] if value.floor_status == UNMET else self.colours["open"]
                    sheet.write_number(line, place, round(value.value, 4), form)

    def school_items(self) -> None:
        """Every row of every school: value, line, floor, what is missing, how many pupils it can hold."""
        say, words = self._say, self.words
        columns = [
            Column(say("col.school"), 30),
            Column(say("book.school_id"), 14),
            Column(say("col.stage"), 9),
            Column(say("col.number"), 7),
            Column(say("col.item"), 30),
            Column(say("col.value"), 12, "three"),
            Column(say("col.requirement"), 12),
            Column(say("col.floor"), 12),
            Column(say("col.result"), 12),
            Column(say("book.missing"), 12, "two"),
            Column(say("book.missing_floor"), 12, "two"),
            Column(say("book.unit"), 8),
            Column(say("book.most"), 10, "whole"),
            Column(say("col.why"), 40),
            Column(say("col.sure"), 24),
        ]
        rows = [row for row in words.result.items if row.level == OF_SCHOOL]
        sheet = self._new("school_items", columns, len(rows))
        for line, row in enumerate(rows, start=1):
            self._put(sheet, line, columns, self._school_item(row), row.status)

    def _school_item(self, row: ItemRow) -> tuple[Written, ...]:
        words = self.words
        name = words.item(row.item)
        if row.part:
            name = words.beside(name, words.part(row))
        return (
            words.unit(row.area),
            row.area,
            words.stage(row.stage),
            row.item,
            name,
            row.value,
            words.line(row),
            "" if row.floor is None else words.floor(row),
            words.status(row),
            row.missing_full or None,
            row.missing_floor or None,
            words.measure(row.missing_unit),
            row.most_pupils,
            words.why(row),
            words.sure(row.verified),
        )

    def balance(self) -> None:
        """The variation coefficients, where the assessment asks for any."""
        say, words = self._say, self.words
        rows = [row for row in words.result.items if row.level == OF_COUNTY and row.kind == "balance"]
        if not rows:
            return
        columns = [
            Column(say("col.number"), 7),
            Column(say("col.item"), 40),
            Column(say("col.stage"), 9),
            Column(say("col.value"), 12, "three"),
            Column(say("col.requirement"), 12),
            Column(say("col.result"), 12),
            Column(say("col.sure"), 24),
        ]
        sheet = self._new("balance", columns, len(rows))
        for line, row in enumerate(rows, start=1):
            cells = (
                row.item,
                words.item(row.item),
                words.stage(row.stage),
                row.value,
                words.line(row),
                words.status(row),
                words.sure(row.verified),
            )
            self._put(sheet, line, columns, cells, row.status)

    def exceptions(self) -> None:
        """Who is left out or judged by another reading, and why."""
        say, words = self._say, self.words
        columns = [
            Column(say("col.school"), 30),
            Column(say("book.school_id"), 14),
            Column(say("col.stage"), 9),
            Column(say("col.pupils"), 9, "whole"),
            Column(say("col.reason"), 40),
            Column(say("col.sure"), 24),
            Column(say("col.rule"), 34),
        ]
        rows = words.result.exceptions
        sheet = self._new("exceptions", columns, len(rows), "" if rows else say("no_exceptions"))
        for line, row in enumerate(rows, start=1):
            cells = (
                words.unit(row.area),
                row.area,
                words.stage(row.stage),
                row.pupils,
                words.reason(row.reason),
                words.sure(row.verified),
                row.rule_ids,
            )
            self._put(sheet, line, columns, cells)

    def sources(self) -> None:
        """Every standard used, with document, article and how sure it is."""
        say, words = self._say, self.words
        columns = [
            Column(say("col.standard"), 40),
            Column(say("col.figure"), 22),
            Column(say("col.document"), 60),
            Column(say("col.sure"), 26),
            Column(say("col.rule"), 40),
        ]
        sheet = self._new("sources", columns, len(words.result.citations))
        for line, value in enumerate(words.result.citations, start=1):
            cells = (
                value.zh if words.language == "zh" else value.en,
                words.figure(value),
                words.cited(value),
                wording.say(f"verified_{value.verified}", words.language),
                value.rule_id,
            )
            self._put(sheet, line, columns, cells)
