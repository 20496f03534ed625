"""A plan is what differs from the plain continuation: factors, moves and additions, ready for the year
loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from junheng.forecast.cohort_simulation import BirthsSource, Intake, LeaversSource, Move, Setup, central_path
from junheng.forecast.entry_weights import departing
from junheng.forecast.feeder_flows import LeaverPools
from junheng.forecast.preparation import Prepared

Floats = NDArray[np.float64]
SeatChange = Callable[[Any, Any, tuple[int, ...], NDArray[np.float64]], None]
"""Changes approved seats float64[R, H] in place, given problem, stage rows and years."""


@dataclass
class Plan:
    """Neutral when new; levers fill it in. Arrays as in `Setup`.

    births: float64[P, Y] factor on births of the path, or float64[1, Y] where no births are recorded (then on
    entrants of children not yet born). entry: float64[U, H, G] factor on entrants. ratio: float64[U, H, G]
    factor on progression. rate: float64[G, H] factor on entrants per leaver. extra: float64[U, H, G]
    children.
    stepped: bool[U, G] grades that schools will teach beside those taught now. level: float64[U, H, G]
    factor on the adaptive level alone. moves: in order. stage: int[U, H, G]
    position in STAGES where a lever changes school systems. seats: changes to approved seats, in order.
    """

    births: Floats
    entry: Floats
    ratio: Floats
    rate: Floats
    extra: Floats
    stepped: NDArray[np.bool_]
    level: Floats
    moves: list[Move] = field(default_factory=list[Move])
    stage: NDArray[np.intp] | None = None
    seats: list[SeatChange] = field(default_factory=list[Any])

    @staticmethod
    def neutral(prepared: Prepared) -> Plan:
        """The plan that changes nothing."""
        units, horizon, grades = prepared.level.shape
        births = prepared.births
        shape = (1, 1) if births is None else births.early.shape
        return Plan(
            np.ones(shape), np.ones((units, horizon, grades)), np.ones((units, horizon, grades)),
            np.ones((grades, horizon)), np.zeros((units, horizon, grades)), np.zeros((units, grades),
                                                                                     np.bool_),
            np.ones((units, horizon, grades)),
        )  # fmt: skip


def setup(prepared: Prepared, plan: Plan) -> Setup:
    """The year loop's input under a plan."""
    group = np.nan_to_num(prepared.progression.group, nan=1.0) * prepared.progression.county
    new = plan.stepped & ~prepared.stepped
    ratio = np.where(new, group[None, :], prepared.ratio)[:, None, :] * plan.ratio
    intakes = tuple(_intake(prepared, plan, g) for g in np.flatnonzero(prepared.intake.any(axis=0)).tolist())
    return Setup(
        prepared.start,
        prepared.stepped | plan.stepped,
        ratio,
        plan.entry,
        plan.extra,
        intakes,
        tuple(plan.moves),
    )


def births_ratio(prepared: Prepared, plan: Plan, g: int) -> Floats:
    """float64[P, H]: a plan's entrants from births over the plain ones, by pool of an intake grade."""
    pools, births = prepared.births_pools[g], prepared.births
    assert births is not None
    if (plan.births == 1.0).all():
        return np.ones(pools.entrants.shape)
    changed = births.scaled(plan.births)
    grade = prepared.problem.grades[g]
    from junheng.forecast.school_entry import cohort_births, pooled_births  # noqa: PLC0415

    span = range(prepared.years[0], prepared.years[-1] + 1)
    new = pooled_births(cohort_births(changed, grade, span), pools.births_of)
    old = pooled_births(cohort_births(births, grade, span), pools.births_of)
    return new / np.maximum(old, 1e-9)


