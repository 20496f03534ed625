"""Young children, new dwellings, what is known, and who finds a seat."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.forecast.county import LAST, REGION, TOWNS, births_of, table, tables

from junheng import forecast, rules
from junheng.forecast.certainty import band, cohort_shares
from junheng.forecast.housing_yield import housing_children, occupied
from junheng.forecast.placement import StageRows, approved_seats, place
from junheng.forecast.problem import Problem


def problem(**parts: bool) -> Problem:
    return Problem.from_tables(tables(**parts), rules.load(), REGION)


def test_children_by_age_follow_births_and_towns_sum_to_the_county():
    p = forecast.project(problem(), years=8, draws=50)
    rows = p.tables["forecast_children"]
    assert set(rows["area_code"]) == {*TOWNS, REGION.code}
    one = {(r["area_code"], r["year"], r["age"]): r for r in rows.iter_rows(named=True)}
    year = LAST + 2
    town = one[TOWNS[0], year, 4]["p50"]
    assert town == pytest.approx(2 * births_of(0, year - 4) / 3 + births_of(0, year - 5) / 3, rel=0.06)
    parts = sum(one[code, year, 4]["mean"] for code in TOWNS)
    assert one[REGION.code, year, 4]["mean"] == pytest.approx(parts, rel=0.02)
    assert one[REGION.code, LAST + 8, 2]["share_unborn"] == 1.0
    assert one[REGION.code, LAST + 1, 8]["band"] == "known"


def test_counted_children_correct_the_path_from_births():
    given_ = tables()
    given_["population"] = table(
        "population",
        [
            {"area_code": code, "year": LAST, "age": age, "sex": "0", "basis": "resident",
             "persons": 2 * births_of(t, LAST - age)}
            for t, code in enumerate(TOWNS)
            for age in range(0, 10)
        ],
    )  # fmt: skip
    p = forecast.project(Problem.from_tables(given_, rules.load(), REGION), years=3, draws=50)
    rows = p.tables["forecast_children"].filter(p.tables["forecast_children"]["area_code"] == TOWNS[0])
    four = rows.filter((rows["age"] == 4) & (rows["year"] == LAST + 1))["p50"][0]
    assert four > 1.6 * births_of(0, LAST - 3)


def test_dwellings_fill_over_years_and_bring_children_once():
    book = rules.load().assumption("housing")
    path = [occupied(book, since) for since in (-1.0, 0.0, 1.0, 4.0, 20.0)]
    assert path == [0.0, 0.25, 0.55, 0.95, 0.95]
    here = problem(housing=True)
    years = tuple(range(LAST + 1, LAST + 11))
    start = np.zeros((len(here.schools), len(here.grades)))
    start[here.schools.index("P1A"), [here.grades.index(f"G{g:02d}") for g in range(1, 7)]] = 100.0
    flat = {here.grades.index(g): np.zeros(10) for g in ("K1", "G01", "G07", "G10")}
    added = housing_children(here, start, years, flat)
    by_grade = added[:, :, [here.grades.index(f"G{g:02d}") for g in range(1, 7)]].sum(axis=0)
    stock = np.zeros(6)
    for year in by_grade:
        stock = np.concatenate([[0.0], stock[:-1]]) + year
    full = 1000 * 0.95 * 0.95 * 0.24
    assert stock.sum() == pytest.approx(full, rel=0.02)
    assert (added >= 0).all() and (added[:, 0] == 0).all()


def test_shares_know_enrolled_then_born_then_unborn():
    shares = cohort_shares(problem(), None, tuple(range(LAST + 1, LAST + 16)))
    grades = problem().grades
    first = shares[:, :, grades.index("G01")]
    assert np.allclose(shares.sum(axis=0), 1.0)
    assert first[0, 0] == 1.0 and first[1, 4] == 1.0 and first[2, 8] == 1.0
    junior = shares[2, :, grades.index("G07")]
    assert junior[11] == 0.0 and junior[13] == 1.0


@pytest.mark.parametrize(
    ("known", "unborn", "expected"),
    [(0.7, 0.0, "known"), (2 / 3, 0.2, "known"), (0.5, 0.3, "partly"), (0.1, 0.5, "assumption")],
)
def test_bands(known: float, unborn: float, expected: str):
    assert band(known, unborn) == expected


@given(st.integers(0, 10_000))
def test_placing_keeps_children_and_fills_no_school_beyond_its_limit(seed: int):
    rng = np.random.default_rng(seed)
    rows = StageRows(np.arange(6), np.array([1, 1, 1, 1, 2, 2]))
    area = np.array([0, 0, 0, 1, 0, 1])
    demand = rng.gamma(2.0, 50.0, (6, 3, 5)).astype(np.float32)
    limit = np.where(rng.random((6, 3)) < 0.2, np.inf, rng.integers(0, 300, (6, 3)).astype(float))
    placed, waiting = place(demand, limit, rows, area)
    assert (placed <= np.maximum(limit[:, :, None], 0) + 1e-2).all() and (waiting >= 0).all()
    for group in ([0, 1, 2], [3], [4], [5]):
        assert np.allclose(
            (placed + waiting)[group].sum(axis=0), demand[group].sum(axis=0), rtol=1e-4, atol=1e-2
        )
    assert (waiting <= demand + 1e-2).all()


def test_seats_hold_until_the_next_row_and_closed_seats_are_none():
    given_ = tables()
    given_["seats"] = table(
        "seats",
        [
            {"school_id": "P1A", "stage": "primary", "year": 2020, "seats_approved": 500, "status": "open"},
            {
                "school_id": "P1A",
                "stage": "primary",
                "year": LAST + 3,
                "seats_approved": 700,
                "status": "approved",
            },
            {
                "school_id": "P1A",
                "stage": "primary",
                "year": LAST + 5,
                "seats_approved": 700,
                "status": "closed",
            },
        ],
    )
    here = Problem.from_tables(given_, rules.load(), REGION)
    rows = StageRows(np.array([here.schools.index("P1A"), 0]), np.array([1, 0]))
    seats = approved_seats(here, rows, tuple(range(LAST + 1, LAST + 7)))
    assert seats[0].tolist() == [500, 500, 700, 700, 0, 0] and np.isinf(seats[1]).all()
