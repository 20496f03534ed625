"""Reading a long table: spellings, blanks, and every fault at once."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.forecast import panels

from junheng.forecast.backtest_messages import MESSAGES
from junheng.forecast.grade_labels import grade_code
from junheng.forecast.panel import Panel
from junheng.model.errors import BadData
from junheng.model.reason import words


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("k", "K3"), ("K", "K3"), ("KG", "K3"), ("PK", "K2"), ("EE", "K1"), ("K1", "K1"), ("K0", "K0"),
        ("g01", "G01"), ("G1", "G01"), ("1", "G01"), ("01", "G01"), ("1.0", "G01"), ("12", "G12"),
        ("Grade 1", "G01"), ("grade k", "K3"), ("1st grade", "G01"), ("0", "K3"), ("g00", "K3"),
        ("一年级", "G01"), ("十二年级", "G12"), ("初一", "G07"),
        ("高三", "G12"), ("大班", "K3"), ("１", "G01"),
        ("13", None), ("G13", None),
        ("初四", None), ("", None), ("ungraded", None), ("total", None), ("-1", None),
    ],
)  # fmt: skip
def test_grade_spellings(label: str, code: str | None) -> None:
    assert grade_code(label) == code


def test_blank_is_never_zero() -> None:
    frame = pl.DataFrame(
        {
            "Unit": ["a"] * 6,
            "YEAR": ["2015", "2016", "2017", "2015", "2016", "2017"],
            "grade": ["1", "1", "1", "2", "2", "2"],
            "pupils": ["10", None, "12", "9", "", "0"],
        }
    )
    panel = Panel.from_long(frame)
    assert panel.grades == ("G01", "G02")
    np.testing.assert_array_equal(panel.pupils[0, :, 0], [10, np.nan, 12])
    np.testing.assert_array_equal(panel.pupils[0, :, 1], [9, np.nan, 0])
    assert panel.counted.tolist() == [[True, False, True]]
    assert panel.totals[0, 0] == 19


def test_zeros_before_opening_and_untaught_grades_are_not_data() -> None:
    counts = np.array([[[0, 0, 0], [0, 0, 0], [20, 0, 0], [21, 19, 0]], [[5, 5, 5]] * 4])
    panel = Panel.from_long(panels.long(counts))
    assert np.isnan(panel.pupils[0, :2]).all()
    assert np.isnan(panel.pupils[0, :, 2]).all()
    assert panel.pupils[0, 2, 1] == 0


def test_gaps_in_years_and_grades_are_filled_with_nothing() -> None:
    frame = pl.DataFrame({"unit": ["a", "a"], "year": [2010, 2013], "grade": ["K", "G02"], "pupils": [5, 6]})
    panel = Panel.from_long(frame)
    assert panel.years == (2010, 2011, 2012, 2013)
    assert panel.grades == ("K3", "G01", "G02")
    assert int((~np.isnan(panel.pupils)).sum()) == 2


def test_every_fault_at_once_with_its_row() -> None:
    frame = pl.DataFrame(
        {
            "unit": ["a", "a", "a", None, "a", "a", "a", "a"],
            "year": ["2015", "2024-2025", "2015", "2015", "2015", "2016", "2015", "20x6"],
            "grade": ["1", "1", "ungraded", "1", "2", "1", "1", "1"],
            "pupils": ["10", "10", "10", "10", "-3", "2.5", "11", "many"],
        }
    )
    with pytest.raises(BadData) as caught:
        Panel.from_long(frame)
    found = {(finding.code, finding.row) for finding in caught.value.findings}
    assert found == {
        ("backtest_year_unreadable", 3),
        ("backtest_grade_unknown", 4),
        ("backtest_unit_missing", 5),
        ("backtest_pupils_negative", 6),
        ("backtest_pupils_fractional", 7),
        ("backtest_key_repeated", 8),
        ("backtest_year_unreadable", 9),
        ("backtest_pupils_not_number", 9),
    }
    for finding in caught.value.findings:
        for language in ("zh", "en"):
            assert str(finding.row) in words(MESSAGES, finding.code, finding.parameters, language)  # type: ignore[arg-type]
    assert words(MESSAGES, caught.value.code, caught.value.parameters, "en").startswith(
        "The table holds 8 faults"
    )


def test_missing_columns_are_all_named() -> None:
    with pytest.raises(BadData) as caught:
        Panel.from_long(pl.DataFrame({"unit": ["a"], "grade": ["1"]}))
    assert [finding.column for finding in caught.value.findings] == ["year", "pupils"]


@pytest.mark.parametrize("pupils", [[], [None, None], [0, 0]])
def test_nothing_to_learn_from(pupils: list[int | None]) -> None:
    count = len(pupils)
    frame = pl.DataFrame(
        {"unit": ["a"] * count, "year": [2015] * count, "grade": ["1", "2"][:count], "pupils": pupils},
        schema={"unit": pl.String, "year": pl.Int64, "grade": pl.String, "pupils": pl.Int64},
    )
    with pytest.raises(BadData) as caught:
        Panel.from_long(frame)
    assert caught.value.code == "backtest_empty"


def test_a_million_faults_give_a_short_report() -> None:
    frame = panels.cohorts(40, 10, 6).with_columns(pupils=pl.lit("-1"))
    with pytest.raises(BadData) as caught:
        Panel.from_long(frame)
    assert caught.value.parameters["faults"] == frame.height
    assert len(caught.value.findings) == 200


@given(st.permutations(list(range(24))))
def test_row_order_changes_nothing(order: list[int]) -> None:
    frame = panels.cohorts(3, 4, 2)
    assert frame.height == 24
    one, two = Panel.from_long(frame), Panel.from_long(frame[order])
    assert one.units == two.units
    assert one.pupils.tobytes() == two.pupils.tobytes()


@given(st.text(max_size=12))
def test_no_spelling_breaks_the_reader(label: str) -> None:
    code = grade_code(label)
    assert code is None or code[0] in "KG"
    frame = pl.DataFrame({"unit": ["a"], "year": [label], "grade": [label], "pupils": [label]})
    with pytest.raises(BadData):
        Panel.from_long(frame)
