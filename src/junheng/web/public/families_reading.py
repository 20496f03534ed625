"""Reading what was published for families: entries that are open, their public files, one child's
envelope."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from junheng.report.admission import envelope_lock as lock

FOLDER, CURRENT, ENTRY = "families", "current", "entry.json"
FILES, SEALED, TYPE = "files", "sealed", "type"
FONTS = ("type-400.woff2", "type-700.woff2")
PAGE = "verify_admission.html"
LARGEST = 4 << 20
_PLAN = re.compile(r"\w[\w.-]{0,79}")
_TEXTS = ("title", "bureau", "declared", "published", "draw_id", "objection")
_SCRIPT = re.compile(rb"<script>(.*)</script>", re.DOTALL)
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that is open: where its edition lies and what everybody may know of it."""

    plan_id: str
    folder: Path
    title: str
    year: int
    bureau: str
    declared: str
    published: str
    draw_id: str
    objection: str
    files: tuple[tuple[str, str], ...]

    @property
    def can_verify(self) -> bool:
        """Whether a draw was held that can be verified."""
        return bool(self.draw_id) and PAGE in dict(self.files)


def entries() -> list[Entry]:
    """Every open entry, the newest first."""
    found = [entry(one.parent.name) for one in _root().glob(f"*/{CURRENT}")]
    return sorted((one for one in found if one), key=lambda one: (one.published, one.plan_id), reverse=True)


def entry(plan_id: str) -> Entry | None:
    """An entry, None when there is none, it was withdrawn, or its day has passed."""
    if not _PLAN.fullmatch(plan_id):
        return None
    try:
        name = (_root() / plan_id / CURRENT).read_text(encoding="utf-8").strip()
        if not _PLAN.fullmatch(name):
            return None
        folder = _root() / plan_id / name
        held: dict[str, Any] = json.loads((folder / ENTRY).read_bytes())
    except (OSError, ValueError):
        return None
    if held["expires"] and date.fromisoformat(held["expires"]) <= today():
        return None
    texts = {one: str(held[one]) for one in _TEXTS}
    return Entry(plan_id, folder, year=int(held["year"]), files=tuple(sorted(held["files"].items())), **texts)


def today() -> date:
    """The day where the bureau is."""
    return datetime.now(ZoneInfo(settings.TIME_ZONE)).date()


def opened(plan_id: str, code: str) -> dict[str, Any] | None:
    """What a code opens of an entry. None for a wrong code, another entry's, or none at all: the same work is
    done for each."""
    name, key = lock.name_and_key(code, plan_id)
    held = entry(plan_id)
    folder = _root() / plan_id if held is None else held.folder
    try:
        content = (folder / SEALED / name[:2] / name).read_bytes() if held is not None else b""
        return json.loads(lock.opened(name, key, content[:LARGEST]))
    except (OSError, lock.Shut):
        return None


def public_file(held: Entry, name: str) -> bytes | None:
    """A public file of an entry, None for a name it does not list."""
    return (held.folder / FILES / name).read_bytes() if name in dict(held.files) else None


def font(held: Entry, name: str) -> bytes | None:
    """A font of an entry, None for a name that is none."""
    return (held.folder / TYPE / name).read_bytes() if name in FONTS else None


def verifier_script(held: Entry) -> bytes:
    """The program of the verifier's page exactly as it was handed out; nothing where there is none."""
    found = _SCRIPT.search(public_file(held, PAGE) or b"")
    return found[1] if found else b""


@lru_cache(maxsize=4)
def all_files(held: Entry) -> bytes:
    """Every public file in one zip, the same bytes each time."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as made:
        for name, _ in held.files:
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            made.writestr(info, (held.folder / FILES / name).read_bytes())
    return result.getvalue()


def _root() -> Path:
    return Path(settings.PUBLIC) / FOLDER
