"""The public draw of an entry plan as plain lines: freeze, announcement, draw, publication and verifier then
work for it as for any draw, with mechanism `da`, one root and one draw id.

The plan is one list a child (`plan_one_list`): private pools, then zone pools with the level of the class she
has there. Band, class, sibling and all other fields of the order are the level, reserves are pools in a row
(`programme@reserve`, private pools `programme@private`). Guaranteed children stand at level 0 and the seats
announced hold all of them. Bound twins carry one family code, share the better ticket and get a declared
further seat where the plan says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from junheng.admission.frozen import BOUND, PRIVATE, SHARED
from junheng.admission.plan_market import with_twins
from junheng.admission.plan_one_list import OneList, one_list
from junheng.admission.plan_programme import OWN
from junheng.admission.plan_ring import ring_tickets
from junheng.admission.plan_siblings import siblings
from junheng.admission.plan_stage_tables import components
from junheng.admission.plan_ticket_lines import ticket_people, tickets_alone
from junheng.admission.tickets import Seed, programme_tickets
from junheng.model.errors import Refused
from junheng.model.reason import Finding

if TYPE_CHECKING:
    from junheng.admission.plan_market import PlanMarket
    from junheng.admission.public_draw import PublicDraw


@dataclass(frozen=True, slots=True)
class DrawLines:
    """What is frozen: `people` (applicant_id, family, identity, …facts as text; a row for everybody who gets
    a ticket), `choices` (applicant_id, rank, program_id: the pool, priority: the level), `seats` announced by
    pool. `pools` (pool, program_id, reserve_id, stage, seats, guaranteed) and `levels` (stage, level, key:
    `field=number` parted by `; `) say what the lines stand for."""

    people: pl.DataFrame
    choices: pl.DataFrame
    seats: dict[str, int]
    pools: pl.DataFrame
    levels: pl.DataFrame


def draw_lines(problem: PlanMarket) -> DrawLines:
    """The lines of an entry plan. Refused `admission.no_lists` where no ticket decides, and
    `admission.not_drawable` with everything a public draw could not prove and what to do about it: seats
    returned after the run, twins who skip the last seat, guaranteed children with better choices at a
    programme without a seat for each, names that hold the sign that parts pools."""
    if tickets_alone(problem):
        return _without_choices(problem)
    ids = problem.standing.select("applicant_id").sort("applicant_id").with_row_index("drawn")
    order = ids.select("applicant_id", pl.lit("").alias("ticket"), pl.col("drawn").cast(pl.Int64))
    one = one_list(problem, with_twins(problem, order))
    promised, found = _promised(one)
    found += _faults(problem, one)
    if found:
        raise Refused("admission.not_drawable", {"plan": problem.plan.title, "count": len(found)}, found)
    names = [
        f"{program}@{reserve}" if reserve else f"{program}@{PRIVATE}" if private else program
        for program, reserve, private in zip(
            one.program_id, one.reserve_id, one.private.tolist(), strict=True
        )
    ]
    seats = np.maximum(one.seats, promised).astype(np.int64)
    child = one.child_of_row()
    choices = pl.DataFrame(
        {
            "applicant_id": one.applicant_id.gather(child),
            "rank": np.arange(child.size) - one.start[child] + 1,
            "program_id": pl.Series(names, dtype=pl.String).gather(one.pool),
            "priority": one.level,
        }
    )
    pools = pl.DataFrame(
        {
            "pool": pl.Series(names, dtype=pl.String),
            "program_id": one.program_id,
            "reserve_id": one.reserve_id,
            "stage": pl.Series(["zone_lists", "private"]).gather(one.private.astype(np.int64)),
            "seats": seats,
            "guaranteed": promised,
        }
    )
    return DrawLines(
        _people(problem, one), choices, dict(zip(names, seats.tolist(), strict=True)), pools, _levels(one)
    )


def _without_choices(problem: PlanMarket) -> DrawLines:
    """Lines of a draw that proves tickets alone; programmes are announced with their seats."""
    seats = dict(problem.tables["programs"].sort("program_id").select("program_id", "seats").iter_rows())
    text = dict.fromkeys(("applicant_id", "program_id"), pl.String)
    choices = pl.DataFrame(schema={**text, "rank": pl.Int64, "priority": pl.Int64})
    pools = pl.DataFrame(
        [(name, name, "", "", count, 0) for name, count in seats.items()],
        schema=("pool", "program_id", "reserve_id", "stage", "seats", "guaranteed"),
        orient="row",
    )
    levels = pl.DataFrame(schema={"stage": pl.String, "level": pl.Int64, "key": pl.String})
    return DrawLines(ticket_people(problem), choices, seats, pools, levels)


def tickets_of(drawn: PublicDraw, receipt_of: Mapping[str, str]) -> pl.DataFrame:
    """`applicant_id, ticket` of a draw that was held, for `run_plan`; of a ring the place and the `number`,
    of tickets for each programme further rows with its `program_id`."""
    number = dict(drawn.tickets)
    rows = [(one, number[receipt]) for one, receipt in receipt_of.items() if receipt in number]
    schema = {"applicant_id": pl.String, "ticket": pl.String}
    own = pl.DataFrame(rows, schema=schema, orient="row").sort("applicant_id")
    if drawn.seed.ring is not None:
        return ring_tickets(own, *drawn.seed.ring)
    if not drawn.announced.lottery:
        return own
    pairs = _applied(drawn, receipt_of)
    return with_programmes(own, pairs, drawn.seed.seed, drawn.announced.draw_id, receipt_of)


def with_programmes(
    own: pl.DataFrame,
    pairs: pl.DataFrame,
    seed: Seed,
    draw_id: str,
    receipt_of: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """Tickets with rows for each of the `pairs` (applicant_id, program_id) beside the children's own."""
    receipts = pairs["applicant_id"]
    if receipt_of is not None:
        receipts = receipts.replace_strict(dict(receipt_of), return_dtype=pl.String)
    found = programme_tickets(seed, draw_id, receipts, pairs["program_id"])
    mine = pairs.select("applicant_id", found.alias("ticket"), "program_id")
    return pl.concat([own.select("applicant_id", "ticket", program_id=pl.lit(OWN)), mine])


