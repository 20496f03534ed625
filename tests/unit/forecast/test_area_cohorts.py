"""Totals by flows: in a closed world births return, blanks follow from the identity, breaks are mended."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.forecast.area_level.area_cohorts import StageFlows, cohort_path
from junheng.forecast.area_level.level_breaks import Break

LENGTH, YEARS, HORIZON = 6, 20, 10


def _closed(source: np.ndarray, factor: float = 1.0) -> StageFlows:
    """Every child of the source enters (times `factor`) and leaves after six years."""
    entrants = factor * source[:YEARS]
    graduates = np.full(YEARS, np.nan)
    graduates[LENGTH:] = entrants[:-LENGTH]
    pupils = np.full(YEARS, np.nan)
    for t in range(LENGTH - 1, YEARS):
        pupils[t] = entrants[t - LENGTH + 1 : t + 1].sum()
    return StageFlows(pupils, entrants, graduates, source, LENGTH)


def _source(seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).uniform(8_000, 16_000, YEARS + HORIZON)


@given(seed=st.integers(0, 10_000), factor=st.sampled_from([0.9, 1.0, 1.25]))
def test_in_a_closed_world_births_come_back_as_pupils(seed: int, factor: float) -> None:
    source = _source(seed)
    path = cohort_path(_closed(source, factor), YEARS - 1, HORIZON)
    assert path is not None
    for h in range(1, HORIZON + 1):
        expected = factor * source[YEARS - 1 + h - LENGTH + 1 : YEARS + h].sum()
        assert path.pupils[h - 1] == pytest.approx(expected, rel=1e-9)


def test_pupils_change_by_entrants_less_graduates() -> None:
    flows = _closed(_source())
    path = cohort_path(flows, YEARS - 1, HORIZON)
    assert path is not None
    before = np.concatenate([flows.pupils[-1:], path.pupils[:-1]])
    np.testing.assert_allclose(before + path.entrants - path.graduates, path.pupils)


def test_blank_entrants_and_graduates_bias_nothing() -> None:
    flows = _closed(_source())
    whole = cohort_path(flows, YEARS - 1, HORIZON)
    blank_entrants, blank_graduates = flows.entrants.copy(), flows.graduates.copy()
    for t in (15, 16, 18, 19):
        blank_entrants[t] = blank_graduates[t] = np.nan
    holes = StageFlows(flows.pupils, blank_entrants, blank_graduates, flows.source, LENGTH)
    filled = cohort_path(holes, YEARS - 1, HORIZON)
    assert whole is not None and filled is not None
    np.testing.assert_allclose(filled.pupils, whole.pupils, rtol=1e-9)


def test_a_break_of_level_is_brought_to_the_newest_side() -> None:
    flows = _closed(_source())
    whole = cohort_path(flows, YEARS - 1, HORIZON)
    at, factor = 13, 1.4
    low = [counts.copy() for counts in (flows.pupils, flows.entrants, flows.graduates)]
    for counts in low:
        counts[:at] /= factor
    broken = StageFlows(*low, flows.source, LENGTH, (Break(at, 2013, float(np.log(factor)), 0.0),))
    mended = cohort_path(broken, YEARS - 1, HORIZON)
    assert whole is not None and mended is not None
    np.testing.assert_allclose(mended.pupils, whole.pupils, rtol=1e-9)


def test_too_little_history_is_left_to_other_means() -> None:
    flows = _closed(_source())
    unknown = np.where(np.arange(YEARS + HORIZON) < YEARS - 2, np.nan, flows.source)
    short = StageFlows(flows.pupils, flows.entrants, flows.graduates, unknown, LENGTH)
    assert cohort_path(short, YEARS - 1, HORIZON) is None
