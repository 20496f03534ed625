"""Cohorts combined with the last total: weights by size, re-learnt from errors."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.forecast import panels

from junheng.forecast.combination import (
    combine,
    entering,
    evidence,
    prior_weight,
    steadiness,
    weight_factor,
)
from junheng.forecast.panel import Panel
from junheng.forecast.parameters import DEFAULT
from junheng.forecast.structure import find


def test_weight_falls_with_size() -> None:
    weights = prior_weight(np.array([10.0, 800.0, 8000.0, 80000.0]))
    assert (np.diff(weights) < 0).all()
    assert weights[1] == pytest.approx(DEFAULT.hold_weight / 2)


def test_combined_totals_lie_between_cohorts_and_last_total() -> None:
    last = np.array([100.0, 5000.0])
    cells = np.array([[[60.0, 60.0]], [[3000.0, 3000.0]]])
    region = (last.sum(), cells.sum())
    result = combine(cells, last, np.ones(1), prior_weight(last))
    totals = result.sum(axis=2)[:, 0]
    held = last * (region[1] / region[0]) ** DEFAULT.hold_region_share
    assert (totals > held).all()
    assert (totals < [120.0, 6000.0]).all()
    assert (120 - totals[0]) / 20 > (6000 - totals[1]) / 1000, "the small unit is drawn further"
    np.testing.assert_allclose(result[0, 0, 0], result[0, 0, 1])


def test_no_factor_no_pull() -> None:
    cells = np.arange(12.0).reshape(2, 3, 2)
    np.testing.assert_array_equal(combine(cells, np.array([5.0, 9.0]), np.zeros(3), np.ones(2)), cells)


def test_errors_teach_the_factor() -> None:
    rng = np.random.default_rng(0)
    last = rng.uniform(100, 900, 400)
    said = last[:, None] * np.exp(rng.normal(0, 0.1, (400, 2)))
    weight = prior_weight(last)
    held_right = evidence(last, said, np.repeat(last[:, None], 2, axis=1), weight)
    cohorts_right = evidence(last, said, said, weight)
    assert (held_right > 1.5).all()
    np.testing.assert_allclose(cohorts_right, 0.0, atol=1e-9)
    more = weight_factor(np.tile(held_right, (6, 1)), 2)
    less = weight_factor(np.tile(cohorts_right, (6, 1)), 2)
    assert (more > 1).all()
    assert (less < 1).all()
    np.testing.assert_array_equal(weight_factor(np.zeros((0, 2)), 2), [1.0, 1.0])


def test_unknown_years_teach_nothing() -> None:
    one = np.ones(1)
    assert np.isnan(evidence(50 * one, np.array([[60.0]]), np.array([[np.nan]]), one)).all()


def test_entering_cells_follow_the_cohort() -> None:
    panel = panels.panel(3, 6, 4)
    found = entering(find(panel, 2015), 3)
    expected = [[True, False, False, False], [True, True, False, False], [True, True, True, False]]
    assert found[0].tolist() == expected


def test_a_falling_intake_loosens_the_hold() -> None:
    counts = np.full((4, 8, 2), 200.0)
    counts[0, 4:, 0] = [170, 140, 120, 100]
    counts[1, 4:, 0] = [230, 260, 290, 320]
    counts[2, :, 0], counts[2, 7, 0] = 6, 3
    panel = Panel.from_long(panels.long(counts))
    held = steadiness(panel, find(panel, 2017))
    assert held[0] < 0.5
    assert held[1] == held[3] == 1.0
    assert held[2] > 0.9, "three children fewer prove nothing"
