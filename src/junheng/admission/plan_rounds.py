"""A second round of a whole plan: answers come in, seats given back go on, late arrivals join with the
tickets of spare receipts, children of 统筹 may move up as everybody else.

It works on the plan as one list a child (`plan_one_list`): whoever was placed by distance or by a further
seat holds the last row of her list. Nobody who keeps a seat is worse off, and `check` counts every seat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.deferred_acceptance import TAIL
from junheng.admission.eligibility import REFUSED
from junheng.admission.plan_entry import place_by_distance
from junheng.admission.plan_market import PlanMarket, PlanResult, order_of
from junheng.admission.plan_one_list import OneList, one_list
from junheng.admission.plan_programme import apart
from junheng.admission.plan_round_seats import (
    ANSWERS,
    GONE,
    Silence,
    held_after,
    numbers,
    present,
    seated,
    wasted,
)
from junheng.admission.rounds import ACCEPT, DECLINE, Policy, waiting_lists
from junheng.model.errors import BadData, Refused
from junheng.model.reason import Finding

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Late:
    """Late arrivals: `problem` is a market of the same plan and programmes over their own tables, `tickets`
    are those of the spare receipts they were given in turn (applicant_id, ticket)."""

    problem: PlanMarket
    tickets: pl.DataFrame


@dataclass(frozen=True)
class PlanRound:
    """`assignment` as of `PlanResult`, after the round; `moved`: applicant_id, from_program_id, program_id,
    batch, choice_rank, metres of who holds another seat than before or a first one; `vacancies`: program_id,
    reserve_id, before, given_back, filled, left, seats by pool; `waiting_list` after the round. `problem` and
    `tickets` hold late arrivals too, and `answers` what was said until now, for the next round."""

    problem: PlanMarket
    tickets: pl.DataFrame
    round: int
    policy: Policy
    assignment: pl.DataFrame
    moved: pl.DataFrame
    vacancies: pl.DataFrame
    waiting_list: pl.DataFrame
    answers: Mapping[str, str]
    failed: tuple[str, ...]

    @cached_property
    def tables(self) -> dict[str, pl.DataFrame]:
        """`assignment`, `moved`, `vacancies`, `waiting_list`."""
        return {
            "assignment": self.assignment,
            "moved": self.moved,
            "vacancies": self.vacancies,
            "waiting_list": self.waiting_list,
        }

    def check(self) -> tuple[str, ...]:
        """What fails, empty when nothing does: `worse:` who keeps a seat and is worse off, `kept:` who
        accepted and was moved, `left:` who declined and holds a seat, `seats:` a programme over its seats and
        the seats it was over before, `conserved:` a programme whose seats do not add up, `wasted:` a seat
        left empty that somebody waits for, `children` one lost or twice."""
        return self.failed

    def summary(self) -> dict[str, Any]:
        """Counts of the round."""
        return {
            "plan": self.problem.plan.id,
            "round": self.round,
            "policy": self.policy,
            "applicants": self.assignment.height,
            "moved": self.moved.height,
            "first_seats": self.moved["from_program_id"].null_count(),
            "given_back": int(self.vacancies["given_back"].sum()),
            "vacancies_left": int(self.vacancies["left"].sum()),
            "states": dict(self.assignment.group_by("state").len().sort("state").iter_rows()),
            "failed": list(self.failed),
        }


def second_round(
    result: PlanResult | PlanRound,
    answers: pl.DataFrame,
    policy: Policy | None = None,
    round: int = 1,
    *,
    late: Late | None = None,
    silence: Silence | None = None,
) -> PlanRound:
    """The round after `result` by `answers(applicant_id, answer)` (accept, wait, decline; rows of another
    `round` are not looked at). `policy` is the plan's where it is not given. `silence` is what no answer
    of a child with a seat means: by default she keeps it in a compulsory stage and gives it back elsewhere;
    who has no seat goes on waiting.

    Refused `admission.second_round_none`, `admission.no_lists`; BadData `admission.bad_answers`.
    """
    problem, tickets = result.problem, result.tickets
    after = problem.plan.after
    chosen = policy or (after.second_round if after is not None else "none")
    if chosen == "none":
        raise Refused("admission.second_round_none", {"plan": problem.plan.title})
    if chosen == "reverse_lottery" and apart(problem.plan):
        raise Refused("admission.lottery_reverse", {"plan": problem.plan.title})
    before = result.assignment
    if late is not None:
        _refuse_known(before, late)
        problem = _with_late(problem, late.problem)
        tickets = pl.concat([tickets, late.tickets.select(tickets.columns)], how="vertical_relaxed")
        new = late.problem.standing.select("applicant_id")
        before = pl.concat([before, new], how="diagonal").with_columns(pl.col("state").fill_null("named"))
    said = _answers(before, answers, round)
    if isinstance(result, PlanRound):  # an answer stands until the child gives another
        said = {**result.answers, **said}
    lists = one_list(problem, order_of(problem, tickets))
    seats = _seats(lists, result)
    one, held = present(lists, seats, before)
    quiet: Silence = silence or ("accept" if problem.plan.compulsory else "decline")
    number = numbers(one, said, _gone(before), held, quiet)
    now = held_after(one, seats, held, number, chosen)
    return _told(_Given(problem, tickets, round, chosen, before, said), one, seats, held, number, now)


@dataclass(frozen=True, slots=True)
class _Given:
    """What a round starts from."""

    problem: PlanMarket
    tickets: pl.DataFrame
    round: int
    policy: Policy
    before: pl.DataFrame
    said: dict[str, str]


def _seats(lists: OneList, result: PlanResult | PlanRound) -> NDArray[np.int32]:
    """Planned seats by pool as they stand: with returns, without seats added for twins or guarantees."""
    if isinstance(result, PlanResult):
        runs = [stage.run.found for stage in result.stages]
        return np.concatenate([found.seats - found.expanded for found in runs]).astype(np.int32)
    pools = pl.DataFrame({"program_id": lists.program_id, "reserve_id": lists.reserve_id})
    given = result.vacancies.select("program_id", "reserve_id", "seats")
    kept = pools.join(given, on=["program_id", "reserve_id"], how="left", maintain_order="left")
    return kept["seats"].to_numpy().astype(np.int32)


def _gone(before: pl.DataFrame) -> frozenset[str]:
    return frozenset(before.filter(pl.col("reason").is_in(GONE))["applicant_id"])


def _refuse_known(before: pl.DataFrame, late: Late) -> None:
    known = late.problem.standing.join(before, on="applicant_id", how="semi")["applicant_id"]
    found = [
        Finding("admission.late_known", "error", value=one, parameters={"applicant": one}) for one in known
    ]
    if found:
        raise BadData("admission.bad_answers", {"count": len(found)}, found)


def _with_late(problem: PlanMarket, late: PlanMarket) -> PlanMarket:
    """One market of both; tables of things (programmes, distances of other homes) are not counted twice."""
    tables = dict(problem.tables)
    for name, frame in late.tables.items():
        if name in tables:
            tables[name] = pl.concat([tables[name], frame], how="diagonal_relaxed").unique(
                maintain_order=True
            )
        else:
            tables[name] = frame
    tables["programs"] = problem.tables["programs"]
    people = pl.concat([problem.standing, late.standing], how="diagonal_relaxed")
    return replace(problem, tables=tables, standing=people)


def _answers(before: pl.DataFrame, answers: pl.DataFrame, round: int) -> dict[str, str]:
    if "round" in answers.columns:
        answers = answers.filter(pl.col("round") == round)
    known = set(before["applicant_id"])
    gone = _gone(before)
    found: list[Finding] = []
    said: dict[str, str] = {}

    def fault(code: str, applicant: str, value: str) -> None:
        about = {"applicant": applicant, "value": value}
        found.append(Finding(f"admission.{code}", "error", "answers", value=value, parameters=about))

    for applicant, answer in answers.select("applicant_id", "answer").iter_rows():
        if applicant not in known or applicant in said:
            fault("answer_twice" if applicant in said else "answer_stranger", applicant, applicant)
        elif applicant in gone and answer != "decline":
            fault("answer_gone", applicant, answer or "")
        elif answer not in ANSWERS:
            fault("answer_unknown", applicant, answer or "")
        said[applicant] = answer
    if found:
        raise BadData("admission.bad_answers", {"count": len(found)}, found)
    return said


def _told(
    given: _Given, one: OneList, seats: NDArray[np.int32], held: Whole, number: NDArray[np.int8], now: Whole
) -> PlanRound:
    problem, before = given.problem, given.before
    placed, sat = now < one.start[1:], held < one.start[1:]
    row = np.where(placed, now, 0)
    pool = one.pool[row].astype(np.int64)
    leaves = number == DECLINE
    rows = pl.DataFrame(
        {
            "applicant_id": one.applicant_id,
            "moves": placed & (now != held),
            "leaves": leaves,
            "new_program_id": one.program_id.gather(pool),
            "new_reserve_id": one.reserve_id.gather(pool),
            "new_batch": pl.Series(["zone_lists", "private"]).gather(one.private[pool].astype(np.int64)),
            "new_rank": one.choice_rank[row],
            "said": [given.said.get(name) == "decline" for name in one.applicant_id],
        }
    )
    moves, out = pl.col("moves"), pl.col("leaves")
    after = before.join(rows, on="applicant_id", how="left").with_columns(
        pl.col("moves", "leaves").fill_null(False)
    )
    after = after.select(
        "applicant_id",
        pl.when(out)
        .then(pl.lit("named"))
        .when(moves)
        .then(pl.lit("placed"))
        .otherwise("state")
        .alias("state"),
        *(
            pl.when(moves).then(pl.col(f"new_{name}")).when(~out).then(pl.col(name)).alias(name)
            for name in ("batch", "program_id", "reserve_id")
        ),
        pl.when(moves).then("new_rank").when(~out).then("choice_rank").alias("choice_rank"),
        pl.when(out & pl.col("said"))
        .then(pl.lit("WITHDREW"))
        .when(out)
        .then(pl.lit("NO_ANSWER"))
        .when(moves)
        .then(pl.lit("ADMITTED"))
        .otherwise("reason")
        .alias("reason"),
        pl.when(~moves & ~out).then("metres").alias("metres"),
    )
    after = _rest(problem, given.tickets, after, rows.filter("leaves")["applicant_id"])
    was = before.select("applicant_id", pl.col("program_id").alias("from_program_id"))
    moved = (
        after.join(was, on="applicant_id")
        .filter(
            pl.col("program_id").is_not_null() & ~pl.col("program_id").eq_missing(pl.col("from_program_id"))
        )
        .select("applicant_id", "from_program_id", "program_id", "batch", "choice_rank", "metres")
        .sort("applicant_id")
    )
    taken = np.bincount(one.pool[held[sat]], minlength=seats.size)
    takes = _taken(one, seats, after)
    backs = np.bincount(one.pool[held[sat & leaves]], minlength=seats.size)
    comes = np.bincount(one.pool[now[placed & (now != held)]], minlength=seats.size)
    vacancies = pl.DataFrame(
        {
            "program_id": one.program_id,
            "reserve_id": one.reserve_id,
            "before": np.maximum(seats - taken, 0),
            "given_back": backs,
            "filled": comes,
            "left": np.maximum(seats - takes, 0),
            "seats": seats.astype(np.int64),
        }
    )
    listed = waiting_lists(one.start, one.pool.astype(np.int64) | (one.level << TAIL), now, seats.size)
    waits = [
        (one.program_id[at], one.reserve_id[at], place, one.applicant_id[child])
        for at, children in enumerate(listed)
        for place, child in enumerate([c for c in children if not leaves[c]], start=1)
    ]
    schema: dict[str, Any] = dict.fromkeys(
        ("program_id", "reserve_id", "position", "applicant_id"), pl.String
    )
    schema["position"] = pl.Int64
    failed = _failed(given, one, seats, held, number, now, listed, after, moved)
    return PlanRound(
        problem, given.tickets, given.round, given.policy, after.sort("applicant_id"), moved, vacancies,
        pl.DataFrame(waits, schema=schema, orient="row"), given.said, failed,
    )  # fmt: skip


def _taken(one: OneList, seats: NDArray[np.int32], after: pl.DataFrame) -> Whole:
    """Seats held by pool after everything."""
    pools = pl.DataFrame({"program_id": one.program_id, "reserve_id": one.reserve_id}).with_row_index("pool")
    sits = after.filter(pl.col("program_id").is_not_null()).join(
        pools, on=["program_id", "reserve_id"], how="left"
    )
    by_flow = pl.when(pl.col("batch") != "placement").then("pool").alias("pool")
    known = sits.select(by_flow, "program_id")
    return np.bincount(
        seated(one, seats, known["pool"].to_list(), known["program_id"].to_list()), minlength=seats.size
    )


def _rest(problem: PlanMarket, tickets: pl.DataFrame, after: pl.DataFrame, gone: pl.Series) -> pl.DataFrame:
    """Children still without a seat: placed by distance where the plan does so, else waiting or named."""
    plan = problem.plan
    without = after.filter(pl.col("program_id").is_null() & ~pl.col("applicant_id").is_in(gone.implode()))
    people = problem.standing.join(without, on="applicant_id", how="semi")
    refused = people.filter(pl.col("identity_no") == REFUSED).select("applicant_id", "code")
    people = people.filter(pl.col("identity_no") != REFUSED)
    placed = pl.DataFrame(schema={"applicant_id": pl.String, "place": pl.String, "way": pl.Int64})
    if plan.placement is not None and people.height:
        filled = dict(after.drop_nulls("program_id").group_by("program_id").len().iter_rows())
        found = place_by_distance(plan, problem.tables, filled, people, order_of(problem, tickets))
        placed = found.rows.select("applicant_id", place="program_id", way=pl.col("metres").cast(pl.Int64))
    by_flow, still = (
        pl.col("place").is_not_null(),
        pl.col("applicant_id").is_in(people["applicant_id"].implode()),
    )
    waits = pl.lit("NO_SEAT_LEFT" if plan.placement is not None else "WAITING")
    return (
        after.join(placed, on="applicant_id", how="left")
        .join(refused, on="applicant_id", how="left")
        .with_columns(
            pl.when(by_flow)
            .then(pl.lit("placed"))
            .when(still)
            .then(pl.lit("named" if plan.placement is not None else "waiting"))
            .otherwise("state")
            .alias("state"),
            pl.when(by_flow).then(pl.lit("placement")).otherwise("batch").alias("batch"),
            pl.coalesce("program_id", "place").alias("program_id"),
            pl.when(by_flow).then(pl.lit("")).otherwise("reserve_id").alias("reserve_id"),
            pl.when(by_flow)
            .then(pl.lit("PLACED_BY_FLOW"))
            .when(still)
            .then(waits)
            .otherwise(pl.coalesce("code", "reason"))
            .alias("reason"),
            pl.coalesce("way", "metres").alias("metres"),
        )
        .drop("place", "way", "code")
    )


def _failed(
    given: _Given,
    one: OneList,
    seats: NDArray[np.int32],
    held: Whole,
    number: NDArray[np.int8],
    now: Whole,
    listed: list[list[int]],
    after: pl.DataFrame,
    moved: pl.DataFrame,
) -> tuple[str, ...]:
    sat, placed, ids = held < one.start[1:], now < one.start[1:], one.applicant_id
    leaves, stays = number == DECLINE, sat & (number == ACCEPT)
    found = [f"worse:{ids[c]}" for c in np.flatnonzero(~leaves & (now > held)).tolist()]
    found += [f"kept:{ids[c]}" for c in np.flatnonzero(stays & (now != held)).tolist()]
    found += [f"left:{ids[c]}" for c in np.flatnonzero(leaves & placed).tolist()]
    if after.height != given.before.height or after["applicant_id"].n_unique() != after.height:
        found.append("children")
    planned = dict(given.problem.tables["programs"].select("program_id", "seats").iter_rows())
    was, now_ = (
        dict(frame.drop_nulls("program_id").group_by("program_id").len().iter_rows())
        for frame in (given.before, after)
    )
    came = dict(moved.group_by("program_id").len().iter_rows())
    gone = given.before.join(after, on="applicant_id", suffix="_now").filter(
        pl.col("program_id").is_not_null() & ~pl.col("program_id").eq_missing(pl.col("program_id_now"))
    )
    went = dict(gone.group_by("program_id").len().iter_rows())
    for name, total in planned.items():
        if now_.get(name, 0) > max(total, was.get(name, 0)):
            found.append(f"seats:{name}")
        if now_.get(name, 0) != was.get(name, 0) - went.get(name, 0) + came.get(name, 0):
            found.append(f"conserved:{name}")
    found += [f"wasted:{one.program_id[at]}" for at in wasted(one, seats, now, ~(leaves | stays), listed)]
    return tuple(found)
