"""Twelve hundred districts, two thousand schools: the same commands, and what is known to be odd is told."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest
from tests.year.commands import (
    FEW_DRAWS,
    annual_run,
    assert_plausible,
    counted_by_stage,
    findings,
    region,
    run_without_documents,
    table,
)

STAGES = {
    "kindergarten": ("K1", "K2", "K3"),
    "primary": ("G01", "G02", "G03", "G04", "G05", "G06"),
    "junior": ("G07", "G08", "G09"),
    "senior": ("G10", "G11", "G12"),
}


@pytest.fixture(scope="module")
def texas(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    file = "enrolment/tx_district_grade_2013_2022.csv.gz"
    workspace = region(tmp_path_factory.mktemp("tx"), "48", "texas", file)
    return workspace, annual_run(workspace, *FEW_DRAWS)


@pytest.fixture(scope="module")
def new_york(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    file = "enrolment/nyc_school_grade_2006_2018.csv.gz"
    workspace = region(tmp_path_factory.mktemp("ny"), "36", "new_york", file)
    return workspace, run_without_documents(workspace, *FEW_DRAWS)


def test_texas_is_forecast_whole(texas: tuple[Path, Path]) -> None:
    workspace, run = texas
    assert_plausible(run, counted_by_stage(workspace, STAGES), after_one=0.06, after_all=1.5)
    frame = table(run, "forecast_enrolment")
    assert frame.filter(pl.col("unit_kind") == "school")["unit_code"].n_unique() >= 1_190
    assert frame["unit_code"].filter(frame["unit_kind"] == "school").str.len_chars().unique().to_list() == [6]


def test_texas_explosive_districts_are_named_and_bounded(texas: tuple[Path, Path]) -> None:
    _, run = texas
    explosive = findings(run, "explosive_growth")
    assert "177901" in explosive["unit_code"].to_list(), "Roscoe: 46 to 494 pupils of grade 1 in a year"
    grown = (
        table(run, "forecast_enrolment")
        .filter((pl.col("unit_kind") == "school") & (pl.col("grade") == "all"))
        .group_by("unit_code", "year")
        .agg(pl.col("p50").sum())
        .sort("unit_code", "year")
        .group_by("unit_code", maintain_order=True)
        .agg(first=pl.col("p50").first(), last=pl.col("p50").last())
        .filter(pl.col("unit_code").is_in(explosive["unit_code"].to_list()))
    )
    assert grown.filter(pl.col("last") > 6 * pl.col("first")).is_empty()


def test_new_york_is_forecast_whole(new_york: tuple[Path, Path]) -> None:
    workspace, run = new_york
    assert_plausible(run, counted_by_stage(workspace, STAGES), after_one=0.06, after_all=1.5)
    areas = table(run, "forecast_enrolment").filter(pl.col("unit_kind") == "area")
    assert areas["unit_code"].n_unique() >= 32


def test_new_york_lacks_a_year_and_charters_enter_at_once(new_york: tuple[Path, Path]) -> None:
    _, run = new_york
    assert findings(run, "year_missing")["year"].to_list() == [2012]
    assert findings(run, "many_enter_at_once").select("year", "observed").rows() == [(2013, 323.0)]


def test_a_workbook_of_a_thousand_schools_can_be_opened(texas: tuple[Path, Path]) -> None:
    _, run = texas
    assert table(run, "forecast_enrolment").height > 250_000
    assert (run / "tables.xlsx").stat().st_size < 15_000_000
    book = openpyxl.load_workbook(run / "tables.xlsx", read_only=True)
    assert 15 <= book["学生预测"].max_row <= 100_010
