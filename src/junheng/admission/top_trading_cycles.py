"""Top trading cycles with seats (Abdulkadiroğlu & Sönmez 2003): a programme points to its best remaining
applicant, a child to her best programme with seats left; every cycle trades.

A programme points only to children who listed it: nobody trades a claim she never made. The outcome does not
depend on which cycle is cleared first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import LOW, TAIL, Words


@dataclass(frozen=True, slots=True)
class Trades:
    """`held` as of every mechanism; `log` lists the children in the order they traded and `step` numbers
    the cycle of each entry from 1. A child's entry is followed in its cycle by the one whose claim she
    took."""

    held: NDArray[np.int64]
    log: NDArray[np.int32]
    step: NDArray[np.int32]


def top_trading_cycles(seats: NDArray[np.int32], start: NDArray[np.int64], words: Words) -> Trades:
    """Clear cycles until nobody trades any more."""
    order, first = claims(seats.size, start, words)
    held, log, step, count = _trade(seats, start, words, order, first)
    return Trades(held, log[:count], step[:count])


def claims(pools: int, start: NDArray[np.int64], words: Words) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Children of every pool by key, pool after pool, and where each pool begins."""
    children = np.repeat(np.arange(start.size - 1, dtype=np.int64), np.diff(start))
    pool = (words & LOW).astype(np.int64)
    by_level = np.argsort(words.astype(np.int64) >> TAIL, kind="stable")  # rows already stand by child
    order = by_level[np.argsort(pool[by_level], kind="stable")]
    counts = np.bincount(pool, minlength=pools)
    first = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    return children[order].astype(np.int32), first


@njit(cache=True)
def _trade(
    seats: NDArray[np.int32],
    start: NDArray[np.int64],
    words: Words,
    order: NDArray[np.int32],
    first: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], int]:
    children = start.size - 1
    left = seats.copy()
    top = first[:-1].copy()
    wish = start[:-1].copy()
    gone = np.zeros(children, np.bool_)
    on_path = np.full(children, -1, np.int32)
    path = np.empty(children, np.int32)
    held = start[1:].copy()
    log = np.empty(children, np.int32)
    step = np.empty(children, np.int32)
    traded, cycles = 0, 0
    for child in range(children):
        if gone[child]:
            continue
        path[0] = child
        length = 1
        on_path[child] = 0
        while length > 0:
            last = path[length - 1]
            at = wish[last]
            while at < start[last + 1] and left[words[at] & LOW] <= 0:
                at += 1
            wish[last] = at
            if at == start[last + 1]:  # nothing left that she wants: she goes, and nobody waits for her
                gone[last] = True
                length -= 1
                continue
            pool = words[at] & LOW
            while gone[order[top[pool]]]:
                top[pool] += 1
            following = order[top[pool]]
            if on_path[following] < 0:
                on_path[following] = length
                path[length] = following
                length += 1
                continue
            cycles += 1
            begin = on_path[following]
            for place in range(begin, length):
                one = path[place]
                held[one] = wish[one]
                gone[one] = True
                left[words[wish[one]] & LOW] -= 1
                log[traded] = one
                step[traded] = cycles
                traded += 1
            length = begin
    return held, log, step, traded
