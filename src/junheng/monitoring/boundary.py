"""Which side of a line a value lies on, without a float: whole numbers multiplied across, fractions of the
rows.

Used only within 1e-9 of a line; elsewhere a float knows its side. Each function returns the sign of value -
line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Context, Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from junheng.rules.indicator import Range

NEAR = 1e-9
"""Closer than this to its line (relative to a line above 1) a value is decided exactly."""
_DIGITS = 60

Signs = NDArray[np.int8]
Whole = Sequence[int]


def signs(values: NDArray[np.float64], line: Fraction, exactly: Callable[[int], int | None]) -> Signs:
    """int8[n]: sign of value - line; `exactly` decides the row it is given, None leaves the float's
    answer."""
    number = float(line)
    found = np.sign(values - number)
    near = np.flatnonzero(np.abs(values - number) <= NEAR * max(1.0, abs(number)))
    for row in near.tolist():
        decided = exactly(row)
        if decided is not None:
            found[row] = decided
    return np.nan_to_num(found).astype(np.int8)


def sign(difference: Fraction | int | Decimal) -> int:
    """-1, 0 or 1."""
    return (difference > 0) - (difference < 0)


def of_sums(num: int, den: int, factor: Fraction, line: Fraction) -> int:
    """num / den x factor against the line, for den > 0."""
    return sign(num * factor.numerator * line.denominator - line.numerator * den * factor.denominator)


def of_cv(m: Whole, w: Whole, line: Fraction) -> int:
    """CV against the line: CV <= t exactly when W Σ(m²/w) <= (1 + t²) (Σm)²; a line below 0 is passed."""
    if line < 0:
        return 1
    squares = sum((Fraction(one * one, weight) for one, weight in zip(m, w, strict=True)), Fraction(0))
    return sign(sum(w) * squares - (1 + line * line) * sum(m) ** 2)


def of_gini(m: Whole, w: Whole, line: Fraction) -> int:
    """Gini against the line."""
    rows = sorted(zip(m, w, strict=True), key=lambda row: Fraction(row[0], row[1]))
    area, running = 0, 0
    for one, weight in rows:
        area += weight * (2 * running + one)
        running += one
    return sign(1 - Fraction(area, running * sum(w)) - line)


def of_theil(m: Whole, w: Whole, line: Fraction) -> int:
    """Theil's T against the line, with 60 digits: a logarithm of fractions is no fraction itself."""
    context = Context(prec=_DIGITS)
    total, weight = sum(m), sum(w)
    if len({Fraction(one, w[row]) for row, one in enumerate(m)}) == 1:
        return sign(-line)
    value = Decimal(0)
    for one, own in zip(m, w, strict=True):
        if one:
            relative = context.divide(Decimal(one * weight), Decimal(own * total))
            term = context.multiply(context.divide(Decimal(one), Decimal(total)), context.ln(relative))
            value = context.add(value, term)
    return sign(context.subtract(value, context.divide(Decimal(line.numerator), Decimal(line.denominator))))


def quantile(m: Whole, w: Whole, q: Fraction, *, weighted: bool) -> Fraction:
    """The exact quantile of m / w: weighted, or Hyndman and Fan's seventh."""
    rows = sorted((Fraction(one, weight), weight) for one, weight in zip(m, w, strict=True))
    if weighted:
        wanted, running = q * sum(w), 0
        for value, weight in rows:
            running += weight
            if running >= wanted:
                return value
        return rows[-1][0]
    ahead = (len(rows) - 1) * q
    below = int(ahead)
    rest = ahead - below
    upper = rows[min(below + 1, len(rows) - 1)][0]
    return rows[below][0] * (1 - rest) + upper * rest


def range_of(
    m: Whole, w: Whole, kind: Range, *, weighted: bool, tenth: Fraction, fifth: int
) -> Fraction | None:
    """The exact upper over lower end of a range; None where the lower end is 0."""
    rows = sorted((Fraction(one, weight), one, weight) for one, weight in zip(m, w, strict=True))
    if kind == "max_min":
        high, low = rows[-1][0], rows[0][0]
    elif kind == "p90_p10":
        high, low = (quantile(m, w, q, weighted=weighted) for q in (1 - tenth, tenth))
    else:
        count = -(-len(rows) // fifth)
        high, low = (
            Fraction(sum(row[1] for row in part), sum(row[2] for row in part))
            for part in (rows[-count:], rows[:count])
        )
    return high / low if low > 0 else None
