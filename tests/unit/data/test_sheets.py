"""Sheets as offices make them: instructions, merged headings, full-width digits, totals, blank tails."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.unit.data.workbooks import ENROLMENT, codes, csv_file, filled, look, xlsx

from junheng.data.reading import decode, read_file
from junheng.data.sheets import find_table
from junheng.model.errors import BadData

MESSY = [
    ["云州县 2025 学年小学在校生统计表"],
    ["填报单位：", "云州县教育局", None, None, "单位：人"],
    [],
    ["学 校 标 识 码*", "学年", "年级", "学生数（人）", "班数"],
    ["2199000001", "２０２５", "一年级", "１，２６２ ", "２８"],
    ["2199000002", "2025学年", "初一", "101人", "2"],
    [None, None, None, None, None],
    ["合　计", None, None, "1,363", "30"],
    ["注：以学籍系统为准", None, None, None, None],
    [None, None, None, None, None],
]


def test_instruction_rows_totals_remarks_and_full_width_digits(tmp_path: Path) -> None:
    made = filled(tmp_path)
    found = look(made, xlsx(tmp_path / "m.xlsx", {"表一": MESSY}))
    assert codes(found) == [] and codes(found, "warning") == []
    rows = found.tables["enrolment"].select("school_id", "year", "grade", "pupils", "classes").rows()
    assert rows == [("2199000001", 2025, "G01", 1262, 28), ("2199000002", 2025, "G07", 101, 2)]


def test_the_total_row_is_checked_against_the_rows(tmp_path: Path) -> None:
    made = filled(tmp_path)
    rows = [list(row) for row in MESSY]
    rows[7][3] = "1,463"
    found = look(made, xlsx(tmp_path / "m.xlsx", {"表一": rows}))
    doubt = [f for f in found.findings if f.severity == "warning"]
    assert [(f.code, f.row, f.column) for f in doubt] == [("intake.sheet_total_off", 8, "学生数（人）")]


def test_rows_are_counted_as_excel_counts_them(tmp_path: Path) -> None:
    made = filled(tmp_path)
    rows = [list(row) for row in MESSY]
    rows[5][3] = "-1"
    found = look(made, xlsx(tmp_path / "m.xlsx", {"表一": rows}))
    assert [(f.code, f.row) for f in found.findings if f.severity == "error"] == [("intake.negative", 6)]


def test_merged_headings_in_two_rows(tmp_path: Path) -> None:
    rows = [
        ["云州县分年级统计", None, None, None, None, None],
        ["学校标识码", "学年", "一年级", None, "二年级", None],
        [None, None, "学生数", "班数", "学生数", "班数"],
        ["2199000001", "2025", "262", "6", "250", "6"],
    ]
    path = xlsx(tmp_path / "w.xlsx", {"统计": rows}, {"统计": ["A1:F1", "A2:A3", "B2:B3", "C2:D2", "E2:F2"]})
    table = find_table(read_file(path).sheets[0])
    assert table is not None
    assert table.headings == [
        "学校标识码",
        "学年",
        "一年级 学生数",
        "一年级 班数",
        "二年级 学生数",
        "二年级 班数",
    ]
    assert table.heading_rows == (2, 3)
    mapping = """
        [[source]]
        table = "enrolment"
        columns = { school_id = "学校标识码", year = "学年" }
        [source.unpivot]
        into = "grade"
        pupils = { G01 = "一年级 学生数", G02 = "二年级 学生数" }
        classes = { G01 = "一年级 班数", G02 = "二年级 班数" }
    """
    found = look(filled(tmp_path), path, mapping=mapping)
    assert found.tables["enrolment"].select("grade", "pupils", "classes").rows() == [
        ("G01", 262, 6),
        ("G02", 250, 6),
    ]


def test_cells_merged_downwards_are_filled(tmp_path: Path) -> None:
    rows = [
        ENROLMENT[0],
        ["2199000001", "2025", "一年级", "262", "6"],
        [None, None, "二年级", "250", "6"],
        [None, None, "三年级", "240", "6"],
    ]
    path = xlsx(tmp_path / "v.xlsx", {"在校生": rows}, {"在校生": ["A2:A4", "B2:B4"]})
    found = look(filled(tmp_path), path)
    assert codes(found) == []
    assert found.tables["enrolment"]["school_id"].to_list() == ["2199000001"] * 3


def test_a_table_that_starts_in_the_middle_of_the_sheet(tmp_path: Path) -> None:
    rows = [[None] * 7, [None] * 7, *([None, None, *row] for row in ENROLMENT)]
    rows[3][5] = "-4"
    found = look(filled(tmp_path), xlsx(tmp_path / "o.xlsx", {"在校生": rows}))
    assert [(f.row, f.column) for f in found.findings if f.severity == "error"] == [(4, "学生数")]


def test_several_sheets_each_its_table_and_notes_skipped(tmp_path: Path) -> None:
    sheets = {"说明": [["请按下列要求填写"], ["一、数据截至九月"]], "在校生": ENROLMENT, "Sheet3": []}
    found = look(filled(tmp_path), xlsx(tmp_path / "s.xlsx", sheets))
    assert codes(found) == [] and set(found.tables) == {"enrolment"}


def test_only_the_sheet_asked_for(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "s.xlsx", {"2024": ENROLMENT, "2025": ENROLMENT})
    assert "duplicate_row" in codes(look(filled(tmp_path), path))
    (tmp_path / "b").mkdir()
    assert codes(look(filled(tmp_path / "b"), path, sheet="2025")) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encoding_is_chosen_by_content(tmp_path: Path, encoding: str) -> None:
    found = look(filled(tmp_path), csv_file(tmp_path / "e.csv", ENROLMENT, encoding))
    assert codes(found) == [] and found.tables["enrolment"].height == 3


def test_text_that_is_neither_utf8_nor_gb18030() -> None:
    assert decode("云州".encode("gb18030"), "x")[1] == "gb18030"
    with pytest.raises(BadData, match=r"intake\.encoding_unknown"):
        decode(b"\xff\xff\x80", "x")


@pytest.mark.parametrize("separator", [",", "\t", ";", "，"])
def test_separator_is_found(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "s.csv"
    path.write_text("\n".join(separator.join(row) for row in ENROLMENT), encoding="utf-8")
    assert look(filled(tmp_path), path).tables["enrolment"].height == 3


def test_a_row_with_a_comma_too_many_is_named(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "l.csv", [*ENROLMENT, ["2199000002", "2025", "八年级", "1", "23", "5"]])
    found = look(filled(tmp_path), path)
    assert [(f.code, f.row) for f in found.findings if f.severity == "error"] == [("intake.row_too_long", 5)]


def test_quoted_line_breaks_do_not_shift_rows(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    lines = [
        "学校标识码,学校名称,办学类型,所在区域",
        '2199000001,"城关\n第一小学",小学,990101001',
        "2199000002,东河,大学,990101002",
    ]
    path.write_text("\r\n".join(lines), encoding="utf-8")
    found = look(filled(tmp_path), path)
    assert [(f.code, f.row) for f in found.findings if f.severity == "error"] == [("intake.unknown_code", 3)]


def test_parquet_keeps_identifiers_as_text(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    pl.DataFrame(
        {"school_id": ["2199000001"], "year": [2025], "grade": ["G01"], "pupils": [3.0]}
    ).write_parquet(path)
    assert look(filled(tmp_path), path).tables["enrolment"].row(0)[:4] == ("2199000001", 2025, "G01", 3)


def test_a_first_row_with_a_gap_is_data_not_a_second_heading(tmp_path: Path) -> None:
    rows = [
        ["学校标识码", "学校名称", "办学类型", "所在区域", "地址", None],
        ["A1", "城关第一小学", "小学", "990101001", None, "新校"],
        ["A2", "城关第二小学", "小学", "990101001", None, "老校"],
    ]
    rows = [[cell if cell != "990101001" else "云州县" for cell in row] for row in rows]
    table = find_table(read_file(xlsx(tmp_path / "s.xlsx", {"学校": rows})).sheets[0])
    assert table is not None and table.frame.height == 2 and table.heading_rows == (1, 1)


def test_two_files_of_one_name_are_not_mixed_up(tmp_path: Path) -> None:
    made = filled(tmp_path)
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    one = csv_file(tmp_path / "a" / "在校生.csv", ENROLMENT[:2])
    two = csv_file(tmp_path / "b" / "在校生.csv", [ENROLMENT[0], ENROLMENT[2]])
    assert codes(look(made, one, two)) == ["file_name_twice"]


def test_a_fault_of_an_identifier_names_the_identifier_though_grades_were_columns(tmp_path: Path) -> None:
    rows = [["学校标识码", "学年", "一年级", "二年级"], ["2199000099", "2025", "10", "11"]]
    mapping = """
        [[source]]
        table = "enrolment"
        columns = { school_id = "学校标识码", year = "学年" }
        unpivot = { into = "grade", pupils = { G01 = "一年级", G02 = "二年级" } }
    """
    found = look(filled(tmp_path), csv_file(tmp_path / "w.csv", rows), mapping=mapping)
    assert [(f.code, f.row, f.column) for f in found.findings] == [
        ("intake.unknown_reference", 2, "学校标识码")
    ]


def test_a_workbook_of_unlike_sheets_is_said_to_be_unlike_not_empty(tmp_path: Path) -> None:
    rows = [["乡镇", "一年级", "二年级"], ["城关镇", "185", "180"]]
    found = look(filled(tmp_path), xlsx(tmp_path / "m.xlsx", {"Sheet1": rows, "说明": [["本表由各校填报"]]}))
    assert codes(found) == ["sheet_not_recognised"]
