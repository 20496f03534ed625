"""The year loop: cohorts step up, schools take in entrants, pupils move between schools, shocks accumulate.

One machinery for the central path (float64, no shocks) and for draws (float32). Shocks are sized by what the
calibrated variance grows from one lead to the next, so that a cell's log deviation has the calibrated
variance
at every lead while draws still add up: a school's total, a pool and the region keep their own variances.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from junheng.forecast.process_draws import fill, normals_of

Floats = NDArray[np.float64]
Draws = NDArray[Any]
_CELL = 0xD1B54A32D192ED03
CELL_KEY = np.uint64(_CELL)
"""Step between the keys of a unit's grades; odd, so that no two grades share one."""
_BLOCK = 2000
"""Units whose shocks are made at once: bounds what is held on the way."""


@dataclass(frozen=True)
class BirthsSource:
    """Entrants by pool from births: entrants float64[P, H] central, share float64[P, U]."""

    entrants: Floats
    share: Floats


@dataclass(frozen=True)
class LeaversSource:
    """Entrants by pool from the grade below, a year before: feeder, share float64[P, U]; rate float64[P, H];
    outside float64[P], share of leavers who enter no school of the region."""

    feeder: Floats
    share: Floats
    rate: Floats
    outside: Floats


@dataclass(frozen=True)
class Intake:
    """How the grade at position `grade` is entered. units: bool[U]. level: float64[U, H], the adaptive level.
    weight: float64[S, H] of the sources, births first; the level has the rest."""

    grade: int
    units: NDArray[np.bool_]
    level: Floats
    births: tuple[BirthsSource, ...]
    leavers: tuple[LeaversSource, ...]
    weight: Floats


@dataclass(frozen=True)
class Move:
    """From lead `lead` to `last_lead` (0 = first forecast year) a fraction of the donors' pupils goes to
    receivers.

    entrants: of those entering at `grades`, who then belong to the receivers; else of all pupils in `grades`,
    who keep the rates of the school they came from. Totals are kept, draw by draw.
    """

    lead: int
    donors: tuple[int, ...]
    receivers: tuple[int, ...]
    weight: tuple[float, ...]
    grades: tuple[int, ...]
    fraction: float
    entrants: bool = False
    last_lead: int = 999


@dataclass(frozen=True)
class Setup:
    """All the loop needs. start: float64[U, G]. stepped: bool[U, G]. ratio: float64[U, H, G]. entry_factor:
    float64[U, H, G] on demand at intake. extra: float64[U, H, G] children added (housing)."""

    start: Floats
    stepped: NDArray[np.bool_]
    ratio: Floats
    entry_factor: Floats
    extra: Floats
    intakes: tuple[Intake, ...]
    moves: tuple[Move, ...]

    @property
    def horizon(self) -> int:
        """H, years ahead."""
        return self.ratio.shape[1]


@dataclass(frozen=True)
class Noise:
    """Shocks of D draws. region: float32[H, D] and unit: float32[U, H, D] standard normals; keys:
    uint64[U, H]
    for the shocks of cells. *_step: sd of the increments, float64[U, H] (region, unit) and [U, H, G] (cell:
    the whole sd where the cell is an intake). births: float32[H, G, D], log deviation of entrants by cohort.
    extra: float32[H, D], factor on housing. tail: float32[D]."""

    region: Draws
    unit: Draws
    keys: NDArray[np.uint64]
    region_step: Floats
    unit_step: Floats
    cell_step: Floats
    births: Draws
    extra: Draws
    tail: Draws
    unit_keys: NDArray[np.uint64] | None = None
    """uint64[U, H]: units' shocks are then made year by year from these keys, and `unit` is empty."""

    @property
    def draws(self) -> int:
        """D."""
        return self.tail.shape[0]

    def unit_year(self, h: int, rows: NDArray[np.intp]) -> Draws:
        """float32[rows, D]: units' shocks of one year."""
        if self.unit_keys is None:
            return self.unit[rows, h]
        return normals_of(self.unit_keys[rows, h : h + 1], self.draws)[:, 0]


