"""Trends and warnings: slopes, breaks, near a line, worse, about to break, doubtful data."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import theilslopes

from junheng import rules
from junheng.model import TABLES
from junheng.model.errors import Refused
from junheng.monitoring.trend import outlying, theil_sen, trend
from junheng.monitoring.watching import Watch, watch
from junheng.report import wording

INDICATORS = rules.at(__import__("datetime").date(2025, 9, 1)).indicators
ROOMS, SPREAD = "teaching_area_per_pupil", "teaching_area_cv"


def _values(*rows: dict[str, Any]) -> pl.DataFrame:
    blank = {
        "run": "", "indicator": ROOMS, "rule_version": "v1", "year": 2025, "level": "school", "area": "S1",
        "stage": "primary", "group": "", "threshold": 4.5, "op": ">=", "status": "met", "n_missing": 0,
        "margin": 1.0,
    }  # fmt: skip
    table = TABLES["indicator_values"]
    return pl.DataFrame([blank | row for row in rows], schema=table.schema())


def _forecast(*rows: tuple[int, float, float]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"scenario": "base", "unit_kind": "school", "unit_code": "S1", "stage": "primary", "grade": "all",
             "year": year, "p50": middle, "p90": high}
            for year, middle, high in rows
        ]
    )  # fmt: skip


def _kinds(found: Watch) -> list[str]:
    return [row["kind"] for row in found.rows]


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=9))
@settings(max_examples=60, deadline=None)
def test_theil_sen_is_scipy_s(values: list[float]) -> None:
    years = list(range(2010, 2010 + len(values)))
    slope, level = theil_sen(years, values)
    expected = theilslopes(np.array(values), np.array(years), method="joint")
    assert slope == pytest.approx(expected.slope, abs=1e-9)
    assert level == pytest.approx(expected.intercept, abs=1e-6)


def test_a_series_is_not_joined_over_a_break() -> None:
    about = trend([2020, 2021, 2022, 2023], [9.0, 8.0, 3.0, 2.0], ["a", "a", "b", "b"])
    assert about.years == (2022, 2023)
    assert about.slope == -1
    assert about.broken == 2022
    assert about.run(better=1) == 1
    assert trend([2020, 2022], [1.0, 2.0], ["a", "a"]).slope is None, "a year is missing"
    assert trend([2020, 2021, 2022], [1.0, None, 2.0], ["a"] * 3).years == (2022,)
    assert trend([2024, 2025], [1.0, 2.0], ["a", "a"]).broken is None


def test_five_years_take_the_median_of_slopes_and_expect_the_next() -> None:
    about = trend(list(range(2019, 2026)), [1.0, 2.0, 3.0, 40.0, 5.0, 6.0, 3.0], ["a"] * 7)
    assert about.slope == pytest.approx(1.0)
    assert about.expected == pytest.approx(7.0)


def test_only_what_stands_out_of_the_others_is_outlying() -> None:
    assert outlying([0.1, 0.2, 0.15, 0.12, 0.18, 9.0], 5.0) == [5]
    assert outlying([0.0, 0.0, 0.0, 0.0, 9.0], 5.0) == [], "where most are equal nothing is said"
    assert outlying([0.1, 9.0], 5.0) == []


def test_near_its_line_on_the_good_side_only() -> None:
    near = {"indicator": SPREAD, "level": "county", "area": "99", "value": 0.49, "threshold": 0.5, "op": "<="}
    within = INDICATORS[SPREAD].warn.within
    assert within is not None
    assert _kinds(watch(_values(near | {"margin": within}), INDICATORS)) == ["margin"]
    assert not watch(_values(near | {"margin": within * 1.01}), INDICATORS).rows
    assert not watch(_values(near | {"margin": -0.01, "status": "unmet"}), INDICATORS).rows


def test_worse_as_many_years_as_the_indicator_says() -> None:
    worse = INDICATORS[SPREAD].warn.worse_years
    assert worse == 2
    series = [{"indicator": SPREAD, "level": "county", "year": 2023 + n, "op": "<="} for n in range(3)]
    up = [row | {"value": 0.30 + 0.01 * n} for n, row in enumerate(series)]
    assert _kinds(watch(_values(*up), INDICATORS)) == ["worse"]
    assert not watch(_values(*up[1:]), INDICATORS).rows, "one year is not two"
    down = [row | {"value": 0.30 - 0.01 * n} for n, row in enumerate(series)]
    assert not watch(_values(*down), INDICATORS).rows
    broken = [*up[:2], up[2] | {"rule_version": "v2"}]
    assert not watch(_values(*broken), INDICATORS).rows, "not over a change of definition"


def test_the_year_a_school_outgrows_what_it_has() -> None:
    # 2,737 ㎡ at 4.5 hold 608 pupils
    today = _values({"num": 2737.0, "den": 600.0, "value": 4.5617})
    coming = _forecast((2026, 608.4, 608.4), (2027, 604.0, 609.0), (2028, 608.6, 640.0))
    (row,) = watch(today, INDICATORS, forecast=coming).rows
    assert (row["kind"], row["most_pupils"]) == ("will_break", 608)
    assert (row["break_year"], row["break_year_upper"]) == (2028, 2027)
    assert row["pupils"] == 600
    only_upper = watch(today, INDICATORS, forecast=coming.filter(pl.col("year") < 2028)).rows[0]
    assert (only_upper["break_year"], only_upper["reason_code"]) == (None, "monitoring.watch.may_break")
    assert not watch(today, INDICATORS, forecast=coming.filter(pl.col("year") == 2026)).rows
    unmet = _values({"num": 2600.0, "den": 600.0, "status": "unmet", "margin": -0.2})
    assert not watch(unmet, INDICATORS, forecast=coming).rows, "what fails today does not break later"


def test_doubtful_data_missing_jumping_copied() -> None:
    assert _kinds(watch(_values({"n_missing": 3}), INDICATORS)) == ["data"]
    rows = [
        {
            "area": f"S{n}",
            "year": year,
            "value": 5.0 + 0.01 * n * (year - 2024) + (4.0 if n == 9 and year == 2025 else 0),
        }
        for n in range(10)
        for year in (2024, 2025)
    ]
    found = watch(_values(*rows), INDICATORS)
    assert [(row["area"], row["reason_code"]) for row in found.rows] == [("S9", "monitoring.watch.jump")]
    names = [ROOMS, "sports_area_per_pupil", "degree_teachers_per_100"]
    same = [
        {"indicator": name, "year": year, "num": 10.0, "den": 60.0, "value": 6.0}
        for name in names
        for year in (2024, 2025)
    ]
    found = watch(_values(*same), INDICATORS)
    assert [row["reason_code"] for row in found.rows] == ["monitoring.watch.copied"], "one row a cause"
    changed = [*same[:-1], same[-1] | {"num": 11.0}]
    assert not watch(_values(*changed), INDICATORS).rows


def test_most_pupils_first_every_warning_worded_and_explained() -> None:
    rows = [
        {"area": "S1", "den": 600.0, "num": 2737.0, "value": 4.51, "margin": 0.01},
        {"area": "S2", "den": 900.0, "num": 4060.0, "value": 4.51, "margin": 0.01},
    ]
    found = watch(_values(*rows), INDICATORS, forecast=_forecast((2026, 700.0, 720.0)))
    assert [(row["area"], row["kind"]) for row in found.rows] == [
        ("S2", "margin"), ("S1", "will_break"), ("S1", "margin")
    ]  # fmt: skip
    assert found.check() == []
    assert found.tables["monitoring_warnings"].height == 3
    for row in found.rows:
        assert wording.has(row["reason_code"])
        told = found.explain(row["warning_id"])
        assert told["years"] == [{"year": 2025, "value": 4.51}]
        sentence = wording.reason(row["reason_code"], told["reason_parameters"])
        assert "{" not in sentence
    with pytest.raises(Refused):
        found.explain("nothing")
    with pytest.raises(Refused):
        watch(_values().clear(), cast(Any, SimpleNamespace()))
