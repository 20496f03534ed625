"""The Excel template: one sheet a table, a line that instructs, an example, drop-downs, everything as
declared."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from junheng.data import atomic
from junheng.data.refusal import refuse
from junheng.data.unit_limits import Limits, Within, unit_column
from junheng.model import INPUTS, Column, Region, Table
from junheng.model.codes import CODE_LISTS
from junheng.model.reason import Language

CODES_SHEET = "代码表"
USUAL = ("areas", "schools", "enrolment", "seats", "births", "population", "housing")
"""Tables of a first import; the others on request."""
LISTS = ("areas", "schools", "campuses", "rooms")
"""Tables that say what there is: a unit gets its own rows back, to be put right."""
COUNTS = ("enrolment", "seats", "area_enrolment", "school_years")
"""Tables counted each school year by the same keys."""
ROWS = 20_000
"""Rows prepared with drop-downs and text format; rows beyond import just as well."""

_INSTRUCTIONS = (
    "{name}：{about}。请从第 {row} 行起填写；黄色为必填；没有数据请留空，不要填 0；不要改动表头。",
    "{name}: {about}. Fill in from row {row}; yellow is required; leave blank what is unknown, never 0; "
    "do not change the headings.",
)
_HEADING_ROW = 3
_EPOCH = datetime.datetime(2025, 1, 1)  # a fixed date: the same template is the same bytes
_KINDS = {
    "code": ("文本", "text"),
    "text": ("文本", "text"),
    "integer": ("整数", "whole number"),
    "number": ("数字", "number"),
    "year": ("四位年份", "year"),
    "month": ("月份", "month"),
    "share": ("0–1 的小数", "share 0-1"),
    "date": ("日期 2025-09-01", "date 2025-09-01"),
    "flag": ("是/否", "yes/no"),
}


def workbook(
    tables: Sequence[str] | None = None,
    path: Path | None = None,
    language: Language = "zh",
    rows: Mapping[str, pl.DataFrame] | None = None,
) -> bytes:
    """The template for `tables` (default USUAL) as bytes, also written to `path` if given.

    Rows of each sheet: 1 instructions, 2 notes on each column, 3 an example, 4 the headings (frozen); data
    from row 5, where `rows` of a table, if any, stand already. BadData when a table is unknown.
    """
    chosen = list(tables or USUAL)
    for name in chosen:
        if name not in INPUTS:
            raise refuse("intake.template_unknown_table", name, known="、".join(INPUTS))
    content = _Template([INPUTS[name] for name in chosen], language, rows or {}).build()
    if path is not None:
        atomic.write_bytes(path, content)
    return content


def prefilled(
    tables: Mapping[str, pl.DataFrame],
    region: Region,
    year: int,
    *,
    schools: Iterable[str] = (),
    areas: Iterable[str] = (),
) -> dict[str, pl.DataFrame]:
    """Rows to begin with for a unit that reports: `rows` of `workbook`.

    Of LISTS every row of the schools and areas (with all below them) as it is known, to be put right; of
    COUNTS the rows of the last year before `year` with `year` in its place and every count left open. Tables
    without such rows are absent.
    """
    within = Within(Limits(frozenset(schools), frozenset(areas)), region, {}, tables)
    rows: dict[str, pl.DataFrame] = {}
    for name in (*LISTS, *COUNTS):
        if name not in tables:
            continue
        table = INPUTS[name]
        mine = tables[name].filter(within.rows(table))
        if name in COUNTS:
            unit = unit_column(table)
            before = mine.filter(pl.col("year") < year)
            last = before.filter(pl.col("year") == pl.col("year").max().over(unit))
            keys = last.select(table.key).with_columns(pl.lit(year, dtype=pl.Int32).alias("year"))
            mine = table.conform(keys)
        if mine.height:
            rows[name] = mine
    return rows


class _Template:
    def __init__(self, tables: Sequence[Table], language: Language, rows: Mapping[str, pl.DataFrame]) -> None:
        self.tables, self.rows = tables, rows
        self.at = 0 if language == "zh" else 1
        self.buffer = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book = xlsxwriter.Workbook(self.buffer, options)
        self.book.set_properties({"title": "Junheng 数据模板", "created": _EPOCH})
        font = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter"}
        add = self.book.add_format
        self.instruction = add({**font, "bold": True, "font_size": 11, "text_wrap": True})
        self.note = add({**font, "font_size": 9, "font_color": "#595959", "text_wrap": True, "valign": "top"})
        self.example = add({**font, "italic": True, "font_color": "#7F7F7F", "num_format": "@"})
        self.heading = add({**font, "bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True})
        self.required = add({**font, "bold": True, "bg_color": "#FFE699", "border": 1, "text_wrap": True})
        self.as_text = add({**font, "num_format": "@"})
        self.plain = add(font)

    def build(self) -> bytes:
        """The finished workbook."""
        ranges = self.code_ranges()
        sheets = [(table, self.book.add_worksheet((table.zh, table.en)[self.at])) for table in self.tables]
        for table, sheet in sheets:
            self.fill(table, sheet, ranges)
        self.code_sheet()
        self.book.close()
        return self.buffer.getvalue()

    def lists(self) -> list[str]:
        """Code lists the chosen tables use, in order."""
        names = [column.codes for table in self.tables for column in table.columns if column.codes]
        return list(dict.fromkeys(names))

    def code_ranges(self) -> dict[str, str]:
        """Where each list's Chinese names stand on the sheet of codes."""
        ranges: dict[str, str] = {}
        for index, name in enumerate(self.lists()):
            letter = xl_col_to_name(2 * index + 1)
            last = len(CODE_LISTS[name].entries) + 1
            ranges[name] = f"='{CODES_SHEET}'!${letter}$2:${letter}${last}"
        return ranges

    def code_sheet(self) -> None:
        """Every list used, code beside name, hidden: it feeds the drop-downs."""
        sheet = self.book.add_worksheet(CODES_SHEET)
        for index, name in enumerate(self.lists()):
            codes = CODE_LISTS[name]
            sheet.write_string(0, 2 * index, f"{codes.zh}代码", self.heading)
            sheet.write_string(0, 2 * index + 1, f"{codes.zh}", self.heading)
            for row, (code, names) in enumerate(codes.entries.items(), 1):
                sheet.write_string(row, 2 * index, code, self.as_text)
                sheet.write_string(row, 2 * index + 1, names[self.at], self.as_text)
        sheet.hide()

    def fill(self, table: Table, sheet: Any, ranges: dict[str, str]) -> None:
        """One table's sheet."""
        width = len(table.columns)
        text = _INSTRUCTIONS[self.at].format(
            name=(table.zh, table.en)[self.at],
            about=(table.about_zh, table.about_en)[self.at],
            row=_HEADING_ROW + 2,
        )
        sheet.set_row(0, 34)
        sheet.write_string(0, 0, text, self.note)
        sheet.merge_range(0, 0, 0, max(min(width, 10) - 1, 1), text, self.instruction)
        sheet.set_row(1, 64)
        for index, column in enumerate(table.columns):
            self.column(sheet, index, column, ranges)
        if table.name in self.rows:
            self.data(table, sheet, self.rows[table.name])
        sheet.set_row(_HEADING_ROW, 24)
        sheet.freeze_panes(_HEADING_ROW + 1, min(len(table.key), 2))

    def data(self, table: Table, sheet: Any, rows: pl.DataFrame) -> None:
        """Rows that stand already, codes by their names, text never read as a formula."""
        for line, row in enumerate(table.conform(rows).iter_rows(named=True), _HEADING_ROW + 1):
            for index, column in enumerate(table.columns):
                value = row[column.name]
                if isinstance(value, bool):
                    sheet.write_string(line, index, (("否", "是"), ("no", "yes"))[self.at][value])
                elif isinstance(value, int | float):
                    sheet.write_number(line, index, value)
                elif value is not None:
                    names = CODE_LISTS[column.codes].entries.get(value) if column.codes else None
                    sheet.write_string(line, index, names[self.at] if names else str(value))

    def column(self, sheet: Any, index: int, column: Column, ranges: dict[str, str]) -> None:
        """Width, note, example, heading, comment and drop-down of one column."""
        textual = column.kind in ("code", "text", "flag")
        wide = 24 if column.kind == "text" else 15
        sheet.set_column(index, index, wide, self.as_text if textual else self.plain)
        sheet.write_string(1, index, _note(column, self.at), self.note)
        shown = _example(column, self.at)
        sheet.write_string(2, index, f"{('例：', 'e.g. ')[self.at]}{shown}" if shown else "", self.example)
        style = self.required if column.required else self.heading
        sheet.write_string(_HEADING_ROW, index, (column.zh, column.en)[self.at], style)
        comment = f"{column.about_zh}\n{column.about_en}\n[{column.name}]"
        sheet.write_comment(_HEADING_ROW, index, comment, {"x_scale": 1.6})
        rows = (_HEADING_ROW + 1, index, _HEADING_ROW + ROWS, index)
        if column.codes:
            sheet.data_validation(*rows, {
                "validate": "list", "source": ranges[column.codes], "error_type": "warning",
                "error_title": (column.zh, column.en)[self.at][:32],
                "error_message": ("请从下拉列表中选择。", "Choose from the list.")[self.at],
            })  # fmt: skip
        elif column.kind == "flag":
            sheet.data_validation(
                *rows, {"validate": "list", "source": [["是", "否"], ["yes", "no"]][self.at]}
            )
        elif (
            column.kind in ("integer", "year", "month")
            and column.minimum is not None
            and column.maximum is not None
        ):
            sheet.data_validation(*rows, {
                "validate": "integer", "criteria": "between", "minimum": int(column.minimum),
                "maximum": int(column.maximum), "error_type": "warning",
                "error_title": (column.zh, column.en)[self.at][:32],
                "error_message": ("应为 {} 至 {} 的整数。", "A whole number from {} to {}.")[self.at].format(
                    int(column.minimum), int(column.maximum)
                ),
            })  # fmt: skip


def _note(column: Column, at: int) -> str:
    parts = [(("必填", "required") if column.required else ("选填", "optional"))[at], _KINDS[column.kind][at]]
    if column.unit:
        chinese, _, english = column.unit.partition(" ")
        parts.append((chinese, english or chinese)[at])
    if at:
        return f"{column.about_en} ({', '.join(parts)})"
    return f"{column.about_zh}（{'，'.join(parts)}）"


def _example(column: Column, at: int) -> str:
    if column.codes and column.example:
        return CODE_LISTS[column.codes].entries[column.example][at]
    if column.kind == "flag" and at:
        return {"是": "yes", "否": "no"}.get(column.example, column.example)
    return column.example
