"""Twins bound to one ticket (双胞胎绑定): the same list and tickets next to each other, so that at most
one pair a programme can be parted, at its last seat; then the plan says whether that seat becomes two.

With linked children no stable outcome need exist at all (couples); bound twins avoid that because they ask
for the same seats one after the other. Binding can hurt: `without_link` says what each would have had alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import LOW, Words
from junheng.admission.families_block import Family, Lists, bind
from junheng.admission.meritorious import Meritorious
from junheng.admission.offers import give, offers
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
    faults = twin_faults(market.applicant_id, market.start, words, pairs)
    if faults:
        raise BadData("admission.bad_families", {"count": len(faults)}, faults)
    found = settle(market.seats, market.start, words, pairs=pairs, last_seat=last_seat)
    apart = _parted(market.start, found.held, pairs)
    return BoundTwins(found.held, found.alone, found.expanded, tuple(first for first, _ in apart))


@dataclass(frozen=True, slots=True)
class Settled:
    """`held` as of the kernel over pools; `seats` by pool with what was returned and added; `expanded` seats
    added for twins by pool; `alone` what children hold without the link; rows `barred` in the last run, since
    twins passed over them or a family waived them (None: none); `bound` families by number and the
    programme they were bound to."""

    held: Whole
    seats: NDArray[np.int32]
    expanded: Whole
    alone: Whole
    barred: NDArray[np.bool_] | None = None
    bound: Mapping[int, int] = field(default_factory=dict[int, int])


def settle(
    seats: NDArray[np.int32],
    start: Whole,
    words: Words,
    *,
    program: Whole | None = None,
    gives: Whole | None = None,
    pairs: Sequence[tuple[int, int]] = (),
    last_seat: LastSeat = "split",
    first: NDArray[np.bool_] | None = None,
    rule: Meritorious | None = None,
    marks: Whole | None = None,
    blocks: Sequence[Family] = (),
) -> Settled:
    """Deferred acceptance over pools with everything that needs further runs. `program` of each pool (None:
    pools are programmes); unfilled seats of a pool go to the pool `gives` names (-1: nowhere) and the run
    starts again; a pair is parted when its children sit at two programmes (see `assign_twins`), and a seat
    is added to the pool the better ticket holds. Pools that are `first` settle their pairs before anything
    else moves. Pairs are not checked here (`twin_faults`). `rule` with `marks` by row: pools choose by
    overlapping reserves. `blocks`: families who want one school before their own ranks (`families_block`)."""
    at = np.arange(seats.size) if program is None else program
    if blocks:
        found = bind(Lists(seats, start, words, at, gives, first, rule, marks), blocks)
        nothing = np.zeros(seats.size, np.int64)
        return Settled(found.held, found.seats, nothing, found.alone, found.barred, found.bound)
    now, expanded = seats.copy(), np.zeros(seats.size, np.int64)
    barred = np.zeros(words.size, bool) if pairs and last_seat == "skip" else None
    alone: Whole | None = None
    while True:
        held = offers(now, start, words, barred, rule, marks)
        alone = held if alone is None else alone
        apart = _at_two(start, words, held, at, pairs) if last_seat != "split" else []
        early = [] if first is None else [one for one in apart if first[int(words[held[one[0]]]) & LOW]]
        if not early and gives is not None and give(now, start, words, held, gives):
            continue
        if not apart:
            return Settled(held, now, expanded, alone, barred)
        if barred is None:
            for better, _ in early or apart:
                pool = int(words[held[better]]) & LOW
                now[pool] += 1
                expanded[pool] += 1
        else:
            better, second = (early or apart)[0]
            place = held[better] - start[better]
            barred[start[better] + place] = barred[start[second] + place] = True


def _at_two(
    start: Whole, words: Words, held: Whole, program: Whole, pairs: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Pairs that sit at two programmes, or of which one sits nowhere. The first has the better ticket."""

    def where(child: int) -> int:
        return int(program[int(words[held[child]]) & LOW]) if held[child] < start[child + 1] else -1

    return [(a, b) for a, b in pairs if where(a) != where(b)]


def _parted(start: Whole, held: Whole, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs whose places in their common list differ; the first of a pair has the better ticket."""
    return [(a, b) for a, b in pairs if held[a] - start[a] != held[b] - start[b]]


def twin_faults(
    applicant_id: pl.Series,
    start: Whole,
    words: Words,
    pairs: Sequence[tuple[int, int]],
    marks: Whole | None = None,
) -> list[Finding]:
    """What is wrong with bound pairs: tickets not side by side, lists, priorities or traits (`marks`) that
    differ, a child in two pairs."""
    found: list[Finding] = []
    seen: set[int] = set()
    for a, b in pairs:
        names = {"first": applicant_id[a], "second": applicant_id[b]}
        mine, theirs = (words[start[c] : start[c + 1]] for c in (a, b))
        alike = np.array_equal(mine, theirs)
        if alike and marks is not None:
            alike = np.array_equal(marks[start[a] : start[a + 1]], marks[start[b] : start[b + 1]])
        if b != a + 1:
            found.append(Finding("admission.twins_tickets", "error", table="families", parameters=names))
        if not alike:
            found.append(Finding("admission.twins_lists", "error", table="families", parameters=names))
        if seen & {a, b}:
            found.append(Finding("admission.twins_twice", "error", table="families", parameters=names))
        seen |= {a, b}
    return found
