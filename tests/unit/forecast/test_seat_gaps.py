"""The gap on every draw and what follows from it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from junheng.forecast.seat_balance.seat_gaps import Horizon, horizon, measure, quantile

DEMANDS = hnp.arrays(np.float32, (2, 4, 25), elements=st.floats(0, 500, width=16))
SEATS = hnp.arrays(np.float64, (2, 4), elements=st.integers(0, 500).map(float))


def reach(demand: np.ndarray, capacity: np.ndarray, **changes: float) -> Horizon:
    settings = {"breach_p": 0.5, "breach_years": 2, "underuse_p": 0.8, "years_after_peak": 2} | changes
    return horizon(demand, capacity, measure(demand, capacity, 0.6), **settings)  # type: ignore[arg-type]


@given(DEMANDS, SEATS)
def test_statistics_are_those_of_the_draws(demand: np.ndarray, capacity: np.ndarray) -> None:
    found = measure(demand, capacity, 0.6)
    gap = demand.astype(np.float64) - capacity[..., None]
    np.testing.assert_allclose(found.p50, np.quantile(gap, 0.5, axis=-1), atol=1e-3)
    np.testing.assert_allclose(found.p10, np.quantile(gap, 0.1, axis=-1), atol=1e-3)
    np.testing.assert_allclose(found.expected_short, np.maximum(gap, 0).mean(axis=-1), atol=1e-2)
    np.testing.assert_allclose(found.p_short, (gap >= 0.5).mean(axis=-1), atol=1e-9)
    assert ((found.p10 <= found.p50) & (found.p50 <= found.p90)).all()


@given(DEMANDS, SEATS, st.integers(0, 200))
def test_more_seats_raise_no_shortage(demand: np.ndarray, capacity: np.ndarray, more: int) -> None:
    few, many = measure(demand, capacity, 0.6), measure(demand, capacity + more, 0.6)
    assert (many.p_short <= few.p_short).all()
    assert (many.expected_short <= few.expected_short + 1e-4).all()
    assert (many.p50 <= few.p50).all()


@given(hnp.arrays(np.float32, 31, elements=st.floats(-1e4, 1e4, width=32)), st.floats(0, 1))
def test_quantiles_agree_with_numpy(values: np.ndarray, level: float) -> None:
    expected = np.quantile(values.astype(np.float64), level)
    assert float(quantile(np.sort(values), level)) == pytest.approx(expected, rel=1e-5, abs=1e-2)


def test_half_a_child_is_no_shortage_and_a_child_is() -> None:
    demand = np.array([[[45.0], [45.4], [46.0]]], dtype=np.float32)
    assert measure(demand, np.full((1, 3), 45.0), 0.6).p_short.tolist() == [[0.0, 0.0, 1.0]]


def test_unknown_capacity_gives_demand_and_nothing_else() -> None:
    found = measure(np.ones((1, 1, 3), np.float32), np.full((1, 1), np.nan), 0.6)
    assert found.demand_p50[0, 0] == 1
    for name in ("p10", "p50", "p90", "expected_short", "p_short", "p_underuse", "utilisation"):
        assert np.isnan(getattr(found, name)[0, 0])


def test_first_short_year_early_middle_and_late() -> None:
    """Of ten draws one is short from the first year, five from the second, nine from the fourth."""
    demand = np.zeros((1, 4, 10), dtype=np.float32)
    demand[0, 0, :1] = demand[0, 1, :5] = demand[0, 2, :5] = demand[0, 3, :9] = 10
    found = reach(demand, np.full((1, 4), 5.0))
    assert found.first_short.tolist() == [[0, 1, 3]]
    assert reach(demand[:, :1], np.full((1, 1), 5.0)).first_short.tolist() == [[0, -1, -1]]


def test_a_breach_needs_two_years_running() -> None:
    demand = np.array([[[9.0], [1.0], [9.0], [9.0], [1.0]]], dtype=np.float32)
    assert reach(demand, np.full((1, 5), 5.0)).breach.tolist() == [2]
    assert reach(demand, np.full((1, 5), 5.0), breach_years=3).breach.tolist() == [-1]
    assert reach(demand, np.full((1, 5), 5.0)).short_years.tolist() == [3]


def test_peak_and_use_after_it() -> None:
    demand = np.array([[[5.0], [10.0], [8.0], [2.0]]], dtype=np.float32)
    found = reach(demand, np.full((1, 4), 8.0))
    assert (found.peak[0], found.peak_demand[0], found.peak_gap[0]) == (1, 10.0, 2.0)
    assert found.utilisation_after[0] == pytest.approx(0.25)
    assert found.first_underuse[0] == 3
    assert np.isnan(reach(demand, np.full((1, 4), 8.0), years_after_peak=3).utilisation_after[0])
