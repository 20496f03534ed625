"""The only divider, sums that no order of rows can change, and the verbs that divide sums once.

Engines answer a division by zero with infinity, with an error or with null; sums of floats depend on the
order of rows and on the number of workers. So every quotient goes through `ratio`, whole numbers are summed
as Int64, and a term that is no whole number is summed in fixed point: two Int64 that together carry it to
2**-61.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

import narwhals.stable.v2 as nw
import polars as pl

from junheng.monitoring.dialect import Words

UPPER_BITS, LOWER_BITS = 30, 31
LARGEST_TERM = 2.0**32
"""A fixed-point term beyond this is beyond any meaning; the value is then null."""

Aggregate = Literal["sum", "max", "min", "count"]


def ratio(words: Words, num: nw.Expr, den: nw.Expr) -> nw.Expr:
    """num / den as Float64; null where den is zero or either is blank."""
    return words.when(den != 0).then(num.cast(words.number) / den.cast(words.number))


def quotient(num: pl.Expr, den: pl.Expr) -> pl.Expr:
    """`ratio` for the collected sums, which are Polars on every engine.

    Polars turns a constant divisor into a multiplication by its reciprocal, which rounds twice (35484 / 100
    is then 354.84000000000003): so the divisor is made a column.
    """
    column = den.cast(pl.Float64) + num.cast(pl.Float64) * 0.0
    return pl.when(den != 0).then(num.cast(pl.Float64) / column)


@dataclass(frozen=True, slots=True)
class Cells:
    """Names of one indicator's columns: of rows (`m`, `w`), and of group totals joined to rows (`all_m` …).

    A used row has m = w times its value as a whole number, w its weight; a row that is not used has null in
    both. x = m / w is the row's own value.
    """

    prefix: str

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return f"{self.prefix}_{name}"


Expressions = Mapping[str, nw.Expr]


@dataclass(frozen=True, slots=True)
class Pass:
    """What a verb asks of the rows once the totals of their group stand beside them.

    steps: columns added one after the other; each step may read the one before. aggregates: how the last
    columns are then gathered by group.
    """

    steps: Sequence[Expressions] = ()
    aggregates: Mapping[str, Aggregate] = field(default_factory=dict[str, Aggregate])


def fixed_point(words: Words, name: str, term: nw.Expr) -> Pass:
    """Sum `term` (in units of one) exactly enough that no order of rows changes a bit of the result."""
    size = f"{name}_t"
    inside = words.when((term < LARGEST_TERM) & (term > -LARGEST_TERM)).then(term)
    upper, lower = f"{name}_up", f"{name}_lo"
    return Pass(
        (
            {size: inside * 2.0**UPPER_BITS},
            {upper: words.col(size).floor()},
            {
                lower: ((words.col(size) - words.col(upper)) * 2.0**LOWER_BITS).floor().cast(words.whole),
                upper: words.col(upper).cast(words.whole),
            },
        ),
        {upper: "sum", lower: "sum", size: "count"},
    )


def fixed_total(name: str, rows: pl.Expr) -> pl.Expr:
    """The sum gathered by `fixed_point`; null where one of the `rows` terms was out of range or blank."""
    upper, lower = pl.col(f"{name}_up"), pl.col(f"{name}_lo")
    total = upper.cast(pl.Float64) * 2.0**-UPPER_BITS + lower.cast(pl.Float64) * 2.0 ** -(
        UPPER_BITS + LOWER_BITS
    )
    return pl.when(pl.col(f"{name}_t") == rows).then(total)


def joined(*passes: Pass) -> Pass:
    """Several passes as one, step beside step."""
    depth = max((len(one.steps) for one in passes), default=0)
    steps: list[dict[str, nw.Expr]] = [{} for _ in range(depth)]
    aggregates: dict[str, Aggregate] = {}
    for one in passes:
        for into, step in zip(steps, one.steps, strict=False):
            into.update(step)
        aggregates |= one.aggregates
    return Pass(tuple(steps), aggregates)


@dataclass(frozen=True, slots=True)
class Scale:
    """By what Σm and Σw are multiplied so that one division gives the value: decimals and the factor.

    value = (Σm x above) / (Σw x below).
    """

    above: int
    below: int

    @staticmethod
    def of(m_decimals: int, w_decimals: int, factor: Fraction) -> Scale:
        """The scale of sums with these decimals."""
        whole = factor * Fraction(10) ** (w_decimals - m_decimals)
        return Scale(whole.numerator, whole.denominator)

    @property
    def factor(self) -> Fraction:
        """above / below."""
        return Fraction(self.above, self.below)


def of_sums(cells: Cells, scale: Scale) -> pl.Expr:
    """Σm / Σw: ratio, share and mean; null without weight."""
    return quotient(pl.col(cells.all_m) * scale.above, pl.col(cells.all_w) * scale.below)


def of_sum(cells: Cells, scale: Scale) -> pl.Expr:
    """Σm: sum and count; null without rows, never 0."""
    total = quotient(pl.col(cells.all_m) * scale.above, pl.lit(scale.below))
    return pl.when(pl.col(cells.rows) > 0).then(total)
