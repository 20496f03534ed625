"""A sheet's own totals, below and at the side, against the sums: the cheapest proof that nothing was lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import polars as pl

from junheng.data import faults
from junheng.data.coercion import clean, half_width
from junheng.data.cross_checks import TOTAL_TOLERANCE
from junheng.data.faults import ROW, SOURCE
from junheng.data.sheets import SheetTable
from junheng.model import INPUTS

if TYPE_CHECKING:
    from junheng.data.mapping_apply import Mapped


def check(mapped: Mapped) -> pl.DataFrame:
    """Doubts about the counts of one sheet; only where exactly one total row closes it."""
    totals = mapped.sheet.totals
    if totals.height != 1:
        return faults.none()
    table = INPUTS[mapped.source.table]
    counted = {c.name for c in table.columns if c.kind == "integer" and c.name not in table.key}
    wanted = {
        mapped.headings[name] for name in counted & set(mapped.source.columns) if name in mapped.headings
    }
    if mapped.source.unpivot:
        named = [
            h
            for name, heads in mapped.source.unpivot.values.items()
            if name in counted
            for h in heads.values()
        ]
        wanted |= set(named) & set(mapped.sheet.headings)
    found: list[pl.DataFrame] = []
    for heading in sorted(wanted):
        (stated,) = _numbers(totals[heading]).to_list()
        summed = float(_numbers(mapped.sheet.frame[heading]).sum())
        if stated is None or abs(stated - summed) <= max(abs(stated) * TOTAL_TOLERANCE, 0.5):
            continue
        found.append(
            faults.one(
                "intake.sheet_total_off",
                "warning",
                table=table.name,
                file=mapped.sheet.file,
                sheet=mapped.sheet.sheet,
                row=int(totals[ROW].item()),
                column=heading,
                value=f"{stated:g}",
                stated=f"{stated:,.10g}",
                sum=f"{summed:,.10g}",
            )
        )
    return faults.gather(found)


def check_each_row(
    sheet: SheetTable, frame: pl.DataFrame, table: str, total: str, parts: Sequence[str]
) -> pl.DataFrame:
    """Doubts about rows whose own total differs from the sum of their columns by more than 0.5 %."""
    stated = _numbers(frame[total])
    summed = pl.Series([0.0]).new_from_index(0, frame.height)
    for name in parts:
        summed = summed + _numbers(frame[name]).fill_null(0)
    allowed = (stated.abs() * TOTAL_TOLERANCE).clip(0.5)
    off = ((stated - summed).abs() > allowed).fill_null(False)
    rows = frame.select(ROW).with_columns(
        pl.lit(0, dtype=pl.Int32).alias(SOURCE), stated.alias("__stated"), summed.alias("__sum")
    )
    return faults.of_rows(
        rows.filter(off),
        "intake.row_total_off",
        "warning",
        table=table,
        places=[(sheet.file, sheet.sheet)],
        heading=total,
        value=pl.col("__stated"),
        parameters={"stated": pl.col("__stated"), "sum": pl.col("__sum")},
    )


def _numbers(values: pl.Series) -> pl.Series:
    plain = (
        half_width(clean(values))
        .str.replace_all(r"(\d),(\d{3})", "$1$2")
        .str.replace_all(r"(\d),(\d{3})", "$1$2")
    )
    return plain.str.replace(r"[人名班个]$", "").cast(pl.Float64, strict=False)
