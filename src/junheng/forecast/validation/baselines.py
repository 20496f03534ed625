"""The methods every forecast is measured against, under the same intake mask, cap and structure as ours.

`carry_forward` repeats the last count. `last_1`, `mean_3`, `mean_5` average the last one, three or five
grade progression ratios of each unit and repeat the last entry (as the R package enrollcast does).
`nces_like` smooths ratios and entries exponentially with weight 0.4 (NCES, Projections of Education
Statistics, appendix A).
"""

from __future__ import annotations

import numpy as np

from junheng.forecast.grade_progression import advance
from junheng.forecast.panel import Flags, Floats, Panel
from junheng.forecast.parameters import DEFAULT, Parameters
from junheng.forecast.structure import Structure, transitions

BASELINES = ("carry_forward", "last_1", "mean_3", "mean_5", "nces_like")
SMOOTHING = 0.4


def forecast(
    method: str, panel: Panel, structure: Structure, horizon: int, parameters: Parameters = DEFAULT
) -> Floats:
    """float64[U, H, G] for leads 1..horizon; ValueError for an unknown method."""
    units, grades = structure.offered.shape
    if method == "carry_forward":
        return np.broadcast_to(structure.counts[:, None, :], (units, horizon, grades)).copy()
    if method == "nces_like":
        ratio = ratios(panel, structure, None, parameters)
        entry = _smoothed_entry(panel, structure)
    elif method in ("last_1", "mean_3", "mean_5"):
        ratio = ratios(panel, structure, int(method[-1]), parameters)
        entry = structure.counts
    else:
        raise ValueError(f"unknown method {method!r}")
    level = np.where(structure.intake, entry, np.nan)
    return advance(structure.counts, ratio, np.repeat(level[:, None, :], horizon, axis=1), structure)


def ratios(panel: Panel, structure: Structure, count: int | None, parameters: Parameters = DEFAULT) -> Floats:
    """float64[U, G]: mean of the last `count` ratios, or their exponential smoothing when count is None.

    A cell without any usable ratio takes the pooled one of its grade.
    """
    arrived, could = transitions(panel, structure.origin)
    usable = structure.usable
    pooled_num = np.where(usable, arrived, 0.0).sum(axis=(0, 1))
    pooled_den = np.where(usable, could, 0.0).sum(axis=(0, 1))
    pooled = np.where(pooled_den > 0, pooled_num / np.maximum(pooled_den, 1e-12), 1.0)
    single = np.where(usable, arrived / np.where(usable, could, 1.0), 0.0)
    if count is None:
        result, seen = smooth(single, usable)
    else:
        rank = np.cumsum(usable[:, ::-1], axis=1)[:, ::-1]
        take = usable & (rank <= count)
        seen = take.any(axis=1)
        result = np.where(take, single, 0.0).sum(axis=1) / np.maximum(take.sum(axis=1), 1)
    return np.minimum(np.where(seen, result, pooled[None, :]), parameters.cap)


def smooth(series: Floats, known: Flags) -> tuple[Floats, Flags]:
    """Simple exponential smoothing along axis 1, started at the first known value; unknown years are
    skipped."""
    level = np.zeros((series.shape[0], series.shape[2]))
    started = np.zeros(level.shape, dtype=np.bool_)
    for t in range(series.shape[1]):
        value, here = series[:, t], known[:, t]
        updated = np.where(started, SMOOTHING * value + (1.0 - SMOOTHING) * level, value)
        level = np.where(here, updated, level)
        started |= here
    return level, started


def _smoothed_entry(panel: Panel, structure: Structure) -> Floats:
    pupils = panel.pupils[:, : panel.year_index(structure.origin) + 1]
    pupils = np.where(structure.dented[:, :, None], np.nan, pupils)
    known = ~np.isnan(pupils) & (pupils > 0)
    level, started = smooth(np.nan_to_num(pupils), known)
    return np.where(started, level, structure.counts)
