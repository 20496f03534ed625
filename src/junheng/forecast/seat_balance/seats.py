"""Verb `seats`: from demand on draws to gaps, horizon, warnings and room for smaller classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.seat_balance import warnings
from junheng.forecast.seat_balance.remedies import Bench
from junheng.forecast.seat_balance.seat_capacity import capacity_told
from junheng.forecast.seat_balance.seat_levers import apply_levers
from junheng.forecast.seat_balance.seat_outlook import Ratios, SeatOutlook
from junheng.forecast.seat_balance.seat_problem import (
    SEAT_STAGES,
    Cells,
    SeatProblem,
    area_links,
    build_cells,
    positions,
    school_column,
)
from junheng.forecast.seat_balance.seat_standards import SeatStandards
from junheng.forecast.seat_balance.seat_units import StageUnits, build_units, cell_seats
from junheng.forecast.seat_balance.sharing import kilometres
from junheng.model.reason import Finding

if TYPE_CHECKING:
    from junheng.forecast.result import Projection

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]


def seats(projection: Projection, previous: pl.DataFrame | None = None) -> SeatOutlook:
    """Seats short or idle under a projection.

    `previous` is the seat_warnings table of the run before (a level steps down only after two runs). Capacity
    comes from table `seats`, else from the classes of the last enrolment; without either, and in tier D, the
    outlook is empty and says why in `findings`.
    """
    problem = projection.problem
    if problem.rules is None:
        return SeatOutlook.nothing(projection.scenario, Finding("no_rules", "warning"))
    if not problem.schools:
        return SeatOutlook.nothing(projection.scenario, Finding("no_schools", "warning", "schools"))
    given = SeatProblem(
        region=problem.region,
        rules=problem.rules,
        tables=problem.tables,
        scenario=projection.scenario,
        origin_year=problem.origin_year,
        years=tuple(projection.years),
        schools=problem.schools,
        kinds=problem.kinds,
        systems=problem.systems,
        grades=problem.grades,
        areas=problem.areas,
        area_of=problem.area_of,
        parent=problem.parent,
        demand=projection.cells,
        cell_stage=projection.cell_stage,
        opened=problem.opened,
        closed=problem.closed,
        levers=projection.levers,
    )

    def parts(code: str, year: int, stage: str) -> tuple[float, Mapping[str, float]]:
        split = projection.explain(code, year, stage)
        return split.before, split.parts

    return outlook(
        given,
        previous,
        parts=parts,
        parameters=lambda: projection.tables.get("forecast_parameters"),
    )


def outlook(
    problem: SeatProblem,
    previous: pl.DataFrame | None = None,
    *,
    parts: warnings.Parts | None = None,
    parameters: Ratios | None = None,
) -> SeatOutlook:
    """The same from plain arrays; `parts` splits a change of pupils and `parameters` gives the forecast's
    table of ratios when asked, both for the reasons."""
    if not capacity_told(problem.tables):
        return SeatOutlook.nothing(problem.scenario, Finding("no_capacity", "warning", "seats"))
    standards = SeatStandards.read(problem.rules, problem.region, problem.years)
    cells = apply_levers(problem, build_cells(problem, standards))
    findings = list(cells.capacity.findings)
    if not cells.capacity.known.any():
        findings = [Finding("no_capacity", "warning", "seats")]
        return SeatOutlook.nothing(problem.scenario, *findings)
    levels = standards.levels()
    stages: dict[int, StageUnits] = {}
    links: dict[int, NDArray[np.bool_]] = {}
    ways: dict[int, str] = {}
    for stage in range(len(SEAT_STAGES)):
        link, way, _, doubts = area_links(problem, standards, stage)
        units = build_units(problem, cells, stage, link, levels)
        if units is None:
            continue
        stages[stage], links[stage], ways[stage] = units, link, way
        findings += [doubt for doubt in doubts if doubt not in findings]
    bench = _bench(problem, cells, standards, stages, links, levels)
    found: list[warnings.Warned] = []
    for stage in stages:
        found += warnings.shortages(bench, stage, standards)
        found += warnings.excesses(bench, stage)
        found += warnings.weak_data(bench, stage)
    found += warnings.sizes(bench, problem, standards)
    found += warnings.kindergarten_shares(bench, problem, standards, school_column(problem, "ownership"))
    return SeatOutlook.build(problem, standards, bench, found, findings, previous, parts, parameters, ways)


def _bench(
    problem: SeatProblem,
    cells: Cells,
    standards: SeatStandards,
    stages: Mapping[int, StageUnits],
    links: Mapping[int, NDArray[np.bool_]],
    levels: Mapping[str, float],
) -> Bench:
    now = standards.by_year[0]
    return Bench(
        origin_year=problem.origin_year,
        years=problem.years,
        cells=cells,
        stages=stages,
        levels=levels,
        lead={key: now.lead_time[key].number for key in now.lead_time},
        bounds={key: now.remedies[key].number for key in now.remedies},
        neighbours={stage: _neighbours(problem, cells, stage, links[stage]) for stage in stages},
        beds=_boarding_places(problem, cells),
        size_limit=_size_limits(problem, standards),
    )


def _size_limits(problem: SeatProblem, standards: SeatStandards) -> dict[str, float]:
    topic = standards.by_year[0].school_size
    limits: dict[str, float] = {}
    for school, kind in zip(problem.schools, problem.kinds, strict=True):
        limit = topic.get(warnings.SIZE_KEY.get(kind, ""))
        if limit is not None:
            limits[school] = limit
    return limits


def _neighbours(
    problem: SeatProblem, cells: Cells, stage: int, links: NDArray[np.bool_]
) -> dict[str, tuple[str, ...]]:
    """Codes whose free seats a unit may use: for areas the linked ones, for schools those of the same stage
    in the same and in linked areas; nearest first where positions are known, else by code."""
    away = kilometres(*positions(problem, "areas"))
    longitude, latitude = positions(problem, "schools")
    found: dict[str, tuple[str, ...]] = {}
    teach: dict[int, list[int]] = {}
    for u in cells.school[cells.of_stage(stage)].tolist():
        teach.setdefault(int(problem.area_of[u]), []).append(u)
    for a, area in enumerate(problem.areas):
        linked = np.flatnonzero(links[a]).tolist()
        found[area] = tuple(problem.areas[b] for b in _by_distance(linked, away[a, linked]))
        beyond = [v for b in linked for v in teach.get(b, [])]
        for u in teach.get(a, []):
            order: list[int] = []
            for near in ([v for v in teach[a] if v != u], beyond):
                places = np.array([u, *near], dtype=np.intp)
                order += _by_distance(near, kilometres(longitude[places], latitude[places], slice(1))[0, 1:])
            found[problem.schools[u]] = tuple(problem.schools[v] for v in order)
    return found


def _by_distance(places: Sequence[int], away: Floats) -> list[int]:
    """Positions ordered by kilometres away; those without a position last, then by position."""
    distance = np.nan_to_num(away, nan=np.inf).tolist()
    return [place for _, place in sorted(zip(distance, places, strict=True))]


def _boarding_places(problem: SeatProblem, cells: Cells) -> Floats32:
    """Places for boarders by stage, float32[S, H, D]: at each boarding school the fewer of free beds and free
    seats. Beds of a school with two stages are offered to both, as either may use them."""
    basis = cell_seats(cells)[4]
    many, years, draws = cells.demand.shape
    places = np.zeros((len(SEAT_STAGES), years, draws), dtype=np.float32)
    for n in range(many):
        if not cells.capacity.beds[n].any() or not cells.capacity.known[n]:
            continue
        free = np.maximum(np.nan_to_num(basis[n])[:, None].astype(np.float32) - cells.demand[n], 0)
        beds = cells.capacity.beds[n].astype(np.float32)[:, None]
        places[int(cells.stage[n])] += np.minimum(free, beds)
    return places
