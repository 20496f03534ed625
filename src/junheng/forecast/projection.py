"""From a problem to its futures: prepare once, plan, run the central path and the draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.area_level.area_totals import project_areas
from junheng.forecast.cohort_simulation import Noise, Setup, central_path, simulate
from junheng.forecast.housing_yield import housing_children
from junheng.forecast.plan import Plan, settled, setup
from junheng.forecast.preparation import Prepared, prepare
from junheng.forecast.problem import Problem
from junheng.forecast.range_sizes import noise
from junheng.forecast.reconciliation import reconcile, repeat
from junheng.forecast.result import Projection
from junheng.forecast.scenarios.built_in_scenarios import scenario_of
from junheng.forecast.scenarios.lever_effects import apply, new_school
from junheng.forecast.scenarios.levers import Lever, levers_of
from junheng.forecast.scenarios.scenario import Scenario
from junheng.forecast.school_changes import declared_changes
from junheng.model import INPUTS

MEMORY_BYTES = 240_000_000
"""Bytes of draws held at once; a larger region gets fewer draws, and says so."""
FEWEST_DRAWS = 40


def project(problem: Problem, years: int = 15, draws: int = 1000, seed: int = 1) -> Projection:
    """Children and pupils `years` ahead with `draws` futures of one seed; the same inputs give the same
    bytes."""
    if not 1 <= years <= 40:
        raise ValueError("years is 1 to 40")
    if draws < 2:
        raise ValueError("at least two draws")
    if problem.tier == "D":
        return project_areas(problem, years, draws, seed)
    prepared = settled(prepare(problem, years))
    base = base_plan(prepared)
    plain = setup(prepared, base)
    central = central_path(plain)
    held = draws_that_fit(central.shape, draws)
    shocks = noise(prepared, plain, cohorts_path(plain), seed, held, housing_sd(problem))
    return _projection(prepared, base, plain, shocks, Scenario(), central, central, draws, seed, None)


def what_if(base: Projection, scenario: Scenario | object) -> Projection:
    """The same futures under a scenario: a table of `scenario_levers`, a list of levers, or the name of a
    built-in scenario."""
    if isinstance(scenario, str):
        scenario = scenario_of(base.problem, scenario)
    wanted = scenario if isinstance(scenario, Scenario) else Scenario(levers=levers_of(scenario))
    if base.prepared is None:
        from junheng.forecast.area_level.area_totals import what_if_areas  # noqa: PLC0415

        return what_if_areas(base, wanted)
    problem = with_new_schools(base.problem, wanted.levers)
    prepared, base_central = base.prepared, base.base_central
    if problem is not base.problem:
        prepared = settled(prepare(problem, len(base.years)))
        base_central = central_path(setup(prepared, base_plan(prepared)))
    plan = base_plan(prepared, wanted.levers)
    apply(prepared, plan, wanted.levers)
    changed = setup(prepared, plan)
    central = central_path(changed)
    assert base.shocks is not None
    shocks = base.shocks
    if wanted.levers:
        before = cohorts_path(setup(prepared, base_plan(prepared)))
        known = before.sum(axis=(1, 2), keepdims=True) > 0
        reference = np.where(known, before, cohorts_path(changed))
        shocks = noise(prepared, changed, reference, base.seed, base.held, housing_sd(prepared.problem))
    return _projection(
        prepared, plan, changed, shocks, wanted, central, base_central, base.asked, base.seed, base
    )


def cohorts_path(changed: Setup) -> NDArray[np.float64]:
    """Central path float64[U, H, G] of cohorts where they grow: pupils of a closed school still count as
    its own,
    so that their shocks keep their size when they sit elsewhere."""
    return central_path(replace(changed, moves=tuple(move for move in changed.moves if move.entrants)))


def with_new_schools(problem: Problem, levers: tuple[Lever, ...]) -> Problem:
    """The problem with schools that levers open and the table of schools does not have yet."""
    rows = [
        {
            "school_id": new_school(lever), "name": new_school(lever), "kind": lever.text("kind", "211"),
            "area_code": lever.scope_code,
        }
        for lever in levers
        if lever.kind == "Open" and lever.scope_kind == "area" and new_school(lever) not in problem.schools
    ]  # fmt: skip
    if not rows:
        return problem
    table = INPUTS["schools"]
    added = table.conform(pl.DataFrame(rows))
    schools = pl.concat([table.conform(problem.tables["schools"]), added])
    tables = {**problem.tables, "schools": schools}
    return Problem.from_tables(tables, problem.rules, problem.region, problem.origin_year)


def base_plan(prepared: Prepared, levers: tuple[Lever, ...] = ()) -> Plan:
    """What the tables already say will happen: new dwellings, openings, closings, mergers."""
    plan = Plan.neutral(prepared)
    later = [lever for lever in levers if lever.kind == "HousingCompletion" and lever.has("delay_years")]

    def delay(area: str) -> float:
        inside = {"", prepared.problem.region.code, *prepared.problem.ancestors(area)}
        return max(
            (lever.number("delay_years") for lever in later if lever.scope_code in inside), default=0.0
        )

    plan.extra += housing_children(
        prepared.problem, prepared.start, prepared.years, carried_share(prepared), delay
    )
    declared_changes(prepared, plan)
    return plan


def carried_share(prepared: Prepared) -> dict[int, NDArray[np.float64]]:
    """By intake grade, float64[H]: share of the grade below that entry follows through leaver pools."""
    out: dict[int, NDArray[np.float64]] = {}
    for g in np.flatnonzero(prepared.intake.any(axis=0)).tolist():
        if g in prepared.leavers_pools:
            births = 1 if g in prepared.births_pools else 0
            out[g] = prepared.weight[g][births:].sum(axis=0)
        else:
            out[g] = np.zeros(prepared.horizon)
    return out


def housing_sd(problem: Problem) -> float:
    """Log spread of the children new dwellings bring."""
    return float(problem.assumption("housing").get("log_sd", 0.5))


def draws_that_fit(shape: tuple[int, ...], draws: int) -> int:
    """Draws that fit in memory: all of them up to some 2,000 schools."""
    each = int(np.prod(shape)) * 4
    return max(min(draws, MEMORY_BYTES // max(each, 1)), min(draws, FEWEST_DRAWS))


def _projection(
    prepared: Prepared,
    plan: Plan,
    changed: Setup,
    shocks: Noise,
    scenario: Scenario,
    central: NDArray[np.float64],
    base_central: NDArray[np.float64],
    asked: int,
    seed: int,
    base: Projection | None,
) -> Projection:
    problem = prepared.problem
    cells = simulate(changed, shocks).astype(np.float32, copy=False)
    central, base_central = central.copy(), base_central.copy()
    if base is None:
        stages = np.repeat(problem.stage_of_cells()[:, None, :], prepared.horizon, axis=1)
        adjustments = reconcile(problem, prepared.years, stages, cells, central, prepared.totals)
        base_central = central
    else:
        adjustments = base.adjustments
        repeat(problem, adjustments, cells, central)
    return Projection(
        problem=problem,
        scenario=scenario.name,
        levers=scenario.levers,
        years=prepared.years,
        seed=seed,
        asked=asked,
        held=shocks.draws,
        prepared=prepared,
        plan=plan,
        setup=changed,
        shocks=shocks,
        central=central,
        base_central=base_central,
        cells=cells,
        base=base,
        adjustments=adjustments,
    )
