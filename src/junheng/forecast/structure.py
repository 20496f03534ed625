"""What a unit teaches: intake grades, last grades, openings, closures, and which transitions may be learnt
from.

The rules are those of the design's table of structure. A transition is the step from grade g-1 in year t-1 to
grade g in year t; it needs both years counted, nothing is interpolated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.forecast.panel import Flags, Floats, Panel, flags
from junheng.forecast.parameters import DEFAULT, Parameters

_EXPLOSIVE = 3.0
"""Growth of a unit's total over two years from which its past says little about its future."""
_CLOSING_YEARS = 3
_CLOSING_SHARE = 0.85
"""A unit that lost its lowest grade within these years and fell below this share of its pupils is closing."""
_YEAR_SHARE = 0.2
"""A year counts when at least this share of the best-counted year's units was counted in it."""


@dataclass(frozen=True)
class Structure:
    """What is known at `origin` about U units and G grades.

    offered: taught at the origin. intake: entry by an adaptive level. last: leavers leave the unit. rising:
    grades above those taught, which a young unit is still growing into. open: had pupils at the origin.
    counts: float64[U, G], pupils at the origin, zero where none. usable: bool[U, T, G], transitions INTO a
    cell that estimation may use (T as in the panel, up to the origin). dented: bool[U, T], years counted as
    missing. explosive: units that grew threefold in two years. settled: units counted in every year so far
    that are not closing from below; pooled growth, weights and ranges are learnt from them.
    """

    origin: int
    offered: Flags
    intake: Flags
    last: Flags
    rising: Flags
    open: Flags
    counts: Floats
    usable: Flags
    dented: Flags
    explosive: Flags
    settled: Flags

    @property
    def stepped(self) -> Flags:
        """bool[U, G]: cells reached by a ratio from the grade below."""
        return (self.offered & ~self.intake) | self.rising


def transitions(panel: Panel, origin: int) -> tuple[Floats, Floats]:
    """(arrived, could come), float64[U, T, G] each: pupils in (t, g) and those of (t-1, g-1), NaN if
    unknown."""
    pupils = panel.pupils[:, : panel.year_index(origin) + 1]
    could = np.full_like(pupils, np.nan)
    could[:, 1:, 1:] = pupils[:, :-1, :-1]
    return pupils, could


def find(panel: Panel, origin: int, parameters: Parameters = DEFAULT) -> Structure:
    """The structure of every unit as known at `origin`, a year of the panel."""
    at = panel.year_index(origin)
    dented = _dents(panel.totals[:, : at + 1], parameters.dent)
    pupils = np.where(dented[:, :, None], np.nan, panel.pupils[:, : at + 1])
    could = np.full_like(pupils, np.nan)
    could[:, 1:, 1:] = pupils[:, :-1, :-1]
    known = ~np.isnan(pupils) & ~np.isnan(could)
    counts = np.nan_to_num(panel.pupils[:, at])
    offered = counts > 0
    is_open = flags(offered.any(axis=1))
    arrived_sum, could_sum = _recent(pupils, could, known, parameters.structure_transitions)
    below = np.zeros_like(offered)
    below[:, 1:] = offered[:, :-1]
    intake = offered & ((could_sum < parameters.intake_share * arrived_sum) | ~below)
    last_step = (could_sum > 0) & (arrived_sum <= parameters.last_share * could_sum)
    with np.errstate(divide="ignore", invalid="ignore"):
        usable = known & (could > 0) & (pupils > 0) & (pupils <= parameters.cap * could)
    rising = _rising(panel, at, offered)
    last = np.zeros_like(offered)
    last[:, :-1] = offered[:, :-1] & (~offered[:, 1:] | last_step[:, 1:]) & ~rising[:, 1:]
    last[:, -1] = offered[:, -1]
    usable &= ((offered & ~intake & ~last_step) | rising)[:, None, :]
    explosive = _explosive(panel.totals[:, : at + 1])
    settled = _settled(panel, at, offered)
    return Structure(
        origin, offered, intake, last, rising, is_open, counts, usable, dented, explosive, settled
    )


def _recent(pupils: Floats, could: Floats, known: Flags, count: int) -> tuple[Floats, Floats]:
    """Sums over the last `count` known transitions into each cell."""
    rank = np.cumsum(known[:, ::-1], axis=1)[:, ::-1]
    take = known & (rank <= count)
    return np.where(take, pupils, 0.0).sum(axis=1), np.where(take, could, 0.0).sum(axis=1)


