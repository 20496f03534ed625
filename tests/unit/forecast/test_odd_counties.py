"""Little or odd data gives a forecast that adds up, never a fault of ours and never a warning of numpy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from tests.unit.forecast.county import LAST, REGION, TOWNS, table, tables

from junheng import forecast, rules
from junheng.forecast.problem import Problem
from junheng.model import INPUTS

Tables = dict[str, pl.DataFrame]


def only(*kinds: str) -> Tables:
    given = tables(flows=False)
    schools = given["schools"].filter(pl.col("kind").is_in(list(kinds)))
    held = pl.col("school_id").is_in(schools["school_id"].to_list())
    return {**given, "schools": schools, "enrolment": given["enrolment"].filter(held)}


def with_rows(name: str, rows: list[dict[str, object]]) -> Tables:
    given = tables()
    return {**given, name: pl.concat([given[name], table(name, rows)])}


def cut(name: str, keep: pl.Expr) -> Tables:
    given = tables()
    return {**given, name: given[name].filter(keep)}


def changed(name: str, *columns: pl.Expr) -> Tables:
    given = tables()
    return {**given, name: given[name].with_columns(*columns)}


def county_births() -> Tables:
    given = tables()
    whole = given["births"].group_by("year", "month", "basis").agg(pl.col("births").sum())
    return {
        **given,
        "births": INPUTS["births"].conform(whole.with_columns(pl.lit(REGION.code).alias("area_code"))),
    }


def special() -> Tables:
    given = with_rows("schools", [{"school_id": "Z1", "name": "z", "kind": "513", "area_code": TOWNS[0]}])
    rows = [
        {"school_id": "Z1", "year": y, "grade": f"G0{g}", "pupils": (g * y) % 5}
        for y in range(2018, LAST + 1)
        for g in range(1, 10)
    ]
    return {**given, "enrolment": pl.concat([given["enrolment"], table("enrolment", rows)])}


def when(test: pl.Expr, value: object, column: str) -> pl.Expr:
    return pl.when(test).then(pl.lit(value)).otherwise(pl.col(column)).alias(column)


ODD: dict[str, Callable[[], Tables]] = {
    "no births in one town": lambda: changed("births", when(pl.col("area_code") == TOWNS[1], 0, "births")),
    "births of the county only": county_births,
    "births that begin late": lambda: cut("births", pl.col("year") >= 2018),
    "births that end early": lambda: cut("births", pl.col("year") <= 2012),
    "only kindergartens": lambda: only("111"),
    "only primary schools": lambda: only("211"),
    "only senior schools": lambda: only("342"),
    "junior and senior schools": lambda: only("311", "342"),
    "one year of counts": lambda: cut("enrolment", pl.col("year") >= LAST),
    "two years of counts": lambda: cut("enrolment", pl.col("year") >= LAST - 1),
    "a year nobody was counted": lambda: cut("enrolment", pl.col("year") != 2020),
    "a school that enters nobody": lambda: changed(
        "enrolment", when((pl.col("school_id") == "P1A") & (pl.col("grade") == "G01"), 0, "pupils")
    ),
    "a junior school to close": lambda: changed(
        "schools", pl.when(pl.col("school_id") == "J2").then(LAST + 3).cast(pl.Int32).alias("closed_year")
    ),
    "a nine-year school to open": lambda: with_rows(
        "schools",
        [{"school_id": "N9", "name": "n", "kind": "312", "area_code": TOWNS[0], "opened_year": LAST + 2}],
    ),
    "flows as shares": lambda: changed(
        "grade_flows", pl.lit(None, dtype=pl.Int64).alias("pupils"), pl.lit(0.5).alias("share")
    ),
    "a special school": special,
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", list(ODD))
def test_odd_counties_add_up(name: str):
    p = forecast.project(Problem.from_tables(ODD[name](), rules.load(), REGION), years=12, draws=20)
    assert p.check() == []
    for frame in p.tables.values():
        for column in frame.select(pl.col(pl.Float64)).iter_columns():
            assert not column.is_nan().any()
    for stage in ("kindergarten", "primary", "junior", "senior"):
        if p.rows_of("region", REGION.code, stage).size:
            found = p.explain(REGION.code, LAST + 9, stage)
            assert sum(found.parts.values()) == pytest.approx(found.change, abs=1e-6)


def test_a_closing_school_leaves_its_children_to_the_others():
    p = forecast.project(
        Problem.from_tables(ODD["a junior school to close"](), rules.load(), REGION), years=6, draws=20
    )
    plain = forecast.project(Problem.from_tables(tables(), rules.load(), REGION), years=6, draws=20)
    closed = p.problem.schools.index("J2")
    assert (p.cells[closed, 2:] == 0).all() and (p.cells[closed, :2] > 0).any()
    assert np.allclose(
        p.unit_draws("region", REGION.code, "junior"),
        plain.unit_draws("region", REGION.code, "junior"),
        rtol=1e-4,
    )
