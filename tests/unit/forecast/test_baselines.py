"""The common methods on cases worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.forecast import panels

from junheng.forecast.panel import Panel
from junheng.forecast.structure import find
from junheng.forecast.validation.baselines import BASELINES, forecast, ratios, smooth

COUNTS = np.array(
    [[[100, 90], [110, 80], [120, 99], [130, 96]], [[100, 100], [100, 100], [100, 100], [100, 100]]]
)
"""Ratios of the first unit: 80/100, 99/110, 96/120."""


@pytest.fixture
def panel() -> Panel:
    return Panel.from_long(panels.long(COUNTS))


def test_mean_ratios(panel: Panel) -> None:
    structure = find(panel, 2013)
    assert ratios(panel, structure, 1)[0, 1] == pytest.approx(0.8)
    assert ratios(panel, structure, 3)[0, 1] == pytest.approx((0.8 + 0.9 + 0.8) / 3)
    assert ratios(panel, structure, None)[0, 1] == pytest.approx(0.4 * 0.8 + 0.6 * (0.4 * 0.9 + 0.6 * 0.8))


def test_forecasts_by_hand(panel: Panel) -> None:
    structure = find(panel, 2013)
    last = forecast("last_1", panel, structure, 2)
    np.testing.assert_allclose(last[0], [[130, 130 * 0.8], [130, 130 * 0.8]])
    carried = forecast("carry_forward", panel, structure, 2)
    np.testing.assert_array_equal(carried[0], [[130, 96], [130, 96]])
    entry = forecast("nces_like", panel, structure, 1)[0, 0, 0]
    level = 100.0
    for count in (110, 120, 130):
        level = 0.4 * count + 0.6 * level
    assert entry == pytest.approx(level)


def test_a_cell_without_ratios_takes_the_pooled_one(panel: Panel) -> None:
    structure = find(panel, 2010)
    np.testing.assert_array_equal(ratios(panel, structure, 3), 1.0)


def test_smoothing_skips_unknown_years() -> None:
    series = np.array([[[1.0], [9.0], [2.0]]])
    level, started = smooth(series, np.array([[[True], [False], [True]]]))
    assert level[0, 0] == pytest.approx(0.4 * 2 + 0.6 * 1)
    assert started.all()


@pytest.mark.parametrize("method", BASELINES)
def test_never_negative_nor_nan(method: str) -> None:
    panel = panels.panel(15, 7, 5)
    result = forecast(method, panel, find(panel, 2016), 5)
    assert result.shape == (15, 5, 5)
    assert np.isfinite(result).all()
    assert (result >= 0).all()


def test_unknown_method(panel: Panel) -> None:
    with pytest.raises(ValueError, match="astrology"):
        forecast("astrology", panel, find(panel, 2013), 2)
