"""Published ranges answer for what earlier ones held."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.forecast import panels

from junheng.forecast.validation import rolling_origin
from junheng.forecast.validation.range_feedback import _moves, published
from junheng.forecast.validation.rolling_ranges import at_origin, residuals


def test_misses_widen_and_excess_narrows() -> None:
    missed = _moves(np.array([[0.6, np.nan], [0.7, np.nan]]), 2)
    held = _moves(np.array([[0.95, 0.95]]), 2)
    assert missed[0] > missed[1] > 0, "a lead nobody has answered for borrows a part"
    assert held[0] < held[1] < 0, "later leads are moved more carefully"
    np.testing.assert_array_equal(_moves(np.zeros((0, 3)), 3), 0.0)


def test_moves_are_bounded() -> None:
    worst = _moves(np.zeros((20, 1)), 1)
    best = _moves(np.ones((20, 1)), 1)
    assert worst[0] == pytest.approx(_moves(np.zeros((200, 1)), 1)[0])
    assert 0.5 < np.exp(best[0] / 2) < 1 < np.exp(worst[0] / 2) < 1.6


def test_the_first_published_range_is_the_fitted_one() -> None:
    panel = panels.panel(40, 9)
    said = rolling_origin.run(panel, 3)
    ranges = published(panel, said, [2013, 2014, 2015], 3)
    assert ranges[2013].settled.totals.variance(1.0, 300.0) == pytest.approx(
        at_origin(panel, said, 2013, 3).settled.totals.variance(1.0, 300.0)
    )


def test_a_year_of_shocks_widens_the_next_ranges() -> None:
    calm = panels.panel(80, 10, seed=2)
    shaken = calm.pupils.copy()
    shaken[:, 6:] *= np.random.default_rng(0).choice([0.75, 1.3], (80, 1, 1))
    panel = type(calm)(calm.units, calm.years, calm.grades, np.round(shaken))
    said = rolling_origin.run(panel, 2)
    years = [2013, 2014, 2015, 2016]
    ranges = published(panel, said, years, 2)
    fitted = at_origin(panel, said, 2016, 2).settled.totals
    assert float(ranges[2016].settled.totals.sd(1.0, 300.0)) > 1.05 * float(fitted.sd(1.0, 300.0))


def test_errors_of_inexperienced_origins_count_for_less() -> None:
    panel = panels.panel(30, 9)
    said = rolling_origin.run(panel, 2)
    totals, _, _ = residuals(panel, said, 2018, 2, said[2018].structure.settled)
    assert totals.origin.min() == 2012, "the first origin is heard only where no other speaks"
    early, late = totals.season[totals.origin == 2012], totals.season[totals.origin == 2016]  # type: ignore[index]
    assert (early < late).all()
    assert (late < 1.0).all()
