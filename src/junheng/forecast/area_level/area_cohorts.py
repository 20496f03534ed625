"""Tier D where entrants or graduates are counted: pupils(t) = pupils(t - 1) + entrants(t) - graduates(t).

Entrants are a yield times their source: the births of those who come of age or, above primary school, the
graduates of the stage below in the same year. The yield is a local level without trend: on the NBS provinces
every drift tried, damped or not, made leads 2-5 worse. Graduates are the mean of two estimates: the entrants
of a stage length ago times a completion ratio, and the oldest cohort's share of the pupils inside. The first
alone keeps for ever whoever entered and never graduates (junior schools of the provinces then hold a third
too many pupils ten years ahead); the second alone makes leads 2-5 of their primary schools worse.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.forecast.area_level.level_breaks import Break
from junheng.forecast.grade_progression import steady_gain
from junheng.forecast.parameters import DEFAULT

Floats = NDArray[np.float64]
COMPLETION_YEARS = 3
"""Counted years behind the completion ratio."""
COMPLETION_LIMITS = (0.7, 1.5)
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
    completion = _completion(entrants, _one_level(flows.graduates, flows.breaks, at), flows.length)
    came = np.concatenate([entrants, ahead * np.exp(level)])
    held = np.empty(horizon)
    left = np.empty(horizon)
    now = pupils[at]
    for h in range(horizon):
        t = at + 1 + h
        left[h] = _leaving(now, came[max(t - flows.length, 0) : t], flows.length, completion)
        now = now + came[t] - left[h]
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
    counted = graduates.copy()
    for t in range(1, at + 1):
        change = pupils[t] - pupils[t - 1]
        if np.isnan(entrants[t]) and np.isnan(graduates[t]) and t >= flows.length:
            graduates[t] = entrants[t - flows.length] * _completion(entrants[:t], counted[:t], flows.length)
        if np.isnan(entrants[t]):
            entrants[t] = max(change + graduates[t], 0.0)
        elif np.isnan(graduates[t]):
            graduates[t] = max(entrants[t] - change, 0.0)
    return entrants, graduates


def _leaving(inside: float, cohorts: Floats, length: int, completion: float) -> float:
    """Graduates of the `inside` pupils of a year ago, who came as `cohorts` (entrants, oldest first)."""
    if len(cohorts) < length or np.isnan(cohorts).any() or cohorts.sum() <= 0:
        return inside / length
    share = cohorts[0] / cohorts.sum()
    return float(min((cohorts[0] * completion + inside * share) / 2.0, inside))


def _completion(entrants: Floats, graduates: Floats, length: int) -> float:
    """Graduates per entrant of a stage length before, over the last years counted; 1 where none is."""
    if len(graduates) <= length:
        return 1.0
    came, left = entrants[: len(graduates) - length], graduates[length:]
    known = np.flatnonzero(~np.isnan(came) & ~np.isnan(left) & (came > 0))[-COMPLETION_YEARS:]
    if not known.size:
        return 1.0
    return float(np.clip(np.mean(left[known] / came[known]), *COMPLETION_LIMITS))


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
