"""The lists of an entry plan as stages: the private draw, and the lists over the programmes of a zone.

Applications get their fields here (class, sibling, distance, …), twins and reserves their rules; nobody is
admitted yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.admission.plan_programme import placed, refuse_twins
from junheng.admission.plan_stage import Rules, Stage, stage
from junheng.admission.reserves import Reserve
from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.rules.admission_plan import AdmissionPlan

Tables = Mapping[str, pl.DataFrame]
UNKNOWN = 1 << 40
"""Stands for an unknown value of an order's field: after every known one."""
_BANDS: Mapping[str, tuple[int, ...]] = {"immediate_acceptance": (1,)}


@dataclass(frozen=True, slots=True)
class StageProblem:
    """A stage and the rules it runs by."""

    held: Stage
    rules: Rules


def private_lists(
    plan: AdmissionPlan, tables: Tables, children: pl.DataFrame, order: pl.DataFrame, rules: Rules
) -> StageProblem | None:
    """The private draw over `children`; None where the plan or the tables have none."""
    private = tables["programs"].filter(pl.col("ownership") == "private")
    if plan.private is None or not private.height:
        return None
    rows = _applications(tables, "private", private).join(children.select("applicant_id"), on="applicant_id")
    rows, by_lot = placed(plan, tables, rows)
    bands = (1,) if plan.private.choices > 1 else ()
    return StageProblem(stage("private", private, order, rows, by_lot, bands), replace(rules, blocks=()))


def zone_lists(
    plan: AdmissionPlan,
    tables: Tables,
    children: pl.DataFrame,
    lost: pl.Series,
    order: pl.DataFrame,
    rules: Rules,
) -> StageProblem | None:
    """The lists over public programmes of `children`, of whom `lost` come from the private draw; None where
    the plan has none."""
    lists = plan.zone_lists
    if lists is None:
        return None
    public = public_programs(tables)
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
    else:
        rows, by_lot = placed(plan, tables, rows)
        named = (*named, *by_lot)
    held = stage("zone_lists", public, order, rows, named, bands)
    own = children.filter("kept").select("applicant_id", program_id="own_program_id").drop_nulls()
    reserves, traits = _reserves(plan, tables, public, held.rows, children)
    overlap = plan.overlap == "meritorious"
    mine = replace(rules, reserves=reserves, traits=traits, guaranteed=own, overlap=overlap)
    return StageProblem(held, mine)


def public_programs(tables: Tables) -> pl.DataFrame:
    """Programmes that are not private."""
    return tables["programs"].filter(pl.col("ownership") != "private")


def twin_rules(plan: AdmissionPlan, tables: Tables, order: pl.DataFrame) -> Rules:
    """How bound twins are dealt with. BadData `admission.bad_families` for a family of more than two that
    shares a ticket."""
    if plan.zone_lists is None or plan.zone_lists.twins.mode == "none" or "families" not in tables:
        return Rules()
    held = (
        order.select("applicant_id")
        .join(tables["families"].filter(pl.col("link") == "twins"), on="applicant_id", maintain_order="left")
        .group_by("family_id", maintain_order=True)
        .agg("applicant_id")
    )
    if plan.zone_lists.twins.mode == "block":
        groups = [tuple(one) for one in held["applicant_id"].to_list() if len(one) > 1]
        return Rules(blocks=groups)
    more = held.filter(pl.col("applicant_id").list.len() > 2)
    if more.height:
        found = [
            Finding("admission.twins_many", "error", "families", value=one, parameters={"family": one})
            for one in more["family_id"]
        ]
        raise BadData("admission.bad_families", {"count": len(found)}, found)
    bound = [(one[0], one[1]) for one in held["applicant_id"].to_list() if len(one) == 2]
    refuse_twins(plan, len(bound))
    return Rules(pairs=bound, last_seat=plan.zone_lists.twins.last_seat)


def _applications(tables: Tables, batch: str, programs: pl.DataFrame) -> pl.DataFrame:
    held = tables["applications"].join(programs.select("program_id"), on="program_id")
    return held.filter(pl.col("batch") == batch) if "batch" in held.columns else held


def _rows(tables: Tables, public: pl.DataFrame, children: pl.DataFrame) -> pl.DataFrame:
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
    if held != name and name in rows.columns and rows.schema[name] == kind:
        column = pl.coalesce(held, name)
    if kind == pl.Boolean:
        value = (~column.fill_null(False)).cast(pl.Int64)
    elif kind == pl.Date:
        value = column.cast(pl.Int32).cast(pl.Int64)
    else:
        value = column.cast(pl.Int64)
    return (-value if field.startswith("-") else value).fill_null(UNKNOWN).alias(field)


def _reserves(
    plan: AdmissionPlan,
    tables: Tables,
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
        for at, rule in enumerate(sorted(plan.reserves, key=lambda one: one.position or 0), start=1):
            for program, ownership, seats in public.select("program_id", "ownership", "seats").iter_rows():
                if rule.ownership in ("", ownership):
                    count = int(rule.share * seats)
                    place = at if plan.overlap == "meritorious" else rule.position or 0
                    found.append(
                        Reserve(rule.id, number[program], place, rule.kind, count, rule.trait, rule.returns)
                    )
    traits: dict[str, NDArray[np.bool_]] = {}
    for name in {one.trait for one in found if one.kind != "open"}:
        if name in children.columns:
            held = children.filter(pl.col(name).cast(pl.Boolean).fill_null(False))["applicant_id"]
            own, at = rows["applicant_id"].is_in(held.implode()), f"at_{name}"
            if at in rows.columns:  # held at the school applied to
                own = rows.select(pl.coalesce(at, own.alias("own")))[at]
            traits[name] = own.to_numpy()
    return found, traits