def _intake(prepared: Prepared, plan: Plan, g: int) -> Intake:
    units = prepared.intake[:, g]
    level = prepared.level[:, :, g] * plan.level[:, :, g]
    births: list[BirthsSource] = []
    leavers: list[LeaversSource] = []
    weight = prepared.weight.get(g, np.zeros((0, prepared.horizon)))
    if g in prepared.births_pools:
        pools = prepared.births_pools[g]
        factor = births_ratio(prepared, plan, g)
        share = pool_shares(pools.units, prepared.level[:, 0, g])
        births.append(BirthsSource(pools.entrants * factor, share))
        level *= pools.units.T.astype(np.float64) @ factor + np.asarray(~pools.units.any(axis=0))[:, None]
    if g in prepared.leavers_pools:
        pool = prepared.leavers_pools[g]
        rate = pool.rate[:, None] * plan.rate[g][None, :]
        feeder = pool_feeder(prepared, plan, pool)
        leavers.append(LeaversSource(feeder, pool.share, rate, pool.outside))
        level *= plan.rate[g][None, :]
    return Intake(g, units, level, tuple(births), tuple(leavers), weight)


def pool_shares(units: NDArray[np.bool_], level: Floats) -> Floats:
    """float64[P, U]: each pool shared among its schools by their adaptive levels."""
    weight = units * np.maximum(level, 0.0)[None, :]
    whole = weight.sum(axis=1, keepdims=True)
    return np.divide(weight, whole, out=np.zeros_like(weight), where=whole > 0)


def pool_feeder(prepared: Prepared, plan: Plan, pool: LeaverPools) -> Floats:
    """float64[P, U]: who feeds each pool, with schools that the plan lets grow into the grade before.

    A school that will teach the grade before and not carry its pupils on feeds the pool of its area, else the
    first pool: no leaver is lost because the school is new.
    """
    g = pool.grade
    stepped = prepared.stepped | plan.stepped
    below = (prepared.start[:, g - 1] > 0) | stepped[:, g - 1] | prepared.intake[:, g - 1]
    missing = below & ~stepped[:, g] & ~(pool.feeder.sum(axis=0) > 0)
    feeder = np.where(stepped[:, g][None, :], 0.0, pool.feeder)
    problem = prepared.problem
    for u in np.flatnonzero(missing).tolist():
        if problem.special(u):
            continue
        area = problem.areas[int(problem.area_of[u])]
        feeder[pool.codes.index(area) if area in pool.codes else 0, u] = 1.0
    return feeder


def settled(prepared: Prepared) -> Prepared:
    """Weights of leaver pools moved by how far the leavers to come stand from the adaptive level.

    Grade by grade from below, so that senior intake sees a junior intake already settled.
    """
    for g in sorted(prepared.leavers_pools):
        if g in prepared.births_pools or g not in prepared.weight:
            continue
        central = central_path(setup(prepared, Plan.neutral(prepared)))
        pool = prepared.leavers_pools[g]
        before = np.concatenate([prepared.start[:, None, g - 1], central[:, :-1, g - 1]], axis=1)
        entrants = ((pool.rate * (1.0 - pool.outside))[:, None] * (pool.feeder @ before)).sum(axis=0)
        units = pool.share.sum(axis=0) > 0
        level = prepared.level[units, :, g].sum(axis=0)
        apart = np.log(np.maximum(entrants, 1e-9) / np.maximum(level, 1e-9))
        weight = {**prepared.weight, g: departing(prepared.weight[g], apart)}
        prepared = replace(prepared, weight=weight)
    return _specials_follow(prepared)


def _specials_follow(prepared: Prepared) -> Prepared:
    """Special schools keep their share of all pupils of the grades they teach: prevalence is stable, cohorts
    are not."""
    special = prepared.problem.specials
    grades = (prepared.start[special] > 0).any(axis=0)
    before = float(prepared.start[~special][:, grades].sum())
    if before <= 0:
        return prepared
    central = central_path(setup(prepared, Plan.neutral(prepared)))
    ahead = central[~special][:, :, grades].sum(axis=(0, 2))
    level = prepared.level.copy()
    level[special] *= (ahead / before)[None, :, None]
    return replace(prepared, level=level)
