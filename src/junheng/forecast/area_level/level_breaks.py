"""Breaks of level in area series: a jump that the years around it do not share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SMALLEST = 0.15
"""Log jump from which a large area's series is broken."""
LARGE = 10_000.0
"""Pupils from which chance cannot move a series that far."""
UNLIKE = 0.10
"""How far the jump stands from the median growth of the years around it."""


@dataclass(frozen=True)
class Break:
    """Between `year - 1` and `year` the level jumps by `log_jump`; index is the position of `year`."""

    index: int
    year: int
    log_jump: float
    expected: float


def find_breaks(pupils: Floats, years: tuple[int, ...], births: Floats | None = None) -> tuple[Break, ...]:
    """Jumps |log| > 0.15 of a large area that neither its neighbours in time nor its births explain."""
    with np.errstate(invalid="ignore", divide="ignore"):
        growth = np.diff(np.log(pupils))
    out: list[Break] = []
    for t in range(1, len(pupils)):
        jump = growth[t - 1]
        if not np.isfinite(jump) or abs(jump) <= SMALLEST or pupils[t - 1] < LARGE:
            continue
        near = [growth[k - 1] for k in range(max(1, t - 3), min(len(pupils), t + 4)) if k != t]
        finite = [value for value in near if np.isfinite(value)]
        usual = float(np.median(finite)) if finite else 0.0
        if births is not None and births[t] > 0 and births[t - 1] > 0:
            usual = max(usual, float(np.log(births[t] / births[t - 1])), key=lambda value: -abs(jump - value))
        if abs(jump - usual) > UNLIKE:
            out.append(Break(t, years[t], float(jump), usual))
    return tuple(out)
