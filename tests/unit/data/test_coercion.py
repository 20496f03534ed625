"""Strings into declared types."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.data.coercion import coerce, dates
from junheng.data.vocabulary import grade_columns, label, names_of_codes
from junheng.model import INPUTS
from junheng.model.codes import CODE_LISTS


def one(table: str, column: str, *values: str | None) -> tuple[list[object], list[str]]:
    """Typed values of a column, and the codes of the faults."""
    done = coerce(INPUTS[table], pl.DataFrame({column: list(values)}, schema={column: pl.String}))
    return done.frame[column].to_list(), done.faults["code"].to_list()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("270", 270),
        ("２７０", 270),
        ("1,234,567", 1234567),
        ("１，２３４", 1234),
        ("270.0", 270),
        (" 270 ", 270),
        ("270人", 270),
        ("+5", 5),
        ("1e3", 1000),
        ("1 200", 1200),
        ("　33", 33),
        ("0", 0),
    ],
)
def test_numbers(text: str, number: int) -> None:
    assert one("enrolment", "boarders", text) == ([number], [])


@pytest.mark.parametrize("text", ["", " ", "-", "—", "/", "N/A", "无数据", "…", "　", None])
def test_marks_of_absence_are_never_zero(text: str | None) -> None:
    assert one("enrolment", "boarders", text) == ([None], [])


@given(st.integers(-(10**9), 10**9))
def test_every_integer_comes_back(number: int) -> None:
    assert one("births", "births", str(number), f"{number:,}", f"{number}.0") == ([number] * 3, [])


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2025", 2025),
        ("2025年", 2025),
        ("2025学年", 2025),
        ("2025-2026学年", 2025),
        ("2025/26", 2025),
        ("2025—2026学年度", 2025),
        ("２０２５", 2025),
        ("2025.0", 2025),
        ("2025-09-01", 2025),
    ],
)
def test_years(text: str, year: int) -> None:
    assert one("enrolment", "year", text) == ([year], [])


@pytest.mark.parametrize(
    "text",
    ["2025-09-01", "2025/9/1", "2025.9.1", "2025年9月1日", "20250901", "2025-09-01 00:00:00", "45901"],
)
def test_dates(text: str) -> None:
    assert dates(pl.Series([text])).to_list() == [date(2025, 9, 1)]


def test_dates_that_are_none() -> None:
    assert dates(pl.Series(["2025-02-30", "九月", "7", None])).to_list() == [None] * 4


@pytest.mark.parametrize("name", sorted(CODE_LISTS))
def test_every_code_by_itself_and_by_both_names(name: str) -> None:
    words = names_of_codes(name)
    for code, (chinese, english) in CODE_LISTS[name].entries.items():
        assert [words[label(text)] for text in (code, chinese, english)] == [code] * 3


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("一年级", "G01"),
        ("初一", "G07"),
        ("高三", "G12"),
        ("大班", "K3"),
        ("Grade K", "K3"),
        ("PK", "K2"),
        ("g09", "G09"),
        ("1", "G01"),
        ("Grade 5", "G05"),
        ("七年级", "G07"),
        ("小一", "G01"),
        ("EE", "K1"),
    ],
)
def test_spellings_of_grades(text: str, grade: str) -> None:
    assert one("enrolment", "grade", text) == ([grade], [])


def test_bare_numbers_are_no_grade_headings() -> None:
    assert "1" not in grade_columns() and "g01" in grade_columns()


def test_the_dust_of_floating_point_is_no_fraction() -> None:
    assert one("enrolment", "boarders", "3.0000000000000004", "262.00000000000006") == ([3, 262], [])
    assert one("enrolment", "boarders", "3.001") == ([None], ["intake.fractional"])


def test_flags_and_shares() -> None:
    assert one("schools", "boarding", "是", "否", "√", "no")[0] == [True, False, True, False]
    assert one("school_events", "share", "85%", "0.5") == ([0.85, 0.5], [])
    assert one("schools", "boarding", "也许") == ([None], ["intake.not_a_flag"])


def test_identifiers_stay_strings() -> None:
    assert one("schools", "school_id", "0012", "A-1", "１２") == (["0012", "A-1", "12"], [])
    assert one("schools", "school_id", "610245.0") == (["610245"], ["intake.identifier_tail"])
    assert one("schools", "school_id", "75E010") == (["75E010"], [])
    assert one("schools", "school_id", "2199000001000000000")[1] == ["intake.identifier_cut_off"]
