"""What an assignment says: tables, reasons, summary, its own check, and how it differs from another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from junheng.admission import reasons
from junheng.admission.certificate import BlockingPairs, Certificate, blocking_pairs, certify
from junheng.admission.deferred_acceptance import LOW, TAIL
from junheng.admission.mechanisms import Mechanism, Outcome, order_of, run
from junheng.admission.messages import MESSAGES
from junheng.admission.problem import Market
from junheng.admission.trade_log import replay
from junheng.model.errors import Refused
from junheng.model.reason import Language, words


def assign_market(market: Market, mechanism: Mechanism, bands: Sequence[int] = ()) -> AdmissionResult:
    """Assign a market. Refused when the bands do not fit the mechanism. Ties in ticket are broken by id:
    whoever must not have them asks `market.undecided` first."""
    outcome = run(market, mechanism, order_of(market, mechanism, bands))
    return AdmissionResult(market, mechanism, tuple(bands), outcome)


@dataclass(frozen=True)
class AdmissionResult:
    """An assignment with everything that explains and proves it."""

    market: Market
    mechanism: Mechanism
    bands: tuple[int, ...]
    outcome: Outcome

    @cached_property
    def certificate(self) -> Certificate:
        """Cut-offs and proof under the keys the mechanism went by (trading cycles: see `check`)."""
        return certify(self.market.seats, self.market.start, self.outcome.keys.words, self.outcome.held)

    @cached_property
    def blocking(self) -> BlockingPairs:
        """Blocking pairs by priority and then ticket, the one yardstick of every mechanism."""
        market = self.market
        return blocking_pairs(market.seats, market.start, market.keys().words, self.outcome.held)

    @cached_property
    def tables(self) -> dict[str, pl.DataFrame]:
        """`assignment` (every applicant; programme and rank null where unassigned) and `cutoffs`; a reason
        for every application comes from `reasons`."""
        return {"assignment": self._assignment(), "cutoffs": self._cutoffs()}

    def reasons(self) -> Iterator[pl.DataFrame]:
        """A row for each application, by applicant and rank, in parts (see `reasons.tables`)."""
        return reasons.tables(self.market, self.mechanism, self.outcome)

    def check(self) -> tuple[str, ...]:
        """What fails, empty when nothing does: seats exceeded, and for key-ordered mechanisms a blocking
        pair or a better stable outcome, for trading cycles a step of the log that does not follow from the
        rules."""
        market, certificate = self.market, self.certificate
        found = ["seats"] if bool((certificate.filled > market.seats).any()) else []
        if self.outcome.trades is None:
            found += [] if certificate.blocking_count == 0 else ["stability"]
            found += [] if not certificate.cycle else ["optimality"]
        elif not replay(market.seats, market.start, self.outcome.keys.words, self.outcome.trades):
            found.append("trades")
        return tuple(found)

    def summary(self) -> dict[str, Any]:
        """Counts of the run; plain numbers and text, the same for the same input."""
        market, held = self.market, self.outcome.held
        placed = held < market.start[1:]
        ranks = (held - market.start[:-1] + 1)[placed]
        listed = np.diff(market.start)
        counts = np.bincount(ranks, minlength=market.longest + 1)[1:]
        unassigned = market.applicant_id.filter(pl.Series(~placed)).sort()
        certificate, pairs = self.certificate, self.blocking
        proof: dict[str, Any] = {"failed": list(self.check())}
        if self.outcome.trades is None:
            proof |= {
                "kind": "cutoffs",
                "stable": certificate.stable,
                "best_stable_for_applicants": certificate.best,
            }
        else:
            log = self.outcome.trades
            proof |= {"kind": "replayed_trades", "trades": int(log.step[-1]) if log.step.size else 0}
        return {
            "mechanism": self.mechanism,
            "bands": list(self.bands),
            "order": {
                "sd": ["ticket"],
                "ia": ["rank", "priority", "ticket"],
                "parallel": ["band", "priority", "ticket"],
            }.get(self.mechanism, ["priority", "ticket"]),
            "applicants": market.children,
            "programs": int(market.seats.size),
            "applications": int(market.program.size),
            "seats": int(market.seats.astype(np.int64).sum()),
            "assigned": int(placed.sum()),
            "unassigned": int((~placed).sum()),
            "unassigned_without_list": int((listed == 0).sum()),
            "unassigned_applicants": unassigned.head(SHOWN).to_list(),
            "seats_left": int(market.seats.astype(np.int64).sum() - placed.sum()),
            "rank_distribution": {str(rank): int(count) for rank, count in enumerate(counts, start=1)},
            "blocking_pairs": pairs.envy + pairs.wasted,
            "justified_envy": pairs.envy,
            "wasted_seats": pairs.wasted,
            "blocking_pair_examples": self._named(pairs.rows),
            "proof": proof,
        }

    def explain(self, applicant_id: str, language: Language = "zh") -> str:
        """Every choice of a child with its reason. Refused `admission.applicant_unknown`."""
        found = self.market.applicant_id.index_of(applicant_id)
        if found is None:
            raise Refused("admission.applicant_unknown", {"applicant": applicant_id})
        rows = reasons.table(self.market, self.mechanism, self.outcome, np.array([found]))
        if rows.is_empty():
            return words(MESSAGES, "admission.no_list", {}, language)
        return "\n".join(
            words(
                MESSAGES,
                "admission.choice",
                {
                    "rank": row["rank"],
                    "program": row["program_id"],
                    "reason": words(MESSAGES, f"admission.reason.{row['code']}", row, language),
                },
                language,
            )
            for row in rows.iter_rows(named=True)
        )

    def compare(self, other: AdmissionResult) -> pl.DataFrame:
        """Applicants whom the other run places otherwise: `applicant_id, rank, program_id, other_rank,
        other_program_id`, ranks null where unassigned. Both runs need the same applicants."""
        theirs = other.tables["assignment"].rename({"program_id": "other_program_id", "rank": "other_rank"})
        joined = self.tables["assignment"].join(theirs, on="applicant_id", how="full", coalesce=True)
        return (
            joined.filter(~pl.col("program_id").eq_missing(pl.col("other_program_id")))
            .select("applicant_id", "rank", "program_id", "other_rank", "other_program_id")
            .sort("applicant_id")
        )

    def _assignment(self) -> pl.DataFrame:
        market, held = self.market, self.outcome.held
        placed = held < market.start[1:]
        row = np.where(placed, held, 0)
        program = market.program[row] if market.program.size else np.zeros(held.size, np.int32)
        names = market.program_id.gather(program) if market.program_id.len() else market.applicant_id
        return (
            pl.DataFrame(
                {
                    "applicant_id": market.applicant_id,
                    "program_id": names,
                    "rank": held - market.start[:-1] + 1,
                    "placed": placed,
                }
            )
            .with_columns(pl.when("placed").then(pl.col("program_id", "rank")))
            .drop("placed")
            .sort("applicant_id")
        )

    def _cutoffs(self) -> pl.DataFrame:
        """State and last admitted of each programme; the key is given for full ones only."""
        market, certificate, keys = self.market, self.certificate, self.outcome.keys
        last = np.maximum(certificate.cutoff, 0)
        band, field = keys.fields(last >> TAIL)
        following = np.maximum(certificate.next_in_line, 0) & LOW
        known = ~certificate.open_ & (certificate.cutoff >= 0)
        by_key = known & (self.mechanism != "ttc")
        counts = np.bincount(market.program, minlength=market.seats.size)
        first = np.bincount(market.program[market.choice() == 1], minlength=market.seats.size)
        blank = pl.lit(None)
        return (
            pl.DataFrame(
                {
                    "program_id": market.program_id,
                    "capacity": market.seats,
                    "filled": certificate.filled,
                    "open": certificate.open_,
                    "applicants": counts,
                    "first_choices": first,
                    "last_band": band + 1,
                    "last_priority": field,
                    "last_ticket": market.ticket_of(last & LOW, self._row_of(last & LOW))
                    if market.program.size
                    else pl.Series([""] * market.seats.size, dtype=pl.String),
                    "next_in_line": market.applicant_id.gather(following)
                    if market.children
                    else pl.Series([""] * market.seats.size, dtype=pl.String),
                    "last_trade": reasons.closing_step(market, self.outcome),
                    "by_key": by_key,
                    "waits": ~certificate.open_ & (certificate.next_in_line >= 0) & (self.mechanism != "ttc"),
                }
            )
            .select(
                "program_id",
                "capacity",
                "filled",
                pl.when("open").then(pl.lit("open")).otherwise(pl.lit("full")).alias("state"),
                "applicants",
                "first_choices",
                pl.when(pl.col("by_key") & pl.lit(keys.banded))
                .then("last_band")
                .otherwise(blank)
                .alias("last_band"),
                pl.when(pl.col("by_key") & pl.lit(self.mechanism != "sd"))
                .then("last_priority")
                .otherwise(blank)
                .alias("last_priority"),
                pl.when("by_key").then("last_ticket").otherwise(blank).alias("last_ticket"),
                pl.when(pl.col("last_trade") > 0).then("last_trade").otherwise(blank).alias("last_trade"),
                pl.when("waits").then("next_in_line").otherwise(blank).alias("next_in_line"),
            )
            .sort("program_id")
        )

    def _row_of(self, child: np.ndarray) -> np.ndarray:
        """The application each of these children holds; any where none."""
        return np.minimum(self.outcome.held[child], max(self.market.program.size - 1, 0))

    def _named(self, rows: np.ndarray) -> list[dict[str, str]]:
        child = self.market.child_of_row()[rows]
        pairs = zip(
            self.market.applicant_id.gather(child),
            self.market.program_id.gather(self.market.program[rows]),
            strict=True,
        )
        return [{"applicant_id": applicant, "program_id": program} for applicant, program in pairs]


SHOWN = 100
"""Unassigned applicants named in a summary."""
