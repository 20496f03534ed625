"""Taking out of a plan whatever it can do without, so that no single step could be left away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor

from junheng.monitoring.pass_donors import Gift, kept
from junheng.monitoring.pass_problem import County, Ints, cv_within


def thinned(county: County, steps: Mapping[int, int], gifts: Sequence[Gift]) -> dict[int, int]:
    """`steps` less everything that can go while the plan passes as much as it does; dearest measures first.

    Steps of a hundredth are taken away in halving portions, whole steps one by one.
    """
    ledger = Ledger(county, steps, gifts)
    changed = True
    while changed:
        changed = False
        for m in sorted(ledger.steps, key=lambda m: (tuple(-c for c in county.moves[m].cost), m)):
            portion = ledger.steps[m]
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
        self._raised: dict[tuple[int, int, int], Fraction | int] = {}
        for m, n in steps.items():
            self._add(m, n)
        for m, unit, n in gifts:
            self._give(m, unit, -n)
        standing = county.after(steps, gifts)
        self.have: Ints = standing.have.copy()
        self.pupils: Ints = standing.pupils.copy()
        self._passing = standing.passing()
        self._broken = set(standing.broken())

    def _add(self, m: int, count: int) -> list[tuple[int, int, int]]:
        touched: list[tuple[int, int, int]] = []
        for e in self.county.moves[m].effects:
            for k, amount in enumerate(e.amount):
                cell = (k, e.item, e.unit)
                part = int(amount) * count if amount.denominator == 1 else amount * count
                self._raised[cell] = self._raised.get(cell, 0) + part
                touched.append(cell)
        return touched

    def _give(self, m: int, unit: int, count: int) -> list[tuple[int, int, int]]:
        touched: list[tuple[int, int, int]] = []
        for e in self.county.moves[m].effects:
            for k, amount in enumerate(e.amount):
                cell = (k, e.item, unit)
                self._raised[cell] = self._raised.get(cell, 0) + amount * count
                touched.append(cell)
        return touched

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
            self.have[k, i, u] = self.county.have[k, i, u] + floor(self._raised[k, i, u])
        for unit, fewer in self.county.moves[m].fewer:
            gone = sum(
                dict(self.county.moves[n].fewer).get(unit, 0) * c
                for n, c in self.steps.items()
                if n in self.county.moves_of[self.county.moves[m].block]
            )
            self.pupils[:, unit] = (self.county.pupils[:, unit] - gone).clip(min=0)
            del fewer

    def can_drop(self, m: int, count: int) -> bool:
        """Whether the plan passes as much as it does without `count` steps of a move."""
        move = self.county.moves[m]
        if move.fewer or move.exchange:
            return self._tried(m, count)
        changed = {
            (k, e.item, e.unit): int(self.county.have[k, e.item, e.unit])
            + floor(self._raised[k, e.item, e.unit] - amount * count)
            for e in move.effects
            for k, amount in enumerate(e.amount)
        }
        return self._schools_pass(changed) and self._balanced(changed)

    def _schools_pass(self, changed: Mapping[tuple[int, int, int], int]) -> bool:
        county = self.county
        for k, u in {(k, u) for k, _, u in changed}:
            if not self._passing[k, u]:
                continue
            under = 0
            for i in range(len(county.items)):
                if not county.known[i, u]:
                    continue
                amount = changed.get((k, i, u), self.have[k, i, u])
                full, least = county.full[k, i, u], county.least[k, i, u]
                if self.pupils[k, u] != county.pupils[k, u]:
                    need = county.need_of[i][u] * int(self.pupils[k, u])
                    full, least = need, need * county.floor_share
                if amount < least:
                    return False
                under += amount < full
            if under > county.resting:
                return False
        return True

    def _balanced(self, changed: Mapping[tuple[int, int, int], int]) -> bool:
        county = self.county
        for k, i, stage in {(k, i, county.units[u].stage) for k, i, u in changed}:
            if (i, stage, k) in self._broken or (i, stage) not in county.cv_limit:
                continue
            row = self.have[k, i].copy()
            for (kk, ii, u), amount in changed.items():
                if (kk, ii) == (k, i):
                    row[u] = amount
            units = county.of_stage[stage]
            units = units[county.known[i, units] & (self.pupils[k, units] > 0)]
            if not cv_within(row[units], self.pupils[k, units], county.cv_limit[i, stage]):
                return False
        return True

    def _tried(self, m: int, count: int) -> bool:
        """The same for measures that move or take pupils away: everything looked at again."""
        less = {**self.steps, m: self.steps[m] - count}
        standing = self.county.after(less, kept(self.gifts, less))
        return not (self._passing & ~standing.passing()).any() and set(standing.broken()) <= self._broken
