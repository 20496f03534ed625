"""Files that people bring to show something: what is taken in, where it lies, whether it is still what came.

A room keeps its own shelf below the desk's folder; nothing on it is ever opened or served as a page.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a room keeps files, a folder each. `words` is the prefix of its catalogue, which words
    `file_empty`, `file_large`, `file_form` and `file_false`."""

    name: str
    words: str

    def place(self, folder: str, name: str) -> Path:
        """Where a file lies."""
        return self._home(folder) / name

    def _home(self, folder: str) -> Path:
        return Path(settings.DESK) / self.name / folder

    def acceptable(self, file: Any) -> str:
        """The file's name as it is kept. Refused for an empty or too large file, another form, or one that is
        not what its name says."""
        name = safe_name(file.name)
        form = name.rpartition(".")[2].lower() if "." in name else ""
        limit = min(LIMIT_BYTES, settings.UPLOAD_LIMIT_BYTES)
        if not file.size:
            raise Refused(f"{self.words}.file_empty", {"file": name})
        if file.size > limit:
            raise Refused(f"{self.words}.file_large", {"file": name, "most": fmt.count(limit / 1024**2)})
        if form not in BEGINNINGS:
            raise Refused(f"{self.words}.file_form", {"file": name, "forms": " ".join(BEGINNINGS)})
        file.seek(0)
        begins = file.read(8)
        file.seek(0)
        if not begins.startswith(BEGINNINGS[form]):
            raise Refused(f"{self.words}.file_false", {"file": name})
        return name

    def keep(self, file: Any, name: str, folder: str) -> str:
        """Write an acceptable file into a folder of its own; returns its digest."""
        digest = hashlib.sha256()
        self._home(folder).mkdir(parents=True, mode=0o700)
        with self.place(folder, name).open("xb") as out:
            for chunk in file.chunks():
                digest.update(chunk)
                out.write(chunk)
        self.place(folder, name).chmod(0o600)
        return digest.hexdigest()

    def forget(self, folder: str) -> None:
        """Take away a file of something that did not come about."""
        shutil.rmtree(self._home(folder), ignore_errors=True)

    def standing(self, folder: str, name: str, sha256: str) -> str:
        """Whether the file is still the one that came: intact, changed or missing."""
        path = self.place(folder, name)
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
