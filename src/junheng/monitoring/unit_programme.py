"""The cheapest way one unit (a school's stage) passes: which items rest at their floor × exact coverings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np

from junheng.monitoring.covering import Covering, Whole
from junheng.monitoring.pass_problem import County

Covered = tuple[Whole, dict[int, int]]
"""(cost, steps by move)."""
_KEPT = 20_000
"""Coverings of one unit kept for prices met again; a county of hundreds of schools then stays small."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Hundredths missing to the full line and to the floor, by item, in the future that asks most."""

    full: tuple[int, ...]
    least: tuple[int, ...]

    @staticmethod
    def of(county: County, unit: int) -> Gap | None:
        """None when no one future asks most of every item at once."""
        known = county.known[:, unit, None]
        full = np.where(known, (county.full - county.have)[:, :, unit].T, 0)
        least = np.where(known, (county.least - county.have)[:, :, unit].T, 0)
        worst = int(full.sum(axis=0).argmax())
        if (full > full[:, [worst]]).any() or (least > least[:, [worst]]).any():
            return None
        return Gap(tuple(full[:, worst].tolist()), tuple(least[:, worst].tolist()))


class UnitProgramme:
    """A unit with the measures that raise it, made ready to be solved at many prices.

    Costs are whole numbers of one common part of the unit of money, so that programmes are compared exactly.
    """

    def __init__(self, county: County, unit: int, moves: Sequence[int], gap: Gap) -> None:
        self.unit, self.gap, self.resting = unit, gap, county.resting
        adds = {
            m: {e.item: e.amount[0] for e in county.moves[m].effects if e.unit == unit}
            for m in moves
            if any(e.unit == unit for e in county.moves[m].effects)
        }
        self.moves = tuple(adds)
        rows = range(len(county.items))
        self._parts = [_Part(items, adds) for items in _components(adds, rows)]
        self._part_of = {i: n for n, part in enumerate(self._parts) for i in part.items}

    def cheapest(
        self,
        raised: Sequence[int] | None,
        caps: Mapping[int, int | None],
        costs: Mapping[int, Whole],
        parts: int,
        ranks: int,
    ) -> Covered | None:
        """Steps with which the unit passes at the least cost; None where the caps do not suffice.

        raised: least hundredths to add for the county's sake, by item. costs: whole numbers of `parts`.
        """
        wanted, rested = self.gap.full, self.gap.least
        if raised is not None:
            wanted = tuple(map(max, wanted, raised))
            rested = tuple(map(max, rested, raised))
        none = (0,) * ranks
        if max(wanted, default=0) <= 0:
            return none, {}
        base = [part.covered(wanted, caps, costs, parts, none) for part in self._parts]
        missing = sum(one is None for one in base)
        best: tuple[Whole, list[Covered | None]] | None = None
        if not missing:
            best = tuple(map(sum, zip(*(one[0] for one in base if one), strict=True))), base
        short = [i for i, amount in enumerate(wanted) if amount > max(rested[i], 0)]
        for count in range(1, min(self.resting, len(short)) + 1):
            for resting in combinations(short, count):
                found = list(base)
                for n in {self._part_of[i] for i in resting}:
                    eased = [rested[i] if i in resting else wanted[i] for i in range(len(wanted))]
                    found[n] = self._parts[n].covered(eased, caps, costs, parts, none)
                if missing and any(one is None for one in found):
                    continue
                cost = tuple(map(sum, zip(*(one[0] for one in found if one), strict=True)))
                if best is None or cost < best[0]:
                    best = cost, found
        if best is None:
            return None
        return best[0], {m: n for one in best[1] if one for m, n in one[1].items()}


class _Part:
    """Items tied together by measures, with the measures that raise them."""

    def __init__(self, items: tuple[int, ...], adds: Mapping[int, Mapping[int, Fraction]]) -> None:
        self.items = items
        self.moves = tuple(m for m, raised in adds.items() if any(i in raised for i in items))
        self._covering = Covering(
            tuple(tuple(adds[m].get(i, Fraction(0)) for i in items) for m in self.moves)
        )
        self._known: dict[object, Covered | None] = {}

    def covered(
        self,
        amounts: Sequence[int],
        caps: Mapping[int, int | None],
        costs: Mapping[int, Whole],
        parts: int,
        none: Whole,
    ) -> Covered | None:
        """The cheapest cover of the amounts of these items; None where nothing covers them."""
        required = tuple([amounts[i] if amounts[i] > 0 else 0 for i in self.items])
        if not any(required):
            return none, {}
        mine, limits = tuple([costs[m] for m in self.moves]), tuple([caps[m] for m in self.moves])
        key = (required, mine, limits, parts)
        if key not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            steps = self._covering.cover(required, limits, mine, parts)
            self._known[key] = None if steps is None else self._paid(steps, mine, none)
        return self._known[key]

    def _paid(self, steps: Sequence[int], costs: Sequence[Whole], none: Whole) -> Covered:
        cost = none
        for one, n in zip(costs, steps, strict=True):
            if n:
                cost = tuple(a + b * n for a, b in zip(cost, one, strict=True))
        return cost, dict(zip(self.moves, steps, strict=True))


def _components(adds: Mapping[int, Mapping[int, Fraction]], items: range) -> list[tuple[int, ...]]:
    """Items tied together by measures that raise several of them."""
    group = {i: i for i in items}
    for raised in adds.values():
        first, *others = raised
        for other in others:
            old, new = group[other], group[first]
            group = {i: new if g == old else g for i, g in group.items()}
    return [tuple(i for i in items if group[i] == g) for g in dict.fromkeys(group.values())]
