"""What the tables say before any scenario: ratios, entry evidence with its weights, spreads, full schools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.births import BirthsPath, births_path
from junheng.forecast.calibration import CELLS_PRIOR, TOTALS_PRIOR, Residuals, Spread, fit
from junheng.forecast.combination import migration
from junheng.forecast.entry import adaptive_level
from junheng.forecast.entry_weights import Trials, departing, prior_weight, weights
from junheng.forecast.feeder_flows import LeaverPools, leaver_pools, leavers_by_unit, rate_level
from junheng.forecast.grade_progression import Progression, estimate
from junheng.forecast.panel import Panel
from junheng.forecast.parameters import DEFAULT, Parameters
from junheng.forecast.problem import Problem
from junheng.forecast.school_entry import (
    EntryPools,
    cohort_births,
    entrants_of_pools,
    group_pools,
    pooled_births,
    yields,
)
from junheng.forecast.structure import Structure, find
from junheng.forecast.validation.rolling_origin import run, targets
from junheng.model.stages import entry_age

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Scalar = TypeVar("Scalar", bound=np.generic)
TRIED_LEADS = 5
TRIED_ORIGINS = 8
FITTED_UNITS = 800
"""Units whose rolling residuals set the spreads; more add time and hardly anything else."""
FULL = 0.97
"""Share of seats from which a school is full, two years running."""


@dataclass(frozen=True)
class Prepared:
    """Estimates by school in the problem's order; arrays as in `Setup`.

    stepped, intake: bool[U, G]. ratio: float64[U, G], 0 where no step. level: float64[U, H, G] adaptive
    level,
    0 elsewhere. births_pools, leavers_pools, weight: by position of the intake grade; weight float64[S, H],
    births first. censored: bool[U]. totals, cells: calibrated spreads. origins: past origins behind them.
    """

    problem: Problem
    years: tuple[int, ...]
    structure: Structure
    progression: Progression
    births: BirthsPath | None
    start: Floats
    stepped: Flags
    intake: Flags
    ratio: Floats
    level: Floats
    births_pools: dict[int, EntryPools]
    leavers_pools: dict[int, LeaverPools]
    weight: dict[int, Floats]
    censored: Flags
    totals: Spread
    cells: Spread
    origins: int
    history: Floats
    """float64[U, T, G], counts by school in the problem's order, NaN = not counted."""

    @property
    def horizon(self) -> int:
        """H."""
        return len(self.years)


def prepare(problem: Problem, horizon: int, parameters: Parameters = DEFAULT) -> Prepared:
    """Estimate everything once; scenarios and draws reuse it."""
    panel, count = problem.panel, len(problem.schools)
    structure = find(panel, problem.origin_year, parameters)
    progression = estimate(panel, problem.origin_year, structure, parameters)
    level = adaptive_level(panel, problem.origin_year, structure, parameters, horizon)
    level = level * migration(progression, horizon, parameters)[:, :, None]
    grades, rows = len(problem.grades), problem.panel_rows
    history = _scatter(panel.pupils, rows, (count, len(panel.years), grades), np.nan)
    stepped = _scatter(structure.stepped, rows, (count, grades), False)
    intake = _scatter(structure.intake, rows, (count, grades), False)
    ratio = _scatter(np.nan_to_num(progression.ratio), rows, (count, grades), 0.0)
    levels = _scatter(np.nan_to_num(level), rows, (count, horizon, grades), 0.0)
    start = _scatter(structure.counts, rows, (count, grades), 0.0)
    _special_levels(problem, history, start, stepped, intake, levels)
    births = births_path(problem, horizon)
    censored = full_schools(problem, history)
    births_pools: dict[int, EntryPools] = {}
    leavers_pools: dict[int, LeaverPools] = {}
    weight: dict[int, Floats] = {}
    tried = _Tried(problem, parameters, history)
    ever = ever_entered(history, intake, start)
    special = np.array([problem.special(u) for u in range(count)], dtype=np.bool_)
    for g in np.flatnonzero(intake.any(axis=0)).tolist():
        units = intake[:, g] & ~special
        if not units.any():
            continue
        sources: list[Floats] = []
        if births is not None and problem.grades[g] in ("K0", "K1", "G01"):
            pools = _births_pools(problem, births, history, units, ever[:, g], g, horizon)
            if pools is not None:
                births_pools[g] = pools
                sources.append(tried.births(births, pools, g))
        regular = intake & ~special[:, None]
        leavers = leaver_pools(problem, history, stepped, regular, ever, levels[:, 0, g], g)
        if leavers is not None and problem.grades[g] != "K1":
            leavers_pools[g] = leavers
            sources.append(tried.leavers(g, ever[:, g] & ~special, stepped))
        if sources:
            level_errors = tried.level(g, ever[:, g] & ~special)
            learnt = weights(Trials(level_errors, np.stack(sources)), horizon)
            weight[g] = departing(learnt, _apart(births_pools.get(g), levels[:, :, g]))
    totals, cells, origins = spreads(panel, parameters)
    years = tuple(range(problem.origin_year + 1, problem.origin_year + horizon + 1))
    return Prepared(
        problem, years, structure, progression, births, start, stepped, intake, ratio, levels,
        births_pools, leavers_pools, weight, censored, totals, cells, origins, history,
    )  # fmt: skip


