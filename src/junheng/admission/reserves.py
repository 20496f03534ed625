"""Reserved seats with a stated order (Kominers & Sönmez 2016; Dur, Kominers, Pathak & Sönmez 2018).

A programme whose reserves stand in an order is a row of pools, and an application to it is applications to
these pools in that order; the kernel and the certificate then work on pools and know nothing of reserves.
A child fills one seat. A cap on a group is a hard pool for the others in front of an open one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from junheng.admission.certificate import Certificate, certify
from junheng.admission.deferred_acceptance import LOW, deferred_acceptance
from junheng.admission.priority import Keys, keys
from junheng.admission.problem import Market
from junheng.model.errors import BadData
from junheng.model.reason import Finding

Kind = Literal["hard", "soft", "open"]
Returns = Literal["never", "at_once", "after_run"]


@dataclass(frozen=True, slots=True)
class Reserve:
    """Seats of one programme at one `position` in its order. `hard` takes only holders of the trait,
    `soft` holders first, `open` everybody by plain key. Unfilled seats of a hard reserve stay empty
    (`never`), go to anybody at their place in the order (`at_once`, which is what `soft` does), or are
    moved to the open seats and the run starts again (`after_run`). The open seats take what the reserves
    leave, after all others unless one `open` row gives their position; its `seats` do not count."""

    reserve_id: str
    program: int
    position: int
    kind: Kind
    seats: int = 0
    trait: str = ""
    returns: Returns = "never"


@dataclass(frozen=True, slots=True)
class Pools:
    """Pools in the order of programmes and positions: their `seats`, the `reserve` each comes from (None
    for open seats nobody declared) and where each programme's pools begin (`first`)."""

    reserve: tuple[Reserve | None, ...]
    program: NDArray[np.int32]
    seats: NDArray[np.int32]
    first: NDArray[np.int64]

    def names(self) -> tuple[str, ...]:
        """Reserve id of each pool; empty for open seats nobody declared."""
        return tuple("" if one is None else one.reserve_id for one in self.reserve)


@dataclass(frozen=True, slots=True)
class Applications:
    """Applications to pools: `row` is the application to the programme each comes from."""

    start: NDArray[np.int64]
    row: NDArray[np.int64]
    keys: Keys


@dataclass(frozen=True, slots=True)
class ReservedOutcome:
    """`held` as of every mechanism, in applications to programmes; `pool` each child fills, -1 where none;
    `pools` with their seats after all returns; the certificate is of pools. `moved`: seats a pool gave to the
    open seats of its programme."""

    held: NDArray[np.int64]
    pool: NDArray[np.int64]
    pools: Pools
    applications: Applications
    certificate: Certificate
    moved: NDArray[np.int64]


def assign_reserved(
    market: Market,
    reserves: Sequence[Reserve],
    traits: Mapping[str, NDArray[np.bool_]],
    bands: NDArray[np.int64] | None = None,
) -> ReservedOutcome:
    """Deferred acceptance over pools, with seats returned as the reserves say.

    `traits[name][row]`: whether the child holds the trait at the programme of that application. `bands` as in
    `Market.keys`. Raises BadData `admission.bad_reserves` (see `pools_of`).
    """
    pools = pools_of(market, reserves, traits)
    expanded = apply_to_pools(market, pools, traits, bands)
    before = pools.seats
    while True:
        held = deferred_acceptance(pools.seats, expanded.start, expanded.keys.words)
        certificate = certify(pools.seats, expanded.start, expanded.keys.words, held)
        seats = _returned(pools, certificate.filled)
        if (seats == pools.seats).all():
            break
        pools = replace(pools, seats=seats)
    placed = held < expanded.start[1:]
    at = np.where(placed, held, 0)
    if expanded.row.size == 0:
        nobody = np.full(market.children, -1, np.int64)
        moved = np.maximum(before.astype(np.int64) - pools.seats, 0)
        return ReservedOutcome(market.start[1:].copy(), nobody, pools, expanded, certificate, moved)
    return ReservedOutcome(
        held=np.where(placed, expanded.row[at], market.start[1:]),
        pool=np.where(placed, expanded.keys.words[at].astype(np.int64) & LOW, -1),
        pools=pools,
        applications=expanded,
        certificate=certificate,
        moved=np.maximum(before.astype(np.int64) - pools.seats, 0),
    )


def pools_of(market: Market, reserves: Sequence[Reserve], traits: Mapping[str, NDArray[np.bool_]]) -> Pools:
    """Reserves as pools. Raises BadData `admission.bad_reserves` with every fault: unknown programme or
    trait, a negative number, one position twice, two open rows, more reserved seats than seats."""
    faults = reserve_faults(market, reserves, traits)
    if faults:
        raise BadData("admission.bad_reserves", {"count": len(faults)}, faults)
    by_program: dict[int, list[Reserve]] = {}
    for one in sorted(reserves, key=lambda one: (one.program, one.position)):
        by_program.setdefault(one.program, []).append(one)
    reserve: list[Reserve | None] = []
    program: list[int] = []
    seats: list[int] = []
    first = [0]
    for number, total in enumerate(market.seats.tolist()):
        own = by_program.get(number, [])
        rest = total - sum(one.seats for one in own if one.kind != "open")
        row: list[tuple[Reserve | None, int]] = [
            (one, rest if one.kind == "open" else one.seats) for one in own
        ]
        if all(one.kind != "open" for one in own):
            row.append((None, rest))
        reserve += [one for one, _ in row]
        seats += [count for _, count in row]
        program += [number] * len(row)
        first.append(len(program))
    return Pools(tuple(reserve), np.array(program, np.int32), np.array(seats, np.int32), np.array(first))


