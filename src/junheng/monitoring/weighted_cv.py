"""The coefficient of variation weighted by pupils: population form, around the mean of all, no n - 1.

With X = m / w and X̄ = Σm / Σw, CV² = Σ (m - wX̄)² / (w X̄ Σm). One unit gives 0; X̄ <= 0 gives null.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw
import polars as pl

from junheng.monitoring.ratio import Cells, Pass, fixed_point, fixed_total, ratio


def over_rows(cells: Cells) -> Pass:
    """Each row's part of CV²."""
    m, w, mean = nw.col(cells.m).cast(nw.Float64), nw.col(cells.w).cast(nw.Float64), nw.col(cells.mean)
    away = m - w * mean
    part = ratio(away * away, w * nw.col(cells.all_m).cast(nw.Float64) * mean)
    return fixed_point(cells.part, part)


def value(cells: Cells) -> pl.Expr:
    """√ of the summed parts."""
    squared = fixed_total(cells.part, pl.col(cells.rows))
    return pl.when((pl.col(cells.rows) > 0) & (pl.col(cells.all_m) > 0)).then(squared.sqrt())
