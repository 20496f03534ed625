"""Control totals are met in every draw; whole pupils add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.forecast.county import LAST, REGION, TOWNS, table, tables

from junheng import forecast, rules
from junheng.forecast.problem import Problem
from junheng.forecast.reconciliation import whole_numbers
from junheng.forecast.result import Projection
from junheng.forecast.scenarios.levers import Lever
from junheng.model.errors import Infeasible


def project(rows: list[dict[str, object]], years: int = 6) -> Projection:
    given_ = tables()
    given_["control_totals"] = table("control_totals", rows)
    return forecast.project(Problem.from_tables(given_, rules.load(), REGION), years=years, draws=30)


def total(area: str, pupils: int, year: int = LAST + 2, stage: str = "primary") -> dict[str, object]:
    return {"area_code": area, "stage": stage, "year": year, "pupils": pupils, "source": "test"}


def test_totals_are_met_in_every_draw_and_nothing_else_moves():
    p = project([total(REGION.code, 2000), total(TOWNS[1], 650)])
    plain = project([])
    assert np.allclose(p.unit_draws("region", REGION.code, "primary")[:, 1], 2000, rtol=1e-5)
    assert np.allclose(p.unit_draws("area", TOWNS[1], "primary")[:, 1], 650, rtol=1e-5)
    others = [h for h in range(6) if h != 1]
    assert np.array_equal(p.cells[:, others], plain.cells[:, others])
    assert np.array_equal(
        p.unit_draws("region", REGION.code, "junior"), plain.unit_draws("region", REGION.code, "junior")
    )
    assert p.check() == [] and (p.cells >= 0).all()
    assert "control_total_met" in p.tables["forecast_findings"]["code"].to_list()
    assert p.explain(REGION.code, LAST + 2, "primary").after == pytest.approx(2000)


def test_a_scenario_keeps_what_the_totals_did():
    p = project([total(REGION.code, 2000)])
    lever = Lever("YieldShift", "area", TOWNS[0], LAST + 1, parameters={"factor": "1.1"})
    changed = forecast.what_if(p, [lever])
    assert (changed.unit_draws("region", REGION.code, "primary")[:, 1] > 2005).all()


def test_totals_that_disagree_are_one_clear_error():
    with pytest.raises(Infeasible) as caught:
        project([total(REGION.code, 2000), total(TOWNS[0], 900), total(TOWNS[1], 900)])
    assert caught.value.findings[0].parameters["below"] == 1800
    with pytest.raises(Infeasible):
        project([total(TOWNS[1], 500, stage="senior")])


@settings(max_examples=80)
@given(st.lists(st.floats(0, 500), min_size=1, max_size=30))
def test_whole_numbers_sum_and_stay_near(values: list[float]):
    names = tuple(f"s{i:02d}" for i in range(len(values)))
    whole = whole_numbers(np.array(values), names)
    assert whole.sum() == round(float(np.sum(values)))
    assert (np.abs(whole - np.array(values)) <= 1.0 + 1e-9).all() and (whole >= 0).all()


def test_ties_go_by_code_whatever_the_order():
    assert whole_numbers(np.array([1.5, 1.5]), ("b", "a")).tolist() == [1, 2]
    assert whole_numbers(np.array([1.5, 1.5]), ("a", "b")).tolist() == [2, 1]
    assert whole_numbers(np.array([3.0, 0.2]), ("a", "b"), total=2).sum() == 2


def test_published_pupils_of_schools_add_up_to_the_town():
    p = project([])
    whole = p.whole_pupils(TOWNS[0], "primary", LAST + 3)
    rows = p.rows_of("area", TOWNS[0], "primary")
    assert sum(whole.values()) == round(float(p.stage_central[rows, 2].sum()))