def _apart(pools: EntryPools | None, level: Floats) -> Floats:
    """float64[H]: log of entrants by births over the adaptive level, over the schools the births reach."""
    horizon = level.shape[1]
    if pools is None:
        return np.zeros(horizon)
    inside = level[pools.units.any(axis=0)].sum(axis=0)
    return np.log(np.maximum(pools.entrants.sum(axis=0), 1e-9) / np.maximum(inside, 1e-9))


def _scatter(
    values: NDArray[Scalar], rows: NDArray[np.intp], shape: tuple[int, ...], empty: float | bool
) -> NDArray[Scalar]:
    out = np.full(shape, empty, dtype=values.dtype)
    out[rows] = values
    return out


def _special_levels(
    problem: Problem, history: Floats, start: Floats, stepped: Flags, intake: Flags, level: Floats
) -> None:
    """Special schools keep the mean of three years, grade by grade: small, mixed classes have no cohorts."""
    for u in range(len(problem.schools)):
        if not problem.special(u):
            continue
        offered = start[u] > 0
        stepped[u], intake[u] = False, offered
        with np.errstate(invalid="ignore"):
            recent = np.nan_to_num(history[u, -3:])
        counted = max(int((~np.isnan(history[u, -3:]).all(axis=1)).sum()), 1)
        mean = recent.sum(axis=0) / counted
        whole = mean[offered].sum()
        spread = start[u] / max(start[u].sum(), 1.0) * whole
        level[u] = np.where(offered, 0.5 * (mean + spread), 0.0)[None, :]


def _births_pools(
    problem: Problem, births: BirthsPath, history: Floats, units: Flags, ever: Flags, g: int, horizon: int
) -> EntryPools | None:
    codes, births_of, rows = group_pools(problem, births, units)
    if not codes:
        return None
    counted = rows | (ever[None, :] & ~units[None, :] & _same_pool(problem, rows, codes))
    known = problem.panel.years
    span = range(known[0], known[-1] + horizon + 1)
    by_pool = pooled_births(cohort_births(births, problem.grades[g], span), births_of)
    entrants = entrants_of_pools(history[:, :, g], counted)
    past = by_pool[:, : len(known)]
    recorded = _recorded(births, entry_age(problem.grades[g]), known)
    rate, behind, own = yields(entrants, np.where(recorded, past, np.nan), len(known) - 1)
    ahead = by_pool[:, len(known) :]
    if np.isnan(rate).any() or np.isnan(ahead).any():
        return None
    return EntryPools(g, codes, births_of, rows, counted, ahead * rate[:, None], rate, behind, own)


def _same_pool(problem: Problem, rows: Flags, codes: tuple[str, ...]) -> Flags:
    """bool[P, U]: schools standing in each pool's area; the region's pool takes those of no other."""
    out = np.zeros(rows.shape, dtype=np.bool_)
    for p, code in enumerate(codes):
        if code != problem.region.code:
            out[p, problem.members(code)] = True
    if problem.region.code in codes:
        out[codes.index(problem.region.code)] = ~out.any(axis=0)
    return out


