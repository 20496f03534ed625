"""What a file really is, by its first bytes, and whether it is safe to open at all.

A name may lie: `.xls` that is a web page, `.csv` that is a workbook, a workbook behind a password, a few
kilobytes that unfold to terabytes. Everything here runs before any parser sees the file.
"""

from __future__ import annotations

import gzip
import io
import stat
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from junheng.data.refusal import refuse
from junheng.data.workbook_parts import ARCHIVES, MAX_RATIO, OLE, RATIO_COUNTS_FROM, check_parts

FileKind = Literal["workbook", "old_workbook", "parquet", "text", "geojson"]

MAX_FILE_BYTES = 1 << 30
_CHUNK = 1 << 20
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")

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
        check_parts(content, name)
    expected = _NAMES.get(suffixes[-1] if suffixes else "", ())
    return Opened(path, kind, content, misnamed=bool(expected) and kind not in expected)


def _kind_of(content: bytes, name: str) -> FileKind:
    if content[:4] == b"PAR1":
        return "parquet"
    if content[:4] == b"PK\x03\x04":
        return "workbook"
    if content[:4] in {b"PK\x05\x06", b"PK\x07\x08"}:
        raise refuse("intake.file_empty", name)
    if content[:8] == OLE:
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise refuse("intake.file_encrypted", name)
        if "_VBA_PROJECT".encode("utf-16-le") in content:
            raise refuse("intake.file_macros", name)
        return "old_workbook"
    if content[:4] == b"%PDF":
        raise refuse("intake.file_pdf", name)
    if content.startswith(ARCHIVES):
        raise refuse("intake.file_archive", name)
    if content.startswith(_PROGRAMS) and b"\x00" in content[:4096]:
        raise refuse("intake.file_program", name)
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
