"""No child is lost or made between one year and the next, and classes fit into rooms."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.data.examples.capacity import classes
from junheng.model.stages import GRADES


def test_children_are_conserved(simulated):
    _, history, _ = simulated
    total = history.children.sum(axis=(0, 1))
    balance = history.balance
    change = balance["births"] + balance["arrivals"] - balance["departures"] - balance["grown"]
    assert (total[1:] - total[:-1] == change[1:]).all()
    assert (history.children >= 0).all() and (history.pupils >= 0).all()


def test_newborns_are_the_births_of_the_twelve_months(simulated, recipe):
    born, history, _ = simulated
    for at, year in enumerate(recipe.years):
        before, now = born.monthly[:, year - 1 - born.first_year], born.monthly[:, year - born.first_year]
        assert (history.children[:, 0, at] == before[:, 8:].sum(axis=1) + now[:, :8].sum(axis=1)).all()


def test_no_grade_holds_more_than_its_children(simulated):
    _, history, _ = simulated
    for grade in range(len(GRADES)):
        pupils = history.pupils[:, :, grade].sum(axis=(0, 1))
        assert (pupils <= history.children[:, grade + 2].sum(axis=0)).all()


def test_pupils_of_a_closing_school_go_where_the_recipe_says(simulated, recipe):
    _, history, _ = simulated
    for event in recipe["events"]:
        if event["event"] != "merge" or event["year"] > recipe.years[-1]:
            continue
        source = recipe.schools.index(recipe.school(event["school"]))
        at = event["year"] - history.first
        assert history.pupils[:, source, :, at - 1].sum() > 0
        assert history.pupils[:, source, :, at:].sum() == 0


def test_flows_sum_to_the_grade_they_leave(tables, recipe):
    enrolment = tables["enrolment"].select("school_id", pl.col("year") + 1, from_grade="grade", left="pupils")
    sums = tables["grade_flows"].group_by("from_school_id", "year", "from_grade").agg(pl.col("pupils").sum())
    beside = sums.join(
        enrolment,
        left_on=["from_school_id", "year", "from_grade"],
        right_on=["school_id", "year", "from_grade"],
    )
    assert beside.height == sums.height
    last = {school.id: school.grades[-1] for school in recipe.schools}
    ends = beside.filter(
        pl.col("from_grade") == pl.col("from_school_id").replace_strict(last, return_dtype=pl.String)
    )
    assert ends.height > 300 and (ends["pupils"] == ends["left"]).all()
    assert (beside["pupils"] <= beside["left"]).all()


def test_no_school_takes_in_fewer_than_flow_to_it(tables):
    taken = (
        tables["grade_flows"]
        .filter(pl.col("to_school_id") != "outside")
        .with_columns(grade=pl.col("from_grade").replace_strict(dict(itertools.pairwise(GRADES)), default=""))
        .group_by(school_id="to_school_id", year="year", grade="grade")
        .agg(taken=pl.col("pupils").sum())
    )
    beside = taken.join(tables["enrolment"], on=["school_id", "year", "grade"], how="left")
    assert beside["pupils"].null_count() == 0
    assert (beside["taken"] <= beside["pupils"]).all()


@pytest.mark.parametrize(
    ("pupils", "limit", "expected"),
    [
        ([45, 45], 4, [1, 1]),
        ([46, 45], 4, [2, 1]),
        ([46, 45], 2, [1, 1]),
        ([135, 100, 90], 7, [3, 2, 2]),  # the grade least crowded by it gives up a class
        ([3, 0, 5], 1, [1, 0, 1]),  # a grade with pupils keeps a class
    ],
)
def test_classes(pupils, limit, expected):
    assert classes(pupils, [45] * len(pupils), limit) == expected


@given(st.lists(st.integers(0, 400), min_size=1, max_size=6), st.integers(1, 40))
def test_classes_are_enough_and_never_more_than_pupils(pupils, limit):
    found = classes(pupils, [45] * len(pupils), limit)
    wanted = [-(-p // 45) for p in pupils]
    assert all(0 <= c <= w for c, w in zip(found, wanted, strict=True))
    assert all((c > 0) == (p > 0) for c, p in zip(found, pupils, strict=True))
    if sum(wanted) <= limit:
        assert found == wanted
    else:
        assert sum(found) == max(limit, np.count_nonzero(pupils))
