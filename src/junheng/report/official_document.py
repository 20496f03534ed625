"""The report as a 红头 document that an office edits, numbers and stamps."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docxtpl import DocxTemplate, InlineImage

from junheng.model.reason import Language
from junheng.report import drawing, wording
from junheng.report import format as fmt
from junheng.report.annual_report import assemble
from junheng.report.content import Block, Cell, Figure, Grid, Heading, Report, Table, Text
from junheng.report.embedded_font import with_font
from junheng.report.reading import ReportInput
from junheng.report.suppression import Audience, Protection
from junheng.report.tokens import colour

TEMPLATE = Path(__file__).parent / "templates" / "official_document.docx"
TEXT_WIDTH_MM = 156.0
PICTURE_INCHES = 6.1
MOST_ROWS = 200
NEAR, FAR = 5, (7, 10, 12, 15)
"""Years ahead shown in dense tables: all near ones and a few far ones, by column."""
EPOCH = (1980, 1, 1, 0, 0, 0)
_MARKER = "@@table-{}@@"
_LIGHTS = {
    "red": "■",
    "orange": "▲",
    "yellow": "●",
    "absent": "○",
    "tocheck": "▲",
    "severity-error": "■",
    "severity-warning": "▲",
    "severity-note": "○",
}
_LIGHT_COLOUR = {
    "red": "red",
    "orange": "orange",
    "yellow": "yellow",
    "absent": "declared",
    "tocheck": "declared",
    "severity-error": "red",
    "severity-warning": "declared",
    "severity-note": "secondary",
}
_TONES = re.compile(r"(short|idle)([1-4])")


def docx(
    source: ReportInput,
    *,
    language: Language = "zh",
    audience: Audience = "bureau",
    minimum: int = 10,
    template: bytes | None = None,
) -> bytes:
    """The annual report as a 红头 docx. Same input, same bytes.

    Document number, recipient and date are left for the office. `template` is an office's own letterhead
    with the same field names; the packaged one otherwise.
    """
    return document(assemble(source, language, Protection(audience, minimum)), template)


def document(report: Report, template: bytes | None = None) -> bytes:
    """An assembled report as docx."""
    held = DocxTemplate(io.BytesIO(template) if template else TEMPLATE)
    walk = _Walk(report, held)
    blocks = list(walk.blocks())
    say = walk.say
    held.render(
        {
            "declared": report.declared,
            "bureau": report.bureau,
            "number": say("doc.number", year=report.facts["origin"] or ""),
            "title": report.title,
            "recipient": say("doc.to"),
            "opening": _plain(report.headline),
            "blocks": blocks,
            "date": say("doc.date"),
            "footer": report.footer,
        },
        autoescape=True,
    )
    made: Any = held.docx
    _set_tables(made, walk.tables)
    _describe(made, walk.figures)
    core = made.core_properties
    core.title, core.author, core.last_modified_by = report.title, report.bureau, report.bureau
    when = datetime.datetime(report.facts["origin"] or 2000, 9, 1)
    core.created = core.modified = when
    result = io.BytesIO()
    held.save(result)
    return with_font(_fixed_times(result.getvalue()))


def _plain(text: str) -> str:
    return text.replace("<b>", "").replace("</b>", "")


class _Walk:
    """Goes through a report once, numbering figures and tables and setting large tables last."""

    def __init__(self, report: Report, held: DocxTemplate) -> None:
        self.report, self.held = report, held
        self.tables: dict[str, Table] = {}
        self.figures: list[Figure] = []
        self.headings = 0

    def say(self, code: str, **parameters: Any) -> str:
        return wording.say(f"report.{code}", self.report.language, **parameters)

    def blocks(self) -> Iterator[dict[str, Any]]:
        """Blocks of the template: all sections, then the signature, then the table of schools."""
        language = self.report.language
        after: list[Block] = []
        for index, section in enumerate(self.report.sections, start=1):
            mark = fmt.numeral(index, language) + ("、" if language == "zh" else ". ")
            yield {"kind": "heading1", "text": mark + section.title}
            self.headings = 0
            for block in section.blocks:
                if isinstance(block, Table) and block.key == "schools":
                    after.append(block)
                    yield {"kind": "body", "text": self.say("doc.annex")}
                    continue
                yield from self._block(block)
        if self.report.standards:
            named = self.say("semicolon").join(self.report.standards)
            yield {"kind": "note", "text": self.say("doc.standards") + named}
        yield {"kind": "note", "text": self.report.provenance}
        yield {"kind": "sign"}
        for block in after:
            yield {"kind": "heading1", "text": self.say("doc.annex_title")}
            yield from self._block(block)

    def _block(self, block: Block) -> Iterator[dict[str, Any]]:
        if isinstance(block, Text):
            kind = {"absent": "missing", "note": "note"}.get(block.style, "body")
            yield {"kind": kind, "text": _plain(block.text)}
        elif isinstance(block, Heading):
            self.headings += 1
            number = fmt.numeral(self.headings, self.report.language)
            mark = f"（{number}）" if self.report.language == "zh" else f"({number}) "
            yield {"kind": "heading2", "text": mark + block.text}
        elif isinstance(block, Grid):
            for figure in block.figures:
                yield from self._figure(figure)
        elif isinstance(block, Figure):
            yield from self._figure(block)
        else:
            self.tables[block.key] = block
            number = len(self.tables)
            yield {"kind": "table_caption", "text": self.say("doc.table", number=number, title=block.caption)}
            yield {"kind": "table", "text": _MARKER.format(block.key)}
            left = len(block.rows) - MOST_ROWS
            more = (
                self.say("more_rows", count=left, sheet="tables.xlsx")
                if left > 0 and not block.more
                else block.more
            )
            for text in (block.note, more):
                if text:
                    yield {"kind": "note", "text": text}

    def _figure(self, figure: Figure) -> Iterator[dict[str, Any]]:
        self.figures.append(figure)
        png = drawing.png(figure, PICTURE_INCHES)
        picture = InlineImage(self.held, io.BytesIO(png), width=Mm(TEXT_WIDTH_MM - 1))
        yield {"kind": "picture", "picture": picture}
        caption = self.say("doc.figure", number=len(self.figures), title=figure.title)
        yield {"kind": "caption", "text": caption}
        if figure.note:
            yield {"kind": "note", "text": figure.note}


def _set_tables(document: Any, tables: dict[str, Table]) -> None:
    """Put each table where its marker stands."""
    wanted = {_MARKER.format(key): table for key, table in tables.items()}
    for paragraph in list(document.paragraphs):
        table = wanted.get(paragraph.text)
        if table is not None:
            made = _table(document, table)
            paragraph._p.addprevious(made._tbl)
            paragraph._p.getparent().remove(paragraph._p)


def _columns(table: Table) -> list[int]:
    """Columns set in the document: of dense tables the first years and a few later ones, of others those
    with text (small lines of trend are left to the page)."""
    if table.dense:
        return [index for index in range(len(table.head)) if index <= NEAR or index in FAR]
    return [
        index
        for index, _ in enumerate(table.head)
        if not table.rows or any(_has_text(row[index]) for row in table.rows)
    ]


def _has_text(cell: str | Cell) -> bool:
    return bool(cell if isinstance(cell, str) else cell.text)


def _table(document: Any, table: Table) -> Any:
    columns = _columns(table)
    rows = table.rows[:MOST_ROWS]
    made = document.add_table(rows=1 + len(rows), cols=len(columns))
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    whole = sum(table.head[index].width for index in columns)
    widths = [Mm(TEXT_WIDTH_MM * table.head[index].width / whole) for index in columns]
    text, head = ("Table Dense", "Table Dense Head") if table.dense else ("Table Text", "Table Head")
    _borders(made)
    _margins(made, *((0.6, 0.2) if table.dense else (1.0, 0.5)))
    styles = {name: document.styles[name].style_id for name in (text, head)}
    aligns = [
        {"right": WD_ALIGN_PARAGRAPH.RIGHT, "centre": WD_ALIGN_PARAGRAPH.CENTER}.get(table.head[i].align)
        for i in columns
    ]
    for grid, width in zip(made.columns, widths, strict=True):
        grid.width = width
    boxes = made._cells
    for number, row in enumerate(made.rows):
        content = [Cell(one.text) for one in table.head] if number == 0 else rows[number - 1]
        _whole(row, header=number == 0)
        for place, (box, column) in enumerate(
            zip(boxes[number * len(columns) : (number + 1) * len(columns)], columns, strict=True)
        ):
            box.width = widths[place]
            _fill(
                box, content[column], styles[head if number == 0 else text], aligns[place], line=number == 0
            )
    return made


def _fill(box: Any, cell: str | Cell, style: str, align: Any, *, line: bool) -> None:
    cell = Cell(cell) if isinstance(cell, str) else cell
    paragraph = box.paragraphs[0]
    paragraph._p.style = style  # by its id: `paragraph.style` looks through all styles for every cell
    if align is not None:
        paragraph.alignment = align
    run = paragraph.add_run(_LIGHTS.get(cell.light, "") + cell.text)
    if cell.bold:
        run.bold = True
    if cell.light in _LIGHT_COLOUR:
        run.font.color.rgb = RGBColor.from_string(colour(_LIGHT_COLOUR[cell.light])[1:])
    if cell.sub:
        run.add_break()
        small = paragraph.add_run(cell.sub)
        small.font.size = Pt(8)
    if match := _TONES.fullmatch(cell.tone):
        _shade(box, colour(f"{match.group(1)}-{match.group(2)}"))
        if cell.tone == "short4":
            run.font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
    if line:
        _edge(box, "bottom", 4)


def _element(name: str, **attributes: str) -> Any:
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _borders(table: Any) -> None:
    """Three rules: above, below the heading, below; hairlines between rows."""
    borders = _element("tblBorders")
    for side, size, tone in (("top", "8", "000000"), ("bottom", "8", "000000"), ("insideH", "2", "C8CED4")):
        borders.append(_element(side, val="single", sz=size, space="0", color=tone))
    table._tbl.tblPr.append(borders)


def _margins(table: Any, sides: float, ends: float) -> None:
    """Room inside cells, in millimetres: left and right, above and below."""
    margins = _element("tblCellMar")
    for side, room in (("top", ends), ("left", sides), ("bottom", ends), ("right", sides)):
        margins.append(_element(side, w=str(int(room * 56.7)), type="dxa"))
    table._tbl.tblPr.append(margins)


def _edge(box: Any, side: str, size: int) -> None:
    borders = _element("tcBorders")
    borders.append(_element(side, val="single", sz=str(size), space="0", color="000000"))
    box._tc.get_or_add_tcPr().append(borders)


def _shade(box: Any, tone: str) -> None:
    box._tc.get_or_add_tcPr().append(_element("shd", val="clear", color="auto", fill=tone[1:]))


def _whole(row: Any, *, header: bool) -> None:
    """Rows do not break across pages; the heading repeats."""
    properties = row._tr.get_or_add_trPr()
    properties.append(_element("cantSplit"))
    if header:
        properties.append(_element("tblHeader"))


def _describe(document: Any, figures: list[Figure]) -> None:
    """Alternative text for each picture, in order."""
    held = document.element.body.iter(qn("wp:docPr"))
    for number, (drawn, figure) in enumerate(zip(held, figures, strict=False), start=1):
        drawn.set("id", str(number))
        drawn.set("name", f"figure {number}")
        drawn.set("descr", figure.alt)


def _fixed_times(archive: bytes) -> bytes:
    """The same zip with every entry dated 1980: equal content is equal bytes."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in sorted(
            old.infolist(), key=lambda one: (one.filename != "[Content_Types].xml", one.filename)
        ):
            fixed = zipfile.ZipInfo(entry.filename, EPOCH)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            fixed.external_attr = 0o644 << 16
            new.writestr(fixed, old.read(entry.filename))
    return result.getvalue()
