"""Placing children without a seat (统筹) by least distance, and the prices that prove it.

Order of aims: every child placed if seats can be reached, then fewest beyond the limit, then least metres.
Children come one after another, each along a shortest path of moves between schools (successive shortest
paths with prices as potentials). The proof does not trust that: prices are computed anew from the outcome
by shortest paths between schools; each child must hold the least metres + price, and a price is zero where
seats remain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from junheng.admission.successive_paths import assign_in_turn
from junheng.model.errors import Refused

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stage:
    """One class placed on the seats that earlier classes left: its children, the seats it found, and the
    prices in metres by school that prove it optimal (None: not optimal)."""

    children: Whole
    seats: Whole
    prices: Whole | None


@dataclass(frozen=True, slots=True)
class Placement:
    """`held`: row of the school each child is placed at, `start[child + 1]` where none can be reached.
    `extra`: seats that would have to be added at each school to place the rest, each at her nearest."""

    held: Whole
    metres: int
    beyond: int
    unplaced: int
    extra: Whole
    stages: tuple[Stage, ...]

    @property
    def proved(self) -> bool:
        """Every stage has its prices."""
        return all(stage.prices is not None for stage in self.stages)


def place(
    seats: NDArray[np.int32],
    start: Whole,
    school: NDArray[np.int32],
    metres: Whole,
    *,
    limit: int,
    classes: Whole | None = None,
) -> Placement:
    """Place children, numbered by ticket, at the schools in their reach (rows `start[c]:start[c + 1]`).

    With `classes` the lower class is placed first, on its own (类内保序); without, all together. Among
    children with the same rows the nearer seat goes to the lower ticket. Refused `admission.metres_wrong`
    for a negative distance.
    """
    if metres.size and int(metres.min()) < 0:
        raise Refused("admission.metres_wrong", {"metres": int(metres.min())})
    cost, unplaced = _costs(start, metres, limit)
    held = start[1:].copy()
    left = seats.astype(np.int64)
    stages: list[Stage] = []
    groups = np.zeros(held.size, np.int64) if classes is None else classes
    for group in np.unique(groups):
        children = np.flatnonzero(groups == group)
        found = left.copy()
        assign_in_turn(children, left, start, school, cost, unplaced, held)
        _by_ticket(children, start, school, metres, held)
        stages.append(Stage(children, found, prices(children, found, start, school, cost, unplaced, held)))
    placed = held < start[1:]
    rows = held[placed]
    return Placement(
        held,
        int(metres[rows].sum()),
        int((metres[rows] > limit).sum()),
        int((~placed).sum()),
        _extra(seats.size, start, school, metres, np.flatnonzero(~placed)),
        tuple(stages),
    )


def nearest_in_order(
    seats: NDArray[np.int32], start: Whole, school: NDArray[np.int32], metres: Whole
) -> Whole:
    """For comparison: by ticket, each child the nearest school with a seat left; `held` as in `Placement`."""
    left = seats.tolist()
    held = start[1:].copy()
    for child in range(held.size):
        rows = np.arange(start[child], start[child + 1])
        for row in rows[np.argsort(metres[rows], kind="stable")].tolist():
            if left[school[row]] > 0:
                left[school[row]] -= 1
                held[child] = row
                break
    return held


def prices(
    children: Whole,
    seats: Whole,
    start: Whole,
    school: NDArray[np.int32],
    cost: Whole,
    unplaced: int,
    held: Whole,
) -> Whole | None:
    """Price of each school's seat, least metres a further seat would save; None when some round of moves
    would shorten the whole, the proof that `held` is not optimal. From the outcome alone."""
    saving, taken = _moves(children, seats.size, start, school, cost, unplaced, held)
    if bool((taken[:-1] > seats).any()):
        return None
    free = np.append(taken[:-1] < seats, True)
    price = np.where(free, 0, unplaced).astype(np.int64)
    for _ in range(seats.size + 2):
        shorter = np.minimum(price, (saving + price[None, :]).min(axis=1))
        if (shorter == price).all():
            return None if bool((price < 0).any()) else price[:-1]
        price = shorter
        if bool((price[free] < 0).any()):
            return None
    return None


def _costs(start: Whole, metres: Whole, limit: int) -> tuple[Whole, int]:
    """Metres with the earlier aims above them, and the cost of being left out."""
    children = start.size - 1
    longest = int(metres.max()) if metres.size else 0
    beyond = (longest + 1) * (children + 1)
    unplaced = (beyond + longest + 1) * (children + 1)
    if unplaced > 1 << 60:
        raise Refused("admission.metres_wrong", {"metres": longest})
    return metres + np.where(metres > limit, beyond, 0), unplaced


def _extra(schools: int, start: Whole, school: NDArray[np.int32], metres: Whole, without: Whole) -> Whole:
    extra = np.zeros(schools, np.int64)
    for child in without.tolist():
        begin, end = start[child], start[child + 1]
        if begin < end:
            extra[school[begin + int(np.argmin(metres[begin:end]))]] += 1
    return extra


def _by_ticket(children: Whole, start: Whole, school: NDArray[np.int32], metres: Whole, held: Whole) -> None:
    """Within children of the same rows, deal the seats they hold from the nearest by ticket."""
    cells: dict[bytes, list[int]] = {}
    for child in children.tolist():
        rows = slice(start[child], start[child + 1])
        cells.setdefault(school[rows].tobytes() + metres[rows].tobytes(), []).append(child)
    for cell in cells.values():
        if len(cell) == 1:
            continue
        begin, end = start[cell], start[np.array(cell) + 1]
        places = held[cell] - begin
        length = int(end[0] - begin[0])
        distance = np.append(metres[begin[0] : end[0]], np.iinfo(np.int64).max)
        order = np.lexsort((places, distance[places]))
        held[cell] = begin + np.minimum(places[order], length)


@njit(cache=True)
def _moves(
    children: Whole,
    schools: int,
    start: Whole,
    school: NDArray[np.int32],
    cost: Whole,
    unplaced: int,
    held: Whole,
) -> tuple[Whole, Whole]:
    """Cheapest move of one child from each place to each other; the last place is being left out."""
    dear = np.int64(1) << 61
    saving = np.full((schools + 1, schools + 1), dear, np.int64)
    taken = np.zeros(schools + 1, np.int64)
    for at in range(children.size):
        child = children[at]
        row, end = held[child], start[child + 1]
        here = schools if row == end else school[row]
        mine = unplaced if row == end else cost[row]
        taken[here] += 1
        saving[here, schools] = min(saving[here, schools], unplaced - mine)
        for other in range(start[child], end):
            there = school[other]
            saving[here, there] = min(saving[here, there], cost[other] - mine)
    return saving, taken
