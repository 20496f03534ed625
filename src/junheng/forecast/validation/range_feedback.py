"""Ranges that answer for their own past: what earlier published ranges held steers the next ones.

A shock shared by all units (a pandemic, a change of law) is seen once a year, so spreads fitted to past
errors come late. Each kind of range therefore aims at a level moved by the sum of its past misses at that
lead, the integral control of adaptive conformal inference (Gibbs and Candes 2021), held within bounds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from junheng.forecast.calibration import Spread, central_score
from junheng.forecast.panel import Floats, Panel
from junheng.forecast.validation.rolling_origin import Origin
from junheng.forecast.validation.rolling_ranges import Kinds, Ranges, at_origin, residuals

NOMINAL = 0.80
GAIN = 0.6
"""Share of the summed misses by which the next level moves at lead one; at lead h a miss is heard h years
late and shared by h overlapping years, so the share is divided by h."""
FEW = 30.0
"""Rows whose coverage is believed by half."""
LOWEST, HIGHEST = 0.68, 0.92
BORROWED = 0.5
"""A lead that no range has answered for yet borrows this share of the move of the lead before it."""
SMALLEST = 50.0
"""Totals below this are left out of the account, as they are of percentage errors."""


def published(
    panel: Panel, origins: Mapping[int, Origin], years: Sequence[int], horizon: int
) -> dict[int, Ranges]:
    """Ranges of each origin of `years` (ascending), each knowing how those before it fared by then."""
    ranges: dict[int, Ranges] = {}
    held: dict[int, tuple[Floats, Floats, Floats]] = {}
    for year in years:
        fresh = at_origin(panel, origins, year, horizon)
        known = {start: tuple(_until(rates, year - start) for rates in held[start]) for start in held}
        moves = [
            _moves(np.array([rates[kind] for rates in known.values()]).reshape(-1, horizon), horizon)
            for kind in range(3)
        ]
        ranges[year] = replace(
            fresh, settled=_moved(fresh.settled, moves), opened=_moved(fresh.opened, moves)
        )
        held[year] = _held(panel, origins, year, horizon, ranges[year])
    return ranges


def _until(rates: Floats, leads: int) -> Floats:
    """Rates of the first `leads` leads, whose target years have come; NaN for the rest."""
    known = np.full_like(rates, np.nan)
    known[:leads] = rates[:leads]
    return known


def _moves(rates: Floats, horizon: int) -> Floats:
    """float64[H]: factor on log v by lead from coverage float64[origins, H] of past 80 % ranges."""
    factors = np.zeros(horizon)
    move = 0.0
    for lead in range(horizon):
        column = rates[:, lead] if len(rates) else np.zeros(0)
        seen = column[~np.isnan(column)]
        move = GAIN / (lead + 1) * float((NOMINAL - seen).sum()) if seen.size else BORROWED * move
        level = min(max(NOMINAL + move, LOWEST), HIGHEST)
        factors[lead] = 2.0 * np.log(central_score(level) / central_score(NOMINAL))
    return factors


def _moved(kinds: Kinds, moves: Sequence[Floats]) -> Kinds:
    return Kinds(
        _lifted(kinds.totals, moves[0]), _lifted(kinds.enrolled, moves[1]), _lifted(kinds.entering, moves[2])
    )


def _lifted(spread: Spread, move: Floats) -> Spread:
    leads = np.arange(1, len(move) + 1)
    own = np.interp(leads, np.arange(1, len(spread.lead_effect) + 1), spread.lead_effect)
    return replace(spread, lead_effect=tuple((own + move).tolist()))


def _held(
    panel: Panel, origins: Mapping[int, Origin], year: int, horizon: int, ranges: Ranges
) -> tuple[Floats, Floats, Floats]:
    """Coverage by lead, shrunk to nominal where rows are few, of what `year` published for settled units,
    over all targets of the panel."""
    only = {year: origins[year]}
    rows = residuals(panel, only, panel.years[-1] + 1, horizon, ~ranges.young)
    spreads = (ranges.settled.totals, ranges.settled.enrolled, ranges.settled.entering)
    found: list[Floats] = []
    for kind, (row, spread) in enumerate(zip(rows, spreads, strict=True)):
        wide = spread.score(0.5 + NOMINAL / 2) * spread.sd(row.lead.astype(np.float64), row.forecast)
        inside = np.abs(row.logs / row.season) <= wide
        scored = row.actual >= (SMALLEST if kind == 0 else 0.0)
        rates = np.full(horizon, np.nan)
        for lead in range(1, horizon + 1):
            at = scored & (row.lead == lead)
            if at.any():
                count = float(at.sum())
                miss = float(inside[at].mean()) - NOMINAL
                rates[lead - 1] = NOMINAL + miss * count / (count + FEW)
        found.append(rates)
    return found[0], found[1], found[2]
