"""Batches (批次): one after another, each with its own pools, eligibility and mechanism; who is admitted
leaves, and seats left over go where the plan says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.certificate import Certificate, certify
from junheng.admission.mechanisms import Mechanism, order_of, run
from junheng.admission.problem import Market
from junheng.model.errors import BadData
from junheng.model.reason import Finding

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """`market` has this batch's pools as its programmes (origin school × programme, district × programme,
    or the programme itself) and all children of the year, numbered alike in every batch (by score chain).
    `program` is the programme of each pool. Applications that are not `eligible` (origin school, line,
    years of study) are not looked at. Admitted children leave if `lock`; seats left over go to the batch
    `unfilled_to`."""

    batch_id: str
    market: Market
    program: NDArray[np.int32]
    eligible: NDArray[np.bool_]
    mechanism: Mechanism = "sd"
    bands: tuple[int, ...] = ()
    lock: bool = True
    unfilled_to: str | None = None


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """`held` in rows of the batch's market; `locked_before` children admitted earlier; `seats` by pool
    with what earlier batches left over; the certificate is of the applications that counted."""

    batch_id: str
    held: Whole
    locked_before: NDArray[np.bool_]
    seats: NDArray[np.int32]
    filled: Whole
    certificate: Certificate | None


def run_batches(batches: Sequence[Batch]) -> tuple[BatchOutcome, ...]:
    """Run batches in their order. Raises BadData `admission.bad_batches` with every fault: a batch named
    twice, seats sent to an unknown or earlier batch or to one with several pools of a programme, children
    who are not the same in every batch, lists of eligibility that do not fit."""
    faults = _faults(batches)
    if faults:
        raise BadData("admission.bad_batches", {"count": len(faults)}, faults)
    gone = np.zeros(batches[0].market.children if batches else 0, bool)
    coming: dict[str, dict[int, int]] = {}
    outcomes: list[BatchOutcome] = []
    for batch in batches:
        extra = coming.get(batch.batch_id, {})
        seats = batch.market.seats + np.array([extra.get(int(p), 0) for p in batch.program], np.int32)
        counted, row = _counted(replace(batch.market, seats=seats), batch.eligible, gone)
        outcome = run(counted, batch.mechanism, order_of(counted, batch.mechanism, batch.bands))
        proof = None
        if outcome.trades is None:
            proof = certify(seats, counted.start, outcome.keys.words, outcome.held)
        placed = outcome.held < counted.start[1:]
        held = batch.market.start[1:].copy()
        held[placed] = row[outcome.held[placed]]
        filled = np.bincount(batch.market.program[held[placed]], minlength=seats.size)
        outcomes.append(BatchOutcome(batch.batch_id, held, gone.copy(), seats, filled, proof))
        if batch.unfilled_to is not None:
            target = coming.setdefault(batch.unfilled_to, {})
            for program, left in zip(batch.program.tolist(), (seats - filled).tolist(), strict=True):
                target[program] = target.get(program, 0) + left
        if batch.lock:
            gone = gone | placed
    return tuple(outcomes)


def above_line(score: Whole, child: Whole, line: int | Whole, less: int = 0) -> NDArray[np.bool_]:
    """Eligibility of applications by a line: the child's whole-number score against `line`, one number or
    one for each application (the programme's line in a simulated run), less `less` points (降分). Higher
    is better."""
    return score[child] >= np.asarray(line) - less


def lines_of(market: Market, held: Whole, score: Whole) -> Whole:
    """Lowest score admitted to each programme that is full, -1 where seats are left: the simulated line."""
    placed = np.flatnonzero(held < market.start[1:])
    program = market.program[held[placed]]
    lowest = np.full(market.seats.size, np.iinfo(np.int64).max)
    np.minimum.at(lowest, program, score[placed])
    filled = np.bincount(program, minlength=market.seats.size)
    return np.where((filled < market.seats) | (filled == 0), -1, lowest)


def _counted(market: Market, eligible: NDArray[np.bool_], gone: NDArray[np.bool_]) -> tuple[Market, Whole]:
    """The market of applications that count, and the row each comes from."""
    child = market.child_of_row()
    row = np.flatnonzero(eligible & ~gone[child])
    start = np.searchsorted(child[row], np.arange(market.children + 1)).astype(np.int64)
    return replace(market, start=start, program=market.program[row], priority=market.priority[row]), row


def _faults(batches: Sequence[Batch]) -> list[Finding]:
    found: list[Finding] = []

    def fault(code: str, batch: Batch, **parameters: str) -> None:
        about = {"batch": batch.batch_id, **parameters}
        found.append(Finding(code, "error", table="batches", value=batch.batch_id, parameters=about))

    place: dict[str, int] = {}
    for at, batch in enumerate(batches):
        if batch.batch_id in place:
            fault("admission.batch_twice", batch)
        place[batch.batch_id] = at
        if not batch.market.applicant_id.equals(batches[0].market.applicant_id):
            fault("admission.batch_children", batch, other=batches[0].batch_id)
        if batch.eligible.size != batch.market.program.size or batch.program.size != batch.market.seats.size:
            fault("admission.batch_sizes", batch)
    for at, batch in enumerate(batches):
        if batch.unfilled_to is None:
            continue
        target = place.get(batch.unfilled_to, -1)
        if target <= at:
            fault("admission.batch_target", batch, target=batch.unfilled_to)
            continue
        pools = pl.Series(batches[target].program).value_counts()
        several = set(pools.filter(pl.col("count") > 1)[pools.columns[0]].to_list())
        missing = set(batch.program.tolist()) - set(batches[target].program.tolist())
        if missing or several & set(batch.program.tolist()):
            fault("admission.batch_pools", batch, target=batch.unfilled_to)
    return found
