"""The whole projection on the small county: closed world, pools, placed pupils, bytes, properties."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.forecast.county import GENERAL, LAST, REGION, TOWNS, cohort, table, tables

from junheng import forecast, rules
from junheng.forecast.plan import setup
from junheng.forecast.problem import Problem
from junheng.forecast.projection import base_plan
from junheng.forecast.result import Projection
from junheng.forecast.scenarios.levers import Lever
from junheng.model import OUTPUTS


@cache
def project(years: int = 15, draws: int = 60, seed: int = 1, **parts: object) -> Projection:
    problem = Problem.from_tables(tables(**parts), rules.load(), REGION)  # type: ignore[arg-type]
    return forecast.project(problem, years=years, draws=draws, seed=seed)


def cell(p: Projection, school: str, grade: str, year: int) -> float:
    return float(
        p.central[p.problem.schools.index(school), p.years.index(year), p.problem.grades.index(grade)]
    )


@pytest.mark.parametrize("lead", [1, 3, 6])
def test_closed_world_returns_births_shifted(lead: int):
    """Yields and ratios of one, shares constant: entrants are the recorded births of their cohort."""
    p = project()
    year = LAST + lead
    assert cell(p, "P2A", "G01", year) == pytest.approx(cohort(1, year), rel=0.025)
    entrants = cell(p, "P1A", "G01", year) + cell(p, "P1B", "G01", year)
    assert entrants == pytest.approx(cohort(0, year), rel=0.025)


def test_cohorts_in_school_move_up_whole():
    p = project()
    for lead in (1, 2, 4):
        before = cohort(1, LAST - 1)
        assert cell(p, "P2A", f"G{2 + lead:02d}", LAST + lead) == pytest.approx(before, rel=0.02)


def test_junior_intake_follows_primary_leavers_not_its_own_level():
    p = project(years=15)
    for lead in (4, 8):
        year = LAST + lead
        leaving = [cohort(town, year - 6) for town in (0, 1)]
        expected = 0.8 * leaving[0] + 0.1 * leaving[1]
        assert cell(p, "J1", "G07", year) == pytest.approx(expected, rel=0.05)
    assert cell(p, "J1", "G07", LAST + 12) < 0.75 * cell(p, "J1", "G07", LAST + 1)


def test_without_flows_a_closed_pool_still_carries_the_fall_into_junior_school():
    p = project(flows=False)
    fall = cell(p, "J1", "G07", LAST + 10) / cell(p, "J1", "G07", LAST + 1)
    births = (cohort(0, LAST + 4) + cohort(1, LAST + 4)) / (cohort(0, LAST - 5) + cohort(1, LAST - 5))
    assert fall == pytest.approx(births, abs=0.08)


def test_general_senior_share_is_learnt():
    p = project()
    leavers = sum(cell(p, code, "G09", LAST + 1) for code in ("J1", "J2"))
    assert cell(p, "S1", "G10", LAST + 2) / leavers == pytest.approx(GENERAL, abs=0.03)


def test_counted_flows_conserve_children_in_every_draw():
    """Leavers of both towns = entrants of the junior schools + those who go outside, draw by draw."""
    p = project(draws=40)
    g = p.problem.grades.index("G07")
    prepared = p.prepared
    assert prepared is not None and prepared.leavers_pools[g].counted
    pool = prepared.leavers_pools[g]
    whole = setup(prepared, base_plan(prepared))
    assert np.allclose(pool.share.sum(axis=1), 1.0)
    assert np.allclose(pool.outside, [0.1, 0.05], atol=0.02)
    weight = prepared.weight[g][0]
    only = next(i for i in whole.intakes if i.grade == g)
    from dataclasses import replace

    from junheng.forecast.cohort_simulation import simulate

    full = replace(only, weight=np.ones_like(only.weight))
    others = tuple(i for i in whole.intakes if i.grade != g)
    cells = simulate(replace(whole, intakes=(*others, full)), p.shocks)
    leavers = pool.feeder @ cells[:, :-1, g - 1].reshape(len(cells), -1)
    stay = (leavers * ((1.0 - pool.outside) * pool.rate)[:, None]).sum(axis=0)
    region = p.shocks.region_step[:, 1:, None] * (p.shocks.region * p.shocks.tail)[None, 1:]  # type: ignore[union-attr]
    rows = [p.problem.schools.index(code) for code in ("J1", "J2")]
    entered = (cells[rows, 1:, g] / np.exp(region[rows])).sum(axis=0).reshape(-1)
    assert np.allclose(entered, stay, rtol=2e-3)
    assert (weight > 0.5).all()


def test_tables_are_as_declared_and_checks_pass():
    p = project(seats=True, housing=True)
    assert p.check() == []
    for name, frame in p.tables.items():
        assert frame.schema == OUTPUTS[name].schema(), name
        assert frame.equals(OUTPUTS[name].conform(frame)), name
        key = [c for c in OUTPUTS[name].key if c in frame.columns]
        assert frame.select(key).is_duplicated().sum() == 0, name
    enrolment = p.tables["forecast_enrolment"]
    assert set(enrolment["unit_kind"]) == {"school", "area", "region"}
    order = ["p2_5", "p10", "p25", "p50", "p75", "p90", "p97_5"]
    for low, high in itertools.pairwise(order):
        assert (enrolment[low] <= enrolment[high] + 1e-6).all()
        assert (enrolment[f"placed_{low}"] <= enrolment[f"placed_{high}"] + 1e-6).all()
    assert p.tables["forecast_paths"]["path"].n_unique() in range(20, 51)
    one = p.tables["forecast_paths"].filter(
        (pl.col("area_code") == REGION.code) & (pl.col("year") == LAST + 1)
    )
    assert one.filter(pl.col("stage") == "primary")["weight"].sum() == pytest.approx(1.0)


def test_placed_pupils_keep_to_approved_seats_once_the_sitting_have_left():
    p = project(seats=True)
    rows = p.tables["forecast_enrolment"].filter(
        (pl.col("unit_code") == "P1A") & (pl.col("grade") == "all") & (pl.col("lead") > 6)
    )
    assert (rows["placed_p97_5"] <= 500.5).all()
    demand, (placed, waiting) = p.stage_draws, p.placed
    for stage in np.unique(p.rows.stage):
        inside = p.rows.stage == stage
        assert np.allclose(
            (placed[inside] + waiting[inside]).sum(axis=0), demand[inside].sum(axis=0), rtol=1e-4, atol=1e-2
        )


def test_the_full_school_is_said_to_be_full():
    given = tables(seats=True)
    whole = (
        given["enrolment"].filter((pl.col("school_id") == "P1B") & (pl.col("year") == LAST))["pupils"].sum()
    )
    given["seats"] = table(
        "seats",
        [{"school_id": "P1B", "stage": "primary", "year": 2020, "seats_approved": whole, "status": "open"}],
    )
    p = forecast.project(Problem.from_tables(given, rules.load(), REGION), years=3, draws=20)
    rows = p.tables["forecast_enrolment"].filter(pl.col("unit_code") == "P1B")
    assert rows["censored"].all()
    assert "full_school" in p.tables["forecast_findings"]["code"].to_list()


def test_the_same_inputs_give_the_same_bytes_in_any_row_order():
    base = project(draws=30)
    shuffled = {name: frame.sample(fraction=1.0, shuffle=True, seed=5) for name, frame in tables().items()}
    again = forecast.project(Problem.from_tables(shuffled, rules.load(), REGION), draws=30)
    assert base.cells.tobytes() == again.cells.tobytes()
    for name, frame in base.tables.items():
        assert frame.equals(again.tables[name]), name


def test_a_longer_run_starts_with_the_shorter():
    long, short = project(years=15), project(years=5)
    assert np.array_equal(long.cells[:, :5], short.cells)
    until = long.tables["forecast_enrolment"].filter(pl.col("year") <= LAST + 5)
    assert until.equals(short.tables["forecast_enrolment"])


def test_another_school_changes_no_other_draw():
    given = tables(flows=False, births=False)
    base = forecast.project(Problem.from_tables(given, rules.load(), REGION), years=4, draws=20)
    special = {"school_id": "Z9", "name": "Z9", "kind": "513", "area_code": TOWNS[0], "opened_year": 2000}
    given["schools"] = pl.concat([given["schools"], table("schools", [special])])
    shocks = forecast.project(Problem.from_tables(given, rules.load(), REGION), years=4, draws=20).shocks
    assert base.shocks is not None and shocks is not None
    assert np.array_equal(base.shocks.unit, shocks.unit[: len(base.problem.schools)])
    assert np.array_equal(base.shocks.keys, shocks.keys[: len(base.problem.schools)])


@settings(max_examples=12)
@given(
    factor=st.floats(1.0, 1.6),
    from_year=st.integers(LAST - 4, LAST + 8),
    town=st.sampled_from([*TOWNS, REGION.code]),
)
def test_more_births_lower_no_later_cell(factor: float, from_year: int, town: str):
    base = project()
    kind = "region" if town == REGION.code else "area"
    plan = forecast.what_if(
        base, [Lever("FertilityShift", kind, town, from_year, parameters={"factor": str(factor)})]
    )
    assert (plan.central >= base.central - 1e-9).all()
    assert (plan.cells >= base.cells * np.float32(0.9999) - 1e-3).all()


@settings(max_examples=8)
@given(noise=st.floats(0.0, 0.3), yield_=st.floats(0.3, 2.0), seed=st.integers(0, 50))
def test_never_negative_never_nan(noise: float, yield_: float, seed: int):
    problem = Problem.from_tables(tables(noise=noise, yield_=yield_, seed=seed), rules.load(), REGION)
    p = forecast.project(problem, years=6, draws=10, seed=seed)
    assert np.isfinite(p.cells).all() and (p.cells >= 0).all() and p.check() == []


def test_ranges_widen_with_the_lead_and_known_children_grow_fewer():
    p = project(draws=400, noise=0.05)
    rows = (
        p.tables["forecast_enrolment"]
        .filter(
            (pl.col("unit_kind") == "region") & (pl.col("stage") == "primary") & (pl.col("grade") == "all")
        )
        .sort("year")
    )
    width = ((rows["p90"] - rows["p10"]) / rows["p50"]).to_numpy()
    assert (np.diff(width[[0, 2, 4, 7, 10, 14]]) > 0).all()
    assert (np.diff(rows["share_known"].to_numpy()) <= 1e-9).all()
    assert rows["band"].to_list()[0] == "known" and rows["band"].to_list()[-1] == "assumption"


def test_one_school_and_one_year_run_with_wide_ranges():
    only = {
        "areas": table("areas", [{"area_code": REGION.code, "name": "x", "level": "county"}]),
        "schools": table(
            "schools", [{"school_id": "A", "name": "A", "kind": "211", "area_code": REGION.code}]
        ),
        "enrolment": table(
            "enrolment",
            [{"school_id": "A", "year": 2025, "grade": f"G{g:02d}", "pupils": 40 + g} for g in range(1, 7)],
        ),
    }
    p = forecast.project(Problem.from_tables(only, rules.load(), REGION), years=5, draws=50)
    assert p.problem.tier == "C" and p.problem.missing_table == "births" and p.check() == []
    codes = p.tables["forecast_findings"]["code"].to_list()
    assert "one_year_school" in codes and "range_from_similar_regions" in codes


def test_summary_names_tier_and_the_table_that_would_help():
    said = project(flows=False).summary()
    assert said["tier"] == "B" and said["missing_table"] == "grade_flows"
    assert (
        said["stages"]["primary"]["years"][LAST + 1]["p10"]
        <= said["stages"]["primary"]["years"][LAST + 1]["p90"]
    )
