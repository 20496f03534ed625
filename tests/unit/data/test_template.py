"""The template: from declarations alone, and what comes back filled in or untouched."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from tests.unit.data.workbooks import NOW, codes, look, workspace

from junheng.data.template import CODES_SHEET, USUAL, workbook
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
