"""Second rounds where programmes choose by overlapping reserves: children who keep a seat stand in a band
of their own before all others, so the rule fills reserved seats with them first and adds whom it would
choose."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import LOW, TAIL, Words
from junheng.admission.meritorious import TRAITS, Meritorious, choose, claims

Whole = NDArray[np.int64]
_TRAITS = (1 << TRAITS) - 1


def protected(marks: Whole, start: Whole, held: Whole) -> Whole:
    """Marks with what children hold in the first band, before every other application."""
    found = marks + (1 << TRAITS)
    rows = held[held < start[1:]]
    found[rows] = marks[rows] & _TRAITS
    return found


def traits_of(marks: Whole, start: Whole) -> Whole:
    """By child every trait she holds on some row, in the first band."""
    found = np.zeros(start.size - 1, np.int64)
    child = np.repeat(np.arange(start.size - 1), np.diff(start))
    np.bitwise_or.at(found, child, marks & _TRAITS)
    return found


def added(
    seats: NDArray[np.int32],
    start: Whole,
    words: Words,
    held: Whole,
    out: NDArray[np.bool_],
    rule: Meritorious,
    marks: Whole,
) -> Whole:
    """Row each child holds once every programme has added whom it would choose beside the children it holds
    (all of them kept), best key first, and the seats they left were given on likewise. Children `out` ask
    for nothing."""
    held = held.copy()
    child = np.repeat(np.arange(held.size), np.diff(start))
    pool = words.astype(np.int64) & LOW
    key = (words.astype(np.int64) ^ pool) | child
    order = np.lexsort((key, pool))
    begin = np.searchsorted(pool[order], np.arange(seats.size + 1))
    vacant = list(range(seats.size))
    while vacant:
        at = vacant.pop()
        rows = order[begin[at] : begin[at + 1]]
        sits = rows == held[child[rows]]
        asks = rows[(rows < held[child[rows]]) & ~out[child[rows]]]
        both = np.concatenate([rows[sits], asks])
        mine = (marks[both] & _TRAITS) | np.where(
            np.arange(both.size) < sits.sum(), 0, (marks[both] >> TRAITS) + 1
        ) << TRAITS
        taken = np.empty(both.size, np.int8)
        own = slice(rule.first[at], rule.first[at + 1])
        choose(
            key[both],
            mine,
            both.size,
            int(seats[at]),
            rule.bit[own],
            rule.seats[own],
            rule.keeps[at],
            True,
            taken,
        )
        for row in asks[taken[sits.sum() :] > 0].tolist():
            mover = child[row]
            if held[mover] < start[mover + 1]:
                vacant.append(int(pool[held[mover]]))
            held[mover] = row
    return held


def unfilled(
    seats: NDArray[np.int32],
    start: Whole,
    words: Words,
    held: Whole,
    asks: NDArray[np.bool_],
    rule: Meritorious,
    marks: Whole,
) -> list[int]:
    """Pools that would add a child who `asks` to the children they hold."""
    keyed = words.astype(np.int64) + (1 << TAIL)  # holders go before all others, as their marks say
    rows = held[held < start[1:]]
    keyed[rows] &= LOW
    found = claims(seats, start, keyed, protected(marks, start, held), rule, held, guaranteed=True)
    child = np.repeat(np.arange(held.size), np.diff(start))
    return np.unique(words[found & asks[child]].astype(np.int64) & LOW).tolist()
