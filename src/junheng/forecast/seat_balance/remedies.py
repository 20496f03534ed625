"""The smallest lever that closes a shortage or an excess of seats, tried from the cheapest on the same draws.

Every lever is scored where it can take effect: from the year its lead time allows to the end of the spell.
`residual_p` is the largest probability left in those years. Moving boundaries (using neighbours' free seats)
comes first and the others are scored after it, so nothing is built where a free seat stands within reach.
Lever names are those of table `scenario_levers`, so that a remedy can be tried as a scenario.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from junheng.forecast.seat_balance.seat_gaps import HALF_A_CHILD, probability_short, quantile
from junheng.forecast.seat_balance.seat_problem import SEAT_STAGES, Cells
from junheng.forecast.seat_balance.seat_units import StageUnits

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
LEAD_OF = {
    "BoundaryShift": "boundary",
    "ElasticClasses": "elastic_classes",
    "ShareStage": "share_stage",
    "Boarding": "boarding",
    "Expand": "expand",
    "Open": "build",
    "ClassSize": "smaller_classes",
    "Convert": "convert",
    "Merge": "merge",
}
"""Lever of a scenario -> key of standard `lead_time`."""
_SCHOOL_BUILDINGS = ("primary", "junior", "senior")
_PARTNERS = 3


@dataclass(frozen=True, slots=True)
class Remedy:
    """One lever tried: its parameters, the first school year it can work in, and what it leaves."""

    lever: str
    from_year: int
    residual_p: float
    closes: bool
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Bench:
    """What every trial needs: the units of all stages, cells, years, and the regional numbers."""

    origin_year: int
    years: tuple[int, ...]
    cells: Cells
    stages: Mapping[int, StageUnits]
    levels: Mapping[str, float]
    lead: Mapping[str, float]
    bounds: Mapping[str, float]
    neighbours: Mapping[int, Mapping[str, tuple[str, ...]]]
    """stage -> unit code -> codes of units of the same kind whose free seats it may use, nearest first."""
    beds: Floats32
    """float32[stage, H, D]: places for boarders beyond the day's reach, by stage."""
    size_limit: Mapping[str, float]
    """school -> most pupils its kind may have; absent where there is no rule."""

    def starts(self, lever: str) -> int:
        """First position h in which a lever decided on now can work."""
        year = self.origin_year + int(np.ceil(self.lead[LEAD_OF[lever]]))
        return max(year - self.years[0], 0)


def _window(bench: Bench, lever: str, spell: tuple[int, int]) -> slice | None:
    """Positions of the spell in which the lever can work; None when it would come too late."""
    first = max(bench.starts(lever), spell[0])
    return slice(first, spell[1] + 1) if first <= spell[1] else None


def _remedy(
    bench: Bench, lever: str, window: slice, residual: float, parameters: dict[str, Any], target: float
) -> Remedy:
    first = bench.years[int(window.start)]
    return Remedy(lever, first, float(residual), bool(residual <= target + 1e-12), parameters)


def partners(bench: Bench, stage: int, code: str, h: int, most: int = 8) -> list[dict[str, Any]]:
    """Up to `most` neighbours with free seats in year h, most free first (the nearer of equals): code, median
    free seats, P(one or more free)."""
    units = bench.stages[stage]
    found: list[tuple[int, int]] = []
    for other in bench.neighbours.get(stage, {}).get(code, ()):
        m = units.place.get(other)
        if m is not None and units.gaps.p50[m, h] <= -1:
            found.append((round(float(-units.gaps.p50[m, h])), m))
    found = sorted(found, key=lambda pair: -pair[0])[:most]
    return [
        {
            "unit": units.code[m],
            "free": free,
            "p_free": round(float((units.demand[m, h] <= units.basis[m, h] - 1).mean()), 3),
        }
        for free, m in found
    ]


