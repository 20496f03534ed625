"""The Gini coefficient of units weighted by w: 1 - Σ wᵢ(Sᵢ + Sᵢ₋₁) / (S W), rows in order of X, S = running Σ
wX.

The running sums are whole numbers; units of equal X may stand in any order. Any X < 0 gives null.
"""

from __future__ import annotations

import polars as pl

from junheng.monitoring.dialect import Words
from junheng.monitoring.ratio import Cells, Pass, fixed_point, fixed_total, joined, ratio

GROUP, ROW = "g", "row"
"""Columns every frame of rows carries: the number of its group and its place in order of key."""


def over_rows(words: Words, cells: Cells) -> Pass:
    """Each row's trapezium under the Lorenz curve."""
    running = words.col(cells.m).fill_null(0).cum_sum().over(GROUP, order_by=[cells.x, ROW])
    twice = (words.col(cells.running) * 2 - words.col(cells.m)).cast(words.number)
    area = ratio(
        words,
        words.col(cells.w).cast(words.number) * twice,
        words.col(cells.all_m).cast(words.number) * words.col(cells.all_w).cast(words.number),
    )
    first = Pass(({cells.x: ratio(words, words.col(cells.m), words.col(cells.w))}, {cells.running: running}))
    later = fixed_point(words, cells.part, area)
    return joined(Pass((*first.steps, *later.steps), later.aggregates), Pass((), {cells.m: "min"}))


def value(cells: Cells) -> pl.Expr:
    """1 less the summed area; nothing below 0 is left by rounding."""
    area = fixed_total(cells.part, pl.col(cells.rows))
    lawful = (pl.col(cells.rows) > 0) & (pl.col(cells.all_m) > 0) & (pl.col(cells.m) >= 0)
    return pl.when(lawful).then((1.0 - area).clip(lower_bound=0.0))
