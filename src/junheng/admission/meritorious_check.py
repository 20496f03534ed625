"""Proof of an outcome of overlapping reserves by re-choosing, independent of the mechanism: every programme
chooses again, by the plain definition of the rule, from all children who like it at least as much as what
they hold. Whoever is chosen and sits elsewhere has justified envy or meets an empty seat.

The matching of children to reserved seats is found here by alternating paths (the mechanism goes by Hall's
condition), so it also names the reserve each child fills.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from junheng.admission.certificate import SHOWN, Certificate
from junheng.admission.deferred_acceptance import LOW, Words
from junheng.admission.meritorious import TRAITS, Meritorious

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rechosen:
    """`certificate` of pools: `cutoff` and `next_in_line` are keys of the worst holder and of the best child
    who waits, `blocking` the rows a child should have got. `reserve` by child: the reserve she fills, -1 for
    other seats and nobody. By pool `other_last`: key of the worst holder of a seat that is not reserved (-1:
    none). By reserve `filled`."""

    certificate: Certificate
    reserve: Whole
    other_last: Whole
    filled: Whole


@dataclass(slots=True)
class _Matching:
    """Children on the reserved seats of one pool."""

    room: list[int]
    sits: list[list[int]] = field(default_factory=list[list[int]])
    may: dict[int, tuple[int, ...]] = field(default_factory=dict[int, tuple[int, ...]])

    def takes(self, child: int, reserves: tuple[int, ...]) -> bool:
        """Seat a child if the matching grows, moving others to other reserves of theirs where it must."""
        came: dict[int, tuple[int, int]] = dict.fromkeys(reserves, (-1, -1))
        ahead = deque(reserves)
        while ahead:
            at = ahead.popleft()
            if len(self.sits[at]) < self.room[at]:
                self.may[child] = reserves
                while came[at][0] >= 0:
                    mover, before = came[at]
                    self.sits[before].remove(mover)
                    self.sits[at].append(mover)
                    at = before
                self.sits[at].append(child)
                return True
            for mover in self.sits[at]:
                for other in self.may[mover]:
                    if other not in came:
                        came[other] = (mover, at)
                        ahead.append(other)
        return False


def rechoose(
    seats: NDArray[np.int32],
    start: Whole,
    words: Words,
    marks: Whole,
    rule: Meritorious,
    held: Whole,
    counted: NDArray[np.bool_] | None = None,
) -> Rechosen:
    """Choose again at every pool; rows that are not `counted` (None: all are) are no applications."""
    pools, child = seats.size, np.repeat(np.arange(held.size), np.diff(start))
    rows = np.arange(words.size)
    wants = rows <= held[child]
    if counted is not None:
        wants &= counted
    row = rows[wants]
    pool = words[row].astype(np.int64) & LOW
    key = (words[row].astype(np.int64) ^ pool) | child[row]
    order = np.lexsort((key, pool))
    row, key = row[order], key[order]
    begin = np.searchsorted(pool[order], np.arange(pools + 1))
    sits = np.zeros(words.size + 1, bool)
    sits[held[held < start[1:]]] = True
    filled = np.zeros(pools, np.int64)
    cutoff, following, other_last = (np.full(pools, -1, np.int64) for _ in range(3))
    reserve = np.full(held.size, -1, np.int64)
    taken_by = np.zeros(rule.seats.size, np.int64)
    open_ = np.zeros(pools, bool)
    wrong: list[int] = []
    over: list[int] = []
    for at in range(pools):
        mine = slice(begin[at], begin[at + 1])
        own = slice(int(rule.first[at]), int(rule.first[at + 1]))
        chosen, matched = _choice(row[mine], marks, own, int(seats[at]), rule, at)
        holds = sits[row[mine]]
        filled[at] = int(holds.sum())
        held_keys, others = key[mine][holds], key[mine][~holds]
        cutoff[at] = held_keys.max(initial=-1)
        following[at] = others.min() if others.size else -1
        wrong += [
            one for one, is_in, sat in zip(row[mine].tolist(), chosen, holds, strict=True) if is_in != sat
        ]
        number = child[row[mine]]
        plain = np.array([matched.get(one, -1) for one in row[mine].tolist()], np.int64)
        reserve[number[holds]] = plain[holds]
        other_last[at] = key[mine][holds & (plain < 0)].max(initial=-1)
        np.add.at(taken_by, plain[holds & (plain >= 0)], 1)
        kept = int(rule.seats[own].sum()) - int((plain[holds] >= 0).sum()) if rule.keeps[at] else 0
        open_[at] = filled[at] + kept < seats[at]
        if filled[at] > seats[at]:
            over.append(at)
    blocking = np.array(wrong[:SHOWN], np.int64)
    nobody = np.zeros(pools, np.int64)
    proof = Certificate(
        filled, nobody, open_, cutoff, following, blocking, len(wrong), np.array(over, np.int64), ()
    )
    return Rechosen(proof, reserve, other_last, taken_by)


def _choice(
    rows: Whole, marks: Whole, own: slice, seats: int, rule: Meritorious, pool: int
) -> tuple[list[bool], dict[int, int]]:
    """(whether each of `rows`, best key first, is chosen; the reserve of those who fill one)."""
    numbers = range(own.start, own.stop)
    bits = [(one, int(rule.bit[one])) for one in numbers]
    matching = _Matching([int(rule.seats[one]) for one in numbers], [[] for _ in numbers])
    others = seats - sum(matching.room) if rule.keeps[pool] else seats
    chosen = dict.fromkeys(rows.tolist(), False)
    reserved = outside = 0
    bands = marks[rows] >> TRAITS
    for band in np.unique(bands):
        here = rows[bands == band].tolist()
        for row in here:
            held = int(marks[row])
            able = tuple(one - own.start for one, bit in bits if held >> bit & 1)
            if able and reserved + outside < seats and matching.takes(row, able):
                chosen[row] = True
                reserved += 1
        for row in here:
            free = outside < others if rule.keeps[pool] else reserved + outside < seats
            if not chosen[row] and free:
                chosen[row] = True
                outside += 1
    named = {row: own.start + at for at, held in enumerate(matching.sits) for row in held}
    return list(chosen.values()), named