def _applied(drawn: PublicDraw, receipt_of: Mapping[str, str]) -> pl.DataFrame:
    """`applicant_id, program_id` of every line."""
    market = drawn.result.market
    applicant_of = {receipt: one for one, receipt in receipt_of.items()}
    receipts = market.applicant_id.gather(market.child_of_row())
    programs = market.program_id.gather(market.program).str.split("@").list.first()
    named = receipts.replace_strict(applicant_of, return_dtype=pl.String)
    return pl.DataFrame({"applicant_id": named, "program_id": programs}).unique(maintain_order=True)


def _people(problem: PlanMarket, one: OneList) -> pl.DataFrame:
    """Everybody of the standing with the facts the plan decides by, as text."""
    facts = [name for name in problem.plan.facts() if name in problem.standing.columns]
    mark = BOUND if one.last_seat == "expand_by_one" else SHARED
    code = {
        one.applicant_id[child]: f"{mark}{one.applicant_id[pair[0]]}" for pair in one.pairs for child in pair
    }
    family = [code.get(name, "") for name in problem.standing["applicant_id"]]
    return problem.standing.select(
        "applicant_id",
        pl.Series("family", _numbered(family), dtype=pl.String),
        "identity",
        *(pl.col(name).cast(pl.String) for name in facts),
    ).sort("applicant_id")


def _numbered(family: list[str]) -> list[str]:
    """Codes of pairs without the names of children."""
    known = {code: at for at, code in enumerate(sorted(set(family) - {""}), start=1)}
    return [f"{code.partition(':')[0]}:{known[code]}" if code else "" for code in family]


def _levels(one: OneList) -> pl.DataFrame:
    parts: list[pl.DataFrame] = []
    for stage in one.stages:
        fields = {name: values for name, values in components(stage).items() if name != "ticket"}
        level = stage.words.astype(np.int64) >> 24
        told = [pl.format(f"{name}={{}}", pl.col(name)) for name in fields]
        parts.append(
            pl.DataFrame({"level": level, **fields})
            .unique()
            .sort("level")
            .select(
                pl.lit(stage.held.stage_id).alias("stage"),
                "level",
                (pl.concat_str(told, separator="; ") if told else pl.lit("")).alias("key"),
            )
            .unique(["stage", "level"], keep="first", maintain_order=True)
        )
    return pl.concat(parts)


def _promised(one: OneList) -> tuple[np.ndarray, list[Finding]]:
    """How many guaranteed children each pool certainly takes, and the pools where that is not certain."""
    promised = np.zeros(one.seats.size, np.int64)
    sure = set(one.sure["applicant_id"])
    child = one.child_of_row()
    guaranteed = np.zeros(one.pool.size, bool)
    for part, stage in enumerate(one.stages):
        parts = components(stage)
        if "guaranteed" in parts:
            rows = np.flatnonzero(one.part == part)
            first = (parts["guaranteed"][one.source[rows]] == 0) & (one.level[rows] == 0)
            guaranteed[rows] = first
    rows = np.flatnonzero(guaranteed)
    certain = rows == one.start[child[rows]]
    np.add.at(promised, one.pool[rows[certain]], 1)
    every = np.bincount(one.pool[rows], minlength=one.seats.size)
    over = (every > one.seats) & (every > promised)
    missing = sure - set(one.applicant_id.gather(child[rows]))
    found = [
        Finding(
            "admission.draw_guaranteed",
            "error",
            "programs",
            value=one.program_id[at],
            parameters={
                "program": one.program_id[at],
                "seats": int(one.seats[at]),
                "guaranteed": int(every[at]),
            },
        )
        for at in np.flatnonzero(over).tolist()
    ]
    found += [
        Finding("admission.draw_unlisted", "error", "applicants", value=name, parameters={"applicant": name})
        for name in sorted(missing)
    ]
    return promised, found


def _faults(problem: PlanMarket, one: OneList) -> list[Finding]:
    found: list[Finding] = []
    plan = problem.plan
    for at in np.flatnonzero(one.gives >= 0).tolist():
        about = {"reserve": one.reserve_id[at], "program": one.program_id[at]}
        found.append(Finding("admission.draw_after_run", "error", "reserves", parameters=about))
    if plan.zone_lists is not None and plan.zone_lists.lifts and siblings(problem.tables).height:
        about = {"plan": plan.title}
        found.append(Finding("admission.draw_siblings", "error", "families", parameters=about))
    if one.rule is not None:
        found.append(Finding("admission.draw_overlap", "error", "reserves", parameters={"plan": plan.title}))
    if one.blocks:
        found.append(Finding("admission.draw_block", "error", "families", parameters={"plan": plan.title}))
    if one.pairs and one.last_seat == "skip":
        found.append(Finding("admission.draw_skip", "error", "families", parameters={"plan": plan.title}))
    parted = [name for name in (*one.program_id, *one.reserve_id) if "@" in name or ":" in name]
    found += [
        Finding("admission.draw_name_parted", "error", "programs", value=name, parameters={"value": name})
        for name in sorted(set(parted) | ({PRIVATE} & set(one.reserve_id)))
    ]
    return found
