"""Schools that open, close or merge after the origin: where their pupils go and who fills them.

A closing school's pupils follow the shares the tables give, else go to schools of the same area teaching the
grade, by size. A new school fills upward from its first grade, drawing entrants from the schools of its
area in
proportion, up to its seats or to the mean of its sisters. No child is made or lost.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.cohort_simulation import Move, central_path
from junheng.forecast.plan import Plan, setup
from junheng.forecast.preparation import Prepared
from junheng.forecast.problem import Problem, grades_of_kind
from junheng.model.stages import grades_of, stages_of_kind

Floats = NDArray[np.float64]


def declared_changes(prepared: Prepared, plan: Plan) -> None:
    """Put the openings, closings and mergers that the tables date after the origin into `plan`."""
    problem, origin = prepared.problem, prepared.problem.origin_year
    for u, school in enumerate(problem.schools):
        if origin < problem.closed[u] < 9000 and prepared.start[u].any():
            close(prepared, plan, u, int(problem.closed[u]), _heirs(problem, school))
    events = problem.table("school_events")
    if events is not None:
        for row in events.filter(pl.col("year") > origin).sort("year", "school_id").iter_rows(named=True):
            u = problem.schools.index(row["school_id"])
            if row["event"] in ("close", "merge") and not origin < problem.closed[u] < 9000:
                close(prepared, plan, u, int(row["year"]), _heirs(problem, row["school_id"]))
    opening = [
        (int(year), u)
        for u, year in enumerate(_opening_years(problem))
        if year > origin and not prepared.start[u].any() and year <= prepared.years[-1]
    ]
    for year, u in sorted(opening):
        open_school(prepared, plan, u, year)


def _opening_years(problem: Problem) -> list[int]:
    """First year of each school not yet open: from `schools`, else from seats still to open; 0 if none."""
    years = [int(year) for year in problem.opened]
    seats = problem.table("seats")
    if seats is not None and "status" in seats.columns:
        due = seats.filter(
            pl.col("status").is_in(["approved", "building"]) & (pl.col("year") > problem.origin_year)
        )
        for school, year in due.group_by("school_id").agg(pl.col("year").min()).sort("school_id").iter_rows():
            u = problem.schools.index(school)
            years[u] = years[u] if years[u] > problem.origin_year else int(year)
    return years


def _heirs(problem: Problem, school: str) -> dict[int, float]:
    """Schools that a closing school's pupils go to, with shares, from `school_events`."""
    events = problem.table("school_events")
    if events is None:
        return {}
    rows = events.filter(
        (pl.col("school_id") == school)
        & pl.col("event").is_in(["close", "merge"])
        & (pl.col("year") > problem.origin_year)
        & pl.col("other_school_id").is_in(list(problem.schools))
    )
    out: dict[int, float] = {}
    for row in rows.sort("other_school_id").iter_rows(named=True):
        share = row.get("share")
        out[problem.schools.index(row["other_school_id"])] = 1.0 if share is None else float(share)
    return {heir: share for heir, share in out.items() if share > 0}


def close(
    prepared: Prepared, plan: Plan, school: int, year: int, heirs: dict[int, float] | None = None,
    grades: Sequence[str] | None = None, to_year: int = 9999,
) -> None:  # fmt: skip
    """From `year` on nobody sits in `school` (or in `grades` of it): each grade goes to schools that
    teach it."""
    first = year - prepared.years[0]
    taught = teaches(prepared, plan)
    for g, grade in enumerate(prepared.problem.grades):
        if grades is not None and grade not in grades:
            continue
        receivers = {u: w for u, w in (heirs or {}).items() if taught[u, g] and u != school}
        if heirs and not receivers:
            receivers = {u: w for u, w in heirs.items() if u != school}
        if not receivers:
            receivers = _neighbours(prepared, taught, school, g, year)
        if receivers:
            plan.moves.append(
                Move(
                    max(first, 0), (school,), tuple(receivers), tuple(receivers.values()), (g,), 1.0,
                    last_lead=to_year - prepared.years[0],
                )
            )  # fmt: skip


