"""The tables of a stage that was run: a reason for every application with the field that decided, cut-offs,
waiting lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import LOW
from junheng.admission.offers import counted
from junheng.admission.rounds import waiting_lists

if TYPE_CHECKING:
    from junheng.admission.families import Settled
    from junheng.admission.plan_stage import Pooled, StageRun

Whole = NDArray[np.int64]
CODES = ("ADMITTED", "NOT_REACHED", "NO_SEATS", "BELOW_CUTOFF", "FAMILY_MOVED")
"""Reasons of an application to a pool."""


def components(one: Pooled) -> dict[str, Whole]:
    """What decides between two applications to one pool, in order, the child's own number last."""
    rows, held = one.row, one.held
    child = np.repeat(np.arange(held.market.children), np.diff(one.start))
    parts: dict[str, Whole] = {}
    sure = np.zeros(rows.size, bool)
    if "guaranteed" in held.fields:
        parts["guaranteed"] = held.rows["guaranteed"].cast(pl.Int64).to_numpy()[rows]
        sure = parts["guaranteed"] == 0  # nothing but the ticket parts two of them
    if one.band is not None:
        parts["band"] = np.where(sure, 0, one.band[held.market.choice()[rows] - 1] + 1)
    if one.trait is not None:
        parts["trait"] = one.trait
    for name in held.fields:
        if name != "guaranteed":
            parts[name] = np.where(sure, 0, held.rows[name].cast(pl.Int64).to_numpy()[rows])
    parts["ticket"] = child.astype(np.int64)
    return parts


def decided(parts: dict[str, Whole], rows: Whole, others: Whole) -> tuple[Whole, Whole, Whole]:
    """(number of the first part in which applications differ from others, -1 where in none; its value of the
    one and of the other)."""
    at, mine, last = np.full(rows.size, -1), np.zeros(rows.size, np.int64), np.zeros(rows.size, np.int64)
    if rows.size == 0:
        return at, mine, last
    for number, values in enumerate(parts.values()):
        own, other = values[rows], values[others]
        differs = (at < 0) & (own != other)
        at = np.where(differs, number, at)
        mine, last = np.where(differs, own, mine), np.where(differs, other, last)
    return at, mine, last


def without_link(run: StageRun) -> NDArray[np.object_]:
    """By child the programme she would hold without family links, blank where none."""
    one, alone = run.pools, run.found.alone
    ids = np.array(["", *one.held.market.program_id], object)
    placed = alone < one.start[1:]
    row = np.where(placed, alone, 0)
    return (
        ids[np.where(placed, one.program[row] + 1, 0)]
        if one.program.size
        else ids[np.zeros(placed.size, int)]
    )


def reasons(run: StageRun) -> pl.DataFrame:
    """`applicant_id, choice_rank, program_id, reserve_id, code, field, mine, last` of every application to a
    pool; `mine` and `last` are numbers of the field, tickets the number of the child from 1."""
    one, seat_of = run.pools, run.found.held
    market = one.held.market
    child = np.repeat(np.arange(market.children), np.diff(one.start))
    pool = one.words.astype(np.int64) & LOW
    last_child = np.maximum(run.proof.cutoff, 0) & LOW
    has_last = run.proof.cutoff >= 0
    last_row = np.where(has_last, seat_of[last_child] if market.children else 0, 0)
    parts = components(one)
    at, mine, last = decided(parts, np.arange(pool.size), last_row[pool])
    here = np.arange(pool.size)
    number = np.full(pool.size, CODES.index("BELOW_CUTOFF"))
    number[~has_last[pool] | (run.found.seats[pool] == 0)] = CODES.index("NO_SEATS")
    number[here > seat_of[child]] = CODES.index("NOT_REACHED")
    number[here == seat_of[child]] = CODES.index("ADMITTED")
    waived = (
        np.zeros(pool.size, bool) if run.found.barred is None else run.found.barred & (here < seat_of[child])
    )
    number[waived] = CODES.index("FAMILY_MOVED")
    below = number == CODES.index("BELOW_CUTOFF")
    rank = market.choice()[one.row] if pool.size else pool
    held_rank = np.where(
        seat_of[child] < one.start[child + 1],
        rank[np.minimum(seat_of[child], max(pool.size - 1, 0))] if pool.size else 0,
        0,
    )
    names = pl.Series(["", *parts], dtype=pl.String)
    said = pl.Series("field", names.gather(np.where(below, at + 1, 0)))
    if waived.any():
        said = pl.Series(np.where(waived, without_link(run)[child], said.to_numpy()), dtype=pl.String)
    return pl.DataFrame(
        {
            "applicant_id": market.applicant_id.gather(child),
            "choice_rank": one.held.rows["choice_rank"].cast(pl.Int64).gather(one.row),
            "program_id": market.program_id.gather(one.program),
            "reserve_id": pl.Series(one.names, dtype=pl.String).gather(pool),
            "code": pl.Series(CODES, dtype=pl.String).gather(number),
            "field": said,
            "mine": np.where(below, mine, rank),
            "last": np.where(below, last, held_rank),
        }
    ).with_columns(
        pl.when(pl.col("field") == "ticket").then(pl.col("mine") + 1).otherwise("mine").alias("mine"),
        pl.when(pl.col("field") == "ticket").then(pl.col("last") + 1).otherwise("last").alias("last"),
    )


