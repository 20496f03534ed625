"""Lines of a plan whose public draw proves tickets alone (`draw.proves: tickets`), because no cut-off could
prove what the plan does with them: each child's lists are frozen with her facts, as text, and no choice
stands for the verifier to follow. Tickets are then as public as in any draw; the outcome is worked out from
them by the plan, and again on site by whoever checks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from junheng.model.errors import Refused
from junheng.model.reason import Finding

if TYPE_CHECKING:
    from junheng.admission.plan_market import PlanMarket

LISTED = "lists"
"""The fact that holds a child's lists."""
_NEXT, _PUBLIC = " > ", "public"


def tickets_alone(problem: PlanMarket) -> bool:
    """Whether the plan's draw proves tickets and no outcome."""
    return problem.plan.draw is not None and problem.plan.draw.proves == "tickets"


def ticket_people(problem: PlanMarket) -> pl.DataFrame:
    """`applicant_id, family, identity, …facts, lists` as text, a row for everybody who gets a ticket. Refused
    `admission.not_drawable` for tickets of every programme, whose lists must stand in the lines."""
    plan, tables = problem.plan, problem.tables
    if plan.draw is not None and plan.draw.lottery == "programme":
        found = [Finding("admission.draw_ticket_lines", "error", "draw", parameters={"plan": plan.title})]
        raise Refused("admission.not_drawable", {"plan": plan.title, "count": 1}, found)
    rows = tables["applications"]
    batch = pl.col("batch") if "batch" in rows.columns else pl.lit(_PUBLIC)
    lists = (
        rows.select("applicant_id", batch.alias("batch"), "choice_rank", "program_id")
        .sort("applicant_id", "batch", "choice_rank")
        .group_by("applicant_id", "batch", maintain_order=True)
        .agg(pl.col("program_id").str.join(_NEXT))
        .group_by("applicant_id", maintain_order=True)
        .agg(pl.format("{}: {}", "batch", "program_id").str.join(" / ").alias(LISTED))
    )
    facts = [name for name in plan.facts() if name in problem.standing.columns and name != LISTED]
    traits = sorted({one.trait for one in plan.reserves} & set(problem.standing.columns) - set(facts))
    return (
        problem.standing.select(
            "applicant_id",
            pl.lit("").alias("family"),
            "identity",
            *(pl.col(name).cast(pl.String) for name in (*facts, *traits)),
        )
        .join(lists, on="applicant_id", how="left")
        .with_columns(pl.col(LISTED).fill_null(""))
        .sort("applicant_id")
    )
