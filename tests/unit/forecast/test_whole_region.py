"""Schools drawn toward what their region's own cohorts and its entrants say."""

from __future__ import annotations

import numpy as np
from tests.unit.forecast import panels

from junheng.forecast.panel import Panel
from junheng.forecast.validation.whole_region import REGION_WEIGHT, as_one, together


def test_the_entry_grade_holds_exactly_the_entrants() -> None:
    panel = panels.panel(6, 10)
    cells = np.full((6, 4, len(panel.grades)), 40.0)
    entrants = np.array([250.0, 240.0, 230.0, 220.0])
    after = together(panel, panel.years[-1], cells, entrants)
    np.testing.assert_allclose(after[:, :, 0].sum(axis=0), entrants)


def test_shares_between_schools_stay() -> None:
    panel = panels.panel(5, 10)
    cells = np.random.default_rng(2).uniform(20, 60, (5, 3, len(panel.grades)))
    after = together(panel, panel.years[-1], cells, np.full(3, 210.0))
    share = cells / cells.sum(axis=0)
    np.testing.assert_allclose(after / after.sum(axis=0), share)


def test_other_grades_move_by_the_weight_of_the_region() -> None:
    panel = Panel.from_long(panels.long(np.full((4, 8, 3), 100)))
    cells = np.full((4, 2, 3), 90.0)
    after = together(panel, 2017, cells, np.full(2, 400.0))
    np.testing.assert_allclose(after[:, :, 1:], 90.0 * (100 / 90) ** REGION_WEIGHT)


def test_a_region_is_the_sum_of_its_schools_and_knows_no_later_year() -> None:
    panel = panels.panel(4, 9)
    region = as_one(panel, panel.years[5])
    assert region.years == panel.years[:6]
    np.testing.assert_allclose(region.pupils[0], np.nansum(panel.pupils[:, :6], axis=0))


def test_years_without_counts_stay_unknown() -> None:
    counts = np.full((3, 8, 2), 50.0)
    frame = panels.long(counts.astype(int))
    kept = frame.filter(frame["year"].cast(int) != 2013)
    region = as_one(Panel.from_long(kept), 2017)
    assert np.isnan(region.pupils[0, 3]).all()


def test_what_counts_other_children_moves_nothing_far() -> None:
    panel = Panel.from_long(panels.long(np.full((4, 8, 3), 100)))
    cells = np.full((4, 2, 3), 10.0)
    after = together(panel, 2017, cells, np.full(2, 400.0))
    assert (after <= 12.5 + 1e-9).all()


def test_grades_that_enter_from_elsewhere_are_left_alone() -> None:
    counts = np.full((4, 8, 4), 100.0)
    counts[:, :, 2:] = 300.0
    panel = Panel.from_long(panels.long(counts, grades=("K3", "G01", "G02", "G03")))
    cells = np.full((4, 3, 4), 100.0)
    cells[:, :, 2:] = 300.0
    after = together(panel, 2017, cells, np.full(3, 400.0))
    np.testing.assert_allclose(after, cells)
