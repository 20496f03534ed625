"""Tier D: only totals by area and stage. Births move the window of ages; residual growth fades.

pupils(t + h) = pupils(t) x [births of the stage's ages at t + h over those at t] x exp(residual growth, damped).
Residual growth is what pupils grew beyond their births in the last year, on this side of any break. Junior
school follows the primary pupils of four and five years before, counted or forecast, where their series is
whole. Recorded births and lagged pupils are believed at seven tenths up to lead five and wholly from lead twelve.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.births import BirthsPath, births_path, log_spread, shared_path
from junheng.forecast.calibration import TOTALS_PRIOR, Residuals, Spread, fit
from junheng.forecast.certainty import band
from junheng.forecast.level_breaks import Break, find_breaks
from junheng.forecast.problem import Problem
from junheng.forecast.process_draws import normals, tail_weights
from junheng.forecast.quantiles import summarise
from junheng.model import OUTPUTS
from junheng.model.stages import entry_age, grades_of
from junheng.model.tables.forecast_outputs import QUANTILES

if TYPE_CHECKING:
    from junheng.forecast.decomposition import Explanation
    from junheng.forecast.result import Projection
    from junheng.forecast.scenario import Scenario

Floats = NDArray[np.float64]
DAMPING = 0.7
"""Each further year carries this share of the residual growth of the year before (NBS provinces, 2007-18)."""
DOUBT = 0.3
"""Share of a change ahead that is not believed up to lead five (NBS provinces, 2007-18); none from lead twelve."""
BELIEVED_FROM = 12
LAG = {"junior": ("primary", (4, 5))}
"""Stage -> (stage it follows, years behind)."""
LEADS = 5


@dataclass(frozen=True)
class AreaSeries:
    """One area and stage: pupils float64[T], NaN = not counted; births float64[T + H] of the stage's ages."""

    area: str
    stage: str
    pupils: Floats
    births: Floats
    breaks: tuple[Break, ...]


@dataclass(frozen=True)
class AreaForecast:
    """Central path float64[H] of one series with the parts that make it (logs, float64[H] each)."""

    series: AreaSeries
    central: Floats
    by_births: Floats
    by_residual: Floats


def project_areas(problem: Problem, years: int, draws: int, seed: int) -> Projection:
    """Totals by area and stage where no school is known."""
    return _project(problem, births_path(problem, years), years, draws, seed, None)


def what_if_areas(base: Projection, scenario: Scenario) -> Projection:
    """Tier D knows births, migration and entry only as totals: FertilityShift and BirthsOverride act, others refuse."""
    from junheng.forecast.area_levers import changed_births  # noqa: PLC0415

    births = births_path(base.problem, len(base.years))
    changed = changed_births(base.problem, births, scenario.levers)
    result = _project(base.problem, changed, len(base.years), base.asked, base.seed, scenario)
    return replace(result, base=base)


def _project(
    problem: Problem,
    births: BirthsPath | None,
    horizon: int,
    draws: int,
    seed: int,
    scenario: Scenario | None,
) -> Projection:
    from junheng.forecast.result import Projection  # noqa: PLC0415

    series = read_series(problem, births, horizon)
    forecasts = forecasts_at(series, len(problem.panel.years) - 1, horizon)
    spread, origins = area_spread(series)
    years = tuple(range(problem.origin_year + 1, problem.origin_year + horizon + 1))
    dates = births.years if births is not None else tuple(range(problem.origin_year - 25, years[-1] + 1))
    last = births.last_recorded if births is not None else problem.origin_year
    sd = births.sd if births is not None else log_spread(problem, dates, last)
    path = shared_path(problem, dates, last, sd, seed, draws)
    tail = tail_weights(seed, draws, spread.nu)
    central = {(one.series.area, one.series.stage): one.central for one in forecasts}
    region = problem.region.code
    cells = {
        key: _draws(problem, key, value, spread, years, dates, path, tail, seed)
        for key, value in central.items()
    }
    for stage in sorted({stage for _, stage in central}):
        parts = [key for key in sorted(central) if key[1] == stage and key[0] != region]
        top = [
            key for key in parts if not any(a in {k[0] for k in parts} for a in problem.ancestors(key[0])[1:])
        ]
        if (region, stage) not in central and top:
            cells[region, stage] = np.sum([cells[key] for key in top], axis=0, dtype=np.float32)
            central[region, stage] = np.sum([central[key] for key in top], axis=0)
    name = scenario.name if scenario is not None else "base"
    empty = np.zeros((0, horizon, 0))
    result = Projection(
        problem, name, scenario.levers if scenario else (), years, seed, draws, draws, None, None, None, None,
        empty, empty, np.zeros((0, horizon, 0, draws), dtype=np.float32),
        areas_stage=cells, areas_central=central,
    )  # fmt: skip
    from junheng.forecast.findings import area_findings  # noqa: PLC0415

    tables = {
        name_: OUTPUTS[name_].empty()
        for name_ in ("forecast_children", "forecast_parameters", "forecast_drivers")
    }
    tables |= {
        "forecast_enrolment": _enrolment(result, births),
        "forecast_paths": _paths(result),
        "forecast_findings": area_findings(problem, births, series, forecasts),
        "forecast_parameters": _parameters(forecasts, spread, origins),
    }
    return replace(result, extra_tables=tables)


