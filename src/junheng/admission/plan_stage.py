"""One stage of a plan on the kernel: applications with named fields become a market, and its outcome becomes
rows with the field that decided each.

A stage is a batch, the private draw or the zone lists. Its applications are a frame `applicant_id,
choice_rank, program_id` and one whole-number column for each field of the order, lower first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.bands import band_of_choice
from junheng.admission.certificate import Certificate, certify
from junheng.admission.deferred_acceptance import LOW
from junheng.admission.families import LastSeat, Settled, settle, twin_faults
from junheng.admission.priority import keys
from junheng.admission.problem import Market
from junheng.admission.reserves import Pools, Reserve, apply_to_pools, open_pools, pools_of
from junheng.admission.rounds import waiting_lists
from junheng.model.errors import BadData

Whole = NDArray[np.int64]
CODES = ("ADMITTED", "NOT_REACHED", "NO_SEATS", "BELOW_CUTOFF")
"""Reasons of an application to a pool."""


@dataclass(frozen=True, slots=True)
class Stage:
    """`market` with the `rows` behind its applications (in its order) and the names of the `fields` that make
    its priority, ticket last and not among them. `banded` sizes lead the key where there are any."""

    stage_id: str
    market: Market
    rows: pl.DataFrame
    fields: tuple[str, ...]
    bands: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StageOutcome:
    """`assignment`: applicant_id, program_id, reserve_id, choice_rank of who is placed. `reasons`: a row for
    each application to a pool. `over`: seats beyond the plan by programme, through twins or guarantees.
    `failed`: what the check of the stage finds."""

    stage_id: str
    assignment: pl.DataFrame
    reasons: pl.DataFrame
    cutoffs: pl.DataFrame
    waiting: pl.DataFrame
    filled: dict[str, int]
    over: dict[str, int]
    failed: tuple[str, ...]
    run: StageRun


def stage(
    stage_id: str,
    programs: pl.DataFrame,
    order: pl.DataFrame,
    rows: pl.DataFrame,
    fields: Sequence[str],
    bands: Sequence[int] = (),
) -> Stage:
    """A stage from `programs` (program_id, seats), children in the `order` of their tickets (applicant_id,
    ticket, drawn) and applications `rows`."""
    programs = programs.sort("program_id")
    numbered = order.select("applicant_id").with_row_index("child")
    placed = programs.select("program_id").with_row_index("pool")
    rows = (
        rows.join(numbered, on="applicant_id", how="inner")
        .join(placed, on="program_id", how="inner")
        .sort("child", "choice_rank")
    )
    levels = rows.select(fields).unique().sort(fields).with_row_index("level") if fields else None
    priority = np.zeros(rows.height, np.int64)
    if levels is not None:
        joined = rows.join(levels, on=list(fields), how="left", maintain_order="left")
        priority = joined["level"].cast(pl.Int64).to_numpy()
    child = rows["child"].cast(pl.Int64).to_numpy()
    market = Market(
        programs["program_id"],
        order["applicant_id"],
        order["ticket"].cast(pl.String),
        order["drawn"].cast(pl.Int64).to_numpy(),
        programs["seats"].cast(pl.Int32).to_numpy(),
        np.searchsorted(child, np.arange(order.height + 1)).astype(np.int64),
        rows["pool"].cast(pl.Int32).to_numpy(),
        priority,
    )
    return Stage(stage_id, market, rows, tuple(fields), tuple(bands))


@dataclass(frozen=True, slots=True)
class Pooled:
    """A stage as applications to pools, before anybody is admitted: `words`, `start` and `seats` for the
    kernel, the `row` of the stage and the `program` behind each application, by pool its programme
    (`of_pool`), the reserve's name and the pool it `gives` unfilled seats to (None: no pool gives any)."""

    held: Stage
    words: NDArray[np.int32] | Whole
    start: Whole
    seats: NDArray[np.int32]
    row: Whole
    program: Whole
    of_pool: Whole
    names: tuple[str, ...]
    band: Whole | None
    trait: Whole | None
    gives: Whole | None


