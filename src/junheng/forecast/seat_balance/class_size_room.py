"""小班化: the smallest class size the rooms allow, with the classes and posts it needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.forecast.seat_balance.seat_gaps import quantile

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]


@dataclass(frozen=True)
class Room:
    """By size tried (K) and unit-year: p_feasible, feasible, classes (median), posts; all [K, H]."""

    sizes: tuple[float, ...]
    p_feasible: Floats
    feasible: NDArray[np.bool_]
    classes: Floats
    posts: Floats

    def smallest(self, h: int) -> float | None:
        """The smallest feasible size in a year, None when none of those tried fits."""
        fitting = [size for size, fits in zip(self.sizes, self.feasible[:, h], strict=True) if fits]
        return min(fitting) if fitting else None


def room_for_smaller_classes(
    classes: Floats32,
    rooms: Floats,
    sizes: tuple[float, ...],
    *,
    p_feasible: float,
    years_ahead: int,
    posts_per_class: Floats,
) -> Room:
    """Which sizes fit the rooms of one unit.

    classes: float32[K, H, D], Σ⌈pupils/c⌉ at each size. rooms: float64[H]. A size is feasible in a year when
    P(classes ≤ rooms) ≥ `p_feasible` in that year and the following ones, `years_ahead` in all (fewer at the
    end of the horizon). posts_per_class float64[H]: standard size over pupils per post, so a class costs the
    posts it costs today, whatever its size.
    """
    fits = (classes <= rooms[None, :, None] + 1e-6).mean(axis=-1)
    fits = np.where(np.isnan(rooms)[None, :], np.nan, fits)
    enough = np.nan_to_num(fits, nan=0.0) >= p_feasible
    feasible = enough.copy()
    years = rooms.shape[0]
    for step in range(1, years_ahead):
        feasible[:, : max(years - step, 0)] &= enough[:, step:]
    median = quantile(np.sort(classes, axis=-1), 0.5)
    return Room(sizes, fits, feasible, median, median * posts_per_class[None, :])
