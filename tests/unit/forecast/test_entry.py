"""The adaptive level of entry, and births as evidence on it."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.unit.forecast import panels

from junheng import forecast
from junheng.forecast.backtest_messages import MESSAGES
from junheng.forecast.entry import adaptive_level, pooled_growth
from junheng.forecast.entry_births import BirthsEntry
from junheng.forecast.panel import Panel
from junheng.forecast.structure import find
from junheng.model.errors import BadData


def test_a_constant_intake_stays() -> None:
    panel = Panel.from_long(panels.long(np.full((4, 8, 3), 50)))
    structure = find(panel, 2017)
    level = adaptive_level(panel, 2017, structure, leads=5)
    np.testing.assert_allclose(level[:, :, 0], 50.0, rtol=1e-9)
    assert np.isnan(level[:, :, 1:]).all()


def test_leads_may_be_a_list() -> None:
    panel = panels.panel(6, 8)
    structure = find(panel, 2017)
    whole = adaptive_level(panel, 2017, structure, leads=5)
    np.testing.assert_array_equal(adaptive_level(panel, 2017, structure, leads=[2, 5]), whole[:, [1, 4]])


def test_a_common_fall_is_followed_and_damped() -> None:
    years = np.arange(8)
    counts = np.round(4000 * 0.95**years)[None, :, None] * np.ones((10, 1, 2))
    panel = Panel.from_long(panels.long(counts))
    level = adaptive_level(panel, 2017, find(panel, 2017), leads=5)[0, :, 0]
    last = counts[0, -1, 0]
    assert (np.diff(level) < 0).all()
    assert level[0] < last
    assert level[4] > last * 0.95**5, "damped: it falls less than the past would have it"


def test_one_schools_noise_is_no_trend() -> None:
    rng = np.random.default_rng(1)
    counts = rng.poisson(30, (1, 8, 2))
    panel = Panel.from_long(panels.long(counts))
    growth = pooled_growth(panel, find(panel, 2017))
    raw = np.diff(np.log(counts[0, :, 0]))
    assert np.abs(growth[1:, 0]).max() < 0.2 * np.abs(raw).max()


def birth_table(years: range, births: list[int]) -> pl.DataFrame:
    return pl.DataFrame({"year": [str(y) for y in years], "births": [str(b) for b in births]})


def test_births_foresee_a_fall_the_level_cannot() -> None:
    counts = np.full((5, 10, 2), 100)
    panel = Panel.from_long(panels.long(counts))
    births = [600] * 13 + [300] * 3
    table = birth_table(range(2003, 2019), births)
    entry = BirthsEntry.from_long(table, panel)
    structure = find(panel, 2019)
    factor = entry.factor(panel, structure, 5)
    assert factor is not None
    assert factor.shape == (1, 5, 2)
    np.testing.assert_allclose(factor[:, :, 1], 1.0)
    assert factor[0, 0, 0] == pytest.approx(1.0, abs=0.01)
    assert factor[0, 4, 0] < 0.8


def test_births_later_than_the_year_before_the_origin_are_not_read() -> None:
    panel = panels.panel(6, 10)
    known = [500 + 3 * i for i in range(20)]
    changed = known[:15] + [9000] * 5
    one = BirthsEntry.from_long(birth_table(range(2001, 2021), known), panel)
    two = BirthsEntry.from_long(birth_table(range(2001, 2021), changed), panel)
    structure = find(panel, 2016)
    first, second = one.factor(panel, structure, 5), two.factor(panel, structure, 5)
    assert first is not None
    assert second is not None
    np.testing.assert_array_equal(first, second)


def test_counts_later_than_the_origin_are_not_read() -> None:
    panel = panels.panel(6, 12)
    table = birth_table(range(2001, 2021), [500 + 3 * i for i in range(20)])
    structure = find(panel, 2017)
    whole = BirthsEntry.from_long(table, panel).factor(panel, structure, 5)
    cut = panel.until(2017)
    known = BirthsEntry.from_long(table, cut).factor(cut, structure, 5)
    assert whole is not None
    assert known is not None
    np.testing.assert_array_equal(whole, known)


def test_births_by_unit() -> None:
    panel = panels.panel(4, 10)
    rows = [(unit, str(year), "80") for unit in panel.units for year in range(2003, 2020)]
    table = pl.DataFrame(rows, schema=["unit", "year", "births"], orient="row")
    factor = BirthsEntry.from_long(table, panel).factor(panel, find(panel, 2019), 3)
    assert factor is not None
    assert factor.shape == (4, 3, 6)
    assert np.isfinite(factor).all()


def test_births_say_nothing_about_secondary_schools() -> None:
    panel = Panel.from_long(panels.long(np.full((3, 6, 2), 50), grades=("G09", "G10")))
    entry = BirthsEntry.from_long(birth_table(range(2000, 2016), [100] * 16), panel)
    assert not entry.speaks
    assert entry.factor(panel, find(panel, 2015), 3) is None


def test_births_of_other_units_are_refused() -> None:
    panel = panels.panel(3, 6)
    table = pl.DataFrame({"unit": ["elsewhere"], "year": ["2010"], "births": ["5"]})
    with pytest.raises(BadData):
        BirthsEntry.from_long(table, panel)


@pytest.mark.parametrize(
    ("year", "births", "code"),
    [
        ("2010-2011", "5", "backtest_births_year_unreadable"),
        ("2010", "-5", "backtest_births_negative"),
        ("2010", "x", "backtest_births_not_number"),
        ("2010", "1.5", "backtest_births_fractional"),
        ("2010", "", "backtest_births_empty"),
    ],
)
def test_bad_births_are_refused_in_their_own_words(year: str, births: str, code: str) -> None:
    with pytest.raises(BadData) as caught:
        BirthsEntry.from_long(pl.DataFrame({"year": [year], "births": [births]}), panels.panel(3, 6))
    assert caught.value.code == "backtest_births_bad_table"
    (fault,) = caught.value.findings
    assert fault.code == code
    for template in MESSAGES[code]:
        assert "{" not in template.format(**fault.parameters)


def test_every_fault_of_a_births_table_is_told_at_once() -> None:
    table = pl.DataFrame(
        {
            "unit": ["a", "a", ""],
            "year": ["2010", "2010", "2011"],
            "births": ["5", "6", "7"],
        }
    )
    with pytest.raises(BadData) as caught:
        BirthsEntry.from_long(table, panels.panel(3, 6))
    told = [(fault.code, fault.row) for fault in caught.value.findings]
    assert told == [("backtest_births_repeated", 3), ("backtest_unit_missing", 4)]


def test_births_that_ended_long_ago_change_nothing() -> None:
    frame = panels.long(np.random.default_rng(3).poisson(60, (4, 12, 3)))
    stale = birth_table(range(1990, 2004), [300 - 10 * i for i in range(14)])
    without, with_stale = (forecast.backtest(frame, births=table) for table in (None, stale))
    assert with_stale.table.equals(without.table)
    assert with_stale.slices.equals(without.slices)
    assert "backtest_births_ended" in {finding.code for finding in with_stale.findings}


def test_a_gap_in_the_births_leaves_its_leads_to_the_level() -> None:
    panel = Panel.from_long(panels.long(np.full((5, 10, 2), 100)))
    births = [str(600 - 15 * i) for i in range(16)]
    births[13] = ""
    table = pl.DataFrame({"year": [str(year) for year in range(2003, 2019)], "births": births})
    factor = BirthsEntry.from_long(table, panel).factor(panel, find(panel, 2019), 5)
    assert factor is not None
    assert factor[0, [1, 2], 0].tolist() == [1.0, 1.0], "entry of 2021 and 2022 draws on the births of 2016"
    assert (factor[0, [0, 3, 4], 0] < 0.99).all()


def test_children_of_a_closed_school_are_left_to_the_others() -> None:
    counts = np.full((5, 10, 2), 100.0)
    counts[4, 7:] = np.nan
    counts[:4, 7:] = 125.0
    panel = Panel.from_long(panels.long(counts))
    births = BirthsEntry.from_long(birth_table(range(2000, 2019), [700] * 19), panel)
    structure = find(panel, 2019)
    factor = births.factor(panel, structure, 3)
    assert factor is not None
    entry = adaptive_level(panel, 2019, structure, leads=3)[:, :, 0] * factor[:, :, 0]
    np.testing.assert_allclose(np.nansum(entry, axis=0), 500.0, rtol=1e-6)


def test_weights_of_births_start_equal_and_grow_with_the_lead() -> None:
    panel = Panel.from_long(panels.long(np.full((3, 4, 2), 100)))
    births = BirthsEntry.from_long(birth_table(range(2000, 2013), [500] * 7 + [400] * 6), panel)
    factor = births.factor(panel, find(panel, 2011), 5)
    assert factor is not None
    gap = np.log(np.array([births.pool(2011 + lead, 2010)[0] for lead in range(1, 6)]) / 500.0)
    heard = np.log(factor[0, :, 0])[gap < -0.01] / gap[gap < -0.01]
    assert (heard > 0.3).all()
    assert (np.diff(heard) >= -1e-9).all()
