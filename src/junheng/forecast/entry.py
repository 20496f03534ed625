"""Children entering at intake grades: the adaptive level, and births carried to the age of entry."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from junheng.forecast.grade_progression import forgetting, recent_mean, steady_gain
from junheng.forecast.panel import Floats, Panel
from junheng.forecast.parameters import DEFAULT, Parameters
from junheng.forecast.structure import Structure


def pooled_growth(panel: Panel, structure: Structure, parameters: Parameters = DEFAULT) -> Floats:
    """float64[T, G]: log growth of each intake grade over the year before, pooled over units with that
    intake.

    Grades with few entrants lean on all intakes together, and every growth is shrunk to zero by its sampling
    noise: in a region of one school the common trend would be the school's own noise. Years without pairs of
    counts have growth zero.
    """
    at = panel.year_index(structure.origin)
    pupils = np.where(structure.dented[:, :, None], np.nan, panel.pupils[:, : at + 1])
    settled = structure.settled if structure.settled.any() else structure.open
    series = np.where(structure.intake[:, None, :] & settled[:, None, None], pupils, np.nan)
    both = ~np.isnan(series[:, 1:]) & ~np.isnan(series[:, :-1]) & (series[:, 1:] > 0) & (series[:, :-1] > 0)
    now = np.where(both, series[:, 1:], 0.0).sum(axis=0)
    then = np.where(both, series[:, :-1], 0.0).sum(axis=0)
    everywhere_now, everywhere_then = now.sum(axis=1), then.sum(axis=1)
    common = np.where(everywhere_then > 0, everywhere_now / np.maximum(everywhere_then, 1e-12), 1.0)[:, None]
    pseudo = parameters.entry_pseudo_pupils
    growth = np.zeros((at + 1, pupils.shape[2]))
    found = np.log((now + pseudo * common) / (then + pseudo))
    lent = pseudo / (then + pseudo)
    pupils_seen = np.maximum(then + lent * everywhere_then[:, None], 1.0)
    noise = 2.0 * parameters.entry_sampling / pupils_seen
    signal = parameters.entry_growth_spread**2
    growth[1:] = found * signal / (signal + noise)
    return growth


def adaptive_level(
    panel: Panel,
    origin: int,
    structure: Structure,
    parameters: Parameters = DEFAULT,
    leads: int | Sequence[int] = 5,
) -> Floats:
    """float64[U, H, G]: forecasts of intake cells for each lead, NaN elsewhere.

    The past is brought to the origin by the pooled trend of intakes, averaged with weights that forget by
    size, and carried forward with a damped share of the recent pooled growth. `leads` is a count or a list
    of leads.
    """
    p = parameters
    wanted = list(range(1, leads + 1)) if isinstance(leads, int) else [int(lead) for lead in leads]
    at = panel.year_index(origin)
    growth = pooled_growth(panel, structure, p)
    path = np.cumsum(growth, axis=0)
    pupils = np.where(structure.dented[:, :, None], np.nan, panel.pupils[:, : at + 1])
    seen = structure.intake[:, None, :] & ~np.isnan(pupils) & (pupils > 0)
    rescaled = np.where(seen, pupils * np.exp(path[-1] - path)[None], 0.0)
    size = recent_mean(rescaled, seen.astype(np.float64)) + 1.0
    gain = steady_gain(p.entry_drift, size, p.entry_sampling)
    ages = np.arange(at, -1, -1, dtype=np.float64)
    weight = np.moveaxis(forgetting(gain, ages), 2, 1) * seen
    level = (rescaled * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-12)

    recent = growth[1:][-p.entry_growth_years :]
    drift = np.zeros(growth.shape[1])
    if len(recent):
        recency = np.power(p.entry_growth_recency, np.arange(len(recent) - 1, -1, -1, dtype=np.float64))
        drift = p.entry_growth_share * (recent * recency[:, None]).sum(axis=0) / recency.sum()
    damped = np.array([sum(p.entry_growth_damping**k for k in range(1, lead + 1)) for lead in wanted])
    forward = np.exp(damped[:, None] * drift[None, :])
    forecast = level[:, None, :] * forward[None]
    return np.where(structure.intake[:, None, :], forecast, np.nan)
