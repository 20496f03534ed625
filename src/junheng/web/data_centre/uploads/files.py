"""Where uploaded files lie: outside what the web serves, under names of their own folder, never opened
here."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from junheng.data import atomic
from junheng.web.house.file_names import safe_name


def home(folder: str) -> Path:
    """Folder of one upload."""
    return Path(settings.DESK) / "uploads" / folder


def report(folder: str) -> Path:
    """Where the preview of an upload is written."""
    return home(folder) / "report"


def original(folder: str, name: str) -> Path:
    """One of its files."""
    return home(folder) / "files" / name


def mapping(folder: str) -> Path:
    """Its mapping file."""
    return home(folder) / "mapping.toml"


def keep(files: Iterable[Any]) -> tuple[str, list[dict[str, Any]]]:
    """Write what was sent into a new folder; returns its name and of each file name, digest and size."""
    folder = uuid.uuid4().hex
    place = home(folder) / "files"
    place.mkdir(parents=True, mode=0o700)
    kept: list[dict[str, Any]] = []
    for file in files:
        name = _free(safe_name(file.name), [one["name"] for one in kept])
        digest = hashlib.sha256()
        with (place / name).open("xb") as out:
            for chunk in file.chunks():
                digest.update(chunk)
                out.write(chunk)
        (place / name).chmod(0o600)
        kept.append({"name": name, "sha256": digest.hexdigest(), "size": file.size})
    return folder, kept


def forget(folder: str) -> None:
    """Take away what was kept for an upload that did not come about."""
    shutil.rmtree(home(folder), ignore_errors=True)


def take_over(folder: str, names: Sequence[str]) -> str:
    """A new folder with the same files, for a further try with them."""
    made = uuid.uuid4().hex
    place = home(made) / "files"
    place.mkdir(parents=True, mode=0o700)
    for name in names:
        (place / name).hardlink_to(original(folder, name))
    return made


def _free(name: str, taken: Sequence[str]) -> str:
    stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
    found, number = name, 2
    while found in taken:
        found, number = f"{stem}-{number}{dot}{suffix}", number + 1
    return found


def write_mapping(folder: str, text: str) -> None:
    """Put the mapping beside the files; without text there is none."""
    if text:
        atomic.write_bytes(mapping(folder), text.encode())
    else:
        mapping(folder).unlink(missing_ok=True)


def told(folder: str, name: str) -> Any:
    """A JSON file of the report; empty when it is not there."""
    path = report(folder) / name
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def marked(folder: str, name: str) -> Path | None:
    """A marked workbook of the report."""
    path = report(folder) / name
    return path if re.fullmatch(r"marked-\d+\.xlsx", name) and path.is_file() else None
