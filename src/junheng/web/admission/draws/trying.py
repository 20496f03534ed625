"""A trial carried out in the worker: the present casework, a declared seed, perhaps another way beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from junheng import admission
from junheng.admission.plan_inputs import inputs
from junheng.report.admission import worked_plan
from junheng.rules.admission_plan import AdmissionPlan
from junheng.web.admission.draws import casework, plans, sums
from junheng.web.admission.models import Entry
from junheng.web.jobs.models import Job
from junheng.web.workspace import book, region

if TYPE_CHECKING:
    from junheng.admission import PlanMarket, PlanResult

DRAWS = 1000
BAND = 2
"""Tenths in a band of chances."""


def try_out(job: Job, report: Callable[..., None]) -> Mapping[str, Any]:
    """Sums of the trial, never a single child."""
    entry = Entry.objects.get(pk=job.args["entry"])
    report("draws.working_tables", None, None)
    plan = plans.plan_of(entry)
    tables = casework.tables(entry)
    problem = admission.market(inputs(tables, plan, entry.plan_id), plan)
    seed = int(job.args["seed"])
    tickets = worked_plan.trial_tickets(problem, seed)
    report("draws.working_plan", None, None)
    result = admission.run_plan(problem, tickets)
    least = small(entry.year)
    found: dict[str, Any] = {
        "seed": seed,
        "base": sums.whole(result, least),
        "mechanism": plan.zone_lists.mechanism if plan.zone_lists is not None else "",
        "compare": job.args["compare"],
    }
    if other := _other(job, entry, plan):
        problem_other = admission.market(inputs(tables, other, entry.plan_id), other)
        found |= _beside(result, admission.run_plan(problem_other, tickets), least)
    if job.args.get("chances"):
        report("draws.working_chances", None, None)
        found["chances"] = _chances(problem, seed)
    return found


def small(year: int) -> int:
    """The small-count limit in force."""
    return int(book().at(date(year, 9, 1), region()).small_counts["min_n"].number)


def _other(job: Job, entry: Entry, plan: AdmissionPlan) -> AdmissionPlan | None:
    compare = job.args["compare"]
    if compare == "none":
        return None
    if compare == "plan":
        return plans.plan_of(Entry.objects.get(unit=entry.unit, plan_id=job.args["plan"]))
    return plans.with_mechanism(plan, compare)


def _beside(result: PlanResult, other: PlanResult, least: int) -> dict[str, Any]:
    """Another way beside the plan's: its sums, what differs, who is better and worse off by class."""
    compared = result.compare(other)
    told = compared.summary()
    envy, metres = told["justified_envy"], told["metres_p50"]
    moved = compared.tables["moved"].select("applicant_id", "better")
    rows = sums.people(result).join(moved, on="applicant_id", how="left")
    few = rows.group_by("class").len().filter(pl.col("len") < least)["class"].to_list()
    by_class = (
        rows.with_columns(pl.when(pl.col("class").is_in(few)).then(pl.lit("")).otherwise("class").alias("of"))
        .group_by("of")
        .agg(
            pl.len().alias("children"),
            (pl.col("better") == "other").sum().alias("better"),
            (pl.col("better") == "this").sum().alias("worse"),
        )
        .with_columns(same=pl.col("children") - pl.col("better") - pl.col("worse"))
        .sort("of")
    )
    pairs = [("moved", 0, moved.height), ("envy", envy["this"], envy["other"])]
    if metres["this"] is not None and metres["other"] is not None:
        pairs.append(("metres", metres["this"], metres["other"]))
    return {"other": sums.whole(other, least), "moved": by_class.to_dicts(), "pairs": pairs}


def _chances(problem: PlanMarket, seed: int) -> list[dict[str, Any]]:
    """Children who list a programme, by the band of their chance of it."""
    schools = dict(problem.tables["programs"].select("program_id", "school_id").iter_rows())
    frame = admission.chances(problem, draws=DRAWS, seed=seed)
    tenths = (pl.col("share") * 10).floor().clip(0, 9).cast(pl.Int64)
    counted = (
        frame.filter(pl.col("program_id") != "")
        .with_columns((tenths // BAND * BAND).alias("band"))
        .group_by("program_id", "band")
        .len()
        .sort("program_id", "band")
    )
    found: dict[str, dict[str, int]] = {}
    for program, band, n in counted.iter_rows():
        found.setdefault(program, {})[str(band)] = n
    return [
        {"program_id": one, "school_id": schools.get(one, ""), "bands": bands} for one, bands in found.items()
    ]
