"""Quantiles of draws by one sort along the contiguous axis."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.model.tables.forecast_outputs import LEVELS


def summarise(draws: NDArray[np.floating]) -> NDArray[np.float64]:
    """float64[..., 8] from draws [..., D]: the quantiles of LEVELS and the mean; `draws` is sorted in
    place."""
    mean = draws.mean(axis=-1, dtype=np.float64)
    draws.sort(axis=-1)
    last = draws.shape[-1] - 1
    out = np.empty((*draws.shape[:-1], len(LEVELS) + 1))
    for at, level in enumerate(LEVELS):
        place = level * last
        low = int(place)
        high = min(low + 1, last)
        part = place - low
        below, above = draws[..., low].astype(np.float64), draws[..., high].astype(np.float64)
        out[..., at] = below + (above - below) * part
    out[..., -1] = mean
    return out
