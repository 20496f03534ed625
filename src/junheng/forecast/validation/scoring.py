"""Measures of forecasts against counts: percentage errors, bias, coverage, width and CRPS.

Every measure is taken per origin and then averaged over origins, so that no origin counts more for having
more units. All rates are shares (0.02 is two per cent).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from junheng.forecast.calibration import CENTRAL, Spread
from junheng.forecast.panel import Flags, Floats

SMALLEST_SCORED = 50.0
"""Units with fewer pupils in the target year are left out of percentage errors."""


@dataclass(frozen=True)
class RangeScore:
    """Per row: whether each central range held, relative width of the 80 % range, CRPS in pupils."""

    inside: Flags
    width80: Floats
    crps: Floats


def mape(forecast: Floats, actual: Floats) -> float:
    """Mean of |error| / actual over rows; NaN without rows."""
    return float(np.mean(np.abs(forecast - actual) / actual)) if actual.size else float("nan")


def wmape(forecast: Floats, actual: Floats) -> float:
    """Sum of |error| over sum of actual; NaN when nothing is counted."""
    total = float(actual.sum())
    return float(np.abs(forecast - actual).sum()) / total if total > 0 else float("nan")


def bias(forecast: Floats, actual: Floats) -> float:
    """Signed: sum of forecasts over sum of counts, minus one. Positive is too high."""
    total = float(actual.sum())
    return float(forecast.sum()) / total - 1.0 if total > 0 else float("nan")


def ranges(forecast: Floats, actual: Floats, lead: float, spread: Spread) -> RangeScore:
    """Scores of the central ranges about `forecast` [...]: inside is bool[3, ...] for 50, 80 and 95 %."""
    bounds = [
        (spread.quantile((1.0 - p) / 2.0, lead, forecast), spread.quantile((1.0 + p) / 2.0, lead, forecast))
        for p in CENTRAL
    ]
    inside = np.stack([(low <= actual) & (actual <= high) for low, high in bounds])
    low80, high80 = bounds[1]
    return RangeScore(
        inside, (high80 - low80) / np.maximum(forecast, 1.0), spread.crps(lead, forecast, actual)
    )


def either(second: Flags, one: RangeScore, two: RangeScore) -> RangeScore:
    """Rows of `two` where `second` holds, of `one` elsewhere; `second` broadcasts."""
    return RangeScore(
        np.where(second, two.inside, one.inside),
        np.where(second, two.width80, one.width80),
        np.where(second, two.crps, one.crps),
    )


def mean_of(values: Sequence[float]) -> float | None:
    """Mean over origins of those that could be measured, None when none could."""
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else None
