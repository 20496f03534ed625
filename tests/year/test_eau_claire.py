"""Sixteen real primary schools with births: tables in, one run, three files that say the same."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
import openpyxl
import polars as pl
import pytest
from tests.shared import shared
from tests.year.commands import (
    FEW_DRAWS,
    annual_run,
    assert_plausible,
    done,
    findings,
    page_text,
    region,
    region_totals,
    table,
)

SCHOOLS, BIRTHS = "enrolment/ecasd_wi_school_grade.csv.gz", "enrolment/ecasd_wi_births.csv"
LAST = 2024


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return region(tmp_path_factory.mktemp("wi"), "5535", "eau_claire", SCHOOLS, BIRTHS)


@pytest.fixture(scope="module")
def run(workspace: Path) -> Path:
    return annual_run(workspace, *FEW_DRAWS)


@pytest.fixture(scope="module")
def counted() -> dict[str, float]:
    """Pupils of the last count by stage, from the file itself: one row a class, the day in `date`."""
    raw = pl.read_csv(shared(SCHOOLS), infer_schema=False)
    days = raw["date"].str.extract(r"(\d{4})-(\d{2})", 1).cast(pl.Int32)
    months = raw["date"].str.extract(r"(\d{4})-(\d{2})", 2).cast(pl.Int32)
    last = raw.with_columns(pupils=pl.col("n").cast(pl.Float64)).filter(days - (months < 9) == LAST)
    kindergarten = pl.col("grade") == "Grade K"
    return {
        "kindergarten": last.filter(kindergarten)["pupils"].sum(),
        "primary": last.filter(~kindergarten)["pupils"].sum(),
    }


def test_numbers_are_plausible(run: Path, counted: dict[str, float]) -> None:
    assert sum(counted.values()) == 4110
    assert_plausible(run, counted, after_one=0.06, after_all=1.6)
    totals = region_totals(run)
    assert totals["year"].min() == LAST + 1 and totals["year"].max() == LAST + 15
    assert set(totals["tier"]) == {"B"}


def test_schools_add_up_to_the_region(run: Path) -> None:
    frame = table(run, "forecast_enrolment").filter(pl.col("grade") == "all")
    schools, whole = (
        frame.filter(pl.col("unit_kind") == kind).group_by("year", "stage").agg(pl.col("mean").sum())
        for kind in ("school", "region")
    )
    both = schools.join(whole, on=["year", "stage"])
    assert both.height == 30
    assert (both["mean"] / both["mean_right"] - 1.0).abs().max() < 1e-4  # pyright: ignore[reportOperatorIssue]


def test_the_dent_of_2020_is_found(run: Path) -> None:
    dent = findings(run, "dent_taken_as_missing")
    assert dent.select("year", "observed", "expected").rows() == [(2020, 3334.0, 4296.0)]


def test_the_page_the_document_and_the_workbook_say_the_same(run: Path, counted: dict[str, float]) -> None:
    children, last = f"{sum(counted.values()):,.0f}", LAST + 15
    primary = region_totals(run).filter((pl.col("year") == last) & (pl.col("stage") == "primary"))
    forecast = f"{round(primary['p50'].item()):,}"
    page = page_text(run)
    document = docx.Document(io.BytesIO((run / "report.docx").read_bytes()))
    cells = [cell.text for one in document.tables for row in one.rows for cell in row.cells]
    text = " ".join([*(p.text for p in document.paragraphs), *cells])
    for told in (page, text):
        assert children in told and forecast in told and str(last) in told
    assert "2020" in page and not re.search(r"\d,\d{3} ?学?年[^级]", page), "a year is no count"
    book = openpyxl.load_workbook(run / "tables.xlsx", read_only=True)
    rows = book["学生预测"].iter_rows(values_only=True)
    _, fields, _ = (next(rows) for _ in range(3))
    place = {field: at for at, field in enumerate(fields)}
    shown = [
        row[place["p50"]]
        for row in rows
        if (row[place["year"]], row[place["unit_code"]]) == (last, "5535")
        if (row[place["unit_kind"]], row[place["stage"]], row[place["grade"]]) == ("全区域", "小学", "all")
    ]
    assert [round(value, 3) for value in shown] == [round(primary["p50"].item(), 3)]


def test_the_page_stands_alone(run: Path) -> None:
    page = (run / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") >= 4 and "<path" in page
    assert not re.search(r"(?:src|href)=[\"']?https?://|url\([\"']?https?://|@import", page)
    for name in ("report.docx", "tables.xlsx"):
        assert zipfile.ZipFile(run / name).testzip() is None


def test_it_verifies(run: Path) -> None:
    assert run.name in done("verify", run).out
