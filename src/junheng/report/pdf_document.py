"""The annual report as PDF, set by Typst from the packaged type: no printer, browser or installed font.

Everything shown goes in as data (`report.json`); the template never evaluates a word of it as markup.
Pictures are the same drawings as the page's. Same input, same bytes.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import typst

from junheng.model.reason import Language
from junheng.report import drawing, fonts
from junheng.report import format as fmt
from junheng.report.annual_report import assemble
from junheng.report.content import Block, Cell, Figure, Grid, Heading, KeyFigure, Report, Table, Text
from junheng.report.reading import ReportInput
from junheng.report.suppression import Audience, Protection
from junheng.report.tokens import colour, tokens

TEMPLATE = Path(__file__).parent / "templates" / "annual_report.typ"
WIDE, HALF = 7.0, 4.2
"""Natural width of drawings in inches: across the page, and two side by side."""
_LARGEST, _SMALLEST, _LINE = 17.0, 11.0, 62.0
"""Type sizes of key figures in points, and the points of width one has when six stand in a row."""
_SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def pdf(
    source: ReportInput,
    *,
    language: Language = "zh",
    audience: Audience = "bureau",
    minimum: int = 10,
) -> bytes:
    """The annual report as PDF (A4). Same input, same bytes. Arguments as of `report.html`; Refused when the
    packaged fonts are missing."""
    return page(assemble(source, language, Protection(audience, minimum)))


def page(report: Report) -> bytes:
    """An assembled report as PDF."""
    folder = fonts.path(400).parent
    files: Any = {  # by name; the type stubs know paths only
        "main": TEMPLATE.read_bytes(),
        "report.json": json.dumps(content(report), ensure_ascii=False, sort_keys=True).encode(),
    }
    made = typst.compile(
        files,
        font_paths=[folder],
        ignore_system_fonts=True,
        format="pdf",
        timestamp=datetime.datetime(report.facts.get("origin") or 2000, 9, 1, tzinfo=datetime.UTC),
    )
    return bytes(made)  # type: ignore[arg-type] - one document, not pages of pictures


def content(report: Report) -> dict[str, Any]:
    """What the template is given: plain values, sentences cut into runs, drawings as SVG text."""
    numbered = enumerate(report.sections, start=1)
    mark = "、" if report.language == "zh" else ". "
    return {
        "lang": report.language,
        "region": "CN" if report.language == "zh" else "GB",
        "colours": tokens(),
        "title": report.title,
        "bureau": report.bureau,
        "period": report.period,
        "declared": report.declared,
        "headline": _runs(report.headline),
        "figures": [_key_figure(one) for one in report.key_figures],
        "provenance": report.provenance,
        "footer": report.footer,
        "sections": [
            {
                "title": fmt.numeral(index, report.language) + mark + section.title,
                "blocks": [_block(block) for block in section.blocks],
            }
            for index, section in numbered
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Text):
        return {"kind": block.style, "runs": _runs(block.text)}
    if isinstance(block, Heading):
        return {"kind": "heading", "text": block.text}
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Grid):
        figures = [_figure(one, HALF) for one in block.figures]
        return {"kind": "grid", "columns": block.columns, "figures": figures}
    return {"kind": "figure", **_figure(block, WIDE)}


def _runs(text: str) -> list[dict[str, Any]]:
    """A sentence in runs: <b> and </b> of our own sentences set bold, all else is as it stands."""
    found: list[dict[str, Any]] = []
    for place, part in enumerate(text.split("<b>")):
        strong, closed, plain = part.partition("</b>") if place else ("", "", part)
        if place and not closed:
            strong, plain = part, ""
        found += [{"text": words, "bold": bold} for words, bold in ((strong, True), (plain, False)) if words]
    return found


def _key_figure(one: KeyFigure) -> dict[str, Any]:
    width = sum(1.0 if ord(character) > 0x2E7F else 0.6 for character in one.value) or 1.0
    return {
        "label": one.label,
        "value": one.value,
        "unit": one.unit,
        "detail": one.detail,
        "size": min(_LARGEST, max(_SMALLEST, _LINE / width)),
        "lights": [{"kind": kind, "text": text} for kind, text in one.lights],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": table.caption,
        "head": [head.text for head in table.head],
        "aligns": [head.align for head in table.head],
        "widths": [None, *[1.0] * (len(table.head) - 1)] if table.dense else [h.width for h in table.head],
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
        "note": table.note,
        "more": table.more,
        "dense": table.dense,
    }


def _cell(cell: str | Cell) -> dict[str, Any]:
    held = Cell(cell) if isinstance(cell, str) else cell
    tone = f"{held.tone[:-1]}-{held.tone[-1]}" if held.tone else ""
    return {
        "text": held.text,
        "sub": held.sub,
        "tone": tone if tone in tokens() else "",
        "light": held.light,
        "bold": held.bold,
        "spark": _sparkline(held),
    }


def _sparkline(cell: Cell) -> str:
    """History solid and forecast dashed, 84 by 20, zero at the bottom; empty without values."""
    values = [value or 0.0 for value in cell.spark]
    if not values:
        return ""
    top, step, seam = max(values) or 1.0, 80 / max(len(values) - 1, 1), max(cell.spark_actual, 1)
    points = [f"{2 + i * step:.1f},{18 - value / top * 16:.1f}" for i, value in enumerate(values)]
    line = '<polyline points="{}" fill="none" stroke="{}" stroke-width="1.3"{}/>'
    lines = line.format(" ".join(points[:seam]), colour("ink"), "")
    if len(points) > seam:
        lines += line.format(" ".join(points[seam - 1 :]), colour("accent"), ' stroke-dasharray="3 2"')
    return f'<svg {_SVG} width="84" height="20" viewBox="0 0 84 20">{lines}</svg>'


def _figure(figure: Figure, width: float) -> dict[str, Any]:
    drawn = drawing.svg(figure, width).replace("<svg ", f"<svg {_SVG} ", 1)
    return {"title": figure.title, "alt": figure.alt, "note": figure.note, "svg": drawn}
