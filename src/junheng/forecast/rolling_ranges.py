"""Ranges of a rolling origin: at each origin, spreads fitted to errors whose target year had come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from junheng.forecast.calibration import CELLS_PRIOR, TOTALS_PRIOR, Residuals, Spread, fit
from junheng.forecast.panel import Flags, Floats, Panel
from junheng.forecast.rolling_origin import Origin, targets

SMALLEST_TOTAL = 5.0
SMALLEST_CELL = 0.5


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
    return (
        _seasoned(_joined(parts[0]), first),
        _seasoned(_joined(parts[1]), first),
        _seasoned(_joined(parts[2]), first),
    )


def _seasoned(rows: Residuals, first: int) -> Residuals:
    """Without the errors of the first origin, which knew a single transition, at leads where another
    speaks."""
    later = np.unique(rows.lead[rows.origin > first])
    kept = (rows.origin > first) | ~np.isin(rows.lead, later)
    return Residuals(rows.lead[kept], rows.forecast[kept], rows.actual[kept], rows.origin[kept])


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
