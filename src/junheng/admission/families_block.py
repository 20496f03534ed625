"""Families who want one school before their own ranks (整块入同校): a heuristic over lists made shorter.

Everybody is first admitted alone. Then, by the best ticket of each family that sits apart, the common
programmes of its lists are tried from the best (least sum of ranks, then the rank of the child with the best
ticket): its children waive what they ranked above, and everybody is admitted again. The first programme is
kept at which all of them are admitted on their own keys while no family that sits together is parted. This
goes on until a pass changes nothing; no family is bound twice, so it ends.

Guaranteed: no programme exceeds its seats; children keep their own keys, so nobody outside has justified envy
(the outcome is the child-best stable one for the lists without what was waived); families together without
the link stay together; a family without a common programme that takes it keeps its single outcomes. Not
guaranteed, and counted: that every family is together, that no family could sit together at a programme that
would take all of it (`blocking`), that honest lists are best. With couples no stable outcome need exist at
all; for the use of shortened lists and its limits see Correa et al. 2022 (Chile).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import LOW, Words
from junheng.admission.meritorious import Meritorious
from junheng.admission.offers import give, offers

Whole = NDArray[np.int64]
Family = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lists:
    """What every run goes by: as of `families.settle`."""

    seats: NDArray[np.int32]
    start: Whole
    words: Words
    program: Whole
    gives: Whole | None = None
    first: NDArray[np.bool_] | None = None
    rule: Meritorious | None = None
    marks: Whole | None = None

    def run(self, barred: NDArray[np.bool_] | None) -> tuple[Whole, NDArray[np.int32]]:
        """(row held by child, seats by pool after what was given on)."""
        seats = self.seats.copy()
        while True:
            held = offers(seats, self.start, self.words, barred, self.rule, self.marks)
            if self.gives is None or not give(seats, self.start, self.words, held, self.gives):
                return held, seats

    def at(self, held: Whole, child: int) -> int:
        """Programme of a child, -1 where none."""
        return self.of(int(held[child])) if held[child] < self.start[child + 1] else -1

    def of(self, row: int) -> int:
        """Programme of a row."""
        return int(self.program[int(self.words[row]) & LOW])

    def counts(self, row: int) -> bool:
        """Whether families may choose this row together."""
        return self.first is None or not self.first[int(self.words[row]) & LOW]

    def together(self, held: Whole, family: Family) -> bool:
        """Whether all children of a family sit at one programme."""
        where = {self.at(held, child) for child in family}
        return len(where) == 1 and where != {-1}

    def whole(self, held: Whole, family: Family) -> bool:
        """Whether all children of a family take part here: each has a list, and none a seat of the pools
        that go first."""
        rows = all(self.start[child] < self.start[child + 1] for child in family)
        seated = [int(held[child]) for child in family if held[child] < self.start[child + 1]]
        return rows and all(self.counts(row) for row in seated)


@dataclass(frozen=True, slots=True)
class Bound:
    """`held` and `seats` at the end, `alone` what children hold without links, the rows `barred` because
    they were waived, the programme each bound family sits at (`bound`, by the number of the family)."""

    held: Whole
    seats: NDArray[np.int32]
    alone: Whole
    barred: NDArray[np.bool_]
    bound: dict[int, int] = field(default_factory=dict[int, int])


def bind(lists: Lists, families: Sequence[Family]) -> Bound:
    """Bind what families can be bound (see the module)."""
    barred = np.zeros(lists.words.size, bool)
    held, seats = lists.run(None)
    alone = held
    bound: dict[int, int] = {}
    order = sorted(range(len(families)), key=lambda at: min(families[at]))
    moved = True
    while moved:
        moved = False
        for at in order:
            family = families[at]
            if at in bound or lists.together(held, family) or not lists.whole(held, family):
                continue
            for program in common(lists, family):
                trial = barred | _above(lists, family, program)
                then, left = lists.run(trial)
                if _keeps(lists, families, bound | {at: program}, held, then):
                    barred, held, seats, moved = trial, then, left, True
                    bound[at] = program
                    break
    return Bound(held, seats, alone, barred, bound)


def common(lists: Lists, family: Family) -> list[int]:
    """Programmes every child of a family lists, from the best."""
    ranks: list[dict[int, int]] = []
    for child in sorted(family):
        mine: dict[int, int] = {}
        for row in range(int(lists.start[child]), int(lists.start[child + 1])):
            if lists.counts(row):
                mine.setdefault(lists.of(row), len(mine))
        ranks.append(mine)
    shared = set(ranks[0]).intersection(*ranks[1:])
    return sorted(shared, key=lambda one: (sum(mine[one] for mine in ranks), ranks[0][one]))


def blocking(lists: Lists, seats: NDArray[np.int32], held: Whole, family: Family) -> int:
    """The best common programme that would take the whole family from the children it holds and them; -1
    where none would. The family sits apart."""
    child = np.repeat(np.arange(held.size), np.diff(lists.start))
    program = lists.program[lists.words.astype(np.int64) & LOW]
    placed = held < lists.start[1:]
    sits = np.where(placed, program[np.where(placed, held, 0)], -1)
    mine = np.isin(child, family)
    for one in common(lists, family):
        asks = (program == one) & (mine | (sits[child] == one))
        then = offers(seats, lists.start, lists.words, ~asks, lists.rule, lists.marks)
        if all(then[member] < lists.start[member + 1] for member in family):
            return one
    return -1


def _above(lists: Lists, family: Family, program: int) -> NDArray[np.bool_]:
    """Rows the children of a family rank above a programme."""
    found = np.zeros(lists.words.size, bool)
    for child in family:
        for row in range(int(lists.start[child]), int(lists.start[child + 1])):
            if lists.counts(row) and lists.of(row) == program:
                break
            found[row] = lists.counts(row)
    return found


def _keeps(
    lists: Lists, families: Sequence[Family], bound: dict[int, int], before: Whole, after: Whole
) -> bool:
    """Whether bound families sit where they are bound and no family that sat together is parted."""
    for at, family in enumerate(families):
        if at in bound:
            if {lists.at(after, child) for child in family} != {bound[at]}:
                return False
        elif lists.together(before, family) and not lists.together(after, family):
            return False
    return True
