"""Proof that an assignment is what its rules promise, from the outcome alone and independent of the kernel.

Cut-off of a pool: the key of its last admitted, or open while seats are left. Every child must sit in the
first pool of her list whose cut-off she meets; then nobody has justified envy and no seat is wasted. Next
in line: the best child who wanted a full pool and sits elsewhere or nowhere. Arrows pool → next in line →
her pool: without a cycle no stable outcome is better for any child (Balinski & Sönmez 1999; Erdil & Ergin
2008).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import LOW, Words

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Certificate:
    """By pool: `filled`, `open_`, `cutoff` (key of the last admitted, -1 where nobody), `next_in_line` (key,
    -1 where nobody) and `guaranteed` held. Faults: rows a child should have got (`blocking`, at most the
    first 20, with `blocking_count`), pools `over` their seats without guarantees, and one `cycle` of
    arrows."""

    filled: NDArray[np.int64]
    guaranteed: NDArray[np.int64]
    open_: NDArray[np.bool_]
    cutoff: NDArray[np.int64]
    next_in_line: NDArray[np.int64]
    blocking: NDArray[np.int64]
    blocking_count: int
    over: NDArray[np.int64]
    cycle: tuple[int, ...]

    @property
    def stable(self) -> bool:
        """Nobody has justified envy, no seat is wasted, no pool is over its seats but by guarantees."""
        return self.blocking_count == 0 and self.over.size == 0

    @property
    def best(self) -> bool:
        """Stable, and no other stable outcome is better for any child."""
        return self.stable and not self.cycle


@dataclass(frozen=True, slots=True)
class BlockingPairs:
    """Pairs (child, pool she ranked above what she holds) in which she has the better key than one admitted
    (`envy`) or a seat stands empty (`wasted`). `rows` are the first 20 of both."""

    envy: int
    wasted: int
    rows: NDArray[np.int64]


SHOWN = 20


def certify(
    seats: NDArray[np.int32],
    start: NDArray[np.int64],
    words: Words,
    held: NDArray[np.int64],
    *,
    guaranteed: bool = False,
) -> Certificate:
    """Two passes over what children hold and applied for. ValueError when `held` names a row of another
    child."""
    if not bool(((held >= start[:-1]) & (held <= start[1:])).all()):
        raise ValueError("a child holds what she did not apply for")
    filled, promised, cutoff = _lines(seats.size, start, words, held, guaranteed)
    open_ = filled < seats
    following, blocking, count = _pass(start, words, held, open_, cutoff, guaranteed, SHOWN)
    over = np.flatnonzero(filled > np.maximum(seats, promised))
    arrows = np.where(
        (following >= 0) & ~open_ & (filled <= seats), _pool_held(start, words, held, following), NOBODY
    )
    return Certificate(
        filled,
        promised,
        open_,
        cutoff,
        following,
        blocking[: min(count, SHOWN)],
        int(count),
        over,
        _cycle(arrows),
    )


def blocking_pairs(
    seats: NDArray[np.int32], start: NDArray[np.int64], words: Words, held: NDArray[np.int64]
) -> BlockingPairs:
    """Blocking pairs of any assignment under the keys of `words`."""
    filled, _, cutoff = _lines(seats.size, start, words, held, False)
    open_ = filled < seats
    _, rows, count = _pass(start, words, held, open_, cutoff, False, SHOWN)
    wasted = _wasted(start, words, held, open_)
    return BlockingPairs(int(count) - int(wasted), int(wasted), rows[: min(int(count), SHOWN)])


def _pool_held(
    start: NDArray[np.int64], words: Words, held: NDArray[np.int64], keys: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Pool that the child of each key holds, -1 where she holds none."""
    child = np.where(keys >= 0, keys & LOW, 0)
    if not held.size:
        return np.full(keys.size, NOBODY, np.int64)
    row = held[child]
    placed = row < start[child + 1]
    pool = words[np.where(placed, row, 0)].astype(np.int64) & LOW if words.size else np.zeros(keys.size)
    return np.where(placed, pool, NOBODY).astype(np.int64)


def _cycle(arrows: NDArray[np.int64]) -> tuple[int, ...]:
    """One cycle of a graph with at most one arrow a node; empty where there is none."""
    seen = np.zeros(arrows.size, np.int64)
    for first in range(arrows.size):
        node = first
        while node >= 0 and seen[node] == 0:
            seen[node] = first + 1
            node = int(arrows[node])
        if node >= 0 and seen[node] == first + 1:
            found = [node]
            while int(arrows[found[-1]]) != node:
                found.append(int(arrows[found[-1]]))
            return tuple(found)
    return ()


@njit(cache=True)
def _lines(
    pools: int, start: NDArray[np.int64], words: Words, held: NDArray[np.int64], guaranteed: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    filled = np.zeros(pools, np.int64)
    promised = np.zeros(pools, np.int64)
    cutoff = np.full(pools, -1, np.int64)
    for child in range(held.size):
        if held[child] < start[child + 1]:
            word = np.int64(words[held[child]])
            pool = word & LOW
            key = (word ^ pool) | child
            filled[pool] += 1
            if guaranteed and key <= LOW:
                promised[pool] += 1
            cutoff[pool] = max(cutoff[pool], key)
    return filled, promised, cutoff


@njit(cache=True)
def _pass(
    start: NDArray[np.int64],
    words: Words,
    held: NDArray[np.int64],
    open_: NDArray[np.bool_],
    cutoff: NDArray[np.int64],
    guaranteed: bool,
    shown: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    highest = np.int64(np.iinfo(np.int64).max)
    following = np.full(open_.size, highest, np.int64)
    line = cutoff.copy()
    for pool in range(line.size):
        if open_[pool]:
            line[pool] = highest
    rows = np.empty(shown, np.int64)
    count = 0
    for child in range(held.size):
        for at in range(start[child], held[child]):
            word = np.int64(words[at])
            pool = word & LOW
            key = (word ^ pool) | child
            following[pool] = min(following[pool], key)
            if key < line[pool] or (guaranteed and key <= LOW):
                if count < shown:
                    rows[count] = at
                count += 1
    for pool in range(line.size):
        if following[pool] == highest:
            following[pool] = -1
    return following, rows, count


@njit(cache=True)
def _wasted(start: NDArray[np.int64], words: Words, held: NDArray[np.int64], open_: NDArray[np.bool_]) -> Any:
    count = 0
    for child in range(held.size):
        for at in range(start[child], held[child]):
            count += open_[words[at] & LOW]
    return count
