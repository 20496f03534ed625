"""Children entering school from births: E(t) = births of the school-year cohort x yield, by area.

The yield is a random walk on the log scale, read with the steady Kalman gain of its size: not a logit,
because
children who move in push it above one. Areas lean on the region.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.forecast.births import BirthsPath
from junheng.forecast.grade_progression import steady_gain
from junheng.forecast.problem import Problem

Floats = NDArray[np.float64]
YIELD_DRIFT = 0.0002
"""Yearly process variance of log yield."""
AREA_PSEUDO = 625.0
"""Pupils' worth of belief that an area's yield is the region's (spread 0.04, as for a unit's progression)."""


@dataclass(frozen=True)
class EntryPools:
    """Children of entry age by pool, for one intake grade.

    codes: P names, an area each, or the region's code for what no area holds. births_of: the births' areas in
    each pool (positions in the path). units: bool[P, U], intake units of the pool. counted: bool[P, U],
    those and schools since closed, whose entrants are behind the yields. entrants: float64[P, H],
    central forecast. rate: float64[P], yields used. behind: float64[P], entrants behind each. own:
    float64[P].
    """

    grade: int
    codes: tuple[str, ...]
    births_of: tuple[tuple[int, ...], ...]
    units: NDArray[np.bool_]
    counted: NDArray[np.bool_]
    entrants: Floats
    rate: Floats
    behind: Floats
    own: Floats


def local_level(values: Floats, sizes: Floats, drift: float, sampling: float = 1.0) -> float:
    """Level of a noisy random walk at its end: weights (1-K)^age with the steady gain of the recent size.

    values, sizes: float64[T]; NaN years are skipped. NaN when no year is known.
    """
    known = ~np.isnan(values) & (sizes > 0)
    if not known.any():
        return float("nan")
    size = float(np.mean(sizes[known][-3:]))
    gain = float(steady_gain(drift, np.array([size]), sampling)[0])
    age = np.arange(values.size - 1, -1, -1, dtype=np.float64)[known]
    weight = (1.0 - gain) ** age
    return float(np.sum(weight * values[known]) / np.sum(weight))


def cohort_births(path: BirthsPath, grade: str, years: range) -> Floats:
    """float64[P, T]: births of the children of entry age to `grade` in each school year."""
    return np.stack([path.entering(grade, year) for year in years], axis=1)


def yields(
    entrants: Floats, births: Floats, upto: int, drift: float = YIELD_DRIFT
) -> tuple[Floats, Floats, Floats]:
    """(rate[P], behind[P], own weight[P]) known at column `upto` of entrants and births, float64[P, T]
    both."""
    past_entrants, past_births = entrants[:, : upto + 1], births[:, : upto + 1]
    both = ~np.isnan(past_entrants) & ~np.isnan(past_births) & (past_births > 0) & (past_entrants > 0)
    num, den = np.where(both, past_entrants, 0.0), np.where(both, past_births, 0.0)
    total_num, total_den = num.sum(axis=0), den.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        region_series = np.log(total_num / total_den)
    region_series[~(total_den > 0)] = np.nan
    region = local_level(region_series, total_num, drift)
    rates, behind, own = np.full(len(num), np.nan), np.zeros(len(num)), np.zeros(len(num))
    for p in range(len(num)):
        expected = den[p] * np.exp(region) if np.isfinite(region) else den[p]
        with np.errstate(divide="ignore", invalid="ignore"):
            series = np.log(num[p] / expected)
        series[~both[p]] = np.nan
        level = local_level(series, num[p], drift)
        behind[p] = float(num[p][-5:].sum())
        own[p] = behind[p] / (behind[p] + AREA_PSEUDO) if len(num) > 1 else 1.0
        rates[p] = np.exp(region + own[p] * level) if np.isfinite(level) else np.exp(region)
    return rates, behind, own


def group_pools(
    problem: Problem, path: BirthsPath, units: NDArray[np.bool_]
) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...], NDArray[np.bool_]]:
    """Pools of births' areas with the schools that take their children in.

    units: bool[U], intake units of the grade. An area with both births and such schools is its own pool; all
    other births and schools make one pool under the region's code.
    """
    codes: list[str] = []
    births_of: list[tuple[int, ...]] = []
    rows: list[NDArray[np.bool_]] = []
    left = units.copy()
    orphans: list[int] = []
    for p, area in enumerate(path.areas):
        inside = np.zeros(len(units), dtype=np.bool_)
        if area in problem.areas:
            inside[problem.members(area)] = True
        inside &= left
        if area == problem.region.code or not inside.any():
            orphans.append(p)
            continue
        codes.append(area)
        births_of.append((p,))
        rows.append(inside)
        left &= ~inside
    if orphans and left.any():
        codes.append(problem.region.code)
        births_of.append(tuple(orphans))
        rows.append(left)
    return tuple(codes), tuple(births_of), np.array(rows, dtype=np.bool_).reshape(len(rows), len(units))


def pooled_births(by_area: Floats, births_of: tuple[tuple[int, ...], ...]) -> Floats:
    """float64[P, T]: births of each pool."""
    return np.stack([by_area[list(group)].sum(axis=0) for group in births_of])


def entrants_of_pools(pupils: Floats, units: NDArray[np.bool_]) -> Floats:
    """float64[P, T]: counted entrants of each pool; NaN in years without any count. pupils: float64[U, T]."""
    counted = ~np.isnan(pupils)
    sums = units.astype(np.float64) @ np.where(counted, pupils, 0.0)
    return np.where(units.astype(np.float64) @ counted > 0, sums, np.nan)