@dataclass(frozen=True, slots=True)
class Rules:
    """What a stage is run by besides its keys: `pairs` of twins in the order of their tickets; `guaranteed`
    (applicant_id, program_id) children get a further seat there when all their choices are full, and
    nobody else is touched by that."""

    pairs: Sequence[tuple[str, str]] = ()
    last_seat: LastSeat = "split"
    reserves: Sequence[Reserve] = ()
    traits: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict[str, NDArray[np.bool_]])
    guaranteed: pl.DataFrame | None = None

    def numbered(self, order: pl.Series) -> list[tuple[int, int]]:
        """Pairs by their numbers in the order of tickets."""
        if not self.pairs:
            return []
        number = {name: at for at, name in enumerate(order)}
        return [(number[a], number[b]) for a, b in self.pairs]


def pooled(held: Stage, rules: Rules, *, banded: bool = True) -> Pooled:
    """A stage over its pools; without `banded` the choice's band does not lead the key. Raises BadData
    `admission.bad_reserves`."""
    market = held.market
    band = band_of_choice(held.bands, market.longest) if held.bands and banded else None
    sure = (held.rows["guaranteed"] == 0).to_numpy() if "guaranteed" in held.fields else None
    if not rules.reserves:
        of_choice = None if band is None else band[market.choice() - 1]
        every = np.arange(market.program.size)
        program = market.program.astype(np.int64)
        words = keys(market.program, of_choice, market.priority, sure).words
        pools = market.seats.size
        return Pooled(
            held, words, market.start, market.seats, every, program, np.arange(pools), ("",) * pools,
            band, None, None,
        )  # fmt: skip
    pools = pools_of(market, rules.reserves, rules.traits)
    lists = apply_to_pools(market, pools, rules.traits, band, sure)
    pool = lists.keys.words.astype(np.int64) & LOW
    holders = _holders(pools, rules, lists.row, pool)
    of_pool = pools.program.astype(np.int64)
    gives = open_pools(pools)
    return Pooled(
        held, lists.keys.words, lists.start, pools.seats, lists.row, of_pool[pool], of_pool, pools.names(),
        band, holders, gives if bool((gives >= 0).any()) else None,
    )  # fmt: skip


def _holders(pools: Pools, rules: Rules, row: Whole, pool: Whole) -> Whole:
    """0 where the child of an application holds the trait of the pool or none is asked, 1 otherwise."""
    without = np.zeros(row.size, np.int64)
    for at, one in enumerate(pools.reserve):
        if one is not None and one.kind != "open":
            here = pool == at
            without[here] = ~rules.traits[one.trait][row[here]]
    return without


NO_RULES = Rules()


def run_stage(held: Stage, rules: Rules = NO_RULES) -> StageOutcome:
    """Run a stage. Raises BadData `admission.bad_families`, `admission.bad_reserves`."""
    one = pooled(held, rules)
    pairs = rules.numbered(held.market.applicant_id)
    if faults := twin_faults(held.market.applicant_id, one.start, one.words, pairs):
        raise BadData("admission.bad_families", {"count": len(faults)}, faults)
    found = settle(
        one.seats, one.start, one.words,
        program=one.of_pool, gives=one.gives, pairs=pairs, last_seat=rules.last_seat,
    )  # fmt: skip
    proof = certify(found.seats, one.start, one.words, found.held)
    failing: list[str] = []
    if not (pairs and rules.last_seat == "skip"):
        failing += [] if proof.stable else ["stability"]
        failing += [] if proof.best else ["optimality"]
    if bool((proof.filled > found.seats).any()):
        failing.append("seats")
    return outcome(StageRun(one, rules, found, proof), tuple(failing))


@dataclass(frozen=True, slots=True)
class StageRun:
    """A stage that was run: its pools, the rules it ran by, what children hold, and the proof."""

    pools: Pooled
    rules: Rules
    found: Settled
    proof: Certificate


