"""Real footnotes in a docx: marked in the text while it is written, set when the document is done."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any

from docx.oxml.ns import qn
from lxml import etree as _etree  # pyright: ignore[reportAttributeAccessIssue]

etree: Any = _etree
"""lxml ships no types."""
_OPEN, _CLOSE = "\u27e6", "\u27e7"
_MARK = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_PART = "word/footnotes.xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SIGN = "Sign"
_STYLE = "FootnoteText"
_FIRST = 2
"""Ids 0 and 1 are the separators every document of notes has."""


def noted(text: str, source: str) -> str:
    """`text` with a mark for a note on `source`."""
    return f"{text}{_OPEN}{source}{_CLOSE}" if source else text


def without(text: str) -> str:
    """`text` without marks, for places that know no notes."""
    return _MARK.sub("", text)


def with_footnotes(archive: bytes, notes: Mapping[str, str]) -> bytes:
    """The docx with each mark as a footnote; `notes` gives the text of each source (itself if none).

    A source is noted where it is first named. Lines of a signature are kept on one page. Without marks
    nothing changes.
    """
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        parts = {entry.filename: old.read(entry.filename) for entry in old.infolist()}
    document = etree.fromstring(parts["word/document.xml"])
    texts: list[str] = []
    for held in list(document.iter(qn("w:t"))):
        if held.text and _OPEN in held.text:
            _replace(held, notes, texts)
    if not texts:
        return archive
    _keep_signature(document)
    parts["word/document.xml"] = _bytes(document)
    parts[_PART] = _footnotes(texts)
    parts["word/styles.xml"] = _styled(parts["word/styles.xml"])
    parts["[Content_Types].xml"] = _declared(parts["[Content_Types].xml"])
    parts["word/_rels/document.xml.rels"] = _related(parts["word/_rels/document.xml.rels"])
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(parts, key=lambda one: (one != "[Content_Types].xml", one)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            new.writestr(entry, parts[name])
    return made.getvalue()


def _keep_signature(document: Any) -> None:
    """Every line of the signature but the last stays with the one below it."""
    signed = [
        properties
        for properties in document.iter(qn("w:pPr"))
        if (style := properties.find(qn("w:pStyle"))) is not None and style.get(qn("w:val")) == _SIGN
    ]
    for properties in signed[:-1]:
        properties.insert(1, etree.Element(qn("w:keepNext")))


def _replace(held: Any, notes: Mapping[str, str], texts: list[str]) -> None:
    """Split the run that holds marks into text and references to `texts`, what was noted so far."""
    run = held.getparent()
    parent = run.getparent()
    style = run.find(qn("w:rPr"))
    place = parent.index(run)
    parts = _MARK.split(held.text or "")
    parent.remove(run)
    for number, part in enumerate(parts):
        if number % 2 == 0:
            if part:
                parent.insert(place, _text_run(part, style))
                place += 1
            continue
        text = notes.get(part, part)
        if text in texts:
            continue  # a source is noted where it is first named
        texts.append(text)
        reference = etree.SubElement(_run(None, superscript=True), qn("w:footnoteReference"))
        reference.set(qn("w:id"), str(_FIRST + len(texts) - 1))
        made = reference.getparent()
        parent.insert(place, made)
        place += 1


def _run(style: Any, *, superscript: bool = False, small: bool = False) -> Any:
    run = etree.Element(qn("w:r"))
    if style is not None:
        run.append(etree.fromstring(etree.tostring(style)))
    elif superscript or small:
        properties = etree.SubElement(run, qn("w:rPr"))
        if small:
            etree.SubElement(properties, qn("w:sz")).set(qn("w:val"), "18")
        if superscript:
            etree.SubElement(properties, qn("w:vertAlign")).set(qn("w:val"), "superscript")
    return run


def _text_run(text: str, style: Any, *, small: bool = False) -> Any:
    run = _run(style, small=small)
    held = etree.SubElement(run, qn("w:t"))
    held.text = text
    held.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return run


def _footnotes(texts: list[str]) -> bytes:
    root = etree.Element(qn("w:footnotes"), nsmap={"w": _WORD})
    for number, kind in enumerate(("separator", "continuationSeparator")):
        note = etree.SubElement(root, qn("w:footnote"))
        note.set(qn("w:type"), kind)
        note.set(qn("w:id"), str(number))
        run = etree.SubElement(_paragraph(note), qn("w:r"))
        etree.SubElement(run, qn(f"w:{kind}"))
    for number, text in enumerate(texts, start=_FIRST):
        note = etree.SubElement(root, qn("w:footnote"))
        note.set(qn("w:id"), str(number))
        paragraph = _paragraph(note)
        mark = _run(None, superscript=True, small=True)
        etree.SubElement(mark, qn("w:footnoteRef"))
        paragraph.append(mark)
        paragraph.append(_text_run(" " + text, None, small=True))
    return _bytes(root)


def _paragraph(note: Any) -> Any:
    made = etree.SubElement(note, qn("w:p"))
    properties = etree.SubElement(made, qn("w:pPr"))
    etree.SubElement(properties, qn("w:pStyle")).set(qn("w:val"), _STYLE)
    return made


def _styled(styles: bytes) -> bytes:
    """The document's styles with one for notes: small, single spaced, without the indent of the body."""
    root = etree.fromstring(styles)
    if any(one.get(qn("w:styleId")) == _STYLE for one in root):
        return styles
    style = etree.SubElement(root, qn("w:style"))
    style.set(qn("w:type"), "paragraph")
    style.set(qn("w:styleId"), _STYLE)
    for name, value in (("name", "footnote text"), ("basedOn", "Normal")):
        etree.SubElement(style, qn(f"w:{name}")).set(qn("w:val"), value)
    layout = etree.SubElement(style, qn("w:pPr"))
    spacing = etree.SubElement(layout, qn("w:spacing"))
    for name, value in (("before", "0"), ("after", "0"), ("line", "240"), ("lineRule", "auto")):
        spacing.set(qn(f"w:{name}"), value)
    etree.SubElement(layout, qn("w:ind")).set(qn("w:firstLine"), "0")
    letters = etree.SubElement(style, qn("w:rPr"))
    etree.SubElement(letters, qn("w:sz")).set(qn("w:val"), "18")
    return _bytes(root)


def _declared(types: bytes) -> bytes:
    root = etree.fromstring(types)
    if not any(one.get("PartName") == f"/{_PART}" for one in root):
        made = etree.SubElement(root, f"{{{etree.QName(root).namespace}}}Override")
        made.set("PartName", f"/{_PART}")
        made.set("ContentType", _CONTENT)
    return _bytes(root)


def _related(relations: bytes) -> bytes:
    root = etree.fromstring(relations)
    if not any(one.get("Type") == _KIND for one in root):
        made = etree.SubElement(root, f"{{{etree.QName(root).namespace}}}Relationship")
        made.set("Id", "rIdNotes")
        made.set("Type", _KIND)
        made.set("Target", "footnotes.xml")
    return _bytes(root)


def _bytes(root: Any) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
