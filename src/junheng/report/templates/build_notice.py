"""Makes notice.docx, the 红头 template of notices to families, which offices may then edit in Word.

Run from anywhere: `python build_notice.py`. Page, type and head are those of the house's official documents;
a notice fills one page.
"""

from __future__ import annotations

import datetime
import io
import sys
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, RGBColor

from junheng.report.templates import build_official_document as house

OUTPUT = Path(__file__).parent / "notice.docx"
LABEL_MM, VALUE_MM = 40, 116
_MONO = "Consolas"


def frame(paragraph: Any) -> None:
    """A box around a paragraph."""
    borders = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "8"), ("space", "6"), ("color", "1B2733")):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def fields(document: Any) -> None:
    """Two columns, one row for each field, hairlines between."""
    table = document.add_table(rows=3, cols=2)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    borders = OxmlElement("w:tblBorders")
    for side, size, tone in (("top", "8", "000000"), ("bottom", "8", "000000"), ("insideH", "2", "C8CED4")):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", size), ("space", "0"), ("color", tone)):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)
    texts = (
        ("{%tr for label, value in fields %}", ""),
        ("{{ label }}", "{{ value }}"),
        ("{%tr endfor %}", ""),
    )
    for column, width in zip(table.columns, (LABEL_MM, VALUE_MM), strict=True):
        column.width = Mm(width)
    for row, cells in zip(table.rows, texts, strict=True):
        for box, text, width, name in zip(
            row.cells, cells, (LABEL_MM, VALUE_MM), ("Field Label", "Field"), strict=True
        ):
            box.width = Mm(width)
            box.paragraphs[0].text, box.paragraphs[0].style = text, name


def build() -> bytes:
    """The template as a docx with fixed times, so that the same script gives the same bytes."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(24), Mm(22), Mm(28), Mm(26)
    page.footer_distance = Mm(14)
    fang, hei, kai, song, body = house.FANG, house.HEI, house.KAI, house.SONG, house.BODY
    style = house.style
    style(document, "Normal", fang, body)
    style(document, "Head", song, 38, align=house.CENTRE, line=None, before=0, after=4, colour=house.RED)
    style(document, "Number", fang, body, align=house.CENTRE, after=2)
    style(document, "Document Title", song, 22, align=house.CENTRE, line=32, before=16, after=8)
    style(document, "Recipient", fang, body)
    style(document, "Body", fang, body, indent=2, line=26)
    style(document, "Gap", fang, 5, line=8)
    style(document, "Body After", fang, body, indent=2, line=27, before=4)
    style(document, "Reason", fang, 14, line=23, indent=2)
    style(document, "Site", fang, 12, line=20)
    style(document, "Destination", hei, 20, align=house.CENTRE, line=32, before=8, after=8, bold=True)
    style(document, "Field Label", hei, 13, line=21)
    style(document, "Field", fang, 13, line=21)
    style(document, "Code Label", hei, 11, align=house.CENTRE, line=18, before=10, after=2, keep=True)
    style(document, "Code", hei, 22, align=house.CENTRE, line=32, after=6, bold=True)
    style(document, "Keep Label", hei, 12, line=20, before=6, keep=True)
    style(document, "Keep", fang, 11, line=17)
    style(document, "Declared", kai, 12, line=20, after=4, colour=RGBColor(0x9A, 0x5B, 0x00))
    style(document, "Sign", fang, body, align=house.RIGHT)
    style(document, "Footer", fang, 9, align=house.CENTRE, line=None)
    before: list[tuple[str, str]] = [
        ("{%p if declared %}", "Body"),
        ("{{ declared }}", "Declared"),
        ("{%p endif %}", "Body"),
        ("{{ bureau }}", "Head"),
        ("{{ number }}", "Number"),
        ("{{ title }}", "Document Title"),
        ("{{ salutation }}", "Recipient"),
        ("{{ opening }}", "Body"),
        ("{%p if destination %}", "Body"),
        ("{{ destination }}", "Destination"),
        ("{%p endif %}", "Body"),
        ("{%p for one in lead %}", "Body"),
        ("{{ one }}", "Body"),
        ("{%p endfor %}", "Body"),
        ("{%p if fields %}", "Body"),
        ("", "Gap"),
    ]
    after: list[tuple[str, str]] = [
        ("{%p endif %}", "Body"),
        ("{%p if reasons_label %}", "Body"),
        ("{{ reasons_label }}", "Keep Label"),
        ("{%p endif %}", "Body"),
        ("{%p for one in reasons %}", "Body"),
        ("· {{ one }}", "Reason"),
        ("{%p endfor %}", "Body"),
        ("{%p for one in paragraphs %}", "Body After"),
        ("{{ one }}", "Body After"),
        ("{%p endfor %}", "Body After"),
        ("{%p if site %}", "Body"),
        ("{{ site }}", "Site"),
        ("{%p endif %}", "Body"),
        ("{%p if code %}", "Body"),
        ("{{ code_label }}", "Code Label"),
        ("{{ code }}", "Code"),
        ("{%p endif %}", "Body"),
        ("{%p if keep %}", "Body"),
        ("{{ keep_label }}", "Keep Label"),
        ("{%p for one in keep %}", "Body"),
        ("{{ loop.index }}. {{ one }}", "Keep"),
        ("{%p endfor %}", "Body"),
        ("{%p endif %}", "Body"),
        ("", "Keep"),
        ("{{ bureau }}", "Sign"),
        ("{{ date }}", "Sign"),
    ]
    for text, name in before:
        made = document.add_paragraph(text, style=name)
        if text == "{{ number }}":
            house.rule(made, "D0121B", 18)
    fields(document)
    for text, name in after:
        made = document.add_paragraph(text, style=name)
        if text == "{{ code }}":
            frame(made)
            for run in made.runs:
                run.font.name = _MONO
    page.footer.paragraphs[0].text = "{{ footer }}"
    page.footer.paragraphs[0].style = "Footer"
    house.fallbacks(document)
    core = document.core_properties
    core.author, core.title, core.comments, core.last_modified_by = "Junheng", "", "", "Junheng"
    core.created = core.modified = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
    core.revision = 1
    held = io.BytesIO()
    document.save(held)
    return house.with_fixed_times(held.getvalue())


if __name__ == "__main__":
    OUTPUT.write_bytes(build())
    sys.exit(0)
