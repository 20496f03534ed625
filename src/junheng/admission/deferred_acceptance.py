"""Child-proposing deferred acceptance on strict keys: the one kernel of the room.

An application is one word: `pool | level << 24`. Children are numbered in the order of the last part of
their key (ticket or score chain), so the key of an application is `level << 24 | child` and needs no
look-up. Words of 32 bits hold 128 levels, words of 64 bits more than any market has; the code is the same
for both.

Source: Gale & Shapley 1962; which child applies next does not matter (McVitie & Wilson 1971), so displaced
children wait for the next sweep in place of being followed at once: their memory accesses then overlap. A
pool collects keys as they come and puts them in heap order when it is full.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

TAIL = 24
"""Bits of a key that hold the child's number, and of a word that hold the pool."""
LOW = (1 << TAIL) - 1
_LEVELS = 128
"""Levels told apart when children are put in line; the outcome does not depend on it."""

Words = NDArray[np.int32] | NDArray[np.int64]


def deferred_acceptance(
    seats: NDArray[np.int32], start: NDArray[np.int64], words: Words, *, guaranteed: bool = False
) -> NDArray[np.int64]:
    """Row of the application each child holds at the end; `start[child + 1]` where she holds none.

    `seats` by pool; child `c` applies in rows `start[c]:start[c + 1]`, best first. With `guaranteed`,
    level 0 is kept for guaranteed seats: such an application is never refused, the pool fills up with
    others only while seats are left, and its guaranteed may exceed its seats. Time: applications made ×
    log seats.
    """
    room = heap_room(seats, words)
    return _kernel(seats, start, words, room, guaranteed)


def heap_room(seats: NDArray[np.int32], words: Words) -> NDArray[np.int64]:
    """Where each pool's heap begins in one array, and its end: no longer than its seats or its applicants."""
    sizes = seats.astype(np.int64)
    if int(sizes.sum()) > 2 * words.size + 1024:  # mostly idle seats: count who may come
        sizes = np.minimum(sizes, np.bincount(words & LOW, minlength=seats.size))
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])


@njit(cache=True)
def _sift_down(heap: NDArray[np.int64], base: Any, at: Any, size: Any, key: Any) -> None:
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and heap[base + below + 1] > heap[base + below]:
            below += 1
        if heap[base + below] <= key:
            break
        heap[base + at] = heap[base + below]
        at = below
    heap[base + at] = key


@njit(cache=True)
def _close(heap: NDArray[np.int64], base: Any, size: Any) -> Any:
    """A pool that became full: its keys in heap order; the worst of them is its line."""
    for at in range(size // 2 - 1, -1, -1):
        _sift_down(heap, base, at, size, heap[base + at])
    return heap[base]


@njit(cache=True)
def _by_first_level(start: NDArray[np.int64], words: Words) -> NDArray[np.int32]:
    """Children by the level of their first choice, then number: who comes first is seldom displaced."""
    children = start.size - 1
    begin = np.zeros(_LEVELS + 1, np.int64)
    for child in range(children):
        begin[_first_level(child, start, words) + 1] += 1
    for level in range(_LEVELS):
        begin[level + 1] += begin[level]
    order = np.empty(children, np.int32)
    for child in range(children):
        level = _first_level(child, start, words)
        order[begin[level]] = child
        begin[level] += 1
    return order


@njit(cache=True)
def _first_level(child: Any, start: NDArray[np.int64], words: Words) -> Any:
    return min(words[start[child]] >> TAIL, _LEVELS - 1) if start[child] < start[child + 1] else 0


@njit(cache=True)
def _kernel(
    seats: NDArray[np.int32],
    start: NDArray[np.int64],
    words: Words,
    room: NDArray[np.int64],
    guaranteed: bool,
) -> NDArray[np.int64]:
    children, pools = start.size - 1, seats.size
    heap: NDArray[np.int64] = np.empty(room[pools], words.dtype)
    size = np.zeros(pools, np.int32)
    free = seats.copy()  # seats not taken by guaranteed children
    line = np.full(pools, np.iinfo(words.dtype).max, words.dtype)  # a key at or beyond it is refused
    for pool in range(pools):
        if seats[pool] == 0:
            line[pool] = -1
    held = start[:-1].copy()
    waiting = _by_first_level(start, words)
    displaced: NDArray[np.int32] = np.empty(children, np.int32)
    count = children
    while count > 0:
        left = 0
        for place in range(count):
            child = waiting[place]
            at, end = held[child], start[child + 1]
            while at < end:
                word = words[at]
                pool = word & LOW
                key = (word ^ pool) | child
                if guaranteed and key <= LOW:
                    free[pool] -= 1
                    if size[pool] > max(free[pool], 0):
                        base, last = room[pool], size[pool] - 1
                        displaced[left] = heap[base] & LOW
                        held[displaced[left]] += 1
                        left += 1
                        size[pool] = last
                        if last > 0:
                            _sift_down(heap, base, 0, last, heap[base + last])
                    if free[pool] <= 0:
                        line[pool] = -1
                    elif size[pool] == free[pool]:
                        line[pool] = _close(heap, room[pool], size[pool])
                    break
                if key < line[pool]:
                    base = room[pool]
                    if size[pool] < free[pool]:
                        heap[base + size[pool]] = key
                        size[pool] += 1
                        if size[pool] == free[pool]:
                            line[pool] = _close(heap, base, size[pool])
                    else:
                        displaced[left] = heap[base] & LOW
                        held[displaced[left]] += 1
                        left += 1
                        _sift_down(heap, base, 0, size[pool], key)
                        line[pool] = heap[base]
                    break
                at += 1
            held[child] = at
        waiting, displaced = displaced, waiting
        count = left
    return held
