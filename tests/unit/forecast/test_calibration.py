"""Ranges: fitted spreads hold on fresh residuals, nest, and lean on priors where little is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.forecast.calibration import (
    CENTRAL,
    TOTALS_PRIOR,
    Residuals,
    Spread,
    fit,
    quantile_crps,
)


def draw(seed: int, rows: int, spread: Spread) -> Residuals:
    rng = np.random.default_rng(seed)
    lead = rng.integers(1, 6, rows)
    forecast = rng.lognormal(6.5, 1.2, rows)
    noise = rng.standard_t(spread.nu, rows) * np.sqrt((spread.nu - 2) / spread.nu)
    actual = (forecast + 0.5) * np.exp(noise * spread.sd(lead.astype(float), forecast)) - 0.5
    return Residuals(lead, forecast, np.maximum(actual, 0), rng.integers(2000, 2008, rows))


@pytest.mark.parametrize(
    "truth",
    [
        Spread(2e-4, 2.0, 1.4, 1.2),
        Spread(1e-3, 3.0, 1.6, 1.4, nu=6.0),
        Spread(5e-5, 0.8, 1.0, 0.9, nu=3.5),
    ],
)
def test_ranges_hold_on_fresh_rows_at_every_lead(truth: Spread) -> None:
    found = fit(draw(1, 12000, truth))
    fresh = draw(2, 20000, truth)
    for lead in range(1, 6):
        at = fresh.lead == lead
        for level, slack in zip(CENTRAL, (0.04, 0.03, 0.02), strict=True):
            low = found.quantile((1 - level) / 2, float(lead), fresh.forecast[at])
            high = found.quantile((1 + level) / 2, float(lead), fresh.forecast[at])
            held = np.mean((low <= fresh.actual[at]) & (fresh.actual[at] <= high))
            assert held == pytest.approx(level, abs=slack)


def test_no_rows_gives_the_prior() -> None:
    empty = np.zeros(0)
    rows = Residuals(empty.astype(np.int64), empty, empty, empty.astype(np.int64))
    assert fit(rows) == TOTALS_PRIOR


def test_few_rows_lean_on_the_prior() -> None:
    calm = Spread(1e-6, 0.05, 1.4, 1.2)
    few, many = fit(draw(3, 30, calm)), fit(draw(3, 20000, calm))
    truth = float(calm.sd(1.0, 600.0))
    assert float(few.sd(1.0, 600.0)) > float(many.sd(1.0, 600.0))
    assert float(many.sd(1.0, 600.0)) == pytest.approx(truth, rel=0.2)


@given(
    st.floats(0.1, 1e5),
    st.integers(1, 15),
    st.floats(1e-6, 1e-2),
    st.floats(0.01, 10),
    st.tuples(st.floats(0.7, 1.5), st.floats(0.9, 1.4), st.floats(1.0, 1.5)),
)
def test_ranges_nest_and_are_never_negative(
    pupils: float, lead: int, a: float, b: float, stretch: tuple[float, float, float]
) -> None:
    spread = Spread(a, b, 1.3, 1.1, stretch=stretch)
    levels = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975]
    values = [float(spread.quantile(level, float(lead), np.array(pupils))) for level in levels]
    assert values == sorted(values)
    assert values[0] >= 0
    assert values[3] == pytest.approx(pupils)


def test_wider_with_lead_and_narrower_with_size() -> None:
    leads = TOTALS_PRIOR.sd(np.arange(1.0, 16.0), 500.0)
    sizes = TOTALS_PRIOR.sd(1.0, np.array([10.0, 100.0, 1000.0, 1e5]))
    assert (np.diff(leads) > 0).all()
    assert (np.diff(sizes) < 0).all()


def test_crps_of_a_sure_forecast_is_its_error() -> None:
    sure = np.full((39, 2), 10.0)
    np.testing.assert_allclose(quantile_crps(sure, np.array([10.0, 13.0])), [0.0, 3.0])


def test_crps_of_a_uniform_forecast() -> None:
    """CRPS of U(0, 1) at its middle is 1/12; quantile scores come near it from 39 levels."""
    levels = np.arange(1, 40) / 40
    assert float(quantile_crps(levels[:, None], np.array([0.5]))[0]) == pytest.approx(1 / 12, rel=0.03)
