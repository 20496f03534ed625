"""Special schools: no cohorts of their own, a stable share of all pupils, a range that widens smoothly."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest
from tests.unit.forecast.county import FIRST, LAST, REGION, TOWNS, table, tables

from junheng import forecast, rules
from junheng.forecast.problem import Problem
from junheng.forecast.result import Projection

CODE = "T1"


@cache
def county() -> Projection:
    given = tables(noise=0.03)
    rng = np.random.default_rng(3)
    school = {"school_id": CODE, "name": CODE, "kind": "514", "area_code": TOWNS[0], "opened_year": 1990}
    rows = [
        {
            "school_id": CODE,
            "year": year,
            "grade": f"G{grade:02d}",
            "pupils": int(rng.poisson(10)),
            "classes": 1,
        }
        for year in range(FIRST, LAST + 1)
        for grade in range(1, 10)
    ]
    given["schools"] = pl.concat([given["schools"], table("schools", [school])])
    given["enrolment"] = pl.concat([given["enrolment"], table("enrolment", rows)])
    return forecast.project(Problem.from_tables(given, rules.load(), REGION), years=15, draws=600)


def ranges() -> pl.DataFrame:
    return (
        county()
        .tables["forecast_enrolment"]
        .filter((pl.col("unit_code") == CODE) & (pl.col("grade") == "all"))
        .sort("lead")
    )


def test_it_keeps_its_share_of_pupils_of_the_grades_it_teaches():
    p = county()
    u = p.problem.schools.index(CODE)
    grades = [p.problem.grades.index(f"G{g:02d}") for g in range(1, 10)]
    others = np.delete(p.central, u, axis=0)[:, :, grades].sum(axis=(0, 2))
    share = p.central[u].sum(axis=1) / others
    assert others[-1] < 0.8 * others[0]
    np.testing.assert_allclose(share, share[0], rtol=1e-6)


def test_its_range_widens_smoothly_and_stays_sensible():
    frame = ranges()
    near, wide = (
        np.log(frame[high].to_numpy() / frame[low].to_numpy())
        for high, low in (("p90", "p10"), ("p97_5", "p2_5"))
    )
    assert np.diff(near).min() > -0.06
    assert np.diff(near).max() < 0.16
    assert near[0] == pytest.approx(0.3, abs=0.12)
    assert 0.6 < near[-1] < 1.2
    assert (wide < 2.2 * near).all()


def test_the_middle_of_its_draws_is_its_central_path():
    p = county()
    u = p.problem.schools.index(CODE)
    np.testing.assert_allclose(ranges()["p50"].to_numpy(), p.central[u].sum(axis=1), rtol=0.06)


def test_its_grades_are_never_wider_than_small_numbers_ask():
    p = county()
    cells = p.tables["forecast_enrolment"].filter((pl.col("unit_code") == CODE) & (pl.col("grade") == "G05"))
    last = cells.sort("lead").tail(1)
    assert last["p97_5"][0] < 6 * last["p50"][0]
    assert p.check() == []
