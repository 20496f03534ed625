"""One stage of a plan on the kernel: applications with named fields become a market, and its outcome becomes
rows with the field that decided each.

A stage is a batch, the private draw or the zone lists. Its applications are a frame `applicant_id,
choice_rank, program_id` and one whole-number column for each field of the order, lower first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.bands import band_of_choice
from junheng.admission.certificate import Certificate, certify
from junheng.admission.deferred_acceptance import LOW, TAIL, deferred_acceptance
from junheng.admission.families import LastSeat, assign_twins
from junheng.admission.problem import Market
from junheng.admission.reserves import Reserve, assign_reserved
from junheng.admission.rounds import waiting_lists
from junheng.model.errors import BadData
from junheng.model.reason import Finding

Whole = NDArray[np.int64]


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


def run_stage(
    held: Stage,
    *,
    pairs: Sequence[tuple[str, str]] = (),
    last_seat: LastSeat = "split",
    reserves: Sequence[Reserve] = (),
    traits: dict[str, NDArray[np.bool_]] | None = None,
    guaranteed: pl.DataFrame | None = None,
) -> StageOutcome:
    """Run a stage. `pairs` of twins in the order of their tickets; `guaranteed` (applicant_id, program_id)
    children get a further seat there when all their choices are full: nobody else is touched by that.

    Raises BadData `admission.twins_and_reserves` when both are present, `admission.bad_families`,
    `admission.bad_reserves`.
    """
    market = held.market
    if pairs and reserves:
        found = [Finding("admission.twins_and_reserves", "error", table="families", value=held.stage_id)]
        raise BadData("admission.twins_and_reserves", {"stage": held.stage_id}, found)
    band = band_of_choice(held.bands, market.longest) if held.bands else None
    names = [""] * market.seats.size
    program, row, trait = market.program, np.arange(market.program.size), None
    expanded = np.zeros(market.seats.size, np.int64)
    failing: list[str] = []
    if reserves:
        out = assign_reserved(market, reserves, traits or {}, band)
        names, seats, start = list(out.pools.names()), out.pools.seats, out.applications.start
        words, row = out.applications.keys.words, out.applications.row
        program = words.astype(np.int64) & LOW
        at = out.pools.program[program].astype(np.int64)
        band_of, _ = out.applications.keys.fields(words.astype(np.int64) >> TAIL)
        trait = band_of % 2
        of_pool, at_pool = out.pools.program, at
        seat_of = deferred_acceptance(seats, start, words)
    else:
        words, start, seats = market.keys(band).words, market.start, market.seats
        of_pool, at_pool = np.arange(seats.size), market.program.astype(np.int64)
        if pairs:
            number = {name: at for at, name in enumerate(market.applicant_id)}
            twins = assign_twins(market, words, [(number[a], number[b]) for a, b in pairs], last_seat)
            seat_of, expanded = twins.held, twins.expanded
            seats = (seats + expanded).astype(np.int32)
        else:
            seat_of = deferred_acceptance(seats, start, words)
    proof = certify(seats, start, words, seat_of)
    if not (pairs and last_seat == "skip"):
        failing += [] if proof.stable else ["stability"]
        failing += [] if proof.best else ["optimality"]
    if bool((proof.filled > seats).any()):
        failing.append("seats")
    return _outcome(
        _Run(held, words, start, seats, seat_of, proof, row, at_pool, of_pool, names, band, trait),
        expanded,
        guaranteed,
        tuple(failing),
    )


@dataclass(frozen=True, slots=True)
class _Run:
    held: Stage
    words: NDArray[np.int32] | Whole
    start: Whole
    seats: NDArray[np.int32]
    seat_of: Whole
    proof: Certificate
    row: Whole
    program: Whole
    of_pool: NDArray[np.int64] | NDArray[np.int32]
    names: list[str]
    band: Whole | None
    trait: Whole | None


def _outcome(
    run: _Run, expanded: Whole, guaranteed: pl.DataFrame | None, failed: tuple[str, ...]
) -> StageOutcome:
    market = run.held.market
    reasons = _reasons(run)
    assignment = reasons.filter(pl.col("code") == "ADMITTED").select(
        "applicant_id", "program_id", "reserve_id", "choice_rank", pl.lit("ADMITTED").alias("code")
    )
    ids = market.program_id
    over = {ids[at]: int(n) for at, n in enumerate(expanded) if n}
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
        run.held.stage_id,
        assignment,
        reasons,
        _cutoffs(run, reasons),
        _waiting(run),
        filled,
        over,
        failed,
    )


def _components(run: _Run) -> dict[str, Whole]:
    """What decides between two applications to one pool, in order, the child's own number last."""
    rows, held = run.row, run.held
    child = np.repeat(np.arange(held.market.children), np.diff(run.start))
    parts: dict[str, Whole] = {}
    if run.band is not None:
        parts["band"] = run.band[held.market.choice()[rows] - 1] + 1
    if run.trait is not None:
        parts["trait"] = run.trait
    for name in held.fields:
        parts[name] = held.rows[name].cast(pl.Int64).to_numpy()[rows]
    parts["ticket"] = child.astype(np.int64)
    return parts