def ever_entered(history: Floats, intake: Flags, start: Floats) -> Flags:
    """bool[U, G]: intake grades now, and those of schools since closed."""
    taught: Flags = np.asarray((np.nan_to_num(history) > 0).any(axis=1))
    below = np.zeros_like(taught)
    below[:, 1:] = taught[:, :-1]
    closed: Flags = ~np.asarray((start > 0).any(axis=1))
    return intake | (closed[:, None] & taught & ~below)


def _recorded(births: BirthsPath, age: int, years: tuple[int, ...]) -> Flags:
    """bool[T]: the cohort entering in each year was wholly recorded; beyond the path it is not."""
    recorded = dict(zip(births.years, np.asarray(births.recorded.all(axis=0)).tolist(), strict=True))
    flags = [recorded.get(year - age, False) and recorded.get(year - age - 1, False) for year in years]
    return np.array(flags, dtype=np.bool_)


class _Tried:
    """Past forecasts of the region's entrants at one grade, by every evidence, from what was known then."""

    def __init__(self, problem: Problem, parameters: Parameters, history: Floats) -> None:
        self.problem, self.parameters, self.history = problem, parameters, history
        panel = problem.panel
        counted = np.asarray(panel.counted.any(axis=0))
        eligible = [y for i, y in enumerate(panel.years[:-1]) if counted[i] and counted[:i].sum() >= 2]
        self.origins = eligible[-TRIED_ORIGINS:]
        self._found: dict[int, tuple[Structure, Progression, Floats]] = {}

    def at(self, origin: int) -> tuple[Structure, Progression, Floats]:
        if origin not in self._found:
            panel = self.problem.panel.until(origin)
            structure = find(panel, origin, self.parameters)
            progression = estimate(panel, origin, structure, self.parameters)
            level = adaptive_level(panel, origin, structure, self.parameters, TRIED_LEADS)
            self._found[origin] = (structure, progression, level)
        return self._found[origin]

    def _errors(self, g: int, units: Flags, forecast: dict[int, Floats]) -> Floats:
        """float64[O, H]: log(count / forecast) over the units that entered at both ends."""
        out = np.full((len(self.origins), TRIED_LEADS), np.nan)
        for row, origin in enumerate(self.origins):
            at = self.problem.panel.year_index(origin)
            actual = targets(self.history[units][:, :, g], at, len(self.problem.panel.years) - 1, TRIED_LEADS)
            sums = np.where(np.isnan(actual).all(axis=0), np.nan, np.nansum(actual, axis=0))
            with np.errstate(divide="ignore", invalid="ignore"):
                error = np.log(sums / forecast[origin])
            out[row] = np.where(np.isfinite(error), error, np.nan)
        return out

    def level(self, g: int, units: Flags) -> Floats:
        forecast: dict[int, Floats] = {}
        inside = units[self.problem.panel_rows]
        for origin in self.origins:
            level = self.at(origin)[2][inside][:, :, g]
            forecast[origin] = np.where(np.isnan(level).all(axis=0), np.nan, np.nansum(level, axis=0))
        return self._errors(g, units, forecast)

    def births(self, births: BirthsPath, pools: EntryPools, g: int) -> Floats:
        problem = self.problem
        known, age = problem.panel.years, entry_age(problem.grades[g])
        by_pool = pooled_births(
            cohort_births(births, problem.grades[g], range(known[0], known[-1] + TRIED_LEADS + 1)),
            pools.births_of,
        )
        recorded = _recorded(births, age, (*known, *range(known[-1] + 1, known[-1] + TRIED_LEADS + 1)))
        by_pool = np.where(recorded, by_pool, np.nan)
        entrants = entrants_of_pools(self.history[:, :, g], pools.counted)
        forecast: dict[int, Floats] = {}
        for origin in self.origins:
            at = origin - known[0]
            rate, _, _ = yields(entrants, by_pool[:, : len(known)], at)
            ahead = by_pool[:, at + 1 : at + 1 + TRIED_LEADS] * rate[:, None]
            born = np.array([origin + h - age <= origin for h in range(1, TRIED_LEADS + 1)])
            forecast[origin] = np.where(born, ahead.sum(axis=0), np.nan)
        return self._errors(g, np.asarray(pools.counted.any(axis=0)), forecast)

    def leavers(self, g: int, units: Flags, stepped: Flags) -> Floats:
        series = leavers_by_unit(self.history, stepped, g).sum(axis=0)
        entered = self.history[units][:, :, g]
        entrants = np.where(np.isnan(entered).all(axis=0), np.nan, np.nansum(entered, axis=0))
        feeder = (leavers_by_unit(self.history, stepped, g)[:, -3:].sum(axis=1) > 0)[self.problem.panel_rows]
        forecast: dict[int, Floats] = {}
        for origin in self.origins:
            at = self.problem.panel.year_index(origin)
            structure, progression, _ = self.at(origin)
            rate, _ = rate_level(entrants[: at + 1], series[: at + 1])
            counts, group = structure.counts[feeder].sum(axis=0), progression.group
            values = np.full(TRIED_LEADS, np.nan)
            for lead in range(1, TRIED_LEADS + 1):
                source = g - lead
                if source < 0 or counts[source] <= 0:
                    break
                chain = float(np.prod(group[source + 1 : g]))
                values[lead - 1] = counts[source] * chain * rate
            forecast[origin] = values
        return self._errors(g, units, forecast)


