"""A backup: the database of one moment first, then the workspace's files, then the list of all their digests.

Files of a workspace never change once named, so every file the database speaks of is there when the files are
copied after it. Keys and passwords are not part of a backup: they are kept elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from junheng import __version__
from junheng.data import Workspace, atomic, runs
from junheng.model.errors import Refused, WorkspaceError
from junheng.web.operations import databases

FORMAT = 1
MANIFEST = "manifest.json"
WORKSPACE = "workspace"
LAST = "last-backup.json"
"""In the desk's folder: where and when the last backup was made."""
_FIRST = ("region.toml", "data/manifest.json")
"""What names other files is copied before them."""
_LEFT_OUT = (f"desk/{LAST}", "desk/static", "desk/serve.log", "desk/demo-secret", "desk/demo-field-key")
_TRIES = 20


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup."""

    path: Path
    files: int
    size: int
    seconds: float
    audit: tuple[int, str]


def make(workspace: Workspace, folder: Path, *, keep: int = 0) -> Backup:
    """Make `folder/<region>-<moment>/`; with `keep` only so many of the newest stay.

    An interrupted one has another name and is removed by the next. Refused or WorkspaceError when database or
    disk will not have it.
    """
    began = time.monotonic()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in folder.glob(f"{atomic.PARTIAL}*"):
            shutil.rmtree(left, ignore_errors=True)
        partial = Path(tempfile.mkdtemp(prefix=atomic.PARTIAL, dir=folder))
    except OSError as error:
        raise WorkspaceError("workspace_unwritable", {"path": str(folder), "detail": str(error)}) from error
    try:
        snapshot = databases.dump(settings.DATABASES["default"], partial)
        database = databases.FILES[snapshot.kind]
        held = {database: _digest(partial / database)}
        held |= _copy_workspace(workspace.path, partial / WORKSPACE)
        _require_whole(partial / WORKSPACE)
        now = datetime.now(UTC)
        manifest = {
            "format": FORMAT,
            "software": __version__,
            "made_at": now.isoformat(timespec="seconds"),
            "region": {"code": workspace.region.code, "name": workspace.region.name},
            "demo": settings.DEMO,
            "database": {"kind": snapshot.kind, "file": database},
            "counts": snapshot.counts,
            "audit": {"events": snapshot.audit[0], "head": snapshot.audit[1]},
            "files": {
                name: {"sha256": digest, "bytes": size} for name, (digest, size) in sorted(held.items())
            },
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        atomic.write_bytes(partial / MANIFEST, text.encode() + b"\n")
        target = folder / f"{workspace.region.code}-{now:%Y%m%dT%H%M%SZ}"
        os.rename(partial, target)
        atomic.sync_folder(folder)
    except OSError as error:
        raise WorkspaceError("workspace_unwritable", {"path": str(folder), "detail": str(error)}) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    last = json.dumps({"at": manifest["made_at"], "path": str(target.resolve())})
    atomic.write_bytes(Path(settings.DESK) / LAST, last.encode())
    if keep:
        _prune(folder, workspace.region.code, keep)
    size = sum(size for _, size in held.values())
    return Backup(target, len(held), size, time.monotonic() - began, snapshot.audit)


def read_manifest(source: Path) -> dict[str, Any]:
    """The list of a backup. Refused when `source` is none, or one of a later program."""
    try:
        manifest = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
        wanted = ("format", "database", "counts", "audit", "files", "region")
        if missing := [name for name in wanted if name not in manifest]:
            raise ValueError(", ".join(missing))
    except (OSError, ValueError, TypeError) as error:
        raise Refused("serve.not_a_backup", {"path": str(source), "detail": str(error)}) from error
    if manifest["format"] > FORMAT:
        raise Refused("serve.backup_newer", {"software": manifest.get("software", "")})
    return manifest


def changed_files(source: Path, manifest: dict[str, Any]) -> list[str]:
    """Names of files that are missing or not what the list says."""
    return [
        name
        for name, stated in manifest["files"].items()
        if not (source / name).is_file() or _digest(source / name) != (stated["sha256"], stated["bytes"])
    ]


def _copy_workspace(source: Path, target: Path) -> dict[str, tuple[str, int]]:
    held: dict[str, tuple[str, int]] = {}
    for path in _files(source):
        name = path.relative_to(source).as_posix()
        if (found := _copy(path, target / name)) is not None:
            held[f"{WORKSPACE}/{name}"] = found
    return held


def _files(source: Path) -> Iterator[Path]:
    """Files of the workspace, those that name others first; not the database, nor what can be made again."""
    first = [source / name for name in _FIRST if (source / name).is_file()]
    yield from first
    database = Path(settings.DATABASES["default"]["NAME"]).name
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source).as_posix()
        own = name.startswith("desk/") and path.name.startswith(database)
        if path in first or own or name.startswith(_LEFT_OUT) or path.name == ".lock":
            continue
        if path.is_file() and not path.is_symlink() and atomic.PARTIAL not in name:
            yield path


def _copy(source: Path, target: Path) -> tuple[str, int] | None:
    """Copy one file and digest it; None when it is gone. A run stored again is away for an instant."""
    for _ in range(_TRIES):
        try:
            return _copied(source, target)
        except FileNotFoundError:
            time.sleep(0.05)
    return None


def _copied(source: Path, target: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as given:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as taken:
            while chunk := given.read(1 << 20):
                digest.update(chunk)
                size += len(chunk)
                taken.write(chunk)
            taken.flush()
            os.fsync(taken.fileno())
    return digest.hexdigest(), size


def _digest(path: Path) -> tuple[str, int]:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest(), path.stat().st_size


def _require_whole(folder: Path) -> None:
    """Every table a copied version or run names was copied, too."""
    copy = Workspace.open(folder)
    missing = [
        table.file
        for version in copy.versions()
        for table in version.tables.values()
        if not (folder / "data" / table.file).is_file()
    ]
    missing += [
        f"{run.id}/{name}"
        for run in runs.list_runs(copy)
        for name in run.record.outputs
        if not (run.path / "tables" / f"{name}.parquet").is_file()
    ]
    if missing:
        raise WorkspaceError("serve.backup_incomplete", {"files": ", ".join(missing[:5])})


def _prune(folder: Path, region: str, keep: int) -> None:
    made = sorted(path for path in folder.glob(f"{region}-*T*Z") if (path / MANIFEST).is_file())
    for path in made[:-keep]:
        away = path.with_name(f"{atomic.PARTIAL}{path.name}")
        os.rename(path, away)  # so that a half removed one is never taken for a backup
        shutil.rmtree(away, ignore_errors=True)
