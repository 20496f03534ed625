"""Agreement with official control totals, and whole pupils that add up.

A control total fixes the pupils of an area and stage in one year, in every draw. The difference is
spread over
schools by the variance of each (what is uncertain gives way), in one pass; nothing turns negative.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.calibration import Spread
from junheng.forecast.problem import Problem
from junheng.model.errors import Infeasible
from junheng.model.reason import Finding
from junheng.model.stages import STAGES

Floats = NDArray[np.float64]
LEAST_LEFT = 0.1
"""No school keeps less than this share of its forecast, however uncertain it is."""
_NEAR = 0.5


@dataclass(frozen=True)
class Control:
    """Pupils of an area and stage in one forecast year. units: bool[U], schools the total is spread over."""

    area: str
    stage: int
    lead: int
    total: float
    units: NDArray[np.bool_]


@dataclass(frozen=True)
class Adjustment:
    """What a control total did in one year: factors float64[R] on the central path and float32[R, D] on
    draws, on
    cells bool[R, G] of the schools named. A scenario keeps them, so that its difference is its own."""

    stage: str
    lead: int
    total: float
    schools: tuple[str, ...]
    free: NDArray[np.bool_]
    central: Floats
    draws: NDArray[np.float32]


def repeat(
    problem: Problem, adjustments: tuple[Adjustment, ...], cells: NDArray[np.float32], central: Floats
) -> None:
    """Put the base's adjustments on the draws and central path of a scenario, in place."""
    index = {code: u for u, code in enumerate(problem.schools)}
    for one in adjustments:
        rows = [index[code] for code in one.schools]
        grades = one.free.shape[1]
        factor = np.where(one.free[:, :, None], one.draws[:, None, :], np.float32(1.0))
        cells[rows, one.lead, :grades] *= factor
        central[rows, one.lead, :grades] *= np.where(one.free, one.central[:, None], 1.0)


