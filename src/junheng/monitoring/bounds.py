"""Values from sums, and the bounds of a value under the worst and the best reading of missing rows.

`share` and `count` are bounded on both sides, `sum` and `ratio` of what cannot be negative from below, verbs
that look at each unit not at all. Bounds on one side of the line decide a status whatever is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.monitoring import boundary, gini, quantile, theil, weighted_cv
from junheng.monitoring.gathering import Batch, q_of
from junheng.monitoring.gini import GROUP
from junheng.monitoring.ratio import of_sum, of_sums, quotient
from junheng.monitoring.status import holds
from junheng.monitoring.used_rows import Compiled
from junheng.rules.indicator import Op


@dataclass(frozen=True)
class Sums:
    """One indicator's sums by group, as columns with plain names."""

    one: Compiled
    batch: Batch
    frame: pl.DataFrame

    def whole(self, name: str) -> list[int]:
        """A total as Python's whole numbers, which never overflow."""
        held = getattr(self.one.cells, name)
        return (
            self.frame[held].to_list()
            if held in self.frame.columns
            else self.frame[self.one.cells.rows].to_list()
        )

    def rows_of(self, group: int) -> tuple[list[int], list[int]]:
        """(m, w) of the used rows of a group, for exact comparison."""
        cells, local = self.one.cells, self.batch.local
        held = local.filter((pl.col(GROUP) == group) & pl.col(cells.m).is_not_null())
        weights = held[cells.w].to_list() if cells.w in held.columns else [1] * held.height
        return held[cells.m].to_list(), weights


def value_of(one: Compiled) -> pl.Expr:
    """The value from the sums: one division, or what the verb says."""
    indicator, cells = one.indicator, one.cells
    match indicator.measure:
        case "sum" | "count":
            return of_sum(cells, one.scale)
        case "lookup":
            agreed = (pl.col(cells.rows) > 0) & (pl.col(cells.low) == pl.col(cells.high))
            return pl.when(agreed).then(
                quotient(pl.col(cells.low) * one.scale.above, pl.lit(one.scale.below))
            )
        case "cv":
            return weighted_cv.value(cells)
        case "gini":
            return gini.value(cells)
        case "theil":
            return theil.value(cells)
        case "quantile":
            weighted = bool(indicator.weight)
            return quantile.value(cells, one.scale.factor, q_of(indicator), weighted=weighted)
        case "range_ratio":
            kind = indicator.range or "max_min"
            return quantile.range_value(cells, kind, weighted=bool(indicator.weight))
        case _:
            return of_sums(cells, one.scale) if one.has_w else _over_rows(one)


def _over_rows(one: Compiled) -> pl.Expr:
    return quotient(pl.col(one.cells.all_m) * one.scale.above, pl.col(one.cells.rows) * one.scale.below)


def bounds(one: Compiled) -> list[pl.Expr]:
    """low and high: the value under the worst and the best reading of missing rows; null where unbounded."""
    pairs = bound_sums(one)
    factor = one.scale.factor
    found: list[pl.Expr] = []
    for name in ("low", "high"):
        num, den, known = pairs.get(name, (None, None, pl.col(one.cells.missing) == 0))
        if num is None or den is None:
            held = value_of(one)
        else:
            held = quotient(num * factor.numerator, den * factor.denominator)
        found.append(pl.when(known).then(held).alias(name))
    return found


def bound_sums(one: Compiled) -> Mapping[str, tuple[pl.Expr, pl.Expr, pl.Expr]]:
    """(num, den, whether known) of each bound the verb has, in whole numbers before the factor."""
    cells, verb = one.cells, one.indicator.measure
    missing, rows = pl.col(cells.missing), pl.col(cells.rows)
    weighed = missing == pl.col(cells.weighed)
    any_row = (missing + rows) > 0
    m, ones = pl.col(cells.all_m), pl.lit(1, pl.Int64)
    if verb == "share":
        w = pl.col(cells.all_w) if one.has_w else rows
        extra = pl.col(cells.weight_missing) if one.has_w else missing
        return {"low": (m, w + extra, weighed), "high": (m + extra, w + extra, weighed)}
    if verb == "count":
        return {"low": (m, ones, any_row), "high": (m + missing, ones, any_row)}
    if verb == "sum" and not one.signed:
        return {"low": (m, ones, any_row)}
    if verb == "ratio" and not one.signed:
        return {"low": (m, pl.col(cells.all_w) + pl.col(cells.wk), pl.col(cells.open) == 0)}
    return {}


def _column(expression: pl.Expr, name: str) -> pl.Expr:
    return expression.alias(name)


def by_bounds(held: Sums, rows: NDArray[np.intp], op: Op, line: Fraction) -> dict[int, int]:
    """Groups with missing rows whose bounds lie on one side of the line: row -> 1 met, 0 unmet."""
    decided: dict[int, int] = {}
    if not rows.size:
        return decided
    whole = held.frame[rows.tolist()]
    pairs = {name: whole.select(*map(_column, pair, "ndk")) for name, pair in bound_sums(held.one).items()}
    for place, row in enumerate(rows.tolist()):
        side: dict[str, int] = {}
        for name, pair in pairs.items():
            num, den, known = pair.row(place)
            if known and den:
                side[name] = boundary.of_sums(num, den, held.one.scale.factor, line)
        lowest, highest = side.get("low"), side.get("high")
        if op in (">=", ">"):
            if lowest is not None and holds(op, lowest):
                decided[row] = 1
            elif highest is not None and not holds(op, highest):
                decided[row] = 0
        elif op in ("<=", "<"):
            if highest is not None and holds(op, highest):
                decided[row] = 1
            elif lowest is not None and not holds(op, lowest):
                decided[row] = 0
    return decided
