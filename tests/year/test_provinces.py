"""China by province: births, entrants and pupils 2000-2019; Beijing as the case of migration."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.year.commands import FEW_DRAWS, annual_run, done, findings, page_text, region, region_totals, table

from junheng import forecast, rules
from junheng.data import Workspace
from junheng.forecast.problem import Problem

FILES = ("普通小学基本情况", "初中基本情况", "普通高中基本情况", "人口出生率、死亡率和自然增长率", "总人口")
ORIGINS = range(2013, 2019)
RECORDED = (1.25, 2.7, 4.2, 6.0, 7.7)
"""Bounds of the mean absolute percentage error of primary pupils at leads 1-5."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = [f"china/nbs/province/{name}.csv" for name in FILES]
    return region(tmp_path_factory.mktemp("cn"), "10", "provinces", *files)


@pytest.fixture(scope="module")
def run(workspace: Path) -> Path:
    return annual_run(workspace, *FEW_DRAWS)


def test_breaks_of_level_are_known_by_code(run: Path) -> None:
    breaks = set(findings(run, "level_break").select("unit_code", "year").rows())
    assert {("110000", 2007), ("230000", 2013), ("310000", 2004)} <= breaks


def test_provinces_add_up_to_the_country(run: Path) -> None:
    frame = table(run, "forecast_enrolment")
    areas, whole = (
        frame.filter(pl.col("unit_kind") == kind).group_by("year", "stage").agg(pl.col("mean").sum())
        for kind in ("area", "region")
    )
    both = areas.join(whole, on=["year", "stage"])
    assert both.height == 45 and frame.filter(pl.col("unit_kind") == "area")["unit_code"].n_unique() == 31
    assert (both["mean"] / both["mean_right"] - 1.0).abs().max() < 1e-4  # pyright: ignore[reportOperatorIssue]


def test_the_wave_passes_through_the_stages_and_nobody_stays_for_ever(run: Path) -> None:
    """Births fell after 2017: primary peaks first, junior after it, and fewer sit there in the end."""
    paths = {
        str(stage): dict(rows.select("year", "p50").iter_rows())
        for (stage,), rows in region_totals(run).group_by("stage")
    }
    peak = {stage: max(path, key=lambda year: path[year]) for stage, path in paths.items()}
    assert 2022 <= peak["primary"] <= 2026 < peak["junior"] <= 2032
    assert 40e6 < paths["primary"][2034] < 80e6 < paths["primary"][2020]
    assert max(paths["junior"].values()) < 0.55 * max(paths["primary"].values())


def test_what_is_missing_is_said(run: Path) -> None:
    text = page_text(run)
    assert "年龄" in text or "人口 population" in text
    assert findings(run, "table_would_narrow").height == 1


def test_a_province_is_explained(workspace: Path) -> None:
    told = done("forecast", "explain", workspace, "110000", "2024", "primary", *FEW_DRAWS).out
    assert ("出生" in told and "110000" in told) or "北京" in told


def test_rolling_origins_of_primary_pupils_hold_the_recorded_rows(workspace: Path) -> None:
    opened = Workspace.open(workspace)
    tables = opened.tables()
    primary = (pl.col("stage") == "primary") & (pl.col("unit_kind") == "area")
    counted = (
        tables["area_enrolment"]
        .filter(pl.col("stage") == "primary")
        .select("year", "pupils", unit_code="area_code")
        .drop_nulls()
    )
    scored: list[pl.DataFrame] = []
    for origin in ORIGINS:
        problem = Problem.from_tables(tables, rules.load(), opened.region, origin_year=origin)
        made = forecast.project(problem, years=5, draws=400).tables["forecast_enrolment"].filter(primary)
        last = counted.filter(pl.col("year") == origin).select("unit_code", last="pupils")
        scored.append(made.join(counted, on=["unit_code", "year"]).join(last, on="unit_code"))
    errors = (
        pl.concat(scored)
        .group_by("lead")
        .agg(
            number=pl.len(),
            ours=100 * (pl.col("p50") / pl.col("pupils") - 1).abs().mean(),
            carry_forward=100 * (pl.col("last") / pl.col("pupils") - 1).abs().mean(),
        )
        .sort("lead")
    )
    assert errors["number"].to_list() == [31 * min(len(ORIGINS), 7 - lead) for lead in range(1, 6)]
    for row, bound in zip(errors.iter_rows(named=True), RECORDED, strict=True):
        assert row["ours"] <= bound and row["ours"] < 0.8 * row["carry_forward"], errors


def test_blank_entrants_are_not_zero(run: Path, workspace: Path) -> None:
    """Entrants of 2015, 2016, 2018 and 2019 are blank: a zero would halve the forecast of the next years."""
    told = findings(run, "entrants_blank")["year"].unique().to_list()
    assert {2015, 2016, 2018, 2019} <= set(told)
    rows = Workspace.open(workspace).tables()["area_enrolment"]
    last = rows.filter((pl.col("year") == 2019) & (pl.col("stage") == "primary"))["pupils"].sum()
    first = region_totals(run).filter((pl.col("year") == 2020) & (pl.col("stage") == "primary"))["p50"].item()
    assert abs(first / last - 1.0) < 0.04
