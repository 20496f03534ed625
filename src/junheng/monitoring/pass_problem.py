"""A county as the shortest way to pass sees it: units × items × futures in exact integers, and what can be
bought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
HUNDREDTH = 100
"""Amounts (teachers, ㎡, yuan, rooms) are held in hundredths, the decimals the model declares for them."""

NEAR = 1e-12
"""Nearer than this to its line a sum over a county's schools is decided exactly; floats err by 1e-14."""
_BITS = 128

Place = tuple[int, int, int]
"""(future, item, unit)."""
Cost = tuple[Fraction, ...]
"""Price of a measure, or its ranks where prices are unknown (new teachers, ㎡, rooms, yuan …), compared in
order."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A school's stage. `block` groups the stages of one school: measures may reach all of them."""

    school: str
    stage: str
    block: int


@dataclass(frozen=True, slots=True)
class Future:
    """One set of pupil numbers the plan must hold under: a school year and a path (`now`, `central`,
    `upper`)."""

    year: int
    path: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What one step of a measure adds to an item of a unit: hundredths, one fraction for each future."""

    unit: int
    item: int
    amount: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """One measure at one school. A step is one whole unit of the lever, or the part that adds a hundredth.

    size: units of the lever in one step. cap: most steps, None without limit. fewer: units and the pupils one
    step takes from each. exchange: what it adds leaves another school of the stage.
    """

    lever: str
    kind: str
    block: int
    effects: tuple[Effect, ...]
    cost: Cost
    cap: int | None = None
    size: Fraction = Fraction(1)
    lead_years: int = 0
    fewer: tuple[tuple[int, int], ...] = ()
    exchange: bool = False


@dataclass(frozen=True, eq=False)
class County:
    """U units, I items, K futures.

    pupils: int64[K, U]. have: int64[K, I, U] in hundredths, part of a split school by the shares of that
    future. known: bool[I, U]; an unknown amount is neither planned for nor counted. need: hundredths a pupil
    by (item, stage). floor_share: the share of the line no item may fall under. resting: how many items of a
    unit may rest there. cv_limit: line of the variation coefficient by (item, stage).
    """

    items: tuple[str, ...]
    units: tuple[Unit, ...]
    futures: tuple[Future, ...]
    pupils: Ints
    have: Ints
    known: NDArray[np.bool_]
    need: Mapping[tuple[int, str], Fraction]
    floor_share: Fraction
    resting: int
    cv_limit: Mapping[tuple[int, str], Fraction]
    moves: tuple[Move, ...]

    @property
    def blocks(self) -> int:
        """How many schools there are."""
        return max((unit.block for unit in self.units), default=-1) + 1

    @cached_property
    def units_of(self) -> tuple[tuple[int, ...], ...]:
        """Units by block."""
        out: list[list[int]] = [[] for _ in range(self.blocks)]
        for u, unit in enumerate(self.units):
            out[unit.block].append(u)
        return tuple(tuple(units) for units in out)

    @cached_property
    def moves_of(self) -> tuple[tuple[int, ...], ...]:
        """Positions in `moves` by block."""
        out: list[list[int]] = [[] for _ in range(self.blocks)]
        for m, move in enumerate(self.moves):
            out[move.block].append(m)
        return tuple(tuple(moves) for moves in out)

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """Stages present, in order of first appearance."""
        return tuple(dict.fromkeys(unit.stage for unit in self.units))

    @cached_property
    def ready(self) -> dict[int, Any]:
        """Schools made ready to be solved, by block; filled as they are asked for."""
        return {}

    @cached_property
    def adding(self) -> tuple[tuple[tuple[Place, Fraction | int], ...], ...]:
        """What one step of each move adds to each (future, item, unit), whole numbers as such."""
        return tuple(
            tuple(
                ((k, e.item, e.unit), amount.numerator if amount.denominator == 1 else amount)
                for e in move.effects
                for k, amount in enumerate(e.amount)
            )
            for move in self.moves
        )

    @cached_property
    def of_stage(self) -> Mapping[str, NDArray[np.intp]]:
        """Positions of a stage's units."""
        return {s: np.array([u for u, one in enumerate(self.units) if one.stage == s]) for s in self.stages}

    @cached_property
    def need_of(self) -> tuple[tuple[Fraction, ...], ...]:
        """Hundredths a pupil by item and unit."""
        return tuple(tuple(self.need[i, unit.stage] for unit in self.units) for i in range(len(self.items)))

    @cached_property
    def cells(self) -> tuple[tuple[int, str, int], ...]:
        """(item, stage, future) of every variation coefficient with a line."""
        return tuple(
            (i, s, k) for (i, s) in self.cv_limit for k in range(len(self.futures)) if s in self.of_stage
        )

    def required(self, share: Fraction = Fraction(1), pupils: Ints | None = None) -> Ints:
        """int64[K, I, U]: least hundredths that carry `pupils` at `share` of the line."""
        count = self.pupils if pupils is None else pupils
        out = np.zeros((len(self.futures), len(self.items), len(self.units)), dtype=np.int64)
        for i, row in enumerate(self.need_of):
            for u, need in enumerate(row):
                line = need * share
                for k in range(len(self.futures)):
                    out[k, i, u] = ceil(line * int(count[k, u]))
        return out

    @cached_property
    def full(self) -> Ints:
        """int64[K, I, U]: the full requirement."""
        return self.required()

    @cached_property
    def least(self) -> Ints:
        """int64[K, I, U]: the floor requirement."""
        return self.required(self.floor_share)

    def after(self, steps: Mapping[int, int], donors: Sequence[tuple[int, int, int]] = ()) -> Standing:
        """Where every unit stands when `steps` of each move are done; donors are (move, unit, steps)."""
        return stand(self, steps, donors)


