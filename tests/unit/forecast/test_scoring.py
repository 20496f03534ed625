"""Measures on arrays small enough to check by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from junheng.forecast.calibration import Spread
from junheng.forecast.validation import scoring

FORECAST, ACTUAL = np.array([110.0, 90.0, 100.0]), np.array([100.0, 100.0, 50.0])


def test_percentage_errors() -> None:
    assert scoring.mape(FORECAST, ACTUAL) == pytest.approx((0.1 + 0.1 + 1.0) / 3)
    assert scoring.wmape(FORECAST, ACTUAL) == pytest.approx(70 / 250)
    assert scoring.bias(FORECAST, ACTUAL) == pytest.approx(300 / 250 - 1)


def test_nothing_to_score_is_nan_and_then_none() -> None:
    empty = np.zeros(0)
    assert math.isnan(scoring.mape(empty, empty))
    assert math.isnan(scoring.wmape(empty, empty))
    assert scoring.mean_of([float("nan")]) is None
    assert scoring.mean_of([float("nan"), 2.0, 4.0]) == 3.0


def test_ranges_hold_what_lies_within() -> None:
    score = scoring.ranges(
        np.array([100.0, 100.0]), np.array([100.0, 400.0]), 1.0, Spread(1e-4, 1.0, 1.0, 1.0)
    )
    assert score.inside.tolist() == [[True, False], [True, False], [True, False]]
    assert (score.width80 > 0).all()
    assert score.crps[0] < score.crps[1] < 300


def test_either_takes_rows_by_flag() -> None:
    one = scoring.ranges(FORECAST, ACTUAL, 1.0, Spread(1e-4, 1.0, 1.0, 1.0))
    two = scoring.ranges(FORECAST, ACTUAL, 1.0, Spread(1e-2, 9.0, 1.0, 1.0))
    mixed = scoring.either(np.array([True, False, False]), one, two)
    assert mixed.width80[0] == two.width80[0]
    assert mixed.width80[1] == one.width80[1]