def cutoffs(run: StageRun) -> pl.DataFrame:
    """By pool: state, seats, filled, `over` of them beyond the plan, applicants, next in line, and the fields
    of the last admitted's key (null while seats are left)."""
    one, proof = run.pools, run.proof
    market = one.held.market
    pool = one.words.astype(np.int64) & LOW
    following = np.maximum(proof.next_in_line, 0) & LOW
    ids = market.applicant_id
    blank = pl.Series([""] * one.seats.size, dtype=pl.String)
    known = ~proof.open_ & (proof.cutoff >= 0)
    last = np.where(known, run.found.held[np.maximum(proof.cutoff, 0) & LOW] if market.children else 0, 0)
    fields = {
        f"last_{name}": (values[last] if pool.size else np.zeros(one.seats.size, np.int64))
        + (name == "ticket")
        for name, values in components(one).items()
    }
    return pl.DataFrame(
        {
            "program_id": market.program_id.gather(one.of_pool),
            "reserve_id": pl.Series(one.names, dtype=pl.String),
            "state": pl.Series(np.where(proof.open_, "open", "full").tolist(), dtype=pl.String),
            "seats": run.found.seats.astype(np.int64),
            "filled": proof.filled.astype(np.int64),
            "over": run.found.expanded,
            "applicants": np.bincount(pool, minlength=one.seats.size),
            "next_in_line": ids.gather(following) if market.children else blank,
            "waits": proof.next_in_line >= 0,
            "known": known,
            **fields,
        }
    ).select(
        pl.exclude("next_in_line", "waits", "known", *fields),
        pl.when(pl.col("waits") & (pl.col("state") == "full")).then("next_in_line").alias("next_in_line"),
        *(pl.when("known").then(name).alias(name) for name in fields),
    )


def waiting(run: StageRun) -> pl.DataFrame:
    """`program_id, reserve_id, position, applicant_id`: who wants a full pool more than her seat. Who holds
    another seat of the programme (a reserve's, a guaranteed one) has what she wants and does not wait."""
    one = run.pools
    begin, words, held = counting(one, run.found)
    seated = held < begin[1:]
    own = np.full(held.size, -1, np.int64)
    own[seated] = one.of_pool[words[held[seated]].astype(np.int64) & LOW]
    listed = [
        [child for child in children if own[child] != program]
        for program, children in zip(
            one.of_pool.tolist(), waiting_lists(begin, words, held, one.seats.size), strict=True
        )
    ]
    child = np.array([c for children in listed for c in children], np.int64)
    pool = np.repeat(np.arange(one.seats.size), [len(children) for children in listed])
    place = [at for children in listed for at in range(1, len(children) + 1)]
    return pl.DataFrame(
        {
            "program_id": one.held.market.program_id.gather(one.of_pool[pool]),
            "reserve_id": pl.Series(one.names, dtype=pl.String).gather(pool),
            "position": pl.Series(place, dtype=pl.Int64),
            "applicant_id": one.held.market.applicant_id.gather(child),
        }
    )


def counting(one: Pooled, found: Settled) -> tuple[Whole, NDArray[np.int32] | Whole, Whole]:
    """(start, words, row held) of the applications that counted in the end: without those twins passed over
    or families waived."""
    if found.barred is None:
        return one.start, one.words, found.held
    row, begin = counted(one.start, found.barred)
    placed = found.held < one.start[1:]
    return begin, one.words[row], np.where(placed, np.searchsorted(row, found.held), begin[1:])


def moved(run: StageRun) -> pl.Series:
    """Children whom a family link took elsewhere: they waived or passed over a choice and hold another seat
    than without the link."""
    found, ids = run.found, run.pools.held.market.applicant_id
    if found.barred is None:
        return ids.clear()
    child = np.repeat(np.arange(ids.len()), np.diff(run.pools.start))
    waived = np.bincount(child[found.barred], minlength=ids.len()) > 0
    return ids.filter(pl.Series(waived & (found.held != found.alone)))
