"""Theil's T of units weighted by w: Σ (m / Σm) ln(X / X̄), 0 ln 0 = 0, and its parts between and within
classes.

Between counts each unit at the mean of its class, within takes the rest; they add up to the total. Any X < 0
gives null. Logarithms may differ by one unit in the last place from engine to engine.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw
import polars as pl

from junheng.monitoring.dialect import Words
from junheng.monitoring.gini import GROUP
from junheng.monitoring.ratio import Cells, Pass, fixed_point, fixed_total, joined, ratio


def over_rows(words: Words, cells: Cells, split: str = "") -> Pass:
    """Each row's part of T; with `split` (a column of classes) also of the part between classes."""
    m, share = words.col(cells.m), ratio(words, words.col(cells.m), words.col(cells.all_m))
    own = ratio(words, words.col(cells.x), words.col(cells.mean))
    parts = [fixed_point(words, cells.part, _weighted_log(words, m, share, own))]
    steps: list[dict[str, nw.Expr]] = [{cells.x: ratio(words, words.col(cells.m), words.col(cells.w))}]
    if split:
        steps[0] |= {
            cells.class_m: words.col(cells.m).fill_null(0).sum().over(GROUP, split),
            cells.class_w: words.col(cells.w).fill_null(0).sum().over(GROUP, split),
        }
        of_class = ratio(
            words, ratio(words, words.col(cells.class_m), words.col(cells.class_w)), words.col(cells.mean)
        )
        parts.append(fixed_point(words, cells.between, _weighted_log(words, m, share, of_class)))
    later = joined(*parts)
    return joined(Pass((*steps, *later.steps), later.aggregates), Pass((), {cells.m: "min"}))


def _weighted_log(words: Words, m: nw.Expr, share: nw.Expr, relative: nw.Expr) -> nw.Expr:
    """share x ln(relative); the logarithm is never asked of 0, which some engines refuse even unused."""
    tame = words.when((m > 0) & (relative > 0)).then(relative).otherwise(words.lit(1.0))
    return words.when(~m.is_null()).then(share * tame.log())


def value(cells: Cells) -> pl.Expr:
    """T."""
    return _if_lawful(cells, fixed_total(cells.part, pl.col(cells.rows)))


def between(cells: Cells) -> pl.Expr:
    """The part between classes."""
    return _if_lawful(cells, fixed_total(cells.between, pl.col(cells.rows)))


def _if_lawful(cells: Cells, total: pl.Expr) -> pl.Expr:
    lawful = (pl.col(cells.rows) > 0) & (pl.col(cells.all_m) > 0) & (pl.col(cells.m) >= 0)
    return pl.when(lawful).then(total)
