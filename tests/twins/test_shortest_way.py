"""The shortest way to pass against slow honest twins: a convex solver, exhaustive search, cutting planes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp, minimize
from tests.unit.monitoring.pass_counties import amounts, cost, county, passes

from junheng.monitoring.covering import Option, cover, covers
from junheng.monitoring.levelling_up import excess, level_by_moving, level_up, whole_steps
from junheng.monitoring.pass_plan import county_plan
from junheng.monitoring.pass_problem import County, Effect, Unit, cv_within
from junheng.monitoring.school_programme import programme
from junheng.monitoring.shared_programme import shared_programme


def _cv(x: np.ndarray, p: np.ndarray) -> float:
    mean = x.sum() / p.sum()
    return float(np.sqrt((p * (x / p - mean) ** 2).sum() / p.sum()) / mean)


@pytest.mark.parametrize("seed", range(12))
def test_levelling_up_is_what_a_convex_solver_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    p = rng.integers(50, 900, 10).astype(float)
    x, limit = p * rng.lognormal(0, 0.9, 10), 0.3
    found = level_up(x, p, limit)
    start = found.amounts * 1.05 + 1
    solved = minimize(
        lambda y: (y - x).sum() / p.sum(),
        start,
        jac=lambda y: np.ones(10) / p.sum(),
        bounds=[(low, None) for low in x],
        constraints={"type": "ineq", "fun": lambda y: limit - _cv(y, p)},
        method="SLSQP",
        options={"maxiter": 600, "ftol": 1e-12},
    )
    assert _cv(found.amounts, p) <= limit * (1 + 1e-9)
    assert found.added == pytest.approx((solved.x - x).sum(), rel=2e-5)


@pytest.mark.parametrize("seed", range(6))
def test_moving_is_what_a_convex_solver_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    p = rng.integers(50, 900, 8).astype(float)
    x, limit = p * rng.lognormal(0, 0.8, 8), 0.35
    keep = 0.1 * x
    found = level_by_moving(x, p, limit, keep)
    assert found is not None
    solved = minimize(
        lambda v: v[:8].sum() / p.sum(),  # what is received; what is given stands behind it
        np.concatenate([np.maximum(found.amounts - x, 0), np.maximum(x - found.amounts, 0)]),
        bounds=[(0, None)] * 8 + [(0, high) for high in x - keep],
        constraints=[
            {"type": "eq", "fun": lambda v: (v[:8].sum() - v[8:].sum()) / p.sum()},
            {"type": "ineq", "fun": lambda v: limit - _cv(x + v[:8] - v[8:], p)},
        ],
        method="SLSQP",
        options={"maxiter": 600, "ftol": 1e-12},
    )
    assert found.amounts.sum() == pytest.approx(x.sum())
    assert (found.amounts >= keep - 1e-6).all()
    assert excess(found.amounts, p, limit) <= 1e-9
    assert found.moved <= solved.x[:8].sum() * (1 + 1e-4)


def _shares(total: int, units: int) -> Iterator[tuple[int, ...]]:
    if units == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _shares(total - first, units - 1):
            yield (first, *rest)


@pytest.mark.parametrize("seed", range(60))
def test_whole_steps_are_the_fewest_there_are(seed: int) -> None:
    rng = np.random.default_rng(seed)
    units = int(rng.integers(2, 13))
    p = rng.integers(40, 700, units)
    x = rng.integers(4, 14, units) * 100 * (p // 100 + 1) // 4 // 100 * 100
    caps = rng.integers(1, 6, units) if seed % 3 == 0 else None
    limit = Fraction(int(rng.integers(20, 45)), 100)
    found = whole_steps(x, p, 100, limit, caps)
    most = 7 if units <= 4 else 5 if units <= 7 else 3
    total = most + 1 if found is None else int(found.sum())
    if found is not None:
        assert cv_within(x + 100 * found, p, limit)
        assert caps is None or (found <= caps).all()
    for fewer in range(min(total, most + 1)):
        for given in _shares(fewer, units):
            if caps is None or (np.array(given) <= caps).all():
                assert not cv_within(x + 100 * np.array(given), p, limit), given


@pytest.mark.parametrize("seed", range(40))
def test_covering_is_the_cheapest(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(1, 4))
    required = tuple(int(n) for n in rng.integers(0, 500, rows))
    options = tuple(
        Option(
            tuple(Fraction(int(n)) for n in rng.integers(0, 3, rows) * 100),
            int(rng.integers(1, 6)),
            (Fraction(int(rng.integers(1, 40))),),
        )
        for _ in range(4)
    )
    found = cover(required, options)
    every = [
        steps
        for steps in product(*(range(one.cap + 1) for one in options if one.cap is not None))
        if covers(required, options, steps)
    ]
    price = [sum(one.cost[0] * n for one, n in zip(options, steps, strict=True)) for steps in every]
    assert (found is None) == (not every)
    if found is not None:
        assert covers(required, options, found)
        assert sum(one.cost[0] * n for one, n in zip(options, found, strict=True)) == min(price)


@pytest.mark.parametrize("seed", range(60))
def test_counted_steps_are_the_cheapest_rank_by_rank(seed: int) -> None:
    """Measures for one row each and for two or three at once, with caps, ties and prices in two ranks."""
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(2, 4))
    wide = tuple(Fraction(100 * int(r < 2 or rng.random() < 0.5)) for r in range(rows))
    single = [tuple(Fraction(100 * (r == row)) for r in range(rows)) for row in range(rows)]
    kinds = [wide, wide, *single, single[0]]
    options = tuple(
        Option(adds, int(rng.integers(0, 5)), tuple(Fraction(int(n), 3) for n in rng.integers(0, 4, 2)))
        for adds in kinds
        if rng.random() < 0.9
    )
    required = tuple(int(n) for n in rng.integers(0, 500, rows))
    every = [
        steps
        for steps in product(*(range(one.cap + 1) for one in options if one.cap is not None))
        if covers(required, options, steps)
    ]

    def price(steps: tuple[int, ...]) -> tuple[Fraction, ...]:
        return tuple(
            sum((one.cost[rank] * n for one, n in zip(options, steps, strict=True)), Fraction(0))
            for rank in (0, 1)
        )

    found = cover(required, options)
    assert (found is None) == (not every)
    if found is not None:
        assert covers(required, options, found)
        assert price(found) == min(price(steps) for steps in every)


def test_a_difference_of_a_millionth_still_decides() -> None:
    """Branch and bound would take these for equal and give five more of what costs a little more."""
    prices = [Fraction(text) for text in ("111780.000065", "111780.000068", "0")]
    adds = [(Fraction(100), Fraction(0)), (Fraction(100), Fraction(100)), (Fraction(100), Fraction(0))]
    caps = (None, None, 3)
    options = tuple(Option(a, cap, (p,)) for a, cap, p in zip(adds, caps, prices, strict=True))
    assert cover((2456, 491), options) == (17, 5, 3)


def _brute(where: County, block: int, most: int) -> Fraction | None:
    """The cheapest steps of one school by trying every number of each measure."""
    moves, units = where.moves_of[block], where.units_of[block]
    known = [(float(where.moves[m].cost[0]), m) for m in moves]
    ranges = [range(41 if where.moves[m].fewer else min(most, where.moves[m].cap or most) + 1) for m in moves]
    counts = np.array(list(product(*ranges)))
    price = counts @ np.array([each for each, _ in known])
    for row in np.argsort(price, kind="stable"):
        steps = dict(zip(moves, counts[row].tolist(), strict=True))
        if _passes_alone(where, steps, units):
            return cost(where, steps)
    return None


def _passes_alone(where: County, steps: dict[int, int], units: tuple[int, ...]) -> bool:
    for u in units:
        heads = int(where.pupils[0, u]) - sum(
            dict(where.moves[m].fewer).get(u, 0) * n for m, n in steps.items()
        )
        under = 0
        for i in range(len(where.items)):
            have = int(where.have[0, i, u]) + sum(
                e.amount[0] * n
                for m, n in steps.items()
                if n
                for e in where.moves[m].effects
                if (e.item, e.unit) == (i, u)
            )
            line = where.need[i, where.units[u].stage] * heads
            under += have < line
            if have < line * where.floor_share or under > where.resting:
                return False
    return True


@pytest.mark.parametrize("seed", range(9))
@pytest.mark.parametrize("fewer", [False, True])
def test_a_school_s_programme_is_the_cheapest(seed: int, *, fewer: bool) -> None:
    where = county(1, seed, most=110, spread=0.25, level=0.85)
    if fewer:
        where = county(1, seed, most=80, spread=0.2, level=0.85, fewer=True, levers=LEAN)
    found = programme(where, 0)
    assert where.after(found.steps).passing().all()
    assert cost(where, found.steps) == _brute(where, 0, 5)


LEAN = (
    ("recruit_pe", "recruit_pe_art", (0, 2), 100, 25, None),
    ("recognise", "recognise", (1,), 100, 3, None),
    ("room", "build", (3,), 10000, 42, None),
)


@pytest.mark.parametrize("seed", range(8))
def test_stages_that_share_are_planned_together_at_least_cost(seed: int) -> None:
    where = _split(seed)
    costs = {m: move.cost for m, move in enumerate(where.moves)}
    steps = shared_programme(where, 0, None, costs, {m: move.cap for m, move in enumerate(where.moves)})
    assert steps is not None
    assert where.after(steps).passing().all()
    best = _brute(where, 0, 7)
    assert best is not None
    assert cost(where, steps) == best


def _split(seed: int) -> County:
    """One school of two stages that share rooms and equipment: three items, two of them shared."""
    alone = county(2, seed, items=3, most=160, spread=0.2, level=0.85, levers=())
    units = (Unit("S0", "primary", 0), Unit("S0", "junior", 0))
    share = Fraction(int(alone.pupils[0, 0]), int(alone.pupils[0].sum()))
    moves = county(1, seed, items=3).moves[:1]
    both = [
        replace(moves[0], lever=f"both{i}", cost=(Fraction(40 + 7 * i),), effects=(
            Effect(0, i, (300 * share,)), Effect(1, i, (300 * (1 - share),))
        ))
        for i in (1, 2)
    ]  # fmt: skip
    own = [replace(moves[0], lever=f"own{u}", effects=(Effect(u, 0, (Fraction(100),)),)) for u in (0, 1)]
    return replace(alone, units=units, moves=(*both, *own))


def _by_cutting_planes(where: County) -> Fraction | None:
    """The county's optimum: one integer programme of all schools, with a cut g·x ≤ 0 wherever a
    coefficient is
    still over its line, until none is. Hundreds of rounds for a real county; exact for a tiny one."""
    n, cells = len(where.moves), [(i, u) for i in range(len(where.items)) for u in range(len(where.units))]
    adds = np.zeros((len(cells), n))
    for m, move in enumerate(where.moves):
        for e in move.effects:
            adds[cells.index((e.item, e.unit)), m] += float(e.amount[0])
    have = np.array([float(where.have[0, i, u]) for i, u in cells])
    full = np.array([float(where.full[0, i, u]) for i, u in cells])
    least = np.array([float(where.least[0, i, u]) for i, u in cells])
    choose = np.array([[float(v == u) for _, v in cells] for u in range(len(where.units))])
    rows = [
        LinearConstraint(np.hstack([adds, np.diag(full - least)]) / 100, (full - have) / 100, np.inf),
        LinearConstraint(np.hstack([np.zeros((len(where.units), n)), choose]), -np.inf, where.resting),
    ]
    price = np.concatenate([[float(move.cost[0]) for move in where.moves], np.zeros(len(cells))])
    upper = np.concatenate([[60.0 if m.cap is None else m.cap for m in where.moves], np.ones(len(cells))])
    for _ in range(400):
        found = milp(
            price,
            integrality=np.ones(len(price)),
            bounds=Bounds(0, upper),
            constraints=rows,
            options={"mip_rel_gap": 0},
        )
        if found.x is None:
            return None
        steps = {m: round(value) for m, value in enumerate(found.x[:n])}
        if passes(where, steps):
            return cost(where, steps)
        held, heads = amounts(where, steps)
        for (i, stage), limit in where.cv_limit.items():
            mine = [u for u, unit in enumerate(where.units) if unit.stage == stage]
            if not mine:
                continue
            p = np.array([float(heads[0, u]) for u in mine])
            x = np.array([float(held[0, i, u]) for u in mine])
            if _cv(x, p) <= float(limit):
                continue
            mean = x.sum() / p.sum()
            spread = np.sqrt((p * (x / p - mean) ** 2).sum() / p.sum())
            g = ((x / p - mean) / spread - float(limit)) / p.sum()
            at = [cells.index((i, u)) for u in mine]
            scale = np.abs(g).max()
            row = np.concatenate([g @ adds[at], np.zeros(len(cells))]) / scale / 100
            rows.append(LinearConstraint(row[None, :], -np.inf, -float(g @ have[at]) / scale / 100))
    return None


@pytest.mark.parametrize("seed", range(9))
def test_plan_and_bound_hold_the_optimum_between_them(seed: int) -> None:
    where = county(
        3 + seed % 3, seed, items=1 + seed % 2, spread=0.7, stages=("primary",), most=300, level=0.8
    )
    plan = county_plan(where)
    best = _by_cutting_planes(where)
    assert best is not None
    assert passes(where, plan.steps)
    assert plan.bound[0] <= best <= plan.cost[0]
    if plan.status == "proved":
        assert best == plan.cost[0]
    assert plan.cost[0] <= best * Fraction(115, 100)
