"""Levers: read, refused, contradicting, and what each does to children and seats."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.forecast.county import LAST, REGION, TOWNS, table, tables

from junheng import forecast, rules
from junheng.forecast.problem import Problem
from junheng.forecast.result import Projection
from junheng.forecast.scenarios.built_in_scenarios import built_in, scenario_of
from junheng.forecast.scenarios.levers import KINDS, Lever, levers_of, parse_parameters
from junheng.forecast.scenarios.scenario import Scenario
from junheng.model.errors import BadData, Infeasible, Refused


@cache
def base() -> Projection:
    problem = Problem.from_tables(tables(seats=True, housing=True), rules.load(), REGION)
    return forecast.project(problem, years=12, draws=40)


def lever(
    kind: str, scope: str, from_year: int = LAST + 2, to_year: int | None = None, **parameters: object
) -> Lever:
    where = "region" if scope == REGION.code else "area" if scope in TOWNS else "school"
    return Lever(kind, where, scope, from_year, to_year, 0, {k: str(v) for k, v in parameters.items()}, kind)


def plan(*levers: Lever) -> Projection:
    return forecast.what_if(base(), list(levers))


def demand(p: Projection, kind: str, code: str, stage: str) -> np.ndarray:
    return p.unit_draws(kind, code, stage)


def test_parameters_are_read_as_an_office_writes_them():
    assert parse_parameters("to=2199；share＝0.2 ; grade = G07") == {
        "to": "2199",
        "share": "0.2",
        "grade": "G07",
    }
    with pytest.raises(ValueError, match="twelve"):
        parse_parameters("rooms=1; twelve")


def test_all_faults_of_a_scenario_come_at_once():
    rows = [
        {"scenario": "x", "lever_id": "1", "lever": "Teleport", "scope_kind": "school", "from_year": 2027},
        {"scenario": "x", "lever_id": "2", "lever": "Merge", "scope_kind": "area", "scope_code": TOWNS[0],
         "from_year": 2027},
        {"scenario": "x", "lever_id": "3", "lever": "YieldShift", "scope_kind": "region", "from_year": 2027,
         "parameters": "factor=many"},
        {"scenario": "x", "lever_id": "4", "lever": "ClassSize", "scope_kind": "region", "from_year": 2027,
         "to_year": 2020, "parameters": "size=40"},
        {"scenario": "x", "lever_id": "5", "lever": "Close", "scope_kind": "school", "scope_code": "P1A",
         "from_year": 2027, "parameters": "nonsense"},
    ]  # fmt: skip
    with pytest.raises(BadData) as caught:
        Scenario.from_table(table("scenario_levers", rows))
    codes = [finding.code for finding in caught.value.findings]
    assert set(codes) == {
        "lever_unknown", "lever_scope_wrong", "lever_parameter_missing", "lever_parameter_not_number",
        "lever_ends_before_it_begins", "lever_parameters_unreadable",
    }  # fmt: skip


def test_codes_the_region_does_not_have_are_refused():
    with pytest.raises(BadData) as caught:
        plan(lever("Merge", "P9Z", to="P1A"), lever("FeederShift", "P1A", to="J9", share=0.1, grade="G13"))
    assert len(caught.value.findings) == 3


def test_contradictions_are_one_clear_error():
    with pytest.raises(Infeasible) as caught:
        levers_of([lever("Close", "P1A"), lever("Expand", "P1A", seats=90), lever("Merge", "P1B", to="P1A")])
    assert len(caught.value.findings) == 2
    levers_of([lever("Close", "P1A"), lever("Expand", "P1B", seats=90)])


def test_an_empty_scenario_is_the_base_to_the_byte():
    again = plan()
    assert again.cells.tobytes() == base().cells.tobytes()
    for name, frame in base().tables.items():
        assert frame.equals(again.tables[name]), name


@settings(max_examples=10)
@given(st.sampled_from(["P1A", "P1B"]), st.integers(LAST + 1, LAST + 9))
def test_merging_keeps_every_total_in_every_draw(school: str, year: int):
    other = "P1B" if school == "P1A" else "P1A"
    merged = plan(lever("Merge", school, year, to=other))
    for stage in ("primary", "junior", "senior"):
        assert np.allclose(
            demand(merged, "region", REGION.code, stage),
            demand(base(), "region", REGION.code, stage),
            rtol=1e-5,
        )
    h = year - LAST - 1
    assert (demand(merged, "school", school, "primary")[:, h:] == 0).all()
    assert np.array_equal(
        demand(merged, "school", school, "primary")[:, :h], demand(base(), "school", school, "primary")[:, :h]
    )
    assert merged.check() == []


def test_closing_without_a_named_heir_sends_pupils_to_the_same_town():
    closed = plan(lever("Close", "P1A", LAST + 3))
    gained = demand(closed, "school", "P1B", "primary") - demand(base(), "school", "P1B", "primary")
    lost = demand(base(), "school", "P1A", "primary")
    assert np.allclose(gained[:, 2:], lost[:, 2:], rtol=1e-4)
    assert np.allclose(
        demand(closed, "area", TOWNS[1], "primary"), demand(base(), "area", TOWNS[1], "primary")
    )


def test_disjoint_levers_commute():
    one, other = lever("YieldShift", TOWNS[0], factor=1.2), lever("YieldShift", TOWNS[1], factor=0.8)
    assert plan(one, other).cells.tobytes() == plan(other, one).cells.tobytes()


def test_another_system_moves_seats_and_no_child():
    changed = plan(lever("GradeStructure", REGION.code, system="54"))
    assert changed.cells.tobytes() == base().cells.tobytes()
    h = 4
    sixth = base().central[:, h, base().problem.grades.index("G06")].sum()
    before = base().stage_central[base().rows_of("region", REGION.code, "primary"), h].sum()
    after = changed.stage_central[changed.rows_of("region", REGION.code, "primary"), h].sum()
    assert before - after == pytest.approx(sixth)
    assert changed.check() == []


def test_the_first_cohort_of_a_new_system_is_the_first_to_change():
    cohort = LAST - 2
    changed = plan(lever("GradeStructure", REGION.code, LAST + 1, system="54", cohort=cohort))
    u, g = changed.problem.schools.index("P1A"), changed.problem.grades.index("G06")
    stages = changed.cell_stage[u, :, g]
    first = changed.years.index(cohort + 5)
    assert (stages[:first] == 1).all() and (stages[first:] == 2).all()


def test_more_dwellings_bring_children_and_delay_holds_them_back():
    built = plan(lever("HousingCompletion", TOWNS[0], LAST + 1, dwellings=2000))
    assert (
        demand(built, "area", TOWNS[0], "primary") >= demand(base(), "area", TOWNS[0], "primary") - 1e-2
    ).all()
    assert built.central.sum() > base().central.sum() + 100
    late = plan(lever("HousingCompletion", REGION.code, LAST + 1, delay_years=2))
    assert late.central[:, 1:5].sum() < base().central[:, 1:5].sum()


def test_births_override_sets_the_entrants_six_years_later():
    changed = plan(lever("BirthsOverride", TOWNS[1], LAST + 1, LAST + 3, births=300))
    g, u = changed.problem.grades.index("G01"), changed.problem.schools.index("P2A")
    entrants = changed.central[u, :, g]
    assert entrants[LAST + 9 - LAST - 1] > 1.8 * base().central[u, 8, g]
    assert np.array_equal(entrants[:6], base().central[u, :6, g])


def test_vocational_split_scales_general_entry():
    changed = plan(lever("VocationalSplit", REGION.code, LAST + 2, share=0.65))
    g, u = changed.problem.grades.index("G10"), changed.problem.schools.index("S1")
    ratio = changed.central[u, 3, g] / base().central[u, 3, g]
    assert ratio == pytest.approx(0.65 / 0.55, rel=0.03)


def test_migration_halved_and_doubled_stand_on_both_sides():
    given = tables(flows=False, births=False)
    grown = given["enrolment"].with_columns(
        (pl.col("pupils") * (1.03 ** pl.col("grade").str.tail(2).cast(pl.Int64, strict=False).fill_null(0)))
        .round()
        .cast(pl.Int64)
        .alias("pupils")
    )
    problem = Problem.from_tables({**given, "enrolment": grown}, rules.load(), REGION)
    middle = forecast.project(problem, years=6, draws=10)
    known = built_in(problem)
    halved = forecast.what_if(middle, known["migration_halved"])
    doubled = forecast.what_if(middle, known["migration_doubled"])
    cells = middle.central[:, 3].sum()
    assert halved.central[:, 3].sum() < cells < doubled.central[:, 3].sum()


def test_new_school_in_an_area_draws_from_its_sisters_and_keeps_the_town_whole():
    opened = plan(lever("Open", TOWNS[0], LAST + 3, seats=600, school_id="NEW1"))
    u, g = opened.problem.schools.index("NEW1"), opened.problem.grades.index("G01")
    assert (opened.central[u, :2] == 0).all() and opened.central[u, 2, g] == pytest.approx(100, rel=0.01)
    assert opened.central[u, 3, g + 1] > 90
    assert opened.check() == []
    for kind, code, stage in (("area", TOWNS[0], "primary"), ("region", REGION.code, "junior")):
        whole = [p.stage_central[p.rows_of(kind, code, stage)].sum(axis=0) for p in (opened, base())]
        assert np.allclose(whole[0], whole[1], rtol=0.01)
    first = demand(opened, "area", TOWNS[0], "primary")[:, :2]
    assert np.array_equal(first, demand(base(), "area", TOWNS[0], "primary")[:, :2])


def test_seats_follow_their_levers():
    start = base().seats_approved[base().rows_of("school", "P1A", "primary")[0]]
    more = plan(lever("Expand", "P1A", seats=90), lever("CapacityChange", "P1B", seats=400))
    row = more.seats_approved[more.rows_of("school", "P1A", "primary")[0]]
    assert np.array_equal(row - start, np.where(np.array(more.years) >= LAST + 2, 90.0, 0.0))
    assert more.seats_approved[more.rows_of("school", "P1B", "primary")[0]][-1] == 400
    rooms = plan(lever("Expand", "P1A", rooms=2, stage="primary"))
    size = rules.load().at(date(LAST + 2, 9, 1), REGION)["class_size"].get("primary")
    assert rooms.seats_approved[rooms.rows_of("school", "P1A", "primary")[0]][-1] - start[-1] == 2 * size


def test_more_seats_leave_no_more_children_waiting():
    more = plan(lever("Expand", "P1A", seats=200))
    assert (more.placed[1].sum(axis=0) <= base().placed[1].sum(axis=0) + 1e-2).all()
    saved = forecast.compare(base(), more).waiting("region", REGION.code, "primary")
    assert (saved >= -1e-2).all()


def test_every_kind_can_be_tried_alone():
    tried = {
        "GradeStructure": lever("GradeStructure", REGION.code, system="54"),
        "FertilityShift": lever("FertilityShift", REGION.code, factor=0.9),
        "BirthsOverride": lever("BirthsOverride", REGION.code, LAST, LAST + 2, births=300),
        "MigrationShift": lever("MigrationShift", TOWNS[0], rate=0.01),
        "MigrantAccess": lever("MigrantAccess", REGION.code, share=0.05, stage="primary"),
        "YieldShift": lever("YieldShift", TOWNS[0], factor=1.1),
        "VocationalSplit": lever("VocationalSplit", REGION.code, factor=1.1),
        "HousingCompletion": lever("HousingCompletion", TOWNS[0], dwellings=500),
        "Open": lever("Open", TOWNS[1], seats=300),
        "BoundaryShift": lever("BoundaryShift", "P1A", to="P1B", share=0.2),
        "FeederShift": lever("FeederShift", "J1", to="J2", share=0.2, grade="G07"),
        "Boarding": lever("Boarding", "P1A", to="P1B", share=0.1, grades="G05,G06"),
        "Merge": lever("Merge", "P1A", to="P1B"),
        "Close": lever("Close", "P1A"),
        "Relocate": lever("Relocate", "P1A", LAST + 2, LAST + 4, seats=100),
        "Expand": lever("Expand", "P1A", seats=90),
        "CapacityChange": lever("CapacityChange", TOWNS[0], change=30),
        "ShareStage": lever("ShareStage", TOWNS[0], from_stage="primary", to_stage="junior", seats=100),
        "ClassSize": lever("ClassSize", REGION.code, size=40),
        "ElasticClasses": lever("ElasticClasses", REGION.code),
    }
    assert set(tried) == set(KINDS)
    still = {
        "GradeStructure",
        "Relocate",
        "Expand",
        "CapacityChange",
        "ShareStage",
        "ClassSize",
        "ElasticClasses",
    }
    for kind, one in tried.items():
        changed = plan(one)
        assert changed.check() == [], kind
        if kind != "Open":
            assert np.array_equal(changed.cells, base().cells) == (kind in still), kind


def test_built_in_scenarios_follow_the_tables_present():
    assert set(built_in(base().problem)) == {
        "low_births", "high_births", "housing_late", "migration_halved", "migration_doubled",
        "no_new_capacity",
        "plan_as_approved",
    }  # fmt: skip
    low = forecast.what_if(base(), scenario_of(base().problem, "low_births"))
    high = forecast.what_if(base(), scenario_of(base().problem, "high_births"))
    assert (low.central <= base().central + 1e-9).all() and (high.central >= base().central - 1e-9).all()
    assert low.central[:, -1].sum() < 0.97 * base().central[:, -1].sum()
    assert np.array_equal(forecast.what_if(base(), "low_births").central, low.central)
    with pytest.raises(Refused):
        forecast.what_if(base(), "perpetual growth")


def test_comparison_is_of_the_same_futures():
    changed = plan(lever("YieldShift", TOWNS[0], factor=1.1))
    found = forecast.compare(base(), changed)
    rows = found.table.filter(
        (pl.col("unit_code") == TOWNS[0]) & (pl.col("stage") == "primary") & (pl.col("lead") == 5)
    )
    one = rows.to_dicts()[0]
    assert one["p_more"] == 1.0
    range_of_difference = one["p90"] - one["p10"]
    apart = np.quantile(demand(base(), "area", TOWNS[0], "primary")[:, 4], [0.1, 0.9])
    assert range_of_difference < 0.3 * (apart[1] - apart[0])
    other = forecast.project(base().problem, years=12, draws=40, seed=2)
    with pytest.raises(BadData, match="not_comparable"):
        forecast.compare(base(), other)


def test_a_plan_can_be_planned_on_again():
    opened = plan(lever("Open", TOWNS[0], LAST + 3, seats=600, school_id="NEW1"))
    levers = [
        lever("Open", TOWNS[0], LAST + 3, seats=600, school_id="NEW1"),
        lever("Merge", "P1A", LAST + 5, to="P1B"),
    ]
    again = forecast.what_if(opened, levers)
    assert again.check() == [] and np.allclose(
        again.stage_central.sum(axis=0), opened.stage_central.sum(axis=0), rtol=1e-9
    )
