"""One run of the lists over pools: the kernel, or the meritorious rule where a plan has it, over the
applications that count, with unfilled seats given on until none is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import LOW, Words, deferred_acceptance
from junheng.admission.meritorious import Meritorious, cumulative_offers

Whole = NDArray[np.int64]


def offers(
    seats: NDArray[np.int32],
    start: Whole,
    words: Words,
    barred: NDArray[np.bool_] | None = None,
    rule: Meritorious | None = None,
    marks: Whole | None = None,
) -> Whole:
    """Row each child holds, `start[child + 1]` where none; `barred` rows are no applications."""
    if barred is None:
        if rule is None or marks is None:
            return deferred_acceptance(seats, start, words)
        return cumulative_offers(seats, start, words, marks, rule)
    row, begin = counted(start, barred)
    if rule is None or marks is None:
        held = deferred_acceptance(seats, begin, words[row])
    else:
        held = cumulative_offers(seats, begin, words[row], marks[row], rule)
    placed = held < begin[1:]
    after = start[1:].copy()
    after[placed] = row[held[placed]]
    return after


def counted(start: Whole, barred: NDArray[np.bool_]) -> tuple[Whole, Whole]:
    """Rows that are not barred, and where each child's begin among them."""
    row = np.flatnonzero(~barred)
    child = np.repeat(np.arange(start.size - 1), np.diff(start))[row]
    return row, np.searchsorted(child, np.arange(start.size)).astype(np.int64)


def give(seats: NDArray[np.int32], start: Whole, words: Words, held: Whole, gives: Whole) -> bool:
    """Move what pools did not fill to those they give to; whether anything moved."""
    rows = held[held < start[1:]]
    filled = np.bincount(words[rows].astype(np.int64) & LOW, minlength=seats.size)
    from_ = np.flatnonzero((gives >= 0) & (filled < seats))
    left = (seats[from_] - filled[from_]).astype(np.int32)
    seats[from_] -= left
    np.add.at(seats, gives[from_], left)
    return bool(from_.size)
