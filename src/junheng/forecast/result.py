"""What a forecast answers: draws, tables, explanations and its own checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast import placement, projection_tables
from junheng.forecast.births import deviations
from junheng.forecast.certainty import cohort_shares
from junheng.forecast.cohort_simulation import Noise, Setup
from junheng.forecast.conservation import failed_checks
from junheng.forecast.decomposition import Chain, Explanation, Paths, central_paths, drivers_table, explain
from junheng.forecast.findings import findings_table
from junheng.forecast.plan import Plan
from junheng.forecast.preparation import Prepared
from junheng.forecast.problem import Problem
from junheng.forecast.reconciliation import Adjustment, whole_numbers
from junheng.forecast.scenarios.levers import Lever
from junheng.forecast.young_children import children_table
from junheng.model.stages import STAGES

Floats = NDArray[np.float64]
Draws = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Projection:
    """Futures of one region under one scenario. U schools, G grades as in `problem`, H years, D draws.

    asked, held: draws wanted and draws kept (fewer when memory would not hold them). central, base_central:
    float64[U, H, G], path without shocks under this scenario and under none. cells: float32[U, H, G, D].
    In tier D there is no school; `areas_stage` holds float32[D, H] by area and stage instead.
    """

    problem: Problem
    scenario: str
    levers: tuple[Lever, ...]
    years: tuple[int, ...]
    seed: int
    asked: int
    held: int
    prepared: Prepared | None
    plan: Plan | None
    setup: Setup | None
    shocks: Noise | None
    central: Floats
    base_central: Floats
    cells: Draws
    base: Projection | None = None
    adjustments: tuple[Adjustment, ...] = ()
    areas_stage: dict[tuple[str, str], Draws] = field(default_factory=dict[tuple[str, str], Draws])
    areas_central: dict[tuple[str, str], Floats] = field(default_factory=dict[tuple[str, str], Floats])
    extra_tables: dict[str, pl.DataFrame] = field(default_factory=dict[str, pl.DataFrame])

    @property
    def draws(self) -> int:
        """D, the draws held."""
        return self.held

    @property
    def school_draws(self) -> Draws:
        """float32[D, U, H, G]: unconstrained demand by school; a view with the draw axis first."""
        return np.moveaxis(self.cells, 3, 0)

    @cached_property
    def cell_stage(self) -> NDArray[np.intp]:
        """int[U, H, G]: position in STAGES of every cell; levers may change a school's system by year."""
        cells = np.broadcast_to(
            self.problem.stage_of_cells()[:, None, :],
            (len(self.problem.schools), len(self.years), len(self.problem.grades)),
        )
        if self.plan is None or self.plan.stage is None:
            return cells
        return self.plan.stage

    @cached_property
    def base_stage(self) -> NDArray[np.intp]:
        """int[U, H, G]: positions in STAGES without any lever."""
        return np.repeat(self.problem.stage_of_cells()[:, None, :], len(self.years), axis=1)

    @cached_property
    def paths(self) -> Paths:
        """Central paths without openings, dwellings and levers, and with them one by one."""
        return central_paths(self)

    @cached_property
    def chain(self) -> Chain:
        """Cohorts behind the explanation."""
        return Chain(self)

    @cached_property
    def births_deviations(self) -> Draws:
        """float32[Y, D]: log deviations of births by calendar year of the births path."""
        if self.prepared is None or self.prepared.births is None:
            return np.zeros((0, self.held), dtype=np.float32)
        return deviations(self.prepared.births, self.problem, self.seed, self.held)

    @cached_property
    def rows(self) -> placement.StageRows:
        """Rows of `stage_draws`: a school and a stage it teaches in some year."""
        return placement.stage_rows(self.cell_stage, np.maximum(self.central, self.base_central))

    @cached_property
    def stage_draws(self) -> Draws:
        """float32[R, H, D]: demand by school and stage."""
        out = np.empty((len(self.rows.school), len(self.years), self.held), dtype=np.float32)
        for r, (u, s) in enumerate(self.rows.pairs):
            mask = self.cell_stage[u] == s
            if (mask == mask[:1]).all():
                out[r] = self.cells[u][:, mask[0]].sum(axis=1)
            else:
                out[r] = (self.cells[u] * mask[:, :, None]).sum(axis=1)
        return out

    @cached_property
    def stage_central(self) -> Floats:
        """float64[R, H]: central path by school and stage."""
        masks = self.cell_stage[self.rows.school] == self.rows.stage[:, None, None]
        return (self.central[self.rows.school] * masks).sum(axis=2)

    @cached_property
    def seats_approved(self) -> Floats:
        """float64[R, H]: approved seats in force, infinite where nothing is said; levers included."""
        seats = placement.approved_seats(self.problem, self.rows, self.years)
        if self.plan is not None:
            for change in self.plan.seats:
                change(self.problem, self.rows, self.years, seats)
        return np.maximum(seats, 0.0)

    @cached_property
    def placed(self) -> tuple[Draws, Draws]:
        """(placed, waiting), float32[R, H, D] each: children who find a seat there, and who wait."""
        if self.prepared is None:
            empty = np.zeros((0, len(self.years), self.held), dtype=np.float32)
            return empty, empty
        limit = placement.limits(
            self.problem, self.rows, self.seats_approved, self.prepared.start, self.problem.stage_of_cells()
        )
        return placement.place(self.stage_draws, limit, self.rows, self.problem.area_of)

    @cached_property
    def shares(self) -> Floats:
        """float64[3, H, G]: shares known, born and unborn by grade."""
        births = self.prepared.births if self.prepared is not None else None
        return cohort_shares(self.problem, births, self.years)

    def rows_of(self, unit_kind: str, code: str, stage: str) -> NDArray[np.intp]:
        """Positions among `rows` of a school, an area or the region in one stage; KeyError when unknown."""
        here = self.rows.stage == STAGES.index(stage)
        if unit_kind == "school":
            return np.flatnonzero(here & (self.rows.school == self.problem.schools.index(code)))
        if unit_kind == "region" or code == self.problem.region.code:
            return np.flatnonzero(here)
        if code not in self.problem.areas:
            raise KeyError(code)
        return np.flatnonzero(here & np.isin(self.rows.school, self.problem.members(code)))

    def rows_of_any(self, code: str) -> NDArray[np.intp]:
        """Positions among `rows` of an area or the region in all stages."""
        if code == self.problem.region.code:
            return np.arange(len(self.rows.school))
        return np.flatnonzero(np.isin(self.rows.school, self.problem.members(code)))

    def unit_draws(self, unit_kind: str, code: str, stage: str) -> Draws:
        """float32[D, H]: unconstrained demand of a school, an area or the region in one stage."""
        if self.prepared is None:
            return self.areas_stage[(code, stage)]
        return self.stage_draws[self.rows_of(unit_kind, code, stage)].sum(axis=0).T

    def area_draws(self, area_code: str, stage: str) -> Draws:
        """float32[D, H] of an area, or of the region by its own code."""
        return self.unit_draws("area", area_code, stage)

    def whole_pupils(self, area_code: str, stage: str, year: int) -> dict[str, int]:
        """Central pupils by school as whole numbers that sum to the area's rounded total."""
        rows = self.rows_of("area", area_code, stage)
        codes = tuple(self.problem.schools[u] for u in self.rows.school[rows].tolist())
        whole = whole_numbers(self.stage_central[rows, self.years.index(year)], codes)
        return dict(zip(codes, whole.tolist(), strict=True))

    @cached_property
    def tables(self) -> dict[str, pl.DataFrame]:
        """The declared output tables of the forecast, by name."""
        if self.prepared is None:
            return self.extra_tables
        return {
            "forecast_children": children_table(self),
            "forecast_enrolment": projection_tables.enrolment_table(self),
            "forecast_paths": projection_tables.paths_table(self),
            "forecast_parameters": projection_tables.parameters_table(self),
            "forecast_findings": findings_table(self),
            "forecast_drivers": drivers_table(self),
        }

    def explain(self, unit_code: str, year: int, stage: str) -> Explanation:
        """What the change from the origin to `year` is made of, in pupils and in words."""
        return explain(self, unit_code, year, stage)

    def check(self) -> list[str]:
        """Names of failed conservation checks; empty when all is well."""
        return failed_checks(self)

    def summary(self) -> dict[str, Any]:
        """The forecast in a few numbers: tier, what would narrow it, totals by stage, peaks."""
        return projection_tables.summary(self)
