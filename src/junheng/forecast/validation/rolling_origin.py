"""Rolling origin: forecasts as they would have been made each year, from nothing later than that year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from junheng.forecast.combination import (
    cohorts,
    combine,
    entering,
    evidence,
    prior_weight,
    steadiness,
    weight_factor,
)
from junheng.forecast.panel import Flags, Floats, Panel, flags
from junheng.forecast.parameters import DEFAULT, Parameters
from junheng.forecast.structure import Structure, find
from junheng.forecast.validation.whole_region import together

OURS = "ours"
HELD_WITH_BIRTHS = 0.6
"""Share of the region's forecast change that last totals are moved by where births stand behind that change
(without births: Parameters.hold_region_share)."""
EntryFactor = Callable[[Panel, Structure, int], Floats | None]


@dataclass(frozen=True)
class Origin:
    """What one origin said: structure, cohort forecast and combined forecast, float64[U, H, G] each.

    weight: float64[U], the last totals' weights before errors were looked at.
    """

    year: int
    structure: Structure
    cohort: Floats
    combined: Floats
    weight: Floats
    entering: Flags


def run(
    panel: Panel,
    horizon: int = 5,
    parameters: Parameters = DEFAULT,
    entry_factor: EntryFactor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[int, Origin]:
    """Origins by year, from the second counted year on; weights at each come from targets at or before it."""
    counted = flags(panel.counted.any(axis=0))
    totals = panel.totals
    origins: dict[int, Origin] = {}
    years = [y for i, y in enumerate(panel.years) if counted[i] and counted[:i].any()]
    for done, year in enumerate(years):
        structure = find(panel, year, parameters)
        outside = entry_factor(panel, structure, horizon) if entry_factor else None
        held = parameters if outside is None else replace(parameters, hold_region_share=HELD_WITH_BIRTHS)
        cohort = cohorts(panel, structure, horizon, parameters, outside)
        past = [
            evidence(
                earlier.structure.counts.sum(axis=1),
                earlier.cohort.sum(axis=2),
                np.where(
                    structure.settled[:, None],
                    targets(totals, panel.year_index(earlier.year), panel.year_index(year), horizon),
                    np.nan,
                ),
                earlier.weight,
                held,
            )
            for earlier in origins.values()
        ]
        factor = weight_factor(np.array(past).reshape(len(past), horizon), horizon, parameters)
        last = structure.counts.sum(axis=1)
        weight = prior_weight(last, parameters) * steadiness(panel, structure, parameters)
        combined = combine(cohort, last, factor, weight, held)
        if outside is not None and len(outside) == 1:
            combined = together(panel, year, combined, cohort[:, :, 0].sum(axis=0), parameters)
        origins[year] = Origin(year, structure, cohort, combined, weight, entering(structure, horizon))
        if progress is not None:
            progress(done + 1, len(years))
    return origins


def targets(values: Floats, at: int, known_until: int, horizon: int) -> Floats:
    """float64[U, H, ...]: values 1..horizon years after index `at`, NaN beyond index `known_until`."""
    result = np.full((values.shape[0], horizon, *values.shape[2:]), np.nan)
    last = min(known_until, values.shape[1] - 1)
    count = min(horizon, last - at)
    if count > 0:
        result[:, :count] = values[:, at + 1 : at + 1 + count]
    return result
