"""The docx carries the characters it uses, so that Chinese shows where no Chinese font is installed."""

from __future__ import annotations

import io
import re
import uuid
import zipfile

import docx
import pytest
from fontTools.ttLib import TTFont

from junheng.report.embedded_font import with_font


@pytest.fixture(scope="module")
def document() -> bytes:
    made = docx.Document()
    made.add_paragraph("学位缺口与预警")
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def _font(content: bytes) -> TTFont:
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        table = held.read("word/fontTable.xml").decode()
        obfuscated = held.read("word/fonts/font1.odttf")
    key = re.search(r'w:fontKey="\{([^}]+)\}"', table)
    assert key is not None
    mask = uuid.UUID(key[1]).bytes[::-1] * 2
    return TTFont(
        io.BytesIO(bytes(a ^ b for a, b in zip(obfuscated[:32], mask, strict=True)) + obfuscated[32:])
    )


def test_every_character_used_travels_along(document: bytes) -> None:
    held = _font(with_font(document)).getBestCmap()
    assert all(ord(character) in held for character in "学位缺口与预警")


def test_characters_not_used_stay_behind(document: bytes) -> None:
    assert ord("鑫") not in _font(with_font(document)).getBestCmap()


def test_the_document_stays_readable(document: bytes) -> None:
    assert docx.Document(io.BytesIO(with_font(document))).paragraphs[0].text == "学位缺口与预警"


def test_same_document_same_bytes(document: bytes) -> None:
    assert with_font(document) == with_font(document)
