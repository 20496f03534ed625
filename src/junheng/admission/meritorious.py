"""Reserves for overlapping traits by the meritorious horizontal choice rule (Sönmez & Yenmez 2022).

A programme first takes, by key, each child who enlarges the greatest matching of its reserved seats to traits
(a child of two traits is moved to the reserve that leaves room for another), then fills its other seats by
key. One child fills one reserved seat. Soft reserves give what nobody fills to everybody at once, hard ones
keep it empty. Where the choice's band leads the key, the rule works band after band.

Whom the rule refuses among some it refuses among more, and from more it takes no fewer; so cumulative offers
(Gale & Shapley 1962; Hatfield & Milgrom 2005) end in the outcome that is best for every child among those
that are stable under the rule.
Whether a child still enlarges the matching is told by Hall's condition on sets of reserves; the certificate
(`meritorious_check`) finds the matching itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import LOW, Words
from junheng.admission.reserves import Reserve, reserve_faults
from junheng.model.errors import BadData
from junheng.model.reason import Finding

if TYPE_CHECKING:
    from junheng.admission.problem import Market

Whole = NDArray[np.int64]
MOST_RESERVES = 10
"""Most reserves of one programme: Hall's condition looks at every set of them."""
TRAITS = 40
"""Bits of a mark that hold traits; the band of the choice stands above them."""


@dataclass(frozen=True, slots=True)
class Meritorious:
    """Reserves of pool `p` are `first[p]:first[p + 1]`: by reserve the `bit` of its trait in the marks, its
    `seats` and its name; `keeps` by pool: unfilled reserved seats stay empty."""

    first: Whole
    bit: Whole
    seats: Whole
    keeps: NDArray[np.bool_]
    names: tuple[str, ...]

    def after(self, pools: int) -> Meritorious:
        """The same behind `pools` further pools without reserves."""
        return Meritorious(
            np.concatenate([np.zeros(pools, np.int64), self.first]),
            self.bit,
            self.seats,
            np.concatenate([np.zeros(pools, bool), self.keeps]),
            self.names,
        )


def meritorious(
    market: Market, reserves: Sequence[Reserve], traits: Mapping[str, NDArray[np.bool_]]
) -> tuple[Meritorious, Whole]:
    """The rule and the traits of every application as bits. `traits` as in `reserves.assign_reserved`.

    Raises BadData `admission.bad_reserves` with every fault of `reserves.reserve_faults` and: hard and soft
    reserves at one programme, seats returned after the run, open seats before a reserve, more than
    `MOST_RESERVES` at a programme.
    """
    faults = [*reserve_faults(market, reserves, traits), *_unfit(market, reserves)]
    names = sorted({one.trait for one in reserves if one.kind != "open"})
    if len(names) > TRAITS:
        about = {"count": len(names), "most": TRAITS}
        faults.append(Finding("admission.overlap_traits", "error", "reserves", parameters=about))
    if faults:
        raise BadData("admission.bad_reserves", {"count": len(faults)}, faults)
    held = sorted(
        (one for one in reserves if one.kind != "open"), key=lambda one: (one.program, one.position)
    )
    marks = np.zeros(market.program.size, np.int64)
    for bit, name in enumerate(names):
        marks |= np.asarray(traits[name], bool).astype(np.int64) << bit
    counts = np.bincount([one.program for one in held], minlength=market.seats.size)
    keeps = np.zeros(market.seats.size, bool)
    for one in held:
        keeps[one.program] = _keeps(one)
    rule = Meritorious(
        np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]).astype(np.int64),
        np.array([names.index(one.trait) for one in held], np.int64),
        np.array([one.seats for one in held], np.int64),
        keeps,
        tuple(one.reserve_id for one in held),
    )
    return rule, marks


def _keeps(one: Reserve) -> bool:
    return one.kind == "hard" and one.returns == "never"