def _reasons(run: _Run) -> pl.DataFrame:
    """`applicant_id, choice_rank, program_id, reserve_id, code, field, mine, last` of every application to a
    pool; `mine` and `last` are numbers of the field, tickets the number of the child from 1."""
    market = run.held.market
    child = np.repeat(np.arange(market.children), np.diff(run.start))
    pool = run.words.astype(np.int64) & LOW
    last_child = np.maximum(run.proof.cutoff, 0) & LOW
    has_last = run.proof.cutoff >= 0
    last_row = np.where(has_last, run.seat_of[last_child] if market.children else 0, 0)
    at, mine, last = np.full(pool.size, -1), np.zeros(pool.size, np.int64), np.zeros(pool.size, np.int64)
    parts = _components(run)
    for number, values in enumerate(parts.values()):
        other = values[last_row[pool]] if pool.size else values
        differs = (at < 0) & (values != other)
        at = np.where(differs, number, at)
        mine, last = np.where(differs, values, mine), np.where(differs, other, last)
    names = [*parts, ""]
    here = np.arange(pool.size)
    code = np.full(pool.size, "BELOW_CUTOFF", object)
    code[~has_last[pool] | (run.seats[pool] == 0)] = "NO_SEATS"
    code[here > run.seat_of[child]] = "NOT_REACHED"
    code[here == run.seat_of[child]] = "ADMITTED"
    below = code == "BELOW_CUTOFF"
    rank = run.held.market.choice()[run.row] if pool.size else pool
    held_rank = np.where(
        run.seat_of[child] < run.start[child + 1],
        rank[np.minimum(run.seat_of[child], max(pool.size - 1, 0))] if pool.size else 0,
        0,
    )
    return pl.DataFrame(
        {
            "applicant_id": market.applicant_id.gather(child),
            "choice_rank": run.held.rows["choice_rank"].cast(pl.Int64).gather(run.row),
            "program_id": market.program_id.gather(run.program),
            "reserve_id": pl.Series([run.names[one] for one in pool.tolist()], dtype=pl.String),
            "code": pl.Series(code.tolist(), dtype=pl.String),
            "field": pl.Series(
                [names[one] if low else "" for one, low in zip(at.tolist(), below.tolist(), strict=True)],
                dtype=pl.String,
            ),
            "mine": np.where(below, mine, rank),
            "last": np.where(below, last, held_rank),
        }
    ).with_columns(
        pl.when(pl.col("field") == "ticket").then(pl.col("mine") + 1).otherwise("mine").alias("mine"),
        pl.when(pl.col("field") == "ticket").then(pl.col("last") + 1).otherwise("last").alias("last"),
    )


def _cutoffs(run: _Run, reasons: pl.DataFrame) -> pl.DataFrame:
    market = run.held.market
    pool = run.words.astype(np.int64) & LOW
    following = np.maximum(run.proof.next_in_line, 0) & LOW
    ids = market.applicant_id
    blank = pl.Series([""] * run.seats.size, dtype=pl.String)
    return pl.DataFrame(
        {
            "program_id": market.program_id.gather(run.of_pool.astype(np.int64)),
            "reserve_id": pl.Series(run.names, dtype=pl.String),
            "state": pl.Series(np.where(run.proof.open_, "open", "full").tolist(), dtype=pl.String),
            "seats": run.seats.astype(np.int64),
            "filled": run.proof.filled.astype(np.int64),
            "applicants": np.bincount(pool, minlength=run.seats.size),
            "next_in_line": ids.gather(following) if market.children else blank,
            "waits": run.proof.next_in_line >= 0,
        }
    ).select(
        pl.exclude("next_in_line", "waits"),
        pl.when(pl.col("waits") & (pl.col("state") == "full")).then("next_in_line").alias("next_in_line"),
    )


def _waiting(run: _Run) -> pl.DataFrame:
    """`program_id, reserve_id, position, applicant_id`: who wants a full pool more than what is held."""
    market = run.held.market
    listed = waiting_lists(run.start, run.words, run.seat_of, run.seats.size)
    rows = [
        (market.program_id[int(run.of_pool[pool])], run.names[pool], place, market.applicant_id[child])
        for pool, children in enumerate(listed)
        for place, child in enumerate(children, start=1)
    ]
    schema = {
        "program_id": pl.String,
        "reserve_id": pl.String,
        "position": pl.Int64,
        "applicant_id": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")
