"""The year after: new counts come in from a filled template, the last forecast is held against them."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from tests.year.commands import annual_run, done, page_text, run_without_documents, table
from tests.year.conftest import FEW

from junheng.data import Workspace
from junheng.model.codes import CODE_LISTS

GRADES = {code: names[0] for code, names in CODE_LISTS["grade"].entries.items()}
TwoYears = tuple[Path, Path, Path, pl.DataFrame]
RANK = {"red": 0, "orange": 1, "yellow": 2}


def forecast_counts(run: Path, year: int) -> pl.DataFrame:
    """The median forecast of every school and grade, rounded, as if it were counted."""
    return (
        table(run, "forecast_enrolment")
        .filter((pl.col("unit_kind") == "school") & (pl.col("grade") != "all") & (pl.col("year") == year))
        .group_by("unit_code", "year", "grade")
        .agg(pupils=pl.col("p50").sum().round().cast(pl.Int64))
        .filter(pl.col("pupils") > 0)
        .rename({"unit_code": "school_id"})
        .sort("school_id", "grade")
    )


def fill_by_hand(template: Path, rows: pl.DataFrame) -> None:
    """Type counts into the template as people do: numbers as text, full-width digits, blanks, empty rows."""
    book = openpyxl.load_workbook(template)
    sheet = book["在校生"]
    place = {cell.value: cell.column for cell in sheet[4]}
    line = 5
    for number, row in enumerate(rows.iter_rows(named=True)):
        pupils: object = row["pupils"]
        if number % 3 == 1:
            pupils = f" {row['pupils']:,} "
        elif number % 3 == 2:
            pupils = str(row["pupils"]).translate({48 + digit: 0xFF10 + digit for digit in range(10)})
        sheet.cell(line, place["学校标识码"], row["school_id"] + (" " if number % 5 == 0 else ""))
        sheet.cell(line, place["学年"], f"{row['year']}年" if number % 4 == 0 else row["year"])
        sheet.cell(line, place["年级"], row["grade"] if number % 2 else GRADES[row["grade"]])
        sheet.cell(line, place["学生数"], pupils)
        line += 2 if number % 50 == 49 else 1
    for blank in range(line + 1, line + 20):
        sheet.cell(blank, place["学生数"], " ")
    book.save(template)


@pytest.fixture(scope="module")
def two_years(county_run: Path, tmp_path_factory: pytest.TempPathFactory) -> TwoYears:
    """(workspace, first run, second run, the counts that came in between)."""
    workspace = Path(shutil.copytree(county_run.parents[1], tmp_path_factory.mktemp("two") / "yunzhou"))
    first = workspace / "runs" / county_run.name
    counts = forecast_counts(first, 2026)
    filled = workspace.parent / "2026.xlsx"
    done("template", filled, "--table", "enrolment")
    fill_by_hand(filled, counts)
    done("import", workspace, filled, "--commit")
    return workspace, first, annual_run(workspace, *FEW), counts


def test_a_template_filled_by_hand_arrives_to_the_last_number(
    two_years: TwoYears,
) -> None:
    workspace, _, _, counts = two_years
    held = Workspace.open(workspace).tables()["enrolment"]
    arrived = held.filter(pl.col("year") == 2026).select("school_id", "year", "grade", "pupils")
    assert arrived.sort("school_id", "grade").rows() == counts.select(arrived.columns).rows()
    assert held.filter(pl.col("year") == 2025).height > 500, "earlier years stay"


def test_the_last_forecast_is_held_against_the_counts(
    two_years: TwoYears,
) -> None:
    _, first, second, counts = two_years
    accuracy = table(second, "forecast_accuracy")
    assert set(accuracy["past_run"]) == {first.name} and set(accuracy["target_year"]) == {2026}
    assert set(accuracy["lead"]) == {1}
    schools, whole = (accuracy.filter(pl.col("unit_kind") == kind) for kind in ("school", "region"))
    assert set(whole["stage"]) >= {"kindergarten", "primary", "junior", "senior"}
    assert whole["actual"].sum() == schools["actual"].sum() == counts["pupils"].sum()
    assert schools["inside_80"].mean() > 0.9, "the counts are the medians themselves"  # pyright: ignore
    assert first.name in page_text(second), "the page looks back at the run of the year before"
    assert not (first / "tables" / "forecast_accuracy.parquet").exists()


def test_warnings_step_down_only_after_two_runs(
    two_years: TwoYears,
) -> None:
    workspace, first, second, _ = two_years
    levels = [
        dict(
            table(one, "seat_warnings")
            .filter(pl.col("scenario") == "base")
            .select("warning_id", "level")
            .iter_rows()
        )
        for one in (first, second)
    ]
    assert levels[0], "the example has warnings"
    for warning, level in levels[0].items():
        assert warning in levels[1], f"{warning} was dropped after one calm run"
        assert RANK[levels[1][warning]] <= RANK[level], warning
    held = table(second, "seat_warnings").filter(pl.col("reason_parameters").str.contains('"calm_runs": 1'))
    assert held.height, "some warning is only held from the year before"
    third_counts = forecast_counts(second, 2027)
    third_counts.write_csv(workspace.parent / "enrolment.csv")
    done("import", workspace, workspace.parent / "enrolment.csv", "--commit")
    third = run_without_documents(workspace, *FEW)
    after = dict(table(third, "seat_warnings").select("warning_id", "level").iter_rows())
    calmer = [
        row["warning_id"]
        for row in held.iter_rows(named=True)
        if row["warning_id"] not in after or RANK[after[row["warning_id"]]] > RANK[row["level"]]
    ]
    assert calmer, "two calm runs let a warning step down"
    assert set(table(third, "forecast_accuracy")["past_run"]) == {first.name, second.name}


def test_a_run_that_looks_back_verifies(two_years: TwoYears) -> None:
    second = two_years[2]
    assert second.name in done("verify", second).out
