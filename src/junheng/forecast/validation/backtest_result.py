"""What a backtest says: one table by method and lead, slices, findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from junheng.model.reason import Finding

TABLE_SCHEMA: dict[str, pl.DataType] = {
    "method": pl.String(),
    "lead": pl.Int64(),
    "total_mape": pl.Float64(),
    "total_wmape": pl.Float64(),
    "cell_wmape": pl.Float64(),
    "bias": pl.Float64(),
    "cover50": pl.Float64(),
    "cover80": pl.Float64(),
    "cover95": pl.Float64(),
    "width80": pl.Float64(),
    "crps": pl.Float64(),
}
"""Shares. crps is over pupils of unit totals, so that a method without ranges would score its total_wmape."""

SLICE_SCHEMA: dict[str, pl.DataType] = {
    "slice": pl.String(),
    "value": pl.String(),
    "method": pl.String(),
    "lead": pl.Int64(),
    "origins": pl.Int64(),
    "rows": pl.Int64(),
    "mape": pl.Float64(),
    "wmape": pl.Float64(),
    "bias": pl.Float64(),
    "cover50": pl.Float64(),
    "cover80": pl.Float64(),
    "cover95": pl.Float64(),
    "width80": pl.Float64(),
}


@dataclass(frozen=True)
class BacktestResult:
    """table: TABLE_SCHEMA. slices: SLICE_SCHEMA, families `units`, `size`, `cell_size`, `cell_kind`, `trend`,
    `region`, `origin`. findings: doubts and what was done. origins: the origin years scored."""

    table: pl.DataFrame
    slices: pl.DataFrame
    findings: tuple[Finding, ...]
    origins: tuple[int, ...]

    def records(self) -> list[dict[str, Any]]:
        """One plain object per method and lead, in the order of the table; shares as fractions, gaps as
        None."""
        return self.table.to_dicts()

    def check(self) -> list[str]:
        """Names of checks that fail: ranges nested, shares within reach, every method on every lead."""
        failed: list[str] = []
        ours = self.table.drop_nulls("cover50")
        if ours.filter(
            ~pl.col("cover50").le(pl.col("cover80")) | ~pl.col("cover80").le(pl.col("cover95"))
        ).height:
            failed.append("ranges_nested")
        if self.table["lead"].n_unique() * self.table["method"].n_unique() != self.table.height:
            failed.append("methods_on_every_lead")
        return failed

    def summary(self) -> dict[str, Any]:
        """Mean over leads of the main figures by method."""
        means = self.table.group_by("method", maintain_order=True).agg(
            pl.col("total_mape", "cell_wmape", "cover80", "width80").mean()
        )
        return {row["method"]: row for row in means.to_dicts()}
