"""Ranges of a rolling origin: at each origin, spreads fitted to errors whose target year had come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from junheng.forecast.calibration import CELLS_PRIOR, TOTALS_PRIOR, Residuals, Spread, fit
from junheng.forecast.panel import Flags, Floats, Panel
from junheng.forecast.validation.rolling_origin import Origin, targets

SMALLEST_TOTAL = 5.0
SMALLEST_CELL = 0.5
INEXPERIENCE_TOTALS, INEXPERIENCE_CELLS = 0.10, 0.05
"""Share by which the variance of errors is larger after one transition; it fades with their square."""


@dataclass(frozen=True)
class Kinds:
    """Spreads of unit totals, of cells of enrolled cohorts and of cells of cohorts yet to enter."""

    totals: Spread
    enrolled: Spread
    entering: Spread


@dataclass(frozen=True)
class Ranges:
    """Spreads known at one origin. settled: units counted in every year so far that are not closing. young:
    bool[U], the others, whose spreads (`opened`) lean on those of the settled."""

    settled: Kinds
    opened: Kinds
    young: Flags


def residuals(
    panel: Panel, origins: Mapping[int, Origin], year: int, horizon: int, units: Flags
) -> tuple[Residuals, Residuals, Residuals]:
    """Errors of earlier origins for `units`, with target at or before `year`: totals, enrolled, entering
    cells."""
    until = min(year, panel.years[-1]) - panel.years[0]
    parts: tuple[list[tuple[Floats, ...]], ...] = ([], [], [])
    for start, said in origins.items():
        if start >= year:
            continue
        at = panel.year_index(start)
        forecast, actual = said.combined.sum(axis=2), targets(panel.totals, at, until, horizon)
        known = (forecast >= SMALLEST_TOTAL) & (actual >= SMALLEST_TOTAL) & units[:, None]
        parts[0].append(_rows(forecast, actual, known, start))
        cells, counted = said.combined, targets(panel.pupils, at, until, horizon)
        known = (cells > SMALLEST_CELL) & (counted > 0) & units[:, None, None]
        parts[1].append(_rows(cells, counted, known & ~said.entering, start))
        parts[2].append(_rows(cells, counted, known & said.entering, start))
    first = min(origins, default=year)
    known = {
        start: float(panel.counted[:, : panel.year_index(start) + 1].any(axis=0).sum()) for start in origins
    }
    now = float(panel.counted[:, : until + 1].any(axis=0).sum())
    totals, enrolled, coming = (
        _seasoned(_joined(part), first, known, now, share)
        for part, share in zip(
            parts, (INEXPERIENCE_TOTALS, INEXPERIENCE_CELLS, INEXPERIENCE_CELLS), strict=True
        )
    )
    return totals, enrolled, coming


def _seasoned(rows: Residuals, first: int, known: Mapping[int, float], now: float, share: float) -> Residuals:
    """Errors as of an origin that knows `now` counted years: earlier ones knew fewer and erred more.

    The first origin, which knew a single transition, is heard only at leads where no other speaks.
    """
    later = np.unique(rows.lead[rows.origin > first])
    kept = (rows.origin > first) | ~np.isin(rows.lead, later)
    origin = rows.origin[kept]
    then = np.array([_inexperience(known[int(start)], share) for start in origin.tolist()])
    season = np.sqrt(_inexperience(now, share) / then)
    return Residuals(rows.lead[kept], rows.forecast[kept], rows.actual[kept], origin, season)


def _inexperience(years: float, share: float) -> float:
    """Variance of errors after `years` counted years, relative to many."""
    return 1.0 + share / max(years - 1.0, 1.0) ** 2


def at_origin(panel: Panel, origins: Mapping[int, Origin], year: int, horizon: int) -> Ranges:
    """Spreads as they would have been published in `year`."""
    young = ~origins[year].structure.settled
    prior = Kinds(TOTALS_PRIOR, CELLS_PRIOR, CELLS_PRIOR)
    settled = _fitted(residuals(panel, origins, year, horizon, ~young), prior)
    opened = _fitted(residuals(panel, origins, year, horizon, young), settled)
    return Ranges(settled, opened, young)


def _fitted(rows: tuple[Residuals, Residuals, Residuals], prior: Kinds) -> Kinds:
    return Kinds(fit(rows[0], prior.totals), fit(rows[1], prior.enrolled), fit(rows[2], prior.entering))


def _rows(forecast: Floats, actual: Floats, known: Flags, start: int) -> tuple[Floats, ...]:
    shape = (1, forecast.shape[1]) + (1,) * (forecast.ndim - 2)
    leads = np.broadcast_to(np.arange(1.0, forecast.shape[1] + 1).reshape(shape), forecast.shape)
    return leads[known], forecast[known], actual[known], np.full(int(known.sum()), float(start))


def _joined(parts: list[tuple[Floats, ...]]) -> Residuals:
    if not parts:
        return Residuals(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), np.zeros(0, np.int64))
    lead, forecast, actual, origin = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Residuals(lead.astype(np.int64), forecast, actual, origin.astype(np.int64))
