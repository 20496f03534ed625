"""Schools and their region brought together where the births of the whole region are known.

Sums of many small ratios drift from what the region's own cohorts do, and the region's cohorts cannot see
which school grows. The region is therefore forecast once more as one school, with the same entrants and plain
five-year ratios, and the schools' sum above the entry grade is drawn a third of the way to it: equal weights
(Clemen 1989) of the schools' cohorts, their last totals, both already in that sum, and the region's cohorts.
The entry grade holds exactly the entrants that births foretell. Shares between schools do not change.
"""

from __future__ import annotations

import numpy as np

from junheng.forecast.grade_progression import advance
from junheng.forecast.panel import Floats, Panel
from junheng.forecast.parameters import DEFAULT, Parameters
from junheng.forecast.structure import counted_years, find
from junheng.forecast.validation.baselines import ratios

REGION_WEIGHT = 1.0 / 3.0
RATIO_YEARS = 5
_LIMIT = 1.25
"""No grade is moved further than by this factor: beyond it the two do not count the same children."""


def as_one(panel: Panel, origin: int) -> Panel:
    """The region as one unit, as known at `origin`; years hardly counted are left out."""
    known = panel.until(origin)
    uncounted = np.isnan(known.pupils).all(axis=0) | ~counted_years(known)[:, None]
    total = np.where(uncounted, np.nan, np.nansum(known.pupils, axis=0))
    return Panel(("region",), known.years, known.grades, total[None])


def together(
    panel: Panel, origin: int, cells: Floats, entrants: Floats, parameters: Parameters = DEFAULT
) -> Floats:
    """float64[U, H, G]: `cells` [U, H, G] scaled by lead, the entry grade apart.

    entrants: float64[H], children foretold at the first grade of the whole region.
    """
    region = as_one(panel, origin)
    structure = find(region, origin, parameters)
    entry = np.full((1, *cells.shape[1:]), np.nan)
    entry[0, :, 0] = entrants
    ratio = ratios(region, structure, RATIO_YEARS, parameters)
    whole = advance(structure.counts, ratio, entry, structure)[0]
    summed = cells.sum(axis=0)
    pull = np.ones_like(summed)
    pull[:, 0] = _ratio(whole[:, 0], summed[:, 0])
    both = (whole[:, 1:] > 0) & (summed[:, 1:] > 0)
    rest = _ratio(
        np.where(both, whole[:, 1:], 0.0).sum(axis=1), np.where(both, summed[:, 1:], 0.0).sum(axis=1)
    )
    pull[:, 1:] = np.where(both, np.power(rest, REGION_WEIGHT)[:, None], 1.0)
    return cells * np.clip(pull, 1.0 / _LIMIT, _LIMIT)[None]


def _ratio(wanted: Floats, found: Floats) -> Floats:
    known = (wanted > 0) & (found > 0)
    return np.where(known, wanted, 1.0) / np.where(known, found, 1.0)
