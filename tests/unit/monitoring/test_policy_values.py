"""From indicator values to a target's figure: sums of parts, units one by one, natural shortfalls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from junheng import rules
from junheng.model.tables.monitoring_outputs import INDICATOR_VALUES
from junheng.monitoring.policy_values import Figures
from junheng.rules.policies import Operator, Target

SHARE = Target(
    "t", "smart_campus_share", ">=", 0.85, "share", date(2025, 12, 31), {}, "stock", "at_date", "must"
)
LAW = rules.at(date(2026, 9, 1))
COUNTED = LAW.indicators["smart_campus_share"]
PER_SCHOOL = LAW.indicators["psychology_teachers_per_school"]


def _values(*rows: Mapping[str, Any]) -> Figures:
    base = {
        "indicator": "smart_campus_share", "year": 2025, "level": "county", "area": "", "stage": "",
        "num": None, "den": None, "verified": "ours",
    }  # fmt: skip
    schema = {column.name: column.polars_type for column in INDICATOR_VALUES.columns}
    kept = {name: kind for name, kind in schema.items() if name in {*base, "value"}}
    return Figures(pl.DataFrame([{**base, **row} for row in rows], schema=kept))


def _each(indicator: str, op: Operator, value: float, unit: str) -> Target:
    return Target("t", indicator, op, value, unit, None, {"each": "school"}, "per_unit", "every_year", "must")


def test_a_region_is_the_sum_of_its_parts_and_never_their_mean() -> None:
    values = _values(
        {"area": "1", "value": 0.9, "num": 90.0, "den": 100.0},
        {"area": "2", "value": 0.5, "num": 5.0, "den": 10.0},
    )
    found = values.by_year(SHARE, COUNTED)[2025]
    assert found.value == Fraction(95, 110)  # the mean of 90 % and 50 % would be 70 %
    assert values.by_year(SHARE, COUNTED, "2")[2025].value == Fraction(1, 2)


@pytest.mark.parametrize(
    ("op", "num", "short"), [(">=", 84, 1), (">=", 85, 0), (">", 85, 1), (">=", 80, 5), ("==", 83, 2)]
)
def test_what_is_missing_to_a_share_is_counted_in_whole_schools(op: str, num: int, short: int) -> None:
    values = _values({"area": "1", "value": num / 100, "num": float(num), "den": 100.0})
    assert values.by_year(replace(SHARE, op=op), COUNTED)[2025].short == short


def test_a_third_is_a_third_though_the_value_was_rounded() -> None:
    values = _values({"area": "1", "value": 1 / 3, "num": 1.0, "den": 3.0})
    assert values.by_year(SHARE, COUNTED)[2025].value == Fraction(1, 3)


def test_parts_that_are_not_of_the_value_say_nothing() -> None:
    values = _values({"area": "1", "value": 0.4, "num": 1.0, "den": 3.0})
    found = values.by_year(SHARE, COUNTED)[2025]
    assert (found.value, found.num, found.short) == (Fraction("0.4"), None, None)


def test_an_area_without_a_figure_is_counted_and_not_taken_for_zero() -> None:
    values = _values({"area": "1", "value": 0.9, "num": 9.0, "den": 10.0}, {"area": "2", "value": None})
    found = values.by_year(SHARE, COUNTED)[2025]
    assert (found.value, found.n_missing) == (Fraction(9, 10), 1)


def test_each_unit_must_meet_the_number() -> None:
    target = _each("psychology_teachers_per_school", ">=", 1, "people")
    rows = [
        {"indicator": target.indicator, "level": "school", "area": str(n), "value": value}
        for n, value in enumerate([2.0, 1.0, 0.0, None, 0.0])
    ]
    found = _values(*rows).by_year(target, PER_SCHOOL)[2025]
    assert (found.value, found.n_units, found.n_short, found.n_missing, found.short) == (0, 5, 2, 1, 2)


@pytest.mark.parametrize(
    ("pupils", "counsellors", "short"),
    [(500, 1, 0), (501, 1, 1), (1000, 2, 0), (1001, 1, 2), (400, 0, 1), (0, 0, 0)],
)
def test_one_for_every_so_many_is_rounded_up(pupils: int, counsellors: int, short: int) -> None:
    target = _each("pupils_per_part_time_counsellor", "<=", 500, "pupils_per_person")
    value = pupils / counsellors if counsellors else None
    row = {
        "indicator": target.indicator, "level": "school", "area": "1", "value": value,
        "num": float(pupils), "den": float(counsellors),
    }  # fmt: skip
    found = _values(row).by_year(target, None)[2025]
    assert (found.short, found.n_short) == (short, 1 if short else 0)


def test_stages_asked_for_are_taken_apart_where_they_stand_apart() -> None:
    rows = [
        {"area": "1", "stage": stage, "value": num / 10, "num": float(num), "den": 10.0}
        for stage, num in (("primary", 9), ("junior", 5), ("senior", 1))
    ]
    for stages, value in ((("primary", "junior"), Fraction(14, 20)), ("senior", Fraction(1, 10))):
        assert _values(*rows).by_year(replace(SHARE, scope={"stage": stages}), COUNTED)[2025].value == value
    whole = [{"area": "1", "stage": "", "value": 0.8, "num": 8.0, "den": 10.0}]
    assert _values(*rows, *whole).by_year(SHARE, COUNTED)[2025].value == Fraction(8, 10)


def test_without_values_there_is_no_figure() -> None:
    assert Figures(None).by_year(SHARE, COUNTED) == {}
