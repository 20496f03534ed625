"""The parts of a workbook's package, looked at before any parser is; sizes are counted, never believed.

A workbook is an archive of XML. What has no place in a table of numbers is refused, each for its own reason:
bombs, passwords, macros, links to other files, files within the file, names that lead outside, entities.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from junheng.data.refusal import refuse

MAX_UNFOLDED_BYTES = 2 << 30
MAX_RATIO = 100
"""Of one part. An honest worksheet packs 10 to 30 : 1, one of a single repeated row too; a bomb 1,000 : 1."""
RATIO_COUNTS_FROM = 64 << 20
"""Smaller parts may pack as they like."""
MAX_PARTS = 20_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")
_NESTED = (b"PK\x03\x04", OLE, *ARCHIVES)
_MACROS = ("vbaproject.bin", "xl/macrosheets/", "xl/dialogsheets/")
_LINKS = "xl/externallinks/"
_OTHER_PROGRAMS = {"xl/workbook.bin", "content.xml"}
_CHUNK = 1 << 20
_DTD = b"<!DOCTYPE"
_ENCODING = re.compile(rb"""<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)["']""")
_PLAIN = {b"utf-8", b"us-ascii", b"ascii"}


def check_parts(content: bytes, file: str) -> None:
    """Refuse a package that is no plain workbook. Raises BadData with the reason and the mend."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        raise refuse("intake.file_damaged", file) from None
    if len(parts) > MAX_PARTS:
        raise refuse("intake.file_many_parts", file, most=MAX_PARTS)
    if any(part.flag_bits & 1 for part in parts):
        raise refuse("intake.file_encrypted", file)
    names = {part.filename for part in parts}
    if any(_leads_outside(name) for name in names):
        raise refuse("intake.file_paths", file)
    alike = len(parts) - len({name.lower() for name in names})
    if alike or sum(part.compress_size for part in parts) > len(content):
        raise refuse("intake.file_damaged", file)
    if "xl/workbook.xml" not in names:
        raise refuse("intake.file_other_workbook" if names & _OTHER_PROGRAMS else "intake.file_archive", file)
    lower = [name.lower() for name in names]
    if any(word in name for name in lower for word in _MACROS):
        raise refuse("intake.file_macros", file)
    if any(name.startswith(_LINKS) for name in lower):
        raise refuse("intake.file_links", file)
    if sum(part.file_size for part in parts) > MAX_UNFOLDED_BYTES:
        raise refuse("intake.file_bomb", file, most=MAX_UNFOLDED_BYTES >> 20)
    left = MAX_UNFOLDED_BYTES
    for part in parts:
        left -= _check_part(content, part, file, left)


def _leads_outside(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\x00" in name


def _check_part(content: bytes, part: zipfile.ZipInfo, file: str, left: int) -> int:
    """Bytes of one part, unfolded; refuses what it should not hold and stops when more than `left` come."""
    markup = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    size, tail = 0, b""
    packed = max(part.compress_size, 1)
    for chunk in _unfolded(content, part, file):
        if not size:
            _check_beginning(chunk, markup, file)
        size += len(chunk)
        if size > left or (size > RATIO_COUNTS_FROM and size > MAX_RATIO * packed):
            raise refuse("intake.file_bomb", file, most=MAX_UNFOLDED_BYTES >> 20)
        if markup:
            if _DTD in tail + chunk[: len(_DTD)] or _DTD in chunk:
                raise refuse("intake.file_dtd", file)
            tail = (tail + chunk[-len(_DTD) :])[-len(_DTD) :]
    if size != part.file_size:
        raise refuse("intake.file_damaged", file)
    return size


def _check_beginning(chunk: bytes, markup: bool, file: str) -> None:
    if chunk.startswith(_NESTED):
        raise refuse("intake.file_nested", file)
    if markup:  # the scan of the sheets reads bytes: other encodings would hide from it
        stated = _ENCODING.match(chunk[:256].removeprefix(b"\xef\xbb\xbf"))
        if chunk.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in chunk[:4]:
            raise refuse("intake.file_damaged", file)
        if stated and stated[1].lower() not in _PLAIN:
            raise refuse("intake.file_damaged", file)


def _unfolded(content: bytes, part: zipfile.ZipInfo, file: str) -> Iterator[bytes]:
    """The part's bytes in pieces, whatever its header claims of their number."""
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refuse("intake.file_damaged", file)
    header = part.header_offset
    start = header + 30 + int.from_bytes(content[header + 26 : header + 28], "little")
    start += int.from_bytes(content[header + 28 : header + 30], "little")
    packed = memoryview(content)[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield from (bytes(packed[at : at + _CHUNK]) for at in range(0, len(packed), _CHUNK))
        return
    stream = zlib.decompressobj(-15)
    try:
        for at in range(0, len(packed), _CHUNK):
            rest: bytes | memoryview = packed[at : at + _CHUNK]
            while len(rest):
                yield stream.decompress(rest, _CHUNK * 16)
                rest = stream.unconsumed_tail
    except zlib.error:
        raise refuse("intake.file_damaged", file) from None
