"""Assignment of least cost by successive shortest paths: children come one after another, each along the
cheapest chain of moves between schools, with prices as potentials.

Between two schools only the cheapest move of any child counts. These moves are kept by school and looked
for anew only after somebody left it, so that a search goes over schools and not over children: with no
seat to spare a search comes by most schools of a region.

Source: Tomizawa 1971, Edmonds & Karp 1972 (potentials keep lengths positive).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
NOBODY = -1
FAR = 1 << 62


@njit(cache=True)
def assign_in_turn(
    children: Whole,
    left: Whole,
    start: Whole,
    school: NDArray[np.int32],
    cost: Whole,
    unplaced: int,
    held: Whole,
) -> None:
    """Place `children` one by one in `left` seats by school, both `left` and `held` (rows, `start[child + 1]`
    where none) changed in place; being left out costs `unplaced`."""
    schools = left.size
    price = np.zeros(schools + 1, np.int64)
    first = np.full(schools, NOBODY, np.int64)  # children of each school, linked
    after = np.full(held.size, NOBODY, np.int64)
    before = np.full(held.size, NOBODY, np.int64)
    # Cheapest move from each school to each place (the last is being left out), whose and by which row;
    # `near` lists the places that can be reached at all.
    move = np.full((schools, schools + 1), FAR, np.int64)
    whose = np.full((schools, schools + 1), NOBODY, np.int32)
    near = np.empty((schools, schools + 1), np.int32)
    count = np.zeros(schools, np.int64)
    known = np.ones(schools, np.bool_)
    distance = np.full(schools + 1, FAR, np.int64)
    done = np.zeros(schools + 1, np.bool_)
    came_from = np.full(schools + 1, NOBODY, np.int64)
    heap, place_in = np.empty(schools + 1, np.int64), np.full(schools + 1, NOBODY, np.int64)
    touched = np.empty(schools + 1, np.int64)
    for newcomer in children:
        seen, size = 0, 0
        for row in range(start[newcomer], start[newcomer + 1] + 1):
            last = row == start[newcomer + 1]
            there = schools if last else np.int64(school[row])
            length = (unplaced if last else cost[row]) + price[there]
            if length < distance[there]:
                if distance[there] == FAR:
                    touched[seen] = there
                    seen += 1
                distance[there] = length
                came_from[there] = NOBODY
                size = _raise(heap, place_in, size, distance, there)
        while True:
            here = heap[0]
            if here == schools or left[here] > 0:
                break
            size = _take_first(heap, place_in, size, distance)
            done[here] = True
            if not known[here]:
                _look_again(here, first, after, start, school, cost, unplaced, held, move, whose, near, count)
                known[here] = True
            base = distance[here] - price[here]
            for number in range(count[here]):
                there = np.int64(near[here, number])
                length = base + move[here, there] + price[there]
                if length < distance[there] and not done[there]:
                    if distance[there] == FAR:
                        touched[seen] = there
                        seen += 1
                    distance[there] = length
                    came_from[there] = here
                    size = _raise(heap, place_in, size, distance, there)
        here = heap[0]
        for number in range(seen):
            there = touched[number]
            if done[there]:
                price[there] += distance[here] - distance[there]
        if here < schools:
            left[here] -= 1
        while True:
            origin = came_from[here]
            child = newcomer if origin == NOBODY else np.int64(whose[origin, here])
            if origin != NOBODY:
                _unlink(child, origin, first, after, before)
                known[origin] = False
            held[child] = start[child + 1]
            if here < schools:
                held[child] = _row_to(child, here, start, school, cost)
                before[child] = NOBODY
                after[child] = first[here]
                if first[here] != NOBODY:
                    before[first[here]] = child
                first[here] = child
                if known[here]:
                    _add_moves(child, here, start, school, cost, unplaced, held, move, whose, near, count)
            if origin == NOBODY:
                break
            here = origin
        for number in range(seen):
            there = touched[number]
            distance[there] = FAR
            done[there] = False
            place_in[there] = NOBODY


@njit(cache=True)
def _row_to(child: Any, there: Any, start: Whole, school: NDArray[np.int32], cost: Whole) -> Any:
    """The cheapest row of a child to a school she can reach."""
    found = np.int64(NOBODY)
    for row in range(start[child], start[child + 1]):
        if school[row] == there and (found == NOBODY or cost[row] < cost[found]):
            found = row
    return found


@njit(cache=True)
def _unlink(child: Any, origin: Any, first: Whole, after: Whole, before: Whole) -> None:
    if before[child] == NOBODY:
        first[origin] = after[child]
    else:
        after[before[child]] = after[child]
    if after[child] != NOBODY:
        before[after[child]] = before[child]


@njit(cache=True)
def _add_moves(
    child: Any,
    here: Any,
    start: Whole,
    school: NDArray[np.int32],
    cost: Whole,
    unplaced: int,
    held: Whole,
    move: Whole,
    whose: NDArray[np.int32],
    near: NDArray[np.int32],
    count: Whole,
) -> None:
    """Moves of a child who sits here, where they are cheaper than those known; equal ones are the lower
    number's."""
    mine = cost[held[child]]
    for row in range(start[child], start[child + 1] + 1):
        last = row == start[child + 1]
        there = move.shape[0] if last else np.int64(school[row])
        if there == here:
            continue
        length = (unplaced if last else cost[row]) - mine
        if move[here, there] == FAR:
            near[here, count[here]] = there
            count[here] += 1
        if length < move[here, there] or (length == move[here, there] and child < whose[here, there]):
            move[here, there] = length
            whose[here, there] = child


@njit(cache=True)
def _look_again(
    here: Any,
    first: Whole,
    after: Whole,
    start: Whole,
    school: NDArray[np.int32],
    cost: Whole,
    unplaced: int,
    held: Whole,
    move: Whole,
    whose: NDArray[np.int32],
    near: NDArray[np.int32],
    count: Whole,
) -> None:
    """Cheapest moves of all who sit here."""
    for number in range(count[here]):
        move[here, near[here, number]] = FAR
    count[here] = 0
    child = first[here]
    while child != NOBODY:
        _add_moves(child, here, start, school, cost, unplaced, held, move, whose, near, count)
        child = after[child]


@njit(cache=True)
def _raise(heap: Whole, place_in: Whole, size: Any, distance: Whole, node: Any) -> Any:
    """A node whose distance fell moves up the heap, or enters it; returns the heap's size."""
    at = place_in[node]
    if at == NOBODY:
        at = size
        size += 1
    while at > 0:
        above = (at - 1) >> 1
        if distance[heap[above]] <= distance[node]:
            break
        heap[at] = heap[above]
        place_in[heap[at]] = at
        at = above
    heap[at] = node
    place_in[node] = at
    return size


@njit(cache=True)
def _take_first(heap: Whole, place_in: Whole, size: Any, distance: Whole) -> Any:
    """The first leaves the heap; returns its size."""
    size -= 1
    node, at = heap[size], 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and distance[heap[below + 1]] < distance[heap[below]]:
            below += 1
        if distance[heap[below]] >= distance[node]:
            break
        heap[at] = heap[below]
        place_in[heap[at]] = at
        at = below
    heap[at] = node
    place_in[node] = at
    return size
