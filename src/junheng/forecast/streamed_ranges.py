"""Ranges of a large region from all draws asked for, though fewer are kept: year by year, exact.

A year is simulated for all draws, its quantiles are taken (cells, schools, areas, region), and it is dropped.
Official control totals need the draws of the whole region at once; with them the draws kept are used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast import placement
from junheng.forecast.certainty import weighted
from junheng.forecast.enrolment_rows import EnrolmentRows, taught_cells
from junheng.forecast.quantiles import summarise
from junheng.forecast.range_sizes import widened
from junheng.forecast.streamed_draws import YearCells, yearly
from junheng.model.stages import STAGES
from junheng.model.tables.forecast_outputs import QUANTILES

if TYPE_CHECKING:
    from junheng.forecast.result import Projection

Draws = NDArray[np.float32]
_BLOCK = 1000
"""Rows whose draws are sorted at once: bounds the copy."""


def streams(p: Projection) -> bool:
    """Whether ranges come from more draws than are kept."""
    return p.prepared is not None and p.held < p.asked and not p.adjustments


@dataclass(frozen=True)
class _Group:
    """An area or the region in one stage. rows: int[N] of `p.rows`. grades: positions with pupils."""

    kind: str
    code: str
    stage: int
    rows: NDArray[np.intp]
    schools: NDArray[np.intp]
    grades: tuple[int, ...]
    values: Draws
    placed: Draws


def _pair(count: int, horizon: int) -> tuple[Draws, Draws]:
    shape = (count, horizon, len(QUANTILES))
    return np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)


def streamed_table(p: Projection) -> pl.DataFrame:
    """`forecast_enrolment` from `p.asked` draws, in the order of the table."""
    from junheng.forecast.projection import housing_sd  # noqa: PLC0415 - the arrow runs the other way at import

    assert p.prepared is not None and p.setup is not None and p.shocks is not None
    horizon = len(p.years)
    shocks = widened(p.prepared, p.shocks, p.seed, p.asked, housing_sd(p.problem))
    limit = placement.limits(
        p.problem, p.rows, p.seats_approved, p.prepared.start, p.problem.stage_of_cells()
    )
    groups = _groups(p)
    whole, whole_placed = _pair(len(p.rows.school), horizon)
    cells = np.array(taught_cells(p), dtype=np.intp).reshape(-1, 2)
    each, each_placed = _pair(len(cells), horizon)
    for year in yearly(p.setup, shocks):
        h = year.lead
        demand = _stages(p, year)
        found = demand
        if (demand.max(axis=1) > limit[:, h]).any():
            found = placement.place(demand[:, None], limit[:, h : h + 1], p.rows, p.problem.area_of)[0][:, 0]
        same = np.array([np.array_equal(a, b) for a, b in zip(demand, found, strict=True)], dtype=np.bool_)
        for group in groups:
            _fill_group(p, group, year, demand, found)
        for g in range(len(p.problem.grades)):
            _fill_cells(
                p, np.flatnonzero(cells[:, 1] == g), cells, year, (demand, found, same), each, each_placed
            )
        for begin in range(0, len(demand), _BLOCK):
            part = slice(begin, begin + _BLOCK)
            limited = np.flatnonzero(~same[part]) + begin
            placed = summarise(found[limited]) if limited.size else None
            whole[part, h] = summarise(demand[part].copy())
            whole_placed[part, h] = whole[part, h]
            if placed is not None:
                whole_placed[limited, h] = placed
        del demand, found
    return _frame(p, groups, (whole, whole_placed), cells, (each, each_placed))


def _stages(p: Projection, year: YearCells) -> Draws:
    """float32[R, D]: pupils by school and stage in one year."""
    out = np.zeros((len(p.rows.school), p.asked), dtype=np.float32)
    for g, units in enumerate(year.units):
        if not units.size:
            continue
        at = year.at[g, p.rows.school]
        taught = np.flatnonzero((at >= 0) & (p.cell_stage[p.rows.school, year.lead, g] == p.rows.stage))
        out[taught] += year.draws[g][at[taught]]
    return out


def _groups(p: Projection) -> list[_Group]:
    problem, found = p.problem, list[_Group]()
    units = [("area", area, problem.members(area)) for area in problem.areas_below]
    units = [unit for unit in units if unit[2].size]
    units.append(("region", problem.region.code, np.arange(len(problem.schools))))
    for kind, code, members in units:
        inside = np.isin(p.rows.school, members)
        for s in np.unique(p.rows.stage[inside]).tolist():
            rows = np.flatnonzero(inside & (p.rows.stage == s))
            schools = np.unique(p.rows.school[rows])
            taught = (p.central[schools] * (p.cell_stage[schools] == s)).any(axis=(0, 1))
            grades = tuple(np.flatnonzero(taught).tolist())
            found.append(_Group(kind, code, s, rows, schools, grades, *_pair(len(grades) + 1, len(p.years))))
    return found


def _fill_group(p: Projection, group: _Group, year: YearCells, demand: Draws, found: Draws) -> None:
    """The stage first, then its grades: sums of the schools' draws."""
    h = year.lead
    total, held = demand[group.rows].sum(axis=0), found[group.rows].sum(axis=0)
    limited = not np.array_equal(total, held)
    ratio = np.divide(held, total, out=np.ones_like(held), where=total > 0) if limited else None
    group.placed[0, h] = summarise(held)
    group.values[0, h] = summarise(total)
    for row, g in enumerate(group.grades, 1):
        here = group.schools[p.cell_stage[group.schools, h, g] == group.stage]
        at = year.at[g, here]
        pupils = year.draws[g][at[at >= 0]].sum(axis=0)
        group.placed[row, h] = summarise(pupils.copy() if ratio is None else pupils * ratio)
        group.values[row, h] = summarise(pupils)


