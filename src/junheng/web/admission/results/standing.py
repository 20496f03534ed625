"""Where every child of a drawn entry stands now: the result, the rounds held after it, placements by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from junheng import admission
from junheng.admission.changes import Changes, HandPlacement, chained
from junheng.report.admission import late
from junheng.web.admission.draws.again import Again, worked_out
from junheng.web.admission.draws.folders import folder_of
from junheng.web.admission.models import Answer, Override
from junheng.web.admission.results import late_rows
from junheng.web.workspace import book, region

if TYPE_CHECKING:
    from junheng.admission import PlanResult, PlanRound

ANSWERS = {"applicant_id": pl.String, "answer": pl.String, "round": pl.Int64}


@dataclass(frozen=True, slots=True)
class Standing:
    """`found` is the result worked out again; `rounds` were held after it; `now` is the assignment after
    rounds and approved overrides: `applicant_id, state, batch, program_id, reserve_id, choice_rank, reason,
    metres, override` (document number, blank)."""

    found: Again
    rounds: tuple[PlanRound, ...]
    now: pl.DataFrame
    overrides: tuple[Any, ...]

    @property
    def result(self) -> PlanResult:
        """The result of the day."""
        return self.found.result

    @property
    def last(self) -> PlanResult | PlanRound:
        """What the next round begins from."""
        return self.rounds[-1] if self.rounds else self.found.result

    @property
    def waiting(self) -> pl.DataFrame:
        """The waiting lists now."""
        if self.rounds:
            return self.rounds[-1].waiting_list
        return self.result.tables["waiting_list"]


def standing(entry: Any) -> Standing:
    """The entry as it stands. Refused or VerificationFailed where its sealed files differ."""
    found = worked_out(entry.plan_id)
    rounds = held_rounds(entry, found)
    overrides = approved(entry)
    return Standing(found, rounds, present(rounds[-1] if rounds else found.result, overrides), overrides)


def held_rounds(entry: Any, found: Again) -> tuple[PlanRound, ...]:
    """The rounds that were held, worked out again one after another from the answers kept with each."""
    folder = folder_of(entry.plan_id)
    made: list[PlanRound] = []
    before: PlanResult | PlanRound = found.result
    for number in folder.rounds():
        kept = folder.read(f"rounds/{number}")
        policy: Any = folder.summary(f"rounds/{number}")["policy"]
        joined = late.late_of(folder, late_rows.as_worked(found), late.rows_kept(kept))
        before = admission.second_round(before, kept["answers"], policy, number, late=joined)
        made.append(before)
    return tuple(made)


def approved(entry: Any) -> tuple[Any, ...]:
    """Overrides two people have signed, in their order."""
    rows = Override.objects.filter(entry=entry, approved_by__isnull=False)
    return tuple(rows.select_related("child", "by", "approved_by").order_by("approved_at", "pk"))


def present(after: PlanResult | PlanRound, overrides: tuple[Any, ...]) -> pl.DataFrame:
    """The assignment with placements by hand laid over it."""
    rows = [(one.child.applicant_id, one.program_id, one.document_no) for one in overrides]
    schema = {"applicant_id": pl.String, "by_hand": pl.String, "override": pl.String}
    hand = pl.DataFrame(rows, schema=schema, orient="row").unique("applicant_id", keep="last")
    moved = pl.col("by_hand").is_not_null()
    return (
        after.assignment.join(hand, on="applicant_id", how="left")
        .with_columns(
            pl.when(moved).then(pl.lit("placed")).otherwise("state").alias("state"),
            pl.coalesce("by_hand", "program_id").alias("program_id"),
            pl.when(moved).then(pl.lit("PLACED_BY_HAND")).otherwise("reason").alias("reason"),
            pl.when(moved).then(None).otherwise("choice_rank").alias("choice_rank"),
            pl.when(moved).then(None).otherwise("metres").alias("metres"),
            pl.col("override").fill_null(""),
        )
        .drop("by_hand")
        .sort("applicant_id")
    )


def changes(entry: Any, found: Again) -> Changes:
    """Approved overrides and spare receipts taken, as the chained rows that are published."""
    assert found.held is not None
    assert found.draw is not None
    came = late_rows.public_rows(entry, found)
    receipts = {**found.receipts, **late_rows.receipts(entry)}
    rows = [
        HandPlacement(
            receipts[one.child.applicant_id],
            one.program_id,
            one.ground,
            one.document_no,
            one.by.username,
            one.approved_by.username,
            one.approved_at.isoformat(timespec="seconds"),
        )
        for one in approved(entry)
    ]
    return chained(
        late.merged(came, rows),
        salt=found.held.salt,
        draw_id=found.held.announced.draw_id,
        drawn_at=found.draw.seed.drawn_at,
        receipts=found.held.frozen.receipts,
        spare=found.held.announced.spare_receipts,
        programs=found.held.announced.seats,
    )


def answers_of(entry: Any, number: int) -> pl.DataFrame:
    """Answers recorded for a round, in the engine's form."""
    rows = Answer.objects.filter(entry=entry, round=number).values_list(
        "child__applicant_id", "answer", "round"
    )
    return pl.DataFrame(list(rows), schema=ANSWERS, orient="row").sort("applicant_id")


def least(entry: Any) -> int:
    """The small-count limit of the entry's year."""
    return int(book().at(date(entry.year, 9, 1), region()).small_counts["min_n"].number)


def seats_left(held: Standing) -> Mapping[str, int]:
    """Seats of each programme less who sits there now; negative where more sit than planned."""
    taken = dict(held.now.drop_nulls("program_id").group_by("program_id").len().iter_rows())
    seats = held.found.problem.tables["programs"].select("program_id", "seats").iter_rows()
    return {program: n - taken.get(program, 0) for program, n in seats}


@dataclass(frozen=True, slots=True)
class Effect:
    """What a placement by hand would do to others: seats left where the child goes (negative: seats beyond
    the plan), the seat given back, and who stands first in line for it."""

    program_id: str
    from_program: str
    left: int
    following: str
    already: bool


def effect(held: Standing, applicant_id: str, program_id: str) -> Effect:
    """The effect of an override on others, from where everybody stands now."""
    row = held.now.filter(pl.col("applicant_id") == applicant_id).to_dicts()
    before = (row[0]["program_id"] or "") if row else ""
    left = seats_left(held).get(program_id, 0) - (before != program_id)
    first = held.waiting.filter((pl.col("program_id") == before) & (pl.col("position") == 1))
    others = [one for one in first["applicant_id"].to_list() if one != applicant_id]
    return Effect(program_id, before, left, others[0] if others else "", before == program_id)
