"""Whose rows an import is about: the units it would change, and the faults of each unit's rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from junheng.data import faults
from junheng.data.unit_limits import unit_column
from junheng.data.versions import Mode
from junheng.model import INPUTS

MOST_UNITS = 500
"""Units whose faults are told one by one."""


def touched(
    tables: Mapping[str, pl.DataFrame], old: Mapping[str, pl.DataFrame], mode: Mode
) -> list[dict[str, Any]]:
    """Units with rows that would be new, changed or (replacing) gone: {table, year, units}, `year` None for a
    table without years, units by code. Tables whose rows belong to no unit are left out."""
    found: list[dict[str, Any]] = []
    for name, frame in tables.items():
        table, before = INPUTS[name], old.get(name, INPUTS[name].empty())
        column = unit_column(table)
        if not column:
            continue
        changed = frame.join(before, on=table.names, how="anti", nulls_equal=True).select(table.names)
        if mode == "replace":
            lost = before.join(frame, on=list(table.key), how="anti", nulls_equal=True)
            changed = pl.concat([changed, lost.select(table.names)])
        year = pl.col("year") if "year" in table.names else pl.lit(None, dtype=pl.Int32)
        by_year = changed.select(year.alias("year"), pl.col(column).alias("unit")).drop_nulls("unit").unique()
        for (which,), rows in by_year.sort("year", "unit").group_by("year", maintain_order=True):
            found.append({"table": name, "year": which, "units": rows["unit"].to_list()})
    return found


def by_unit(
    found: pl.DataFrame, tables: Mapping[str, pl.DataFrame], places: Sequence[tuple[str, str]]
) -> list[dict[str, Any]]:
    """Faults and warnings of each unit's rows: {unit, severity, table, file, sheet, count, first_row,
    last_row}, the gravest and most frequent first, at most MOST_UNITS."""
    parts: list[pl.DataFrame] = []
    for name, frame in tables.items():
        column = unit_column(INPUTS[name])
        mine = found.filter((pl.col("table") == name) & pl.col("row").is_not_null())
        if not column or mine.is_empty() or faults.SOURCE not in frame.columns:
            continue
        where = frame.select(
            pl.col(column).alias("unit"),
            pl.col(faults.ROW).cast(pl.Int64).alias("row"),
            *_places(places),
        ).unique(["file", "sheet", "row"], keep="first")
        parts.append(mine.join(where, on=["file", "sheet", "row"], how="inner"))
    if not parts:
        return []
    order = pl.col("severity").replace_strict({"error": 0, "warning": 1, "note": 2}, return_dtype=pl.Int8)
    together = (
        pl.concat(parts)
        .drop_nulls("unit")
        .filter(pl.col("severity") != "note")
        .group_by("unit", "severity", "table", "file", "sheet", maintain_order=True)
        .agg(
            pl.len().alias("count"),
            pl.col("row").min().alias("first_row"),
            pl.col("row").max().alias("last_row"),
        )
        .sort(order, -pl.col("count").cast(pl.Int64), "unit")
    )
    return together.head(MOST_UNITS).to_dicts()


def _places(places: Sequence[tuple[str, str]]) -> list[pl.Expr]:
    """File and sheet of a row by the number of its source."""
    numbers = list(range(len(places)))
    return [
        pl.col(faults.SOURCE)
        .replace_strict(numbers, [place[part] for place in places], default="", return_dtype=pl.String)
        .alias(name)
        for part, name in enumerate(("file", "sheet"))
    ]