def read_series(problem: Problem, births: BirthsPath | None, horizon: int) -> list[AreaSeries]:
    """Every area and stage counted at the origin or the year before."""
    table = problem.tables["area_enrolment"].filter(pl.col("pupils").is_not_null())
    known = problem.panel.years
    span = range(known[0], known[-1] + horizon + 1)
    out: list[AreaSeries] = []
    for (area, stage), rows in sorted(
        ((str(key[0]), str(key[1])), part) for key, part in table.group_by("area_code", "stage")
    ):
        pupils = np.full(len(known), np.nan)
        for year, value in rows.select("year", "pupils").iter_rows():
            if year <= known[-1]:
                pupils[year - known[0]] = value
        if np.isnan(pupils[-2:]).all():
            continue
        window = stage_births(problem, births, area, stage, span)
        out.append(AreaSeries(area, stage, pupils, window, find_breaks(pupils, known, window)))
    return out


def stage_births(problem: Problem, births: BirthsPath | None, area: str, stage: str, span: range) -> Floats:
    """float64[len(span)]: births of the cohorts in a stage each year; NaN without records of them."""
    ages = [entry_age(grade) for grade in grades_of(stage, problem.region.school_system) if grade != "K0"]
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


def doubt(horizon: int) -> Floats:
    """float64[H]: share of a change ahead that is not believed."""
    lead = np.arange(1, horizon + 1, dtype=np.float64)
    return DOUBT * np.clip((BELIEVED_FROM - lead) / (BELIEVED_FROM - LEADS), 0.0, 1.0)


def forecasts_at(series: list[AreaSeries], at: int, horizon: int) -> list[AreaForecast]:
    """Central paths of all series from year index `at`, knowing nothing later; in the order of `series`.

    Series not counted in the two years up to `at` are left out.
    """
    made: dict[tuple[str, str], AreaForecast] = {}
    for one in sorted(series, key=lambda s: s.stage in LAG):
        if np.isnan(one.pupils[max(at - 1, 0) : at + 1]).all():
            continue
        below = made.get((one.area, LAG[one.stage][0])) if one.stage in LAG else None
        made[one.area, one.stage] = forecast(one, at, horizon, below)
    return [made[one.area, one.stage] for one in series if (one.area, one.stage) in made]


def forecast(series: AreaSeries, at: int, horizon: int, below: AreaForecast | None = None) -> AreaForecast:
    """The central path of one series from year index `at`; `below` is the forecast of the stage it follows."""
    pupils = series.pupils[: at + 1]
    last = int(np.flatnonzero(~np.isnan(pupils))[-1])
    gap = at - last
    believed = 1.0 - doubt(horizon)
    follow = _following(series, below, last, at, horizon) if below is not None else None
    if follow is not None:
        path = follow * believed
        return AreaForecast(series, pupils[last] * np.exp(path), path, np.zeros(horizon))
    births = series.births[: at + 1 + horizon]
    usable = not np.isnan(births[last : at + 1 + horizon]).any() and births[last] > 0
    path = np.log(births[last + 1 :] / births[last]) if usable else np.zeros(horizon + gap)
    steps = _residual_growth(series, last) * np.cumsum(DAMPING ** np.arange(horizon + gap))
    path, steps = path[gap : gap + horizon] * believed, steps[gap:] * believed
    return AreaForecast(series, pupils[last] * np.exp(path + steps), path, steps)


