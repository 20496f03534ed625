"""An entry plan run from its lists to the last child: private draw, zone lists, 统筹.

Private losers enter the public lists in the class the plan states; who has no seat after the lists is placed
by least distance. Every child ends placed, waiting or named with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.eligibility import REFUSED
from junheng.admission.families import LastSeat
from junheng.admission.placement_flow import Placement, place
from junheng.admission.plan_stage import StageOutcome, run_stage, stage
from junheng.admission.reserves import Reserve
from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.rules.admission_plan import AdmissionPlan, ZoneLists

UNKNOWN = 1 << 40
"""Stands for an unknown value of an order's field: after every known one."""
_BANDS: Mapping[str, tuple[int, ...]] = {"immediate_acceptance": (1,)}


@dataclass(frozen=True, slots=True)
class Placed:
    """统筹: who was placed where (applicant_id, program_id, metres), the flow with its proof, and seats that
    would have to be added by programme."""

    rows: pl.DataFrame
    flow: Placement
    extra: dict[str, int]


@dataclass(frozen=True, slots=True)
class EntryRun:
    """Stages in their order (private, zone_lists) and the placement, None where there was none to make."""

    stages: tuple[StageOutcome, ...]
    placed: Placed | None


def run_entry(
    plan: AdmissionPlan, tables: Mapping[str, pl.DataFrame], standing: pl.DataFrame, order: pl.DataFrame
) -> EntryRun:
    """Run an entry plan over checked tables; `order` is applicant_id, ticket, drawn in the order of tickets
    with twins side by side."""
    programs = tables["programs"]
    private = programs.filter(pl.col("ownership") == "private")
    public = programs.filter(pl.col("ownership") != "private")
    children = standing.filter(pl.col("identity_no") != REFUSED)
    pairs = _pairs(plan, tables, order)
    last: LastSeat = plan.zone_lists.twins.last_seat if plan.zone_lists is not None else "split"
    stages: list[StageOutcome] = []
    lost = pl.Series("applicant_id", [], dtype=pl.String)
    taken = lost
    if plan.private is not None and private.height:
        rows = _applications(tables, "private", private).join(
            children.select("applicant_id"), on="applicant_id"
        )
        bands = (1,) if plan.private.choices > 1 else ()
        out = run_stage(stage("private", private, order, rows, (), bands), pairs=pairs, last_seat=last)
        stages.append(out)
        taken = out.assignment["applicant_id"]
        lost = (
            rows.select("applicant_id")
            .unique()
            .join(out.assignment, on="applicant_id", how="anti")["applicant_id"]
        )
    waiting = children.filter(~pl.col("applicant_id").is_in(taken.implode()))
    if plan.zone_lists is not None:
        out = _lists(plan, plan.zone_lists, tables, public, waiting, lost, order, pairs)
        stages.append(out)
        waiting = waiting.join(out.assignment, on="applicant_id", how="anti")
    placed = None
    if plan.placement is not None and waiting.height:
        filled = stages[-1].filled if plan.zone_lists is not None else {}
        placed = _place(plan, tables, public, filled, waiting, order)
    return EntryRun(tuple(stages), placed)


def _pairs(
    plan: AdmissionPlan, tables: Mapping[str, pl.DataFrame], order: pl.DataFrame
) -> list[tuple[str, str]]:
    if plan.zone_lists is None or plan.zone_lists.twins.mode == "none" or "families" not in tables:
        return []
    held = (
        order.select("applicant_id")
        .join(tables["families"].filter(pl.col("link") == "twins"), on="applicant_id", maintain_order="left")
        .group_by("family_id", maintain_order=True)
        .agg("applicant_id")
    )
    more = held.filter(pl.col("applicant_id").list.len() > 2)
    if more.height:
        found = [
            Finding("admission.twins_many", "error", "families", value=one, parameters={"family": one})
            for one in more["family_id"]
        ]
        raise BadData("admission.bad_families", {"count": len(found)}, found)
    return [(one[0], one[1]) for one in held["applicant_id"].to_list() if len(one) == 2]


def _applications(tables: Mapping[str, pl.DataFrame], batch: str, programs: pl.DataFrame) -> pl.DataFrame:
    held = tables["applications"].join(programs.select("program_id"), on="program_id")
    return held.filter(pl.col("batch") == batch) if "batch" in held.columns else held


def _lists(
    plan: AdmissionPlan,
    lists: ZoneLists,
    tables: Mapping[str, pl.DataFrame],
    public: pl.DataFrame,
    children: pl.DataFrame,
    lost: pl.Series,
    order: pl.DataFrame,
    pairs: list[tuple[str, str]],
) -> StageOutcome:
    loser = pl.col("applicant_id").is_in(lost.implode())
    if plan.private is not None and plan.private.losers_enter == "placement":
        children = children.filter(~loser)
    numbers = {one.id: at for at, one in enumerate(plan.identities)}
    after = plan.private.losers_after if plan.private is not None else ""
    behind = pl.lit(2 * numbers[after] + 1) if after in numbers else 2 * pl.col("identity_no") + 1
    sure = [at for at, one in enumerate(plan.identities) if one.guaranteed]
    kept = pl.col("identity_no").is_in(sure) & ~loser
    for fact in lists.guaranteed:
        kept = kept | pl.col(fact).fill_null(False)
    children = children.with_columns(
        pl.when(loser).then(behind).otherwise(2 * pl.col("identity_no")).alias("class"),
        kept.alias("kept"),
    )
    rows = _rows(tables, public, children)
    fields = ["guaranteed", *(one for one in lists.order if one != "ticket")]
    rows = rows.with_columns(_ordered(rows, field) for field in fields)
    named = tuple(fields)
    bands = lists.bands or _BANDS.get(lists.mechanism, ())
    if lists.mechanism == "serial_dictatorship":
        named = ("guaranteed",)
    held = stage("zone_lists", public, order, rows, named, bands)
    own = children.filter("kept").select("applicant_id", program_id="own_program_id").drop_nulls()
    reserves, traits = _reserves(plan, tables, public, held.rows, children)
    return run_stage(
        held,
        pairs=pairs,
        last_seat=lists.twins.last_seat,
        reserves=reserves,
        traits=traits,
        guaranteed=own,
    )


