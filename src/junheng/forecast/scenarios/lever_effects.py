"""How each lever changes the plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.cohort_simulation import Move
from junheng.forecast.housing_yield import housing_children
from junheng.forecast.plan import Plan
from junheng.forecast.preparation import Prepared
from junheng.forecast.problem import Problem, grades_of_kind
from junheng.forecast.scenarios.levers import Lever
from junheng.forecast.school_changes import close, open_school
from junheng.forecast.seat_balance.seat_changes import seat_change
from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.model.stages import STAGES, entry_age, grade_number, stage_of

Floats = NDArray[np.float64]


def apply(prepared: Prepared, plan: Plan, levers: tuple[Lever, ...]) -> None:
    """Put levers into the plan in order; BadData lists codes and grades the region does not have."""
    faults = [fault for lever in levers for fault in unknown(prepared.problem, lever)]
    if faults:
        raise BadData("levers_invalid", {"count": len(faults)}, faults)
    for lever in levers:
        _APPLY[lever.kind](prepared, plan, lever)


def unknown(problem: Problem, lever: Lever) -> list[Finding]:
    """Names in a lever that the region does not know."""
    faults: list[Finding] = []

    def fault(code: str, name: str, value: str) -> None:
        parameters = {"lever": lever.kind, "id": lever.lever_id, "name": name, "value": value}
        faults.append(Finding(code, "error", "scenario_levers", parameters=parameters))

    areas = {*problem.areas, problem.region.code, *problem.parent.values()}
    if lever.scope_kind == "area" and lever.scope_code not in areas:
        fault("lever_code_unknown", "scope_code", lever.scope_code)
    if lever.scope_kind == "school" and lever.scope_code not in problem.schools:
        fault("lever_code_unknown", "scope_code", lever.scope_code)
    for name in sorted(lever.parameters):
        value = lever.parameters[name]
        if (name == "to" or (name.startswith("to_") and name != "to_stage")) and value not in problem.schools:
            fault("lever_code_unknown", name, value)
        if name in ("stage", "from_stage", "to_stage") and value not in STAGES:
            fault("lever_code_unknown", name, value)
        grades = value.split(",") if name == "grades" else [value] if name == "grade" else []
        for grade in grades:
            if grade.strip() not in problem.grades:
                fault("lever_code_unknown", name, grade)
    return faults


def units_in(problem: Problem, lever: Lever) -> NDArray[np.intp]:
    """Positions of the schools in a lever's scope."""
    if lever.scope_kind == "school":
        return np.array([problem.schools.index(lever.scope_code)], dtype=np.intp)
    if lever.scope_kind == "area" and lever.scope_code in problem.areas:
        return problem.members(lever.scope_code)
    return np.arange(len(problem.schools))


def _births_areas(prepared: Prepared, lever: Lever) -> list[int]:
    assert prepared.births is not None
    areas = prepared.births.areas
    if lever.scope_kind == "region" or lever.scope_code == prepared.problem.region.code:
        return list(range(len(areas)))
    return [p for p, area in enumerate(areas) if lever.scope_code in prepared.problem.ancestors(area)]


def _fertility(prepared: Prepared, plan: Plan, lever: Lever) -> None:
    factor = lever.number("factor")
    births = prepared.births
    if births is not None:
        strength = lever.strength(births.years)
        rows = _births_areas(prepared, lever)
        plan.births[rows] *= 1.0 + (factor - 1.0) * strength[None, :]
        return
    units = units_in(prepared.problem, lever)
    for g, grade in enumerate(prepared.problem.grades):
        late = lever.strength([year - entry_age(grade) for year in prepared.years])
        early = lever.strength([year - entry_age(grade) - 1 for year in prepared.years])
        plan.level[units, :, g] *= 1.0 + (factor - 1.0) * (2.0 * late + early)[None, :] / 3.0


