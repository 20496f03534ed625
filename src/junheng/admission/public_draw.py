"""The draw held: tickets from the seed, the kernel on the frozen lines in their order, and what is
published of it.

Everything follows from the frozen lines, the announcement and the results of the announced events;
holding the draw again gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast

import numpy as np
import polars as pl

from junheng.admission.announcement import Announcement
from junheng.admission.changes import Changes
from junheng.admission.families import settle, twin_faults
from junheng.admission.frozen import PRIVATE, Frozen, bound_of, market_of
from junheng.admission.mechanisms import Mechanism
from junheng.admission.plan_ring import ring_order
from junheng.admission.problem import Market
from junheng.admission.result import AdmissionResult, assign_market
from junheng.admission.seeds import DrawnSeed
from junheng.admission.tickets import drawn, programme_tickets, ticket
from junheng.model.errors import BadData, Refused, VerificationFailed


@dataclass(frozen=True)
class PublicDraw:
    """A draw that was held and proved: `tickets(receipt, ticket)` ascending, and the assignment over
    receipts. `ring` (number, receipt, ticket) is the order of a ring, empty where tickets are the order.
    `handed` are the verifier's files as they were announced, where they were kept."""

    frozen: Frozen
    announced: Announcement
    seed: DrawnSeed
    tickets: tuple[tuple[str, str], ...]
    result: AdmissionResult
    bound: tuple[tuple[str, str], ...] = ()
    ring: tuple[tuple[int, str, str], ...] = ()
    handed: Mapping[str, bytes] = field(default_factory=dict[str, bytes])

    @cached_property
    def spare(self) -> tuple[tuple[str, str], ...]:
        """(receipt, ticket) of the spare receipts, in their order."""
        seed, said = self.seed.seed, self.announced
        return tuple((one, ticket(seed, said.draw_id, said.scope, one)) for one in said.spare_receipts)

    @property
    def added(self) -> dict[str, int]:
        """Declared seats beyond the announced ones, by programme: a last seat that became two for twins."""
        names, seats = self.result.market.program_id.to_list(), self.result.market.seats.tolist()
        more = {one: n - self.announced.seats[one] for one, n in zip(names, seats, strict=True)}
        return {one: n for one, n in more.items() if n}

    @cached_property
    def cutoffs(self) -> pl.DataFrame:
        """`program_id, seats, filled, state, applicants, last_band, last_class, last_ticket, next_in_line` of
        every programme; keys of full ones only."""
        return self.result.tables["cutoffs"].select(
            "program_id",
            pl.col("capacity").alias("seats"),
            "filled",
            "state",
            "applicants",
            "last_band",
            pl.col("last_priority").alias("last_class"),
            "last_ticket",
            "next_in_line",
        )

    def results(self, changes: Changes) -> pl.DataFrame:
        """`receipt, drawn, change, program_id` of every child and late arrival, by receipt: what the draw
        gave, the number of the change by hand (blank without one), and where the child goes."""
        given = self.result.tables["assignment"].select(
            pl.col("applicant_id").alias("receipt"), pl.col("program_id").fill_null("").alias("drawn")
        )
        known = set(self.frozen.receipts)
        late = [receipt for receipt in changes.placed if receipt not in known]
        if late:
            given = pl.concat([given, pl.DataFrame({"receipt": late, "drawn": [""] * len(late)})])
        changed = pl.DataFrame(
            [(receipt, str(number), program) for receipt, (number, program) in changes.placed.items()],
            schema={"receipt": pl.String, "change": pl.String, "placed": pl.String},
            orient="row",
        )
        return (
            given.join(changed, on="receipt", how="left")
            .select(
                "receipt",
                "drawn",
                pl.col("change").fill_null(""),
                pl.coalesce("placed", "drawn").alias("program_id"),
            )
            .sort("receipt")
        )


def hold_draw(
    frozen: Frozen, announced: Announcement, seed: DrawnSeed, handed: Mapping[str, bytes] | None = None
) -> PublicDraw:
    """Hold an announced draw on frozen lines. Refused `admission.root_differs` when the lines are not
    those announced or the seed is another draw's; VerificationFailed `admission.not_proved` when the
    outcome fails its own check."""
    if frozen.tree.root.hex() != announced.root or len(frozen.lines) != announced.receipts:
        raise Refused("admission.root_differs")
    if seed.draw_id != announced.draw_id:
        raise Refused("admission.announcement_changed")
    found = drawn(seed.seed, announced.draw_id, frozen.receipts, announced.scope)
    pairs, further = bound_of(frozen)
    ring = [] if seed.ring is None else ring_order(found, *seed.ring)
    order = [one[1:] for one in ring] if ring else found
    market = market_of(frozen, announced.seats, side_by_side(order, pairs))
    mechanism = cast(Mechanism, announced.mechanism)
    if pairs and mechanism != "da":
        raise Refused("admission.bound_mechanism", {"mechanism": mechanism})
    if further:
        market = _kept_together(market, pairs)
    if announced.lottery:
        if pairs:
            raise Refused("admission.lottery_twins", {"count": len(pairs)})
        market = replace(market, tickets=_apart(market, announced, seed))
    result = assign_market(market, mechanism, announced.bands)
    if failed := result.check():
        raise VerificationFailed("admission.not_proved", {"what": ", ".join(failed)})
    return PublicDraw(frozen, announced, seed, tuple(found), result, pairs, tuple(ring), handed or {})


def side_by_side(order: Sequence[tuple[str, str]], pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """(receipt, ticket) with bound receipts next to each other at the better place."""
    if not pairs:
        return list(order)
    place = {receipt: at for at, (receipt, _) in enumerate(order)}
    lead = {one: min(place[a], place[b]) for a, b in pairs for one in (a, b)}
    return sorted(order, key=lambda one: lead.get(one[0], place[one[0]]))


def _apart(market: Market, announced: Announcement, seed: DrawnSeed) -> pl.Series:
    """Ticket of every application at its programme; pools of one programme share it."""
    child, names = market.child_of_row(), [one.partition("@")[0] for one in market.program_id]
    receipts = market.applicant_id.gather(child)
    programs = pl.Series(names, dtype=pl.String).gather(market.program)
    return programme_tickets(seed.seed, announced.draw_id, receipts, programs)


def _kept_together(market: Market, pairs: Sequence[tuple[str, str]]) -> Market:
    """The market with the seats that keep bound pairs together. BadData `admission.bad_families` for a pair
    whose lists differ."""
    number = {receipt: at for at, receipt in enumerate(market.applicant_id)}
    bound = sorted(tuple(sorted((number[a], number[b]))) for a, b in pairs)
    pairs_ = [(a, b) for a, b in bound]
    words = market.keys().words
    if faults := twin_faults(market.applicant_id, market.start, words, pairs_):
        raise BadData("admission.bad_families", {"count": len(faults)}, faults)
    names = [name.partition("@") for name in market.program_id]
    known = {name: at for at, name in enumerate(dict.fromkeys(program for program, _, _ in names))}
    settled = settle(
        market.seats,
        market.start,
        words,
        program=np.array([known[program] for program, _, _ in names], np.int64),
        pairs=pairs_,
        last_seat="expand_by_one",
        first=np.array([pool == PRIVATE for _, _, pool in names], bool),
    )
    return replace(market, seats=settled.seats)
