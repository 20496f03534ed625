"""The year loop for large regions: one year of all draws at a time, only the cells that are taught.

The same shocks and arithmetic as `cohort_simulation.simulate`; only what the next year needs is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from junheng.forecast.cohort_simulation import (
    CELL_KEY,
    Draws,
    Noise,
    Setup,
    Walk,
    entrants,
    extra_children,
    shake,
    shift,
)

KIND = np.dtype(np.float32)
_BLOCK = 1000
"""Units whose cells are stepped at once: bounds what is held on the way."""


@dataclass(frozen=True)
class YearCells:
    """Pupils of one year. lead: 0 = first forecast year. units: by grade, int[N], units with pupils there.
    at: int[G, U], position among them, -1 where not taught. draws: by grade, float32[N, D]; valid until the
    next year is asked for."""

    lead: int
    units: tuple[NDArray[np.intp], ...]
    at: NDArray[np.intp]
    draws: list[Draws]


def taught_units(setup: Setup) -> tuple[NDArray[np.intp], ...]:
    """By grade, the units that may ever have pupils in it."""
    ever = (setup.start > 0) | setup.stepped | (setup.extra > 0).any(axis=1)
    for intake in setup.intakes:
        ever[:, intake.grade] |= intake.units
    for move in setup.moves:
        for g in move.grades:
            ever[[*move.donors, *move.receivers], g] = True
    return tuple(np.flatnonzero(ever[:, g]) for g in range(ever.shape[1]))


def yearly(setup: Setup, noise: Noise) -> Iterator[YearCells]:
    """One year of draws after another, from the first forecast year on."""
    units = taught_units(setup)
    count, grades = setup.start.shape
    at = np.full((grades, count), -1, dtype=np.intp)
    draws: list[Draws] = []
    for g, rows in enumerate(units):
        at[g, rows] = np.arange(len(rows))
        draws.append(np.repeat(setup.start[rows, g].astype(KIND)[:, None], noise.draws, axis=1))
    walk = Walk(setup, noise, np.float32)
    for h in range(setup.horizon):
        walk.next_year(h)
        for g in range(grades - 1, -1, -1):
            draws[g] = _next(setup, noise, h, g, units, at, draws, walk)
        kept = _moved(setup, h, at, draws)
        yield YearCells(h, units, at, draws)
        for g, rows, values in kept:
            draws[g][rows] = values


def _next(
    setup: Setup,
    noise: Noise,
    h: int,
    g: int,
    units: tuple[NDArray[np.intp], ...],
    at: NDArray[np.intp],
    draws: list[Draws],
    walk: Walk,
) -> Draws:
    """float32[N, D]: a grade's pupils this year; `draws` still holds the grade below of the year before."""
    rows = units[g]
    now = np.zeros((len(rows), noise.draws), dtype=KIND)
    for begin in range(0, len(rows), _BLOCK):
        part = slice(begin, begin + _BLOCK)
        _step(setup, noise, (h, g), rows[part], at, draws, walk, now[part])
    intakes = [intake for intake in setup.intakes if intake.grade == g]
    entered = intakes[0].units if intakes else np.zeros(len(setup.start), dtype=np.bool_)
    extra = np.flatnonzero((setup.extra[rows, h, g] > 0) & ~entered[rows])
    if extra.size:
        now[extra] += extra_children(setup, noise, h, g, rows[extra], KIND)
    for intake in intakes:
        pools: list[Draws] = [
            source.feeder[:, units[g - 1]].astype(KIND) @ draws[g - 1] for source in intake.leavers
        ]
        now += entrants(setup, intake, h, pools, walk, KIND)[rows]
    return np.maximum(now, 0, out=now)


def _step(
    setup: Setup,
    noise: Noise,
    cell: tuple[int, int],
    rows: NDArray[np.intp],
    at: NDArray[np.intp],
    draws: list[Draws],
    walk: Walk,
    now: Draws,
) -> None:
    """Pupils who move up into a grade, with their shocks, into now [rows, D]. cell: lead and grade."""
    h, g = cell
    on = np.flatnonzero(setup.stepped[rows, g] & (at[g - 1, rows] >= 0)) if g else rows[:0]
    if not on.size:
        return
    below = at[g - 1, rows[on]]
    rate = setup.ratio[rows[on], h, g].astype(KIND)
    block = (draws[g - 1][below] * rate[:, None])[:, None, :]
    with np.errstate(over="ignore"):
        codes = noise.keys[rows[on], h] + np.uint64(g) * CELL_KEY
    step = noise.cell_step[rows[on], h, g][:, None]
    shake(codes, step, walk.factor[rows[on]], noise.tail, block, np.ones((on.size, 1), np.bool_))
    now[on] = block[:, 0]


def _moved(
    setup: Setup, h: int, at: NDArray[np.intp], draws: list[Draws]
) -> list[tuple[int, list[int], Draws]]:
    """Move pupils between schools in this year's draws; (grade, rows, pupils before) to put back."""
    moves = [move for move in setup.moves if not move.entrants and move.lead <= h <= move.last_lead]
    kept: list[tuple[int, list[int], Draws]] = []
    for g in sorted({g for move in moves for g in move.grades}):
        here = [move for move in moves if g in move.grades]
        touched = sorted({int(at[g, u]) for move in here for u in (*move.donors, *move.receivers)})
        kept.append((g, touched, draws[g][touched].copy()))
        for move in here:
            donors = tuple(at[g, list(move.donors)].tolist())
            receivers = tuple(at[g, list(move.receivers)].tolist())
            shift(draws[g], replace(move, donors=donors, receivers=receivers))
    return kept