def outcome(run: StageRun, failed: tuple[str, ...]) -> StageOutcome:
    """What a stage that was run says."""
    market, guaranteed = run.pools.held.market, run.rules.guaranteed
    reasons = _reasons(run)
    assignment = reasons.filter(pl.col("code") == "ADMITTED").select(
        "applicant_id", "program_id", "reserve_id", "choice_rank", pl.lit("ADMITTED").alias("code")
    )
    ids = market.program_id
    over: dict[str, int] = {}
    for pool in np.flatnonzero(run.found.expanded).tolist():
        name = ids[int(run.pools.of_pool[pool])]
        over[name] = over.get(name, 0) + int(run.found.expanded[pool])
    if guaranteed is not None and guaranteed.height:
        left = guaranteed.join(assignment, on="applicant_id", how="anti")
        for name in left["program_id"]:
            over[name] = over.get(name, 0) + 1
        assignment = pl.concat(
            [
                assignment,
                left.select(
                    "applicant_id",
                    "program_id",
                    pl.lit("").alias("reserve_id"),
                    pl.lit(None, pl.Int64).alias("choice_rank"),
                    pl.lit("GUARANTEED").alias("code"),
                ),
            ]
        )
    filled = dict(assignment.group_by("program_id").len().iter_rows())
    return StageOutcome(
        run.pools.held.stage_id,
        assignment,
        reasons,
        _cutoffs(run),
        _waiting(run),
        filled,
        over,
        failed,
        run,
    )


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


def _reasons(run: StageRun) -> pl.DataFrame:
    """`applicant_id, choice_rank, program_id, reserve_id, code, field, mine, last` of every application to a
    pool; `mine` and `last` are numbers of the field, tickets the number of the child from 1."""
    one, seat_of = run.pools, run.found.held
    market = one.held.market
    child = np.repeat(np.arange(market.children), np.diff(one.start))
    pool = one.words.astype(np.int64) & LOW
    last_child = np.maximum(run.proof.cutoff, 0) & LOW
    has_last = run.proof.cutoff >= 0
    last_row = np.where(has_last, seat_of[last_child] if market.children else 0, 0)
    at, mine, last = np.full(pool.size, -1), np.zeros(pool.size, np.int64), np.zeros(pool.size, np.int64)
    parts = components(one)
    for number, values in enumerate(parts.values()):
        other = values[last_row[pool]] if pool.size else values
        differs = (at < 0) & (values != other)
        at = np.where(differs, number, at)
        mine, last = np.where(differs, values, mine), np.where(differs, other, last)
    here = np.arange(pool.size)
    number = np.full(pool.size, CODES.index("BELOW_CUTOFF"))
    number[~has_last[pool] | (run.found.seats[pool] == 0)] = CODES.index("NO_SEATS")
    number[here > seat_of[child]] = CODES.index("NOT_REACHED")
    number[here == seat_of[child]] = CODES.index("ADMITTED")
    below = number == CODES.index("BELOW_CUTOFF")
    rank = market.choice()[one.row] if pool.size else pool
    held_rank = np.where(
        seat_of[child] < one.start[child + 1],
        rank[np.minimum(seat_of[child], max(pool.size - 1, 0))] if pool.size else 0,
        0,
    )
    names = pl.Series(["", *parts], dtype=pl.String)
    return pl.DataFrame(
        {
            "applicant_id": market.applicant_id.gather(child),
            "choice_rank": one.held.rows["choice_rank"].cast(pl.Int64).gather(one.row),
            "program_id": market.program_id.gather(one.program),
            "reserve_id": pl.Series(one.names, dtype=pl.String).gather(pool),
            "code": pl.Series(CODES, dtype=pl.String).gather(number),
            "field": names.gather(np.where(below, at + 1, 0)),
            "mine": np.where(below, mine, rank),
            "last": np.where(below, last, held_rank),
        }
    ).with_columns(
        pl.when(pl.col("field") == "ticket").then(pl.col("mine") + 1).otherwise("mine").alias("mine"),
        pl.when(pl.col("field") == "ticket").then(pl.col("last") + 1).otherwise("last").alias("last"),
    )


def _cutoffs(run: StageRun) -> pl.DataFrame:
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


def _waiting(run: StageRun) -> pl.DataFrame:
    """`program_id, reserve_id, position, applicant_id`: who wants a full pool more than what is held."""
    one = run.pools
    listed = waiting_lists(one.start, one.words, run.found.held, one.seats.size)
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
