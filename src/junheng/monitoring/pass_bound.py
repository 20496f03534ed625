"""What no plan can cost less than: school programmes at prices that already pay for the county's
coefficients.

The set CV ≤ τ is a convex cone, so every plan satisfies g·x ≤ 0 for the gradient g of S − τX̄ at any
point. Adding λ·g·x to the cost (λ ≥ 0) makes the county fall apart into school programmes at reduced
prices c + λ·g·a, each solved exactly; their sum and λ·g·b are a lower bound for whole numbers too. At the
levelled point every unit that is raised has the same gradient a pupil, so that λ = c/|g·a| makes its
measure free and the bound as good as levelling itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, gcd

import numpy as np
from numpy.typing import NDArray

from junheng.monitoring.levelling_up import level_up
from junheng.monitoring.pass_problem import Cost, County, Ints
from junheng.monitoring.school_programme import Asked, Programme, programme

Cell = tuple[int, str, int]
_PRICES_TRIED = 6


@dataclass(frozen=True, eq=False)
class _Cut:
    """g·x ≤ 0 for one coefficient: gradient by unit, worth at today's amounts, and slack of rounded
    shares."""

    cell: Cell
    gradient: NDArray[np.float64]
    today: float
    slack: float


@dataclass(frozen=True, eq=False)
class Dual:
    """bound: no plan costs less. prices: reduced prices by move at which it was found, none if not needed."""

    bound: Cost
    prices: Mapping[int, Cost]


def lower_bound(county: County, first: Mapping[int, Programme], schools_only: Cost, raised: Ints) -> Dual:
    """A cost no plan that passes can undercut.

    Without coefficients to mend it is the sum of the schools' optima. With ranks instead of prices, or
    measures that take pupils away, only that sum is known to hold.
    """
    cells = [cell for cell in county.cells if raised[cell[2], cell[0], county.of_stage[cell[1]]].any()]
    if not cells or len(schools_only) != 1 or any(move.fewer for move in county.moves):
        return Dual(schools_only, {})
    cuts = [_cut(county, first, cell) for cell in cells]
    best = schools_only[0]
    weights = np.zeros(len(cuts))
    for c in range(len(cuts)):
        for weight in _weights(county, cuts, weights, c):
            trial = weights.copy()
            trial[c] = weight
            value = _dual(county, cuts, trial, first)
            if value <= best and weights[c] > 0:
                break
            if value > best:
                best, weights = value, trial
    reduced = _reduced(county, cuts, weights)
    changed = {
        m: (Fraction(max(price, 0.0)).limit_denominator(10**6),)
        for m, price in enumerate(reduced.tolist())
        if price != float(county.moves[m].cost[0])
    }
    return Dual((best,), changed)


def prices_at(county: County, dual: Dual, share: Fraction) -> dict[int, Cost]:
    """Prices `share` of the way from the true ones to the reduced ones."""
    return {
        m: (county.moves[m].cost[0] * (1 - share) + price[0] * share,) for m, price in dual.prices.items()
    }


def _cut(county: County, first: Mapping[int, Programme], cell: Cell) -> _Cut:
    item, stage, k = cell
    units = county.of_stage[stage]
    units = units[county.known[item, units] & (county.pupils[k, units] > 0)]
    steps = {m: n for one in first.values() for m, n in one.steps.items()}
    base = county.after(steps).have[k, item, units].astype(float)
    p, limit = county.pupils[k, units].astype(float), float(county.cv_limit[item, stage])
    x = level_up(base, p, limit).amounts / p
    share, mean = p / p.sum(), (p * x).sum() / p.sum()
    spread = np.sqrt((share * (x - mean) ** 2).sum())
    gradient = np.zeros(len(county.units))
    gradient[units] = ((x - mean) / max(spread, 1e-300) - limit) / p.sum()
    today = float(gradient @ county.have[k, item].astype(float))
    split = {
        e.unit
        for move in county.moves
        for e in move.effects
        if e.item == item and e.amount[k].denominator > 1
    }
    slack = sum(max(float(gradient[u]), 0.0) for u in split)
    return _Cut(cell, gradient, today, slack)


def _adds(county: County, cut: _Cut, m: int) -> float:
    """What one step of a move is worth in g·x; an exchange takes from whoever it helps most to take from."""
    item, stage, k = cut.cell
    move = county.moves[m]
    worth = sum(float(e.amount[k]) * cut.gradient[e.unit] for e in move.effects if e.item == item)
    if move.exchange:
        most = cut.gradient[county.of_stage[stage]].max()
        worth -= sum(
            float(e.amount[k]) * most
            for e in move.effects
            if e.item == item and county.units[e.unit].stage == stage
        )
    return worth


def _reduced(county: County, cuts: list[_Cut], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    prices = np.array([float(move.cost[0]) for move in county.moves])
    for cut, weight in zip(cuts, weights.tolist(), strict=True):
        if weight:
            prices += weight * np.array([_adds(county, cut, m) for m in range(len(county.moves))])
    return prices


def _weights(county: County, cuts: list[_Cut], weights: NDArray[np.float64], c: int) -> list[float]:
    """Weights of one cut at which some measure becomes free, without making an uncapped one worth money."""
    prices = _reduced(county, cuts, weights)
    worth = np.array([_adds(county, cuts[c], m) for m in range(len(county.moves))])
    free = sorted(
        {float(f"{prices[m] / -worth[m]:.10g}") for m in np.flatnonzero(worth < 0).tolist() if prices[m] >= 0}
    )
    open_ended = [
        prices[m] / -worth[m] for m in np.flatnonzero(worth < 0).tolist() if county.moves[m].cap is None
    ]
    most = min(open_ended, default=np.inf)
    tried = [w for w in free if 0 < w < most * (1 - 1e-9)]
    if len(tried) > _PRICES_TRIED:
        tried = [tried[round(n * (len(tried) - 1) / (_PRICES_TRIED - 1))] for n in range(_PRICES_TRIED)]
    return sorted({*tried, *([most] if 0 < most < np.inf else [])}, reverse=True)


def _dual(
    county: County, cuts: list[_Cut], weights: NDArray[np.float64], first: Mapping[int, Programme]
) -> Fraction:
    """Σ cheapest school programmes at reduced prices + λ·(g·b − slack); rounded down all the way."""
    reduced = _reduced(county, cuts, weights)
    total = Fraction(0)
    prices: dict[int, Cost] = {}
    for m, price in enumerate(reduced.tolist()):
        cap = county.moves[m].cap
        if price < 0 and cap is not None:
            total += Fraction(floor(price * cap * 10**6) - 1, 10**6)
            prices[m] = (Fraction(0),)
        elif price != float(county.moves[m].cost[0]):
            prices[m] = (Fraction(max(floor(price * 10**6) - 1, 0), 10**6),)
    for block, one in first.items():
        if one.steps and any(m in prices for m in county.moves_of[block]):
            total += programme(county, block, Asked(prices=prices)).cost[0]
        elif one.cost:
            total += one.cost[0]
    constant = sum(w * (cut.today - cut.slack) for cut, w in zip(cuts, weights.tolist(), strict=True))
    return total + Fraction(floor(constant * 10**6), 10**6) - Fraction(ceil(abs(constant) * 1e-3), 10**6)


def next_possible(county: County, bound: Cost) -> Cost:
    """The least cost that whole steps can add up to at or above `bound`; ranks are left as they are."""
    if len(bound) != 1:
        return bound
    prices = {move.cost[0] for move in county.moves if move.cost[0] > 0}
    if not prices:
        return bound
    parts = 1
    for price in prices:
        parts = parts * price.denominator // gcd(parts, price.denominator)
    common = 0
    for price in prices:
        common = gcd(common, int(price * parts))
    unit = Fraction(common, parts)
    return (unit * ceil(bound[0] / unit),)
