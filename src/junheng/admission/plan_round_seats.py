"""The seats of a plan before and after a round, on one list a child."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import TAIL
from junheng.admission.meritorious_rounds import traits_of, unfilled
from junheng.admission.plan_one_list import OneList
from junheng.admission.rounds import ACCEPT, DECLINE, NO_ANSWER, WAIT, Policy, second_round

Whole = NDArray[np.int64]
ANSWERS = {"accept": ACCEPT, "wait": WAIT, "decline": DECLINE}
GONE = ("WITHDREW", "NO_ANSWER")
"""Reasons of children who gave a seat back in an earlier round: they do not come back."""
Silence = Literal["accept", "decline"]


def present(lists: OneList, seats: NDArray[np.int32], before: pl.DataFrame) -> tuple[OneList, Whole]:
    """The lists with a last row for every seat of the assignment `before` that stands on none, and the row
    each child holds; `seats` by pool."""
    pools = pl.DataFrame({"program_id": lists.program_id, "reserve_id": lists.reserve_id})
    pools = pools.with_row_index("pool")
    number = pl.DataFrame({"applicant_id": lists.applicant_id}).with_row_index("child")
    sits = (
        before.filter(pl.col("program_id").is_not_null())
        .join(number, on="applicant_id")
        .join(pools, on=["program_id", "reserve_id"], how="left")
        .with_columns(pl.when(pl.col("batch") != "placement").then("pool").alias("pool"))
        .sort("child")
    )
    pool = seated(lists, seats, sits["pool"].to_list(), sits["program_id"].to_list())
    child = sits["child"].cast(pl.Int64).to_numpy()
    without = np.flatnonzero(_row_of(lists, child, pool) < 0)
    one = _with_rows(lists, child[without], pool[without])
    held = one.start[1:].copy()
    held[child] = _row_of(one, child, pool)
    return one, held


def seated(lists: OneList, seats: NDArray[np.int32], known: list[int | None], programs: list[str]) -> Whole:
    """The pool of every seat held. Who was placed by distance sits on no named pool: the open seats first,
    then any seat of the programme that is left."""
    of: dict[str, list[int]] = {}
    for at, (name, reserve) in enumerate(zip(lists.program_id, lists.reserve_id, strict=True)):
        of.setdefault(name, []).insert(0 if reserve == "" else len(of.get(name, [])), at)
    left = seats.astype(np.int64)
    for pool in known:
        if pool is not None:
            left[pool] -= 1
    found: list[int] = []
    for pool, name in zip(known, programs, strict=True):
        if pool is not None:
            found.append(pool)
            continue
        found.append(next((one for one in of[name] if left[one] > 0), of[name][0]))
        left[found[-1]] -= 1
    return np.array(found, np.int64)


def _row_of(one: OneList, child: Whole, pool: Whole) -> Whole:
    """Row of each (child, pool), -1 where the list has none."""
    found = np.full(child.size, -1, np.int64)
    for at, (who, where) in enumerate(zip(child.tolist(), pool.tolist(), strict=True)):
        rows = np.flatnonzero(one.pool[one.start[who] : one.start[who + 1]] == where)
        if rows.size:
            found[at] = one.start[who] + rows[-1]
    return found


def _with_rows(one: OneList, child: Whole, pool: Whole) -> OneList:
    """Lists with one more row at the end of each of these children's."""
    at = one.start[child + 1]
    last = int(one.level.max(initial=0)) + 1
    added = np.zeros(one.start.size, np.int64)
    np.add.at(added, child + 1, 1)
    return replace(
        one,
        start=one.start + np.cumsum(added),
        pool=np.insert(one.pool, at, pool).astype(np.int32),
        level=np.insert(one.level, at, last),
        choice_rank=np.insert(one.choice_rank, at, 0),
        part=np.insert(one.part, at, -1),
        source=np.insert(one.source, at, -1),
        marks=None if one.marks is None else np.insert(one.marks, at, traits_of(one.marks, one.start)[child]),
    )


def numbers(
    one: OneList, said: Mapping[str, str], gone: frozenset[str], held: Whole, silence: Silence
) -> NDArray[np.int8]:
    """Answers by number; `gone` children stay away, `silence` is what no answer to a seat means."""
    placed = held < one.start[1:]

    def of(name: str, sits: bool) -> int:
        if name in gone:
            return DECLINE
        return ANSWERS[said.get(name, silence)] if sits or name in said else NO_ANSWER

    pairs = zip(one.applicant_id, placed.tolist(), strict=True)
    return np.array([of(name, sits) for name, sits in pairs], np.int8)


def held_after(
    one: OneList, seats: NDArray[np.int32], held: Whole, number: NDArray[np.int8], policy: Policy
) -> Whole:
    """What children hold after the round. Bound children who sit together and would be parted stay: the
    round is held again without their wish to move."""
    wide = one.pool.astype(np.int64) | (one.level << TAIL)
    while True:
        now = second_round(
            seats, one.start, wide, held, number, policy, silence=WAIT, rule=one.rule, marks=one.marks
        ).held
        bound = (*one.pairs, *one.blocks)
        parted = [kin for kin in bound if _together(one, held, kin) and not _together(one, now, kin)]
        parted = [kin for kin in parted if DECLINE not in number[list(kin)]]
        if not parted:
            return now
        number[[child for kin in parted for child in kin]] = ACCEPT


def _together(one: OneList, held: Whole, kin: tuple[int, ...]) -> bool:
    seats = {int(one.program[one.pool[held[c]]]) if held[c] < one.start[c + 1] else -1 for c in kin}
    return len(seats) == 1 and seats != {-1}


def wasted(
    one: OneList, seats: NDArray[np.int32], held: Whole, asks: NDArray[np.bool_], listed: list[list[int]]
) -> list[int]:
    """Pools with a seat left that a child who `asks` waits for and could have."""
    if one.rule is not None and one.marks is not None:  # a reserved seat may have to stay empty
        wide = one.pool.astype(np.int64) | (one.level << TAIL)
        return unfilled(seats, one.start, wide, held, asks, one.rule, one.marks)
    takes = np.bincount(one.pool[held[held < one.start[1:]]], minlength=seats.size)
    return [at for at in np.flatnonzero(takes < seats).tolist() if asks[listed[at]].any()]
