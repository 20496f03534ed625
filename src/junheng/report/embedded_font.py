"""A docx that carries its own type.

The document names the fonts offices have; where one is not installed the packaged font, cut to the characters
in use, stands in for it, so that Chinese shows on any machine. Obfuscation is that of ECMA-376 part 4,
section 8.1: the first 32 bytes of the font, combined with the key by exclusive or.
"""

from __future__ import annotations

import hashlib
import io
import re
import uuid
import zipfile

from junheng.report import fonts

_PART = "word/fonts/font1.odttf"
_TYPE = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/font"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")


def with_font(document: bytes) -> bytes:
    """`document` with a subset of the packaged font for the characters it uses. Same input, same bytes."""
    with zipfile.ZipFile(io.BytesIO(document)) as held:
        entries = [(info, held.read(info)) for info in held.infolist()]
    text = "".join(
        "".join(_TEXT.findall(content.decode()))
        for info, content in entries
        if re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes)\.xml", info.filename)
    )
    font = fonts.truetype(text)
    key = uuid.UUID(bytes=hashlib.sha256(font).digest()[:16])
    parts = {info.filename: content for info, content in entries}
    parts["[Content_Types].xml"] = _inserted(
        parts["[Content_Types].xml"], "</Types>", f'<Default Extension="odttf" ContentType="{_TYPE}"/>'
    )
    stands_in = f'<w:embedRegular xmlns:r="{_OFFICE}" r:id="rId1" w:fontKey="{{{str(key).upper()}}}"/>'
    parts["word/fontTable.xml"] = (
        parts["word/fontTable.xml"].decode().replace("</w:font>", f"{stands_in}</w:font>").encode()
    )
    parts["word/_rels/fontTable.xml.rels"] = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="rId1" Type="{_RELATION}" Target="fonts/font1.odttf"/></Relationships>'
    ).encode()
    parts[_PART] = _obfuscated(font, key)
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(zipfile.ZipInfo(name, entries[0][0].date_time), content, zipfile.ZIP_DEFLATED)
    return result.getvalue()


def _inserted(xml: bytes, before: str, addition: str) -> bytes:
    head, found, tail = xml.decode().rpartition(before)
    if not found:
        raise ValueError(f"{before} is missing")
    return f"{head}{addition}{found}{tail}".encode()


def _obfuscated(font: bytes, key: uuid.UUID) -> bytes:
    mask = key.bytes[::-1] * 2
    return bytes(a ^ b for a, b in zip(font[:32], mask, strict=True)) + font[32:]