def teaches(prepared: Prepared, plan: Plan) -> NDArray[np.bool_]:
    """bool[U, G]: taught at the origin or under the plan."""
    return (prepared.start > 0) | prepared.intake | prepared.stepped | plan.stepped


def _neighbours(
    prepared: Prepared, taught: NDArray[np.bool_], school: int, g: int, year: int
) -> dict[int, float]:
    problem = prepared.problem
    for code in [*problem.ancestors(problem.areas[int(problem.area_of[school])]), ""]:
        members = problem.members(code) if code in problem.areas else np.arange(len(problem.schools))
        found = {
            int(u): max(float(prepared.start[u, g]), 1.0)
            for u in members
            if u != school and taught[u, g] and problem.closed[u] > year and prepared.start[u].any()
        }
        if found:
            return found
    return {}


def open_school(
    prepared: Prepared,
    plan: Plan,
    school: int,
    year: int,
    seats: float | None = None,
    donors: Sequence[int] | None = None,
    phase_in: int = 1,
) -> None:
    """A school fills from its first grade of each stage with entrants of its area's schools.

    seats: places of the whole school (default: `seats`, else none known). donors: schools it draws from
    (default: those of its area, or of the first area above that has some). phase_in: years until the first
    grade is full. Fractions are set on the central path of the plan so far.
    """
    problem = prepared.problem
    kind, system = problem.kinds[school], problem.systems[school]
    allowed = grades_of_kind(kind, system)
    stages = [s for s in stages_of_kind(kind) if s != "special"]
    for g, grade in enumerate(problem.grades):
        if grade in allowed and grade != "K0" and g > 0 and problem.grades[g - 1] in allowed - {"K0"}:
            plan.stepped[school, g] = True
    central = central_path(setup(prepared, plan))
    capacity = seats if seats is not None else _seats(problem, school)
    for stage in stages[:1]:
        grades = [g for g in grades_of(stage, system) if g != "K0" and g in problem.grades]
        if not grades:
            continue
        g = problem.grades.index(grades[0])
        sisters = list(donors) if donors is not None else _sisters(prepared, school, g)
        sisters = [u for u in sisters if prepared.intake[u, g] and u != school]
        if not sisters:
            continue
        places = capacity / max(len([x for x in allowed if x in problem.grades and x != "K0"]), 1)
        for h in range(max(year - prepared.years[0], 0), prepared.horizon):
            entering = float(central[sisters, h, g].sum())
            mean = entering / len(sisters)
            wanted = mean if capacity <= 0 else places
            wanted *= min(1.0, (h - (year - prepared.years[0]) + 1) / max(phase_in, 1))
            fraction = min(wanted / entering, 0.95) if entering > 0 else 0.0
            if fraction > 0:
                plan.moves.append(Move(h, tuple(sisters), (school,), (1.0,), (g,), fraction, True, h))


def _sisters(prepared: Prepared, school: int, g: int) -> list[int]:
    problem = prepared.problem
    for code in [*problem.ancestors(problem.areas[int(problem.area_of[school])]), ""]:
        members = problem.members(code) if code in problem.areas else np.arange(len(problem.schools))
        found = [int(u) for u in members if u != school and prepared.intake[u, g]]
        if found:
            return found
    return []


def _seats(problem: Problem, school: int) -> float:
    seats = problem.table("seats")
    if seats is None or "seats_approved" not in seats.columns:
        return 0.0
    rows = seats.filter(
        (pl.col("school_id") == problem.schools[school]) & pl.col("seats_approved").is_not_null()
    ).sort("year")
    by_stage = rows.group_by("stage", maintain_order=True).agg(pl.col("seats_approved").last())
    return float(by_stage["seats_approved"].sum() or 0.0)