def _dents(totals: Floats, depth: float) -> Flags:
    """Years that fall by `depth` and return, for the panel as a whole or for one unit beyond its own
    noise."""
    dented = np.zeros(totals.shape, dtype=np.bool_)
    if totals.shape[1] < 3:
        return dented
    before, here, after = totals[:, :-2], totals[:, 1:-1], totals[:, 2:]
    three = ~np.isnan(before) & ~np.isnan(here) & ~np.isnan(after)
    sums = [np.where(three, part, 0.0).sum(axis=0) for part in (before, here, after)]
    shallow = depth * np.ones(totals.shape[1] - 2)
    whole = _dent(sums[0], sums[1], sums[2], shallow)
    with np.errstate(invalid="ignore", divide="ignore"):
        noise = np.maximum(1.5 * depth, 5.0 / np.sqrt(np.maximum(before, 1.0)))
        alone = three & _dent(before, here, after, noise)
    dented[:, 1:-1] = alone | (whole[None, :] & three)
    return dented


def _dent(before: Floats, here: Floats, after: Floats, depth: Floats) -> Flags:
    with np.errstate(invalid="ignore"):
        fell = here < (1.0 - depth) * np.minimum(before, after)
        returned = np.abs(after - before) < 0.6 * (np.minimum(before, after) - here)
    return fell & returned


def _rising(panel: Panel, at: int, offered: Flags) -> Flags:
    """Grades a unit opened within the panel is still growing into, up to where its sisters end.

    Such a unit added exactly its next grade in the last transition. Sisters are the units long open with the
    same lowest grade; half of them or more must teach a grade for it to be expected.
    """
    rising = np.zeros_like(offered)
    count = offered.shape[1]
    if at < 1:
        return rising
    before = np.nan_to_num(panel.pupils[:, at - 1]) > 0
    top, top_before = _top(offered), _top(before)
    first_year = np.argmax(panel.counted[:, : at + 1], axis=1)
    young = (first_year > 0) & offered.any(axis=1) & before.any(axis=1) & (top == top_before + 1)
    if not young.any():
        return rising
    lowest = np.argmax(offered, axis=1)
    settled = offered.any(axis=1) & (first_year == 0) & (top == top_before)
    for grade in sorted({int(g) for g in lowest[young]}):
        sisters = settled & (lowest == grade)
        if not sisters.any():
            continue
        common = offered[sisters].mean(axis=0) >= 0.5
        for unit in np.flatnonzero(young & (lowest == grade)):
            for step in range(int(top[unit]) + 1, count):
                if not common[step]:
                    break
                rising[unit, step] = True
    return rising & ~offered


def _top(offered: Flags) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Index of the highest grade taught, -1 for none."""
    count = offered.shape[1]
    highest = count - 1 - np.argmax(offered[:, ::-1], axis=1)
    return np.where(offered.any(axis=1), highest, -1).astype(np.int64)


def _explosive(totals: Floats) -> Flags:
    if totals.shape[1] < 3:
        return flags(np.zeros(len(totals)))
    with np.errstate(invalid="ignore"):
        return flags(totals[:, -1] > _EXPLOSIVE * np.maximum(totals[:, -3], 1.0))


def counted_years(panel: Panel) -> Flags:
    """bool[T]: years in which the panel as a whole was counted."""
    units = panel.counted.sum(axis=0)
    return units >= max(1.0, _YEAR_SHARE * float(units.max()))


def _settled(panel: Panel, at: int, offered: Flags) -> Flags:
    """bool[U]: counted in every year to the origin and not closing from below (no entry, far fewer
    pupils)."""
    years = counted_years(panel.until(panel.years[at]))
    everywhere = flags((panel.counted[:, : at + 1] | ~years[None, :]).all(axis=1)) & offered.any(axis=1)
    lowest, totals = _lowest(panel.pupils[:, at]), panel.totals
    for back in range(1, min(_CLOSING_YEARS, at) + 1):
        if years[at - back]:
            with np.errstate(invalid="ignore"):
                shrunk = totals[:, at] < _CLOSING_SHARE * totals[:, at - back]
            everywhere &= ~(shrunk & (lowest > _lowest(panel.pupils[:, at - back])))
    return flags(everywhere)


def _lowest(pupils: Floats) -> NDArray[np.int64]:
    """Index of the lowest grade with pupils, -1 for none."""
    some = np.nan_to_num(pupils) > 0
    return np.where(some.any(axis=1), np.argmax(some, axis=1), -1)