def _following(series: AreaSeries, below: AreaForecast, last: int, at: int, horizon: int) -> Floats | None:
    """float64[H]: log growth of the stage below, as many years before; None across a break or a blank."""
    lags = LAG[series.stage][1]
    known = np.concatenate([below.series.pupils[: at + 1], below.central])
    if last - max(lags) < 0:
        return None
    base = np.mean([known[last - lag] for lag in lags])
    ahead = np.array([np.mean([known[at + h - lag] for lag in lags]) for h in range(1, horizon + 1)])
    broken = any(last - max(lags) < found.index <= at for found in below.series.breaks)
    if broken or not np.isfinite(base) or base <= 0 or not np.isfinite(ahead).all():
        return None
    return np.log(ahead / base)


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


def area_spread(series: list[AreaSeries]) -> tuple[Spread, int]:
    """(spread, past origins) from rolling forecasts; a target beyond a break is not scored."""
    rows: list[tuple[int, float, float, int]] = []
    length = len(series[0].pupils) if series else 0
    for at in range(4, length - 1):
        for made in forecasts_at(series, at, LEADS):
            one = made.series
            broken = [found.index for found in one.breaks]
            for lead in range(1, min(LEADS, length - 1 - at) + 1):
                actual = one.pupils[at + lead]
                if np.isnan(actual) or actual <= 0 or any(at < b <= at + lead for b in broken):
                    continue
                rows.append((lead, float(made.central[lead - 1]), float(actual), at))
    if not rows:
        return TOTALS_PRIOR, 0
    table = np.array(rows)
    found = Residuals(table[:, 0].astype(np.int64), table[:, 1], table[:, 2], table[:, 3].astype(np.int64))
    return fit(found, TOTALS_PRIOR), len(np.unique(found.origin))


def _draws(
    problem: Problem, key: tuple[str, str], central: Floats, spread: Spread, years: tuple[int, ...],
    dates: tuple[int, ...], births: NDArray[np.float32], tail: NDArray[np.float32], seed: int,
) -> NDArray[np.float32]:  # fmt: skip
    """float32[D, H]: half of the variance shared by the region, and births not yet recorded."""
    area, stage = key
    count = tail.shape[0]
    lead = np.arange(1, len(years) + 1, dtype=np.float64)
    variance = np.maximum.accumulate(
        np.minimum(spread.variance(lead, central) * spread.stretch[1] ** 2, 1.44)
    )
    step = np.sqrt(np.diff(variance, prepend=0.0) / 2.0).astype(np.float32)
    shared = normals(seed, f"region {stage}", ("",), years, count)[0]
    own = normals(seed, f"area {stage}", (area,), years, count)[0]
    walk = np.cumsum(step[:, None] * (shared + own) * tail[None], axis=0)
    ages = [entry_age(grade) for grade in grades_of(stage, problem.region.school_system) if grade != "K0"]
    unborn = np.zeros_like(walk)
    for h, year in enumerate(years):
        for age in ages:
            at = year - age - dates[0]
            if at >= 1:
                unborn[h] += (2.0 * births[at] + births[at - 1]) / (3.0 * len(ages))
    return (central[:, None].astype(np.float32) * np.exp(walk + unborn)).T.astype(np.float32)


def _enrolment(p: Projection, births: BirthsPath | None) -> pl.DataFrame:
    problem = p.problem
    frames: list[dict[str, Any]] = []
    for (area, stage), draws in p.areas_stage.items():
        values = summarise(np.ascontiguousarray(draws.T).copy())
        for h, year in enumerate(p.years):
            known, born, unborn = _shares(problem, births, stage, h, year)
            row: dict[str, Any] = {
                "scenario": p.scenario, "unit_kind": "region" if area == problem.region.code else "area",
                "unit_code": area, "year": year, "lead": h + 1, "stage": stage, "grade": "all", "censored": False,
                "tier": "D", "share_known": known, "share_born": born, "share_unborn": unborn,
                "band": band(known, unborn),
            }  # fmt: skip
            for q, name in enumerate(QUANTILES):
                row[name] = row[f"placed_{name}"] = float(values[h, q])
            frames.append(row)
    return OUTPUTS["forecast_enrolment"].conform(pl.DataFrame(frames))


