"""What a change is made of: exact, free of order, in words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.forecast.county import LAST, REGION, TOWNS, tables

from junheng import forecast, rules
from junheng.forecast.decomposition import COMPONENTS, log_mean, log_mean_split
from junheng.forecast.problem import Problem
from junheng.forecast.scenarios.levers import Lever

positive = st.floats(1e-3, 1e6)


@given(positive, positive)
def test_the_logarithmic_mean_lies_between(a: float, b: float):
    mean = float(log_mean(a, b))
    assert min(a, b) * (1 - 1e-9) <= mean <= max(a, b) * (1 + 1e-9)
    assert mean == pytest.approx(float(log_mean(b, a)), rel=1e-9)


@given(st.lists(positive, min_size=3, max_size=3), st.lists(positive, min_size=3, max_size=3))
def test_the_split_is_exact_and_free_of_order(now: list[float], then: list[float]):
    names = ("births", "yield", "progression")
    logs = {name: float(np.log(a / b)) for name, a, b in zip(names, now, then, strict=True)}
    whole_now, whole_then = float(np.prod(now)), float(np.prod(then))
    parts = log_mean_split(whole_now, whole_then, logs)
    back = log_mean_split(whole_now, whole_then, dict(reversed(logs.items())))
    assert sum(float(v) for v in parts.values()) == pytest.approx(whole_now - whole_then, rel=1e-9, abs=1e-6)
    scale = max(whole_now, whole_then)
    for name in names:
        assert float(parts[name]) == pytest.approx(float(back[name]), rel=1e-9, abs=1e-9 * scale)
    assert abs(float(parts["flows"])) <= 1e-6 * scale


@pytest.fixture(scope="module")
def projection():
    return forecast.project(
        Problem.from_tables(tables(housing=True), rules.load(), REGION), years=15, draws=60
    )


@pytest.mark.parametrize("stage", ["kindergarten", "primary", "junior", "senior"])
@pytest.mark.parametrize("lead", [1, 5, 12])
def test_parts_sum_to_the_change_for_every_kind_of_unit(projection, stage: str, lead: int):
    school = {"kindergarten": "K1A", "primary": "P1B", "junior": "J2", "senior": "S1"}[stage]
    for unit in (REGION.code, TOWNS[0], school):
        found = projection.explain(unit, LAST + lead, stage)
        assert set(found.parts) == set(COMPONENTS)
        assert sum(found.parts.values()) == pytest.approx(found.change, abs=1e-6)


def test_falling_births_are_what_shrinks_primary_school(projection):
    found = projection.explain(REGION.code, LAST + 6, "primary")
    assert found.parts["births"] < 0.8 * found.change < 0
    assert found.parts["housing"] > 0 and found.parts["policy"] == pytest.approx(0.0, abs=1e-6)
    assert found.words().startswith(f"{found.change:+,.0f}：出生 -")
    assert "births -" in found.words("en") and "housing" in found.words("en")


def test_levers_are_a_part_of_their_own(projection):
    lever = Lever("YieldShift", "area", TOWNS[0], LAST + 1, parameters={"factor": "1.2"})
    changed = forecast.what_if(projection, [lever])
    before, after = (p.explain(TOWNS[0], LAST + 6, "primary") for p in (projection, changed))
    assert after.parts["policy"] == pytest.approx(after.after - before.after, abs=1e-6)
    for name in ("births", "yield", "housing"):
        assert after.parts[name] == pytest.approx(before.parts[name], abs=1e-6)


def test_drivers_hold_every_component_in_order(projection):
    table = projection.tables["forecast_drivers"]
    assert set(table["component"]) == set(COMPONENTS)
    assert (table["pupils_p10"] <= table["pupils_p90"] + 1e-6).all()


def test_unknown_units_and_years_are_named(projection):
    with pytest.raises(KeyError):
        projection.explain("nowhere", LAST + 1, "primary")
    with pytest.raises(ValueError, match="outside"):
        projection.explain(REGION.code, LAST + 99, "primary")
