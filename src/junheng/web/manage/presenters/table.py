"""Rows of a run's table as they stand: the last step from a number to where it comes from."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from junheng.model import TABLES
from junheng.model.codes import CODE_LISTS
from junheng.model.column import Column
from junheng.report import format as fmt
from junheng.report import wording as report_wording
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Cell, Crumb, DataTable, Download, Head, Page, Paging, Row
from junheng.web.house.scope import Scope
from junheng.web.manage.presenters.parts import table_name, tabs
from junheng.web.runs.models import RunRecord
from junheng.web.wording import say

_FORMS = ("xlsx", "csv", "parquet")


def rows_page(
    scope: Scope,
    record: RunRecord,
    name: str,
    frame: pl.DataFrame,
    names: dict[str, str],
    paging: Paging,
    sorts: dict[str, str],
) -> Page:
    """A page of a table's rows. `names` are units' names by code."""
    table = TABLES[name]
    columns = [column for column in table.columns if column.name in frame.columns and _told(column, frame)]
    chinese = scope.language == "zh"
    head = tuple(
        Head(column.zh if chinese else column.en, _align(column), _unit(column, chinese))
        for column in columns
    )
    rows = tuple(
        Row(tuple(_worded(column, row, names, scope.language) for column in columns))
        for row in frame.iter_rows(named=True)
    )
    return Page(
        table_name(name, scope.language),
        say(
            "manage.rows_headline",
            table=table_name(name, scope.language),
            unit=scope.unit.name,
            count=fmt.count(paging.count),
        ),
        crumbs=crumbs(
            scope,
            "manage:reports",
            Crumb(record.run_id, scope.url("manage:run", run_id=record.run_id)),
            Crumb(table_name(name, scope.language)),
        ),
        lead=table.about_zh if chinese else table.about_en,
        tabs=tabs(scope, "runs"),
        downloads=_downloads(scope, record, name),
        body=DataTable(
            "rows",
            table_name(name, scope.language),
            head,
            rows,
            paging=paging,
            sorts=_by_place(columns, sorts),
            dense=True,
        ),
    )


def _by_place(columns: list[Column], sorts: dict[str, str]) -> dict[int, str]:
    return {place: sorts[column.name] for place, column in enumerate(columns) if column.name in sorts}


def _downloads(scope: Scope, record: RunRecord, name: str) -> tuple[Download, ...]:
    if not scope.may("export"):
        return ()
    return tuple(
        Download(
            say(f"files.form_{form}"), scope.url("files:table", source=record.run_id, table=name, form=form)
        )
        for form in _FORMS
    )


def _told(column: Column, frame: pl.DataFrame) -> bool:
    """Leave out a column that says the same base word in every row, nothing at all, or what the reason beside
    it says in words."""
    if column.name.endswith("parameters"):
        return False
    if column.name == "scenario":
        return frame["scenario"].n_unique() > 1
    return frame[column.name].null_count() < frame.height or frame.height == 0


def _worded(column: Column, row: dict[str, Any], names: dict[str, str], language: Any) -> str | Cell:
    """A reason with its parameters as a sentence, any other value as it stands."""
    beside = {"reason_code": "reason_parameters", "code": "parameters"}.get(column.name)
    if beside is None or row[column.name] is None or beside not in row:
        return cell(column, row[column.name], names, language)
    parameters = report_wording.parameters_of(row[beside])
    sentence = report_wording.reason(
        row[column.name], parameters, language, lambda code: names.get(code, code)
    )
    return Cell(sentence, tone="words")


def _align(column: Column) -> Any:
    return "right" if column.kind in ("integer", "number", "share") else "left"


def _unit(column: Column, chinese: bool) -> str:
    first, _, second = column.unit.partition(" ")
    return first if chinese else second or first


def cell(column: Column, value: Any, names: dict[str, str], language: Any) -> str | Cell:
    """A value as the reader's tables write it."""
    if value is None:
        return fmt.BLANK
    if column.kind == "flag":
        return say("manage.yes" if value else "manage.no")
    if column.kind == "share":
        return fmt.percent(value, 1)
    if column.kind in ("number", "integer"):
        whole = column.kind == "integer" or bool(column.unit) or abs(value) >= 100
        return fmt.count(value) if whole else fmt.decimal(value, 3)
    if column.kind in ("year", "month"):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return _text(column, str(value), names, language)


def _text(column: Column, value: str, names: dict[str, str], language: Any) -> str | Cell:
    if value in names and column.name in ("unit_code", "area_code", "school_id"):
        return Cell(names[value], sub=value)
    if column.codes in CODE_LISTS:
        return report_wording.code_name(column.codes, value, language)
    code = f"report.{column.name}.{value}"
    if report_wording.has(code):
        return report_wording.say(code, language)
    return report_wording.name_of_word(value, language)