def _unfit(market: Market, reserves: Sequence[Reserve]) -> list[Finding]:
    """What the rule has no meaning for."""
    found: list[Finding] = []
    by: dict[int, list[Reserve]] = {}
    for one in sorted(reserves, key=lambda one: one.position):
        if 0 <= one.program < market.seats.size:
            by.setdefault(one.program, []).append(one)

    def fault(code: str, one: Reserve, **more: int) -> None:
        about = {"reserve": one.reserve_id, "program": market.program_id[one.program], **more}
        found.append(Finding(code, "error", "reserves", value=one.reserve_id, parameters=about))

    for own in by.values():
        held = [one for one in own if one.kind != "open"]
        for one in held:
            if one.kind == "hard" and one.returns == "after_run":
                fault("admission.overlap_after_run", one)
            if _keeps(one) != _keeps(held[0]):
                fault("admission.overlap_mixed", one)
        for at, one in enumerate(own):
            if one.kind == "open" and any(later.kind != "open" for later in own[at:]):
                fault("admission.overlap_open_first", one)
        if len(held) > MOST_RESERVES:
            fault("admission.overlap_many", held[0], count=len(held), most=MOST_RESERVES)
    return found


def marked(marks: Whole, bands: Whole | None, first: NDArray[np.bool_] | None = None) -> Whole:
    """Marks with the band of each application (None: no bands); `first` rows stand in the first band."""
    if bands is None:
        return marks
    band = bands if first is None else np.where(first, 0, bands)
    return marks | (band << TRAITS)


def cumulative_offers(
    seats: NDArray[np.int32],
    start: Whole,
    words: Words,
    marks: Whole,
    rule: Meritorious,
    *,
    guaranteed: bool = False,
) -> Whole:
    """Row of the application each child holds at the end, as of `deferred_acceptance`; `marks` by row. With
    `guaranteed` applications of the first band are never refused and take reserved seats before others."""
    return _offers(
        seats.astype(np.int64), start, words, marks, rule.first, rule.bit, rule.seats, rule.keeps, guaranteed
    )


def claims(
    seats: NDArray[np.int32],
    start: Whole,
    words: Words,
    marks: Whole,
    rule: Meritorious,
    held: Whole,
    *,
    guaranteed: bool = False,
) -> NDArray[np.bool_]:
    """By row: whether the child likes it better than what she holds and the programme would choose her from
    the children it holds and her (justified envy, or a seat that stands empty); `guaranteed` as of
    `cumulative_offers`."""
    parts = (rule.first, rule.bit, rule.seats, rule.keeps)
    return _claims(seats.astype(np.int64), start, words, marks, *parts, held, guaranteed)


@njit(cache=True)
def choose(
    keys: Whole,
    marks: Whole,
    count: Any,
    seats: Any,
    bit: Whole,
    room: Whole,
    keeps: Any,
    guaranteed: Any,
    taken: NDArray[np.int8],
) -> None:
    """Fill `taken` (0 refused, 1 reserved seat, 2 other seat) for `count` applications in the order of their
    keys. `bit` and `room` are those of the pool's reserves."""
    reserves = bit.size
    every = (1 << reserves) - 1
    cap = np.zeros(every + 1, np.int64)  # seats of each set of reserves
    sure = np.zeros(every + 1, np.int64)  # taken children who can sit nowhere outside the set
    for group in range(1, every + 1):
        for one in range(reserves):
            if group >> one & 1:
                cap[group] += room[one]
    others = max(seats - cap[every], 0) if keeps else seats
    inside, outside = 0, 0
    begin = 0
    while begin < count:
        band = marks[begin] >> TRAITS
        end = begin
        while end < count and marks[end] >> TRAITS == band:
            end += 1
        always = guaranteed and band == 0
        for at in range(begin, end):
            taken[at] = 0
            mine = 0
            for one in range(reserves):
                if marks[at] >> bit[one] & 1:
                    mine |= 1 << one
            if mine == 0 or (inside + outside >= seats and not always):
                continue
            fits = True
            group = mine
            while group <= every:
                if sure[group] >= cap[group]:
                    fits = False
                    break
                group = (group + 1) | mine
            if fits:
                group = mine
                while group <= every:
                    sure[group] += 1
                    group = (group + 1) | mine
                taken[at] = 1
                inside += 1
        for at in range(begin, end):
            if taken[at] == 0:
                free = outside < others if keeps else inside + outside < seats
                if free or always:
                    taken[at] = 2
                    outside += 1
        begin = end


