"""The draw held: tickets from the seed, the kernel on the frozen lines in their order, and what is
published of it.

Everything follows from the frozen lines, the announcement and the results of the announced events;
holding the draw again gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import cast

import polars as pl

from junheng.admission.announcement import Announcement
from junheng.admission.changes import Changes
from junheng.admission.frozen import Frozen, market_of
from junheng.admission.mechanisms import Mechanism
from junheng.admission.result import AdmissionResult, assign_market
from junheng.admission.seeds import DrawnSeed
from junheng.admission.tickets import drawn
from junheng.model.errors import Refused, VerificationFailed


@dataclass(frozen=True)
class PublicDraw:
    """A draw that was held and proved: `tickets(receipt, ticket)` ascending, and the assignment over
    receipts."""

    frozen: Frozen
    announced: Announcement
    seed: DrawnSeed
    tickets: tuple[tuple[str, str], ...]
    result: AdmissionResult

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


def hold_draw(frozen: Frozen, announced: Announcement, seed: DrawnSeed) -> PublicDraw:
    """Hold an announced draw on frozen lines. Refused `admission.root_differs` when the lines are not
    those announced or the seed is another draw's; VerificationFailed `admission.not_proved` when the
    outcome fails its own check."""
    if frozen.tree.root.hex() != announced.root or len(frozen.lines) != announced.receipts:
        raise Refused("admission.root_differs")
    if seed.draw_id != announced.draw_id:
        raise Refused("admission.announcement_changed")
    found = drawn(seed.seed, announced.draw_id, frozen.receipts, announced.scope)
    market = market_of(frozen, announced.seats, found)
    result = assign_market(market, cast(Mechanism, announced.mechanism), announced.bands)
    if failed := result.check():
        raise VerificationFailed("admission.not_proved", {"what": ", ".join(failed)})
    return PublicDraw(frozen, announced, seed, tuple(found), result)
