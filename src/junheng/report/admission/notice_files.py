"""Notices as files: one PDF with a page for each (Typst), one docx, a zip of docx (docxtpl).

Rows in, bytes out; the same rows give the same bytes. A value is never markup: Typst gets data, the docx
template fills escaped text.
"""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst
from docxtpl import DocxTemplate

from junheng.model.errors import Refused
from junheng.model.reason import Language
from junheng.report import fonts
from junheng.report.admission.notice import Letter, Notice, paper
from junheng.report.embedded_font import with_font
from junheng.report.tokens import tokens

_TEMPLATES = Path(__file__).parent.parent / "templates"
SHEET, DOCUMENT = _TEMPLATES / "notice.typ", _TEMPLATES / "notice.docx"
EPOCH = (1980, 1, 1, 0, 0, 0)


def pdf(notices: Sequence[Notice], letter: Letter, *, language: Language = "zh") -> bytes:
    """All notices in one PDF, a page each (A4), in their order. Refused `report.notice.none` for none."""
    if not notices:
        raise Refused("report.notice.none")
    papers = [paper(one, letter, language) for one in notices]
    held = {
        "lang": language,
        "region": "CN" if language == "zh" else "GB",
        "colours": tokens(),
        "title": papers[0].title,
        "bureau": papers[0].bureau,
        "notices": [asdict(one) for one in papers],
    }
    files: Any = {  # by name; the type stubs know paths only
        "main": SHEET.read_bytes(),
        "notices.json": json.dumps(held, ensure_ascii=False, sort_keys=True).encode(),
    }
    made = typst.compile(
        files,
        font_paths=[fonts.path(400).parent],
        ignore_system_fonts=True,
        format="pdf",
        timestamp=datetime.datetime(letter.year, 9, 1, tzinfo=datetime.UTC),
    )
    return bytes(made)  # type: ignore[arg-type] - one document, not pages of pictures


def docx(
    notice: Notice, letter: Letter, *, language: Language = "zh", template: bytes | None = None
) -> bytes:
    """One notice as a 红头 docx that the office edits and stamps; it carries its own type. `template` is an
    office's own letterhead with the same field names."""
    return with_font(_rendered(notice, letter, language, template))


def docx_zip(
    notices: Sequence[Notice],
    letter: Letter,
    *,
    language: Language = "zh",
    template: bytes | None = None,
    told: Callable[[int], None] | None = None,
) -> bytes:
    """A zip with a docx for each notice, named by its place (`00001.docx`) and nothing personal; type is that
    of the office's machine. `told` hears how many are made. Refused `report.notice.none` for none."""
    if not notices:
        raise Refused("report.notice.none")
    made = (_rendered(one, letter, language, template) for one in notices)

    def named() -> Iterator[tuple[str, bytes]]:
        for at, content in enumerate(made, start=1):
            yield f"{at:05d}.docx", content
            if told is not None:
                told(at)

    return _zipped(named(), zipfile.ZIP_STORED)


def _rendered(notice: Notice, letter: Letter, language: Language, template: bytes | None) -> bytes:
    held = DocxTemplate(io.BytesIO(template) if template else DOCUMENT)
    words = paper(notice, letter, language)
    held.render(asdict(words), autoescape=True)
    made: Any = held.docx
    core = made.core_properties
    core.title, core.author, core.last_modified_by = words.title, words.bureau, words.bureau
    core.created = core.modified = datetime.datetime(letter.year, 9, 1)
    result = io.BytesIO()
    held.save(result)
    return _fixed_times(result.getvalue())


def _fixed_times(archive: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        entries = sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        return _zipped(((name, old.read(name)) for name in entries), zipfile.ZIP_DEFLATED)


def _zipped(entries: Iterable[tuple[str, bytes]], method: int) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", method) as made:
        for name, content in entries:
            fixed = zipfile.ZipInfo(name, EPOCH)
            fixed.compress_type, fixed.external_attr = method, 0o644 << 16
            made.writestr(fixed, content)
    return result.getvalue()
