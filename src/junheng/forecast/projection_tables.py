"""The declared output tables of a projection, from its draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.certainty import weighted
from junheng.forecast.enrolment_rows import EnrolmentRows, taught_cells
from junheng.forecast.quantiles import summarise
from junheng.forecast.streamed_ranges import streamed_table, streams
from junheng.model import OUTPUTS
from junheng.model.stages import STAGES
from junheng.model.tables.forecast_outputs import QUANTILES

if TYPE_CHECKING:
    from junheng.forecast.result import Projection

Floats = NDArray[np.float64]
_BLOCK = 400
"""Cells whose draws are sorted at once: bounds the copy."""
PATHS = 30


def enrolment_table(p: Projection) -> pl.DataFrame:
    """Schools, areas and the region by stage and grade (`all` = the stage), demand and placed."""
    if streams(p):
        return streamed_table(p)
    rows = EnrolmentRows(p.scenario, p.problem.tier, p.years)
    placed, _ = p.placed
    problem = p.problem
    for area in problem.areas_below:
        members = problem.members(area)
        if members.size:
            _group(p, rows, "area", area, members, placed)
    _group(p, rows, "region", problem.region.code, np.arange(len(problem.schools)), placed)
    _schools(p, rows, placed, _placed_ratio(p.stage_draws, placed))
    return rows.frame()


def _placed_ratio(
    demand: NDArray[np.float32], placed: NDArray[np.float32]
) -> list[NDArray[np.float32] | None]:
    """By row, placed over demand [H, D]; None where every child is placed in the school it wants."""
    out: list[NDArray[np.float32] | None] = []
    for wanted, found in zip(demand, placed, strict=True):
        if np.array_equal(wanted, found):
            out.append(None)
        else:
            out.append(np.divide(found, wanted, out=np.ones_like(found), where=wanted > 0))
    return out


def _schools(
    p: Projection, rows: EnrolmentRows, placed: NDArray[np.float32], ratio: list[NDArray[np.float32] | None]
) -> None:
    problem, central = p.problem, np.maximum(p.central, p.base_central)
    whole = summarise(p.stage_draws.copy())
    whole_placed = summarise(placed.copy())
    assert p.prepared is not None
    cells = taught_cells(p)
    said = -1
    for begin in range(0, len(cells), _BLOCK):
        part = cells[begin : begin + _BLOCK]
        index_u = [int(p.rows.school[r]) for r, _ in part]
        index_g = [g for _, g in part]
        block = p.cells[index_u, :, index_g]
        for at, (r, g) in enumerate(part):
            mask = p.cell_stage[index_u[at]][:, g] == p.rows.stage[r]
            if not mask.all():
                block[at] *= mask[:, None]
        limited = [at for at, (r, _) in enumerate(part) if ratio[r] is not None]
        placed_block = np.stack([block[at] * ratio[part[at][0]] for at in limited]) if limited else None
        values = summarise(block)
        found = values.copy()
        if placed_block is not None:
            found[limited] = summarise(placed_block)
        for at, (r, g) in enumerate(part):
            u = index_u[at]
            censored = bool(p.prepared.censored[u])
            if r != said:
                said, stage = r, int(p.rows.stage[r])
                shares = weighted(p.shares, central[u] * (p.cell_stage[u] == stage))
                rows.add(
                    "school",
                    problem.schools[u],
                    STAGES[stage],
                    "all",
                    censored,
                    whole[r],
                    whole_placed[r],
                    shares,
                )
            rows.add(
                "school", problem.schools[u], STAGES[int(p.rows.stage[r])], problem.grades[g], censored,
                values[at], found[at], p.shares[:, :, g],
            )  # fmt: skip


def _group(
    p: Projection,
    rows: EnrolmentRows,
    kind: str,
    code: str,
    members: NDArray[np.intp],
    placed: NDArray[np.float32],
) -> None:
    """Rows of an area or the region: sums of its schools' draws."""
    inside = np.isin(p.rows.school, members)
    for s in np.unique(p.rows.stage[inside]).tolist():
        of_stage = np.flatnonzero(inside & (p.rows.stage == s))
        demand = p.stage_draws[of_stage].sum(axis=0)
        found = placed[of_stage].sum(axis=0)
        limited = not np.array_equal(demand, found)
        ratio = np.divide(found, demand, out=np.ones_like(found), where=demand > 0)
        schools = np.unique(p.rows.school[of_stage])
        masks = p.cell_stage[schools] == s
        central = p.central[schools] * masks
        shares = weighted(p.shares, central.sum(axis=0))
        rows.add(kind, code, STAGES[s], "all", False, summarise(demand), summarise(found), shares)
        for g in np.flatnonzero(central.any(axis=(0, 1))).tolist():
            mask = masks[:, :, g]
            cell = p.cells[schools, :, g]
            total = cell.sum(axis=0) if mask.all() else (cell * mask[:, :, None]).sum(axis=0)
            held = total * ratio if limited else None
            values = summarise(total)
            rows.add(
                kind, code, STAGES[s], p.problem.grades[g], False, values,
                values if held is None else summarise(held), p.shares[:, :, g],
            )  # fmt: skip