def _births_override(prepared: Prepared, plan: Plan, lever: Lever) -> None:
    births = prepared.births
    if births is None:
        parameters = {"lever": lever.kind, "id": lever.lever_id}
        fault = Finding("lever_needs_births", "error", "scenario_levers", parameters=parameters)
        raise BadData("levers_invalid", {"count": 1}, [fault])
    rows = _births_areas(prepared, lever)
    whole = births.total[rows].sum(axis=0) * 1.0
    for at, year in enumerate(births.years):
        if lever.in_force(year) and whole[at] > 0:
            plan.births[rows, at] = lever.number("births") / whole[at]


def _migration(prepared: Prepared, plan: Plan, lever: Lever) -> None:
    units, strength = units_in(prepared.problem, lever), lever.strength(prepared.years)
    if lever.has("rate"):
        rate = 1.0 + lever.number("rate") * strength
        plan.ratio[units] *= rate[None, :, None]
        plan.entry[units] *= np.cumprod(rate)[None, :, None]
        return
    power = (lever.number("factor") - 1.0) * strength
    ratio = np.where(prepared.ratio[units] > 0, prepared.ratio[units], 1.0)
    plan.ratio[units] *= ratio[:, None, :] ** power[None, :, None]
    for g, pools in prepared.births_pools.items():
        for p, rate in enumerate(pools.rate):
            inside = np.intersect1d(units, np.flatnonzero(pools.units[p]))
            plan.entry[inside, :, g] *= float(rate) ** power[None, :]


def _access(prepared: Prepared, plan: Plan, lever: Lever) -> None:
    units, strength = units_in(prepared.problem, lever), lever.strength(prepared.years)
    for g, grade in enumerate(prepared.problem.grades):
        if not lever.has("stage") or stage_of(grade, prepared.problem.region.school_system) == lever.text(
            "stage"
        ):
            plan.entry[units, :, g] *= 1.0 + lever.number("share") * strength[None, :]


def _yield(prepared: Prepared, plan: Plan, lever: Lever) -> None:
    units, strength = units_in(prepared.problem, lever), lever.strength(prepared.years)
    g = prepared.problem.grades.index(lever.text("grade", "G01"))
    plan.entry[units, :, g] *= 1.0 + (lever.number("factor") - 1.0) * strength[None, :]


def _vocational(prepared: Prepared, plan: Plan, lever: Lever) -> None:
    grades = prepared.problem.grades
    if "G10" not in grades:
        return
    g = grades.index("G10")
    factor = lever.number("factor")
    if lever.has("share"):
        pool = prepared.leavers_pools.get(g)
        now = float(np.mean(pool.rate * (1.0 - pool.outside))) if pool is not None else float("nan")
        factor = lever.number("share") / now if np.isfinite(now) and now > 0 else 1.0
    strength = lever.strength(prepared.years)
    plan.entry[:, :, g] *= 1.0 + (factor - 1.0) * strength[None, :]


def _housing(prepared: Prepared, plan: Plan, lever: Lever) -> None:
    if lever.has("delay_years"):
        return
    problem = prepared.problem
    project = pl.DataFrame(
        {
            "project_id": [f"lever {lever.lever_id}"],
            "area_code": [lever.scope_code or problem.region.code],
            "kind": [lever.text("kind", "commercial")],
            "dwellings": [int(lever.number("dwellings"))],
            "handover_year": [lever.from_year],
            "status": ["completed"],
        }
    )
    from junheng.forecast.projection import carried_share  # noqa: PLC0415

    alone = replace(problem, tables={**problem.tables, "housing": project})
    plan.extra += housing_children(alone, prepared.start, prepared.years, carried_share(prepared))


def _shift(prepared: Prepared, plan: Plan, lever: Lever) -> None:
    """FeederShift and BoundaryShift: a share of entrants goes to another school."""
    problem = prepared.problem
    to = problem.schools.index(lever.text("to"))
    donors = [int(u) for u in units_in(problem, lever) if u != to]
    grade = lever.text("grade") or _first_grade(problem, to)
    g = problem.grades.index(grade)
    donors = [u for u in donors if prepared.intake[u, g]]
    if not donors:
        return
    for h, strength in enumerate(lever.strength(prepared.years)):
        if strength > 0:
            part = lever.number("share") * float(strength)
            plan.moves.append(Move(h, tuple(donors), (to,), (1.0,), (g,), part, True, h))


