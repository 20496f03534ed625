"""What no plan can cost less than: school programmes at prices that already pay for the county's
coefficients.

The set CV ≤ τ is a convex cone, so every plan satisfies g·x ≤ 0 for the gradient g of S − τX̄ at any
point. Adding λ·g·x to the cost (λ ≥ 0) makes the county fall apart into school programmes at reduced
prices c + λ·g·a, each solved exactly; their sum and λ·g·b are a lower bound for whole numbers too. At the
levelled point every unit that is raised has the same gradient a pupil, so that λ = c/|g·a| makes its
measure free and the bound as good as levelling itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, gcd, lcm

import numpy as np
from numpy.typing import NDArray

from junheng.monitoring.covering import Whole, in_parts, parts_of
from junheng.monitoring.levelling_up import level_up
from junheng.monitoring.pass_problem import Cost, County, Ints
from junheng.monitoring.school_programme import Asked, Programme, programme, school_of

Cell = tuple[int, str, int]
_ROUNDS = 2
_NEAR = Fraction(1, 10_000)
_MILLIONTHS = 10**6
"""Reduced prices are whole numbers of this part of the unit of money."""
_LOOKS = 14
"""Most prices tried for one coefficient in one round; the dual is piecewise linear and mostly needs fewer."""


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


def prices_at(county: County, dual: Dual, share: Fraction) -> dict[int, Cost]:
    """Prices `share` of the way from the true ones to the reduced ones."""
    return {
        m: (max(county.moves[m].cost[0] * (1 - share) + price[0] * share, Fraction(0)),)
        for m, price in dual.prices.items()
    }


def lower_bound(
    county: County,
    first: Mapping[int, Programme],
    schools_only: Cost,
    raised: Ints,
    after: Ints,
    cost: Cost,
) -> Dual:
    """A cost no plan that passes can undercut. after, cost: amounts and cost of a plan that passes, near
    which cuts are made; within `_NEAR` of that cost nothing more is looked for.

    Without coefficients to mend it is the sum of the schools' optima. With ranks instead of prices, or
    measures that take pupils away, only that sum is known to hold.
    """
    cells = [cell for cell in county.cells if raised[cell[2], cell[0], county.of_stage[cell[1]]].any()]
    if not cells or len(schools_only) != 1 or any(move.fewer for move in county.moves):
        return Dual(schools_only, {})
    enough = cost[0] * (1 - _NEAR)
    best = _ascent(_Relaxed(county, [_levelled_cut(county, first, cell) for cell in cells], first), enough)
    if best.bound[0] < enough:
        cuts = [_cut(county, cell, after[cell[2], cell[0]].astype(float)) for cell in cells]
        best = max(best, _ascent(_Relaxed(county, cuts, first), enough), key=lambda one: one.bound)
    return best if best.bound > schools_only else Dual(schools_only, {})


def _ascent(relaxed: _Relaxed, enough: Fraction) -> Dual:
    """The best weights found by going through the cuts in turn, and again while that is worth it."""
    weights = np.zeros(len(relaxed.cuts))
    best, _ = relaxed.at(weights, 0)
    for _ in range(_ROUNDS if len(relaxed.cuts) > 1 else 1):
        before = best
        for c in range(len(relaxed.cuts)):
            weights, best = _along(relaxed, weights, c, best)
        if best >= enough or best - before < best * _NEAR:
            break
    return Dual((best,), relaxed.prices(weights))


def _along(
    relaxed: _Relaxed, weights: NDArray[np.float64], c: int, best: Fraction
) -> tuple[NDArray[np.float64], Fraction]:
    """Along one weight the dual is concave and piecewise linear: the peak lies where the lines of the two
    nearest looks meet, looked at again until they meet on the dual itself."""

    def look(weight: float) -> tuple[float, Fraction, float]:
        trial = weights.copy()
        trial[c] = weight
        return (weight, *relaxed.at(trial, c))

    left, right = look(0.0), look(relaxed.most(weights, c))
    top = max((left, right), key=lambda one: one[1])
    for _ in range(_LOOKS):
        if left[2] <= 0 or right[2] >= 0:
            break
        (w0, v0, s0), (w1, v1, s1) = left, right
        meet = (float(v1 - v0) + s0 * w0 - s1 * w1) / (s0 - s1)
        if not w0 < meet < w1:
            break
        middle = look(meet)
        top = max((top, middle), key=lambda one: one[1])
        if float(middle[1]) >= float(v0) + s0 * (meet - w0) - 1e-6 * max(abs(float(v0)), 1.0):
            break
        left, right = (middle, right) if middle[2] > 0 else (left, middle)
    if top[1] < best:
        return weights, best
    out = weights.copy()
    out[c] = top[0]
    return out, top[1]


def _levelled_cut(county: County, first: Mapping[int, Programme], cell: Cell) -> _Cut:
    """The cut at the amounts of the schools' own programmes levelled up, where one price makes it exact."""
    item, stage, k = cell
    units = _group(county, cell)
    steps = {m: n for one in first.values() for m, n in one.steps.items()}
    base = county.after(steps).have[k, item].astype(float)
    p = county.pupils[k, units].astype(float)
    base[units] = level_up(base[units], p, float(county.cv_limit[item, stage])).amounts
    return _cut(county, cell, base)