def paths_table(p: Projection) -> pl.DataFrame:
    """Representative draws by area and stage, weighted; the same draws for every area."""
    chosen, weight = representative(p)
    frames: list[pl.DataFrame] = []
    codes = [area for area in p.problem.areas_below if p.problem.members(area).size]
    for code in [*codes, p.problem.region.code]:
        for stage in sorted({STAGES[s] for s in p.rows.stage[p.rows_of_any(code)].tolist()}):
            values = p.area_draws(code, stage)[chosen]
            count, horizon = values.shape
            frames.append(
                pl.DataFrame(
                    {
                        "path": np.repeat(np.arange(1, count + 1), horizon),
                        "year": np.tile(np.array(p.years), count),
                        "weight": np.repeat(weight, horizon),
                        "pupils": values.reshape(-1).astype(np.float64),
                    }
                ).with_columns(pl.lit(code).alias("area_code"), pl.lit(stage).alias("stage"))
            )
    frame = pl.concat(frames).with_columns(pl.lit(p.scenario).alias("scenario"))
    return OUTPUTS["forecast_paths"].conform(frame)


def representative(p: Projection, count: int = PATHS) -> tuple[NDArray[np.intp], Floats]:
    """(draws chosen [K], weights [K]): draws ordered along the main direction of the region's stage
    totals and
    cut into groups; each group is stood for by the draw nearest its mean."""
    stages = sorted(set(p.rows.stage.tolist()))
    logs = np.concatenate(
        [np.log(p.stage_draws[p.rows.stage == s].sum(axis=0).T.astype(np.float64) + 1.0) for s in stages],
        axis=1,
    )
    logs -= logs.mean(axis=0)
    count = min(count, p.held)
    _, _, directions = np.linalg.svd(logs[:: max(1, p.held // 500)], full_matrices=False)
    main = directions[0] * (1.0 if directions[0].sum() >= 0 else -1.0)
    order = np.argsort(logs @ main, kind="stable")
    chosen: list[int] = []
    weight: list[float] = []
    for group in np.array_split(order, count):
        middle = logs[group].mean(axis=0)
        nearest = group[int(np.argmin(((logs[group] - middle) ** 2).sum(axis=1)))]
        chosen.append(int(nearest))
        weight.append(group.size / p.held)
    return np.array(chosen, dtype=np.intp), np.array(weight)


def parameters_table(p: Projection) -> pl.DataFrame:
    """Ratios, yields and rates, each with the pupils and the shrinkage behind it."""
    prepared, problem = p.prepared, p.problem
    assert prepared is not None
    rows: list[tuple[str, str, str, str, float, float | None, float | None]] = []
    progression, units = prepared.progression, problem.panel.units
    region = problem.region.code
    for g, grade in enumerate(problem.grades):
        if prepared.structure.stepped[:, g].any():
            rows.append(("ratio", "region", region, grade, float(progression.group[g]), None, None))
        if g in prepared.births_pools:
            pools = prepared.births_pools[g]
            for i, code in enumerate(pools.codes):
                kind = "region" if code == region else "area"
                rows.append(
                    (
                        "yield",
                        kind,
                        code,
                        grade,
                        float(pools.rate[i]),
                        float(pools.own[i]),
                        float(pools.behind[i]),
                    )
                )
        if g in prepared.leavers_pools:
            pool = prepared.leavers_pools[g]
            for i, code in enumerate(pool.codes):
                kind = "region" if code == region else "area"
                rows.append(
                    (
                        "entrants_per_leaver",
                        kind,
                        code,
                        grade,
                        float(pool.rate[i]),
                        None,
                        float(pool.behind[i]),
                    )
                )
        if g in prepared.weight:
            for name, value in zip(_sources(p, g), prepared.weight[g][:, 0], strict=True):
                rows.append((f"weight_{name}", "region", region, grade, float(value), None, None))
    rows.append(("county_factor", "region", region, "all", progression.county, None, None))
    for u, school in enumerate(units):
        for g in np.flatnonzero(prepared.structure.stepped[u]).tolist():
            rows.append(
                (
                    "ratio", "school", school, problem.grades[g], float(progression.ratio[u, g]),
                    float(progression.own_weight[u, g]), float(progression.pupils_behind[u, g]),
                )
            )  # fmt: skip
    names = ("parameter", "unit_kind", "unit_code", "grade", "value", "own_weight", "pupils_behind")
    table = OUTPUTS["forecast_parameters"]
    frame = pl.DataFrame(rows, schema=[(n, table.column(n).polars_type) for n in names], orient="row")
    return table.conform(frame)


def _sources(p: Projection, g: int) -> list[str]:
    assert p.prepared is not None
    names = ["births"] if g in p.prepared.births_pools else []
    return names + (["leavers"] if g in p.prepared.leavers_pools else [])


def summary(p: Projection) -> dict[str, Any]:
    """Tier, what would narrow the range, and by stage the origin, the peak and a few years' ranges."""
    stages: dict[str, Any] = {}
    code = p.problem.region.code
    names = (
        [STAGES[s] for s in sorted(set(p.rows.stage.tolist()))]
        if p.prepared is not None
        else [stage for area, stage in p.areas_stage if area == code]
    )
    for stage in names:
        draws = p.unit_draws("region", code, stage)
        values = summarise(np.ascontiguousarray(draws.T).copy())
        middle = values[:, 3]
        peak = int(np.argmax(middle))
        stages[stage] = {
            "peak_year": p.years[peak],
            "peak_p50": float(middle[peak]),
            "years": {
                p.years[h]: {name: float(values[h, QUANTILES.index(name)]) for name in ("p10", "p50", "p90")}
                for h in (0, 4, 9, 14)
                if h < len(p.years)
            },
        }
    return {
        "scenario": p.scenario,
        "tier": p.problem.tier,
        "missing_table": p.problem.missing_table,
        "origin_year": p.problem.origin_year,
        "years": [p.years[0], p.years[-1]],
        "schools": len(p.problem.schools),
        "areas_by": "school_location",
        "draws": p.held,
        "draws_asked": p.asked,
        "past_origins": p.prepared.origins if p.prepared is not None else 0,
        "range_from": "own"
        if p.prepared is not None and p.prepared.origins >= 5 and len(p.problem.panel.units) >= 30
        else "similar_regions",
        "stages": stages,
    }


__all__ = ["enrolment_table", "parameters_table", "paths_table", "representative", "summary"]