def close_shortage(
    bench: Bench, stage: int, m: int, spell: tuple[int, int], build_last: bool
) -> list[Remedy]:
    """Levers tried against a shortage of unit `m`, cheapest first, up to the first that closes it.

    spell: first and last position h short. `build_last`: the wave is short and leaves seats idle after it, so
    extension and new building are tried only when nothing else does anything.
    """
    units, target = bench.stages[stage], bench.levels["p_closed"]
    whole = units.whole(m)
    after = units.gap(m) if whole else units.shared[m]
    tried: list[Remedy] = []

    def add(lever: str, gap: Floats32, parameters: dict[str, Any]) -> bool:
        window = _window(bench, lever, spell)
        if window is None:
            return False
        residual = float(probability_short(gap[window]).max())
        tried.append(_remedy(bench, lever, window, residual, parameters, target))
        return tried[-1].closes

    if not whole:
        moved = np.maximum(units.gap(m), 0) - np.maximum(after, 0)
        seats = _likely_most(moved[spell[0] : spell[1] + 1])
        near = partners(bench, stage, units.code[m], spell[0], _PARTNERS)
        if seats >= 1 and add("BoundaryShift", after, {"seats": seats, "to": [row["unit"] for row in near]}):
            return tried
    wide = units.elastic[m] - units.basis[m]
    if np.nan_to_num(wide).max() >= 1 and add(
        "ElasticClasses",
        after - np.nan_to_num(wide)[:, None].astype(np.float32),
        {"seats": int(np.nan_to_num(wide).max())},
    ):
        return tried
    lent, source = _rooms_of_other_stages(bench, stage, m)
    if lent is not None:
        rooms = _sure_least(lent[spell[0] : spell[1] + 1])
        size = np.nan_to_num(units.size[m])[:, None].astype(np.float32)
        if rooms >= 1 and add("ShareStage", after - lent * size, {"rooms": rooms, "from_stage": source}):
            return tried
    if not whole and _may_board(bench, units, m):
        places = bench.beds[stage]
        beds = _sure_least(places[spell[0] : spell[1] + 1])
        if beds >= 1 and add("Boarding", after - places, {"beds": beds}):
            return tried
    if not (build_last and tried):
        _build(bench, stage, m, spell, after, tried)
    return tried


def _may_board(bench: Bench, units: StageUnits, m: int) -> bool:
    """Whether children of a unit may be asked to board: of senior age anywhere, younger ones where most of
    their schools are rural. Town children are not sent away for want of a classroom."""
    name = SEAT_STAGES[units.stage]
    if name == "senior":
        return True
    return name in _SCHOOL_BUILDINGS and float(bench.cells.rural[units.members[m]].mean()) > 0.5


