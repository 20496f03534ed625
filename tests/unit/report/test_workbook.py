"""tables.xlsx: readable, safe to open, the same each time."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import polars as pl
import pytest
from tests.unit.report import example

from junheng import report
from junheng.model import OUTPUTS
from junheng.report import ReportInput, worksheet


@pytest.fixture(scope="module")
def county() -> ReportInput:
    return example.county(14)


@pytest.fixture(scope="module")
def book(county: ReportInput) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(report.workbook(county)))


def test_same_input_same_bytes(county: ReportInput) -> None:
    assert report.workbook(county) == report.workbook(county)


def test_one_sheet_for_each_output_table_present(book: openpyxl.Workbook, county: ReportInput) -> None:
    present = [OUTPUTS[name].zh for name in OUTPUTS if name in county.tables]
    assert book.sheetnames == ["封面", *present, "引用标准"]


def test_three_heading_rows_frozen_and_filtered(book: openpyxl.Workbook) -> None:
    sheet = book["学位展望"]
    heads = {
        cell.value: (sheet.cell(1, cell.column).value, sheet.cell(3, cell.column).value) for cell in sheet[2]
    }
    assert heads["gap_p50"] == ("缺口中位数", "个")
    assert sheet.freeze_panes == "E4"
    assert sheet.auto_filter.ref is not None


def test_every_row_arrives_with_its_number(book: openpyxl.Workbook, county: ReportInput) -> None:
    frame, sheet = county.tables["seat_outlook"], book["学位展望"]
    place = next(cell.column for cell in sheet[2] if cell.value == "gap_p50")
    values = [row[place - 1] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert values == pytest.approx(frame["gap_p50"].to_list(), abs=6e-4)


def test_identifiers_are_text(book: openpyxl.Workbook, county: ReportInput) -> None:
    sheet = book["学生预测"]
    place = next(cell.column for cell in sheet[2] if cell.value == "unit_code")
    cells = [sheet.cell(line, place) for line in range(4, 40)]
    assert all(cell.data_type == "s" for cell in cells)
    assert {cell.value for cell in cells} <= set(county.tables["forecast_enrolment"]["unit_code"].to_list())


def test_text_never_becomes_a_formula_or_a_link(county: ReportInput) -> None:
    nasty = ["=1+1", "+SUM(A1)", "-2", "@cmd", "\t=1", '=HYPERLINK("x")', "http://a.example", "plain"]
    schools = county.tables["schools"]
    names = [nasty[i % len(nasty)] for i in range(schools.height)]
    source = replace(
        county, tables={**county.tables, "schools": schools.with_columns(pl.Series("name", names))}
    )
    book = openpyxl.load_workbook(io.BytesIO(report.workbook(source)))
    for text in nasty:
        found = [cell for row in book["学位展望"].iter_rows(min_row=4) for cell in row if cell.value == text]
        assert found, text
        assert all(cell.data_type == "s" and cell.hyperlink is None for cell in found)
        assert all(cell.quotePrefix for cell in found) == (text[0] in "=+-@\t")


def test_cover_names_run_rules_inputs_and_that_it_is_synthetic(book: openpyxl.Workbook) -> None:
    text = "\n".join(str(cell.value) for row in book["封面"].iter_rows() for cell in row if cell.value)
    for wanted in ("R-2025-0007", "9f" * 32, "ab" * 32, "合成数据", "学位预警"):
        assert wanted in text


def test_levels_bands_and_stages_are_worded(book: openpyxl.Workbook) -> None:
    sheet = book["学位预警"]
    place = {cell.value: cell.column - 1 for cell in sheet[2]}
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert {row[place["level"]] for row in rows} <= {"红", "橙", "黄"}
    assert {row[place["stage"]] for row in rows} <= {"学前", "小学", "初中", "高中"}


def test_the_public_form_hides_small_counts_and_their_ranges(county: ReportInput) -> None:
    forecast = county.tables["forecast_enrolment"].with_columns(
        pl.when(pl.col("unit_kind") == "school").then(pl.lit(4.0)).otherwise(pl.col("p50")).alias("p50")
    )
    source = replace(county, tables={**county.tables, "forecast_enrolment": forecast})
    sheet = openpyxl.load_workbook(io.BytesIO(report.workbook(source, audience="public")))["学生预测"]
    place = {cell.value: cell.column - 1 for cell in sheet[2]}
    for row in sheet.iter_rows(min_row=4, values_only=True):
        if row[place["unit_kind"]] == "school":
            assert row[place["p50"]] == "<10"
            assert row[place["p90"]] in ("<10", "—")
        elif row[place["unit_kind"]] == "region":
            assert isinstance(row[place["p50"]], float | int)


def test_an_empty_region_still_has_a_cover() -> None:
    source = ReportInput(region=example.county(12).region, tables={})
    for language, title in (("zh", "封面"), ("en", "cover")):
        book = openpyxl.load_workbook(io.BytesIO(report.workbook(source, language=language)))  # type: ignore[arg-type]
        assert book.sheetnames == [title]


def test_warnings_are_told_in_words_before_their_codes(book: openpyxl.Workbook) -> None:
    sheet = book["学位预警"]
    fields = [cell.value for cell in sheet[2]]
    assert fields.index("reason_words") < fields.index("reason_code") < fields.index("reason_parameters")
    told = [row[fields.index("lever_words")] for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert told and all(told)


def test_the_public_form_leaves_out_findings_and_parameters(county: ReportInput) -> None:
    book = openpyxl.load_workbook(io.BytesIO(report.workbook(county, audience="public")))
    assert "预测发现" not in book.sheetnames
    fields = {cell.value for sheet in book for cell in sheet[2]}
    assert not {"reason_parameters", "lever_parameters"} & fields


def test_a_table_too_long_for_a_sheet_gives_its_totals_and_says_so(
    county: ReportInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = county.tables["forecast_enrolment"]
    more = pl.concat([own, own.with_columns(pl.lit("G01").alias("grade"))])
    source = replace(county, tables={**county.tables, "forecast_enrolment": more})
    monkeypatch.setattr(worksheet, "MOST_ROWS", own.height)
    book = openpyxl.load_workbook(io.BytesIO(report.workbook(source)))
    sheet = book["学生预测"]
    assert sheet.max_row == own.height + 4
    assert f"共 {more.height:,} 行" in str(sheet.cell(sheet.max_row, 1).value)
    monkeypatch.setattr(worksheet, "MOST_ROWS", 200)
    assert set(worksheet.shortened(more)["unit_kind"].to_list()) == {"area", "region"}


def test_a_table_too_long_to_read_shows_stage_totals_and_says_where_the_rest_is(
    county: ReportInput, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = county.tables["forecast_enrolment"]
    totals = whole.filter((pl.col("scenario") == "base") & (pl.col("grade") == "all"))
    by_grade = totals.with_columns(grade=pl.lit("G01"))
    source = replace(county, tables={**county.tables, "forecast_enrolment": pl.concat([totals, by_grade])})
    monkeypatch.setattr(worksheet, "MOST_ROWS", totals.height)
    book = openpyxl.load_workbook(io.BytesIO(report.workbook(source)))
    assert book["学生预测"].max_row == 3 + totals.height + 1
    about = " ".join(str(cell.value) for row in book["封面"] for cell in row)
    assert "forecast_enrolment.parquet" in about and f"{totals.height:,}" in about