@njit(cache=True)
def shake(
    codes: NDArray[np.uint64], step: Floats, shared: Draws, tail: Draws, block: Draws, on: NDArray[np.bool_]
) -> None:
    """Multiply block [U, G, D] in place by shared [U, D] and by exp(step [U, G] * tail [D] * own normals).

    Given the tail of its draw a cell's shock has mean one, so that sums over many stay on the central path.
    """
    count = tail.shape[0]
    own = np.empty(count, dtype=np.float32)
    for u in range(block.shape[0]):
        for g in range(block.shape[1]):
            if not on[u, g]:
                continue
            fill(codes[u] + np.uint64(g + 1) * CELL_KEY, own)
            size = np.float32(step[u, g])
            for d in range(count):
                here = size * tail[d]
                block[u, g, d] *= shared[u, d] * np.exp(here * own[d] - np.float32(0.5) * here * here)


def central_path(setup: Setup) -> Floats:
    """Pupils float64[U, H, G] without shocks."""
    return simulate(setup)[..., 0].astype(np.float64, copy=False)


def simulate(setup: Setup, noise: Noise | None = None) -> Draws:
    """Pupils [U, H, G, D]: float64 with D = 1 for the central path, float32 with shocks. Never negative."""
    count = 1 if noise is None else noise.draws
    kind = np.float64 if noise is None else np.float32
    units, _, grades = setup.ratio.shape
    out = np.zeros((units, setup.horizon, grades, count), dtype=kind)
    previous = np.broadcast_to(setup.start.astype(kind)[:, :, None], (units, grades, count))
    walk = Walk(setup, noise, kind)
    for h in range(setup.horizon):
        now = out[:, h]
        rate = np.where(setup.stepped, setup.ratio[:, h], 0.0).astype(kind)
        np.multiply(previous[:, :-1], rate[:, 1:, None], out=now[:, 1:])
        walk.next_year(h)
        if noise is not None:
            shake(noise.keys[:, h], noise.cell_step[:, h], walk.factor, noise.tail, now, setup.stepped)
        _add_extra(setup, noise, h, now)
        for intake in setup.intakes:
            _enter(setup, intake, h, now, previous, walk)
        np.maximum(now, 0, out=now)
        previous = now
    for move in setup.moves:
        if not move.entrants:
            for h in range(move.lead, min(move.last_lead + 1, setup.horizon)):
                for g in move.grades:
                    shift(out[:, h, g], move)
    return out


class Walk:
    """Running sums of the region's and units' shocks while the years go by; only what units need is held."""

    def __init__(self, setup: Setup, noise: Noise | None, kind: Any) -> None:
        units = setup.start.shape[0]
        self.noise, self.kind = noise, kind
        size = (units, 1 if noise is None else noise.draws)
        self.unit: Draws = np.zeros(size, dtype=kind)
        self.factor: Draws = np.ones(size, dtype=kind)
        self.h = 0

    def next_year(self, h: int) -> None:
        self.h = h
        if self.noise is None:
            return
        n = self.noise
        for begin in range(0, self.unit.shape[0], _BLOCK):
            rows = np.arange(begin, min(begin + _BLOCK, self.unit.shape[0]), dtype=np.intp)
            size = n.unit_step[rows, h, None].astype(self.kind) * n.tail[None]
            unit = size * n.unit_year(h, rows) - self.kind(0.5) * size * size
            self.factor[rows] = np.exp(self.region_step(rows) + unit)
            self.unit[rows] += unit

    def region_step(self, rows: NDArray[np.intp], h: int | None = None) -> Draws:
        """The region's shock of a year (default: this one) on the logs of units, [rows, D]."""
        n = self.noise
        if n is None:
            return np.zeros((len(rows), 1), dtype=self.kind)
        at = self.h if h is None else h
        return n.region_step[rows, at, None].astype(self.kind) * (n.region[at] * n.tail)[None]

    def region(self, rows: NDArray[np.intp]) -> Draws:
        """The region's shocks so far on the logs of units, [rows, D]."""
        total = self.region_step(rows, 0)
        for h in range(1, self.h + 1):
            total += self.region_step(rows, h)
        return total

    def births(self, grade: int) -> Draws:
        """Factor on entrants [D] from births not yet recorded."""
        if self.noise is None:
            return np.ones(1, dtype=self.kind)
        return np.exp(self.noise.births[self.h, grade])


def _add_extra(setup: Setup, noise: Noise | None, h: int, now: Draws) -> None:
    """Children of new dwellings in grades that are not entered; entrants come in `_enter`."""
    for g in np.flatnonzero(setup.extra[:, h].any(axis=0)).tolist():
        rows = np.flatnonzero((setup.extra[:, h, g] > 0) & ~_entered(setup, g))
        now[rows, g] += extra_children(setup, noise, h, g, rows, now.dtype)


