"""Replay of a published log of trades: each step is checked against the rules, none is taken on trust."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import LOW, Words
from junheng.admission.top_trading_cycles import Trades, claims


def replay(seats: NDArray[np.int32], start: NDArray[np.int64], words: Words, trades: Trades) -> bool:
    """Whether the log is a run of top trading cycles to its end and gives what `trades.held` says.

    In every cycle each child takes her best programme with seats left before the cycle, which points to
    the next child of the cycle; whoever is not in the log finds nothing left on her list at the end.
    """
    order, first = claims(seats.size, start, words)
    return bool(_replay(seats, start, words, order, first, trades.held, trades.log, trades.step))


@njit(cache=True)
def _replay(
    seats: NDArray[np.int32],
    start: NDArray[np.int64],
    words: Words,
    order: NDArray[np.int32],
    first: NDArray[np.int64],
    held: NDArray[np.int64],
    log: NDArray[np.int32],
    step: NDArray[np.int32],
) -> bool:
    children = start.size - 1
    left = seats.copy()
    top = first[:-1].copy()
    gone = np.zeros(children, np.bool_)
    at = 0
    while at < log.size:
        end = at
        while end < log.size and step[end] == step[at]:
            end += 1
        for place in range(at, end):
            child = log[place]
            taken = held[child]
            if gone[child] or taken < start[child] or taken >= start[child + 1]:
                return False
            for better in range(start[child], taken):
                if left[words[better] & LOW] > 0:
                    return False
            pool = words[taken] & LOW
            if left[pool] <= 0:
                return False
            while gone[order[top[pool]]] or _nothing_left(start, words, left, order[top[pool]]):
                top[pool] += 1
            if order[top[pool]] != log[place + 1 if place + 1 < end else at]:
                return False
        for place in range(at, end):
            gone[log[place]] = True
            left[words[held[log[place]]] & LOW] -= 1
        at = end
    for child in range(children):
        if not gone[child] and (
            held[child] != start[child + 1] or not _nothing_left(start, words, left, child)
        ):
            return False
    return True


@njit(cache=True)
def _nothing_left(start: NDArray[np.int64], words: Words, left: NDArray[np.int32], child: Any) -> bool:
    at = start[child]
    while at < start[child + 1] and left[words[at] & LOW] <= 0:
        at += 1
    return at == start[child + 1]
