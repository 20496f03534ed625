"""A backup brought back into an empty folder and database, and checked before it bears the folder's name."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from junheng.data import Workspace, atomic, runs
from junheng.model.errors import Refused, VerificationFailed, WorkspaceError
from junheng.web.operations import backup, configuration, databases

_OTHERS = ("django_migrations", "cache")
"""Tables a copy from another kind of database makes anew."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: rows by table, events of the audit trail, files, and the newest run of each verb."""

    path: Path
    rows: int
    events: int
    files: int
    newest_runs: tuple[str, ...]
    seconds: float


def restore(source: Path, into: Path, url: str = "") -> Restored:
    """Bring a backup back into `into` (new or empty), its database into `url` (a SQLite file in the folder
    without one). Nothing bears the name `into` before digests, rows and the audit trail are found right.

    Refused for a target that is not empty or a dump its database cannot read; VerificationFailed for a backup
    or a result that is not what the list says.
    """
    began = time.monotonic()
    manifest = backup.read_manifest(source)
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise Refused("serve.target_not_empty", {"path": str(into)})
    if changed := backup.changed_files(source, manifest):
        files = ", ".join(changed[:5])
        raise VerificationFailed("serve.backup_damaged", {"count": len(changed), "files": files})
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=atomic.PARTIAL, dir=into.parent))
        try:
            shutil.copytree(source / backup.WORKSPACE, partial, dirs_exist_ok=True)
            (partial / "desk").mkdir(mode=0o700, exist_ok=True)
            rows, events = _database(source, partial, manifest, url)
            if into.exists():
                into.rmdir()
            os.rename(partial, into)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise WorkspaceError("workspace_unwritable", {"path": str(into), "detail": str(error)}) from error
    newest = {run.record.verb: run.id for run in runs.list_runs(Workspace.open(into))}
    return Restored(
        into, rows, events, len(manifest["files"]), tuple(newest.values()), time.monotonic() - began
    )


def _database(source: Path, workspace: Path, manifest: dict[str, Any], url: str) -> tuple[int, int]:
    """Fill the database and check it; returns rows and audit events."""
    os.environ["JUNHENG_DATABASE"] = url or f"sqlite:///{workspace / 'desk' / 'desk.sqlite3'}"
    configuration.configure(workspace, demo=bool(manifest.get("demo")) or None)

    from django.conf import settings  # noqa: PLC0415 - configured a line above
    from django.db import connections  # noqa: PLC0415

    from junheng.web.operations import setup  # noqa: PLC0415

    target = settings.DATABASES["default"]
    dump = source / manifest["database"]["file"]
    given, wanted = manifest["database"]["kind"], databases.kind_of(target)
    if given == wanted == "sqlite":
        Path(target["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(dump, target["NAME"])
    elif given == wanted:
        databases.require_empty(target)
        databases.load_postgresql(target, dump)
    elif given == "sqlite":
        databases.require_empty(target)
        _move(dump, workspace / "desk" / ".partial-database")
    else:
        raise Refused("serve.dump_of_postgresql", {})
    _require_rows(manifest["counts"], databases.counts(target), given == wanted)
    setup.upgrade()
    events = _require_sound(manifest)
    connections.close_all()
    return sum(manifest["counts"].values()), events


def _move(dump: Path, copy: Path) -> None:
    """From SQLite to PostgreSQL, row by row, the dump first brought up to this version."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    from junheng.web.operations import actions, setup  # noqa: PLC0415
    from junheng.web.settings import environment  # noqa: PLC0415

    shutil.copyfile(dump, copy)
    given = connections.configure_settings({"default": environment.database(f"sqlite:///{copy}")})
    connections.settings["backup"] = given["default"]
    try:
        call_command("migrate", database="backup", verbosity=0, interactive=False)
        setup.upgrade()
        actions.copy_rows(source="backup")
    finally:
        connections["backup"].close()
        del connections.settings["backup"]
        for left in copy.parent.glob(f"{copy.name}*"):
            left.unlink()


def _require_rows(stated: dict[str, int], found: dict[str, int], same_kind: bool) -> None:
    """The database holds as many rows as the backup says, table by table."""
    left_out = () if same_kind else _OTHERS
    wrong = [
        f"{name}: {found.get(name, 0)} / {count}"
        for name, count in stated.items()
        if name not in left_out and found.get(name, 0) != count
    ]
    if wrong:
        raise VerificationFailed("serve.rows_differ", {"tables": ", ".join(wrong[:5])})


def _require_sound(manifest: dict[str, Any]) -> int:
    """The audit trail holds and ends where the backup says."""
    from junheng.web.audit.checking import verify  # noqa: PLC0415

    stated = manifest["audit"]
    known = (stated["events"], stated["head"]) if stated["events"] else None
    verdict = verify(known=known)
    if not verdict.holds:
        raise VerificationFailed("serve.audit_broken", {"event": verdict.broken_at, "cause": verdict.cause})
    return verdict.events
