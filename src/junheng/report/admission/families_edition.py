"""A family edition on disk: sealed envelopes and the public files of an entry, shown in one step, withdrawn
by one act, erased whole.

`<workspace>/public/families/<plan_id>/<edition>/` holds `entry.json` (what the entry is, nothing about
anybody), `files/` for everybody, `type/` the fonts, and `sealed/<two digits>/<name>`, one envelope a child,
all of one length and written in the order of their names; `current` beside it names the edition that is
shown. The same content again is the same edition. What is replaced is removed: an edition holds results of
children.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from junheng.admission.receipts import Secret
from junheng.data import atomic
from junheng.model.errors import BadData, Refused
from junheng.report.admission import envelope
from junheng.report.admission import envelope_lock as lock
from junheng.report.admission.families_type import type_of
from junheng.report.admission.plain_files import digest, json_bytes

FOLDER = "families"
CURRENT, ENTRY, FILES, SEALED, TYPE = "current", "entry.json", "files", "sealed", "type"
FORMAT = 1
_PLAN = re.compile(r"\w[\w.-]{0,79}")


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition as it lies there: its name, day, number of envelopes and names of the public files."""

    plan_id: str
    name: str
    published: str
    families: int
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """What one child's envelope holds."""

    applicant_id: str
    content: Mapping[str, Any]


def write(
    workspace: Path,
    plan_id: str,
    families: Iterable[Family],
    files: Mapping[str, bytes],
    about: Mapping[str, Any],
    secret: Secret,
) -> Edition:
    """Seal, write and show an edition. `about` needs `published` (a day) and is readable by everybody.

    BadData `report.family.codes_collide` when two children would get one code (another secret is needed).
    Refused `report.family.plan_name`. A writer that is killed leaves what was shown before.
    """
    home = folder(workspace, plan_id)
    sealed, characters = _sealed(plan_id, families, secret)
    joint = hashlib.sha256(json_bytes(about))
    for name, content in (*sorted(files.items()), *sorted(sealed.items())):
        joint.update(f"{name}\n{digest(content)}\n".encode())
    name = f"{about['published']}-{joint.hexdigest()[:12]}"
    entry = {
        **about,
        "format": FORMAT,
        "plan_id": plan_id,
        "edition": name,
        "families": len(sealed),
        "files": {one: digest(content) for one, content in sorted(files.items())},
    }
    with atomic.lock(home.parent / ".lock"):
        home.mkdir(parents=True, exist_ok=True)
        if not (home / name / ENTRY).is_file():
            characters |= set(json.dumps(about, ensure_ascii=False))
            _put(
                home / name,
                sealed,
                {**_at(FILES, files), **_at(TYPE, type_of(characters))},
                json_bytes(entry),
            )
        atomic.write_bytes(home / CURRENT, f"{name}\n".encode())
        _clear(home, keep=name)
    return Edition(plan_id, name, str(about["published"]), len(sealed), tuple(sorted(files)))


def withdraw(workspace: Path, plan_id: str) -> str:
    """Show nothing of an entry from now on; what was shown stays until it is replaced or erased. Returns the
    name of the edition, "" when none was shown."""
    home = folder(workspace, plan_id)
    shown = current(workspace, plan_id)
    if shown:
        with atomic.lock(home.parent / ".lock"):
            atomic.write_bytes(home / CURRENT, b"\n")
    return shown


def erase(workspace: Path, plan_id: str) -> bool:
    """Remove everything families were shown of an entry; whether there was anything."""
    home = folder(workspace, plan_id)
    if not home.is_dir():
        return False
    with atomic.lock(home.parent / ".lock"):
        shutil.rmtree(home)
    return True


def erase_over(workspace: Path, today: date) -> int:
    """Erase every entry whose last day is past, shown or withdrawn; how many. Daily work of a timer."""
    count = 0
    for home in sorted((workspace / "public" / FOLDER).glob("*/")):
        held = [json.loads(one.read_bytes()) for one in home.glob(f"*/{ENTRY}")]
        ends = [date.fromisoformat(one["expires"]) for one in held if one["expires"]]
        if held and len(ends) == len(held) and max(ends) <= today:
            count += erase(workspace, home.name)
    return count


def current(workspace: Path, plan_id: str) -> str:
    """Name of the edition that is shown, "" for none."""
    try:
        return (folder(workspace, plan_id) / CURRENT).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def shown(workspace: Path, plan_id: str) -> Edition | None:
    """The edition that is shown, None for none."""
    name = current(workspace, plan_id)
    if not name:
        return None
    entry = json.loads((folder(workspace, plan_id) / name / ENTRY).read_bytes())
    files = tuple(sorted(entry["files"]))
    return Edition(plan_id, name, str(entry["published"]), int(entry["families"]), files)


def folder(workspace: Path, plan_id: str) -> Path:
    """Where the editions of an entry lie. Refused `report.family.plan_name` for an id that is no plain file
    name."""
    if not _PLAN.fullmatch(plan_id):
        raise Refused("report.family.plan_name", {"plan": plan_id})
    return workspace / "public" / FOLDER / plan_id


def _sealed(plan_id: str, families: Iterable[Family], secret: Secret) -> tuple[dict[str, bytes], set[str]]:
    """Envelopes by name, and the characters that occur in them. What goes in is packed first, so that all can
    be made as long as the longest."""
    packed: list[tuple[str, bytes]] = []
    characters: set[str] = set()
    room = 0
    for one in families:
        text = json.dumps(one.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        characters.update(text)
        packed.append((one.applicant_id, envelope.packed_for(text.encode())))
        room = max(room, lock.room_of(packed[-1][1]))

    def close(one: tuple[str, bytes]) -> tuple[str, bytes]:
        code = lock.read_code(envelope.personal_code(secret, plan_id, one[0]))
        name, key = lock.name_and_key(code, plan_id)
        return name, lock.close(name, key, one[1], room)

    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:  # the hash frees the interpreter
        found = dict(pool.map(close, packed, chunksize=64))
    if len(found) != len(packed):
        raise BadData("report.family.codes_collide", {"families": len(packed), "codes": len(found)})
    return found, characters


def _at(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{name}": content for name, content in files.items()}


def _put(target: Path, sealed: Mapping[str, bytes], files: Mapping[str, bytes], entry: bytes) -> None:
    """Write beside, name in one step. One sync for all: twenty thousand would take minutes."""
    home = target.parent
    with tempfile.TemporaryDirectory(prefix=atomic.PARTIAL, dir=home) as made:
        inner = Path(made) / "edition"
        for one in (FILES, TYPE):
            (inner / one).mkdir(parents=True)
        for one, content in files.items():
            (inner / one).write_bytes(content)
        for one in {one[:2] for one in sealed}:
            (inner / SEALED / one).mkdir(parents=True)
        for one in sorted(sealed):
            (inner / SEALED / one[:2] / one).write_bytes(sealed[one])
        (inner / ENTRY).write_bytes(entry)
        if hasattr(os, "sync"):
            os.sync()
        if target.exists():
            shutil.rmtree(target)
        inner.rename(target)
    atomic.sync_folder(home)


def _clear(home: Path, keep: str) -> None:
    for one in home.iterdir():
        if one.is_dir() and one.name != keep:
            shutil.rmtree(one, ignore_errors=True)