def full_schools(problem: Problem, history: Floats) -> Flags:
    """bool[U]: pupils at 97 % of approved seats or more for two years: their counts understate demand."""
    out = np.zeros(len(problem.schools), dtype=np.bool_)
    seats = problem.table("seats")
    if seats is None or "seats_approved" not in seats.columns:
        return out
    approved = (
        seats.filter((pl.col("year") <= problem.origin_year) & pl.col("seats_approved").is_not_null())
        .sort("year")
        .group_by("school_id", "stage", maintain_order=True)
        .agg(pl.col("seats_approved").last())
        .group_by("school_id")
        .agg(pl.col("seats_approved").sum())
    )
    of = dict(approved.iter_rows())
    totals = np.nansum(history, axis=2)
    for u, school in enumerate(problem.schools):
        limit = of.get(school)
        if limit and totals.shape[1] >= 2:
            out[u] = bool((totals[u, -2:] >= FULL * limit).all())
    return out


def spreads(panel: Panel, parameters: Parameters) -> tuple[Spread, Spread, int]:
    """(spread of unit totals, of grade cells, past origins behind them) from rolling residuals."""
    units = len(panel.units)
    if units > FITTED_UNITS:
        panel = panel.select(np.linspace(0, units - 1, FITTED_UNITS).astype(np.intp))
    origins = run(panel, TRIED_LEADS, parameters)
    totals: list[Floats] = []
    cells: list[Floats] = []
    known = len(panel.years) - 1
    for year, origin in origins.items():
        at = panel.year_index(year)
        if at < 2 or at >= known:
            continue
        actual = targets(panel.pupils, at, known, TRIED_LEADS)
        counted = ~np.isnan(actual).all(axis=2)
        total = np.where(counted, np.nansum(actual, axis=2), np.nan)
        totals.append(_rows(origin.combined.sum(axis=2), total, year))
        cells.append(_rows(origin.combined, actual, year))
    if not totals:
        return TOTALS_PRIOR, CELLS_PRIOR, 0
    return (
        fit(_residuals(np.concatenate(totals, axis=1)), TOTALS_PRIOR),
        fit(_residuals(np.concatenate(cells, axis=1)), CELLS_PRIOR),
        len(totals),
    )


def _rows(forecast: Floats, actual: Floats, year: int) -> Floats:
    known = ~np.isnan(actual) & (forecast > 0) & (actual > 0)
    lead = np.broadcast_to(
        np.arange(1, actual.shape[1] + 1).reshape(1, -1, *([1] * (actual.ndim - 2))), actual.shape
    )
    return np.stack([lead[known], forecast[known], actual[known], np.full(int(known.sum()), year)])


def _residuals(rows: Floats) -> Residuals:
    return Residuals(rows[0].astype(np.int64), rows[1], rows[2], rows[3].astype(np.int64))


def level_weight(prepared: Prepared, g: int) -> Floats:
    """float64[H]: weight the adaptive level keeps at an intake grade."""
    if g not in prepared.weight:
        return np.ones(prepared.horizon)
    return 1.0 - prepared.weight[g].sum(axis=0)


__all__ = ["Prepared", "full_schools", "level_weight", "prepare", "prior_weight", "spreads"]
