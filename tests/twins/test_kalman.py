"""The fixed forgetting of the ratios' own levels equals a Kalman filter run year by year, after six years."""

from __future__ import annotations

import numpy as np
import pytest

from junheng.forecast.grade_progression import forgetting, steady_gain
from junheng.forecast.parameters import DEFAULT


def recursive(
    ratios: np.ndarray, drift: float, noise: float, mean: float, variance: float
) -> tuple[float, float]:
    """Local level with process variance `drift` and sampling variance `noise`: (last gain, last level)."""
    gain = 0.0
    for ratio in ratios:
        variance += drift
        gain = variance / (variance + noise)
        mean += gain * (float(ratio) - mean)
        variance *= 1.0 - gain
    return gain, mean


@pytest.mark.parametrize("pupils", [50.0, 200.0, 500.0, 2000.0, 5000.0])
def test_gain_settles_where_the_formula_says(pupils: float) -> None:
    noise = DEFAULT.sampling / pupils
    gain, _ = recursive(np.ones(200), DEFAULT.unit_drift, noise, 1.0, 0.04**2)
    formula = float(steady_gain(DEFAULT.unit_drift, np.array(pupils), DEFAULT.sampling))
    assert gain == pytest.approx(formula, rel=1e-6)


@pytest.mark.parametrize("pupils", [50.0, 200.0, 500.0, 2000.0, 5000.0])
@pytest.mark.parametrize("seed", range(8))
def test_level_after_six_years(pupils: float, seed: int) -> None:
    """The mean weighted by (1 - K)^age against the filter started knowing nothing: within one per cent, or a
    small share of the sampling noise where fifty pupils make that larger."""
    p = DEFAULT
    rng = np.random.default_rng(seed)
    noise = p.sampling / pupils
    true = 1.0 + rng.normal(0, 0.04) + np.cumsum(rng.normal(0, np.sqrt(p.unit_drift), 7))
    seen = true + rng.normal(0, np.sqrt(noise), 7)
    _, filtered = recursive(seen, p.unit_drift, noise, 1.0, 1e6)
    gain = steady_gain(p.unit_drift, np.array(pupils), p.sampling)
    weight = forgetting(gain, np.arange(6.0, -1.0, -1.0))
    level = float((weight * seen).sum() / weight.sum())
    assert abs(level - filtered) < max(0.01 * filtered, 0.15 * np.sqrt(noise))


@pytest.mark.parametrize(("pupils", "gain"), [(50.0, 0.20), (500.0, 0.50), (5000.0, 0.85)])
def test_gain_by_size(pupils: float, gain: float) -> None:
    """The three sizes the design names."""
    assert float(steady_gain(0.001, np.array(pupils), 1.0)) == pytest.approx(gain, abs=0.005)
