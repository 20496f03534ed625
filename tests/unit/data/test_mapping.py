"""Mapping files: every way a real table differs from ours, and every mistake a mapping file may hold."""

from __future__ import annotations

import tomllib
from pathlib import Path

import polars as pl
import pytest
from tests.unit.data.workbooks import codes, csv_file, filled, look, sentences, workspace, xlsx

from junheng.data import mapping_file, mapping_suggest
from junheng.data.mapping import YearRule
from junheng.data.mapping_apply import school_years
from junheng.data.mapping_file import parse
from junheng.model.errors import BadData

WIDE = [
    ["代码", "学年度", "一年级", "二年级", "合计"],
    ["2199000001", "2024-2025", "270", "0", "270"],
    ["2199000002", "2024-2025", "30", "28", "58"],
]
WIDE_MAP = """
    format = 1
    [[source]]
    table = "enrolment"
    columns = { school_id = "代码" }
    year = { from = "学年度", label = "range" }
    [source.unpivot]
    into = "grade"
    total = "合计"
    pupils = { G01 = "一年级", G02 = "二年级" }
"""


def test_grades_in_columns_become_rows(tmp_path: Path) -> None:
    found = look(filled(tmp_path), csv_file(tmp_path / "w.csv", WIDE), mapping=WIDE_MAP)
    assert codes(found) == []
    rows = found.tables["enrolment"].select("school_id", "year", "grade", "pupils").rows()
    assert rows == [("2199000001", 2024, "G01", 270), ("2199000001", 2024, "G02", 0),
                    ("2199000002", 2024, "G01", 30), ("2199000002", 2024, "G02", 28)]  # fmt: skip


def test_zero_may_mean_not_offered(tmp_path: Path) -> None:
    text = WIDE_MAP.replace('total = "合计"', "zero_is_blank = true")
    found = look(filled(tmp_path), csv_file(tmp_path / "w.csv", WIDE), mapping=text)
    assert found.tables["enrolment"].height == 3


