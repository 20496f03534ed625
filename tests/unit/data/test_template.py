"""The template: from declarations alone, and what comes back filled in or untouched."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from tests.unit.data.workbooks import NOW, REGION, codes, look, workspace

from junheng.data.template import CODES_SHEET, USUAL, prefilled, workbook
from junheng.model import INPUTS
from junheng.model.codes import CODE_LISTS
from junheng.model.errors import BadData


def test_one_sheet_a_table_with_everything_declared() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(list(INPUTS))))
    assert book.sheetnames == [*(table.zh for table in INPUTS.values()), CODES_SHEET]
    for table in INPUTS.values():
        sheet = book[table.zh]
        assert [cell.value for cell in sheet[4]] == [column.zh for column in table.columns]
        assert all(cell.comment is not None for cell in sheet[4])
        assert sheet.freeze_panes is not None and sheet.freeze_panes.endswith("5")
        lists = [
            v
            for v in sheet.data_validations.dataValidation
            if v.type == "list" and CODES_SHEET in str(v.formula1)
        ]
        assert len(lists) == sum(bool(column.codes) for column in table.columns)
    assert book[CODES_SHEET].sheet_state == "hidden"


def test_drop_downs_hold_the_chinese_names() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(["births"])))
    names = [cell.value for cell in book[CODES_SHEET]["B"]][1:]
    assert names == [zh for zh, _ in CODE_LISTS["birth_basis"].entries.values()]


@pytest.mark.parametrize("tables", [None, list(INPUTS)])
def test_an_untouched_template_says_it_is_empty(tmp_path: Path, tables: list[str] | None) -> None:
    path = tmp_path / "模板.xlsx"
    workbook(tables, path)
    found = look(workspace(tmp_path), path)
    assert codes(found) == ["file_without_rows"] and not found.tables
    assert codes(found, "note") == ["table_empty"] * len(tables or USUAL)


@pytest.mark.parametrize("by_name", [True, False])
def test_the_examples_filled_in_import(tmp_path: Path, by_name: bool) -> None:
    """Every column's own example, as a name or as a code, is a row that imports."""
    path = tmp_path / "模板.xlsx"
    workbook(list(INPUTS), path)
    book = openpyxl.load_workbook(path)
    for table in INPUTS.values():
        for number, column in enumerate(table.columns, 1):
            value = column.example
            if column.codes and value and by_name:
                value = CODE_LISTS[column.codes].entries[value][0]
            if column.name in {"parent_code", "other_area_code"}:
                value = "990101001"
            if column.name in {"parent_code"}:
                value = "990101"
            book[table.zh].cell(5, number).value = value or None
    book.save(path)
    made = workspace(tmp_path)
    found = look(made, path)
    assert codes(found) == [], [
        (f.table, f.column, f.code, f.value) for f in found.findings if f.severity == "error"
    ]
    assert {name: frame.height for name, frame in found.tables.items()} == dict.fromkeys(INPUTS, 1)
    assert found.commit(at=NOW) is not None


def test_the_same_template_is_the_same_bytes() -> None:
    assert workbook() == workbook()


def test_an_unknown_table() -> None:
    with pytest.raises(BadData):
        workbook(["pupils"])


def test_an_english_template_reads_back_like_the_chinese_one(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    workbook(list(INPUTS), path, "en")
    found = look(workspace(tmp_path), path)
    assert codes(found) == ["file_without_rows"]
    assert codes(found, "note") == ["table_empty"] * len(INPUTS)
    book = openpyxl.load_workbook(path)
    sheet = book["areas"]
    assert sheet.cell(4, 3).value == "level" and str(sheet.cell(3, 3).value).startswith("e.g. ")
    for column, value in enumerate(("990101", "Hill County", "county or district"), 1):
        sheet.cell(5, column, value)
    book.save(path)
    made = look(workspace(tmp_path / "b"), path)
    assert codes(made) == []
    assert made.tables["areas"].select("area_code", "level").rows() == [("990101", "county")]


def _tables() -> dict[str, pl.DataFrame]:
    rows: dict[str, list[dict[str, object]]] = {
        "areas": [
            {"area_code": "990101001", "name": "城关街道", "level": "town", "parent_code": "990101"},
            {"area_code": "990101002", "name": "东河镇", "level": "town"},
        ],
        "schools": [
            {"school_id": "1", "name": "=城关小学", "kind": "211", "area_code": "990101001"},
            {"school_id": "2", "name": "东河小学", "kind": "211", "area_code": "990101002"},
        ],
        "enrolment": [
            {"school_id": school, "year": year, "grade": grade, "pupils": 40, "classes": 1}
            for school in "12"
            for year, grades in ((2024, ("G01", "G02", "G03")), (2025, ("G01", "G02")))
            for grade in grades
        ],
    }
    return {name: INPUTS[name].conform(pl.DataFrame(records)) for name, records in rows.items()}


def test_a_school_finds_its_rows_of_last_year_without_counts() -> None:
    rows = prefilled(_tables(), REGION, 2026, schools=["1"])
    assert rows["schools"]["school_id"].to_list() == ["1"] and "areas" not in rows
    assert rows["enrolment"].select("school_id", "year", "grade", "pupils").rows() == [
        ("1", 2026, "G01", None), ("1", 2026, "G02", None),
    ]  # fmt: skip
    # what is being reported is not taken from itself
    again = prefilled(_tables(), REGION, 2025, schools=["1"])["enrolment"]
    assert again["grade"].to_list() == ["G01", "G02", "G03"]


@pytest.mark.parametrize(
    ("areas", "schools"), [(["990101001"], ["1"]), (["990101002"], ["2"]), (["990101"], ["1", "2"])]
)
def test_an_area_finds_all_below_it(areas: list[str], schools: list[str]) -> None:
    rows = prefilled(_tables(), REGION, 2026, areas=areas)
    assert rows["schools"]["school_id"].to_list() == schools
    assert rows["enrolment"]["school_id"].unique().sort().to_list() == schools


def test_rows_filled_in_come_back_as_they_were(tmp_path: Path) -> None:
    made = workspace(tmp_path)
    made.commit(_tables(), at=NOW)
    path = tmp_path / "模板.xlsx"
    workbook(["schools", "enrolment"], path, rows=prefilled(_tables(), REGION, 2026, schools=["1"]))
    book = openpyxl.load_workbook(path)
    name = book[INPUTS["schools"].zh]["B5"]
    assert (name.value, name.data_type) == ("=城关小学", "s")  # text, whatever it looks like
    sheet = book[INPUTS["enrolment"].zh]
    assert [cell.value for cell in sheet[5]][:4] == ["1", 2026, "一年级", None]
    found = look(made, path)
    assert codes(found) == ["required_empty"] * 2  # only the counts are still to come
    for row in (5, 6):
        sheet.cell(row, 4, 41)
    book.save(path)
    found = look(made, path)
    assert codes(found) == []
    counts = {count.table: (count.new, count.changed, count.unchanged) for count in found.counts}
    assert counts == {"schools": (0, 0, 1), "enrolment": (2, 0, 0)}
