"""Rows of our tables as a person reads them: names beside codes, numbers as everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from junheng.model import INPUTS, Column
from junheng.model.codes import CODE_LISTS
from junheng.report import format as fmt
from junheng.web.data_centre.frame import word
from junheng.web.house.page import Cell, DataTable, Head, Row
from junheng.web.house.scope import Scope
from junheng.web.wording import language

NAMED = ("school_id", "area_code", "from_school_id", "to_school_id", "other_school_id", "parent_code")


def frame_table(
    table: str,
    rows: pl.DataFrame,
    scope: Scope,
    names: Mapping[str, str],
    pages: Any = None,
    caption: str = "",
) -> DataTable:
    """Rows of one of our tables with headings, names of codes and units beside them; columns without any
    value are left out."""
    declared = INPUTS[table]
    columns = [
        c for c in declared.columns if c.name in rows.columns and rows[c.name].null_count() < rows.height
    ]
    head = tuple(
        Head(
            column.zh if scope.language == "zh" else column.en,
            "right" if column.kind in ("integer", "number", "share", "year", "month") else "left",
        )
        for column in columns
    )
    body = tuple(
        Row(tuple(_cell(column, row[column.name], names) for column in columns))
        for row in rows.select([c.name for c in columns]).iter_rows(named=True)
    )
    return DataTable(f"rows-{table}", caption or word("rows_caption"), head, body, paging=pages, dense=True)


def _cell(column: Column, value: Any, names: Mapping[str, str]) -> str | Cell:
    if value is None:
        return fmt.BLANK
    if column.kind == "flag":
        return word("yes" if value else "no")
    if column.kind in ("year", "month"):
        return str(value)
    if column.kind == "integer":
        return fmt.count(value)
    if column.kind in ("number", "share"):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    if column.codes:
        entry = CODE_LISTS[column.codes].entries.get(str(value))
        return entry[0 if language() == "zh" else 1] if entry else str(value)
    if column.name in NAMED and str(value) in names and names[str(value)]:
        return Cell(names[str(value)], sub=str(value))
    return str(value)


def value_word(table: str, column: str, value: Any) -> str:
    """One value by the name of its code."""
    declared = INPUTS[table].column(column)
    if declared.codes and str(value) in CODE_LISTS[declared.codes].entries:
        return CODE_LISTS[declared.codes].entries[str(value)][0 if language() == "zh" else 1]
    return str(value)