def _group(county: County, cell: Cell) -> NDArray[np.intp]:
    item, stage, k = cell
    units = county.of_stage[stage]
    return units[county.known[item, units] & (county.pupils[k, units] > 0)]


def _cut(county: County, cell: Cell, amounts: NDArray[np.float64]) -> _Cut:
    item, stage, k = cell
    units = _group(county, cell)
    p, limit = county.pupils[k, units].astype(float), float(county.cv_limit[item, stage])
    x = amounts[units] / p
    share, mean = p / p.sum(), amounts[units].sum() / p.sum()
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


class _Relaxed:
    """The county without its coefficients, at prices that pay for them."""

    def __init__(self, county: County, cuts: list[_Cut], first: Mapping[int, Programme]) -> None:
        self.county, self.cuts, self.first = county, cuts, first
        self._true = np.array([float(move.cost[0]) for move in county.moves])
        self._worth = [np.array([_adds(county, cut, m) for m in range(len(county.moves))]) for cut in cuts]
        self._open = np.array([move.cap is None for move in county.moves])
        self._cap = np.array([0 if move.cap is None else move.cap for move in county.moves])
        self._parts = lcm(_MILLIONTHS, parts_of(move.cost for move in county.moves))
        self._whole = [in_parts(move.cost, self._parts) for move in county.moves]
        self._known: dict[int, dict[tuple[Whole, ...], tuple[Fraction | int, Mapping[int, int]]]] = {}
        for block, one in first.items():
            if one.steps:
                cost = one.cost[0] * self._parts
                self._known[block] = {self._key(block, self._whole): (cost, one.steps)}

    def reduced(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """c + Σ λ·g·a by move."""
        return self._true + sum(
            (w * worth for w, worth in zip(weights.tolist(), self._worth, strict=True)),
            np.zeros(len(self._true)),
        )

    def prices(self, weights: NDArray[np.float64]) -> dict[int, Cost]:
        """The reduced prices that differ from the true ones, never under 0, rounded down."""
        return {
            m: (Fraction(price, _MILLIONTHS),) for m, price in self._millionths(self.reduced(weights)).items()
        }

    def _millionths(self, reduced: NDArray[np.float64]) -> dict[int, int]:
        changed = np.flatnonzero(reduced != self._true)
        prices = np.maximum(np.floor(reduced[changed] * _MILLIONTHS) - 1, 0)
        return dict(zip(changed.tolist(), (int(price) for price in prices.tolist()), strict=True))

    def most(self, weights: NDArray[np.float64], c: int) -> float:
        """The largest weight that leaves no measure without limit worth money: beyond it nothing is bounded.
        Where every measure has a limit, the weight at which the dearest becomes free."""
        others = weights.copy()
        others[c] = 0.0
        prices, worth = self.reduced(others), self._worth[c]
        helps = worth < 0
        if (helps & self._open).any():
            at = helps & self._open
            return max(float((prices[at] / -worth[at]).min()) * (1 - 1e-12), 0.0)
        return max(float((prices[helps] / -worth[helps]).max()), 0.0) if helps.any() else 0.0

    def at(self, weights: NDArray[np.float64], c: int) -> tuple[Fraction, float]:
        """(Σ cheapest programmes + λ·(g·b − slack), rounded down; its slope along weight c)."""
        reduced = self.reduced(weights)
        taken = np.where((reduced < 0) & ~self._open, self._cap, 0)
        total = Fraction(floor(float((np.minimum(reduced, 0) * taken).sum()) * 10**6) - 1, 10**6)
        each, whole = self._parts // _MILLIONTHS, list(self._whole)
        for m, price in self._millionths(reduced).items():
            whole[m] = (price * each,)
        done, spent = taken.tolist(), 0
        for block in self._known:
            cost, steps = self._block(block, whole)
            spent += cost
            for m, n in steps.items():
                done[m] = max(done[m], n)
        total += Fraction(spent) / self._parts
        constant = sum(
            w * (cut.today - cut.slack) for cut, w in zip(self.cuts, weights.tolist(), strict=True)
        )
        total += Fraction(floor(constant * 10**6 - abs(constant) * 1e-3), 10**6)
        slope = self.cuts[c].today - self.cuts[c].slack + float(self._worth[c] @ np.array(done, dtype=float))
        return total, slope

    def _key(self, block: int, whole: Sequence[Whole]) -> tuple[Whole, ...]:
        return tuple([whole[m] for m in self.county.moves_of[block]])

    def _block(self, block: int, whole: Sequence[Whole]) -> tuple[Fraction | int, Mapping[int, int]]:
        """(cost in parts, steps) of a school's programme at whole prices, kept for prices met again."""
        known, key = self._known[block], self._key(block, whole)
        if key not in known:
            school = school_of(self.county, block)
            costs = dict(zip(school.moves, key, strict=True))
            if school.units is None:
                prices = {m: tuple(Fraction(c, self._parts) for c in cost) for m, cost in costs.items()}
                found = programme(self.county, block, Asked(prices=prices))
                cost = found.cost[0] * self._parts if found.cost else 0
                known[key] = cost, found.steps
            else:
                best = school.cheapest(None, school.caps, costs, self._parts, 1)
                known[key] = (0, {}) if best is None else (best[0][0], best[1])
        return known[key]


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
