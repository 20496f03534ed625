"""Least additions that bring a variation coefficient within its line: level the lowest up, move from the
highest.

CV ≤ τ is a convex cone in the amounts x, and raising unit u lowers CV exactly when X_u < X̄·(1 + CV²).
Bought at one price the optimum is x_u = max(b_u, ℓ·p_u) with the least level ℓ. In whole steps, for any
number of steps the mean is fixed and Σ x²/p is separable and convex, so that giving the next step to the
unit with the smallest (2x + a)/p is optimal for that number; the first number at which the line holds is
therefore the least.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from junheng.monitoring.pass_problem import Ints, cv_within

Floats = NDArray[np.float64]
_HALVINGS = 200
_MOST_STEPS = 200_000


@dataclass(frozen=True, eq=False)
class Levelled:
    """level: least amount a pupil after levelling. amounts: float64[U]. added: Σ amounts − before."""

    level: float
    amounts: Floats
    added: float


@dataclass(frozen=True, eq=False)
class Banded:
    """low, high: the band amounts a pupil are clipped to. moved: what changes hands."""

    low: float
    high: float
    amounts: Floats
    moved: float


def excess(amounts: Floats, pupils: Floats, limit: float) -> float:
    """P·Σ(x²/p)/X² / (1 + τ²) − 1: positive when the variation coefficient is over τ; −1 where X is 0."""
    total = amounts.sum()
    if total <= 0:
        return -1.0
    return float(
        pupils.sum() * (amounts * amounts / pupils).sum() / (total * total) / (1 + limit * limit) - 1
    )


def level_up(amounts: Floats, pupils: Floats, limit: float) -> Levelled:
    """The least level ℓ with CV(max(b, ℓp)) ≤ limit, by bisection; additions only, one price, no caps.

    The answer is on the good side: CV is within the line at the level returned.
    """
    if excess(amounts, pupils, limit) <= 0:
        return Levelled(float((amounts / pupils).min(initial=np.inf)), amounts.astype(float), 0.0)
    low, high = float((amounts / pupils).min()), float((amounts / pupils).max())
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if excess(np.maximum(amounts, middle * pupils), pupils, limit) > 0:
            low = middle
        else:
            high = middle
    raised = np.maximum(amounts, high * pupils)
    return Levelled(high, raised, float(raised.sum() - amounts.sum()))


def whole_steps(
    amounts: Ints, pupils: Ints, step: int, limit: Fraction, caps: Ints | None = None
) -> Ints | None:
    """Fewest steps of `step` by unit with CV ≤ limit, all at one price; None when the caps forbid it.

    Exact for that total: see the head of this file. caps: most steps by unit.
    """
    if cv_within(amounts, pupils, limit):
        return np.zeros(len(amounts), dtype=np.int64)
    x, p = amounts.astype(float), pupils.astype(float)
    most = np.full(len(x), np.iinfo(np.int64).max) if caps is None else caps
    reach = float((x / p).max())
    enough = np.minimum(np.ceil(np.maximum(reach * p - x, 0) / step).astype(np.int64) + 1, most)
    target = level_up(x, p, float(limit)).level
    for slack in (1.0, 1.2, 2.0, np.inf):
        # steps whose marginal (2x + a)/p is at most twice the level sought, then more if that was too few
        upto = np.floor((2 * slack * target * p + step - 2 * x) / (2 * step)) if slack < np.inf else enough
        offered = np.clip(upto, 0, enough).astype(np.int64) + (enough > 0)
        offered = np.minimum(offered, enough)
        if offered.sum() > _MOST_STEPS:
            return _thresholded(amounts, pupils, step, limit, enough)
        found = _first(amounts, pupils, step, limit, offered)
        if found is not None:
            return found
    return None


def _first(amounts: Ints, pupils: Ints, step: int, limit: Fraction, offered: Ints) -> Ints | None:
    """The shortest prefix of steps, in order of their marginal, that brings the coefficient within the
    line."""
    units = np.repeat(np.arange(len(amounts)), offered)
    number = np.concatenate([np.arange(n) for n in offered.tolist()]) if len(units) else np.zeros(0)
    x, p = amounts.astype(float), pupils.astype(float)
    marginal = (2 * (x[units] + step * number) + step) / p[units]
    order = np.lexsort((units, marginal))
    squares = (x * x / p).sum() + np.cumsum(step * marginal[order])
    totals = x.sum() + step * np.arange(1, len(order) + 1)
    over = p.sum() * squares / (totals * totals) / (1 + float(limit) ** 2) - 1
    for n in np.flatnonzero(over <= 1e-9).tolist():
        counts = np.bincount(units[order[: n + 1]], minlength=len(amounts)).astype(np.int64)
        if over[n] < -1e-9 or cv_within(amounts + step * counts, pupils, limit):
            return counts
    return None


def _thresholded(amounts: Ints, pupils: Ints, step: int, limit: Fraction, enough: Ints) -> Ints | None:
    """For very many small steps: the least common marginal by bisection, instead of listing every step."""
    x, p = amounts.astype(float), pupils.astype(float)
    low, high = 0.0, float(((2 * (x + step * enough) + step) / p).max())

    def counts(marginal: float) -> Ints:
        return np.clip(np.floor((marginal * p + step - 2 * x) / (2 * step)), 0, enough).astype(np.int64)

    if not cv_within(amounts + step * counts(high), pupils, limit):
        return None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if cv_within(amounts + step * counts(middle), pupils, limit):
            high = middle
        else:
            low = middle
    return counts(high)


def level_by_moving(amounts: Floats, pupils: Floats, limit: float, keep: Floats) -> Banded | None:
    """The least amount to move from the highest to the lowest with CV ≤ limit; None where donors do not
    suffice.

    Amounts a pupil are clipped to a band [ℓ, u]; nobody gives below `keep`. The mean does not change.
    """
    free = np.maximum(amounts - np.minimum(keep, amounts), 0.0)
    x = amounts / pupils

    def banded(moved: float) -> Banded:
        low, high = _filled(x, pupils, moved), _drained(amounts, pupils, free, moved)
        after = np.maximum(amounts, low * pupils)
        given = np.minimum(np.maximum(amounts - high * pupils, 0.0), free)
        return Banded(low, high, np.where(given > 0, amounts - given, after), moved)

    if excess(amounts, pupils, limit) <= 0:
        return banded(0.0)
    mean = amounts.sum() / pupils.sum()
    most = min(
        float(np.minimum(free, np.maximum(amounts - mean * pupils, 0.0)).sum()),
        float(np.maximum(mean * pupils - amounts, 0).sum()),
    )
    if excess(banded(most).amounts, pupils, limit) > 0:
        return None
    low, high = 0.0, most
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if excess(banded(middle).amounts, pupils, limit) > 0:
            low = middle
        else:
            high = middle
    return banded(high)


def _filled(x: Floats, pupils: Floats, amount: float) -> float:
    """The level to which `amount` raises the lowest: Σ max(ℓ − x, 0)·p = amount."""
    order = np.argsort(x, kind="stable")
    base, weight = np.cumsum((x * pupils)[order]), np.cumsum(pupils[order])
    levels = (amount + base) / weight
    above = np.append(x[order][1:], np.inf)
    return float(levels[np.flatnonzero(levels <= above)[0]])


def _drained(amounts: Floats, pupils: Floats, free: Floats, amount: float) -> float:
    """The level to which giving `amount` lowers the highest, none giving more than it has free."""
    low, high = 0.0, float((amounts / pupils).max())
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if np.minimum(np.maximum(amounts - middle * pupils, 0.0), free).sum() > amount:
            low = middle
        else:
            high = middle
    return high
