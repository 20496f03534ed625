"""Structural rules: intake, last grades, cap, dents, openings, closures."""

from __future__ import annotations

import numpy as np
from tests.unit.forecast import panels

from junheng.forecast.panel import Panel
from junheng.forecast.structure import find

NAN = np.nan


def one(rows: list[list[float]]) -> Panel:
    """A unit of its own between two steady neighbours."""
    counts = np.array([rows, [[50.0] * len(rows[0])] * len(rows), [[80.0] * len(rows[0])] * len(rows)])
    return Panel.from_long(panels.long(counts))


def test_first_grade_and_grades_filled_from_outside_are_intakes() -> None:
    found = find(one([[20, 20, 60, 60]] * 5), 2014)
    assert found.intake[0].tolist() == [True, False, True, False]
    assert found.intake[1].tolist() == [True, False, False, False]
    assert found.stepped[0].tolist() == [False, True, False, True]


def test_last_grade_sends_nobody_up() -> None:
    found = find(one([[60, 60, 5, 4]] * 5), 2014)
    assert found.last[0].tolist() == [False, True, False, True]
    assert not found.usable[0, :, 2].any()


def test_a_ratio_above_the_cap_is_not_learnt_from() -> None:
    rows = [[50, 50, 50]] * 6
    rows[4] = [50, 90, 50]
    found = find(one(rows), 2015)
    assert not found.usable[0, 4, 1]
    assert found.usable[0, 3, 1]
    assert found.usable[0, 5, 1]


def test_transitions_need_both_years() -> None:
    rows = [[50.0, 50.0]] * 6
    rows[3] = [NAN, NAN]
    found = find(one(rows), 2015)
    assert found.usable[0, :, 1].tolist() == [False, True, True, False, False, True]


def test_a_year_that_falls_and_returns_counts_as_missing() -> None:
    rows = np.full((6, 3), 100.0)
    counts = np.stack([rows, rows, rows])
    counts[:, 3] *= 0.75
    panel = Panel.from_long(panels.long(counts))
    found = find(panel, 2015)
    assert found.dented[:, 3].all()
    assert not found.usable[:, 3:5].any()
    assert not find(panel, 2013).dented.any(), "at the origin nobody knows yet whether it returns"


def test_a_lasting_fall_is_no_dent() -> None:
    rows = [[100.0, 100.0]] * 3 + [[70.0, 70.0]] * 3
    assert not find(one(rows), 2015).dented.any()


def test_a_school_opened_within_the_panel_grows_upward() -> None:
    rows = [[NAN] * 4, [NAN] * 4, [50, NAN, NAN, NAN], [50, 50, NAN, NAN]]
    found = find(one(rows), 2013)
    assert found.rising[0].tolist() == [False, False, True, True]
    assert found.stepped[0].tolist() == [False, True, True, True]
    assert not found.rising[1:].any()
    assert not found.settled[0]


def test_a_school_closing_from_below_is_not_settled() -> None:
    rows = [[60, 60, 60]] * 4 + [[NAN, 60, 60], [NAN, NAN, 60]]
    found = find(one(rows), 2015)
    assert found.settled.tolist() == [False, True, True]
    assert found.offered[0].tolist() == [False, False, True]


def test_closed_units_are_not_open() -> None:
    rows = [[60, 60]] * 4 + [[NAN, NAN]] * 2
    found = find(one(rows), 2015)
    assert found.open.tolist() == [False, True, True]
    assert not found.stepped[0].any()


def test_explosive_growth_is_seen() -> None:
    rows = [[50, 50]] * 4 + [[150, 100], [300, 200]]
    assert find(one(rows), 2015).explosive.tolist() == [True, False, False]


def test_nothing_later_than_the_origin_is_read() -> None:
    panel = panels.panel(12, 9)
    changed = panel.pupils.copy()
    changed[:, 6:] = changed[:, 6:] * 3 + 7
    other = Panel(panel.units, panel.years, panel.grades, changed)
    one_, two = find(panel, 2015), find(other, 2015)
    for name in ("offered", "intake", "last", "rising", "usable", "dented", "settled"):
        assert (getattr(one_, name) == getattr(two, name)).all(), name
