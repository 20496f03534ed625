"""Grade progression ratios shrunk by size: pooled, county, unit, cell (design 3.4), and the step forward.

Each level is a ratio of weighted sums, so large units move and small ones lean on their group. Weights forget
at the steady-state Kalman gain of a local level whose process variance is q and whose sampling variance is
phi / n (Harvey 1989, 4.1.2): small units remember long, large units adapt fast.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from junheng.forecast.panel import Flags, Floats, Panel, flags
from junheng.forecast.parameters import DEFAULT, Parameters
from junheng.forecast.structure import Structure, transitions


@dataclass(frozen=True)
class Progression:
    """Ratios for the step INTO each grade, with what stands behind them.

    ratio: float64[U, G], pupils of grade g per pupil of grade g-1 a year before; NaN where no step is taken.
    group: float64[G], the pooled ratio. county: the county's factor on it. unit: float64[U], the unit's.
    own_weight: float64[U, G], share of the cell's ratio that comes from its own transitions, 0 to 1.
    pupils_behind: float64[U, G], weighted pupils of those transitions. unit_gain: float64[U], steady Kalman
    gain.
    """

    ratio: Floats
    group: Floats
    county: float
    unit: Floats
    own_weight: Floats
    pupils_behind: Floats
    unit_gain: Floats


def steady_gain(drift: float, pupils: Floats, sampling: float) -> Floats:
    """K of a local level: lambda = q n / phi, K = (-lambda + sqrt(lambda^2 + 4 lambda)) / 2, between 0 and
    1."""
    signal = drift * pupils / sampling
    return (np.sqrt(signal * signal + 4.0 * signal) - signal) / 2.0


def forgetting(gain: Floats, ages: Floats) -> Floats:
    """(1 - K)^age; `gain` [...] gives [..., T] for ages [T]."""
    return np.power((1.0 - gain)[..., None], ages)


def recent_mean(expected: Floats, usable: Floats, years: int = 3) -> Floats:
    """Mean over the last `years` years, on axis 1, of the years that have any; zero where none has."""
    window = expected[:, -years:]
    seen = usable[:, -years:].sum(axis=1)
    return window.sum(axis=1) / np.maximum(seen, 1.0)


def estimate(
    panel: Panel, origin: int, structure: Structure, parameters: Parameters = DEFAULT
) -> Progression:
    """Ratios known at `origin`: only transitions whose second year is at or before it are read.

    Two passes: what lies further from the first pass than size and drift explain is drawn in to that edge
    before units and cells are estimated again (winsorising, Huber 1981), so that one odd year moves no small
    unit.
    """
    p = parameters
    arrived, could = transitions(panel, origin)
    usable = structure.usable
    num = np.where(usable, arrived, 0.0)
    den = np.where(usable, could, 0.0)
    ages = np.arange(num.shape[1] - 1, -1, -1, dtype=np.float64)

    pooled_weight = np.power(0.5, ages / p.pooled_half_life)
    group_num = np.einsum("utg,t->g", num, pooled_weight)
    group_den = np.einsum("utg,t->g", den, pooled_weight)
    group = np.where(group_den > 0, group_num / np.maximum(group_den, 1e-12), 1.0)

    expected = den * group
    county_num = float(np.dot(num.sum(axis=(0, 2)), pooled_weight))
    county_den = float(np.dot(expected.sum(axis=(0, 2)), pooled_weight))
    county = (county_num + p.county_pseudo_pupils) / (county_den + p.county_pseudo_pupils)

    first, *_ = _unit_and_cell(num, den, usable, group, county, p)
    edge = p.outlier * np.sqrt(den * first[:, None, :] + (p.outlier_spread * den * first[:, None, :]) ** 2)
    calm = np.clip(num, np.maximum(den * first[:, None, :] - edge, 0.0), den * first[:, None, :] + edge)
    ratio, unit, gain, behind = _unit_and_cell(calm, den, usable, group, county, p)
    return Progression(
        ratio=np.where(structure.stepped, ratio, np.nan),
        group=group,
        county=county,
        unit=unit,
        own_weight=behind / (behind + p.cell_pseudo_pupils),
        pupils_behind=behind,
        unit_gain=gain,
    )


def _unit_and_cell(
    num: Floats, den: Floats, usable: Flags, group: Floats, county: float, p: Parameters
) -> tuple[Floats, Floats, Floats, Floats]:
    """Ratios [U, G], unit factors [U], their gains [U] and weighted pupils behind each cell [U, G]."""
    ages = np.arange(num.shape[1] - 1, -1, -1, dtype=np.float64)
    unit_expected = (den * group).sum(axis=2)
    unit_seen = flags(usable.any(axis=2)).astype(np.float64)
    size = recent_mean(unit_expected, unit_seen) + 1.0
    gain = steady_gain(p.unit_drift, size, p.sampling)
    weight = forgetting(gain, ages)
    own_num = (num.sum(axis=2) * weight).sum(axis=1)
    own_den = (unit_expected * weight).sum(axis=1)
    pseudo = p.unit_pseudo_pupils
    unit = np.clip((own_num + pseudo * county) / (own_den + pseudo), p.unit_clip[0], p.unit_clip[1])

    prior = group[None, :] * unit[:, None]
    cell_expected = den * prior[:, None, :]
    cell_size = recent_mean(cell_expected, usable.astype(np.float64)) + 1.0
    cell_gain = steady_gain(p.cell_drift, cell_size, p.sampling)
    cell_weight = np.moveaxis(forgetting(cell_gain, ages), 2, 1)
    cell_num = (num * cell_weight).sum(axis=1)
    behind = (cell_expected * cell_weight).sum(axis=1)
    pseudo = p.cell_pseudo_pupils
    ratio = prior * (cell_num + pseudo) / (behind + pseudo)
    return np.clip(ratio, np.minimum(p.cell_floor * group, p.cap), p.cap), unit, gain, behind


def advance(last: Floats, ratio: Floats, entry: Floats, structure: Structure) -> Floats:
    """Carry pupils up the grades: float[..., U, H, G] from `last` float[..., U, G].

    ratio: float[U, G], or float[..., U, H, G] when it differs by draw and lead. entry: float[..., U, H, G]
    with numbers in intake cells; other cells are ignored. Leading draw axes of the three broadcast. The
    result has the type of `entry` (float32 stays float32), is never negative and is zero where nothing is
    taught.
    """
    steps = structure.stepped
    by_lead = ratio.ndim > 2
    rate = np.where(steps[:, None, :] if by_lead else steps, np.nan_to_num(ratio), 0.0).astype(entry.dtype)
    horizon, count = entry.shape[-2], entry.shape[-1]
    lead_axes = np.broadcast_shapes(last.shape[:-2], entry.shape[:-3], ratio.shape[:-3] if by_lead else ())
    result = np.zeros((*lead_axes, *entry.shape[-3:]), dtype=entry.dtype)
    previous = np.broadcast_to(last, (*lead_axes, *last.shape[-2:])).astype(entry.dtype)
    intake = structure.intake
    for h in range(horizon):
        now = np.where(intake, np.nan_to_num(entry[..., h, :]), 0.0).astype(entry.dtype)
        if count > 1:
            step = rate[..., h, 1:] if by_lead else rate[..., 1:]
            now = np.broadcast_to(now, previous.shape).copy()
            now[..., 1:] += previous[..., :-1] * step
        else:
            now = np.broadcast_to(now, previous.shape)
        np.maximum(now, 0.0, out=result[..., h, :])
        previous = result[..., h, :]
    return result
