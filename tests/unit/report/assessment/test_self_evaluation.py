"""The self-evaluation report: what it shows, that it opens, that it is the same each time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import openpyxl
import pytest
from docx import Document
from lxml import etree
from tests.unit.monitoring.counties import REGION, YEAR
from tests.unit.monitoring.test_hand_made_county import county

from junheng import rules
from junheng.model.errors import Refused
from junheng.model.reason import Language
from junheng.monitoring.assessment_result import AssessmentResult
from junheng.report import assessment as report
from junheng.report.assessment.card import card
from junheng.report.assessment.notes import noted, with_footnotes, without
from junheng.rules.indicator import Indicator

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@cache
def indicators() -> Mapping[str, Indicator]:
    return rules.load().at(date(YEAR, 9, 1), REGION).indicators


@cache
def made(language: Language = "zh") -> bytes:
    return report.docx(county(), indicators(), language=language)


def texts(archive: bytes) -> str:
    held: Any = Document(io.BytesIO(archive))
    cells = [cell.text for table in held.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in held.paragraphs), *cells])


def test_the_document_says_verdict_groups_and_what_is_not_examined() -> None:
    text = texts(made())
    assert "清溪县县域义务教育优质均衡发展自评报告" in text
    assert "尚未达到" in text
    for word in ("总体情况", "校级指标", "校际差异系数", "政府保障程度", "例外与口径", "依据与核实程度"):
        assert word in text
    assert "未查验的项目一律不算达标" in text
    assert "合成数据" in text
    assert "⟦" not in text
    assert "report.assess" not in text
    assert "monitoring.assess" not in text


def test_the_english_document_holds_no_chinese_but_names_and_documents() -> None:
    text = texts(made("en"))
    assert "self-evaluation" in text
    for word in ("总体情况", "未达标", "小学", "初中", "底线"):
        assert word not in text


def test_sources_are_real_footnotes_with_how_sure_they_are() -> None:
    with zipfile.ZipFile(io.BytesIO(made())) as held:
        notes = etree.fromstring(held.read("word/footnotes.xml"))
        document = etree.fromstring(held.read("word/document.xml"))
        types = held.read("[Content_Types].xml").decode()
    ids = {note.get(f"{W}id"): "".join(note.itertext()) for note in notes}
    marked = [mark.get(f"{W}id") for mark in document.iter(f"{W}footnoteReference")]
    assert marked
    assert len(marked) == len(set(marked)) == len(ids) - 2  # two are separators
    shown = [ids[mark] for mark in marked]
    assert len(shown) == len(set(shown))  # each source once
    assert any("教督" in text and "转引" in text for text in shown)
    assert "footnotes.xml" in types


def test_marks_without_a_document_are_taken_out_again() -> None:
    assert without(noted("每校七项", "文件")) == "每校七项"
    assert noted("每校七项", "") == "每校七项"
    plain = io.BytesIO()
    Document().save(plain)
    assert with_footnotes(plain.getvalue(), {}) == plain.getvalue()


def test_the_same_result_gives_the_same_bytes() -> None:
    assert report.docx(county(), indicators()) == made()
    assert report.workbook(county(), indicators()) == report.workbook(county(), indicators())


def sheet(result: AssessmentResult, number: int) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(report.workbook(result, indicators())))
    return list(book.worksheets[number].iter_rows(values_only=True))


def test_the_workbook_opens_with_every_row() -> None:
    result = county()
    book = openpyxl.load_workbook(io.BytesIO(report.workbook(result, indicators())))
    assert book.sheetnames == ["总表", "逐项结论", "逐校", "逐校逐项", "差异系数", "例外清单", "依据"]
    held = {name: list(book[name].iter_rows(min_row=2, values_only=True)) for name in book.sheetnames}
    assert len(held["逐项结论"]) == sum(row.level == "county" for row in result.items)
    assert len(held["逐校"]) == sum(row.level == "school" for row in result.results)
    assert len(held["逐校逐项"]) == sum(row.level == "school" for row in result.items)
    assert len(held["差异系数"]) == 14
    assert [row[1] for row in held["例外清单"]] == ["T1"]
    assert len(held["依据"]) == len(result.citations)


def test_identifiers_are_text_and_values_are_numbers() -> None:
    rows = sheet(county(), 2)
    school = next(row for row in rows if row[1] == "P1")
    assert (school[3], school[4], school[7]) == (400, 5.0, 4.75)
    book = openpyxl.load_workbook(io.BytesIO(report.workbook(county(), indicators())))
    for name in book.sheetnames:
        for row in book[name].iter_rows():
            assert all(cell.data_type != "f" for cell in row)


def test_a_card_names_value_line_floor_and_what_would_close_the_gap() -> None:
    lines = card(county(), indicators(), "P2")
    text = "\n".join(lines)
    assert lines[0].startswith("学校P2 小学：未达标")
    # 8 teachers for 200 pupils are 4 a hundred: under 4.2, over 3.57; one more, or 190 pupils
    assert "L1 每百名学生拥有高于规定学历教师数 4.00（8 人，200 人）" in text
    assert "，低于要求 4.2，不低于底线 3.57；尚差 1 人，或至多容纳 190 人。" in text
    english = "\n".join(card(county(), indicators(), "P2", "en"))
    assert "under 4.2, not under its floor 3.57; teachers still missing: 1, or at most 190 pupils." in english
    with pytest.raises(Refused) as refused:
        card(county(), indicators(), "nobody")
    assert refused.value.code == "monitoring.assess.unknown_school"
