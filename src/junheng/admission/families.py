"""Twins bound to one ticket (双胞胎绑定): the same list and tickets next to each other, so that at most
one pair a programme can be parted, at its last seat; then the plan says whether that seat becomes two.

With linked children no stable outcome need exist at all (couples); bound twins avoid that because they ask
for the same seats one after the other. Binding can hurt: `without_link` says what each would have had alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import Words, deferred_acceptance
from junheng.admission.problem import Market
from junheng.model.errors import BadData
from junheng.model.reason import Finding

LastSeat = Literal["expand_by_one", "skip", "split"]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BoundTwins:
    """`held` with the links and `without_link` with every seat as planned and no rule for the last one;
    `expanded` seats added by programme; `parted` pairs that still sit apart (first child of each)."""

    held: Whole
    without_link: Whole
    expanded: Whole
    parted: tuple[int, ...]


def assign_twins(
    market: Market, words: Words, pairs: Sequence[tuple[int, int]], last_seat: LastSeat = "expand_by_one"
) -> BoundTwins:
    """Deferred acceptance with bound pairs of children. `expand_by_one` adds a seat wherever a pair is
    parted and runs again until none is (seats only grow); `skip` takes the last seat from the pair, so
    that both go on together; `split` parts them.

    Raises BadData `admission.bad_families` unless each pair has consecutive numbers, lists of the same
    programmes with the same priorities, and no child stands in two pairs.
    """
    faults = _faults(market, words, pairs)
    if faults:
        raise BadData("admission.bad_families", {"count": len(faults)}, faults)
    start, seats = market.start, market.seats.copy()
    alone = held = deferred_acceptance(seats, start, words)
    barred = np.zeros(words.size, bool)
    while last_seat != "split" and (apart := _parted(start, held, pairs)):
        if last_seat == "expand_by_one":
            for first, _ in apart:
                seats[market.program[held[first]]] += 1
            held = deferred_acceptance(seats, start, words)
        else:
            first, second = apart[0]
            place = held[first] - start[first]
            barred[start[first] + place] = barred[start[second] + place] = True
            held = _without(market, words, barred)
    expanded = (seats - market.seats).astype(np.int64)
    return BoundTwins(held, alone, expanded, tuple(first for first, _ in _parted(start, held, pairs)))


def _parted(start: Whole, held: Whole, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs whose places in their common list differ; the first of a pair has the better ticket."""
    return [(a, b) for a, b in pairs if held[a] - start[a] != held[b] - start[b]]


def _without(market: Market, words: Words, barred: NDArray[np.bool_]) -> Whole:
    """Deferred acceptance over the applications that are not barred; `held` in rows of the whole."""
    row = np.flatnonzero(~barred)
    child = market.child_of_row()[row]
    start = np.searchsorted(child, np.arange(market.children + 1))
    held = deferred_acceptance(market.seats, start.astype(np.int64), words[row])
    placed = held < start[1:]
    after = market.start[1:].copy()
    after[placed] = row[held[placed]]
    return after


def _faults(market: Market, words: Words, pairs: Sequence[tuple[int, int]]) -> list[Finding]:
    found: list[Finding] = []
    seen: set[int] = set()
    for a, b in pairs:
        names = {"first": market.applicant_id[a], "second": market.applicant_id[b]}
        mine, theirs = (words[market.start[c] : market.start[c + 1]] for c in (a, b))
        if b != a + 1:
            found.append(Finding("admission.twins_tickets", "error", table="families", parameters=names))
        if not np.array_equal(mine, theirs):
            found.append(Finding("admission.twins_lists", "error", table="families", parameters=names))
        if seen & {a, b}:
            found.append(Finding("admission.twins_twice", "error", table="families", parameters=names))
        seen |= {a, b}
    return found
