"""Who enters where when a stage ends: pools of leavers x shares of the schools that take them in.

Where transfers are counted (`grade_flows`) each area of origin is a pool with its own shares, leaning on the
whole by size; `outside` and `private` keep their columns. Without counts the region is one closed pool whose
shares are the schools' recent intakes. How far a pool is believed against the adaptive level is settled by
rolling errors (`entry_weights`), never assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.grade_progression import steady_gain
from junheng.forecast.problem import Problem
from junheng.forecast.school_entry import local_level

Floats = NDArray[np.float64]
FLOW_DRIFT = 0.002
"""Yearly process variance of a share of a pool, on logs."""
RATE_DRIFT = 0.001
"""Yearly process variance of entrants per leaver, on logs."""
PRIOR_PUPILS = 60.0
"""Pupils' worth of belief that a pool's shares are those of the whole region."""
STAGE_CHANGE = 0.3
"""Share of a grade that must be newly entered for the region to be one pool; below it, odd schools are
no stage."""
NOT_SCHOOLS = ("outside", "private")


@dataclass(frozen=True)
class LeaverPools:
    """Pools feeding one intake grade.

    grade: position of the intake grade. codes: P areas of origin, or the region's code. feeder:
    float64[P, U],
    one where a unit's pupils of the grade before leave into the pool. share: float64[P, U], of those who
    enter
    a school of the region. outside: float64[P], share of leavers known to go beyond the region's schools.
    rate: float64[P], entrants per leaver who stays (above one when children come from elsewhere).
    counted: transfers were counted. behind: float64[P], leavers behind the rate.
    """

    grade: int
    codes: tuple[str, ...]
    feeder: Floats
    share: Floats
    outside: Floats
    rate: Floats
    counted: bool
    behind: Floats


def leavers_by_unit(pupils: Floats, stepped: NDArray[np.bool_], grade: int) -> Floats:
    """float64[U, T]: pupils of the grade before `grade` in units that do not carry them on themselves."""
    below = np.nan_to_num(pupils[:, :, grade - 1])
    closed = np.asarray(~stepped.any(axis=1))
    taught = np.asarray(np.nan_to_num(pupils[:, :, grade]).sum(axis=1) > 0)
    carried = stepped[:, grade] | (closed & taught)
    return np.where(carried[:, None], 0.0, below)


def rate_level(entrants: Floats, leavers: Floats, drift: float = RATE_DRIFT) -> tuple[float, float]:
    """(rate, leavers behind it): entrants of a year per leaver of the year before, float64[T] each."""
    series = np.full(entrants.size, np.nan)
    before = leavers[:-1]
    known = (before > 0) & ~np.isnan(entrants[1:]) & (entrants[1:] > 0)
    series[1:][known] = np.log(entrants[1:][known] / before[known])
    level = local_level(series, np.concatenate([[0.0], before]), drift)
    if not np.isfinite(level):
        return float("nan"), 0.0
    return float(np.exp(level)), float(before[known][-5:].sum())


def leaver_pools(
    problem: Problem,
    pupils: Floats,
    stepped: NDArray[np.bool_],
    intake: NDArray[np.bool_],
    ever: NDArray[np.bool_],
    level: Floats,
    grade: int,
) -> LeaverPools | None:
    """Pools into the intake grade at position `grade`; None where nothing leaves or nobody enters.

    pupils: float64[U, T, G]. stepped, intake, ever: bool[U, G], `ever` with the
    intakes of schools since closed. level: float64[U], adaptive level at lead one.
    """
    units = intake[:, grade]
    if grade == 0 or not units.any():
        return None
    leavers = leavers_by_unit(pupils, stepped, grade)
    if leavers[:, -1].sum() <= 0:
        return None
    entered = pupils[ever[:, grade], :, grade]
    entrants = np.where(np.isnan(entered).all(axis=0), np.nan, np.nansum(entered, axis=0))
    flows = _counted(problem, grade, pupils, leavers)
    if flows is None and not _stage_change(problem, pupils, units, leavers, grade):
        return None
    if flows is None:
        weight = np.where(units, np.maximum(np.nan_to_num(level), 0.0), 0.0)
        if weight.sum() <= 0:
            return None
        rate, behind = rate_level(entrants, leavers.sum(axis=0))
        if not np.isfinite(rate):
            return None
        feeder = (leavers[:, -3:].sum(axis=1) > 0).astype(np.float64)[None]
        one = np.array([rate])
        return LeaverPools(
            grade, (problem.region.code,), feeder, (weight / weight.sum())[None], np.zeros(1), one, False,
            np.array([behind]),
        )  # fmt: skip
    codes, feeder, shares, behind = flows
    inside = shares[:, :-1] * units[None, :]
    lost = 1.0 - inside.sum(axis=1)
    pool_now = feeder @ leavers
    expected = (inside.sum(axis=1)[:, None] * pool_now).sum(axis=0)
    rate, _ = rate_level(entrants, expected)
    rate = rate if np.isfinite(rate) else 1.0
    total = inside.sum(axis=1, keepdims=True)
    share = np.divide(inside, total, out=np.zeros_like(inside), where=total > 0)
    return LeaverPools(grade, codes, feeder, share, lost, np.full(len(codes), rate), True, behind)


def _stage_change(
    problem: Problem, pupils: Floats, units: NDArray[np.bool_], leavers: Floats, grade: int
) -> bool:
    """Whether a stage ends below `grade`: much of the grade is newly entered, or those who enter it begin a
    stage there and those who leave below it end one. Odd single schools make no pool."""
    entered, whole = np.nansum(pupils[units, -1, grade]), np.nansum(pupils[:, -1, grade])
    if entered >= STAGE_CHANGE * whole:
        return True
    name, below = problem.grades[grade], problem.grades[grade - 1]
    left = leavers[:, -1].sum()
    begins = sum(
        float(np.nan_to_num(pupils[u, -1, grade]))
        for u in np.flatnonzero(units).tolist()
        if problem.stage(u, name) != problem.stage(u, below)
    )
    ends = sum(
        float(leavers[u, -1])
        for u in np.flatnonzero(leavers[:, -1] > 0).tolist()
        if problem.stage(u, name) != problem.stage(u, below)
    )
    alike = 0.4 * entered <= left <= 2.5 * entered
    return alike and begins >= 0.5 * entered and ends >= 0.5 * left


def _counted(
    problem: Problem, grade: int, pupils: Floats, leavers: Floats
) -> tuple[tuple[str, ...], Floats, Floats, Floats] | None:
    """(areas of origin, feeder[P, U], shares[P, U + 1] with the last column not a school, pupils
    behind[P])."""
    table = problem.table("grade_flows")
    if table is None:
        return None
    rows = table.filter(
        (pl.col("from_grade") == problem.grades[grade - 1]) & (pl.col("year") <= problem.origin_year)
    )
    if rows.is_empty():
        return None
    index = {code: u for u, code in enumerate(problem.schools)}
    areas = sorted({int(problem.area_of[u]) for u in np.flatnonzero(leavers[:, -3:].sum(axis=1) > 0)})
    pool_of = {area: p for p, area in enumerate(areas)}
    years = sorted(rows["year"].unique().to_list())
    year_of = {year: y for y, year in enumerate(years)}
    count = len(problem.schools)
    moved = np.zeros((len(areas), len(years), count + 1))
    first = problem.panel.years[0]
    has_share = "share" in rows.columns
    for row in rows.sort("year", "from_school_id", "to_school_id").iter_rows(named=True):
        origin = index[row["from_school_id"]]
        pool = pool_of.get(int(problem.area_of[origin]))
        if pool is None:
            continue
        number = row["pupils"]
        if number is None and has_share and row["share"] is not None:
            at = row["year"] - 1 - first
            number = row["share"] * (
                leavers[origin, at] if 0 <= at < leavers.shape[1] else leavers[origin, -1]
            )
        to = row["to_school_id"]
        column = count if to in NOT_SCHOOLS else index[to]
        moved[pool, year_of[row["year"]], column] += number or 0.0
    sizes = moved.sum(axis=2)
    if sizes.sum() <= 0:
        return None
    gain = steady_gain(FLOW_DRIFT, sizes.mean(axis=1) + 1.0, 1.0)
    age = np.array([years[-1] - year for year in years], dtype=np.float64)
    weight = (1.0 - gain[:, None]) ** age[None, :]
    held = np.einsum("pyu,py->pu", moved, weight)
    whole = held.sum(axis=0) / held.sum()
    behind = held.sum(axis=1)
    shares = (held + PRIOR_PUPILS * whole) / (behind[:, None] + PRIOR_PUPILS)
    feeder = np.zeros((len(areas), count))
    for u in np.flatnonzero(leavers[:, -3:].sum(axis=1) > 0):
        feeder[pool_of[int(problem.area_of[u])], u] = 1.0
    return tuple(problem.areas[area] for area in areas), feeder, shares, behind
