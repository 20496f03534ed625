"""Tier D: provinces by stage, breaks found, blanks never zero, births that win over carrying forward."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.shared import shared

from junheng import forecast, rules
from junheng.forecast.area_level.area_totals import forecasts_at, read_series
from junheng.forecast.area_level.level_breaks import find_breaks
from junheng.forecast.births import births_path
from junheng.forecast.problem import Problem
from junheng.forecast.result import Projection
from junheng.forecast.scenarios.levers import Lever
from junheng.model import INPUTS, OUTPUTS, Region
from junheng.model.errors import Refused

NATION = Region("00", "全国")


def provinces() -> dict[str, pl.DataFrame]:
    """Primary and junior schools and births of 31 provinces, as an office's own yearbook tables."""
    folder = shared("china/nbs/province")
    parts: list[pl.DataFrame] = []
    for file, stage in (("普通小学基本情况.csv", "primary"), ("初中基本情况.csv", "junior")):
        raw = pl.read_csv(folder / file, infer_schema_length=0)
        columns = {"entrants": "招生数", "pupils": "在校", "graduates": "毕业"}
        found = {name: next(c for c in raw.columns if part in c) for name, part in columns.items()}
        parts.append(
            raw.select(
                pl.col("省份编码").alias("area_code"),
                pl.col("年份").cast(pl.Int32).alias("year"),
                pl.lit(stage).alias("stage"),
                *[
                    (pl.col(c).cast(pl.Float64, strict=False) * 10000).round().cast(pl.Int64).alias(name)
                    for name, c in found.items()
                ],
            )
        )
    rate = pl.read_csv(folder / "人口出生率、死亡率和自然增长率.csv", infer_schema_length=0)
    people = pl.read_csv(folder / "总人口.csv", infer_schema_length=0)
    births = rate.join(people, on=["省份编码", "年份"]).select(
        pl.col("省份编码").alias("area_code"),
        pl.col("年份").cast(pl.Int32).alias("year"),
        pl.lit(0, dtype=pl.Int32).alias("month"),
        pl.lit("statistics").alias("basis"),
        (pl.col("人口出生率(‰)").cast(pl.Float64,
                                 strict=False) * pl.col("年末常住人口(万人)").cast(pl.Float64,
                                                                                       strict=False) * 10)
        .round()
        .cast(pl.Int64)
        .alias("births"),
    )  # fmt: skip
    areas = people.select(pl.col("省份编码").alias("area_code"), pl.col("省份").alias("name")).unique()
    return {
        "area_enrolment": INPUTS["area_enrolment"].conform(pl.concat(parts)),
        "births": INPUTS["births"].conform(births.filter(pl.col("births").is_not_null())),
        "areas": INPUTS["areas"].conform(areas.with_columns(pl.lit("province").alias("level"))),
    }


@cache
def nation() -> Projection:
    return forecast.project(Problem.from_tables(provinces(), rules.load(), NATION), years=12, draws=200)


def test_the_three_known_breaks_of_primary_school_are_found_and_no_other():
    found = nation().tables["forecast_findings"].filter(pl.col("code") == "level_break")
    primary = found.filter(pl.col("parameters").str.contains('"primary"'))
    assert sorted(primary.select("unit_code", "year").iter_rows()) == [
        ("110000", 2007), ("230000", 2013), ("310000", 2004),
    ]  # fmt: skip


def test_births_win_over_carrying_forward_at_leads_one_to_four():
    problem = nation().problem
    births = births_path(problem, 5)
    series = read_series(problem, births, 5)
    ours: dict[int, list[float]] = {h: [] for h in range(1, 6)}
    carry: dict[int, list[float]] = {h: [] for h in range(1, 6)}
    for at in range(2013 - problem.panel.years[0], 2019 - problem.panel.years[0]):
        for made in forecasts_at(series, at, 5):
            if made.series.stage != "primary":
                continue
            for h in range(1, 6):
                if at + h < len(made.series.pupils):
                    actual = made.series.pupils[at + h]
                    ours[h].append(abs(made.central[h - 1] / actual - 1))
                    carry[h].append(abs(made.series.pupils[at] / actual - 1))
    for h in (1, 2, 3, 4):
        assert np.nanmean(ours[h]) < np.nanmean(carry[h])
    for h, recorded in ((1, 0.0154), (2, 0.0345), (3, 0.0568), (4, 0.0825), (5, 0.1134)):
        assert np.nanmean(ours[h]) < recorded


def test_tables_are_as_declared_and_say_tier_d():
    p = nation()
    assert p.check() == [] and p.problem.tier == "D"
    table = p.tables["forecast_enrolment"]
    for name, frame in p.tables.items():
        assert frame.schema == OUTPUTS[name].schema(), name
    assert set(table["tier"]) == {"D"} and set(table["unit_kind"]) == {"area", "region"}
    region = table.filter((pl.col("unit_kind") == "region") & (pl.col("stage") == "primary")).sort("year")
    areas = table.filter((pl.col("unit_kind") == "area") & (pl.col("stage") == "primary"))
    assert region["mean"][0] == pytest.approx(areas.filter(pl.col("lead") == 1)["mean"].sum(), rel=1e-4)


def test_explanations_sum_and_a_scenario_of_births_moves_entry_late():
    p = nation()
    found = p.explain("110000", 2024, "primary")
    assert sum(found.parts.values()) == pytest.approx(found.change, abs=1e-6)
    fewer = forecast.what_if(p, [Lever("FertilityShift", "region", "00", 2020, parameters={"factor": "0.8"})])
    before, after = p.areas_central["110000", "primary"], fewer.areas_central["110000", "primary"]
    assert np.allclose(after[:5], before[:5]) and (after[8:] < before[8:]).all()
    with pytest.raises(Refused, match="lever_needs_schools"):
        forecast.what_if(p, [Lever("Close", "school", "x", 2020)])


@pytest.mark.parametrize(
    ("jump", "years", "expected"),
    [(1.41, 2007, [2007]), (0.83, 2013, [2013]), (1.05, 2010, []), (1.14, 2010, [])],
)
def test_a_break_is_a_jump_its_years_do_not_share(jump: float, years: int, expected: list[Any]):
    span = tuple(range(2000, 2020))
    pupils = 500_000 * 1.01 ** np.arange(20)
    pupils[years - 2000 :] *= jump
    assert [found.year for found in find_breaks(pupils, span)] == expected
    assert find_breaks(pupils / 1000, span) == ()
