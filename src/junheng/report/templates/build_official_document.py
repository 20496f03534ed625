"""Makes official_document.docx, the 红头 template that offices may then edit in Word.

Run from anywhere: `python build_official_document.py`. Page, type and spacing follow the layout offices use
for official documents: A4 with a text area of 156 × 225 mm, body 三号 (16 pt) at 28.95 pt, title 二号, first
headings in 黑体, second in 楷体. Fonts are named as offices have them, with the names they fall back to.
"""

from __future__ import annotations

import datetime
import io
import sys
import zipfile
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

OUTPUT = Path(__file__).parent / "official_document.docx"
RED = RGBColor(0xD0, 0x12, 0x1B)
SONG, FANG, HEI, KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
FALLBACK = {SONG: "华文中宋", FANG: "仿宋", KAI: "楷体", HEI: "SimHei"}
LATIN = "Times New Roman"
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
BODY = 16.0
LINE = 28.95
EPOCH = (1980, 1, 1, 0, 0, 0)


def style(
    document: Any,
    name: str,
    font: str,
    size: float,
    *,
    align: Any = LEFT,
    line: float | None = LINE,
    indent: float = 0.0,
    before: float = 0.0,
    after: float = 0.0,
    bold: bool = False,
    colour: RGBColor | None = None,
    keep: bool = False,
) -> None:
    """One paragraph style. `indent` is the first line's, in characters of its own size."""
    held = document.styles
    made = held[name] if name in [one.name for one in held] else held.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    made.font.name, made.font.size, made.font.bold, made.font.italic = LATIN, Pt(size), bold, False
    made.font.color.rgb = colour or RGBColor(0, 0, 0)
    fonts = made.element.get_or_add_rPr().get_or_add_rFonts()
    for name_of in list(fonts.attrib):
        if name_of.endswith("Theme"):
            del fonts.attrib[name_of]
    fonts.set(qn("w:eastAsia"), font)
    fonts.set(qn("w:hAnsi"), LATIN)
    layout = made.paragraph_format
    layout.alignment, layout.space_before, layout.space_after = align, Pt(before), Pt(after)
    layout.first_line_indent = Pt(size * indent)
    layout.keep_with_next = keep
    layout.widow_control = True
    if line is None:
        layout.line_spacing_rule = WD_LINE_SPACING.SINGLE
    else:
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)


def rule(paragraph: Any, colour: str, size: int) -> None:
    """A line below a paragraph; `size` in eighths of a point."""
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", str(size)), ("space", "1"), ("color", colour)):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)


def page_number(paragraph: Any) -> None:
    """— 1 — as a field."""
    paragraph.add_run("— ")
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)
    paragraph.add_run(" —")


def fallbacks(document: Any) -> None:
    """Say in the font table what stands in where an office lacks a font."""
    part = next(rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/fontTable"))
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in FALLBACK.items()
    )
    table = parse_xml(f"<w:fonts {nsdecls('w')}>{fonts}</w:fonts>")
    part._blob = serialize_part_xml(table)


def build() -> bytes:
    """The template as a docx with fixed times, so that the same script gives the same bytes."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    page.footer_distance = Mm(25)
    style(document, "Normal", FANG, BODY)
    style(document, "Head", SONG, 44, align=CENTRE, line=None, before=18, after=10, colour=RED)
    style(document, "Number", FANG, BODY, align=CENTRE, after=2)
    style(document, "Document Title", SONG, 22, align=CENTRE, line=34, before=30, after=14)
    style(document, "Recipient", FANG, BODY)
    style(document, "Body", FANG, BODY, indent=2)
    style(document, "Declared", KAI, 12, line=20, after=4, colour=RGBColor(0x9A, 0x5B, 0x00))
    style(document, "Heading 1", HEI, BODY, indent=2, before=6, keep=True)
    style(document, "Heading 2", KAI, BODY, indent=2, keep=True)
    style(document, "Caption", HEI, 11, align=CENTRE, line=18, before=2, after=8)
    style(document, "Table Caption", HEI, 11, align=CENTRE, line=18, before=8, after=3, keep=True)
    style(document, "Picture", FANG, BODY, align=CENTRE, line=None, keep=True)
    style(document, "Table Text", FANG, 9, line=None)
    style(document, "Table Head", HEI, 9, line=None)
    style(document, "Table Dense", FANG, 8, line=None)
    style(document, "Table Dense Head", HEI, 8, line=None)
    style(document, "Note", FANG, 10, line=15, before=2, after=6)
    style(document, "Missing", KAI, BODY, indent=2)
    style(document, "Sign", FANG, BODY, align=RIGHT)
    style(document, "Footer", FANG, 10, align=CENTRE, line=None)
    paragraphs: list[tuple[str, str]] = [
        ("{%p if declared %}", "Body"),
        ("{{ declared }}", "Declared"),
        ("{%p endif %}", "Body"),
        ("{{ bureau }}", "Head"),
        ("{{ number }}", "Number"),
        ("{{ title }}", "Document Title"),
        ("{{ recipient }}", "Recipient"),
        ("{{ opening }}", "Body"),
        ("{%p for block in blocks %}", "Body"),
        ("{%p if block.kind == 'heading1' %}", "Body"),
        ("{{ block.text }}", "Heading 1"),
        ("{%p elif block.kind == 'heading2' %}", "Body"),
        ("{{ block.text }}", "Heading 2"),
        ("{%p elif block.kind == 'body' %}", "Body"),
        ("{{ block.text }}", "Body"),
        ("{%p elif block.kind == 'missing' %}", "Body"),
        ("{{ block.text }}", "Missing"),
        ("{%p elif block.kind == 'note' %}", "Body"),
        ("{{ block.text }}", "Note"),
        ("{%p elif block.kind == 'caption' %}", "Body"),
        ("{{ block.text }}", "Caption"),
        ("{%p elif block.kind == 'table_caption' %}", "Body"),
        ("{{ block.text }}", "Table Caption"),
        ("{%p elif block.kind == 'picture' %}", "Body"),
        ("{{ block.picture }}", "Picture"),
        ("{%p elif block.kind == 'table' %}", "Body"),
        ("{{ block.text }}", "Table Text"),
        ("{%p elif block.kind == 'sign' %}", "Body"),
        ("", "Sign"),
        ("", "Sign"),
        ("{{ bureau }}", "Sign"),
        ("{{ date }}", "Sign"),
        ("{%p endif %}", "Body"),
        ("{%p endfor %}", "Body"),
    ]
    for text, name in paragraphs:
        made = document.add_paragraph(text, style=name)
        if text == "{{ number }}":
            rule(made, "D0121B", 18)
    footer = page.footer
    page_number(footer.paragraphs[0])
    footer.add_paragraph("{{ footer }}", style="Footer")
    for one in footer.paragraphs:
        one.style = "Footer"
    fallbacks(document)
    core = document.core_properties
    core.author, core.title, core.comments, core.last_modified_by = "Junheng", "", "", "Junheng"
    core.created = core.modified = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
    core.revision = 1
    held = io.BytesIO()
    document.save(held)
    return with_fixed_times(held.getvalue())


def with_fixed_times(archive: bytes) -> bytes:
    """The same zip with every entry dated 1980, so that equal content is equal bytes."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            fixed = zipfile.ZipInfo(entry.filename, EPOCH)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            fixed.external_attr = 0o644 << 16
            new.writestr(fixed, old.read(entry.filename))
    return result.getvalue()


if __name__ == "__main__":
    OUTPUT.write_bytes(build())
    sys.exit(0)
