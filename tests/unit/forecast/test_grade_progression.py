"""Shrunk ratios: who moves, who leans; and the step forward."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.forecast import panels

from junheng.forecast.grade_progression import advance, estimate
from junheng.forecast.panel import Panel
from junheng.forecast.parameters import DEFAULT
from junheng.forecast.structure import find


def steady(sizes: list[int], ratio: list[float], years: int = 8) -> Panel:
    """Units whose second grade is exactly `ratio` of their first."""
    counts = np.array([[[n, round(n * r)] for _ in range(years)] for n, r in zip(sizes, ratio, strict=True)])
    return Panel.from_long(panels.long(counts))


def test_large_units_move_and_small_ones_lean() -> None:
    panel = steady([20000, 5000, 10, 5000], [1.0, 0.9, 0.9, 1.0])
    found = estimate(panel, 2017, find(panel, 2017))
    assert found.ratio[1, 1] == pytest.approx(0.9, abs=0.01)
    assert found.ratio[2, 1] == pytest.approx(found.group[1], abs=0.03)
    assert found.own_weight[1, 1] > 0.9 > 0.4 > found.own_weight[2, 1]
    assert found.pupils_behind[1, 1] > found.pupils_behind[2, 1]
    assert found.county == pytest.approx(1.0, abs=0.001)


def test_all_in_step_gives_the_pooled_ratio() -> None:
    panel = steady([1000, 2000, 4000], [0.95, 0.95, 0.95])
    found = estimate(panel, 2017, find(panel, 2017))
    np.testing.assert_allclose(found.ratio[:, 1], 0.95, rtol=1e-9)
    np.testing.assert_allclose(found.unit, 1.0, rtol=1e-9)


def test_ratios_stay_within_their_clips() -> None:
    panel = panels.panel(40, 6, 7, seed=3)
    found = estimate(panel, 2015, find(panel, 2015))
    stepped = found.ratio[~np.isnan(found.ratio)]
    assert stepped.size
    assert (stepped > 0).all()
    assert (stepped <= 1.6).all()
    assert ((found.unit >= 0.75) & (found.unit <= 1.35)).all()


def test_no_transitions_at_all_gives_neutral_ratios() -> None:
    panel = steady([100, 200], [1.0, 1.0], years=1)
    found = estimate(panel, 2010, find(panel, 2010))
    np.testing.assert_array_equal(found.group, [1.0, 1.0])


def test_advance_keeps_type_and_draws() -> None:
    panel = panels.panel(5, 6, 4)
    structure = find(panel, 2015)
    ratio = estimate(panel, 2015, structure).ratio
    entry = np.full((7, 5, 3, 4), 20.0, dtype=np.float32)
    result = advance(structure.counts, ratio, entry, structure)
    assert result.shape == (7, 5, 3, 4)
    assert result.dtype == np.float32
    assert not np.isnan(result).any()
    assert (result >= 0).all()
    np.testing.assert_array_equal(result[0], result[6])
    by_lead = np.broadcast_to(ratio[:, None, :], (5, 3, 4))
    np.testing.assert_allclose(advance(structure.counts, by_lead, entry, structure), result, rtol=1e-6)


def test_a_longer_horizon_starts_with_the_shorter() -> None:
    panel = panels.panel(5, 6, 4)
    structure = find(panel, 2015)
    ratio = estimate(panel, 2015, structure).ratio
    entry = np.full((5, 15, 4), 33.0)
    long_run = advance(structure.counts, ratio, entry, structure)
    np.testing.assert_array_equal(long_run[:, :5], advance(structure.counts, ratio, entry[:, :5], structure))


def test_a_closed_world_returns_entry_shifted() -> None:
    panel = steady([100, 200], [1.0, 1.0])
    structure = find(panel, 2017)
    entry = np.zeros((2, 4, 2))
    entry[:, :, 0] = np.arange(1, 5)
    result = advance(structure.counts, np.ones((2, 2)), entry, structure)
    np.testing.assert_array_equal(result[:, 1:, 1], entry[:, :-1, 0])


def test_one_odd_year_moves_a_small_unit_little() -> None:
    counts = np.full((12, 8, 2), 40)
    counts[0, 5, 1] = 62
    panel = Panel.from_long(panels.long(counts))
    structure = find(panel, 2017)
    assert structure.usable[0, 5, 1]
    odd = estimate(panel, 2017, structure).ratio[0, 1]
    without = replace(DEFAULT, outlier=1e9)
    assert 1.0 < odd < estimate(panel, 2017, structure, without).ratio[0, 1]
