"""How long a plan puts a shortage off."""

from __future__ import annotations

import polars as pl
import pytest
from tests.unit.forecast.test_seats_of_projections import REGION, county

from junheng import forecast, rules
from junheng.forecast.problem import Problem
from junheng.forecast.scenarios.comparison import GAINED, Comparison
from junheng.forecast.scenarios.levers import Lever


def compared(seats: int) -> Comparison:
    base = forecast.project(Problem.from_tables(county(), rules.load(), REGION), years=8, draws=60)
    plan = forecast.what_if(
        base, [Lever("Expand", "school", "A", 2026, parameters={"seats": str(seats), "stage": "primary"})]
    )
    return forecast.compare(base, plan, (forecast.seats(base), forecast.seats(plan)))


def test_a_large_extension_puts_the_shortage_beyond_the_forecast():
    row = compared(900).first_shortage.filter(pl.col("unit_code") == "A").row(0, named=True)
    assert row["base_first_short"] is not None
    assert row["plan_first_short"] is None
    assert row["at_least"]
    assert row["years_gained"] == 2034 - row["base_first_short"] > 0


def test_nothing_added_gains_nothing():
    found = compared(0).first_shortage
    assert found.height > 0
    assert found["years_gained"].to_list() == [0] * found.height


@pytest.mark.parametrize("seats", [45, 90])
def test_an_extension_never_loses_years_where_it_stands(seats: int):
    row = compared(seats).first_shortage.filter(pl.col("unit_code") == "A").row(0, named=True)
    assert row["years_gained"] >= 0


def test_without_seats_nothing_is_said():
    base = forecast.project(Problem.from_tables(county(), rules.load(), REGION), years=4, draws=10)
    found = forecast.compare(base, base).first_shortage
    assert found.is_empty()
    assert found.columns == list(GAINED)
