"""Tier D where entrants or graduates are counted: pupils(t) = pupils(t - 1) + entrants(t) - graduates(t).

Entrants are a yield times their source: the births of those who come of age or, above primary school, the
graduates of the stage below in the same year. Graduates are the entrants of a stage length ago times a
completion ratio. The yield is a local level without trend: on the NBS provinces every drift tried, damped or
not, made leads 2-5 worse.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.forecast.grade_progression import steady_gain
from junheng.forecast.level_breaks import Break
from junheng.forecast.parameters import DEFAULT

Floats = NDArray[np.float64]
LOSS_YEARS = 3
"""Counted years behind the yearly loss inside a stage."""
LOSS_LIMITS = (-0.03, 0.03)
FEWEST_YIELDS = 3
"""Years of entrants with a known source below which no yield is estimated."""


@dataclass(frozen=True, slots=True)
class StageFlows:
    """What one area counts of one stage, float64[T] each with NaN where blank, and what its entrants come
    from: `source` float64[T + H]. `length` is the stage's years."""

    pupils: Floats
    entrants: Floats
    graduates: Floats
    source: Floats
    length: int
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True, slots=True)
class CohortPath:
    """float64[H] each: the years after the origin. `graduates_before` float64[T] are those up to it, blanks
    filled, on the level of the newest count."""

    pupils: Floats
    entrants: Floats
    graduates: Floats
    graduates_before: Floats


def cohort_path(flows: StageFlows, at: int, horizon: int) -> CohortPath | None:
    """The central path from year index `at`, knowing no count after it; None where too little is counted."""
    pupils = _one_level(flows.pupils, flows.breaks, at)
    entrants, graduates = _filled(flows, pupils, at)
    level = _yield_level(entrants, flows.source[: at + 1])
    ahead = flows.source[at + 1 : at + 1 + horizon]
    if np.isnan(pupils[at]) or level is None or len(ahead) < horizon or np.isnan(ahead).any():
        return None
    loss = _loss(pupils, entrants, graduates)
    came = np.concatenate([entrants, ahead * np.exp(level)])
    held = np.empty(horizon)
    left = np.empty(horizon)
    now = pupils[at]
    for h in range(horizon):
        t = at + 1 + h
        left[h] = _leaving(now, came, t, flows.length)
        now = max(now * (1.0 - loss) + came[t] - left[h], 0.0)
        held[h] = now
    return CohortPath(held, came[at + 1 :], left, graduates)


def _one_level(counts: Floats, breaks: tuple[Break, ...], at: int) -> Floats:
    """Counts up to `at`, those before a break brought to the level after it."""
    scaled = counts[: at + 1].copy()
    for found in breaks:
        if found.index <= at:
            scaled[: found.index] *= np.exp(found.log_jump - found.expected)
    return scaled


def _filled(flows: StageFlows, pupils: Floats, at: int) -> tuple[Floats, Floats]:
    """(entrants, graduates) up to `at`; a blank follows from pupils and the other, else from the cohort."""
    entrants = _one_level(flows.entrants, flows.breaks, at)
    graduates = _one_level(flows.graduates, flows.breaks, at)
    loss = _loss(pupils, entrants, graduates)
    for t in range(1, at + 1):
        change = pupils[t] - pupils[t - 1] * (1.0 - loss)
        if np.isnan(entrants[t]) and np.isnan(graduates[t]) and t >= flows.length:
            graduates[t] = _leaving(pupils[t - 1], entrants, t, flows.length)
        if np.isnan(entrants[t]):
            entrants[t] = max(change + graduates[t], 0.0)
        elif np.isnan(graduates[t]):
            graduates[t] = max(entrants[t] - change, 0.0)
    return entrants, graduates


def _leaving(inside: float, entrants: Floats, t: int, length: int) -> float:
    """Graduates of year t: the share of the pupils inside at t - 1 that came with the oldest cohort.

    The cohorts inside are in proportion to their entrants and add up to the pupils counted, so that nobody
    stays for ever where entrants were counted too high, and nobody leaves twice where too low.
    """
    cohorts = entrants[max(t - length, 0) : t]
    if len(cohorts) < length or np.isnan(cohorts).any() or cohorts.sum() <= 0:
        return inside / length
    return float(inside * cohorts[0] / cohorts.sum())


def _loss(pupils: Floats, entrants: Floats, graduates: Floats) -> float:
    """Share of pupils who leave a stage in a year other than by graduating (negative: who join it): median of
    the last years in which all three are counted; 0 where none is."""
    rates = -(np.diff(pupils) - entrants[1:] + graduates[1:]) / pupils[:-1]
    known = rates[np.isfinite(rates)][-LOSS_YEARS:]
    return float(np.clip(np.median(known), *LOSS_LIMITS)) if known.size else 0.0


def _yield_level(entrants: Floats, source: Floats) -> float | None:
    """Local level of log entrants per source, with the memory that so many entrants warrant."""
    known = np.flatnonzero((entrants > 0) & (source > 0))
    if known.size < FEWEST_YIELDS:
        return None
    yields = np.log(entrants[known] / source[known])
    size = np.array([entrants[known[-FEWEST_YIELDS:]].mean()])
    gain = float(steady_gain(DEFAULT.entry_drift, size, DEFAULT.entry_sampling)[0])
    level = float(yields[0])
    for value in yields[1:]:
        level += gain * (float(value) - level)
    return level