@dataclass(frozen=True, eq=False)
class Standing:
    """Amounts and pupils after measures: have int64[K, I, U], pupils int64[K, U]."""

    county: County
    have: Ints
    pupils: Ints

    def short(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """(under the full line, under the floor), bool[K, I, U] each; unknown amounts are under neither."""
        county = self.county
        same = self.pupils is county.pupils
        full = county.full if same else county.required(pupils=self.pupils)
        least = county.least if same else county.required(county.floor_share, self.pupils)
        return (self.have < full) & county.known, (self.have < least) & county.known

    def passing(self) -> NDArray[np.bool_]:
        """bool[K, U]: whether the school rule holds, taking unknown amounts as fulfilled."""
        full, least = self.short()
        return (full.sum(axis=1) <= self.county.resting) & ~least.any(axis=1)

    def cv_holds(self, item: int, stage: str, k: int) -> bool:
        """Whether one variation coefficient is within its line, in exact fractions where floats cannot
        tell."""
        amounts, pupils = self.group(item, stage, k)
        return cv_within(amounts, pupils, self.county.cv_limit[item, stage])

    def group(self, item: int, stage: str, k: int) -> tuple[Ints, Ints]:
        """Known amounts and pupils of one stage in one future."""
        units = self.county.of_stage[stage]
        units = units[self.county.known[item, units] & (self.pupils[k, units] > 0)]
        return self.have[k, item, units], self.pupils[k, units]

    def broken(self) -> list[tuple[int, str, int]]:
        """(item, stage, future) of every variation coefficient over its line."""
        return [cell for cell in self.county.cells if not self.cv_holds(*cell)]

    def passes(self) -> bool:
        """Whether every school and every variation coefficient holds in every future."""
        return bool(self.passing().all()) and not self.broken()


def cv_over(amounts: Ints, pupils: Ints, limit: Fraction) -> bool:
    """Whether P·Σ(x²/p) > (1 + τ²)·X², exactly: whether the variation coefficient is over τ.

    Each x²/p is first rounded down to a very small part; only where that many parts cannot tell are
    fractions added.
    """
    line = 1 + limit * limit
    held = list(zip(amounts.tolist(), pupils.tolist(), strict=True))
    count, below = int(pupils.sum()) * line.denominator, line.numerator * int(amounts.sum()) ** 2
    parts = sum((x * x << _BITS) // p for x, p in held)
    if count * parts > below << _BITS:
        return True
    if count * (parts + len(held)) <= below << _BITS:
        return False
    return count * sum((Fraction(x * x, p) for x, p in held), Fraction(0)) > below


def cv_within(amounts: Ints, pupils: Ints, limit: Fraction) -> bool:
    """CV ≤ limit; a county that has nothing at all has no coefficient and nothing to level."""
    total = float(amounts.sum())
    if total <= 0:
        return True
    x, p = amounts.astype(float), pupils.astype(float)
    ratio = p.sum() * (x * x / p).sum() / total**2 / (1 + float(limit) ** 2)
    if abs(ratio - 1) > NEAR:
        return bool(ratio < 1)
    return not cv_over(amounts, pupils, limit)


def cv(amounts: Ints, pupils: Ints) -> float | None:
    """The pupil-weighted variation coefficient; None where the mean is 0."""
    x, p = amounts.astype(float), pupils.astype(float)
    if x.sum() <= 0:
        return None
    mean = x.sum() / p.sum()
    return float(np.sqrt((p * (x / p - mean) ** 2).sum() / p.sum()) / mean)


def stand(county: County, steps: Mapping[int, int], donors: Sequence[tuple[int, int, int]] = ()) -> Standing:
    """Apply measures: what a move adds at a unit is summed exactly and rounded down to a hundredth once."""
    if not any(steps.values()):
        return Standing(county, county.have, county.pupils)
    have, pupils = county.have.copy(), county.pupils
    raised: dict[Place, Fraction | int] = {}
    for m, count in steps.items():
        if not count:
            continue
        for cell, amount in county.adding[m]:
            raised[cell] = raised.get(cell, 0) + amount * count
        for unit, fewer in county.moves[m].fewer:
            if pupils is county.pupils:
                pupils = county.pupils.copy()
            pupils[:, unit] = np.maximum(pupils[:, unit] - fewer * count, 0)
    for m, unit, count in donors:
        for (k, item, _), amount in county.adding[m]:
            raised[k, item, unit] = raised.get((k, item, unit), 0) - amount * count
    for (k, i, u), amount in raised.items():
        have[k, i, u] += floor(amount)
    return Standing(county, have, pupils)


def add_costs(costs: Sequence[tuple[Cost, int]], ranks: int) -> Cost:
    """The sum of costs times steps, rank by rank."""
    return tuple(sum((cost[r] * n for cost, n in costs), Fraction(0)) for r in range(ranks))
