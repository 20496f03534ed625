"""What a file really is, by its first bytes, and whether it is safe to open at all.

A name may lie: `.xls` that is a web page, `.csv` that is a workbook, a workbook behind a password, a few
kilobytes that unfold to terabytes. Everything here runs before any parser sees the file.
"""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from junheng.data.refusal import refuse

FileKind = Literal["workbook", "old_workbook", "parquet", "text", "geojson"]

MAX_FILE_BYTES = 1 << 30
MAX_UNFOLDED_BYTES = 5 << 29
MAX_RATIO = 200
"""An honest worksheet packs 10 to 30 : 1, one of a single repeated row less than 100 : 1; a bomb 1,000 :
1."""
RATIO_COUNTS_FROM = 64 << 20
MAX_PARTS = 20_000
_CHUNK = 1 << 20

_NAMES: dict[str, tuple[FileKind, ...]] = {
    ".xlsx": ("workbook",),
    ".xlsm": ("workbook",),
    ".xls": ("old_workbook",),
    ".csv": ("text",),
    ".tsv": ("text",),
    ".txt": ("text",),
    ".parquet": ("parquet",),
    ".geojson": ("geojson",),
    ".json": ("geojson",),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A file found safe: its kind, its bytes (unpacked when it was gzip), and whether the name misled."""

    path: Path
    kind: FileKind
    content: bytes
    misnamed: bool


def open_safely(path: Path) -> Opened:
    """Read a file after every check that needs no parser. Raises BadData with the reason and the mend."""
    name = path.name
    try:
        status = path.lstat()
    except OSError:
        raise refuse("intake.file_missing", name) from None
    if stat.S_ISLNK(status.st_mode):
        raise refuse("intake.file_symlink", name)
    if stat.S_ISDIR(status.st_mode):
        raise refuse("intake.file_folder", name)
    if not stat.S_ISREG(status.st_mode):
        raise refuse("intake.file_special", name)
    if status.st_size == 0:
        raise refuse("intake.file_empty", name)
    if status.st_size > MAX_FILE_BYTES:
        raise refuse("intake.file_too_large", name, most=MAX_FILE_BYTES >> 20)
    try:
        content = path.read_bytes()
    except OSError:
        raise refuse("intake.file_unreadable", name) from None
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if content[:2] == b"\x1f\x8b":
        content = _unpack_gzip(content, name)
        suffixes = [suffix for suffix in suffixes if suffix != ".gz"]
    kind = _kind_of(content, name)
    if kind == "workbook":
        _check_archive(content, name)
    expected = _NAMES.get(suffixes[-1] if suffixes else "", ())
    return Opened(path, kind, content, misnamed=bool(expected) and kind not in expected)


def _kind_of(content: bytes, name: str) -> FileKind:
    if content[:4] == b"PAR1":
        return "parquet"
    if content[:4] == b"PK\x03\x04":
        return "workbook"
    if content[:4] in {b"PK\x05\x06", b"PK\x07\x08"}:
        raise refuse("intake.file_empty", name)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise refuse("intake.file_encrypted", name)
        return "old_workbook"
    if content[:4] == b"%PDF":
        raise refuse("intake.file_pdf", name)
    if content[:6] in {b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c"}:
        raise refuse("intake.file_archive", name)
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml", b"<meta", b"<head")):
        raise refuse("intake.file_web_page", name)
    if start.startswith(b"{") and b'"type"' in content[: 1 << 16]:
        return "geojson"
    if b"\x00" in content[:4096] and content[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        raise refuse("intake.file_not_a_table", name)
    return "text"


def _unpack_gzip(content: bytes, name: str) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > MAX_FILE_BYTES or (size > RATIO_COUNTS_FROM and size > MAX_RATIO * len(content)):
                    raise refuse("intake.file_bomb", name, most=MAX_FILE_BYTES >> 20)
                parts.append(chunk)
    except (OSError, EOFError, zlib.error):
        raise refuse("intake.file_damaged", name) from None
    if not size:
        raise refuse("intake.file_empty", name)
    return b"".join(parts)


def _check_archive(content: bytes, name: str) -> None:
    """Refuse bombs, overlapping and encrypted parts. Sizes are counted by unfolding, never believed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        raise refuse("intake.file_damaged", name) from None
    if len(parts) > MAX_PARTS:
        raise refuse("intake.file_bomb", name, most=MAX_UNFOLDED_BYTES >> 20)
    if any(part.flag_bits & 1 for part in parts):
        raise refuse("intake.file_encrypted", name)
    names = {part.filename for part in parts}
    if len(names) != len(parts) or sum(part.compress_size for part in parts) > len(content):
        raise refuse("intake.file_damaged", name)
    if "xl/workbook.xml" not in names:
        other = names & {"xl/workbook.bin", "content.xml"}
        raise refuse("intake.file_other_workbook" if other else "intake.file_archive", name)
    declared = sum(part.file_size for part in parts)
    if declared > MAX_UNFOLDED_BYTES:
        raise refuse("intake.file_bomb", name, most=MAX_UNFOLDED_BYTES >> 20)
    unfolded = 0
    for part in parts:
        unfolded += _unfolded_size(content, part, name)
        packed = max(len(content), 1)
        if unfolded > MAX_UNFOLDED_BYTES or (unfolded > RATIO_COUNTS_FROM and unfolded > MAX_RATIO * packed):
            raise refuse("intake.file_bomb", name, most=MAX_UNFOLDED_BYTES >> 20)


def _unfolded_size(content: bytes, part: zipfile.ZipInfo, name: str) -> int:
    if part.compress_type == zipfile.ZIP_STORED:
        return part.compress_size
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise refuse("intake.file_damaged", name)
    header = part.header_offset
    start = header + 30 + int.from_bytes(content[header + 26 : header + 28], "little")
    start += int.from_bytes(content[header + 28 : header + 30], "little")
    stream = zlib.decompressobj(-15)
    packed = memoryview(content)[start : start + part.compress_size]
    size = 0
    try:
        rest = packed[:_CHUNK]
        offset = len(rest)
        while len(rest):
            size += len(stream.decompress(rest, _CHUNK * 16))
            if size > MAX_UNFOLDED_BYTES:
                break
            rest = stream.unconsumed_tail
            if not rest and offset < len(packed):
                rest = packed[offset : offset + _CHUNK]
                offset += len(rest)
    except zlib.error:
        raise refuse("intake.file_damaged", name) from None
    if size != part.file_size and size <= MAX_UNFOLDED_BYTES:
        raise refuse("intake.file_damaged", name)
    return size
