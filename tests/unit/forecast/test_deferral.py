"""Children who enter school at seven: a share of each cohort comes a year late, and none is lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.forecast.county import LAST, REGION, TOWNS, cohort, tables

from junheng import rules
from junheng.forecast.births import births_path
from junheng.forecast.preparation import prepare
from junheng.forecast.problem import Problem

YEARS = range(LAST - 3, LAST + 4)


def problem(share: float) -> Problem:
    given = Problem.from_tables(tables(), rules.load(), REGION)
    entry = {**given.assumption("entry"), "deferral_share": share}
    return replace(given, assumptions={**given.assumptions, "entry": entry})


@pytest.mark.parametrize("share", [0.0, 0.2, 1.0])
def test_a_share_of_each_cohort_comes_a_year_late(share: float):
    path = births_path(problem(share), 10)
    assert path is not None
    for town, code in enumerate(TOWNS):
        for year in YEARS:
            found = path.entering("G01", year)[path.areas.index(code)]
            wanted = (1 - share) * cohort(town, year) + share * cohort(town, year - 1)
            assert found == pytest.approx(wanted, rel=1e-6)


def test_only_grade_one_waits():
    path = births_path(problem(0.2), 10)
    assert path is not None
    for grade, age in (("K1", 3), ("G07", 12)):
        np.testing.assert_array_equal(path.entering(grade, LAST), path.cohort(age, LAST))


def test_entrants_follow_the_later_cohort_and_the_yield_is_learnt_with_it():
    given = problem(1.0)
    prepared = prepare(given, 6)
    pools = prepared.births_pools[given.grades.index("G01")]
    for p, code in enumerate(pools.codes):
        town = TOWNS.index(code)
        ahead = [cohort(town, year - 1) for year in prepared.years]
        np.testing.assert_allclose(pools.entrants[p] / pools.rate[p], ahead, rtol=1e-6)
