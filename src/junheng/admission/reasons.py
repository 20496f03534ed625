"""A reason for every application: a code a row, and the numbers beside it from the cut-offs on demand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from junheng.admission.certificate import Certificate, certify
from junheng.admission.deferred_acceptance import LOW, TAIL, Words
from junheng.admission.mechanisms import Mechanism, Outcome
from junheng.admission.problem import Market
from junheng.admission.reason_words import CODES

ADMITTED, NOT_REACHED, NO_SEATS, BY_TICKET, BY_CLASS, BY_FIELD, BAND_PASSED, NO_TRADE = range(len(CODES))


def codes(market: Market, outcome: Outcome, certificate: Certificate) -> NDArray[np.uint8]:
    """Number of the reason of each application. Where cut-offs decide, the field that decided is named."""
    seats, keys = market.seats, outcome.keys
    if outcome.trades is not None:
        return _traded(seats, market.start, keys.words, outcome.held)
    last = np.maximum(certificate.cutoff, 0) >> TAIL
    band, _ = keys.fields(last)
    words = keys.words
    if keys.coarse is not None:  # tickets apart: a class is what stands above them
        last = keys.classes(last)
        words = market.program | (keys.classes(words.astype(np.int64) >> TAIL) << TAIL)
    mine, worst = np.zeros(0, np.int32), np.zeros((0, 2), np.int64)
    if keys.banded:
        worst = worst_admitted(market, outcome)
        mine = keys.fields(keys.words.astype(np.int64) >> TAIL)[0].astype(np.int32)
    return _by_cutoffs(
        seats,
        market.start,
        words,
        outcome.held,
        last,
        band.astype(np.int32),
        mine,
        market.standing() if keys.banded else market.priority,
        worst,
    )


def worst_admitted(market: Market, outcome: Outcome) -> NDArray[np.int64]:
    """(priority, child) of the last admitted of each programme when choices do not count, one row each; the
    lowest numbers there are where nobody was admitted."""
    held, priority = outcome.held, market.standing()
    placed = np.flatnonzero(held < market.start[1:])
    rows = held[placed]
    least = np.iinfo(np.int64).min
    worst = np.full((market.seats.size, 2), least, np.int64)
    order = np.lexsort((placed, priority[rows], market.program[rows]))
    pool = market.program[rows][order]
    final = np.flatnonzero(np.append(pool[1:] != pool[:-1], True)) if pool.size else np.zeros(0, np.int64)
    worst[pool[final], 0] = priority[rows][order][final]
    worst[pool[final], 1] = placed[order][final]
    return worst


@njit(cache=True)
def _by_cutoffs(
    seats: NDArray[np.int32],
    start: NDArray[np.int64],
    words: Words,
    held: NDArray[np.int64],
    last: NDArray[np.int64],
    last_band: NDArray[np.int32],
    band: NDArray[np.int32],
    priority: NDArray[np.int64],
    worst: NDArray[np.int64],
) -> NDArray[np.uint8]:
    code = np.empty(words.size, np.uint8)
    for child in range(held.size):
        for at in range(start[child], start[child + 1]):
            if at > held[child]:
                code[at] = NOT_REACHED
                continue
            if at == held[child]:
                code[at] = ADMITTED
                continue
            pool = words[at] & LOW
            level = np.int64(words[at]) >> TAIL
            if seats[pool] == 0:
                code[at] = NO_SEATS
            elif level == last[pool]:
                code[at] = BY_TICKET
            elif band.size > 0 and band[at] > last_band[pool]:
                mine = priority[at]
                better = mine < worst[pool, 0] or (mine == worst[pool, 0] and child < worst[pool, 1])
                code[at] = BAND_PASSED if better else BY_FIELD
            else:
                code[at] = BY_CLASS
    return code


@njit(cache=True)
def _traded(
    seats: NDArray[np.int32], start: NDArray[np.int64], words: Words, held: NDArray[np.int64]
) -> NDArray[np.uint8]:
    code = np.empty(words.size, np.uint8)
    for child in range(held.size):
        for at in range(start[child], start[child + 1]):
            if at > held[child]:
                code[at] = NOT_REACHED
            elif at == held[child]:
                code[at] = ADMITTED
            else:
                code[at] = NO_SEATS if seats[words[at] & LOW] == 0 else NO_TRADE
    return code


def closing_step(market: Market, outcome: Outcome) -> NDArray[np.int64]:
    """Number of the last trade into each programme; 0 where there was none, or no trades at all."""
    closed = np.zeros(market.seats.size, np.int64)
    if outcome.trades is not None and outcome.trades.log.size:
        rows = outcome.held[outcome.trades.log]
        np.maximum.at(closed, market.program[rows], outcome.trades.step)
    return closed


def table(
    market: Market, mechanism: Mechanism, outcome: Outcome, children: NDArray[np.int64] | None = None
) -> pl.DataFrame:
    """`applicant_id, rank, program_id, code, mine, last, of` of every application, by applicant and rank; of
    `children` alone, in their order, where they are given.

    `mine` and `last` are the deciding numbers of this child and of the last admitted: tickets, priorities or
    bands (from 1); ranks for ADMITTED and NOT_REACHED (`last`: the rank held); the closing trade for
    NO_TRADE. `of`: applicants of the same band and priority, or all for `sd`.
    """
    return next(tables(market, mechanism, outcome, children, max(market.children, 1)))


def tables(
    market: Market,
    mechanism: Mechanism,
    outcome: Outcome,
    children: NDArray[np.int64] | None = None,
    together: int = 20_000,
) -> Iterator[pl.DataFrame]:
    """The rows of `table` in parts of `together` children; at least one part, however few there are."""
    certificate = certify(market.seats, market.start, outcome.keys.words, outcome.held)
    every = codes(market, outcome, certificate)
    level = outcome.keys.words.astype(np.int64) >> TAIL
    last = outcome.keys.classes(np.maximum(certificate.cutoff, 0) >> TAIL)
    in_class = np.bincount(
        market.program[outcome.keys.classes(level) == last[market.program]], minlength=market.seats.size
    )
    shared = _Shared(market, outcome, certificate, every, level, in_class, closing_step(market, outcome))
    if children is None:
        children = market.applicant_id.arg_sort().cast(pl.Int64).to_numpy()
    for begin in range(0, max(children.size, 1), together):
        yield _part(shared, children[begin : begin + together])


@dataclass(frozen=True, slots=True)
class _Shared:
    """What every part of the table looks into."""

    market: Market
    outcome: Outcome
    certificate: Certificate
    code: NDArray[np.uint8]
    level: NDArray[np.int64]
    in_class: NDArray[np.int64]
    closed: NDArray[np.int64]


def _part(shared: _Shared, children: NDArray[np.int64]) -> pl.DataFrame:
    market, outcome = shared.market, shared.outcome
    begin, lengths = market.start[children], np.diff(market.start)[children]
    child = np.repeat(children, lengths)
    choice = np.arange(child.size) - np.repeat(np.cumsum(lengths) - lengths, lengths) + 1
    row = np.repeat(begin, lengths) + choice - 1
    pool, level = market.program[row], shared.level[row]
    cutoff = np.maximum(shared.certificate.cutoff, 0)
    band, field = outcome.keys.fields(level)
    last_band, last_field = outcome.keys.fields(cutoff >> TAIL)
    held = outcome.held[child]
    held_row = np.minimum(outcome.held, max(market.program.size - 1, 0))
    at_code = pl.col("number")

    def decided(ticket: str, field: str, band: str, rank: str) -> pl.Expr:
        return (
            pl.when(at_code == BY_TICKET)
            .then(pl.col(ticket))
            .when(at_code == BY_CLASS)
            .then(pl.col(field).cast(pl.String))
            .when(at_code.is_in([BY_FIELD, BAND_PASSED]))
            .then(pl.col(band).cast(pl.String))
            .when(at_code.is_in([ADMITTED, NOT_REACHED]))
            .then(pl.col(rank).cast(pl.String))
        )

    return pl.DataFrame(
        {
            "applicant_id": market.applicant_id.gather(child),
            "rank": choice,
            "program_id": market.program_id.gather(pool),
            "number": shared.code[row],
            "held": np.where(held < market.start[child + 1], held - market.start[child] + 1, 0),
            "my_ticket": market.ticket_of(child, row),
            "its_ticket": market.ticket_of((cutoff & LOW)[pool], held_row[(cutoff & LOW)[pool]]),
            "my_field": field,
            "its_field": last_field[pool],
            "my_band": band + 1,
            "its_band": last_band[pool] + 1,
            "step": shared.closed[pool],
            "of": shared.in_class[pool],
        }
    ).select(
        "applicant_id",
        "rank",
        "program_id",
        at_code.replace_strict(list(range(len(CODES))), list(CODES), return_dtype=pl.String).alias("code"),
        decided("my_ticket", "my_field", "my_band", "rank").alias("mine"),
        pl.when(at_code == NO_TRADE)
        .then(pl.col("step").cast(pl.String))
        .otherwise(decided("its_ticket", "its_field", "its_band", "held"))
        .alias("last"),
        pl.when(at_code == BY_TICKET).then("of").alias("of"),
    )
