"""Schools, areas and the region of one stage side by side: draws, capacities, gaps local and shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from junheng.forecast.seat_balance.seat_gaps import (
    Gaps,
    Horizon,
    horizon,
    measure,
    probability_short,
    quantile,
)
from junheng.forecast.seat_balance.seat_problem import Cells, SeatProblem
from junheng.forecast.seat_balance.sharing import share

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
Index = NDArray[np.intp]


@dataclass(frozen=True)
class StageUnits:
    """All units of one stage: schools first, then areas, then the region.

    kind, code: M names. members: cells of each unit. finest: bool[M], areas in which schools stand directly
    (their seats are shared with linked areas). demand, classes, shared: float32[M, H, D]; `shared` is the gap
    after sharing. The four capacities, `basis` (the one gaps are measured against) and `rooms` are float64
    [M, H]. cell_steps: the cells' classes at each size tried, [K, n, H, D]; step_rows: a unit's rows in it.
    """

    stage: int
    kind: tuple[str, ...]
    code: tuple[str, ...]
    members: tuple[Index, ...]
    finest: NDArray[np.bool_]
    demand: Floats32
    classes: Floats32
    cell_steps: NDArray[np.uint16]
    step_rows: tuple[Index, ...]
    shared: Floats32
    standard: Floats
    room_seats: Floats
    elastic: Floats
    approved: Floats
    basis: Floats
    rooms: Floats
    size: Floats
    gaps: Gaps
    horizon: Horizon
    gap_shared: Floats
    p_short_shared: Floats
    classes_needed: Floats

    @cached_property
    def place(self) -> dict[str, int]:
        """Position of each school and area by code; the region has none."""
        return {code: m for m, code in enumerate(self.code[:-1])}

    def step_classes(self, m: int) -> Floats32:
        """Classes of a unit at each size tried, float32[K, H, D]."""
        return self.cell_steps[:, self.step_rows[m]].sum(axis=1, dtype=np.float32)

    def whole(self, m: int) -> bool:
        """Whether the unit shares within itself: the region, and areas made of areas."""
        return self.kind[m] == "region" or (self.kind[m] == "area" and not self.finest[m])

    def p_left(self, m: int) -> Floats:
        """P(short) after sharing, float64[H]; for a unit that shares within itself its own."""
        return self.gaps.p_short[m] if self.whole(m) else self.p_short_shared[m]

    def gap(self, m: int) -> Floats32:
        """G = demand - capacity of one unit, float32[H, D]."""
        return self.demand[m] - self.basis[m][:, None].astype(np.float32)


def cell_seats(cells: Cells) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """(standard, rooms, elastic, approved, basis) seats by cell and year, float64[N, H].

    The basis of gaps is rooms times size where rooms are counted, else classes times size, else approved
    seats: a room without a class today can take one, so a shortage is a shortage of rooms. Elastic seats are
    the basis only in years in which a scenario uses them.
    """
    capacity = cells.capacity
    standard = capacity.classes * cells.size
    rooms = capacity.rooms * cells.size
    wide = np.where(capacity.elastic, cells.elastic_size, cells.size)
    elastic = capacity.usable * wide
    basis = np.where(np.isnan(rooms), np.where(np.isnan(standard), capacity.approved, standard), rooms)
    basis = np.where(cells.elastic_in_use & ~np.isnan(elastic), elastic, basis)
    return standard, rooms, elastic, capacity.approved, basis


def _sum(values: Floats, rows: Index) -> Floats:
    """Sum over rows leaving out what is unknown; NaN where nothing is known."""
    picked = values[rows]
    return np.where(np.isnan(picked).all(axis=0), np.nan, np.nansum(picked, axis=0))


def _members(problem: SeatProblem, cells: Cells, own: Index) -> list[tuple[str, str, Index, bool]]:
    """(kind, code, cells, finest) of every unit with a cell of the stage."""
    units: list[tuple[str, str, Index, bool]] = [
        ("school", problem.schools[cells.school[n]], np.array([n], dtype=np.intp), False)
        for n in own.tolist()
    ]
    inside: dict[str, list[int]] = {}
    direct: set[str] = set()
    for n in own.tolist():
        area = problem.areas[problem.area_of[cells.school[n]]]
        direct.add(area)
        seen: set[str] = set()
        while area and area not in seen:
            seen.add(area)
            inside.setdefault(area, []).append(n)
            area = problem.parent.get(area, "")
    for code in sorted(inside):
        if code != problem.region.code or code in direct:
            units.append(("area", code, np.array(inside[code], dtype=np.intp), code in direct))
    units.append(("region", problem.region.code, own, False))
    return units


def build_units(
    problem: SeatProblem,
    cells: Cells,
    stage: int,
    links: NDArray[np.bool_],
    levels: Mapping[str, float],
) -> StageUnits | None:
    """Units of a stage with gaps and horizon; None when no cell of the stage has a known capacity."""
    own = cells.of_stage(stage)
    if not own.size:
        return None
    listed = _members(problem, cells, own)
    seats = cell_seats(cells)
    place = {n: row for row, n in enumerate(np.flatnonzero(cells.stage == stage).tolist())}
    many, (_, years, draws) = len(listed), cells.demand.shape
    demand, classes = np.empty((many, years, draws), np.float32), np.empty((many, years, draws), np.float32)
    summed = np.empty((5, many, years))
    rooms, size = np.empty((many, years)), np.empty((many, years))
    for m, (_, _, rows, _) in enumerate(listed):
        demand[m] = cells.demand[rows].sum(axis=0)
        classes[m] = cells.classes[rows].sum(axis=0)
        for k, values in enumerate(seats):
            summed[k, m] = _sum(values, rows)
        rooms[m] = _sum(cells.capacity.usable, rows)
        weight = np.nan_to_num(cells.capacity.usable[rows]) + 1e-9
        size[m] = np.round((cells.size[rows] * weight).sum(axis=0) / weight.sum(axis=0), 6)
    standard, room_seats, elastic, approved, basis = summed
    kinds = np.array([kind for kind, *_ in listed])
    finest = np.array([flag for *_, flag in listed], dtype=np.bool_)
    shared = _shared_gaps(problem, cells, listed, kinds, finest, demand, basis, links)
    gaps = measure(demand, basis, levels["underuse_floor"])
    reach = horizon(
        demand, basis, gaps, breach_p=levels["breach_p"], breach_years=int(levels["breach_years"]),
        underuse_p=levels["underuse_p"], years_after_peak=int(levels["years_after_peak"]),
    )  # fmt: skip
    return StageUnits(
        stage=stage,
        kind=tuple(kind for kind, *_ in listed),
        code=tuple(code for _, code, *_ in listed),
        members=tuple(rows for _, _, rows, _ in listed),
        finest=finest,
        demand=demand,
        classes=classes,
        cell_steps=cells.step_classes[stage],
        step_rows=tuple(np.array([place[int(n)] for n in rows], dtype=np.intp) for _, _, rows, _ in listed),
        shared=shared,
        standard=standard,
        room_seats=room_seats,
        elastic=elastic,
        approved=approved,
        basis=basis,
        rooms=rooms,
        size=size,
        gaps=gaps,
        horizon=reach,
        gap_shared=quantile(np.sort(shared, axis=-1), 0.5),
        p_short_shared=probability_short(shared),
        classes_needed=quantile(np.sort(classes, axis=-1), 0.5),
    )


def _shared_gaps(
    problem: SeatProblem,
    cells: Cells,
    listed: list[tuple[str, str, Index, bool]],
    kinds: NDArray[np.str_],
    finest: NDArray[np.bool_],
    demand: Floats32,
    basis: Floats,
    links: NDArray[np.bool_],
) -> Floats32:
    """Gaps after sharing, float32[M, H, D].

    Areas in which schools stand share with linked areas. What an area is left short of is borne by its
    schools in proportion to their own shortage; a larger area and the region bear the sum of theirs. A unit
    that is not short keeps its free seats less those it lent.
    """
    gap = demand - basis[..., None].astype(np.float32)
    shared = gap.copy()
    at_area = np.flatnonzero(finest)
    codes = {listed[m][1]: row for row, m in enumerate(at_area.tolist())}
    places = [problem.areas.index(listed[m][1]) for m in at_area.tolist()]
    home = [problem.areas[problem.area_of[u]] for u in cells.school.tolist()]
    direct = [
        np.array([n for n in listed[m][2].tolist() if home[n] == listed[m][1]], dtype=np.intp)
        for m in at_area.tolist()
    ]
    row_of_cell = {int(listed[m][2][0]): m for m in np.flatnonzero(kinds == "school").tolist()}
    own = np.stack([gap[[row_of_cell[n] for n in rows.tolist()]].sum(axis=0) for rows in direct])
    residual, lent = share(own, links[np.ix_(places, places)])
    for row, m in enumerate(at_area.tolist()):
        rows = [row_of_cell[n] for n in direct[row].tolist()]
        short = np.maximum(gap[rows], 0)
        total = short.sum(axis=0)
        part = np.divide(residual[row], total, out=np.zeros_like(total), where=total > 0)
        shared[rows] = np.where(gap[rows] > 0, short * part, gap[rows])
        shared[m] = np.where(own[row] > 0, residual[row], own[row] + lent[row])
    for m, (kind, _code, rows, _) in enumerate(listed):
        inside = sorted({codes[home[n]] for n in rows.tolist()})
        if kind == "region" or (kind == "area" and (not finest[m] or len(inside) > 1)):
            left = residual[inside].sum(axis=0)
            shared[m] = np.where(left > 0, left, gap[m])
    return shared
