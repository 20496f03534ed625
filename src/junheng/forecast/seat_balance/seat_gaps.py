"""Seats short or idle: the gap between demand and capacity on every draw, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
HALF_A_CHILD = 0.5
"""A gap counts as a shortage from half a child on, so that rounding alone never makes one."""
_CHUNK = 64


@dataclass(frozen=True)
class Gaps:
    """Statistics of N units over H years, each float64[N, H]; NaN where capacity is unknown.

    p10, p50, p90 of G = demand - capacity; expected_short = E[max(G, 0)]; p_short = P(G > 0); p_underuse =
    P(demand < floor · capacity); demand p10, p50, p90 of pupils.
    """

    demand_p10: Floats
    demand_p50: Floats
    demand_p90: Floats
    p10: Floats
    p50: Floats
    p90: Floats
    expected_short: Floats
    p_short: Floats
    p_underuse: Floats
    utilisation: Floats


def quantile(ordered: Floats32, probability: float) -> Floats:
    """Quantile along the last, sorted axis by linear interpolation (Hyndman and Fan type 7)."""
    position = probability * (ordered.shape[-1] - 1)
    low = int(np.floor(position))
    high = min(low + 1, ordered.shape[-1] - 1)
    return ordered[..., low] + (position - low) * (ordered[..., high] - ordered[..., low]).astype(np.float64)


def measure(demand: Floats32, capacity: Floats, floor: float) -> Gaps:
    """Gaps of demand float32[N, H, D] against capacity float64[N, H]; below `floor` seats are under-used."""
    units, years, _ = demand.shape
    out = {name: np.full((units, years), np.nan) for name in Gaps.__dataclass_fields__}
    for start in range(0, units, _CHUNK):
        rows = slice(start, min(start + _CHUNK, units))
        ordered = np.sort(demand[rows], axis=-1)
        held = capacity[rows]
        for name, level in (("p10", 0.10), ("p50", 0.50), ("p90", 0.90)):
            value = quantile(ordered, level)
            out[f"demand_{name}"][rows] = value
            out[name][rows] = value - held
        gap = ordered - held[..., None].astype(np.float32)
        known = ~np.isnan(held)
        out["expected_short"][rows] = np.where(known, np.maximum(gap, 0).mean(axis=-1), np.nan)
        out["p_short"][rows] = np.where(known, (gap >= HALF_A_CHILD).mean(axis=-1), np.nan)
        idle = (ordered < (floor * held)[..., None]).mean(axis=-1)
        out["p_underuse"][rows] = np.where(known & (held > 0), idle, np.where(known, 0.0, np.nan))
        with np.errstate(divide="ignore", invalid="ignore"):
            share = out["demand_p50"][rows] / held
        out["utilisation"][rows] = np.where(held > 0, share, np.nan)
    return Gaps(**out)


def probability_short(gap: Floats32) -> Floats:
    """P(G > 0) along the last axis."""
    return (gap >= HALF_A_CHILD).mean(axis=-1)


@dataclass(frozen=True)
class Horizon:
    """When seats run short, by unit: years as positions h, -1 where never within the horizon."""

    first_short: NDArray[np.int64]
    """int[N, 3]: first year short at P10 (early), P50 and P90 (late) of the draws."""
    breach: NDArray[np.int64]
    peak: NDArray[np.int64]
    peak_demand: Floats
    peak_gap: Floats
    short_years: NDArray[np.int64]
    utilisation_after: Floats
    first_underuse: NDArray[np.int64]


def first_short_years(demand: Floats32, capacity: Floats) -> NDArray[np.int64]:
    """int[N, 3]: the year by which 10, 50, 90 % of draws have been short at least once; -1 if never."""
    units, years, draws = demand.shape
    result = np.full((units, 3), -1, dtype=np.int64)
    for n in range(units):
        if np.isnan(capacity[n]).any():
            continue
        short = (demand[n] - capacity[n][:, None]) >= HALF_A_CHILD
        first = np.asarray(np.where(short.any(axis=0), short.argmax(axis=0), years), dtype=np.int64)
        by_year = np.bincount(first, minlength=years + 1)[:years].cumsum() / draws
        for column, level in enumerate((0.10, 0.50, 0.90)):
            reached = np.flatnonzero(by_year >= level - 1e-12)
            result[n, column] = reached[0] if reached.size else -1
    return result


def horizon(
    demand: Floats32,
    capacity: Floats,
    gaps: Gaps,
    *,
    breach_p: float,
    breach_years: int,
    underuse_p: float,
    years_after_peak: int,
) -> Horizon:
    """First shortage, breach, peak and what is left after it, by unit.

    A breach is the first of `breach_years` years running with p_short ≥ `breach_p`. The peak is the year of
    the largest median demand. Utilisation after is taken `years_after_peak` later, NaN beyond the horizon.
    """
    units, years = capacity.shape
    short = np.nan_to_num(gaps.p_short, nan=0.0) >= breach_p
    runs = short.copy()
    for step in range(1, breach_years):
        runs[:, : years - step] &= short[:, step:]
        runs[:, years - step :] = False
    idle = np.nan_to_num(gaps.p_underuse, nan=0.0) >= underuse_p
    peak = gaps.demand_p50.argmax(axis=1) if years else np.zeros(units, dtype=np.int64)
    rows = np.arange(units, dtype=np.intp)
    after = peak + years_after_peak
    inside = after < years
    later = np.where(inside, gaps.utilisation[rows, np.minimum(after, years - 1)], np.nan)
    worst = np.where(np.isnan(gaps.p50), -np.inf, gaps.p50).max(axis=1)
    return Horizon(
        first_short=first_short_years(demand, capacity),
        breach=np.where(runs.any(axis=1), runs.argmax(axis=1), -1),
        peak=peak,
        peak_demand=gaps.demand_p50[rows, peak],
        peak_gap=np.where(np.isfinite(worst), worst, np.nan),
        short_years=short.sum(axis=1),
        utilisation_after=later,
        first_underuse=np.where(idle.any(axis=1), idle.argmax(axis=1), -1),
    )
