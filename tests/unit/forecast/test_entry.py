"""The adaptive level of entry, and births as evidence on it."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.unit.forecast import panels

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


@pytest.mark.parametrize(("year", "births"), [("2010-2011", "5"), ("2010", "-5"), ("2010", "x")])
def test_bad_births_are_refused(year: str, births: str) -> None:
    with pytest.raises(BadData):
        BirthsEntry.from_long(pl.DataFrame({"year": [year], "births": [births]}), panels.panel(3, 6))