def controls(problem: Problem, years: tuple[int, ...]) -> list[Control]:
    """Control totals inside the horizon, finest areas first; Infeasible names totals that disagree."""
    table = problem.table("control_totals")
    if table is None:
        return []
    rows = table.filter(pl.col("year").is_in(list(years))).sort("area_code", "stage", "year")
    depth = {code: len(problem.ancestors(code)) for code in problem.areas}
    found = [
        Control(row["area_code"], STAGES.index(row["stage"]), years.index(row["year"]), float(row["pupils"]),
                _units(problem, row["area_code"]))
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    found.sort(key=lambda c: (-depth.get(c.area, 0), c.area, c.stage, c.lead))
    faults = [fault for one in found for fault in _disagreement(one, found, years)]
    if faults:
        raise Infeasible("control_totals_impossible", {"count": len(faults)}, faults)
    return found


def reconcile(
    problem: Problem,
    years: tuple[int, ...],
    cell_stage: NDArray[np.intp],
    cells: NDArray[np.float32],
    central: Floats,
    spread: Spread,
) -> tuple[Adjustment, ...]:
    """Bring draws [U, H, G, D] and the central path [U, H, G] to the control totals, in place.

    cell_stage: int[U, H, G]. Infeasible lists totals where no pupils are left to adjust.
    """
    wanted = controls(problem, years)
    fixed: dict[tuple[int, int], NDArray[np.bool_]] = {}
    faults: list[Finding] = []
    made: list[Adjustment] = []
    for one in wanted:
        done = fixed.setdefault((one.stage, one.lead), np.zeros(len(problem.schools), dtype=np.bool_))
        mask = (cell_stage[:, one.lead] == one.stage) & one.units[:, None]
        free = mask & ~done[:, None]
        held = central[:, one.lead][mask & done[:, None]].sum()
        rest = one.total - float(held)
        if not (central[:, one.lead] * free).any() or rest < 0:
            if abs(rest) > _NEAR:
                faults.append(_fault("control_total_unreachable", one, years))
            continue
        _, middle = _meet(central[:, one.lead][..., None], free, np.array([rest]), spread, one.lead + 1)
        taken = (cells[:, one.lead] * (mask & done[:, None])[:, :, None]).sum(axis=(0, 1), dtype=np.float64)
        rows, factor = _meet(cells[:, one.lead], free, one.total - taken, spread, one.lead + 1)
        names = tuple(problem.schools[u] for u in rows.tolist())
        made.append(
            Adjustment(
                STAGES[one.stage],
                one.lead,
                one.total,
                names,
                free[rows],
                middle[:, 0],
                factor.astype(np.float32),
            )
        )
        done |= free.any(axis=1)
    if faults:
        raise Infeasible("control_totals_impossible", {"count": len(faults)}, faults)
    return tuple(made)


def _meet(
    cells: NDArray[np.floating], free: NDArray[np.bool_], total: Floats, spread: Spread, lead: int
) -> tuple[NDArray[np.intp], Floats]:
    """Cells [U, G, D] changed in place so that the free ones sum to total [D]; (rows, factor [R, D])."""
    rows = np.flatnonzero(free.any(axis=1))
    part = (cells[rows] * free[rows][:, :, None]).sum(axis=1, dtype=np.float64)
    variance = part**2 * spread.variance(float(lead), part)
    share = variance / np.maximum(variance.sum(axis=0), 1e-12)
    moved = np.maximum(part + share * (total - part.sum(axis=0)), LEAST_LEFT * part)
    moved *= np.maximum(total, 0.0) / np.maximum(moved.sum(axis=0), 1e-12)
    factor = np.divide(moved, part, out=np.ones_like(part), where=part > 0)
    cells[rows] *= np.where(free[rows][:, :, None], factor[:, None, :], 1.0).astype(cells.dtype)
    return rows, factor


def _units(problem: Problem, area: str) -> NDArray[np.bool_]:
    inside = np.zeros(len(problem.schools), dtype=np.bool_)
    inside[problem.members(area) if area != problem.region.code else np.arange(len(problem.schools))] = True
    return inside


def _disagreement(one: Control, found: list[Control], years: tuple[int, ...]) -> list[Finding]:
    """A total whose schools are all held by finer totals must be their sum."""
    below = [
        other
        for other in found
        if other is not one
        and (other.stage, other.lead) == (one.stage, one.lead)
        and not (other.units & ~one.units).any()
        and other.units.sum() < one.units.sum()
    ]
    if not below or (one.units & ~np.any([other.units for other in below], axis=0)).any():
        return []
    top = [
        o
        for o in below
        if not any(
            (o.units & ~q.units).sum() == 0 and q is not o and q.units.sum() > o.units.sum() for q in below
        )
    ]
    total = sum(other.total for other in top)
    if abs(total - one.total) <= _NEAR:
        return []
    return [_fault("control_totals_disagree", one, years, below=total)]


def _fault(code: str, one: Control, years: tuple[int, ...], **more: float) -> Finding:
    parameters = {
        "area": one.area, "stage": STAGES[one.stage], "year": years[one.lead], "total": one.total, **more,
    }  # fmt: skip
    return Finding(code, "error", "control_totals", parameters=parameters)


def whole_numbers(values: Floats, codes: tuple[str, ...], total: int | None = None) -> NDArray[np.int64]:
    """Integers by largest remainder that sum to `total` (default: the rounded sum); ties go by code.

    values: float64[N], not negative; codes: their N names.
    """
    floor = np.floor(values).astype(np.int64)
    wanted = round(float(values.sum())) if total is None else total
    left = wanted - int(floor.sum())
    order = sorted(range(len(values)), key=lambda i: (-(values[i] - floor[i]), codes[i]))
    step = 1 if left >= 0 else -1
    if step < 0:
        order = [i for i in reversed(order) if floor[i] > 0]
    at = 0
    while left and order:
        i = order[at % len(order)]
        if step > 0 or floor[i] > 0:
            floor[i] += step
            left -= step
        at += 1
    return floor
