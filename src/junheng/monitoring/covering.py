"""The cheapest whole steps of measures that cover several requirements at once, exact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, lcm
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from junheng.monitoring.pass_problem import Cost

_TIGHT = 1e-9

Whole = tuple[int, ...]
"""A cost as whole numbers of one common part of the unit of money (or of each rank)."""


@dataclass(frozen=True, slots=True)
class Option:
    """A measure on offer: what one step adds to each requirement, most steps, cost of one."""

    adds: tuple[Fraction, ...]
    cap: int | None
    cost: Cost


def parts_of(costs: Iterable[Cost]) -> int:
    """The number of equal parts of a unit in which every cost is whole."""
    return lcm(*(c.denominator for cost in costs for c in cost))


def in_parts(cost: Cost, parts: int) -> Whole:
    """A cost in whole parts."""
    return tuple(c.numerator * (parts // c.denominator) for c in cost)


def cover(required: tuple[int, ...], options: tuple[Option, ...]) -> tuple[int, ...] | None:
    """Steps of each option so that Σ adds·steps ≥ required at the least cost, ranks in order; None if
    nothing can."""
    parts = parts_of([one.cost for one in options])
    caps = tuple(one.cap for one in options)
    costs = tuple(in_parts(one.cost, parts) for one in options)
    return Covering(tuple(one.adds for one in options)).cover(required, caps, costs, parts)


class Covering:
    """What measures add to some requirements, made ready to be covered at many prices."""

    def __init__(self, adds: tuple[tuple[Fraction, ...], ...]) -> None:
        self.adds = adds
        self._ways: dict[tuple[int, ...], _Counted | None] = {}

    def cover(
        self, required: tuple[int, ...], caps: Sequence[int | None], costs: Sequence[Whole], parts: int
    ) -> tuple[int, ...] | None:
        """Cheapest steps of each measure; costs are whole numbers of `parts` of a unit.

        Where each requirement's measures add the same to it and at most one kind of measure serves several,
        steps are counted (`_Counted`); anything else is an integer programme solved to proof.
        """
        rows = tuple(r for r, amount in enumerate(required) if amount > 0)
        if not rows:
            return (0,) * len(self.adds)
        if rows not in self._ways:
            self._ways[rows] = _Counted.of(self.adds, rows)
        way = self._ways[rows]
        if way is not None:
            return way.cheapest(required, caps, costs)
        useful = [o for o, adds in enumerate(self.adds) if any(adds[r] > 0 for r in rows)]
        offered = tuple(
            Option(tuple(self.adds[o][r] for r in rows), caps[o], tuple(Fraction(c, parts) for c in costs[o]))
            for o in useful
        )
        found = integer_programme(tuple(required[r] for r in rows), offered)
        if found is None:
            return None
        steps = [0] * len(self.adds)
        for o, count in zip(useful, found, strict=True):
            steps[o] = count
        return tuple(steps)


@dataclass(frozen=True, eq=False)
class _Counted:
    """Requirements that are numbers of steps: `unit` by row; measures that serve one row alone, and those
    that serve the same several rows (`wide`, `spans`).

    With n steps of the wide measures the rest is filled row by row from the cheapest up. Each part of that
    cost is convex in n, rank by rank, so that the first n beyond which one more step saves nothing is the
    optimum.
    """

    unit: Mapping[int, Fraction]
    alone: Mapping[int, tuple[int, ...]]
    wide: tuple[int, ...]
    spans: tuple[int, ...]
    options: int

    @staticmethod
    def of(adds: Sequence[tuple[Fraction, ...]], rows: tuple[int, ...]) -> _Counted | None:
        """None where steps add different amounts to a row, or kinds of measures overlap."""
        unit: dict[int, Fraction] = {}
        kinds: dict[tuple[int, ...], list[int]] = {}
        for o, one in enumerate(adds):
            serves = tuple(r for r in rows if one[r] > 0)
            if any(unit.setdefault(r, one[r]) != one[r] for r in serves):
                return None
            if serves:
                kinds.setdefault(serves, []).append(o)
        several = [serves for serves in kinds if len(serves) > 1]
        if len(several) > 1:
            return None
        spans = several[0] if several else ()
        alone = {r: tuple(kinds.get((r,), ())) for r in rows}
        return _Counted(unit, alone, tuple(kinds.get(spans, ())), spans, len(adds))

    def cheapest(
        self, required: Sequence[int], caps: Sequence[int | None], costs: Sequence[Whole]
    ) -> tuple[int, ...] | None:
        """Steps of each option, None where the caps do not suffice."""
        if any(r not in self.unit for r in self.alone):
            return None
        wanted = {r: ceil(required[r] / self.unit[r]) for r in self.alone}
        alone = {r: _Ladder.of(options, caps, costs) for r, options in self.alone.items()}
        wide = _Ladder.of(self.wide, caps, costs)
        if any(not alone[r].reaches(count) for r, count in wanted.items() if r not in self.spans):
            return None
        steps = [0] * self.options
        if self.spans:
            count = self._wide_steps({r: wanted[r] for r in self.spans}, alone, wide)
            if count is None:
                return None
            wide.take(count, steps)
            wanted = {r: n - count if r in self.spans else n for r, n in wanted.items()}
        for r, count in wanted.items():
            alone[r].take(count, steps)
        return tuple(steps)

    @staticmethod
    def _wide_steps(wanted: Mapping[int, int], alone: Mapping[int, _Ladder], wide: _Ladder) -> int | None:
        most = max(wanted.values())
        high = most if wide.reaches(most) else wide.most
        low = max(0, *(n - alone[r].most for r, n in wanted.items() if not alone[r].reaches(n)), 0)
        if low > high:
            return None
        while low < high:
            n = (low + high) // 2
            one_more = wide.price(n + 1)
            saved = [alone[r].price(count - n) for r, count in wanted.items() if count > n]
            if one_more >= tuple(sum(column) for column in zip(*saved, strict=True)):
                high = n
            else:
                low = n + 1
        return low


@dataclass(frozen=True, eq=False)
class _Ladder:
    """Measures that do the same, cheapest first: (option, most steps, cost of one). most: −1: no limit."""

    rungs: tuple[tuple[int, int | None, Whole], ...]
    most: int

    @staticmethod
    def of(options: Sequence[int], caps: Sequence[int | None], costs: Sequence[Whole]) -> _Ladder:
        order = sorted(options, key=lambda o: (costs[o], o)) if len(options) > 1 else options
        limits = [caps[o] for o in order]
        most = -1 if None in limits else sum(limit or 0 for limit in limits)
        return _Ladder(tuple((o, caps[o], costs[o]) for o in order), most)

    def reaches(self, count: int) -> bool:
        """Whether `count` steps can be taken."""
        return self.most < 0 or count <= self.most

    def price(self, number: int) -> Whole:
        """What the `number`-th step costs, counted from 1."""
        for _, cap, cost in self.rungs:
            if cap is None or number <= cap:
                return cost
            number -= cap
        raise AssertionError("asked beyond the last step")

    def take(self, count: int, steps: list[int]) -> None:
        """Enter `count` steps, cheapest first."""
        for o, cap, _ in self.rungs:
            if count <= 0:
                return
            steps[o] = count if cap is None else min(count, cap)
            count -= steps[o]


@lru_cache(maxsize=65536)
def integer_programme(required: tuple[int, ...], options: tuple[Option, ...]) -> tuple[int, ...] | None:
    """The same by branch and bound (HiGHS), one solve for each rank of cost, later ranks among the best of
    the first."""
    if not options:
        return None
    rows = np.array([[float(one.adds[r]) for one in options] for r in range(len(required))])
    scale = np.maximum(rows.max(axis=1), 1.0)
    limits = [LinearConstraint(rows / scale[:, None], np.array(required) / scale, np.inf)]
    upper: Any = np.array([most_steps(required, one) for one in options], dtype=float)
    best: tuple[int, ...] | None = None
    for rank in range(len(options[0].cost)):
        price = np.array([float(one.cost[rank]) for one in options])
        if rank and not price.any():
            continue
        unit = price.max() or 1.0
        found = milp(
            price / unit,
            integrality=np.ones(len(options)),
            bounds=Bounds(0, upper),
            constraints=limits,
            options={"mip_rel_gap": 0},
        )
        if found.x is None:
            return best
        best = tuple(round(value) for value in found.x.tolist())
        spent = sum(price[o] / unit * n for o, n in enumerate(best))
        limits.append(LinearConstraint((price / unit)[None, :], -np.inf, spent + _TIGHT))
    return best if best is not None and covers(required, options, best) else None


def covers(required: Sequence[int], options: Sequence[Option], steps: Sequence[int]) -> bool:
    """Whether steps cover every requirement, in exact arithmetic."""
    return all(
        sum((one.adds[r] * n for one, n in zip(options, steps, strict=True)), Fraction(0)) >= amount
        for r, amount in enumerate(required)
    )


def most_steps(required: Sequence[int], option: Option) -> int:
    """More steps than this never help: each requirement the option adds to is then covered by it alone."""
    enough = max(
        (ceil(amount / option.adds[r]) for r, amount in enumerate(required) if option.adds[r] > 0), default=0
    )
    return enough if option.cap is None else min(enough, option.cap)
