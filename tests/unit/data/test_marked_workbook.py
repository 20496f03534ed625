"""The workbook comes back with red cells and a column that says what is wrong."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from tests.unit.data.workbooks import ENROLMENT, codes, csv_file, filled, look, xlsx

from junheng.data import marked_workbook
from junheng.data.marked_workbook import COLUMN
from junheng.data.messages import MESSAGES
from junheng.model import Finding, words


def say(finding: Finding) -> str:
    return words(MESSAGES, finding.code, {"value": finding.value, **finding.parameters})


TITLE = [["云州县在校生"], ["请勿改动表头"]]


@pytest.fixture
def rows() -> list[list[str]]:
    made = [list(row) for row in ENROLMENT]
    made[2][3] = "-5"
    made[2][2] = "高四"
    return made


def test_an_excel_file_keeps_its_look_and_gets_red_cells(tmp_path: Path, rows: list[list[str]]) -> None:
    path = xlsx(tmp_path / "在校生.xlsx", {"说明": [["注意"]], "在校生": [*TITLE, *rows]})
    found = look(filled(tmp_path), path)
    book = openpyxl.load_workbook(io.BytesIO(found.marked(path, say)))
    assert book.sheetnames == ["说明", "在校生"]
    sheet = book["在校生"]
    assert sheet["A1"].value == "云州县在校生" and sheet["F3"].value == COLUMN
    red = {
        cell.coordinate for row in sheet["A4:E6"] for cell in row if cell.fill.start_color.rgb == "00FFC7CE"
    }
    assert red == {"C5", "D5"}
    assert "高四" in sheet["F5"].value and "-5" in sheet["F5"].value and sheet["F4"].value is None


def test_a_marked_file_put_right_imports(tmp_path: Path, rows: list[list[str]]) -> None:
    made = filled(tmp_path)
    path = xlsx(tmp_path / "在校生.xlsx", {"在校生": [*TITLE, *rows]})
    back = tmp_path / "back.xlsx"
    back.write_bytes(look(made, path).marked(path, say))
    again = look(made, back)
    assert len(codes(again)) == 2
    book = openpyxl.load_workbook(io.BytesIO(again.marked(back, say)))
    assert [c.value for c in book["在校生"][3]].count(COLUMN) >= 1
    book["在校生"]["C5"], book["在校生"]["D5"] = "一年级", 262
    book.save(back)
    assert codes(look(made, back)) == []


def test_a_csv_comes_back_as_a_workbook_with_row_numbers(tmp_path: Path, rows: list[list[str]]) -> None:
    path = csv_file(tmp_path / "在校生.csv", rows, "gb18030")
    found = look(filled(tmp_path), path)
    sheet = openpyxl.load_workbook(io.BytesIO(found.marked(path, say))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == ["行号", *ENROLMENT[0], COLUMN]
    assert (
        sheet["A3"].value == 3
        and sheet["D3"].fill.start_color.rgb == "FFFFC7CE"
        and "高四" in sheet["G3"].value
    )


def test_nothing_of_the_file_becomes_a_formula(tmp_path: Path) -> None:
    rows = [ENROLMENT[0], ["=cmd|'/c calc'!A1", "2025", "一年级", "-1", "6"]]
    path = csv_file(tmp_path / "x.csv", rows)
    found = look(filled(tmp_path), path)
    sheet = openpyxl.load_workbook(io.BytesIO(found.marked(path, say))).active
    assert sheet is not None and sheet["B2"].data_type == "s"


def test_headings_found_by_a_mapping_are_marked_in_place(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "w.xlsx", {"a": [["代号", "哪年", "甲", "乙"], ["2199000001", "2025", "10", "-2"]]}
    )
    mapping = """
        [[source]]
        table = "enrolment"
        columns = { school_id = "代号", year = "哪年" }
        unpivot = { into = "grade", pupils = { G01 = "甲", G02 = "乙" } }
    """
    found = look(filled(tmp_path), path, mapping=mapping)
    sheet = openpyxl.load_workbook(io.BytesIO(found.marked(path, say)))["a"]
    assert sheet["D2"].fill.start_color.rgb == "00FFC7CE" and sheet["C2"].fill.start_color.rgb != "00FFC7CE"


def test_beyond_a_limit_faulty_rows_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marked_workbook, "MAX_LISTED_ROWS", 3)
    rows = [ENROLMENT[0], *(["2199000001", str(year), "一年级", "-1", "-1"] for year in range(2015, 2025))]
    path = xlsx(tmp_path / "x.xlsx", {"在校生": rows})
    book = openpyxl.load_workbook(io.BytesIO(look(filled(tmp_path), path).marked(path, say)))
    marks = [cell.value for cell in book["在校生"]["F"]]
    assert all(marks[1:4]) and not any(marks[4:])
    assert [row[0].value for row in book[COLUMN].iter_rows()] == [
        say(Finding("intake.marked_rows_left", "warning", parameters={"count": 7}))
    ]


def test_a_row_tells_its_first_faults_and_counts_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marked_workbook, "MAX_SENTENCES", 2)
    rows = [ENROLMENT[0], ["x", "去年", "高四", "-1", "-1"], ["2199000001", "2025", "一年级", "-1", "6"]]
    path = csv_file(tmp_path / "x.csv", rows)
    found = look(filled(tmp_path), path)
    sheet = openpyxl.load_workbook(io.BytesIO(found.marked(path, say))).active
    assert sheet is not None
    faults = found.faults.filter((found.faults["row"] == 2) & (found.faults["severity"] != "note")).height
    assert sheet["G2"].value.endswith(f"…… +{faults - 2}") and "……" not in sheet["G3"].value


def test_a_sentence_about_the_file_is_no_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file may be named like a formula, and a sentence may begin with the name."""
    monkeypatch.setattr(marked_workbook, "MAX_LISTED_ROWS", 1)
    bad = [["2199000001", "2025", grade, "-1", "6"] for grade in ("二年级", "三年级")]
    path = xlsx(tmp_path / "=1+1.xlsx", {"在校生": [*ENROLMENT, *bad]})
    content = look(filled(tmp_path), path).marked(path, lambda finding: "=1+1")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book[COLUMN]["A1"].value == "=1+1"
    assert "f" not in {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
