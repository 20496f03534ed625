"""Classes from pupils: the ceiling that standards ask for, and the size real schools use."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared import shared

from junheng.forecast.seat_balance.class_forming import count_classes, practised_sizes


def classes_of(pupils: list[float], size: float, pooled: bool = False) -> float:
    array = np.array(pupils, dtype=np.float32).reshape(1, -1, 1)
    mask = np.ones((1, len(pupils)), dtype=np.bool_)
    return float(count_classes(array, mask, np.full((1, 1, len(pupils)), size), pooled)[1][0, 0, 0])


@pytest.mark.parametrize(("pupils", "classes"), [(0, 0), (1, 1), (45, 1), (46, 2), (90, 2), (91, 3)])
def test_45_make_one_class_and_46_make_two(pupils: int, classes: int) -> None:
    assert classes_of([pupils], 45) == classes


def test_grades_do_not_fill_each_others_classes_unless_pooled() -> None:
    assert classes_of([20, 20, 20], 45) == 3
    assert classes_of([20, 20, 20], 45, pooled=True) == 2
    assert classes_of([10, 10, 10], 30, pooled=True) == 1


def test_nobody_and_grades_of_another_stage_need_no_class() -> None:
    pupils = np.array([[[np.nan], [46.0], [46.0]]], dtype=np.float32)
    mask = np.array([[True, True, False]])
    demand, classes = count_classes(pupils, mask, np.full((1, 1, 3), 45.0))
    assert (demand[0, 0], classes[0, 0, 0]) == (46.0, 2.0)


@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=6),
    st.integers(20, 60),
)
def test_classes_hold_everyone_and_none_could_be_spared(pupils: list[int], size: int) -> None:
    classes = classes_of([float(n) for n in pupils], size)
    assert classes == sum(-(-n // size) for n in pupils)
    assert classes * size >= sum(pupils)


def real_classes() -> pl.DataFrame:
    """School, grade, year, pupils and true number of classes; each row of the source is one class."""
    frame = pl.read_csv(shared("enrolment/ecasd_wi_school_grade.csv.gz"))
    return (
        frame.with_columns(year=pl.col("date").str.slice(0, 4).cast(pl.Int64))
        .group_by("school", "grade", "year")
        .agg(pupils=pl.col("n").sum().cast(pl.Int64), classes=pl.len().cast(pl.Int64))
        .sort("year", "school", "grade")
    )


def test_the_best_single_size_gives_the_true_number_in_three_cells_of_four() -> None:
    frame = real_classes()
    assert frame.height == 2070
    pupils, classes = frame["pupils"].to_numpy(), frame["classes"].to_numpy()
    shares = {size: float((np.ceil(pupils / size) == classes).mean()) for size in range(15, 40)}
    best = max(shares, key=lambda size: shares[size])
    assert best == 26
    assert shares[best] >= 0.745


def test_practised_sizes_learned_from_the_past_only_beat_the_best_single_size() -> None:
    """Each year from 1999 on is told from the years before it; the single size is chosen with hindsight."""
    frame = real_classes()
    columns = [frame[name] for name in ("school", "grade", "year", "pupils", "classes")]
    school, grade = columns[0].to_list(), columns[1].to_list()
    year, pupils, classes = (column.to_numpy() for column in columns[2:])
    right, single, count = 0, 0, 0
    for target in sorted(set(year.tolist()))[1:]:
        learned = practised_sizes(school, grade, year, pupils, classes, target - 1)
        for row in np.flatnonzero(year == target).tolist():
            right += learned.classes(school[row], grade[row], int(pupils[row])) == classes[row]
            single += -(-int(pupils[row]) // 26) == classes[row]
            count += 1
    assert count == 1980
    assert single / count < 0.745
    assert right / count >= 0.82


def test_a_school_without_a_past_leans_on_its_grade_and_then_on_everyone() -> None:
    years = np.array([2020] * 4)
    pupils, classes = np.array([50, 51, 24, 25]), np.array([2, 3, 1, 1])
    learned = practised_sizes(
        ["a", "a", "b", "b"], ["G01", "G01", "G02", "G02"], years, pupils, classes, 2020
    )
    assert learned.size("new", "G01") == learned.size("new", "G01")
    assert learned.classes("a", "G01", 51) == 3
    assert learned.classes("new", "G09", 0) == 0
    with pytest.raises(ValueError, match="no past"):
        practised_sizes(["a"], ["G01"], np.array([2021]), np.array([5]), np.array([1]), 2020)
