"""Levers that change approved seats, as changes to the table of seats in force."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from junheng.forecast.placement import StageRows
from junheng.forecast.plan import SeatChange
from junheng.forecast.problem import Problem
from junheng.forecast.scenarios.levers import Lever
from junheng.model.stages import STAGES

Floats = NDArray[np.float64]


def seat_change(lever: Lever, school: str = "") -> SeatChange:
    """A function that changes approved seats float64[R, H] in place; rows without seats stay without."""

    def change(problem: Problem, rows: StageRows, years: tuple[int, ...], seats: Floats) -> None:
        strength = lever.strength(years)
        inside = _rows(problem, rows, lever, school)
        if lever.kind == "ShareStage":
            _share(lever, rows, inside, strength, seats)
            return
        for r in inside:
            known = np.isfinite(seats[r])
            if lever.kind in ("Relocate", "Open") or (lever.kind == "CapacityChange" and lever.has("seats")):
                wanted = (
                    lever.number("seats") / len(inside) if lever.kind == "Open" else lever.number("seats")
                )
                before = np.where(known, seats[r], wanted)
                seats[r] = before + (wanted - before) * strength
            elif lever.kind == "CapacityChange":
                seats[r] += np.where(known, lever.number("change") * strength, 0.0)
            else:
                added = lever.number("seats", 0.0) + _seats_of_rooms(
                    problem, lever, STAGES[int(rows.stage[r])]
                )
                seats[r] += np.where(known, added / len(inside) * strength, 0.0)
        np.maximum(seats, 0.0, out=seats)

    return change


def _seats_of_rooms(problem: Problem, lever: Lever, stage: str) -> float:
    """Rooms times the standard class size of the year they open; nothing without a rule book."""
    if not lever.has("rooms") or problem.rules is None:
        return 0.0
    standard = problem.rules.at(date(lever.from_year, 9, 1), problem.region)
    if "class_size" not in standard.topics():
        return 0.0
    size = standard["class_size"].get("K3" if stage == "kindergarten" else stage)
    return lever.number("rooms") * (size or 0.0)


def _rows(problem: Problem, rows: StageRows, lever: Lever, school: str) -> list[int]:
    code = school or lever.scope_code
    if school or lever.scope_kind == "school":
        units = np.array([problem.schools.index(code)])
    else:
        units = problem.members(code) if code in problem.areas else np.arange(len(problem.schools))
    stage = lever.text("stage")
    return [
        r
        for r in np.flatnonzero(np.isin(rows.school, units)).tolist()
        if not stage or STAGES[int(rows.stage[r])] == stage
    ]


def _share(lever: Lever, rows: StageRows, inside: list[int], strength: Floats, seats: Floats) -> None:
    """Seats lent by one stage to another, spread over the rows by their seats; the sum is kept."""
    lend = [r for r in inside if STAGES[int(rows.stage[r])] == lever.text("from_stage")]
    take = [r for r in inside if STAGES[int(rows.stage[r])] == lever.text("to_stage")]
    if not lend or not take or not np.isfinite(seats[lend + take]).all():
        return
    have = seats[lend].sum(axis=0)
    amount = np.minimum(lever.number("seats") * strength, have)
    part = np.divide(seats[lend], have, out=np.zeros_like(seats[lend]), where=have > 0)
    seats[lend] -= part * amount
    room = seats[take].sum(axis=0)
    gain = np.divide(seats[take], room, out=np.full_like(seats[take], 1.0 / len(take)), where=room > 0)
    seats[take] += gain * amount