def _first_grade(problem: Problem, school: int) -> str:
    allowed = grades_of_kind(problem.kinds[school], problem.systems[school])
    return next(grade for grade in problem.grades if grade in allowed and grade != "K0")


def _boarding(prepared: Prepared, plan: Plan, lever: Lever) -> None:
    """A share of pupils of the scope sits in the boarding school: all years, by grade."""
    problem = prepared.problem
    to = problem.schools.index(lever.text("to"))
    wanted = [grade.strip() for grade in lever.text("grades").split(",") if grade.strip()]
    share, first = lever.number("share"), max(lever.from_year - prepared.years[0], 0)
    last = 999 if lever.to_year is None else lever.to_year - prepared.years[0]
    for g, grade in enumerate(problem.grades):
        if (wanted and grade not in wanted) or not (
            prepared.start[to, g] > 0 or prepared.stepped[to, g] or prepared.intake[to, g]
        ):
            continue
        donors = tuple(int(u) for u in units_in(problem, lever) if u != to and prepared.start[u, g] > 0)
        if donors:
            plan.moves.append(Move(first, donors, (to,), (1.0,), (g,), share, last_lead=last))


def _structure(prepared: Prepared, plan: Plan, lever: Lever) -> None:
    """Cohorts keep their schools; the stage under which their grade counts changes."""
    problem, system = prepared.problem, lever.text("system")
    if plan.stage is None:
        plan.stage = np.repeat(problem.stage_of_cells()[:, None, :], prepared.horizon, axis=1)
    cohort = lever.number("cohort", -1.0)
    for u in units_in(problem, lever):
        if problem.special(int(u)):
            continue
        for g, grade in enumerate(problem.grades):
            for h, year in enumerate(prepared.years):
                if lever.in_force(year) and year - (grade_number(grade) - 1) >= cohort:
                    plan.stage[u, h, g] = STAGES.index(stage_of(grade, system))


def _close(prepared: Prepared, plan: Plan, lever: Lever) -> None:
    problem = prepared.problem
    heirs = {
        problem.schools.index(value): 1.0
        for name, value in sorted(lever.parameters.items())
        if name == "to" or name.startswith("to_")
    }
    u = problem.schools.index(lever.scope_code)
    close(prepared, plan, u, lever.from_year, heirs, to_year=lever.to_year or 9999)


def new_school(lever: Lever) -> str:
    """Id of a school that a lever opens in an area."""
    return lever.text("school_id") or f"new {lever.scope_code} {lever.lever_id}".strip()


def _open(prepared: Prepared, plan: Plan, lever: Lever) -> None:
    problem = prepared.problem
    code = lever.scope_code if lever.scope_kind == "school" else new_school(lever)
    u = problem.schools.index(code)
    names = [name.strip() for name in lever.text("donors").split(",") if name.strip()]
    donors = [problem.schools.index(name) for name in names] or None
    open_school(
        prepared, plan, u, lever.from_year, lever.number("seats"), donors, int(lever.number("phase_in", 1.0))
    )
    plan.seats.append(seat_change(lever, code))


def _seats(prepared: Prepared, plan: Plan, lever: Lever) -> None:
    del prepared
    plan.seats.append(seat_change(lever))


def _nothing(prepared: Prepared, plan: Plan, lever: Lever) -> None:
    """Read by the seats room: no child moves."""
    del prepared, plan, lever


_APPLY: dict[str, Callable[[Prepared, Plan, Lever], None]] = {
    "FertilityShift": _fertility,
    "BirthsOverride": _births_override,
    "MigrationShift": _migration,
    "MigrantAccess": _access,
    "YieldShift": _yield,
    "VocationalSplit": _vocational,
    "HousingCompletion": _housing,
    "FeederShift": _shift,
    "BoundaryShift": _shift,
    "Boarding": _boarding,
    "GradeStructure": _structure,
    "Close": _close,
    "Merge": _close,
    "Open": _open,
    "Relocate": _seats,
    "Expand": _seats,
    "CapacityChange": _seats,
    "ShareStage": _seats,
    "ClassSize": _nothing,
    "ElasticClasses": _nothing,
}
