"""Our point forecast: cohorts carried forward, drawn toward the unit's last total as far as that has paid.

Small units hold their size better than their cohorts say (a full school takes whoever comes), large ones do
not. The total of each unit is the weighted geometric mean of the cohort forecast and of its last count, whose
weight falls with size and is re-learnt from past errors at every origin (Bates and Granger 1969, with the
shrinkage toward fixed weights of Diebold and Pauly 1990).
"""

from __future__ import annotations

import numpy as np

from junheng.forecast.entry import adaptive_level
from junheng.forecast.grade_progression import Progression, advance, estimate
from junheng.forecast.panel import Flags, Floats, Panel
from junheng.forecast.parameters import DEFAULT, Parameters
from junheng.forecast.structure import Structure

_ERROR_LIMIT = 0.4
"""Log errors beyond this are openings, closures and rebuilt schools: they do not steer the weight."""
_SMALLEST = 30.0
_HEAVIEST = 0.8
_TREND_YEARS = 3


def migration(progression: Progression, horizon: int, parameters: Parameters = DEFAULT) -> Floats:
    """float64[U, H]: factor on entry for units whose older cohorts grow or shrink by moving.

    A unit whose grades gain pupils on their way up also gains children before they enter; a share of its
    factor is carried into entry, each further year damped.
    """
    years = np.cumsum(np.power(parameters.entry_migration_damping, np.arange(horizon)))
    return np.exp(parameters.entry_migration_share * np.log(progression.unit)[:, None] * years[None, :])


def cohorts(
    panel: Panel,
    structure: Structure,
    horizon: int,
    parameters: Parameters = DEFAULT,
    entry_factor: Floats | None = None,
) -> Floats:
    """float64[U, H, G]: entry levels and shrunk ratios carried forward from the structure's origin.

    entry_factor: float64[..., H, G], evidence on entry from outside (births), broadcast over units.
    """
    progression = estimate(panel, structure.origin, structure, parameters)
    entry = adaptive_level(panel, structure.origin, structure, parameters, horizon)
    entry = entry * migration(progression, horizon, parameters)[:, :, None]
    if entry_factor is not None:
        entry = entry * entry_factor
    return advance(structure.counts, progression.ratio, entry, structure)


def entering(structure: Structure, horizon: int) -> Flags:
    """bool[U, H, G]: the cohort of this cell had not entered the unit at the origin."""
    result = np.zeros((structure.offered.shape[0], horizon, structure.offered.shape[1]), dtype=np.bool_)
    previous = np.zeros_like(structure.offered)
    for h in range(horizon):
        now = structure.intake.copy()
        now[:, 1:] |= structure.stepped[:, 1:] & previous[:, :-1]
        result[:, h] = now
        previous = now
    return result


def prior_weight(last_total: Floats, parameters: Parameters = DEFAULT) -> Floats:
    """Weight of the last total before any error is seen, by its size."""
    return parameters.hold_weight / (1.0 + last_total / parameters.hold_pupils)


def steadiness(panel: Panel, structure: Structure, parameters: Parameters = DEFAULT) -> Floats:
    """float64[U], 0 to 1: how far a unit whose intake has been falling may still be held at its last total.

    Smaller cohorts already inside will leave it smaller: the last total knows nothing of that. Yearly change
    of intake over three years, shrunk to zero where few children enter; growth leaves the factor at one.
    """
    at = panel.year_index(structure.origin)
    if at < _TREND_YEARS:
        return np.ones(len(panel.units))
    intake = structure.intake
    now = np.where(intake, np.nan_to_num(panel.pupils[:, at]), 0.0).sum(axis=1)
    then = np.where(intake, np.nan_to_num(panel.pupils[:, at - _TREND_YEARS]), 0.0).sum(axis=1)
    both = (now > 0) & (then > 0)
    change = np.log(np.where(both, now, 1.0) / np.where(both, then, 1.0)) / _TREND_YEARS
    seen = np.minimum(now, then)
    fall = np.minimum(change, 0.0) * seen / (seen + parameters.hold_fall_pupils)
    return 1.0 / (1.0 + (fall / parameters.hold_fall) ** 2)


def anchor(last_total: Floats, forecast_total: Floats, parameters: Parameters = DEFAULT) -> Floats:
    """float64[U, H]: each unit's last total, moved by a share of the region's own forecast change."""
    before = last_total.sum()
    change = forecast_total.sum(axis=0) / before if before > 0 else np.ones(forecast_total.shape[1])
    return last_total[:, None] * np.power(np.maximum(change, 1e-9), parameters.hold_region_share)[None, :]


def evidence(
    last_total: Floats,
    forecast_total: Floats,
    actual: Floats,
    weight: Floats,
    parameters: Parameters = DEFAULT,
) -> Floats:
    """float64[H]: the factor on the weights that past errors of one origin ask for; NaN where unknown.

    last_total [U], forecast_total [U, H] of the cohorts, actual [U, H] with NaN where not (yet) known,
    weight [U].
    """
    held = anchor(last_total, forecast_total, parameters)
    known = (actual >= _SMALLEST) & (forecast_total > 0) & (held > 0)
    safe = np.where(known, forecast_total, 1.0)
    error = np.clip(np.log(np.where(known, actual, 1.0) / safe), -_ERROR_LIMIT, _ERROR_LIMIT)
    pull = np.clip(np.log(np.where(known, held, 1.0) / safe), -_ERROR_LIMIT, _ERROR_LIMIT)
    pull = pull * weight[:, None]
    precision = np.where(known, 1.0, 0.0) / (0.0005 + 2.0 / np.maximum(last_total, 1.0))[:, None]
    top, bottom = (pull * error * precision).sum(axis=0), (pull * pull * precision).sum(axis=0)
    return np.where(bottom > 1e-9, top / np.maximum(bottom, 1e-9), np.nan)


def weight_factor(past: Floats, horizon: int, parameters: Parameters = DEFAULT) -> Floats:
    """float64[H] from evidence float64[origins, H]: each lead shrunk to all leads, these to one."""
    known = ~np.isnan(past)
    sums, seen = np.where(known, past, 0.0).sum(axis=0), known.sum(axis=0).astype(np.float64)
    if not past.size:
        return np.ones(horizon)
    common, each = parameters.hold_prior_origins, parameters.hold_lead_origins
    pooled = (sums.sum() + common) / (seen.sum() + common)
    return np.clip((sums + each * pooled) / (seen + each), 0.0, parameters.hold_factor_limit)


def combine(
    forecast: Floats,
    last_total: Floats,
    factor: Floats,
    weight: Floats,
    parameters: Parameters = DEFAULT,
) -> Floats:
    """float64[U, H, G]: every cell scaled so that the unit's total is the combined one.

    weight: float64[U], prior weights of the last totals; factor: float64[H], what past errors make of them.
    """
    total = forecast.sum(axis=2)
    held = anchor(last_total, total, parameters)
    share = np.minimum(weight[:, None] * factor[None, :], _HEAVIEST)
    known = (total > 0) & (held > 0)
    scale = np.where(known, np.power(np.where(known, held, 1.0) / np.where(known, total, 1.0), share), 1.0)
    return forecast * scale[:, :, None]