def _build(
    bench: Bench, stage: int, m: int, spell: tuple[int, int], after: Floats32, tried: list[Remedy]
) -> None:
    """Extension within its bounds, then new classes, sized so that no more than `p_closed` is left."""
    units, target = bench.stages[stage], bench.levels["p_closed"]
    for lever in ("Expand", "Open"):
        window = _window(bench, lever, spell)
        if window is None:
            continue
        gap = after[window]
        need = quantile(np.sort(gap, axis=-1), 1 - target).max()
        h = window.start
        size = float(np.nan_to_num(units.size[m, h]))
        if need < HALF_A_CHILD or size <= 0:
            continue
        classes = int(np.ceil(need / size))
        if lever == "Expand":
            most = int(bench.bounds["expand_share"] * float(np.nan_to_num(units.rooms[m, h])))
            limit = bench.size_limit.get(units.code[m])
            if limit is not None:
                most = min(most, int(max(limit - float(np.nan_to_num(units.basis[m, h])), 0.0) // size))
            if most < 1:
                continue
            classes = min(classes, most)
            parameters: dict[str, Any] = {"rooms": classes}
        else:
            classes = max(classes, int(bench.bounds[f"build_{SEAT_STAGES[stage]}"]))
            parameters = {"classes": classes, "seats": int(classes * size)}
            after_peak = _use_after_peak(bench, units, m, classes * size)
            if after_peak is not None:
                parameters["utilisation_after"] = round(after_peak, 3)
        residual = float(probability_short(gap - np.float32(classes * size)).max())
        tried.append(_remedy(bench, lever, window, residual, parameters, target))
        if tried[-1].closes:
            return


def _use_after_peak(bench: Bench, units: StageUnits, m: int, added: float) -> float | None:
    """Utilisation some years after the peak if `added` seats are built; None beyond the horizon."""
    h = int(units.horizon.peak[m]) + int(bench.levels["years_after_peak"])
    if h >= len(bench.years):
        return None
    seats = float(np.nan_to_num(units.basis[m, h])) + added
    return float(units.gaps.demand_p50[m, h]) / seats if seats > 0 else None


def _rooms_of_other_stages(bench: Bench, stage: int, m: int) -> tuple[Floats32 | None, str]:
    """Rooms free in the other stages of the same school or area, float32[H, D], and the stage with most.

    Only school buildings lend to each other; kindergartens have rooms of their own kind.
    """
    if SEAT_STAGES[stage] not in _SCHOOL_BUILDINGS:
        return None, ""
    here = bench.stages[stage]
    total: Floats32 | None = None
    best, most = "", 0.0
    for other, units in bench.stages.items():
        if other == stage or SEAT_STAGES[other] not in _SCHOOL_BUILDINGS:
            continue
        for k, (kind, code) in enumerate(zip(units.kind, units.code, strict=True)):
            if (kind, code) != (here.kind[m], here.code[m]) or np.isnan(units.rooms[k]).any():
                continue
            free = np.maximum(units.rooms[k][:, None].astype(np.float32) - units.classes[k], 0)
            total = free if total is None else total + free
            if float(free.mean()) > most:
                best, most = SEAT_STAGES[other], float(free.mean())
    return total, best


def _sure_least(values: Floats32) -> int:
    """The number there is in every year of a spell with probability 0.8: smallest yearly 20th percentile."""
    return int(quantile(np.sort(values, axis=-1), 0.2).min()) if values.size else 0


def _likely_most(values: Floats32) -> int:
    """The largest yearly 80th percentile of a spell, rounded up."""
    return int(np.ceil(quantile(np.sort(values, axis=-1), 0.8).max() - 1e-6)) if values.size else 0


def close_excess(bench: Bench, stage: int, m: int, spell: tuple[int, int]) -> list[Remedy]:
    """Levers tried against idle seats: smaller classes, rooms given to another use, then a merger."""
    units, levels = bench.stages[stage], bench.levels
    demand, rooms, size = units.demand[m], units.rooms[m], units.size[m]
    floor, target = levels["underuse_floor"], 1 - levels["underuse_p"]
    tried: list[Remedy] = []
    smaller = units.step_classes(m)
    window = _window(bench, "ClassSize", spell)
    if window is not None and not np.isnan(rooms).any():
        for k, step in enumerate(bench.cells.steps[stage]):
            if step >= float(np.nanmax(size)):
                continue
            fits = float((smaller[k][window] <= rooms[window, None] + 1e-6).mean(axis=-1).min())
            if fits < 1 - levels["p_closed"]:
                break
            seats = rooms * np.minimum(size, step)
            left = float((demand[window] < (floor * seats)[window, None]).mean(axis=-1).max())
            tried.append(_remedy(bench, "ClassSize", window, left, {"size": int(step)}, target))
            if tried[-1].closes:
                return tried
    window = _window(bench, "Convert", spell)
    if window is not None and not np.isnan(rooms).any() and rooms[window].min() > 1:
        need = quantile(np.sort(units.classes[m][window], axis=-1), 1 - levels["p_closed"]).max()
        spare = int(rooms[window].min() - np.ceil(need))
        if spare >= 1:
            seats = (rooms - spare) * size
            left = float((demand[window] < (floor * seats)[window, None]).mean(axis=-1).max())
            tried.append(_remedy(bench, "Convert", window, left, {"rooms": spare}, target))
            if tried[-1].closes:
                return tried
    merger = merge(bench, stage, m, spell)
    if merger is not None:
        tried.append(merger)
    return tried


def merge(bench: Bench, stage: int, m: int, spell: tuple[int, int]) -> Remedy | None:
    """The nearest school that can take all pupils of school `m`; None when there is none or `m` is no school.

    `residual_p` is the probability that the partner lacks a seat for one of them in some year.
    """
    units = bench.stages[stage]
    window = _window(bench, "Merge", spell)
    if units.kind[m] != "school" or window is None:
        return None
    best: Remedy | None = None
    for other in bench.neighbours.get(stage, {}).get(units.code[m], ()):
        k = units.place.get(other)
        if k is None or np.isnan(units.basis[k]).any():
            continue
        left = float(probability_short(units.demand[m][window] + units.gap(k)[window]).max())
        found = _remedy(bench, "Merge", window, left, {"with": other}, bench.levels["p_closed"])
        if best is None or found.residual_p < best.residual_p - 1e-9:
            best = found
        if found.closes:
            return found
    return best if best is not None and best.residual_p < 1 else None


def smallest(tried: list[Remedy]) -> Remedy | None:
    """The first lever that closes it, else the one that leaves least (the last tried among equals, which does
    most); None when nothing was applicable."""
    for remedy in tried:
        if remedy.closes:
            return remedy
    return min(reversed(tried), key=lambda remedy: remedy.residual_p, default=None)