def _entered(setup: Setup, g: int) -> NDArray[np.bool_]:
    held = [intake.units for intake in setup.intakes if intake.grade == g]
    return held[0] if held else np.zeros(setup.start.shape[0], dtype=np.bool_)


def extra_children(
    setup: Setup, noise: Noise | None, h: int, g: int, rows: NDArray[np.intp], kind: np.dtype[Any]
) -> Draws:
    factor = np.ones(1) if noise is None else noise.extra[h]
    return (setup.extra[rows, h, g][:, None] * factor[None]).astype(kind)


def _enter(setup: Setup, intake: Intake, h: int, now: Draws, previous: Draws, walk: Walk) -> None:
    """Fill the intake cells of one grade for one year."""
    g, kind = intake.grade, now.dtype
    pools = [source.feeder.astype(kind) @ previous[:, g - 1] for source in intake.leavers]
    now[:, g] += entrants(setup, intake, h, pools, walk, kind)


def entrants(
    setup: Setup, intake: Intake, h: int, pools: list[Draws], walk: Walk, kind: np.dtype[Any]
) -> Draws:
    """Who enters one grade in one year, [U, D]. pools: by source of leavers, [P, D] pupils who may leave
    into it from the grade below, a year before."""
    g, rows = intake.grade, np.flatnonzero(intake.units)
    own = _own(setup, intake, h, walk, rows)
    base = np.exp(walk.region(rows)) * walk.births(g)[None]
    total = np.zeros((len(rows), own.shape[1]), dtype=kind)
    weight = np.zeros(len(rows))
    for source, w in zip(intake.births, intake.weight[:, h], strict=False):
        covered = source.share[:, rows].sum(axis=0) > 0
        weight += w * covered
        total += (w * (source.share[:, rows].T @ source.entrants[:, h])).astype(kind)[:, None] * base * own
    for source, w, pool in zip(intake.leavers, intake.weight[len(intake.births) :, h], pools, strict=False):
        share = source.share[:, rows].astype(kind)
        weight += w * (share.sum(axis=0) > 0)
        stay = (1.0 - source.outside).astype(kind)[:, None]
        spread = share @ own
        entering = pool * stay * source.rate[:, h].astype(kind)[:, None] / np.maximum(spread, 1e-12)
        total += np.asarray(w, dtype=kind) * (share.T @ entering) * own * np.exp(walk.region_step(rows))
    rest = np.maximum(1.0 - weight, 0.0)
    level = np.nan_to_num(intake.level[rows, h]) * rest
    total += level.astype(kind)[:, None] * base * own
    total *= setup.entry_factor[rows, h, g].astype(kind)[:, None]
    total += extra_children(setup, walk.noise, h, g, rows, kind)
    entered = np.zeros((setup.start.shape[0], own.shape[1]), dtype=kind)
    entered[rows] = total
    for move in setup.moves:
        if move.entrants and g in move.grades and move.lead <= h <= move.last_lead:
            shift(entered, move)
    return entered


def _own(setup: Setup, intake: Intake, h: int, walk: Walk, rows: NDArray[np.intp]) -> Draws:
    """exp of each unit's own deviation of entry, [rows, D]."""
    noise = walk.noise
    own = np.exp(walk.unit[rows])
    if noise is None:
        return own
    block = own[:, None, :].copy()
    offset = np.uint64(intake.grade * _CELL % (1 << 64))
    codes = noise.keys[rows, h] + np.full(len(rows), offset)
    shared = np.ones((len(rows), noise.draws), dtype=np.float32)
    step = noise.cell_step[rows, h, intake.grade][:, None]
    shake(codes, step, shared, noise.tail, block, np.ones((len(rows), 1), dtype=np.bool_))
    return block[:, 0]


def shift(cells: Draws, move: Move) -> None:
    """Move a fraction of the donors' rows [U, D] to the receivers; sums are kept."""
    donors = list(move.donors)
    taken = cells[donors] * cells.dtype.type(move.fraction)
    cells[donors] -= taken
    pool = taken.sum(axis=0)
    whole = sum(move.weight)
    for receiver, weight in zip(move.receivers, move.weight, strict=True):
        cells[receiver] += pool * cells.dtype.type(weight / whole)
