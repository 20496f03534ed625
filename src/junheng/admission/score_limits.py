"""Ties left at the end of every key: what a plan may say about them (末位同分).

`admit_all` takes everybody who ties with the last, beyond the seats; `reject_all` takes nobody of a group
that does not fit whole (score limits as in Hungary; Biró & Kiselgof). Both are deferred acceptance with a
choice by whole groups, so the outcome is the best for children among all score limits that keep the rule.
Seats given then grow and shrink with who applies: neither truth-telling nor the same children in every
stable outcome is promised. `choice_rank` (比志愿序) puts the earlier choice first, `lottery` a drawn order;
what remains is an error.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from junheng.admission.problem import Market
from junheng.model.errors import Refused

GroupRule = Literal["admit_all", "reject_all"]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Limits:
    """`held` as of every mechanism. By programme: `last` (group number of the last admitted, -1 nobody),
    `barred` (best group turned away, one past all groups where none was) and `over` (admitted beyond the
    seats)."""

    held: Whole
    group: Whole
    last: Whole
    barred: Whole
    over: Whole


def assign_groups(market: Market, rule: GroupRule, *, max_over: int | None = None) -> Limits:
    """Deferred acceptance by whole groups of equal priority and ticket. Refused `admission.over_limit` when a
    programme would take more than `max_over` beyond its seats."""
    group = groups(market)
    counts = np.bincount(market.program, minlength=market.seats.size)
    room = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    past = int(group.max(initial=-1)) + 1
    held, barred = _by_groups(
        market.seats, market.start, market.program, group, room, past, rule == "admit_all"
    )
    placed = held < market.start[1:]
    rows = held[placed]
    filled = np.bincount(market.program[rows], minlength=market.seats.size)
    last = np.full(market.seats.size, -1, np.int64)
    np.maximum.at(last, market.program[rows], group[rows])
    over = np.maximum(filled - market.seats, 0)
    if max_over is not None and bool((over > max_over).any()):
        worst = int(np.argmax(over))
        raise Refused(
            "admission.over_limit",
            {"program": market.program_id[worst], "over": int(over[worst]), "most": max_over},
        )
    return Limits(held, group, last, barred, over)


def groups(market: Market) -> Whole:
    """Dense number of each application's (priority, ticket), the same for all programmes; lower is better."""
    pairs = pl.DataFrame({"priority": market.priority, "drawn": market.drawn[market.child_of_row()]})
    number = pairs.select(pl.struct("priority", "drawn").rank("dense").cast(pl.Int64) - 1).to_series()
    return number.to_numpy()


def check_groups(market: Market, rule: GroupRule, limits: Limits) -> tuple[str, ...]:
    """What fails, from the outcome alone: `claims` a child in reach of a better choice, `limit` a
    programme that turned a group away which the rule lets in, `seats` one that let in what the rule
    forbids."""
    group, held, start = limits.group, limits.held, market.start
    past = int(group.max(initial=-1)) + 1
    child = market.child_of_row()
    row = np.arange(market.program.size)
    wanted = row < held[child]  # listed above what she holds
    here = row == held[child]
    if bool((held < start[:-1]).any()) or bool((held > start[1:]).any()):
        return ("claims",)
    found: set[str] = set()
    best = np.full(market.seats.size, past, np.int64)
    np.minimum.at(best, market.program[wanted], group[wanted])
    for program, seats in enumerate(market.seats.tolist()):
        inside = group[here & (market.program == program)]
        turned = int(best[program])
        if inside.size and int(inside.max()) >= turned:
            found.add("claims")
        better = int((inside < turned).sum())
        same = int((wanted & (market.program == program) & (group == turned)).sum()) if turned < past else 0
        if turned < past and (better < seats if rule == "admit_all" else better + same <= seats):
            found.add("limit")
        last = int(inside.max()) if inside.size else past
        before = int((inside < last).sum())
        if inside.size and (before >= seats if rule == "admit_all" else inside.size > seats):
            found.add("seats")
    return tuple(sorted(found))


def choice_first(market: Market) -> Market:
    """The market with the rank of the choice between ticket and any later order: priority, ticket, rank.
    Tickets then never meet again, so ties that remain show in `undecided` by equal priority."""
    frame = pl.DataFrame({"group": groups(market), "choice": market.choice()})
    number = frame.select(pl.struct("group", "choice").rank("dense").cast(pl.Int64)).to_series()
    return replace(market, priority=number.to_numpy(), drawn=np.zeros(market.children, np.int64))


def with_lottery(market: Market, drawn: Whole) -> Market:
    """The market with equal tickets parted by a drawn number of each child (lower first, all different)."""
    if np.unique(drawn).size != market.children:
        raise ValueError("a drawn number for each child, each once")
    order = np.lexsort((drawn, market.drawn))
    lengths = np.diff(market.start)[order]
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    row = np.repeat(market.start[:-1][order] - start[:-1], lengths) + np.arange(market.program.size)
    return replace(
        market,
        applicant_id=market.applicant_id.gather(order),
        ticket=market.ticket.gather(order),
        drawn=np.arange(market.children),
        start=start,
        program=market.program[row],
        priority=market.priority[row],
    )


@njit(cache=True)
def _by_groups(
    seats: NDArray[np.int32],
    start: Whole,
    program: NDArray[np.int32],
    group: Whole,
    room: Whole,
    past: int,
    admit_all: bool,
) -> tuple[Whole, Whole]:
    children = start.size - 1
    held = start[:-1].copy()
    barred = np.full(seats.size, past, np.int64)
    inside = np.empty(room[seats.size], np.int64)  # children of each programme, the worst groups last
    size = np.zeros(seats.size, np.int64)
    waiting = np.empty(program.size + children, np.int64)
    for child in range(children):
        waiting[child] = children - 1 - child
    count = children
    while count > 0:
        count -= 1
        child = waiting[count]
        while held[child] < start[child + 1] and group[held[child]] >= barred[program[held[child]]]:
            held[child] += 1
        row = held[child]
        if row == start[child + 1]:
            continue
        pool = program[row]
        base, at = room[pool], size[pool]
        while at > 0 and group[held[inside[base + at - 1]]] > group[row]:
            inside[base + at] = inside[base + at - 1]
            at -= 1
        inside[base + at] = child
        size[pool] += 1
        while size[pool] > seats[pool]:
            worst = group[held[inside[base + size[pool] - 1]]]
            begin = size[pool]
            while begin > 0 and group[held[inside[base + begin - 1]]] == worst:
                begin -= 1
            if admit_all and begin < seats[pool]:
                break
            barred[pool] = worst
            for place in range(begin, size[pool]):
                out = inside[base + place]
                held[out] += 1
                waiting[count] = out
                count += 1
            size[pool] = begin
    return held, barred
