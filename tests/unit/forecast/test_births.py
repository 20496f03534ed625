"""Births: one basis, exact months, cohorts of a school year, paths beyond the records."""

from __future__ import annotations

import numpy as np
import polars as pl
from tests.unit.forecast.county import LAST, REGION, TOWNS, births_of, cohort, table, tables

from junheng import rules
from junheng.forecast.births import births_path, deviations
from junheng.forecast.problem import Problem


def path_of(given, years=15, book=True):
    problem = Problem.from_tables(given, rules.load() if book else None, REGION)
    path = births_path(problem, years)
    assert path is not None
    return problem, path


def test_a_cohort_is_two_thirds_and_one_third():
    _, path = path_of(tables())
    assert np.allclose(path.cohort(6, 2025), [cohort(0, 2025), cohort(1, 2025)])
    assert np.isnan(path.cohort(6, 1990)).all()


def test_months_are_exact_where_they_exist():
    given = tables()
    monthly = [
        {"area_code": TOWNS[0], "year": y, "month": m, "basis": "certificate", "births": 10 + m}
        for y in (2018, 2019)
        for m in range(1, 13)
    ]
    yearly = given["births"].filter(~((pl.col("area_code") == TOWNS[0]) & pl.col("year").is_in([2018, 2019])))
    given["births"] = pl.concat([yearly, table("births", monthly)])
    _, path = path_of(given)
    # six on 31 August 2025: January-August 2019 and September-December 2018
    assert path.cohort(6, 2025)[0] == sum(10 + m for m in range(1, 9)) + sum(10 + m for m in range(9, 13))


def test_months_off_their_year_are_told():
    given = tables()
    monthly = [
        {"area_code": TOWNS[0], "year": 2018, "month": m, "basis": "certificate", "births": 1}
        for m in range(1, 13)
    ]
    given["births"] = pl.concat([given["births"], table("births", monthly)])
    _, path = path_of(given)
    assert [finding.code for finding in path.findings] == ["months_off_year"]


def test_bases_never_mix():
    given = tables()
    other = [
        {"area_code": code, "year": y, "month": 0, "basis": "registration", "births": 9999}
        for code in TOWNS
        for y in (2024, 2025)
    ]
    given["births"] = pl.concat([given["births"], table("births", other)])
    _, path = path_of(given)
    assert path.basis == "certificate" and path.total[0, path.years.index(2024)] == births_of(0, 2024)
    assert [finding.code for finding in path.findings] == ["births_bases_apart"]


def test_beyond_the_records_births_follow_the_national_path_from_their_own_level():
    _, path = path_of(tables())
    ahead = path.total[0, path.years.index(LAST + 1) :] / path.total[0, path.years.index(LAST)]
    assert 0.9 < ahead[0] < 1.25 and (path.total > 0).all()
    _, flat = path_of(tables(), book=False)
    assert np.allclose(np.diff(flat.total[0, flat.years.index(LAST + 1) :]), 0.0)


def test_women_carry_births_where_they_are_counted():
    given = tables()
    rows = [
        {"area_code": code, "year": 2025, "age": age, "sex": "2", "basis": "resident",
         "persons": 400 if age >= 20 else 100}
        for code in TOWNS
        for age in range(0, 50)
    ]  # fmt: skip
    given["population"] = table("population", rows)
    _, path = path_of(given)
    assert path.from_women
    late, now = path.total[0, path.years.index(2038)], path.total[0, path.years.index(2026)]
    assert late < 0.55 * now  # few girls grow into the ages of bearing


def test_uncertainty_starts_at_zero_and_grows():
    problem, path = path_of(tables())
    shocks = deviations(path, problem, 1, 2000)
    spread = shocks.std(axis=1)
    assert (spread[: path.years.index(LAST) + 1] == 0).all()
    ahead = spread[path.years.index(LAST) + 1 :]
    assert (np.diff(ahead[:10]) > 0).all() and 0.12 < ahead[9] < 0.30
    assert np.allclose(ahead, path.sd[path.years.index(LAST) + 1 :], rtol=0.08)
    national = rules.load().assumption("fertility")["log_sd"]
    assert ahead[9] > 0.8 * float({int(k): v for k, v in national.items()}[2035])