def _shares(
    problem: Problem, births: BirthsPath | None, stage: str, h: int, year: int
) -> tuple[float, float, float]:
    """Shares known, born and unborn of a stage: totals know the cohorts that were in the stage or one below."""
    grades = [g for g in grades_of(stage, problem.region.school_system) if g != "K0"]
    known = unborn = 0.0
    for position, grade in enumerate(grades):
        age = entry_age(grade) - (h + 1)
        if position - (h + 1) >= 0:
            known += 1.0
        elif age < 0:
            unborn += births.unborn(entry_age(grade), year) if births is not None else 1.0
    count = max(len(grades), 1)
    return known / count, 1.0 - (known + unborn) / count, unborn / count


def _paths(p: Projection) -> pl.DataFrame:
    region = p.problem.region.code
    stages = sorted({stage for _, stage in p.areas_stage})
    main = sum(p.areas_stage[region, s].sum(axis=1) for s in stages if (region, s) in p.areas_stage)
    order = np.argsort(main, kind="stable") if not isinstance(main, int) else np.arange(p.held)
    groups = np.array_split(order, min(30, p.held))
    frames = [
        pl.DataFrame(
            {
                "path": np.repeat(np.arange(1, len(groups) + 1), len(p.years)),
                "year": np.tile(np.array(p.years), len(groups)),
                "weight": np.repeat([g.size / p.held for g in groups], len(p.years)),
                "pupils": np.concatenate([draws[g[g.size // 2]] for g in groups]).astype(np.float64),
            }
        ).with_columns(pl.lit(area).alias("area_code"), pl.lit(stage).alias("stage"))
        for (area, stage), draws in p.areas_stage.items()
    ]
    return OUTPUTS["forecast_paths"].conform(
        pl.concat(frames).with_columns(pl.lit(p.scenario).alias("scenario"))
    )


def _parameters(forecasts: list[AreaForecast], spread: Spread, origins: int) -> pl.DataFrame:
    rows = [
        {
            "parameter": f"residual_growth_{one.series.stage}", "unit_kind": "area", "unit_code": one.series.area,
            "grade": "all", "value": float(one.by_residual[0]),
            "pupils_behind": float(np.nanmax(one.series.pupils[-2:])),
        }
        for one in forecasts
    ]  # fmt: skip
    for name, value in (("spread_a", spread.a), ("spread_b", spread.b), ("past_origins", float(origins))):
        rows.append(
            {
                "parameter": name,
                "unit_kind": "region",
                "unit_code": "",
                "grade": "all",
                "value": value,
                "pupils_behind": None,
            }
        )
    return OUTPUTS["forecast_parameters"].conform(pl.DataFrame(rows, infer_schema_length=None))


def explain_area(p: Projection, unit_code: str, year: int, stage: str) -> Explanation:
    """Births and the rest: what totals can tell apart."""
    from junheng.forecast.decomposition import COMPONENTS, Explanation, log_mean  # noqa: PLC0415

    if year not in p.years:
        raise ValueError(f"{year} is outside {p.years[0]}-{p.years[-1]}")
    h = p.years.index(year)
    births = births_path(p.problem, len(p.years))
    held = read_series(p.problem, births, len(p.years))
    series = [s for s in held if s.stage == stage]
    below = [s for s in held if stage in LAG and s.stage == LAG[stage][0]]
    wanted = [s for s in series if s.area == unit_code] or (
        [s for s in series if s.area != unit_code] if unit_code == p.problem.region.code else []
    )
    if not wanted:
        raise KeyError(unit_code)
    parts = dict.fromkeys(COMPONENTS, 0.0)
    before = after = 0.0
    for made in forecasts_at(series + below, len(p.problem.panel.years) - 1, len(p.years)):
        if not any(made.series is one for one in wanted):
            continue
        counted = made.series.pupils[~np.isnan(made.series.pupils)][-1]
        weight = float(log_mean(made.central[h], counted))
        moved = "progression" if made.series.stage in LAG and not made.by_residual.any() else "births"
        parts[moved] += weight * float(made.by_births[h])
        parts["yield"] += weight * float(made.by_residual[h])
        before, after = before + float(counted), after + float(made.central[h])
    final = float(p.areas_central[unit_code, stage][h])
    parts["policy"] = final - after
    parts["yield"] += (final - before) - sum(parts.values())
    return Explanation(unit_code, stage, p.problem.origin_year, year, before, final, parts)
