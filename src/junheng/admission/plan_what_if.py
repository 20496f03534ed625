"""What would have been: a plan run again with one child's facts, choices, scores or ticket changed, all
others as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import polars as pl

from junheng.admission.plan_market import market, order_of, run_plan
from junheng.admission.plan_programme import apart
from junheng.model.errors import Refused

if TYPE_CHECKING:
    from junheng.admission.plan_market import PlanMarket, PlanResult

WhatIf = Mapping[str, Any]
PARTS = ("facts", "choices", "ticket")


def rerun(result: PlanResult, applicant_id: str, what_if: WhatIf) -> PlanResult:
    """The result had one child been otherwise. `what_if` holds `facts` (fact or exam subject → value,
    points for subjects), `choices` (batch → programmes, best first; an empty list: no choice) and `ticket`
    (the place in the order of all tickets, from 1). Of bound twins both move: they have one list and one
    ticket.

    Refused `admission.applicant_unknown`, `admission.what_if_part`, `admission.what_if_fact`,
    `admission.what_if_batch`, `admission.what_if_program`, `admission.what_if_place`,
    `admission.lottery_place`; BadData as of `market`.
    """
    problem = result.problem
    if applicant_id not in problem.standing["applicant_id"]:
        raise Refused("admission.applicant_unknown", {"applicant": applicant_id})
    if odd := sorted(set(what_if) - set(PARTS)):
        raise Refused("admission.what_if_part", {"value": ", ".join(odd), "known": ", ".join(PARTS)})
    bound = together(problem, applicant_id)
    tables = dict(problem.tables)
    for name, value in cast("Mapping[str, Any]", what_if.get("facts") or {}).items():
        _fact(problem, tables, applicant_id, name, value)
    for batch, programs in cast("Mapping[str, Sequence[str]]", what_if.get("choices") or {}).items():
        _choices(problem, tables, bound, batch, programs)
    tickets = result.tickets
    if what_if.get("ticket") is not None and apart(problem.plan):
        raise Refused("admission.lottery_place")
    if what_if.get("ticket") is not None:
        tickets = _tickets(result, bound, what_if["ticket"])
    return run_plan(market(tables, problem.plan), tickets)


def together(problem: PlanMarket, applicant_id: str) -> list[str]:
    """The child and, where the plan binds twins, the other one."""
    lists = problem.plan.zone_lists
    if lists is None or lists.twins.mode != "shared_ticket" or "families" not in problem.tables:
        return [applicant_id]
    twins = problem.tables["families"].filter(pl.col("link") == "twins")
    mine = twins.filter(pl.col("applicant_id") == applicant_id)["family_id"]
    others = twins.filter(pl.col("family_id").is_in(mine.implode()))["applicant_id"].to_list()
    return [applicant_id, *(one for one in others if one != applicant_id)]


def moved_to(order: Sequence[str], bound: Sequence[str], place: int) -> list[str]:
    """The order with these children together at a place, from 1."""
    rest = [one for one in order if one not in bound]
    mine = [one for one in order if one in bound]
    return [*rest[: place - 1], *mine, *rest[place - 1 :]]


def _tickets(result: PlanResult, bound: Sequence[str], place: Any) -> pl.DataFrame:
    order = order_of(result.problem, result.tickets)["applicant_id"].to_list()
    if not isinstance(place, int) or isinstance(place, bool) or not 1 <= place <= len(order):
        raise Refused("admission.what_if_place", {"value": str(place), "most": len(order)})
    now = moved_to(order, bound, place)
    moved = pl.DataFrame({"applicant_id": now, "ticket": range(len(now))})
    if "number" not in result.tickets.columns:
        return moved
    return moved.join(result.tickets.select("applicant_id", "number"), on="applicant_id")


def _fact(problem: PlanMarket, tables: dict[str, pl.DataFrame], child: str, name: str, value: Any) -> None:
    score = problem.plan.score
    here = pl.col("applicant_id") == child
    if score is not None and name in tables["exam_scores"]["subject"].unique():
        units = score.units(Fraction(str(value)))
        if units is None:
            raise Refused("admission.what_if_fact", {"field": name, "value": str(value)})
        hit = here & (pl.col("subject") == name)
        points = pl.when(hit).then(pl.lit(units)).otherwise("points").cast(pl.Int64).alias("points")
        tables["exam_scores"] = tables["exam_scores"].with_columns(points)
        return
    people = tables["applicants"]
    if name not in people.columns or name == "applicant_id":
        raise Refused("admission.what_if_fact", {"field": name, "value": str(value)})
    kind = people.schema[name]
    fits = (kind == pl.Boolean and isinstance(value, bool)) or (kind.is_integer() and type(value) is int)
    fits = fits or (kind == pl.Date and isinstance(value, date)) or value is None
    if kind == pl.Date and isinstance(value, str):
        try:
            value, fits = date.fromisoformat(value), True
        except ValueError:
            raise Refused("admission.what_if_fact", {"field": name, "value": value}) from None
    if not fits:  # as text: the plan reads it as it reads a table
        people = people.with_columns(pl.col(name).cast(pl.String))
        value = str(value).lower() if isinstance(value, bool) else str(value)
    tables["applicants"] = people.with_columns(pl.when(here).then(pl.lit(value)).otherwise(name).alias(name))
    if "fact_checks" in tables:
        said = here & (pl.col("fact") == name)
        tables["fact_checks"] = tables["fact_checks"].filter(~said)


def _choices(
    problem: PlanMarket,
    tables: dict[str, pl.DataFrame],
    bound: Sequence[str],
    batch: str,
    programs: Sequence[str],
) -> None:
    batch = "public" if batch == "zone_lists" else batch
    known = [one.id for one in problem.plan.batches] or ["public", "private"]
    if batch not in known:
        raise Refused("admission.what_if_batch", {"value": batch, "known": ", ".join(known)})
    strange = sorted(set(programs) - set(tables["programs"]["program_id"]))
    if strange:
        raise Refused("admission.what_if_program", {"value": ", ".join(strange)})
    rows = tables["applications"]
    of = (pl.col("batch") == batch) if "batch" in rows.columns else pl.lit(True)
    mine = pl.col("applicant_id").is_in(list(bound)) & of
    new = pl.DataFrame(
        {
            "applicant_id": [one for one in bound for _ in programs],
            "choice_rank": [rank for _ in bound for rank in range(1, len(programs) + 1)],
            "program_id": [program for _ in bound for program in programs],
        },
        schema={
            "applicant_id": pl.String,
            "choice_rank": rows.schema["choice_rank"],
            "program_id": pl.String,
        },
    )
    if "batch" in rows.columns:
        new = new.with_columns(pl.lit(batch).alias("batch"))
    kept = rows.filter(mine).drop("choice_rank", "batch", strict=False)
    new = new.join(kept, on=["applicant_id", "program_id"], how="left")
    tables["applications"] = pl.concat([rows.filter(~mine), new.select(rows.columns)])
