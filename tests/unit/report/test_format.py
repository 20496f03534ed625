"""Numbers as readers expect them."""

from __future__ import annotations

import pytest

from junheng.report import format as fmt


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (0.5, "1"),
        (1.5, "2"),
        (2.5, "3"),
        (-2.5, "−3"),
        (12345.4, "12,345"),
        (None, "—"),
        (float("nan"), "—"),
    ],
)
def test_counts_round_half_up_with_commas(value: float | None, shown: str) -> None:
    assert fmt.count(value) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.0, "0%"),
        (0.001, "<1%"),
        (0.005, "1%"),
        (0.5, "50%"),
        (0.994, "99%"),
        (0.999, ">99%"),
        (1.0, "100%"),
    ],
)
def test_a_share_is_never_certain_unless_it_is(share: float, shown: str) -> None:
    assert fmt.percent(share) == shown


def test_large_numbers_are_spoken_in_wan_in_chinese_only() -> None:
    assert fmt.spoken(99_999) == "99,999"
    assert fmt.spoken(123_456) == "12.3 万"
    assert fmt.spoken(123_456, "en") == "123,456"


def test_changes_carry_their_sign() -> None:
    assert [fmt.signed(x) for x in (530.2, -273.0, 0.2, -0.2)] == ["+530", "−273", "0", "0"]


def test_ranges_with_negative_ends_do_not_stack_dashes() -> None:
    assert fmt.between(900, 1560) == "900–1,560"
    assert fmt.between(-30, 12) == "−30 ~ 12"


@pytest.mark.parametrize(
    ("number", "mark"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (34, "三十四")]
)
def test_section_numerals(number: int, mark: str) -> None:
    assert fmt.numeral(number) == mark
    assert fmt.numeral(number, "en") == str(number)


def test_school_years_and_lists_in_both_languages() -> None:
    assert fmt.school_year(2027) == "2027—2028 学年"
    assert fmt.school_year(2099, "en") == "2099–00"
    assert fmt.listed(["甲", "", "乙"]) == "甲、乙"
    assert fmt.listed(["a", "b", "c"], "en") == "a, b and c"


def test_values_of_standards_stand_as_they_are() -> None:
    shown = [fmt.plain(x) for x in (45, 2000, 0.6, 13.5, 50.0, None)]
    assert shown == ["45", "2,000", "0.6", "13.5", "50", "—"]
