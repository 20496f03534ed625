"""The national path of fertility: re-keyed right, its band kept, its births the entrants of later years."""

from __future__ import annotations

import math

import polars as pl
import pytest
from tests.shared import shared

from junheng import rules

BOOK = rules.load().assumption("fertility")


def years(name: str) -> dict[int, float]:
    return {int(year): float(value) for year, value in BOOK[name].items()}


def test_figures_are_those_of_the_source():
    source = pl.read_csv(shared("china/wpp2024_china_births_tfr_1950_2100.csv"))
    held = {row["year"]: row for row in source.iter_rows(named=True)}
    for year, births in years("births_thousand").items():
        assert births == pytest.approx(held[year]["births"], abs=0.06), year
    for year, fertility in years("total_fertility").items():
        assert fertility == pytest.approx(held[year]["tfr"], abs=6e-5), year


def test_spread_is_the_published_band():
    low, high = years("total_fertility_low"), years("total_fertility_high")
    for year, sd in years("log_sd").items():
        assert sd == pytest.approx(math.log(high[year] / low[year]) / (2 * 1.2816), rel=0.01)
    named = {2024: 0.12, 2030: 0.17, 2035: 0.195, 2040: 0.22}
    for year, sd in named.items():
        assert years("log_sd")[year] == pytest.approx(sd, rel=0.04)
    assert sum(years("age_schedule").values()) == pytest.approx(1.0, abs=1e-3)


def test_two_thirds_and_one_third_of_births_are_the_entrants_six_years_on():
    table = pl.read_csv(shared("china/nbs/national/普通小学招生数.csv"), infer_schema_length=0)
    column = next(name for name in table.columns if "招生数" in name)
    births = years("births_thousand")
    ratios: list[float] = []
    for year, entrants in table.select("年份", column).iter_rows():
        if entrants and 2010 <= int(year) <= 2019:
            expected = 2.0 * births[int(year) - 6] / 3.0 + births[int(year) - 7] / 3.0
            ratios.append(float(entrants) * 10.0 / expected)
    assert len(ratios) >= 8 and min(ratios) > 0.94 and max(ratios) < 1.055
