"""Demand that finds a seat: schools fill to their approved seats, the rest looks in the same area, then
waits.

Children already sitting in a school are not turned out: until their cohorts have left, a school's limit
is the
larger of its approved seats and the pupils it had at the origin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.forecast.problem import Problem
from junheng.model.stages import STAGES, grades_of

Floats = NDArray[np.float64]
NO_LIMIT = np.inf


@dataclass(frozen=True)
class StageRows:
    """One row for each school and stage it teaches: school positions, stage positions in STAGES, int[R]."""

    school: NDArray[np.intp]
    stage: NDArray[np.intp]

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """(school, stage) of every row."""
        return list(zip(self.school.tolist(), self.stage.tolist(), strict=True))

    def of(self, school: int, stage: int) -> int | None:
        """Row of a school's stage, or None."""
        found = np.flatnonzero((self.school == school) & (self.stage == stage))
        return int(found[0]) if found.size else None


def stage_rows(cell_stage: NDArray[np.intp], pupils: Floats) -> StageRows:
    """Rows where any year has pupils. cell_stage: int[U, H, G]; pupils: float64[U, H, G]."""
    schools: list[int] = []
    stages: list[int] = []
    for u in range(len(cell_stage)):
        for s in np.unique(cell_stage[u][pupils[u] > 0]).tolist():
            schools.append(u)
            stages.append(s)
    return StageRows(np.array(schools, dtype=np.intp), np.array(stages, dtype=np.intp))


def approved_seats(problem: Problem, rows: StageRows, years: tuple[int, ...]) -> Floats:
    """float64[R, H]: approved seats in force each year; infinite where the table says nothing.

    A row of `seats` holds until the next one; closed seats are zero.
    """
    out = np.full((len(rows.school), len(years)), NO_LIMIT)
    table = problem.table("seats")
    if table is None or "seats_approved" not in table.columns:
        return out
    index = {(problem.schools[u], STAGES[s]): r for r, (u, s) in enumerate(rows.pairs)}
    status = "status" in table.columns
    for row in table.sort("school_id", "stage", "year").iter_rows(named=True):
        at = index.get((row["school_id"], row["stage"]))
        if at is None:
            continue
        seats = 0.0 if status and row["status"] == "closed" else row["seats_approved"]
        if seats is None:
            continue
        out[at, max(0, row["year"] - years[0]) :] = float(seats)
    return out


def limits(
    problem: Problem, rows: StageRows, seats: Floats, start: Floats, cell_stage: NDArray[np.intp]
) -> Floats:
    """float64[R, H]: how many each row can place, given who sits there already. cell_stage: int[U, G]."""
    out = seats.copy()
    for r, (u, s) in enumerate(rows.pairs):
        sitting = float(start[u][cell_stage[u] == s].sum())
        length = max(len(grades_of(STAGES[s], problem.systems[u])), 1)
        out[r, :length] = np.maximum(out[r, :length], np.where(out[r, :length] > 0, sitting, 0.0))
    return out


def place(
    demand: NDArray[np.floating], limit: Floats, rows: StageRows, area_of: NDArray[np.intp]
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """(placed [R, H, D], waiting [R, H, D]) from demand [R, H, D]: placed may exceed a row's own demand.

    Waiting children stay with the school they wanted. Sums over an area and stage are kept.
    """
    room = limit[:, :, None]
    placed = np.minimum(demand, room).astype(demand.dtype)
    over = demand - placed
    waiting = over.copy()
    if not over.any():
        return placed, waiting
    group = area_of[rows.school] * len(STAGES) + rows.stage
    for code in np.unique(group[over.any(axis=(1, 2))]):
        inside = np.flatnonzero(group == code)
        free = np.where(np.isfinite(room[inside]), room[inside] - placed[inside], 0.0)
        free = np.maximum(free, 0.0)
        need, have = over[inside].sum(axis=0), free.sum(axis=0)
        taken = np.minimum(need, have)
        part_in = np.divide(taken, have, out=np.zeros_like(taken), where=have > 0)
        part_out = np.divide(taken, need, out=np.zeros_like(taken), where=need > 0)
        placed[inside] += (free * part_in[None]).astype(demand.dtype)
        waiting[inside] -= (over[inside] * part_out[None]).astype(demand.dtype)
    return placed, np.maximum(waiting, 0)
