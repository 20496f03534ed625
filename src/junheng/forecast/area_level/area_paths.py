"""Central paths of area totals by stage: flows in and out where they are counted, births where they are not.

Without entrants and graduates, pupils(t + h) = pupils(t) x [births of the stage's ages at t + h over those at
t] x exp(residual growth, damped). Residual growth is what pupils grew beyond their births in the last year,
on this side of any break. Above primary school, where both ways can be gone, the path is their geometric
mean: each mends the errors of the other in the provinces' past. Primary schools follow their flows alone, for
the other way lags their rising yields. Every change ahead is drawn toward the last count at short leads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.area_level.area_cohorts import StageFlows, cohort_path
from junheng.forecast.area_level.level_breaks import Break, find_breaks
from junheng.forecast.births import BirthsPath
from junheng.forecast.problem import Problem
from junheng.model.stages import STAGES, entry_age, grades_of

Floats = NDArray[np.float64]
DOUBT = 0.2
"""Share of a change ahead that is not believed up to lead five (NBS provinces, 2007-18); none from lead
twelve."""
LEADS, BELIEVED_FROM = 5, 12
DAMPING = 0.7
"""Each further year carries this share of the residual growth of the year before."""
FED_BY = {"junior": "primary", "senior": "junior"}
"""Stages whose entrants are the graduates of the stage below."""


@dataclass(frozen=True)
class AreaSeries:
    """One area and stage: pupils, entrants and graduates float64[T], NaN = not counted; births float64[T + H]
    of the stage's ages and coming_of_age float64[T + H] of the age of entry alone; length of the stage."""

    area: str
    stage: str
    pupils: Floats
    births: Floats
    breaks: tuple[Break, ...]
    entrants: Floats
    graduates: Floats
    coming_of_age: Floats
    length: int


@dataclass(frozen=True)
class AreaForecast:
    """Central path float64[H] of one series with the parts that make it (logs, float64[H] each). `by_flows`
    tells whether it follows entrants and graduates."""

    series: AreaSeries
    central: Floats
    by_births: Floats
    by_residual: Floats
    by_flows: bool = False


def read_series(problem: Problem, births: BirthsPath | None, horizon: int) -> list[AreaSeries]:
    """Every area and stage counted at the origin or the year before."""
    table = problem.tables["area_enrolment"].filter(pl.col("pupils").is_not_null())
    known = problem.panel.years
    span = range(known[0], known[-1] + horizon + 1)
    out: list[AreaSeries] = []
    for (area, stage), rows in sorted(
        ((str(key[0]), str(key[1])), part) for key, part in table.group_by("area_code", "stage")
    ):
        pupils, entrants, graduates = (
            _by_year(rows, name, known) for name in ("pupils", "entrants", "graduates")
        )
        if np.isnan(pupils[-2:]).all():
            continue
        ages = stage_ages(problem, stage)
        window = cohort_births(problem, births, area, ages, span)
        coming = cohort_births(problem, births, area, ages[:1], span)
        breaks = find_breaks(pupils, known, window)
        out.append(AreaSeries(area, stage, pupils, window, breaks, entrants, graduates, coming, len(ages)))
    return out


def _by_year(rows: pl.DataFrame, column: str, years: tuple[int, ...]) -> Floats:
    counts = np.full(len(years), np.nan)
    for year, value in rows.select("year", column).iter_rows():
        if year <= years[-1] and value is not None:
            counts[year - years[0]] = value
    return counts


def stage_ages(problem: Problem, stage: str) -> list[int]:
    """Ages at entry into each grade of a stage under the region's school system."""
    return [entry_age(grade) for grade in grades_of(stage, problem.region.school_system) if grade != "K0"]


