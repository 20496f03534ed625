"""Levers of a scenario that change seats or class sizes rather than children."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from junheng.forecast.scenarios.levers import Lever
from junheng.forecast.seat_balance.class_forming import count_classes
from junheng.forecast.seat_balance.seat_problem import SEAT_STAGES, Cells, SeatProblem

Floats = NDArray[np.float64]
_SEATS = ("Open", "Expand", "CapacityChange", "Relocate")


def apply_levers(problem: SeatProblem, cells: Cells) -> Cells:
    """`cells` under the scenario's levers, in the scenario's order; unchanged without any.

    Expand, Open, CapacityChange and Relocate change classes, rooms and approved seats alike; ShareStage moves
    seats between the stages of a school or area, keeping their sum; ElasticClasses lets classes grow to the
    elastic size; ClassSize sets another size, so the same rooms hold more or fewer.
    """
    for lever in problem.levers:
        if lever.kind in _SEATS:
            cells = _add_seats(problem, cells, lever)
        elif lever.kind == "ShareStage":
            cells = _share_stage(problem, cells, lever)
        elif lever.kind == "ElasticClasses":
            cells = _elastic(problem, cells, lever)
        elif lever.kind == "ClassSize":
            cells = _resize(problem, cells, lever)
    return cells


def _inside(problem: SeatProblem, cells: Cells, lever: Lever, stage: str = "") -> NDArray[np.intp]:
    """Cells a lever acts on."""
    wanted = stage or lever.text("stage")
    found: list[int] = []
    opened = lever.text("school_id") if lever.kind == "Open" else ""
    for n in range(len(cells.school)):
        u, s = int(cells.school[n]), int(cells.stage[n])
        code = problem.schools[u]
        if lever.kind == "Open" and (opened or lever.scope_kind == "school"):
            hit = code == (opened or lever.scope_code)
        elif lever.scope_kind == "school":
            hit = code == lever.scope_code
        else:
            hit = lever.scope_kind == "region" or lever.scope_code in _above(problem, u)
        if hit and (not wanted or SEAT_STAGES[s] == wanted):
            found.append(n)
    return np.array(found, dtype=np.intp)


def _above(problem: SeatProblem, u: int) -> list[str]:
    chain: list[str] = []
    area = problem.areas[int(problem.area_of[u])]
    while area and area not in chain:
        chain.append(area)
        area = problem.parent.get(area, "")
    return chain


def _add_seats(problem: SeatProblem, cells: Cells, lever: Lever) -> Cells:
    inside = _inside(problem, cells, lever)
    if not inside.size:
        return cells
    strength = lever.strength(problem.years)
    capacity = cells.capacity
    classes, rooms = capacity.classes.copy(), capacity.rooms.copy()
    approved, known = capacity.approved.copy(), capacity.known.copy()
    part = 1.0 / inside.size
    for n in inside.tolist():
        size = np.where(cells.size[n] > 0, cells.size[n], np.inf)
        sets = lever.kind in ("Relocate", "Open") or (lever.kind == "CapacityChange" and lever.has("seats"))
        if sets:
            wanted = lever.number("seats") * (part if lever.kind == "Open" else 1.0)
            held = wanted / size
            for target, amount in ((classes, held), (rooms, held), (approved, np.full_like(held, wanted))):
                before = np.nan_to_num(target[n])
                target[n] = before + (amount - before) * strength
            known[n] = True
            continue
        if lever.has("rooms"):
            more = np.full(len(problem.years), lever.number("rooms") * part)
        else:
            more = lever.number("change" if lever.kind == "CapacityChange" else "seats") * part / size
        classes[n] = np.maximum(classes[n] + more * strength, 0)
        rooms[n] = np.maximum(rooms[n] + more * strength, 0)
        approved[n] = np.maximum(approved[n] + more * np.nan_to_num(size, posinf=0.0) * strength, 0)
    changed = dataclasses.replace(capacity, classes=classes, rooms=rooms, approved=approved, known=known)
    return dataclasses.replace(cells, capacity=changed)


def _share_stage(problem: SeatProblem, cells: Cells, lever: Lever) -> Cells:
    """Rooms lent by one stage to another: at most what the lender has."""
    lend = _inside(problem, cells, lever, lever.text("from_stage"))
    take = _inside(problem, cells, lever, lever.text("to_stage"))
    if not lend.size or not take.size:
        return cells
    capacity = cells.capacity
    moved = lever.number("seats") * lever.strength(problem.years)
    arrays: list[Floats] = []
    for held in (capacity.classes, capacity.rooms):
        array = held.copy()
        seats = np.nan_to_num(array * cells.size)
        have = seats[lend].sum(axis=0)
        amount = np.minimum(moved, have)
        part = np.divide(seats[lend], have, out=np.zeros_like(seats[lend]), where=have > 0)
        array[lend] -= _over(part * amount, cells.size[lend])
        array[take] += _over(
            np.full((take.size, len(problem.years)), 1.0 / take.size) * amount, cells.size[take]
        )
        arrays.append(array)
    changed = dataclasses.replace(capacity, classes=arrays[0], rooms=arrays[1])
    return dataclasses.replace(cells, capacity=changed)


def _over(seats: Floats, size: Floats) -> Floats:
    """Seats as rooms; none where there is no class size."""
    return np.divide(seats, size, out=np.zeros_like(seats), where=size > 0)


def _elastic(problem: SeatProblem, cells: Cells, lever: Lever) -> Cells:
    """Elastic classes in use while the lever holds, where they are allowed; standard seats stay."""
    inside = _inside(problem, cells, lever)
    holds = lever.strength(problem.years) > 0
    in_use, wide = cells.elastic_in_use.copy(), cells.elastic_size.copy()
    for n in inside.tolist():
        in_use[n] |= holds & cells.capacity.elastic[n]
        if lever.has("size"):
            wide[n] = np.where(holds, lever.number("size"), wide[n])
    return dataclasses.replace(cells, elastic_in_use=in_use, elastic_size=wide)


def _resize(problem: SeatProblem, cells: Cells, lever: Lever) -> Cells:
    """Another class size while the lever holds; classes needed are counted again."""
    inside = _inside(problem, cells, lever)
    holds = lever.strength(problem.years) > 0
    size, classes = cells.size.copy(), cells.classes.copy()
    for n in inside.tolist():
        u, s = int(cells.school[n]), int(cells.stage[n])
        size[n] = np.where(holds, lever.number("size"), size[n])
        mask = problem.cell_stage[u] == s
        tried = np.broadcast_to(size[n][:, None], mask.shape)[None]
        counted = count_classes(problem.demand[u], mask, tried, bool(cells.pooled[n]))[1][0]
        classes[n][holds] = counted[holds]
    return dataclasses.replace(cells, size=size, classes=classes)
