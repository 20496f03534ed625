"""A target on its way: both sides of every date and line, path or straight line, flows with contracts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from junheng.monitoring.plan_course import course, expected
from junheng.monitoring.policy_values import Measured, statistics_year
from junheng.rules.policies import PolicyDocument, Target

PLAN = PolicyDocument(
    "plan", "规划", "县", "", date(2024, 1, 1), (date(2024, 1, 1), date(2028, 12, 31)), "ours", "", True
)
SHARE = Target(
    "t1", "x", ">=", 0.9, "share", date(2028, 12, 31), {}, "stock", "at_date", "must",
    baseline=0.7, baseline_on=date(2024, 12, 31),
)  # fmt: skip
SEATS = Target(
    "t2", "y", ">=", 1000, "seats", date(2028, 12, 31), {}, "flow", "at_date", "must", since=date(2024, 1, 1)
)
KEPT = replace(SHARE, hold="every_year", by=None, baseline=None)


def figures(values: Mapping[int, float]) -> dict[int, Measured]:
    return {year: Measured(Fraction(str(value))) for year, value in values.items()}


@pytest.mark.parametrize(
    ("day", "values", "status", "reason"),
    [
        # before its date: the line from 0.70 in 2024 to 0.90 in 2028 asks 0.75, 0.80, 0.85
        (date(2026, 9, 1), {2026: 0.8}, "on_course", "policy.on_the_path"),
        (date(2026, 9, 1), {2026: 0.7999}, "off_course", "policy.behind"),
        (date(2026, 8, 31), {2025: 0.75, 2026: 0.1}, "on_course", "policy.on_the_path"),
        (date(2026, 9, 1), {2026: 0.9}, "reached", "policy.reached"),
        # behind, but the last three steps of 0.06 suffice for the two of 0.055 that are left
        (date(2026, 9, 1), {2023: 0.61, 2026: 0.79}, "on_course", "policy.behind_but_fast_enough"),
        (date(2026, 9, 1), {2023: 0.7, 2026: 0.79}, "off_course", "policy.behind"),
        # the last statistics before the date: no year is left to catch up
        (date(2028, 10, 1), {2027: 0.8, 2028: 0.8999}, "off_course", "policy.behind"),
        # on its date and the day after
        (date(2028, 12, 31), {2028: 0.9}, "reached", "policy.reached"),
        (date(2029, 1, 1), {2028: 0.9}, "reached", "policy.reached"),
        (date(2029, 1, 1), {2028: 0.8999}, "missed", "policy.not_reached"),
        (date(2029, 1, 1), {2027: 0.95}, "no_data", "policy.due_year_unknown"),
        (date(2030, 1, 1), {2028: 0.89, 2029: 0.95}, "missed", "policy.not_reached"),
        # nothing known on that day
        (date(2026, 8, 31), {2026: 0.95}, "no_data", "policy.no_figures"),
        (date(2026, 9, 1), {}, "no_data", "policy.no_figures"),
        (date(2023, 12, 31), {2023: 0.6}, "not_due", "policy.not_begun"),
    ],
)
def test_a_stock_on_both_sides_of_its_dates(
    day: date, values: Mapping[int, float], status: str, reason: str
) -> None:
    found = course(PLAN, SHARE, figures(values), day)
    assert (found.status, found.reason) == (status, reason)


@pytest.mark.parametrize(
    ("force", "status"), [("must", "missed"), ("strive", "strive"), ("encourage", "strive")]
)
def test_only_what_must_be_done_can_be_missed(force: str, status: str) -> None:
    target = replace(SHARE, force=force)
    assert course(PLAN, target, figures({2028: 0.8}), date(2029, 1, 1)).status == status


@pytest.mark.parametrize(
    ("op", "value", "status"),
    [(">=", 0.9, "reached"), (">", 0.9, "missed"), (">", 0.9001, "reached"), ("<=", 0.9, "reached"),
     ("<", 0.9, "missed"), ("==", 0.9, "reached"), ("==", 0.91, "missed")],
)  # fmt: skip
def test_at_least_includes_the_number_and_more_than_does_not(op: str, value: float, status: str) -> None:
    target = replace(SHARE, op=op)
    assert course(PLAN, target, figures({2028: value}), date(2029, 1, 1)).status == status


def test_a_number_on_the_line_is_on_it_in_exact_decimals() -> None:
    target = replace(SHARE, value=1.1 * 3, unit="hours")  # 3.3000000000000003 as a float
    held = {2028: Measured(Fraction(str(1.1 * 3)))}
    assert course(PLAN, target, held, date(2029, 1, 1)).status == "reached"


def test_the_plans_own_path_comes_before_the_straight_line() -> None:
    target = replace(SHARE, path={2025: 0.71, 2026: 0.72, 2027: 0.8})
    assert course(PLAN, target, figures({2026: 0.72}), date(2026, 9, 1)).status == "on_course"
    assert course(PLAN, target, figures({2026: 0.719}), date(2026, 9, 1)).status == "off_course"
    assert expected(target, 2028, (2024, Fraction("0.7")), 2026) == Fraction("0.72")
    assert expected(SHARE, 2028, (2024, Fraction("0.7")), 2026) == Fraction("0.8")


def test_without_a_baseline_there_is_no_path() -> None:
    target = replace(SHARE, baseline=None, baseline_on=None)
    assert course(PLAN, target, figures({2026: 0.8}), date(2026, 9, 1)).status == "no_baseline"
    assert course(PLAN, target, figures({2024: 0.7, 2026: 0.8}), date(2026, 9, 1)).status == "on_course"


def test_a_lower_number_is_striven_for_downwards() -> None:
    target = replace(SHARE, op="<=", value=0.1, baseline=0.3)
    assert course(PLAN, target, figures({2026: 0.2}), date(2026, 9, 1)).status == "on_course"
    assert course(PLAN, target, figures({2026: 0.21}), date(2026, 9, 1)).status == "off_course"


@pytest.mark.parametrize(
    ("done", "contracted", "status", "reason"),
    [
        ({2026: 500}, (), "on_course", "policy.on_the_path"),
        ({2026: 499}, (), "off_course", "policy.behind"),
        ({2026: 400}, ((2027, 350),), "on_course", "policy.contracts_suffice"),
        ({2026: 400}, ((2027, 349),), "off_course", "policy.behind"),
        ({2026: 400}, ((2028, 600),), "on_course", "policy.contracts_suffice"),
        ({2026: 400}, ((2029, 600),), "off_course", "policy.behind"),  # delivered after its date
    ],
)
def test_flows_compare_done_and_contracted_with_the_path(
    done: Mapping[int, float], contracted: tuple[tuple[int, int], ...], status: str, reason: str
) -> None:
    coming = [(year, Fraction(quantity)) for year, quantity in contracted]
    found = course(PLAN, SEATS, figures(done), date(2026, 9, 1), coming)
    assert (found.status, found.reason) == (status, reason)


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({2024: 0.9, 2025: 0.95}, "held"),
        ({2024: 0.9, 2025: 0.89}, "missed"),
        ({2024: 0.85, 2025: 0.9}, "held"),
        ({2023: 0.85}, "no_data"),  # before the plan begins
    ],
)
def test_what_must_hold_every_year_is_judged_by_the_last(values: Mapping[int, float], status: str) -> None:
    assert course(PLAN, KEPT, figures(values), date(2026, 3, 1)).status == status


def test_a_break_within_its_period_is_a_miss_when_the_period_is_over() -> None:
    target = replace(KEPT, by=date(2025, 12, 31))
    values = figures({2024: 0.85, 2025: 0.95})
    assert course(PLAN, target, values, date(2025, 12, 31)).status == "held"
    assert course(PLAN, target, values, date(2026, 1, 1)).reason == "policy.broken_before"


def test_units_without_a_figure_leave_it_open_unless_one_is_known_to_fall_short() -> None:
    one = Fraction(1)
    target = replace(KEPT, value=1, unit="people")
    missing = {2025: Measured(one, n_units=9, n_missing=1)}
    short = {2025: Measured(Fraction(0), n_units=9, n_short=1, n_missing=1)}
    assert course(PLAN, target, missing, date(2026, 3, 1)).status == "no_data"
    assert course(PLAN, target, short, date(2026, 3, 1)).status == "missed"


def test_without_a_date_it_is_reached_or_not_yet_due() -> None:
    target = replace(SHARE, by=None)
    assert course(PLAN, target, figures({2025: 0.91}), date(2026, 3, 1)).status == "reached"
    assert course(PLAN, target, figures({2025: 0.89}), date(2026, 3, 1)).reason == "policy.no_date"


@pytest.mark.parametrize(
    ("op", "last", "day", "status"),
    [
        ("up", 0.81, date(2026, 9, 1), "on_course"),
        ("up", 0.8, date(2026, 9, 1), "off_course"),
        ("up", 0.81, date(2029, 1, 1), "reached"),
        ("up", 0.79, date(2029, 1, 1), "missed"),
        ("down", 0.79, date(2026, 9, 1), "on_course"),
        ("down", 0.8, date(2026, 9, 1), "off_course"),
    ],
)
def test_a_direction_is_better_than_the_start(op: str, last: float, day: date, status: str) -> None:
    target = replace(SHARE, op=op, value=None, basis="direction", baseline=None, baseline_on=None)
    assert course(PLAN, target, figures({2024: 0.8, 2026: last}), day).status == status
    assert course(PLAN, target, figures({2026: last}), day).status == "no_baseline"


def test_statistics_exist_from_autumn() -> None:
    assert [statistics_year(day) for day in (date(2026, 8, 31), date(2026, 9, 1))] == [2025, 2026]
