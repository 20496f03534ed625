"""How much of each calibrated variance is shared by the region, by a school, or is a cell's own.

With v = a h^c + b h^d / n, what size does not average out (a) is the region's; the rest of a school's
variance
is its own, shared by its grades; the rest of a cell's is the cell's. Each then holds at its own level
when draws
are summed: cells to schools, schools to areas and to the region.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from junheng.forecast.births import BirthsPath, log_spread, shared_path
from junheng.forecast.calibration import SPECIAL_PRIOR
from junheng.forecast.cohort_simulation import Noise, Setup
from junheng.forecast.preparation import Prepared
from junheng.forecast.process_draws import keys, normals, tail_weights
from junheng.model.stages import entry_age

Floats = NDArray[np.float64]
WIDEST = 1.44
"""Largest variance of a log deviation: beyond e^1.2 a small cell says nothing and would drown its school."""
ALL = 1e12
"""Pupils so many that only what size cannot average out is left."""


def steps(
    prepared: Prepared, pupils: Floats, stepped: NDArray[np.bool_], special: NDArray[np.bool_] | None = None
) -> tuple[Floats, Floats, Floats]:
    """sd of yearly increments (region [U, H], unit [U, H], cell [U, H, G]) for central pupils [U, H, G].

    special: bool[U], special schools, which have a spread of their own.
    """
    horizon = pupils.shape[1]
    lead = np.arange(1, horizon + 1, dtype=np.float64)
    stretch = prepared.totals.stretch[1] ** 2, prepared.cells.stretch[1] ** 2
    whole = pupils.sum(axis=2)
    total = np.minimum(prepared.totals.variance(lead[None, :], whole) * stretch[0], WIDEST)
    cell = np.minimum(prepared.cells.variance(lead[None, :, None], pupils) * stretch[1], WIDEST)
    if special is not None:
        total[special] = np.minimum(SPECIAL_PRIOR.variance(lead[None, :], whole[special]), WIDEST)
        cell[special] = np.minimum(SPECIAL_PRIOR.variance(lead[None, :, None], pupils[special]), WIDEST)
    share = pupils / np.maximum(whole, 1e-9)[:, :, None]
    square = (share**2).sum(axis=2)
    own = (share**2 * cell).sum(axis=2)
    least = np.where(pupils > 0, cell, WIDEST).min(axis=2)
    single = square > 1.0 - 1e-6
    unit = np.where(single, np.minimum(total, least), (total - own) / np.where(single, 1.0, 1.0 - square))
    unit = np.maximum.accumulate(np.clip(unit, 0.0, least), axis=1)
    shared = prepared.totals.variance(lead, ALL) * stretch[0]
    region = np.maximum.accumulate(np.minimum(shared[None, :], unit), axis=1)
    mine = np.maximum.accumulate(np.maximum(unit - region, 0.0), axis=1)
    alone = np.maximum(cell - (region + mine)[:, :, None], 0.0)
    grown = alone.copy()
    grown[:, 1:, 1:] = np.where(
        stepped[:, None, 1:], np.maximum(alone[:, 1:, 1:] - alone[:, :-1, :-1], 0.0), alone[:, 1:, 1:]
    )
    return _increments(region), _increments(mine), np.sqrt(grown)


def noise(prepared: Prepared, base: Setup, pupils: Floats, seed: int, draws: int, housing_sd: float) -> Noise:
    """Shocks for `draws` futures. pupils: central path of the base, float64[U, H, G]."""
    problem, years = prepared.problem, prepared.years
    region_step, unit_step, cell_step = steps(prepared, pupils, base.stepped, problem.specials)
    return Noise(
        region=normals(seed, "region", (problem.region.code,), years, draws)[0],
        unit=normals(seed, "unit", problem.schools, years, draws),
        keys=keys(seed, "cell", problem.schools, years),
        region_step=region_step,
        unit_step=unit_step,
        cell_step=cell_step,
        births=entry_births(prepared, seed, draws),
        extra=_housing(seed, years, draws, housing_sd),
        tail=tail_weights(seed, draws, prepared.totals.nu),
    )


def widened(prepared: Prepared, shocks: Noise, seed: int, draws: int, housing_sd: float) -> Noise:
    """The same shocks for more draws, with those of units left to be made year by year."""
    problem, years = prepared.problem, prepared.years
    return replace(
        shocks,
        region=normals(seed, "region", (problem.region.code,), years, draws)[0],
        unit=np.zeros((0, 0, 0), dtype=np.float32),
        unit_keys=keys(seed, "unit", problem.schools, years),
        births=entry_births(prepared, seed, draws),
        extra=_housing(seed, years, draws, housing_sd),
        tail=tail_weights(seed, draws, prepared.totals.nu),
    )


def _housing(seed: int, years: tuple[int, ...], draws: int, sd: float) -> NDArray[np.float32]:
    """float32[H, D]: factor on the children of new dwellings, one a draw."""
    factor = np.exp(np.float32(sd) * normals(seed, "housing", ("",), (0,), draws)[0, 0])[None]
    return factor.repeat(len(years), axis=0).astype(np.float32)


def entry_births(prepared: Prepared, seed: int, draws: int) -> NDArray[np.float32]:
    """float32[H, G, D]: log deviation of children of entry age whose births are not yet recorded."""
    problem, births = prepared.problem, prepared.births
    dates, last = birth_years(prepared, births)
    sd = births.sd if births is not None else log_spread(problem, dates, last)
    path = shared_path(problem, dates, last, sd, seed, draws)
    out = np.zeros((prepared.horizon, len(problem.grades), draws), dtype=np.float32)
    for g, grade in enumerate(problem.grades):
        for h, year in enumerate(prepared.years):
            at = year - entry_age(grade) - dates[0]
            if at >= 1 and dates[at] > last:
                late = births.deferred if births is not None and grade == "G01" and at >= 2 else 0.0
                out[h, g] = (2.0 * path[at] + path[at - 1]) / 3.0
                if late:
                    before = (2.0 * path[at - 1] + path[at - 2]) / 3.0
                    out[h, g] = (1.0 - late) * out[h, g] + late * before
    return out


def birth_years(prepared: Prepared, births: BirthsPath | None) -> tuple[tuple[int, ...], int]:
    """(calendar years of birth, the last one known): without records, children are known once born."""
    if births is not None:
        return births.years, births.last_recorded
    origin = prepared.problem.origin_year
    return tuple(range(origin - 25, origin + prepared.horizon + 1)), origin


def _increments(variance: Floats) -> Floats:
    first = np.zeros_like(variance[:, :1])
    return np.sqrt(np.maximum(np.diff(variance, axis=1, prepend=first), 0.0))
