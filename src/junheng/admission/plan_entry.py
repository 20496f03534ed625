"""An entry plan run from its lists to the last child: private draw, zone lists, 统筹.

Private losers enter the public lists in the class the plan states; who has no seat after the lists is placed
by least distance. Every child ends placed, waiting or named with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from junheng.admission.eligibility import REFUSED
from junheng.admission.placement_flow import Placement, place
from junheng.admission.plan_lists import Tables, private_lists, public_programs, twin_rules, zone_lists
from junheng.admission.plan_siblings import lift
from junheng.admission.plan_stage import StageOutcome, run_stage
from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.rules.admission_plan import AdmissionPlan


@dataclass(frozen=True, slots=True)
class Placed:
    """统筹: who was placed where (applicant_id, program_id, metres), the flow with its proof, seats that
    would have to be added by programme, the programmes in the flow's order, and the identity each of its
    stages is of (blank: everybody)."""

    rows: pl.DataFrame
    flow: Placement
    extra: dict[str, int]
    program_id: pl.Series
    identities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntryRun:
    """Stages in their order (private, zone_lists) and the placement, None where there was none to make."""

    stages: tuple[StageOutcome, ...]
    placed: Placed | None
    tables: Tables


def run_entry(plan: AdmissionPlan, tables: Tables, standing: pl.DataFrame, order: pl.DataFrame) -> EntryRun:
    """Run an entry plan over checked tables; `order` is applicant_id, ticket, drawn in the order of tickets
    with twins side by side. Where elder siblings lift younger ones the run is repeated until nobody more is
    lifted, once for each grade at most, since grades share no programme; `tables` then hold the lifts."""
    given = tables
    while True:
        done = _run(plan, tables, standing, order)
        lifted = lift(plan, given, standing, done.stages[-1].assignment if done.stages else None)
        if lifted is None or lifted.equals(tables["applications"]):
            return done
        tables = {**given, "applications": lifted}


def _run(plan: AdmissionPlan, tables: Tables, standing: pl.DataFrame, order: pl.DataFrame) -> EntryRun:
    children = standing.filter(pl.col("identity_no") != REFUSED)
    twins = twin_rules(plan, tables, order)
    stages: list[StageOutcome] = []
    taken = lost = pl.Series("applicant_id", [], dtype=pl.String)
    private = private_lists(plan, tables, children, order, twins)
    if private is not None:
        out = run_stage(private.held, private.rules)
        stages.append(out)
        taken = out.assignment["applicant_id"]
        asked = private.held.rows.select("applicant_id").unique()
        lost = asked.join(out.assignment, on="applicant_id", how="anti")["applicant_id"]
    waiting = children.filter(~pl.col("applicant_id").is_in(taken.implode()))
    here = set(taken)  # a pair parted by the private draw is no pair any more
    left = [pair for pair in twins.pairs if (pair[0] in here) == (pair[1] in here)]
    lists = zone_lists(plan, tables, waiting, lost, order, replace(twins, pairs=left))
    filled: Mapping[str, int] = {}
    if lists is not None:
        out = run_stage(lists.held, lists.rules)
        stages.append(out)
        filled = out.filled
        waiting = waiting.join(out.assignment, on="applicant_id", how="anti")
    placed = None
    if plan.placement is not None and waiting.height:
        placed = place_by_distance(plan, tables, filled, waiting, order)
    return EntryRun(tuple(stages), placed, tables)


def place_by_distance(
    plan: AdmissionPlan,
    tables: Tables,
    filled: Mapping[str, int],
    children: pl.DataFrame,
    order: pl.DataFrame,
) -> Placed:
    """统筹 of `children` on the public seats that are not `filled`; by ticket where all else is equal.
    BadData `admission.bad_plan_tables` for a distance that is missing."""
    rule = plan.placement
    assert rule is not None
    programs = public_programs(tables).sort("program_id")
    seats = [max(n - filled.get(one, 0), 0) for one, n in programs.select("program_id", "seats").iter_rows()]
    queue = (
        order.select("applicant_id")
        .join(
            children.select("applicant_id", "home_zone", "address_id", "identity_no"),
            on="applicant_id",
            maintain_order="left",
        )
        .with_row_index("child")
    )
    reach = (
        queue.join(
            tables["zone_programs"].filter(pl.col("ring").is_in(rule.rings)).select("zone_id", "program_id"),
            left_on="home_zone",
            right_on="zone_id",
        )
        .unique(["child", "program_id"])
        .join(programs.select("program_id", "school_id").with_row_index("pool"), on="program_id")
        .join(
            tables["travel"].select("from_id", "to_id", "metres"),
            left_on=["address_id", "school_id"],
            right_on=["from_id", "to_id"],
            how="left",
        )
        .sort("child", "metres", "pool")
    )
    missing = reach.filter(pl.col("metres").is_null())
    if missing.height:
        found = [
            Finding(
                "admission.metres_missing",
                "error",
                table="travel",
                value=one["applicant_id"],
                parameters={"applicant": one["applicant_id"], "school": one["school_id"]},
            )
            for one in missing.iter_rows(named=True)
        ]
        raise BadData("admission.bad_plan_tables", {"count": len(found)}, found)
    child = reach["child"].cast(pl.Int64).to_numpy()
    start = np.searchsorted(child, np.arange(queue.height + 1)).astype(np.int64)
    pool = reach["pool"].cast(pl.Int32).to_numpy()
    metres = reach["metres"].cast(pl.Int64).to_numpy()
    classes = queue["identity_no"].to_numpy() if rule.class_by_class else None
    flow = place(np.array(seats, np.int32), start, pool, metres, limit=rule.limit_m, classes=classes)
    sits = np.flatnonzero(flow.held < start[1:])
    at = flow.held[sits]
    ids = programs["program_id"]
    rows = pl.DataFrame(
        {
            "applicant_id": queue["applicant_id"].gather(sits),
            "program_id": ids.gather(pool[at].astype(np.int64)),
            "metres": metres[at],
        }
    )
    extra = {ids[one]: int(n) for one, n in enumerate(flow.extra) if n}
    named = [""] if classes is None else [plan.identities[at].id for at in np.unique(classes)]
    return Placed(rows, flow, extra, ids, tuple(named))


def day_of(number: int) -> date:
    """The day a field's number stands for."""
    return date.fromordinal(number + date(1970, 1, 1).toordinal())
