"""The PDF: the same each time, set in the packaged type only, and nothing in it read as markup."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace

import polars as pl
import pytest
from tests.unit.report import example

from junheng import report
from junheng.report import ReportInput
from junheng.report.annual_report import assemble
from junheng.report.pdf_document import content
from junheng.report.suppression import Protection


@pytest.fixture(scope="module")
def county() -> ReportInput:
    return example.county(12)


@pytest.fixture(scope="module")
def made(county: ReportInput) -> bytes:
    return report.pdf(county)


def test_same_input_same_bytes(county: ReportInput, made: bytes) -> None:
    assert made.startswith(b"%PDF-")
    assert report.pdf(county) == made


def test_only_the_packaged_type_is_used(made: bytes) -> None:
    named = set(re.findall(rb"/FontName\s*/(?:[A-Z]{6}\+)?([A-Za-z0-9-]+)", _opened(made)))
    assert named and all(name.startswith(b"NotoSansSC") for name in named), named


def _opened(document: bytes) -> bytes:
    """The document with its packed streams beside it, unpacked."""
    parts = [document]
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", document, flags=re.DOTALL):
        try:
            parts.append(zlib.decompress(match.group(1)))
        except zlib.error:
            continue
    return b"\n".join(parts)


@pytest.mark.parametrize(
    "name", ["#panic()", '"#read(\\"/etc/passwd\\")', "$x_1$ *b* _i_", "{{7*7}}<script>", "]#[ \\ `raw`"]
)
def test_hostile_names_stay_text(county: ReportInput, name: str) -> None:
    schools = county.tables["schools"].with_columns(pl.lit(name).alias("name"))
    hostile = replace(county, tables={**county.tables, "schools": schools})
    assert report.pdf(hostile).startswith(b"%PDF-")
    rows = [
        cell["text"]
        for section in content(assemble(hostile))["sections"]
        for block in section["blocks"]
        if block["kind"] == "table"
        for row in block["rows"]
        for cell in row
    ]
    assert any(name in text for text in rows)


def test_bold_runs_are_cut_out_of_sentences_and_nothing_else_is(county: ReportInput) -> None:
    held = replace(assemble(county), headline="甲 <b>12</b> 乙 <i>丙</i> <b>丁")
    assert content(held)["headline"] == [
        {"text": "甲 ", "bold": False},
        {"text": "12", "bold": True},
        {"text": " 乙 <i>丙</i> ", "bold": False},
        {"text": "丁", "bold": True},
    ]


def test_public_form_and_english(county: ReportInput, made: bytes) -> None:
    public = content(assemble(county, "zh", Protection("public", 10_000)))
    shown = [
        c["text"]
        for s in public["sections"]
        for b in s["blocks"]
        if b["kind"] == "table"
        for r in b["rows"]
        for c in r
    ]
    assert any("<10000" in text for text in shown)
    assert report.pdf(county, audience="public") != made
    assert content(assemble(county, "en"))["lang"] == "en"
    assert report.pdf(county, language="en").startswith(b"%PDF-")
