"""Taking out of a plan whatever it can do without, so that no single step could be left away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor

import numpy as np
from numpy.typing import NDArray

from junheng.monitoring.pass_donors import Gift, kept
from junheng.monitoring.pass_problem import County, Ints, Place, cv_within

_FAR = 1e-9
"""Further than this from its line sums kept and moved along tell the side of a coefficient."""


def thinned(county: County, steps: Mapping[int, int], gifts: Sequence[Gift]) -> dict[int, int]:
    """`steps` less everything that can go while the plan passes as much as it does; dearest measures first.

    Steps of a hundredth are taken away in halving portions, whole steps one by one. Fewer whole amounts lead
    along a line through lines to keep and convex cones: where one step cannot go, no more can.
    """
    ledger = Ledger(county, steps, gifts)
    changed = True
    while changed:
        changed = False
        for m in sorted(ledger.steps, key=lambda m: (tuple(-c for c in county.moves[m].cost), m)):
            portion = ledger.steps[m]
            if portion and ledger.straight(m) and not ledger.can_drop(m, 1):
                continue
            while portion and ledger.steps[m]:
                portion = min(portion, ledger.steps[m])
                if ledger.can_drop(m, portion):
                    ledger.drop(m, portion)
                    changed = True
                else:
                    portion //= 2
    return {m: n for m, n in ledger.steps.items() if n}


class Ledger:
    """A plan whose steps can be taken away one by one, each time looking only at what that touches."""

    def __init__(self, county: County, steps: Mapping[int, int], gifts: Sequence[Gift]) -> None:
        self.county, self.steps, self.gifts = county, dict(steps), tuple(gifts)
        self._raised: dict[Place, Fraction | int] = {}
        for m, n in steps.items():
            self._add(m, n)
        for m, unit, n in gifts:
            self._give(m, unit, -n)
        standing = county.after(steps, gifts)
        self.have: Ints = standing.have.copy()
        self.pupils: Ints = standing.pupils.copy()
        self._passing = standing.passing()
        self._broken = set(standing.broken())
        self._looked_at()

    def _add(self, m: int, count: int) -> list[Place]:
        touched: list[Place] = []
        for cell, amount in self.county.adding[m]:
            self._raised[cell] = self._raised.get(cell, 0) + amount * count
            touched.append(cell)
        return touched

    def _give(self, m: int, unit: int, count: int) -> list[Place]:
        touched: list[Place] = []
        for (k, item, _), amount in self.county.adding[m]:
            cell = (k, item, unit)
            self._raised[cell] = self._raised.get(cell, 0) + amount * count
            touched.append(cell)
        return touched

    def straight(self, m: int) -> bool:
        """Whether steps of a move change amounts in equal whole parts and nothing else."""
        move = self.county.moves[m]
        return (
            not move.fewer
            and not move.exchange
            and all(isinstance(amount, int) for _, amount in self.county.adding[m])
        )

    def drop(self, m: int, count: int) -> None:
        """Take `count` steps of a move away, with what was given for them."""
        self.steps[m] -= count
        touched = self._add(m, -count)
        before, self.gifts = self.gifts, kept(self.gifts, self.steps)
        left = {(move, unit): n for move, unit, n in self.gifts}
        for move, unit, n in before:
            back = n - left.get((move, unit), 0)
            if back:
                touched += self._give(move, unit, back)
        for k, i, u in touched:
            now = self.county.have[k, i, u] + floor(self._raised[k, i, u])
            if self.county.known[i, u]:
                full = self._lines[0][k, i, u]
                self._under[k, u] += int(now < full) - int(self.have[k, i, u] < full)
            self.have[k, i, u] = now
            self._kept.pop((k, i, self.county.units[u].stage), None)
        for unit, fewer in self.county.moves[m].fewer:
            gone = sum(
                dict(self.county.moves[n].fewer).get(unit, 0) * c
                for n, c in self.steps.items()
                if n in self.county.moves_of[self.county.moves[m].block]
            )
            self.pupils[:, unit] = (self.county.pupils[:, unit] - gone).clip(min=0)
            del fewer
        if self.county.moves[m].fewer:
            self._looked_at()

    def can_drop(self, m: int, count: int) -> bool:
        """Whether the plan passes as much as it does without `count` steps of a move."""
        move = self.county.moves[m]
        if move.fewer or move.exchange:
            return self._tried(m, count)
        changed = {
            cell: int(self.county.have[cell]) + floor(self._raised[cell] - amount * count)
            for cell, amount in self.county.adding[m]
        }
        return self._schools_pass(changed) and self._balanced(changed)

    def _schools_pass(self, changed: Mapping[Place, int]) -> bool:
        """Whether schools that pass still do: no item under its floor, not too many under their line."""
        full, least = self._lines
        under: dict[tuple[int, int], int] = {}
        for (k, i, u), amount in changed.items():
            if not self._passing[k, u] or not self.county.known[i, u]:
                continue
            if amount < least[k, i, u]:
                return False
            newly = int(amount < full[k, i, u]) - int(self.have[k, i, u] < full[k, i, u])
            under[k, u] = under.get((k, u), int(self._under[k, u])) + newly
        return all(count <= self.county.resting for count in under.values())

    def _balanced(self, changed: Mapping[Place, int]) -> bool:
        """Whether coefficients within their lines still are: by sums kept, looked at anew where those are too
        near to tell."""
        county = self.county
        cells: dict[tuple[int, int, str], list[tuple[int, int]]] = {}
        for (k, i, u), amount in changed.items():
            stage = county.units[u].stage
            if (i, stage) in county.cv_limit and (i, stage, k) not in self._broken:
                cells.setdefault((k, i, stage), []).append((u, amount))
        for (k, i, stage), some in cells.items():
            pupils, squares, total = self._sums(k, i, stage)
            limit = county.cv_limit[i, stage]
            for u, amount in some:
                heads = int(self.pupils[k, u])
                if county.known[i, u] and heads:
                    now = int(self.have[k, i, u])
                    squares += (amount * amount - now * now) / heads
                    total += amount - now
            if total <= 0:
                continue
            away = pupils * squares / (float(total) ** 2 * (1 + float(limit) ** 2)) - 1
            if away > _FAR:
                return False
            if away >= -_FAR and not self._within(k, i, stage, some):
                return False
        return True

    def _within(self, k: int, i: int, stage: str, some: Sequence[tuple[int, int]]) -> bool:
        row = self.have[k, i].copy()
        for u, amount in some:
            row[u] = amount
        units = self._group(k, i, stage)
        return cv_within(row[units], self.pupils[k, units], self.county.cv_limit[i, stage])

    def _group(self, k: int, i: int, stage: str) -> NDArray[np.intp]:
        units = self.county.of_stage[stage]
        return units[self.county.known[i, units] & (self.pupils[k, units] > 0)]

    def _sums(self, k: int, i: int, stage: str) -> tuple[float, float, int]:
        """(pupils, Σ x²/p, Σ x) of a coefficient's units, kept until something of them is dropped."""
        if (k, i, stage) not in self._kept:
            units = self._group(k, i, stage)
            amounts, pupils = self.have[k, i, units], self.pupils[k, units]
            squares = float((amounts.astype(float) ** 2 / pupils).sum())
            self._kept[k, i, stage] = (float(pupils.sum()), squares, int(amounts.sum()))
        return self._kept[k, i, stage]

    def _looked_at(self) -> None:
        """What schools stand at, worked out again from amounts and pupils."""
        county = self.county
        same = bool((self.pupils == county.pupils).all())
        self._lines = (
            (county.full, county.least)
            if same
            else (county.required(pupils=self.pupils), county.required(county.floor_share, self.pupils))
        )
        self._under = ((self.have < self._lines[0]) & county.known).sum(axis=1)
        self._kept: dict[tuple[int, int, str], tuple[float, float, int]] = {}

    def _tried(self, m: int, count: int) -> bool:
        """The same for measures that move or take pupils away: everything looked at again."""
        less = {**self.steps, m: self.steps[m] - count}
        standing = self.county.after(less, kept(self.gifts, less))
        return not (self._passing & ~standing.passing()).any() and set(standing.broken()) <= self._broken