def _fill_cells(
    p: Projection,
    index: NDArray[np.intp],
    cells: NDArray[np.intp],
    year: YearCells,
    stages: tuple[Draws, Draws, NDArray[np.bool_]],
    values: Draws,
    placed: Draws,
) -> None:
    """Quantiles of cells of one grade; `index` into `cells` (row, grade). stages: demand, placed, alike."""
    demand, found, same = stages
    h = year.lead
    for begin in range(0, len(index), _BLOCK):
        part = index[begin : begin + _BLOCK]
        rows, g = cells[part, 0], int(cells[part[0], 1])
        school = p.rows.school[rows]
        at = year.at[g, school]
        block = year.draws[g][at]
        block[(at < 0) | (p.cell_stage[school, h, g] != p.rows.stage[rows])] = 0.0
        limited = np.flatnonzero(~same[rows])
        if limited.size:
            whole, inside = demand[rows[limited]], found[rows[limited]]
            ratio = np.divide(inside, whole, out=np.ones_like(inside), where=whole > 0)
            some = block[limited] * ratio
        else:
            some = block[:0]
        values[part, h] = summarise(block)
        placed[part, h] = values[part, h]
        if limited.size:
            placed[part[limited], h] = summarise(some)


def _frame(
    p: Projection,
    groups: list[_Group],
    whole: tuple[Draws, Draws],
    cells: NDArray[np.intp],
    each: tuple[Draws, Draws],
) -> pl.DataFrame:
    assert p.prepared is not None
    problem, grades = p.problem, p.problem.grades
    rows = EnrolmentRows(p.scenario, problem.tier, p.years)
    for group in groups:
        masks = p.cell_stage[group.schools] == group.stage
        shares = weighted(p.shares, (p.central[group.schools] * masks).sum(axis=0))
        for row, name in enumerate(("all", *(grades[g] for g in group.grades))):
            share = shares if row == 0 else p.shares[:, :, group.grades[row - 1]]
            rows.add(
                group.kind, group.code, STAGES[group.stage], name, False,
                group.values[row], group.placed[row], share,
            )  # fmt: skip
    central = np.maximum(p.central, p.base_central)
    said = -1
    for at, (r, g) in enumerate(cells.tolist()):
        u, s = int(p.rows.school[r]), int(p.rows.stage[r])
        school, stage, censored = problem.schools[u], STAGES[s], bool(p.prepared.censored[u])
        if r != said:
            said, shares = r, weighted(p.shares, central[u] * (p.cell_stage[u] == s))
            rows.add("school", school, stage, "all", censored, whole[0][r], whole[1][r], shares)
        rows.add("school", school, stage, grades[g], censored, each[0][at], each[1][at], p.shares[:, :, g])
    return rows.frame()
