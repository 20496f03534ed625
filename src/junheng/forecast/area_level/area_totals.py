"""Tier D: only totals by area and stage. Draws about the central paths, tables and explanation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.forecast.area_level.area_paths import (
    AreaForecast,
    AreaSeries,
    forecasts_at,
    read_series,
    stage_ages,
)
from junheng.forecast.births import BirthsPath, births_path, log_spread, shared_path
from junheng.forecast.calibration import TOTALS_PRIOR, Residuals, Spread, fit
from junheng.forecast.certainty import band
from junheng.forecast.problem import Problem
from junheng.forecast.process_draws import normals, tail_weights
from junheng.forecast.quantiles import summarise
from junheng.model import OUTPUTS
from junheng.model.stages import entry_age, grades_of
from junheng.model.tables.forecast_outputs import QUANTILES

if TYPE_CHECKING:
    from junheng.forecast.decomposition import Explanation
    from junheng.forecast.result import Projection
    from junheng.forecast.scenarios.scenario import Scenario

Floats = NDArray[np.float64]
LEADS = 5


def project_areas(problem: Problem, years: int, draws: int, seed: int) -> Projection:
    """Totals by area and stage where no school is known."""
    return _project(problem, births_path(problem, years), years, draws, seed, None)


def what_if_areas(base: Projection, scenario: Scenario) -> Projection:
    """Tier D knows births only as totals: FertilityShift and BirthsOverride act, other levers are refused."""
    from junheng.forecast.area_level.area_levers import changed_births  # noqa: PLC0415

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
    spreads, origins = stage_spreads(series, forecasts)
    years = tuple(range(problem.origin_year + 1, problem.origin_year + horizon + 1))
    dates = births.years if births is not None else tuple(range(problem.origin_year - 25, years[-1] + 1))
    last = births.last_recorded if births is not None else problem.origin_year
    sd = births.sd if births is not None else log_spread(problem, dates, last)
    path = shared_path(problem, dates, last, sd, seed, draws)
    tail = tail_weights(seed, draws, TOTALS_PRIOR.nu)
    central = {(one.series.area, one.series.stage): one.central for one in forecasts}
    region = problem.region.code
    cells = {
        key: _draws(problem, key, value, spreads[key[1]], years, dates, path, tail, seed)
        for key, value in central.items()
    }
    for stage in sorted({stage for _, stage in central}):
        parts = [key for key in sorted(central) if key[1] == stage and key[0] != region]
        top = [
            key for key in parts if not any(a in {k[0] for k in parts} for a in problem.ancestors(key[0])[1:])
        ]
        if (region, stage) not in central and top:
            cells[region, stage] = np.stack([cells[key] for key in top]).sum(axis=0).astype(np.float32)
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
        "forecast_parameters": _parameters(forecasts, spreads, origins),
    }
    return replace(result, extra_tables=tables)


def stage_spreads(series: list[AreaSeries], forecasts: list[AreaForecast]) -> tuple[dict[str, Spread], int]:
    """(spread by stage, past origins) from rolling forecasts made as those now are; no target beyond a break
    is scored."""
    now = {(one.series.area, one.series.stage): one.by_flows for one in forecasts}
    rows: dict[str, list[tuple[int, float, float, int]]] = {stage: [] for _, stage in now}
    length = len(series[0].pupils) if series else 0
    for at in range(4, length - 1):
        for made in forecasts_at(series, at, LEADS):
            one = made.series
            if now.get((one.area, one.stage)) != made.by_flows:
                continue
            broken = [found.index for found in one.breaks]
            for lead in range(1, min(LEADS, length - 1 - at) + 1):
                actual = one.pupils[at + lead]
                if np.isnan(actual) or actual <= 0 or any(at < b <= at + lead for b in broken):
                    continue
                rows[one.stage].append((lead, float(made.central[lead - 1]), float(actual), at))
    spreads: dict[str, Spread] = {}
    origins = 0
    for stage, scored in rows.items():
        spreads[stage] = TOTALS_PRIOR
        if scored:
            lead, ahead, actual, origin = np.array(scored).T
            found = Residuals(lead.astype(np.int64), ahead, actual, origin.astype(np.int64))
            spreads[stage] = fit(found, TOTALS_PRIOR)
            origins = max(origins, len(np.unique(found.origin)))
    return spreads, origins


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
    ages = stage_ages(problem, stage)
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
                "unit_code": area, "year": year, "lead": h + 1, "stage": stage, "grade": "all",
                "censored": False,
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
    """Shares known, born and unborn of a stage: totals know the cohorts in the stage or one below."""
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
    main = np.zeros(p.held)
    for stage in stages:
        if (region, stage) in p.areas_stage:
            main = main + p.areas_stage[region, stage].sum(axis=1)
    order = np.argsort(main, kind="stable")
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


def _parameters(forecasts: list[AreaForecast], spreads: Mapping[str, Spread], origins: int) -> pl.DataFrame:
    rows: list[dict[str, Any]] = [
        {
            "parameter": f"residual_growth_{one.series.stage}", "unit_kind": "area",
            "unit_code": one.series.area,
            "grade": "all", "value": float(one.by_residual[0]),
            "pupils_behind": float(np.nanmax(one.series.pupils[-2:])),
        }
        for one in forecasts
    ]  # fmt: skip
    scalars = [("past_origins", float(origins))]
    for stage, spread in sorted(spreads.items()):
        scalars += [(f"spread_a_{stage}", spread.a), (f"spread_b_{stage}", spread.b)]
    region = {"unit_kind": "region", "unit_code": "", "grade": "all", "pupils_behind": None}
    rows += [{"parameter": name, "value": value, **region} for name, value in scalars]
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
    wanted = [s for s in series if s.area == unit_code] or (
        [s for s in series if s.area != unit_code] if unit_code == p.problem.region.code else []
    )
    if not wanted:
        raise KeyError(unit_code)
    parts: dict[str, float] = dict.fromkeys(COMPONENTS, 0.0)
    before = after = 0.0
    for made in forecasts_at(held, len(p.problem.panel.years) - 1, len(p.years)):
        if not any(made.series is one for one in wanted):
            continue
        counted = made.series.pupils[~np.isnan(made.series.pupils)][-1]
        weight = float(log_mean(made.central[h], counted))
        parts["births"] += weight * float(made.by_births[h])
        parts["yield"] += weight * float(made.by_residual[h])
        before, after = before + float(counted), after + float(made.central[h])
    final = float(p.areas_central[unit_code, stage][h])
    parts["policy"] = final - after
    parts["yield"] += (final - before) - sum(parts.values())
    return Explanation(unit_code, stage, p.problem.origin_year, year, before, final, parts)
