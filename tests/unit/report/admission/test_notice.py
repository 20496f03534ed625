"""Notices: what stands on them, that values are never markup, that files are the same every time."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from docx import Document

from junheng.model.errors import Refused
from junheng.report.admission import notice_files
from junheng.report.admission.notice import KINDS, Letter, Notice, paper
from junheng.report.admission.notice_files import docx, docx_zip, pdf

LETTER = Letter(
    "云州区教育委员会",
    "小学入学 2027",
    2027,
    site="https://edu.example.cn/families/2027-primary",
    objection="7月10日前提出。",
)
HOSTILE = '*#$\\ {x} {{7*7}} {% if %} <b>&amp; @ref `code` _u_ //c #read("x") \x0b\x00'
SHOWN = HOSTILE.replace("\x0b", "").replace("\x00", "")
NOTICES = (
    Notice(
        "receipt",
        "YZ1",
        receipt="7K3MQ9RTWX2AB",
        code="9F4K-2M7Q-XT0C-8HWE-3",
        school="一小",
        choices=("一小", "二小"),
    ),
    Notice("admission", "YZ2", name="张小明", program="一小", rank=2),
    Notice("placement", "YZ3", program="滨河小学", metres=1830),
    Notice("waiting", "YZ4", waiting=(("一小", 12),), reasons=("随机号第 812，录取至第 640。",)),
    Notice("not_admitted", "YZ5", reasons=("总分 431，录取线 455。",)),
)


def text_of(content: bytes) -> str:
    document: Any = Document(io.BytesIO(content))
    cells = [box.text for table in document.tables for row in table.rows for box in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


@pytest.mark.parametrize("notice", NOTICES, ids=KINDS)
def test_every_kind_in_both_languages(notice: Notice) -> None:
    zh, en = (paper(notice, LETTER, language) for language in ("zh", "en"))
    assert zh.title and en.title and zh.title != en.title
    assert "YZ" in zh.footer and "小学入学 2027" in zh.opening
    assert "张小明" in zh.salutation if notice.name else "＿＿" in zh.salutation
    assert [bool(getattr(zh, name)) for name in zh.__slots__] == [
        bool(getattr(en, name)) for name in en.__slots__
    ]


def test_the_code_stands_on_the_receipt_slip_and_nowhere_else() -> None:
    for notice in NOTICES:
        held = docx(replace(notice, code="9F4K-2M7Q-XT0C-8HWE-3"), LETTER)
        assert ("9F4K-2M7Q" in text_of(held)) == (notice.kind == "receipt")


def test_what_each_says() -> None:
    slip, admission, placement, waiting, refusal = (text_of(docx(one, LETTER)) for one in NOTICES)
    for part in ("受理回执", "YZ1", "7K3MQ9RTWX2AB", "一小", "二小", "钥匙", LETTER.site, "不代表录取"):
        assert part in slip
    assert "录取到" in admission and "第 2 志愿" in admission and "张小明的家长" in admission
    assert "统筹" in placement and "1,830 米" in placement
    assert "第 12 位" in waiting and "812" in waiting
    assert "未录取" in refusal and "455" in refusal and "7月10日前提出" in refusal
    assert "保障录取" in text_of(docx(replace(NOTICES[1], rank=None), LETTER))


@pytest.mark.parametrize("notice", NOTICES, ids=KINDS)
def test_values_are_never_markup(notice: Notice) -> None:
    """In every place a value can stand: as it is written, without the signs no document may hold."""
    hostile = replace(
        notice,
        applicant_id=HOSTILE,
        name=HOSTILE,
        receipt=HOSTILE,
        code=HOSTILE,
        program=HOSTILE,
        school=HOSTILE,
        choices=(HOSTILE,),
        waiting=((HOSTILE, 3),),
        reasons=(HOSTILE,),
    )
    letter = Letter(HOSTILE, HOSTILE, 2027, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    assert text_of(docx(hostile, letter)).count(SHOWN) >= 6
    assert pdf([hostile], letter).startswith(b"%PDF")


def test_many_are_one_pdf_with_a_page_each_and_a_zip() -> None:
    made = pdf(NOTICES, LETTER)
    assert made == pdf(NOTICES, LETTER)
    with zipfile.ZipFile(io.BytesIO(docx_zip(NOTICES, LETTER))) as held:
        assert held.namelist() == [f"{at:05d}.docx" for at in range(1, 6)]
        assert "统筹" in text_of(held.read("00003.docx"))
    assert docx_zip(NOTICES, LETTER) == docx_zip(NOTICES, LETTER)


def test_a_long_list_of_reasons_still_fits_its_paper() -> None:
    long = replace(
        NOTICES[4], reasons=tuple(f"第{n}志愿 某某实验学校：{n} 分，录取线 {n + 9}。" for n in range(40))
    )
    assert "第39志愿" in text_of(docx(long, LETTER)) and pdf([long], LETTER)


def test_no_notice_is_no_file() -> None:
    for make in (pdf, docx_zip):
        with pytest.raises(Refused):
            make([], LETTER)


def test_an_office_may_bring_its_own_letterhead() -> None:
    own: Any = Document()
    own.add_paragraph("本局信笺 {{ title }} {{ destination }}")
    held = io.BytesIO()
    own.save(held)
    with zipfile.ZipFile(io.BytesIO(docx_zip(NOTICES[1:2], LETTER, template=held.getvalue()))) as made:
        assert text_of(made.read("00001.docx")) == "本局信笺 录取通知书 一小"


def test_the_packaged_template_is_what_its_script_makes() -> None:
    path = notice_files.DOCUMENT.parent / "build_notice.py"
    spec = importlib.util.spec_from_file_location("build_notice", path)
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.build() == notice_files.DOCUMENT.read_bytes()
