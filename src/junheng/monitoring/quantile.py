"""Quantiles of units and the ratios of ranges, by place in order; nothing is interpolated that need not be.

Unweighted: linear interpolation (Hyndman and Fan's seventh). Weighted: the least X whose cumulative weight
reaches qW. `range_ratio` is max over min, P90 over P10, or the mean of the top over the bottom fifth of
units.
"""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from junheng.monitoring.dialect import Words
from junheng.monitoring.gini import GROUP, ROW
from junheng.monitoring.ratio import Cells, Expressions, Pass, quotient, ratio
from junheng.rules.indicator import Range

TENTH, FIFTH = Fraction(1, 10), 5
"""Which quantiles and which part of the units the names p90_p10 and top_bottom_fifth stand for."""


def _first(words: Words, cells: Cells) -> Expressions:
    return {cells.x: ratio(words, words.col(cells.m), words.col(cells.w))}


def _places(words: Words, cells: Cells) -> Expressions:
    """Place of each used row in order of X (from 1), and the weight up to and with it."""
    order = [cells.x, ROW]
    used = words.when(~words.col(cells.m).is_null()).then(words.lit(1)).otherwise(words.lit(0))
    return {
        cells.place: used.cum_sum().over(GROUP, order_by=order),
        cells.running: words.col(cells.w).fill_null(0).cum_sum().over(GROUP, order_by=order),
    }


def _at(words: Words, cells: Cells, name: str, q: Fraction, *, weighted: bool) -> Expressions:
    """The one or two rows a quantile rests on, each in a column of its own: `name`, and `name`_next where it
    lies between two. Nothing is added up, so that no engine rounds."""
    x = words.col(cells.x)
    if weighted:
        running, line = words.col(cells.running) * q.denominator, words.col(cells.all_w) * q.numerator
        before = (words.col(cells.running) - words.col(cells.w)) * q.denominator
        here = (words.col(cells.place) == 1) if q == 0 else ((running >= line) & (before < line))
        return {name: words.when(here).then(x)}
    divisor = words.col(cells.rows) * 0 + q.denominator  # a column: see `quotient`
    below = ratio(words, (words.col(cells.rows) - 1) * q.numerator, divisor).floor()
    place = words.col(cells.place).cast(words.number)
    return {
        name: words.when(place == below + 1).then(x),
        f"{name}_next": words.when(place == below + 2).then(x),
    }


def _between(cells: Cells, name: str, q: Fraction, *, weighted: bool) -> pl.Expr:
    """The quantile from the rows gathered by `_at`."""
    if weighted:
        return pl.col(name)
    ahead = quotient((pl.col(cells.rows) - 1) * q.numerator, pl.lit(q.denominator))
    rest = ahead - ahead.floor()
    following = pl.col(name) * (1.0 - rest) + pl.col(f"{name}_next") * rest
    return pl.when(rest > 0).then(following).otherwise(pl.col(name))


def over_rows(words: Words, cells: Cells, q: Fraction, *, weighted: bool) -> Pass:
    """Rows for one quantile."""
    found = _at(words, cells, cells.part, q, weighted=weighted)
    return Pass((_first(words, cells), _places(words, cells), found), dict.fromkeys(found, "max"))


def value(cells: Cells, factor: Fraction, q: Fraction, *, weighted: bool) -> pl.Expr:
    """The quantile."""
    found = _between(cells, cells.part, q, weighted=weighted)
    return pl.when(pl.col(cells.rows) > 0).then(found * float(factor))


def range_rows(words: Words, cells: Cells, kind: Range, *, weighted: bool) -> Pass:
    """Rows for the two ends of a range."""
    if kind == "max_min":
        high = {cells.high: words.col(cells.x), cells.low: words.col(cells.x)}
        return Pass((_first(words, cells), high), {cells.high: "max", cells.low: "min"})
    if kind == "p90_p10":
        ends = {
            **_at(words, cells, cells.high, 1 - TENTH, weighted=weighted),
            **_at(words, cells, cells.low, TENTH, weighted=weighted),
        }
        return Pass((_first(words, cells), _places(words, cells), ends), dict.fromkeys(ends, "max"))
    m, w, place, rows = (words.col(name) for name in (cells.m, cells.w, cells.place, cells.rows))
    bottom, top = (place - 1) * FIFTH < rows, (rows - place) * FIFTH < rows
    ends = {
        cells.high_m: words.when(top).then(m),
        cells.high_w: words.when(top).then(w),
        cells.low_m: words.when(bottom).then(m),
        cells.low_w: words.when(bottom).then(w),
    }
    return Pass((_first(words, cells), _places(words, cells), ends), dict.fromkeys(ends, "sum"))


def range_value(cells: Cells, kind: Range, *, weighted: bool) -> pl.Expr:
    """Upper end over lower end; null where the lower end is 0."""
    if kind == "top_bottom_fifth":
        high = quotient(pl.col(cells.high_m), pl.col(cells.high_w))
        low = quotient(pl.col(cells.low_m), pl.col(cells.low_w))
    elif kind == "p90_p10":
        high = _between(cells, cells.high, 1 - TENTH, weighted=weighted)
        low = _between(cells, cells.low, TENTH, weighted=weighted)
    else:
        high, low = pl.col(cells.high), pl.col(cells.low)
    return pl.when((pl.col(cells.rows) > 0) & (low > 0)).then(quotient(high, low))
