"""The 红头 document: laid out as offices expect, editable, the same each time."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from dataclasses import replace

import polars as pl
import pytest
from docx import Document
from docx.oxml.ns import qn
from tests.unit.report import example

from junheng import report
from junheng.report import ReportInput, official_document


@pytest.fixture(scope="module")
def county() -> ReportInput:
    return example.county(12)


@pytest.fixture(scope="module")
def made(county: ReportInput) -> bytes:
    return report.docx(county)


def test_same_input_same_bytes(county: ReportInput, made: bytes) -> None:
    assert report.docx(county) == made
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_page_and_type_follow_the_layout_of_official_documents(made: bytes) -> None:
    document = Document(io.BytesIO(made))
    page = document.sections[0]
    size = [round(x.mm) for x in (page.page_width, page.page_height, page.top_margin, page.left_margin)]  # type: ignore[union-attr]
    assert size == [210, 297, 37, 28]
    fonts = {
        name: document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Head", "Document Title", "Body", "Heading 1", "Heading 2")
    }
    assert fonts == {
        "Head": "方正小标宋简体",
        "Document Title": "方正小标宋简体",
        "Body": "仿宋_GB2312",
        "Heading 1": "黑体",
        "Heading 2": "楷体_GB2312",
    }


def test_head_number_title_and_signature_stand_in_order(made: bytes) -> None:
    paragraphs = [(p.style.name, p.text) for p in Document(io.BytesIO(made)).paragraphs]  # type: ignore[union-attr]
    kinds = [kind for kind, _ in paragraphs]
    assert (
        kinds.index("Declared") < kinds.index("Head") < kinds.index("Number") < kinds.index("Document Title")
    )
    heads = [text for kind, text in paragraphs if kind == "Heading 1"]
    assert heads[0].startswith("一、") and heads[7].startswith("八、")
    assert any(kind == "Heading 2" and text.startswith("（一）") for kind, text in paragraphs)
    assert ("Sign", "云州县教育局") in paragraphs
    assert not any("{" in text or "@@" in text for _, text in paragraphs)


def test_tables_repeat_their_headings_and_pictures_speak(made: bytes) -> None:
    document = Document(io.BytesIO(made))
    assert len(document.tables) >= 8
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    pictures = list(document.element.body.iter(qn("wp:docPr")))
    assert len(pictures) >= 9
    assert all(picture.get("descr") for picture in pictures)
    assert len({picture.get("id") for picture in pictures}) == len(pictures)


def test_standards_are_cited_and_the_run_is_named(made: bytes) -> None:
    text = "\n".join(p.text for p in Document(io.BytesIO(made)).paragraphs)
    assert "示例办法" in text
    assert "R-2025-0007" in text


def bare(county: ReportInput) -> ReportInput:
    """Areas, schools and boundaries only: quick to write."""
    tables = {name: county.tables[name] for name in ("areas", "schools")}
    return replace(county, tables=tables)


def test_hostile_names_stay_text(county: ReportInput) -> None:
    nasty = '<w:p/>{{ 7*7 }}{% raw %}&"'
    schools = county.tables["schools"].with_columns(pl.lit(nasty).alias("name"))
    source = replace(
        county,
        region=replace(county.region, name=nasty, bureau=nasty),
        tables={"schools": schools},
    )
    document = Document(io.BytesIO(report.docx(source)))
    assert any(nasty in paragraph.text for paragraph in document.paragraphs)
    assert any(nasty in cell.text for table in document.tables for cell in table.columns[1].cells)


def test_an_offices_own_letterhead_is_used(county: ReportInput) -> None:
    held = Document(str(official_document.TEMPLATE))
    held.paragraphs[0].insert_paragraph_before("本局信笺")
    letter = io.BytesIO()
    held.save(letter)
    document = Document(io.BytesIO(report.docx(bare(county), template=letter.getvalue())))
    assert document.paragraphs[0].text == "本局信笺"


def test_the_template_in_the_package_is_what_the_script_builds() -> None:
    path = official_document.TEMPLATE.parent / "build_official_document.py"
    spec = importlib.util.spec_from_file_location("build_official_document", path)
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.build() == official_document.TEMPLATE.read_bytes()


def test_english_and_missing_tables(county: ReportInput) -> None:
    document = Document(io.BytesIO(report.docx(bare(county), language="en")))
    assert any("enrolment" in paragraph.text for paragraph in document.paragraphs)
