"""The shortest way to pass: gaps, plans nothing less of which passes, donors, futures, budget, limits."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations_with_replacement

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.monitoring.pass_counties import LEVERS, amounts, cost, county, passes

from junheng.model.errors import BadData
from junheng.monitoring.levelling_up import level_up, whole_steps
from junheng.monitoring.pass_budget import fund
from junheng.monitoring.pass_levers import Place, moves, priced, rows_of
from junheng.monitoring.pass_plan import CountyPlan, county_plan
from junheng.monitoring.pass_problem import Unit, cv, cv_within
from junheng.monitoring.school_gap import breaks, gaps, missing, most_pupils


def _less(plan: CountyPlan, *without: int) -> dict[int, int] | None:
    left = dict(plan.steps)
    for m in without:
        left[m] -= 1
        if left[m] < 0:
            return None
    return left


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("spread", [0.3, 0.7])
def test_the_plan_passes_and_nothing_less_does(seed: int, spread: float) -> None:
    where = county(8, seed, spread=spread, most=500)
    plan = county_plan(where)
    assert plan.status in ("proved", "within")
    assert passes(where, plan.steps)
    assert cost(where, plan.steps) == plan.cost[0]
    assert plan.bound[0] <= plan.cost[0]
    for m in plan.steps:
        less = _less(plan, m)
        assert less is not None
        assert not passes(where, less), "one step less must not pass"
    for pair in combinations_with_replacement(plan.steps, 2):
        less = _less(plan, *pair)
        assert less is None or not passes(where, less), "two steps less must not pass"


def test_without_coefficients_to_mend_the_sum_of_schools_is_proved() -> None:
    where = county(20, 2, spread=0.2)
    plan = county_plan(where)
    assert not plan.raised.any()
    assert plan.status == "proved"
    assert plan.cost == plan.bound == plan.schools_only


def test_the_standards_example_of_missing_teachers() -> None:
    assert missing(Fraction("4.2") * 450, 0, whole=True) == 19
    assert missing(Fraction(450) * 700, 273_700, whole=False) == 413
    assert missing(Fraction("4.2") * 450, 1890, whole=True) == 0


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_what_is_missing_fills_the_gap_and_less_does_not(seed: int) -> None:
    where = county(2, seed, spread=0.6, most=300)
    for gap in gaps(where, (True, True, True, False)):
        assert gap.amount is not None
        assert gap.missing_full is not None
        assert gap.missing_floor is not None
        step = Fraction(1) if gap.item < 3 else Fraction(1, 100)
        assert gap.amount + gap.missing_full >= gap.required
        assert gap.missing_full == 0 or gap.amount + gap.missing_full - step < gap.required
        assert gap.missing_floor == 0 or gap.amount + gap.missing_floor - step < gap.floor
        need = where.need[gap.item, where.units[gap.unit].stage] / 100
        assert gap.most_pupils is not None
        assert gap.amount >= need * gap.most_pupils
        assert gap.amount < need * (gap.most_pupils + 1)


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_a_school_passes_with_the_most_pupils_it_can_hold_and_with_no_more(seed: int) -> None:
    where = replace(county(1, seed, spread=0.6, most=400), cv_limit={})
    most = most_pupils(where, 0)
    assert most is not None
    for pupils, good in ((most, True), (most + 1, False)):
        assert passes(replace(where, pupils=np.array([[pupils]])), {}) is good


@given(
    st.lists(st.tuples(st.integers(20, 900), st.integers(0, 90)), min_size=2, max_size=8),
    st.integers(15, 60),
)
@settings(max_examples=60, deadline=None)
def test_levelling_keeps_its_laws(units: list[tuple[int, int]], hundredths: int) -> None:
    p = np.array([pupils for pupils, _ in units])
    x = np.array([amount * 100 for _, amount in units])
    limit = Fraction(hundredths, 100)
    found = whole_steps(x, p, 100, limit)
    assert found is not None
    assert (found >= 0).all()
    assert cv_within(x + 100 * found, p, limit)
    if x.sum():
        level = level_up(x.astype(float), p.astype(float), float(limit))
        assert (level.amounts >= x).all()
        after = cv(x + 100 * found, p)
        before = cv(x, p)
        assert after is not None
        assert before is not None
        assert after <= max(before, float(limit)) + 1e-12
        assert level.added <= 100 * int(found.sum()) + 1e-6, (
            "whole steps cannot do with less than parts of one"
        )


def test_donors_keep_what_they_need_and_lose_what_they_give() -> None:
    given_away = 0
    for seed in range(3):
        where = county(10, seed, spread=0.8, exchange=True)
        plan = county_plan(where)
        assert passes(where, plan.steps, plan.gifts)
        held, heads = amounts(where, plan.steps, plan.gifts)
        for m, unit, count in plan.gifts:
            given_away += count
            assert unit != where.moves[m].effects[0].unit
            assert where.units[unit].stage == where.units[where.moves[m].effects[0].unit].stage
            assert held[0, 1, unit] >= where.need[1, where.units[unit].stage] * heads[0, unit]
        wanted = sum(n for m, n in plan.steps.items() if where.moves[m].exchange)
        assert wanted == sum(count for _, _, count in plan.gifts)
    assert given_away


def test_a_plan_with_fewer_pupils_passes_and_says_what_its_bound_covers() -> None:
    fixed = 0
    for seed in range(6):
        where = county(6, seed, spread=0.6, fewer=True, most=300)
        plan = county_plan(where)
        assert passes(where, plan.steps)
        assert plan.schools_only[0] <= plan.bound[0] <= plan.cost[0]
        assert plan.pupils_fixed or plan.status == "proved"
        fixed += plan.pupils_fixed
    assert fixed


def test_the_plan_holds_in_every_future() -> None:
    where = county(6, 3, spread=0.3, growth=(1.0, 1.06, 0.97))
    today = county(6, 3, spread=0.3)
    plan, now = county_plan(where), county_plan(today)
    assert passes(where, plan.steps)
    assert not passes(where, now.steps)
    assert plan.cost > now.cost
    found = breaks(where)
    assert found
    assert {one.year for one in found} <= {2026, 2027}
    for one in found:
        if one.item is not None:
            k = one.year - 2025
            need = where.need[one.item, where.units[one.unit].stage]
            have = int(where.have[0, one.item, one.unit])
            assert have >= need * int(where.pupils[0, one.unit])
            assert have < need * int(where.pupils[k, one.unit])


def test_caps_that_forbid_passing_are_named_with_what_is_missing() -> None:
    levers = tuple((*lever[:5], 1) for lever in LEVERS)
    where = county(5, 1, spread=0.6, level=0.6, levers=levers)
    plan = county_plan(where)
    assert plan.status == "infeasible"
    assert plan.out_of_reach
    eased = {(one.unit, one.item): one.missing for one in plan.out_of_reach}
    for block in {where.units[unit].block for unit, _ in eased}:
        u = where.units_of[block][0]
        every = dict.fromkeys(where.moves_of[block], 1)
        alone = replace(where, cv_limit={})
        have = where.have.copy()
        assert not alone.after(every).passing()[0, u]
        for (unit, item), amount in eased.items():
            have[0, item, unit] += amount
        assert replace(alone, have=have).after(every).passing()[0, u], "the smallest change is enough"


def test_a_budget_reaches_the_most_pupils_and_the_rest_is_named() -> None:
    where = replace(county(9, 4, spread=0.5), cv_limit={})
    plan = county_plan(where)
    costs = {
        b: cost(where, {m: n for m, n in plan.steps.items() if where.moves[m].block == b}) for b in range(9)
    }
    budget = sum(costs.values(), Fraction(0)) / 3
    funding = fund(plan, budget)
    assert funding.spent <= budget
    heads = {b: int(where.pupils[0, b]) for b in range(9)}
    paid = [b for b in costs if costs[b]]
    best = max(
        sum(heads[b] for n, b in enumerate(paid) if mask >> n & 1)
        for mask in range(2 ** len(paid))
        if sum((costs[b] for n, b in enumerate(paid) if mask >> n & 1), Fraction(0)) <= budget
    )
    assert sum(heads[b] for b in funding.funded) == best
    standing = funding.standing.passing()
    for b in range(9):
        assert bool(standing[0, b]) == (b in funding.funded or not costs[b])


def test_without_prices_fewest_new_teachers_come_first() -> None:
    where = county(6, 5, spread=0.4)
    ranked = {"recruit": (1, 0), "recruit_pe": (1, 0), "upgrade": (0, 1), "recognise": (0, 1), "room": (0, 3)}
    unpriced = replace(
        where,
        moves=tuple(replace(m, cost=tuple(map(Fraction, ranked[m.lever])), cap=None) for m in where.moves),
        cv_limit={},
    )
    plan = county_plan(unpriced)
    assert plan.status == "proved"
    assert passes(unpriced, plan.steps)
    recruited = sum(n for m, n in plan.steps.items() if unpriced.moves[m].lever.startswith("recruit"))
    assert plan.cost[0] == recruited
    free = replace(unpriced, moves=tuple(replace(m, cost=m.cost[:1]) for m in unpriced.moves))
    assert county_plan(free).cost[0] == recruited


PLACE = Place("S0", ("99",), {}, {"primary": 10}, {("primary", "degree_teachers"): 7})


def _levers(**columns: object) -> pl.DataFrame:
    row = {
        "lever_id": "a", "kind": "upgrade", "raises": "degree_teachers", "per_unit": 1.0, "whole": True,
        "cap": None, "cost": 5.0, "lead_years": 2, "unit_code": None, "stage": None,
    } | columns  # fmt: skip
    return pl.DataFrame([row])


def _made(levers: pl.DataFrame, codes: dict[str, int] | None = None) -> list[object]:
    units = (Unit("S0", "primary", 0),)
    known = {"degree_teachers": 0, "teaching_area": 1} if codes is None else codes
    return list(moves(rows_of(levers), units, {"S0": PLACE}, known, 1, priced(levers)))


def test_levers_become_measures_where_they_are_open() -> None:
    (upgrade,) = moves(
        rows_of(_levers()), (Unit("S0", "primary", 0),), {"S0": PLACE}, {"degree_teachers": 0}, 1, True
    )
    assert upgrade.cap == 3, "degrees go to teachers who are there without one"
    assert upgrade.cost == (5,)
    assert upgrade.effects[0].amount == (100,)
    assert not _made(_levers(unit_code="elsewhere"))
    assert _made(_levers(unit_code="99"))
    assert not _made(_levers(stage="junior"))
    (area,) = moves(
        rows_of(_levers(raises="teaching_area", whole=False, kind="build", per_unit=2.0, cap=10.0)),
        (Unit("S0", "primary", 0),),
        {"S0": PLACE},
        {"teaching_area": 1},
        1,
        True,
    )
    assert area.effects[0].amount == (1,), "one step adds a hundredth"
    assert area.cap == 10 * 200
    assert area.cost == (Fraction(5, 200),)


def test_a_lever_nobody_measures_is_refused() -> None:
    with pytest.raises(BadData) as refused:
        _made(_levers(raises="happiness"))
    assert refused.value.findings[0].code == "monitoring.plan.lever_raises"
    with pytest.raises(BadData):
        _made(_levers(raises="pupils;degree_teachers"))