def test_a_fault_points_to_the_users_own_column(tmp_path: Path) -> None:
    rows = [list(row) for row in WIDE]
    rows[2][3] = "-28"
    found = look(filled(tmp_path), csv_file(tmp_path / "w.csv", rows), mapping=WIDE_MAP)
    assert {(f.code, f.row, f.column) for f in found.findings} == {
        ("intake.negative", 3, "二年级"), ("intake.row_total_off", 3, "合计"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("label", "text", "year"),
    [
        ("start_year", "2024", "2024"),
        ("start_year", "2024学年", "2024"),
        ("end_year", "2025", "2024"),
        ("end_year", "2024-2025", "2024"),
        ("range", "2024-2025", "2024"),
        ("range", "２０２４—２０２５学年", "2024"),
        ("date", "2024-09-01", "2024"),
        ("date", "2025年8月31日", "2024"),
        ("date", "45536", "2024"),
        ("date", "不详", None),
    ],
)
def test_labels_of_school_years(label: str, text: str, year: str | None) -> None:
    rule = YearRule("x", label)  # type: ignore[arg-type]
    assert school_years(pl.Series([text]), rule).to_list() == [year]


def test_classes_are_added_up(tmp_path: Path) -> None:
    rows = [
        ["校", "班", "年级", "人数", "日期"],
        *(["2199000001", str(i), "一年级", "45", "2025-09-01"] for i in range(6)),
    ]
    text = """
        [[source]]
        table = "enrolment"
        aggregate = { sum = ["pupils"], count = "classes" }
        columns = { school_id = "校", grade = "年级", pupils = "人数" }
        year = { from = "日期", label = "date" }
    """
    found = look(filled(tmp_path), csv_file(tmp_path / "c.csv", rows), mapping=text)
    assert found.tables["enrolment"].select("pupils", "classes", "year").rows() == [(270, 6, 2025)]


def test_lookup_values_defaults_constants_templates_filter_fill_down(tmp_path: Path) -> None:
    rows = [
        ["街道", "编号", "校名", "性质", "备注"],
        ["城关街道", "1", "甲校", "公办", ""],
        ["", "2", "乙校", "民办（普惠）", ""],
        ["东河镇", "3", "丙校", "", ""],
        ["东河镇", "4", "丁校", "公办", "撤"],
    ]
    text = """
        [[source]]
        table = "schools"
        fill_down = ["街道"]
        filter = [{ column = "备注", not_in = ["撤"] }]
        [source.columns]
        name = "校名"
        ownership = "性质"
        [source.constants]
        kind = "小学"
        [source.templates]
        school_id = "YZ-{编号}"
        [source.lookup.area_code]
        from = "街道"
        in = "areas"
        match = "name"
        give = "area_code"
        [source.values.ownership]
        "民办（普惠）" = "private_inclusive"
        [source.defaults]
        ownership = "public"
    """
    found = look(filled(tmp_path), xlsx(tmp_path / "s.xlsx", {"a": rows}), mapping=text)
    assert codes(found) == []
    made = found.tables["schools"].select("school_id", "name", "area_code", "ownership", "kind").rows()
    assert made == [
        ("YZ-1", "甲校", "990101001", "public", "211"),
        ("YZ-2", "乙校", "990101001", "private_inclusive", "211"),
        ("YZ-3", "丙校", "990101002", "public", "211"),
    ]


def test_a_lookup_that_fails_is_one_fault(tmp_path: Path) -> None:
    rows = [["校", "街道"], ["甲", "西山镇"]]
    text = """
        [[source]]
        table = "schools"
        columns = { school_id = "校", name = "校" }
        constants = { kind = "211" }
        lookup.area_code = { from = "街道", in = "areas", match = "name", give = "area_code" }
    """
    found = look(filled(tmp_path), csv_file(tmp_path / "s.csv", rows), mapping=text)
    assert [(f.code, f.row, f.column, f.value) for f in found.findings] == [
        ("intake.lookup_failed", 2, "街道", "西山镇")
    ]


def test_products_factors_and_joined_files(tmp_path: Path) -> None:
    rates = csv_file(
        tmp_path / "rate.csv",
        [["省码", "年份", "出生率(‰)"], ["990101001", "2019", "8.12"], ["990101002", "2019", ""]],
    )
    people = csv_file(
        tmp_path / "people.csv",
        [["省码", "年份", "人口(万人)"], ["990101001", "2019", "2154"], ["990101002", "2019", "10"]],
    )
    text = """
        [[source]]
        table = "births"
        file = "rate.csv"
        filter = [{ column = "出生率(‰)", filled = true }]
        columns = { area_code = "省码", year = "年份" }
        join = { file = "people.csv", on = ["省码", "年份"] }
        products = { births = ["出生率(‰)", "人口(万人)"] }
        factors = { births = 10 }
        constants = { month = "0", basis = "statistics" }
    """
    found = look(filled(tmp_path), rates, people, mapping=text)
    assert codes(found) == []
    assert found.tables["births"].select("area_code", "births").rows() == [("990101001", 174905)]
    assert codes(look(filled_again(tmp_path), rates, mapping=text)) == ["join_file_missing"]


def test_one_sheet_a_year_and_grades_inside_class_names(tmp_path: Path) -> None:
    rows = [
        ["学校", "班级", "男", "女"],
        ["2199000001", "一年级（1）班", "23", "22"],
        ["2199000001", "一年级（2）班", "20", ""],
    ]
    path = xlsx(tmp_path / "c.xlsx", {"2024-2025学年": rows, "2025-2026学年": rows})
    text = """
        [[source]]
        table = "enrolment"
        aggregate = { sum = ["pupils"], count = "classes" }
        columns = { school_id = "学校", grade = "班级" }
        extract = { grade = "^(.年级)" }
        sums = { pupils = ["男", "女"] }
        year = { from = "@sheet", label = "range" }
    """
    found = look(filled(tmp_path), path, mapping=text)
    assert codes(found) == [], sentences(found)
    made = found.tables["enrolment"].select("year", "grade", "pupils", "classes").rows()
    assert made == [(2024, "G01", 65, 2), (2025, "G01", 65, 2)]


def test_years_in_columns(tmp_path: Path) -> None:
    rows = [["区划代码", "2023年", "2024年"], ["990101001", "410", "395"]]
    text = """
        [[source]]
        table = "births"
        columns = { area_code = "区划代码" }
        constants = { month = "0", basis = "出生医学证明" }
        unpivot = { into = "year", births = { 2023 = "2023年", 2024 = "2024年" } }
    """
    found = look(filled(tmp_path), csv_file(tmp_path / "b.csv", rows), mapping=text)
    assert codes(found) == []
    assert found.tables["births"].select("year", "births").rows() == [(2023, 410), (2024, 395)]


def filled_again(folder: Path):  # type: ignore[no-untyped-def]
    """A second workspace beside the first."""
    other = folder / "other"
    other.mkdir()
    return filled(other)


def test_one_file_gives_several_tables_and_distinct_keeps_one_row(tmp_path: Path) -> None:
    rows = [["id", "name", "y", "g01"], ["1", "旧名", "2023", "10"], ["1", "新名", "2024", "12"]]
    text = """
        [[source]]
        table = "schools"
        distinct = "last"
        columns = { school_id = "id", name = "name" }
        constants = { area_code = "990101" }
        kind_from_grades = { G01 = "g01" }
        [[source]]
        table = "enrolment"
        columns = { school_id = "id", year = "y" }
        unpivot = { into = "grade", pupils = { G01 = "g01" } }
    """
    found = look(workspace(tmp_path), csv_file(tmp_path / "o.csv", rows), mapping=text)
    assert codes(found) == []
    assert found.tables["schools"].select("name", "kind").rows() == [("新名", "211")]
    assert found.tables["enrolment"]["pupils"].to_list() == [10, 12]


def test_a_heading_that_is_not_there_names_near_ones(tmp_path: Path) -> None:
    text = WIDE_MAP.replace('"代码"', '"学校代碼"')
    found = look(filled(tmp_path), csv_file(tmp_path / "w.csv", WIDE), mapping=text)
    assert codes(found) == ["heading_missing"] and "代码" in sentences(found)[0]


def test_headings_match_without_regard_to_width_case_or_brackets(tmp_path: Path) -> None:
    rows = [["ＳＣＨＯＯＬ ID（校）", *WIDE[0][1:]], *WIDE[1:]]
    text = WIDE_MAP.replace('"代码"', '"school id"')
    assert codes(look(filled(tmp_path), csv_file(tmp_path / "w.csv", rows), mapping=text)) == []


def test_a_file_no_source_takes(tmp_path: Path) -> None:
    text = WIDE_MAP.replace('table = "enrolment"', 'table = "enrolment"\n    file = "别的.csv"')
    assert codes(look(filled(tmp_path), csv_file(tmp_path / "w.csv", WIDE), mapping=text)) == [
        "no_source_for_file"
    ]


def test_every_mistake_in_a_mapping_file_at_once(tmp_path: Path) -> None:
    text = """
        format = 1
        colour = "red"
        [[source]]
        table = "pupils"
        [[source]]
        table = "enrolment"
        header = "three"
        columns = { school = "x", grade = "y" }
        year = { from = "z", label = "islamic" }
        [source.factors]
        pupils = "10k"
    """
    with pytest.raises(BadData) as caught:
        parse(tomllib.loads(text), "m.toml")
    assert sorted({f.code.removeprefix("intake.mapping_") for f in caught.value.findings}) == [
        "bad_value", "lacks_column", "unknown_column", "unknown_entry", "unknown_table",
    ]  # fmt: skip


def test_a_mapping_that_is_no_toml(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text("format = = 1", encoding="utf-8")
    with pytest.raises(BadData, match="mapping_unreadable"):
        mapping_file.load(path)


def test_the_draft_of_a_mapping_reads_back_and_imports(tmp_path: Path) -> None:
    rows = [
        ["学校代码", "校名", "学年度", "一年级", "二年级", "合计"],
        ["2199000001", "城关第一小学", "2024-2025", "270", "261", "531"],
    ]
    path = xlsx(tmp_path / "学校情况.xlsx", {"2024": rows})
    text = mapping_suggest.draft([path])
    assert "请核对" in text or "推测" in text
    filled_in = text.replace('# kind = ""', 'kind = "211"').replace(
        '# area_code = ""', 'area_code = "990101001"'
    )
    found = look(filled(tmp_path), path, mapping=filled_in)
    assert codes(found) == [], sentences(found)
    assert found.tables["enrolment"].select("year", "grade", "pupils").rows() == [
        (2024, "G01", 270),
        (2024, "G02", 261),
    ]
    assert found.tables["schools"].height == 1


def test_the_draft_of_a_sheet_with_two_heading_rows_and_a_total(tmp_path: Path) -> None:
    rows = [
        ["序号", "单位代码", "学年", "一年级", None, "二年级", None, "合计", None],
        [None, None, None, "学生数", "班数", "学生数", "班数", "学生数", "班数"],
        ["1", "2199000001", "2025-2026", "262", "6", "250", "6", "512", "12"],
    ]
    merged = {"统计": ["A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1", "H1:I1"]}
    path = xlsx(tmp_path / "m.xlsx", {"统计": rows}, merged)
    text = mapping_suggest.draft([path])
    assert 'total = "合计 学生数"' in text
    found = look(filled(tmp_path), path, mapping=text)
    assert codes(found) == [], sentences(found)
    made = found.tables["enrolment"].select("year", "grade", "pupils", "classes").rows()
    assert made == [(2025, "G01", 262, 6), (2025, "G02", 250, 6)]


def test_the_draft_looks_up_areas_given_by_name(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "出生.csv",
        [["街道", "年份", "出生人数", "口径"], ["城关街道", "2024", "120", "出生医学证明"]],
    )
    text = mapping_suggest.draft([path])
    found = look(filled(tmp_path), path, mapping=text)
    assert codes(found) == [], text
    assert found.tables["births"].select("area_code", "month", "births").rows() == [("990101001", 0, 120)]


def test_the_draft_keeps_grades_with_faults_and_looks_up_schools_given_by_name(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "在校生2025.csv",
        [
            ["学校名称", "一年级", "二年级"],
            ["城关小学", "120人", "—"],
            ["石门小学", "缺", "40"],
            ["柳河小学", "50", "约45"],
        ],
    )
    text = mapping_suggest.draft([path])
    source = mapping_file.parse(tomllib.loads(text.replace('# year = ""', 'year = "2025"'))).sources[-1]
    assert source.table == "enrolment" and source.unpivot is not None
    assert source.unpivot.values == {"pupils": {"G01": "一年级", "G02": "二年级"}}
    lookup = source.lookups["school_id"]
    assert (lookup.source, lookup.table, lookup.match, lookup.give) == (
        "学校名称",
        "schools",
        "name",
        "school_id",
    )
