"""Evidence of entry: yields, pools and how far each is believed."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.forecast.county import GENERAL, REGION, TOWNS, tables

from junheng import rules
from junheng.forecast.cohort_simulation import Move, Setup, simulate
from junheng.forecast.entry_weights import Trials, departing, prior_weight, weights
from junheng.forecast.feeder_flows import rate_level
from junheng.forecast.grade_progression import advance
from junheng.forecast.plan import Plan, setup
from junheng.forecast.preparation import prepare
from junheng.forecast.problem import Problem
from junheng.forecast.school_entry import local_level, yields


def test_a_local_level_trusts_the_last_years_of_large_areas_only():
    series = np.array([0.0, 0.0, 0.0, 0.0, 0.2])
    small, large = (local_level(series, np.full(5, n), 0.001) for n in (30.0, 30_000.0))
    assert 0.03 < small < 0.08 and large > 0.15
    assert np.isnan(local_level(np.full(3, np.nan), np.ones(3), 0.001))


def test_yields_may_exceed_one_and_small_areas_lean_on_the_region():
    births = np.array([[1000.0] * 8, [20.0] * 8])
    entrants = np.array([[1200.0] * 8, [10.0] * 8])
    rate, behind, own = yields(entrants, births, 7)
    assert rate[0] == pytest.approx(1.2, abs=0.01) and 0.9 < rate[1] < 1.2
    assert own[0] > 0.85 > own[1] and behind[1] == 50


def test_blank_years_bias_no_yield():
    births = np.full((1, 8), 1000.0)
    entrants = np.array([[900.0, 900.0, 900.0, np.nan, 900.0, np.nan, 900.0, 900.0]])
    assert yields(entrants, births, 7)[0][0] == pytest.approx(0.9)


def test_entrants_per_leaver_read_the_year_after():
    leavers, entrants = np.array([100.0, 110.0, 120.0, 130.0]), np.array([50.0, 55.0, 60.5, 66.0])
    assert rate_level(entrants, leavers)[0] == pytest.approx(0.55)


@given(st.integers(1, 6), st.integers(0, 8), st.integers(1, 20))
def test_weights_are_shares_at_every_lead(sources: int, origins: int, horizon: int):
    rng = np.random.default_rng(sources * 100 + origins)
    trials = Trials(rng.normal(0, 0.05, (origins, 5)), rng.normal(0, 0.05, (sources, origins, 5)))
    found = weights(trials, horizon)
    assert found.shape == (sources, horizon)
    assert (found >= 0).all() and (found.sum(axis=0) <= 1 + 1e-9).all()
    moved = departing(found, rng.normal(0, 0.3, horizon))
    assert (moved.sum(axis=0) >= found.sum(axis=0) - 1e-9).all() and (moved.sum(axis=0) <= 1 + 1e-9).all()


def test_errors_decide_and_the_prior_grows_with_the_lead():
    assert (np.diff(prior_weight(np.arange(1.0, 16.0))) > 0).all()
    perfect, wild = np.zeros((1, 8, 5)), np.full((1, 8, 5), 0.3)
    off = np.full((8, 5), 0.2)
    assert weights(Trials(off, perfect), 5).min() > 0.85
    assert weights(Trials(np.zeros((8, 5)), wild), 5).max() < 0.2


def prepared_county(**parts: bool):
    return prepare(Problem.from_tables(tables(**parts), rules.load(), REGION), 10)


def test_pools_by_town_of_origin_keep_those_who_leave_the_county():
    found = prepared_county()
    pool = found.leavers_pools[found.problem.grades.index("G07")]
    assert pool.counted and pool.codes == TOWNS
    assert pool.outside == pytest.approx([0.10, 0.05], abs=0.015)
    junior = [found.problem.schools.index(code) for code in ("J1", "J2")]
    assert pool.share[0, junior] == pytest.approx([0.8 / 0.9, 0.1 / 0.9], abs=0.05)
    assert pool.rate == pytest.approx([1.0, 1.0], abs=0.02)


def test_a_closed_pool_learns_the_general_share():
    found = prepared_county(flows=False)
    pool = found.leavers_pools[found.problem.grades.index("G10")]
    assert not pool.counted and pool.rate[0] == pytest.approx(GENERAL, abs=0.02)


def test_without_pools_the_year_loop_is_the_core_step_forward():
    found = prepared_county(flows=False, births=False)
    loop = setup(found, Plan.neutral(found))
    alone = Setup(
        loop.start, loop.stepped, loop.ratio, loop.entry_factor, loop.extra,
        tuple(type(i)(i.grade, i.units, i.level, (), (), np.zeros((0, 10))) for i in loop.intakes), (),
    )  # fmt: skip
    ours = simulate(alone)[..., 0][found.problem.panel_rows]
    entry = np.where(found.structure.intake[:, None, :], found.level[found.problem.panel_rows], np.nan)
    core = advance(found.structure.counts, found.progression.ratio, entry, found.structure)
    assert np.allclose(ours, core, rtol=1e-12)


def test_moves_keep_the_sum_and_end_when_they_should():
    start = np.array([[10.0, 20.0], [30.0, 40.0]])
    stepped = np.array([[False, True], [False, True]])
    flat = np.ones((2, 3, 2))
    move = Move(1, (0,), (1,), (1.0,), (0, 1), 0.5, last_lead=1)
    plain = simulate(Setup(start, stepped, flat, flat, flat * 0, (), ()))
    moved = simulate(Setup(start, stepped, flat, flat, flat * 0, (), (move,)))
    assert np.allclose(plain.sum(axis=0), moved.sum(axis=0))
    assert np.array_equal(plain[:, [0, 2]], moved[:, [0, 2]])


def test_a_few_schools_of_the_other_system_are_a_pool_of_their_own():
    """One town teaches five primary years and four junior years; the sixth grade is entered only there."""
    given_ = tables(flows=False)
    other = pl.col("school_id").is_in(["P2A", "J2"])
    given_["schools"] = given_["schools"].with_columns(
        pl.when(other).then(pl.lit("54")).otherwise(pl.lit("63")).alias("school_system")
    )
    sixth = (pl.col("school_id") == "P2A") & (pl.col("grade") == "G06")
    given_["enrolment"] = given_["enrolment"].with_columns(
        pl.when(sixth).then(pl.lit("J2")).otherwise(pl.col("school_id")).alias("school_id")
    )
    found = prepare(Problem.from_tables(given_, rules.load(), REGION), 10)
    g = found.problem.grades.index("G06")
    pool = found.leavers_pools[g]
    assert [found.problem.schools[u] for u in np.flatnonzero(pool.feeder[0])] == ["P2A"]
    assert pool.rate[0] == pytest.approx(1.0, abs=0.02)
    assert pool.share[0, found.problem.schools.index("J2")] == 1.0
