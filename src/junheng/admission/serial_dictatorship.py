"""Serial dictatorship: in one common order each child takes the best programme with a seat left (平行志愿,
分数优先, 一次投档).

Deferred acceptance with a common order gives the same; this is one pass in its place."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import LOW, Words


def serial_dictatorship(
    seats: NDArray[np.int32], start: NDArray[np.int64], words: Words
) -> NDArray[np.int64]:
    """Row of the application each child holds, `start[child + 1]` where none; children choose by number."""
    return _choose(seats, start, words)


@njit(cache=True)
def _choose(seats: NDArray[np.int32], start: NDArray[np.int64], words: Words) -> NDArray[np.int64]:
    left = seats.copy()
    held = start[1:].copy()
    for child in range(start.size - 1):
        for at in range(start[child], start[child + 1]):
            pool = words[at] & LOW
            if left[pool] > 0:
                left[pool] -= 1
                held[child] = at
                break
    return held