def apply_to_pools(
    market: Market,
    pools: Pools,
    traits: Mapping[str, NDArray[np.bool_]],
    bands: NDArray[np.int64] | None = None,
    guaranteed: NDArray[np.bool_] | None = None,
) -> Applications:
    """Applications to programmes as applications to their pools, in order; a hard pool is only for
    holders. `guaranteed` applications go before all others at the open seats."""
    counts = np.diff(pools.first)[market.program]
    row = np.repeat(np.arange(market.program.size), counts)
    place = np.arange(row.size) - np.repeat(np.cumsum(counts) - counts, counts)
    pool = pools.first[market.program[row]] + place
    names = sorted({one.trait for one in pools.reserve if one is not None and one.kind != "open"})
    columns = np.array([traits[name] for name in names], bool).reshape(len(names), market.program.size)
    trait = np.array(
        [-1 if one is None or one.kind == "open" else names.index(one.trait) for one in pools.reserve]
    )
    hard = np.array(
        [one is not None and one.kind == "hard" and one.returns != "at_once" for one in pools.reserve], bool
    )
    holds = trait[pool] < 0
    for number in range(len(names)):
        holds |= (trait[pool] == number) & columns[number][row]
    kept = holds | ~hard[pool]
    row, pool, holds = row[kept], pool[kept], holds[kept]
    band = (np.zeros(row.size, np.int64) if bands is None else bands[market.choice()[row] - 1]) * 2 + ~holds
    reached = np.zeros(market.program.size + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=market.program.size), out=reached[1:])
    sure = None if guaranteed is None else guaranteed[row] & (trait[pool] < 0)
    return Applications(
        reached[market.start], row, keys(pool.astype(np.int32), band, market.priority[row], sure)
    )


def open_pools(pools: Pools) -> NDArray[np.int64]:
    """The pool of open seats to which each pool gives what it does not fill after a run (`after_run`); -1 for
    pools that keep theirs."""
    gives = np.full(pools.seats.size, -1, np.int64)
    for at, one in enumerate(pools.reserve):
        if one is not None and one.kind == "hard" and one.returns == "after_run":
            begin, end = pools.first[pools.program[at]], pools.first[pools.program[at] + 1]
            kinds = ["open" if row is None else row.kind for row in pools.reserve[begin:end]]
            gives[at] = begin + kinds.index("open")
    return gives


def _returned(pools: Pools, filled: NDArray[np.int64]) -> NDArray[np.int32]:
    """Seats after moving what hard reserves with `after_run` did not fill to the open seats of the
    programme."""
    seats, gives = pools.seats.copy(), open_pools(pools)
    for at in np.flatnonzero(gives >= 0).tolist():
        unfilled = max(int(pools.seats[at] - filled[at]), 0)
        seats[at] -= unfilled
        seats[gives[at]] += unfilled
    return seats


def reserve_faults(
    market: Market, reserves: Sequence[Reserve], traits: Mapping[str, NDArray[np.bool_]]
) -> list[Finding]:
    """What is wrong with reserves of a market (see `pools_of`)."""
    found: list[Finding] = []

    def fault(code: str, one: Reserve, **parameters: int | str) -> None:
        about = {"reserve": one.reserve_id, "program": one.program, **parameters}
        if 0 <= one.program < market.program_id.len():
            about["program"] = market.program_id[one.program]
        found.append(Finding(code, "error", table="reserves", value=one.reserve_id, parameters=about))

    reserved: dict[int, int] = {}
    seen: set[tuple[int, object]] = set()
    for one in reserves:
        if not 0 <= one.program < market.seats.size:
            fault("admission.reserve_program", one)
            continue
        if one.seats < 0:
            fault("admission.reserve_negative", one, seats=one.seats)
        if one.kind != "open" and one.trait not in traits:
            fault("admission.reserve_trait", one, trait=one.trait)
        for mark, code in (
            (one.position, "admission.reserve_position"),
            (one.kind, "admission.reserve_open"),
        ):
            if (one.program, mark) in seen and mark in (one.position, "open"):
                fault(code, one, position=one.position)
            seen.add((one.program, mark))
        reserved[one.program] = reserved.get(one.program, 0) + (one.seats if one.kind != "open" else 0)
        if reserved[one.program] > int(market.seats[one.program]):
            total = int(market.seats[one.program])
            fault("admission.reserve_over", one, reserved=reserved[one.program], seats=total)
    return found