def cohort_births(
    problem: Problem, births: BirthsPath | None, area: str, ages: list[int], span: range
) -> Floats:
    """float64[len(span)]: births of the cohorts of these ages each year; NaN without records of them."""
    nothing = np.full(len(span), np.nan)
    if births is None or not ages:
        return nothing
    rows = [
        i
        for i, code in enumerate(births.areas)
        if area in problem.ancestors(code) or area == problem.region.code
    ]
    if not rows:
        return nothing
    return np.array([sum(births.cohort(age, year)[rows].sum() for age in ages) for year in span])


def forecasts_at(series: list[AreaSeries], at: int, horizon: int) -> list[AreaForecast]:
    """Central paths of all series from year index `at`, knowing no count later; in the order of `series`.

    Series not counted in the two years up to `at` are left out. All stages of an area belong together: the
    graduates of one are the source of the next.
    """
    made: dict[tuple[str, str], AreaForecast] = {}
    leaving: dict[tuple[str, str], Floats] = {}
    for one in sorted(series, key=lambda each: (each.area, STAGES.index(each.stage))):
        if np.isnan(one.pupils[max(at - 1, 0) : at + 1]).all():
            continue
        key = (one.area, one.stage)
        made[key] = forecast(one, at, horizon)
        below = FED_BY.get(one.stage)
        source = one.coming_of_age if below is None else leaving.get((one.area, below))
        if source is None:
            continue
        flows = StageFlows(one.pupils, one.entrants, one.graduates, source, one.length, one.breaks)
        path = cohort_path(flows, at, horizon)
        if path is not None:
            leaving[key] = np.concatenate([path.graduates_before, path.graduates])
            grown = np.log(np.maximum(path.pupils, 1.0) / one.pupils[at])
            by_births = made[key].by_births
            both = grown if below is None else (grown + by_births + made[key].by_residual) / 2.0
            made[key] = AreaForecast(one, path.pupils, by_births, both - by_births, by_flows=True)
    made = {key: _believed(one, at) for key, one in made.items()}
    return [made[one.area, one.stage] for one in series if (one.area, one.stage) in made]


def _believed(made: AreaForecast, at: int) -> AreaForecast:
    """The path with every change ahead drawn toward the last count by `DOUBT`, less and less from
    `LEADS` on."""
    lead = np.arange(1, len(made.central) + 1, dtype=np.float64)
    share = 1.0 - DOUBT * np.clip((BELIEVED_FROM - lead) / (BELIEVED_FROM - LEADS), 0.0, 1.0)
    births, rest = made.by_births * share, made.by_residual * share
    counted = made.series.pupils[: at + 1]
    last = counted[~np.isnan(counted)][-1]
    return AreaForecast(made.series, last * np.exp(births + rest), births, rest, made.by_flows)


def forecast(series: AreaSeries, at: int, horizon: int) -> AreaForecast:
    """The path of one series by births and residual growth alone; births up to their records are known."""
    last = int(np.flatnonzero(~np.isnan(series.pupils[: at + 1]))[-1])
    gap = at - last
    births = series.births[: at + 1 + horizon]
    usable = not np.isnan(births[last : at + 1 + horizon]).any() and births[last] > 0
    path = np.log(births[last + 1 :] / births[last]) if usable else np.zeros(horizon + gap)
    steps = _residual_growth(series, last) * np.cumsum(DAMPING ** np.arange(horizon + gap))
    path, steps = path[gap : gap + horizon], steps[gap:]
    steps = np.asarray(steps, dtype=np.float64)
    return AreaForecast(series, series.pupils[last] * np.exp(path + steps), path, steps)


def _residual_growth(series: AreaSeries, last: int) -> float:
    """Last log growth of pupils beyond their births; zero at a break or a blank."""
    pupils, births = series.pupils, series.births
    if last < 1 or last in {found.index for found in series.breaks}:
        return 0.0
    if np.isnan(pupils[last - 1]) or pupils[last - 1] <= 0 or pupils[last] <= 0:
        return 0.0
    grown = np.log(pupils[last] / pupils[last - 1])
    if births[last] > 0 and births[last - 1] > 0:
        grown -= np.log(births[last] / births[last - 1])
    return float(np.clip(grown, -0.15, 0.15))