@njit(cache=True)
def _offers(
    seats: Whole,
    start: Whole,
    words: Words,
    marks: Whole,
    first: Whole,
    bit: Whole,
    room: Whole,
    keeps: NDArray[np.bool_],
    guaranteed: bool,
) -> Whole:
    children, pools = start.size - 1, seats.size
    held = start[:-1].copy()
    newest = np.full(pools, -1, np.int64)  # children of each pool as a chain: held and just applied
    chain = np.full(children, -1, np.int64)
    touched = np.zeros(pools, np.bool_)
    waiting = np.arange(children)
    moving = np.empty(children, np.int64)
    count = children
    while count > 0:
        for place in range(count):
            child = waiting[place]
            if held[child] < start[child + 1]:
                pool = np.int64(words[held[child]]) & LOW
                chain[child] = newest[pool]
                newest[pool] = child
                touched[pool] = True
        left = 0
        for pool in range(pools):
            if not touched[pool]:
                continue
            touched[pool] = False
            size = 0
            child = newest[pool]
            while child >= 0:
                size += 1
                child = chain[child]
            keys = np.empty(size, np.int64)
            mine = np.empty(size, np.int64)
            at = 0
            child = newest[pool]
            while child >= 0:
                keys[at] = (np.int64(words[held[child]]) ^ pool) | child
                at += 1
                child = chain[child]
            keys.sort()
            for at in range(size):
                mine[at] = marks[held[keys[at] & LOW]]
            taken = np.empty(size, np.int8)
            own = slice(first[pool], first[pool + 1])
            choose(keys, mine, size, seats[pool], bit[own], room[own], keeps[pool], guaranteed, taken)
            newest[pool] = -1
            for at in range(size):
                child = keys[at] & LOW
                if taken[at]:
                    chain[child] = newest[pool]
                    newest[pool] = child
                else:
                    held[child] += 1
                    moving[left] = child
                    left += 1
        waiting, moving = moving, waiting
        count = left
    return held


@njit(cache=True)
def _claims(
    seats: Whole,
    start: Whole,
    words: Words,
    marks: Whole,
    first: Whole,
    bit: Whole,
    room: Whole,
    keeps: NDArray[np.bool_],
    held: Whole,
    guaranteed: bool,
) -> NDArray[np.bool_]:
    children, pools = start.size - 1, seats.size
    filled = np.zeros(pools + 1, np.int64)
    for child in range(children):
        if held[child] < start[child + 1]:
            filled[(np.int64(words[held[child]]) & LOW) + 1] += 1
    begin = np.cumsum(filled)
    keys = np.empty(begin[pools], np.int64)
    at = begin[:-1].copy()
    for child in range(children):
        if held[child] < start[child + 1]:
            pool = np.int64(words[held[child]]) & LOW
            keys[at[pool]] = (np.int64(words[held[child]]) ^ pool) | child
            at[pool] += 1
    for pool in range(pools):
        keys[begin[pool] : begin[pool + 1]].sort()
    found = np.zeros(words.size, np.bool_)
    for child in range(children):
        for row in range(start[child], held[child]):
            pool = np.int64(words[row]) & LOW
            sits = keys[begin[pool] : begin[pool + 1]]
            key = (np.int64(words[row]) ^ pool) | child
            place = np.searchsorted(sits, key)
            size = sits.size + 1
            all_keys = np.empty(size, np.int64)
            mine = np.empty(size, np.int64)
            for one in range(size):
                if one == place:
                    all_keys[one], mine[one] = key, marks[row]
                else:
                    other = sits[one - (one > place)]
                    all_keys[one], mine[one] = other, marks[held[other & LOW]]
            taken = np.empty(size, np.int8)
            own = slice(first[pool], first[pool + 1])
            choose(all_keys, mine, size, seats[pool], bit[own], room[own], keeps[pool], guaranteed, taken)
            found[row] = taken[place] > 0
    return found
