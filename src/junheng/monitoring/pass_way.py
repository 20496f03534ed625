"""The shortest way to pass: gaps, the cheapest plan, what breaks when, order and budget, checked by
assessing anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import polars as pl

from junheng.monitoring.assessment import assess
from junheng.monitoring.assessment_result import OF_COUNTY, OF_SCHOOL, AssessmentResult
from junheng.monitoring.pass_budget import fund
from junheng.monitoring.pass_county import BASE, PassCase, pass_case
from junheng.monitoring.pass_plan import CountyPlan, county_plan
from junheng.monitoring.pass_result import PassPlan
from junheng.monitoring.pass_tables import planned_tables
from junheng.monitoring.quality_balance import ruled
from junheng.monitoring.status import MET, UNMET
from junheng.monitoring.teacher_roll import with_roll
from junheng.rules import Standards


def plan_to_pass(
    tables: Mapping[str, pl.DataFrame],
    assessed: AssessmentResult,
    levers: pl.DataFrame | None = None,
    *,
    law: Standards,
    horizon: Sequence[int] = (),
    budget: float | None = None,
    scenario: str = BASE,
    verify: bool = True,
) -> PassPlan:
    """The cheapest measures with which every school passes and every coefficient is within its line.

    levers: rows of `improvement_levers`; None takes those of `tables`, and without any, unpriced measures
    with fewest new teachers first, then ㎡, rooms, yuan. horizon: later school years the plan must hold in
    as well, under the central and the upper path of `forecast_enrolment`. budget: yuan. With `verify` the
    assessment is made anew on the tables as they would be (it judges this year; later years are checked
    in the plan itself). Refused and BadData as `pass_case` says; a plan that cannot pass is returned with
    status `infeasible`.
    """
    tables = with_roll(tables, assessed.year, law)
    chosen = tables.get("improvement_levers") if levers is None else levers
    case = pass_case(tables, assessed, chosen, law, horizon, scenario)
    plan = county_plan(case.county)
    funding = fund(plan, None if budget is None else Fraction(str(budget)))
    result = PassPlan(assessed.assessment.id, assessed.year, case, plan, funding)
    if not verify or plan.status == "infeasible":
        return result
    failed, unknown = _assessed_anew(tables, assessed, law, case, plan)
    return replace(result, verified=tuple(failed), unknown=tuple(unknown))


def _assessed_anew(
    tables: Mapping[str, pl.DataFrame],
    assessed: AssessmentResult,
    law: Standards,
    case: PassCase,
    plan: CountyPlan,
) -> tuple[list[str], list[str]]:
    """Schools and coefficients an assessment of the planned tables finds unmet, and those it cannot judge for
    want of data; a stage nobody teaches has no coefficient."""
    planned = planned_tables(tables, case, plan.steps, plan.gifts, assessed.year, assessed.region)
    again = assess(planned, assessed.assessment, year=assessed.year, law=law, region=assessed.region)
    items = {item.id for item in ruled(assessed.assessment)}
    coefficients = {name for name in again.assessment.indicators() if law.indicator(name).measure == "cv"}
    found = [
        (f"{row.area}/{row.stage} {row.status_reason}", row.status)
        for row in again.results
        if row.level == OF_SCHOOL
    ]
    found += [
        (f"{row.item}/{row.stage} {row.status}", row.status)
        for row in again.items
        if row.level == OF_COUNTY
        and row.stage in case.county.stages
        and (row.item in items or row.indicator in coefficients)
    ]
    failed = [name for name, status in found if status == UNMET]
    return failed, [name for name, status in found if status not in (MET, UNMET)]
