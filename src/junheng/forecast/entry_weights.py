"""How far each evidence of entry is believed at each lead, from rolling errors shrunk to a structural prior.

For past origins the region's entrants are forecast by every evidence from what was known then. Evidence other
than the adaptive level is first combined by inverse mean square error; its weight w against the level A
is the
least-squares coefficient of log(Y/A) on log(P/A), leaning on a prior that grows with the lead: a level cannot
know that cohorts already counted are smaller, a pool does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEVEL_SPREAD = 0.045
"""Prior log sd of the adaptive level's error at lead one; it grows in proportion to the lead."""
SOURCE_SPREAD = 0.045
"""Prior log sd of a pool's error at lead one; it grows with the square root of the lead."""
WEIGHT_SPREAD = 0.25
"""Prior sd of the weight about its structural value."""
DEPARTURE = 1.0
"""Share of a departure between sources and level that counts as the level's expected error."""
PRIOR_ORIGINS = 3.0
"""Origins' worth of belief in the prior mean square error of an evidence."""


@dataclass(frozen=True)
class Trials:
    """Log errors of past forecasts of one intake grade.

    level: float64[O, H], log(count / level forecast); sources: float64[S, O, H]; NaN where not tried.
    """

    level: Floats
    sources: Floats


def prior_weight(lead: Floats) -> Floats:
    """Weight of pools against the level by lead, before any error is seen: 1/2 at lead one, towards one."""
    level, source = (LEVEL_SPREAD * lead) ** 2, SOURCE_SPREAD**2 * lead
    return level / (level + source)


def weights(trials: Trials, horizon: int) -> Floats:
    """float64[S, H]: weight of every source at every lead; the level has what is left of one."""
    sources, _, tried = trials.sources.shape
    lead = np.arange(1, horizon + 1, dtype=np.float64)
    split = np.full((sources, horizon), 1.0 / max(sources, 1))
    total = prior_weight(lead)
    odds = 0.0
    for h in range(horizon):
        if h < tried:
            split[:, h] = _split(trials.sources[:, :, h], lead[h])
            total[h] = _against_level(trials.level[:, h], trials.sources[:, :, h], split[:, h], lead[h])
            prior = prior_weight(lead[h : h + 1])[0]
            odds = _log_odds(total[h]) - _log_odds(prior)
        else:
            split[:, h] = split[:, tried - 1] if tried else split[:, h]
            total[h] = 1.0 / (1.0 + np.exp(-(_log_odds(total[h]) + odds * tried / lead[h])))
    return split * total[None, :]


def departing(weight: Floats, apart: Floats) -> Floats:
    """Weights float64[S, H] when sources and level stand `apart` (log, float64[H]) at this origin.

    The level's error is expected to hold what births or leavers say it cannot know: its variance grows by
    apart^2, which moves the odds to the sources where they differ much and leaves calm years alone.
    """
    lead = np.arange(1, weight.shape[1] + 1, dtype=np.float64)
    total = weight.sum(axis=0)
    odds = total / np.maximum(1.0 - total, 1e-6) * (1.0 + DEPARTURE * apart**2 / (LEVEL_SPREAD**2 * lead))
    moved = np.where(total > 0, odds / (1.0 + odds), 0.0)
    return weight * (moved / np.maximum(total, 1e-12))[None, :]


def _split(errors: Floats, lead: float) -> Floats:
    """Shares of the sources by inverse mean square error [S] from errors [S, O]."""
    seen = ~np.isnan(errors)
    prior = SOURCE_SPREAD**2 * lead
    square = np.where(seen, errors, 0.0) ** 2
    mse = (square.sum(axis=1) + PRIOR_ORIGINS * prior) / (seen.sum(axis=1) + PRIOR_ORIGINS)
    return (1.0 / mse) / (1.0 / mse).sum()


def _against_level(level: Floats, errors: Floats, split: Floats, lead: float) -> float:
    prior = float(prior_weight(np.array([lead]))[0])
    both = ~np.isnan(level) & ~np.isnan(errors).any(axis=0)
    if not both.any():
        return prior
    missed = level[both]
    gained = missed - split @ errors[:, both]
    noise = SOURCE_SPREAD**2 * lead
    lean = noise / WEIGHT_SPREAD**2
    value = (float(missed @ gained) + lean * prior) / (float(gained @ gained) + lean)
    return float(np.clip(value, 0.0, 1.0))


def _log_odds(value: float) -> float:
    safe = min(max(value, 0.02), 0.98)
    return float(np.log(safe / (1.0 - safe)))