def _rows(tables: Mapping[str, pl.DataFrame], public: pl.DataFrame, children: pl.DataFrame) -> pl.DataFrame:
    """Applications of the lists: the own school alone for `own_school`, the list handed in otherwise; who is
    guaranteed has the own school as the last choice."""
    known = [one for one in children.columns if one not in ("choice_rank", "program_id")]
    own = children.filter((pl.col("to") == "own_school") & pl.col("own_program_id").is_not_null()).select(
        "applicant_id", program_id="own_program_id", choice_rank=pl.lit(1, pl.Int64)
    )
    handed = _applications(tables, "public", public).join(
        children.filter(pl.col("to") == "zone_lists").select("applicant_id", "own_program_id", "kept"),
        on="applicant_id",
    )
    at_own = pl.col("program_id") == pl.col("own_program_id")
    cut = pl.col("choice_rank").filter(at_own & pl.col("kept")).min().over("applicant_id")
    handed = handed.filter(cut.is_null() | (pl.col("choice_rank") <= cut))
    extra = [one for one in handed.columns if one in ("distance_m",) or one.startswith("at_")]
    listed = handed.select("applicant_id", "program_id", pl.col("choice_rank").cast(pl.Int64), *extra)
    last = (
        children.filter(
            (pl.col("to") != "own_school") & pl.col("kept") & pl.col("own_program_id").is_not_null()
        )
        .select("applicant_id", program_id="own_program_id")
        .join(listed.select("applicant_id", "program_id"), on=["applicant_id", "program_id"], how="anti")
        .join(listed.group_by("applicant_id").agg(pl.col("choice_rank").max()), on="applicant_id", how="left")
        .with_columns(pl.col("choice_rank").fill_null(0) + 1)
    )
    return (
        pl.concat([own, listed, last.select("applicant_id", "program_id", "choice_rank")], how="diagonal")
        .join(children.select(known), on="applicant_id")
        .with_columns((~(pl.col("kept") & at_own)).cast(pl.Int64).alias("guaranteed"))
    )


def _ordered(rows: pl.DataFrame, field: str) -> pl.Expr:
    """A field of the order as whole numbers, lower first. A column `at_<field>` of the applications goes
    before the child's own."""
    name = "distance_m" if field == "distance" else field.removeprefix("-")
    held = f"at_{name}" if f"at_{name}" in rows.columns else name
    column = pl.col(held)
    kind = rows.schema[held]
    if kind == pl.Boolean:
        value = (~column.fill_null(False)).cast(pl.Int64)
    elif kind == pl.Date:
        value = column.cast(pl.Int32).cast(pl.Int64)
    else:
        value = column.cast(pl.Int64)
    return (-value if field.startswith("-") else value).fill_null(UNKNOWN).alias(field)


def _reserves(
    plan: AdmissionPlan,
    tables: Mapping[str, pl.DataFrame],
    public: pl.DataFrame,
    rows: pl.DataFrame,
    children: pl.DataFrame,
) -> tuple[list[Reserve], dict[str, NDArray[np.bool_]]]:
    """Reserves of the table `reserves`, else the plan's shares of each programme's seats, rounded down."""
    number = {one: at for at, one in enumerate(public.sort("program_id")["program_id"])}
    found: list[Reserve] = []
    if "reserves" in tables:
        for one in tables["reserves"].iter_rows(named=True):
            found.append(
                Reserve(
                    one["reserve_id"],
                    number.get(one["program_id"], -1),
                    one["position"],
                    one["kind"],
                    one["seats"] or 0,
                    one["trait"] or "",
                    one["returns"] or "never",
                )
            )
    else:
        for rule in plan.reserves:
            for program, ownership, seats in public.select("program_id", "ownership", "seats").iter_rows():
                if rule.ownership in ("", ownership):
                    count = int(rule.share * seats)
                    place = rule.position or 0
                    found.append(
                        Reserve(rule.id, number[program], place, rule.kind, count, rule.trait, rule.returns)
                    )
    traits: dict[str, NDArray[np.bool_]] = {}
    for name in {one.trait for one in found if one.kind != "open"}:
        if name in children.columns:
            held = children.filter(pl.col(name).cast(pl.Boolean).fill_null(False))["applicant_id"]
            traits[name] = rows["applicant_id"].is_in(held.implode()).to_numpy()
    return found, traits


def _place(
    plan: AdmissionPlan,
    tables: Mapping[str, pl.DataFrame],
    public: pl.DataFrame,
    filled: Mapping[str, int],
    children: pl.DataFrame,
    order: pl.DataFrame,
) -> Placed:
    rule = plan.placement
    assert rule is not None
    programs = public.sort("program_id")
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
    return Placed(rows, flow, {ids[one]: int(n) for one, n in enumerate(flow.extra) if n})


def day_of(number: int) -> date:
    """The day a field's number stands for."""
    return date.fromordinal(number + date(1970, 1, 1).toordinal())
