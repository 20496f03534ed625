"""Files that show a task is done: what is taken in, where it lies, and whether it is still what came."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from junheng.model.errors import Refused
from junheng.report import format as fmt
from junheng.web.house.file_names import safe_name

LIMIT_BYTES = 50 * 1024 * 1024
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
BEGINNINGS: dict[str, bytes] = {
    "pdf": b"%PDF", "docx": _ZIP, "xlsx": _ZIP, "pptx": _ZIP, "ofd": _ZIP, "zip": _ZIP,
    "doc": _OLD_OFFICE, "xls": _OLD_OFFICE, "wps": _OLD_OFFICE, "et": _OLD_OFFICE,
    "png": b"\x89PNG", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff",
}  # fmt: skip
"""Forms that may be brought -> how such a file begins: a program does not come in under another's name."""
INTACT, CHANGED, MISSING = "intact", "changed", "missing"


def home(folder: str) -> Path:
    """Folder of one report's evidence; never served, never opened here."""
    return Path(settings.DESK) / "evidence" / folder


def place(folder: str, name: str) -> Path:
    """Where a file lies."""
    return home(folder) / name


def acceptable(file: Any) -> str:
    """The file's name as it is kept. Refused for an empty or too large file, another form, or one that is not
    what its name says."""
    name = safe_name(file.name)
    form = name.rpartition(".")[2].lower() if "." in name else ""
    limit = min(LIMIT_BYTES, settings.UPLOAD_LIMIT_BYTES)
    if not file.size:
        raise Refused("plan.file_empty", {"file": name})
    if file.size > limit:
        raise Refused("plan.file_large", {"file": name, "most": fmt.count(limit / 1024**2)})
    if form not in BEGINNINGS:
        raise Refused("plan.file_form", {"file": name, "forms": " ".join(BEGINNINGS)})
    file.seek(0)
    begins = file.read(8)
    file.seek(0)
    if not begins.startswith(BEGINNINGS[form]):
        raise Refused("plan.file_false", {"file": name})
    return name


def keep(file: Any, name: str) -> tuple[str, str]:
    """Write an acceptable file; returns its folder and its digest."""
    folder, digest = uuid.uuid4().hex, hashlib.sha256()
    home(folder).mkdir(parents=True, mode=0o700)
    with place(folder, name).open("xb") as out:
        for chunk in file.chunks():
            digest.update(chunk)
            out.write(chunk)
    place(folder, name).chmod(0o600)
    return folder, digest.hexdigest()


def forget(folder: str) -> None:
    """Take away a file whose report did not come about."""
    shutil.rmtree(home(folder), ignore_errors=True)


def standing(folder: str, name: str, sha256: str) -> str:
    """Whether the file is still the one that came: intact, changed or missing."""
    path = place(folder, name)
    try:
        stat = path.stat()
    except OSError:
        return MISSING
    return INTACT if _digest(path, stat.st_mtime_ns, stat.st_size) == sha256 else CHANGED


@lru_cache(maxsize=4096)
def _digest(path: Path, _changed: int, _size: int) -> str:
    """Read again only when the file was touched."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
