"""After the answers: seats given back go on, and nobody who keeps a seat is worse off.

`waiting_list` gives each vacancy to the best claim on it and follows the seat that child leaves; `rerun`
runs again with every present seat guaranteed; `reverse_lottery` does so with tickets reversed inside each
class, which moves fewest children (Feigenbaum, Kanoria, Lo & Sethuraman 2020).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import LOW, TAIL, Words, deferred_acceptance
from junheng.admission.meritorious import Meritorious, cumulative_offers
from junheng.admission.meritorious_rounds import added, protected

Policy = Literal["waiting_list", "rerun", "reverse_lottery"]
ACCEPT, WAIT, DECLINE, NO_ANSWER = range(4)
"""Keeps the seat and asks no more; keeps it and waits for better; gives it back and leaves; said nothing.
Who has no seat waits unless she declines."""
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Round:
    """`held` after the round; `moved` children hold another seat than before or one for the first time."""

    held: Whole
    moved: Whole
    given_back: int


def second_round(
    seats: NDArray[np.int32],
    start: Whole,
    words: Words,
    held: Whole,
    answers: NDArray[np.int8],
    policy: Policy,
    *,
    silence: int = DECLINE,
    rule: Meritorious | None = None,
    marks: Whole | None = None,
) -> Round:
    """The seats given back, and those left over, to the children who wait. `silence` says what no answer
    means. With overlapping reserves (`rule`, `marks` by row) pools choose whom they add to the children they
    hold."""
    said = np.where(answers == NO_ANSWER, silence, answers)
    placed = held < start[1:]
    leaves = said == DECLINE
    stays = placed & (said == ACCEPT)
    kept = np.where(leaves, start[1:], held)
    if rule is not None and marks is not None and policy == "waiting_list":
        after = added(seats, start, words, kept, leaves | stays, rule, marks)
    elif policy == "waiting_list":
        after = _vacancies(seats, start, words, kept, leaves | stays)
    else:
        turned = policy == "reverse_lottery"
        after = _again(seats, start, words, kept, leaves, stays, reverse=turned, rule=rule, marks=marks)
    moved = np.flatnonzero((after != held) & (after < start[1:]))
    return Round(after, moved, int((placed & leaves).sum()))


def waiting_lists(start: Whole, words: Words, held: Whole, pools: int) -> list[list[int]]:
    """Children who want each pool more than what they hold, best claim first."""
    child = np.repeat(np.arange(held.size), np.diff(start))
    wanted = np.flatnonzero(np.arange(words.size) < held[child])
    pool = words[wanted].astype(np.int64) & LOW
    key = (words[wanted].astype(np.int64) ^ pool) | child[wanted]
    lists: list[list[int]] = [[] for _ in range(pools)]
    for at in np.lexsort((key, pool)).tolist():
        lists[pool[at]].append(int(child[wanted[at]]))
    return lists


def _vacancies(
    seats: NDArray[np.int32], start: Whole, words: Words, held: Whole, out: NDArray[np.bool_]
) -> Whole:
    held = held.copy()
    child = np.repeat(np.arange(held.size), np.diff(start))
    claims: list[list[tuple[int, int]]] = [[] for _ in range(seats.size)]
    for row in np.flatnonzero((np.arange(words.size) < held[child]) & ~out[child]).tolist():
        pool = int(words[row]) & LOW
        claims[pool].append(((int(words[row]) ^ pool) | int(child[row]), row))
    for claim in claims:
        heapq.heapify(claim)
    placed = held < start[1:]
    taken = np.bincount(words[held[placed]].astype(np.int64) & LOW, minlength=seats.size)
    left = [int(n) for n in seats - taken]  # below none where guarantees sit beyond the seats
    vacant = [pool for pool, n in enumerate(left) if n > 0]
    while vacant:
        pool = vacant.pop()
        while left[pool] > 0 and claims[pool]:
            key, row = heapq.heappop(claims[pool])
            mover = key & LOW
            if row >= held[mover]:
                continue
            left[pool] -= 1
            if held[mover] < start[mover + 1]:
                old = int(words[held[mover]]) & LOW
                left[old] += 1
                if left[old] > 0:
                    vacant.append(old)
            held[mover] = row
    return held


def _again(
    seats: NDArray[np.int32],
    start: Whole,
    words: Words,
    held: Whole,
    leaves: NDArray[np.bool_],
    stays: NDArray[np.bool_],
    *,
    reverse: bool,
    rule: Meritorious | None = None,
    marks: Whole | None = None,
) -> Whole:
    """Deferred acceptance over lists cut at the present seat, which is guaranteed."""
    children = held.size
    order = np.arange(children)[::-1] if reverse else np.arange(children)
    first = np.where(stays, held, start[:-1])
    end = np.where(leaves, first, np.minimum(held + 1, start[1:]))
    lengths = (end - first)[order]
    begin = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    row = np.repeat(first[order] - begin[:-1], lengths) + np.arange(begin[-1])
    child = np.repeat(order, lengths)
    wide = words[row].astype(np.int64)
    level = np.where(row == held[child], 0, (wide >> TAIL) + 1)
    lists = (wide & LOW) | (level << TAIL)
    if rule is None or marks is None:
        found = deferred_acceptance(seats, begin, lists, guaranteed=True)
    else:
        mine = protected(marks, start, held)[row]
        found = cumulative_offers(seats, begin, lists, mine, rule, guaranteed=True)
    after = start[1:].copy()
    got = found < begin[1:]
    after[order[got]] = row[found[got]]
    return after
