"""Backup and restore on both databases and from SQLite to PostgreSQL, as the command line does them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from tests.web import desks
from tests.web.desks import Desk, Seeds
from tests.web.servers import ROOT, junheng

from junheng.data import Workspace
from junheng.model.errors import Refused, VerificationFailed, WorkspaceError
from junheng.web.accounts.models import User
from junheng.web.audit.models import AuditEvent
from junheng.web.jobs.actions import start
from junheng.web.jobs.models import Job
from junheng.web.operations import backup, databases, restore
from junheng.web.runs.models import RunRecord
from junheng.web.units.models import Unit

TABLES = (User, Unit, RunRecord, Job, AuditEvent)


def command(desk: Desk, *arguments: str, expect: int = 0) -> str:
    """The command line in the desk's environment."""
    environment = {
        "DJANGO_SETTINGS_MODULE": "junheng.web.settings.test",
        "JUNHENG_DATABASE": desk.url,
        "JUNHENG_EVENTS": "1",
    }
    done = junheng(*arguments, expect=expect, env=environment)
    return done.stdout


def rows(desk: Desk) -> list[list[dict[str, Any]]]:
    """What people would miss: every value of every row."""
    with desks.pointed(desk):
        return [list(model.objects.order_by("pk").values()) for model in TABLES]


@pytest.fixture
def used(desk: Desk) -> Desk:
    """A desk with a job, an uploaded file and half-written things."""
    start(verb="verify", args={"run": "x"}, unit=desk.unit("region"), by=desk.person("planner"))
    folder = desk.workspace / "desk"
    (folder / "files").mkdir(exist_ok=True)
    (folder / "files" / "upload.xlsx").write_bytes(b"kept")
    (folder / "demo-secret").write_text("secret")
    (folder / "static" / "copied.css").write_text("made again")
    (desk.workspace / "runs" / ".partial-x").mkdir()
    return desk


@pytest.fixture
def empty_database(seeds: Seeds) -> Iterator[str]:
    cluster = seeds.cluster()
    yield cluster.create("empty_target")
    cluster.drop("empty_target")


@pytest.mark.both_databases
def test_what_is_backed_up_comes_back(used: Desk, tmp_path: Path, database: str, empty_database: str) -> None:
    before = rows(used)
    made = json.loads(command(used, "backup", str(used.workspace), str(tmp_path / "kept")).splitlines()[-1])
    inside = f"sqlite:///{tmp_path / 'back' / 'desk' / 'desk.sqlite3'}"
    url = empty_database if database == "postgresql" else inside
    asked = ["--database", url] if database == "postgresql" else []
    said = command(used, "restore-backup", made["path"], "--into", str(tmp_path / "back"), *asked)
    result = json.loads(said.splitlines()[-1])
    assert result["runs"] == [RunRecord.objects.get().run_id]
    back = Desk(tmp_path / "back", url, database, used.units)
    assert rows(back) == before
    assert (back.workspace / "desk" / "files" / "upload.xlsx").read_bytes() == b"kept"
    assert Workspace.open(back.workspace).digests() == Workspace.open(used.workspace).digests()
    with desks.pointed(back):
        start(verb="verify", args={}, unit=back.unit("region"), by=back.person("planner"))  # one may go on
    assert [path.name for path in tmp_path.glob(".partial*")] == []


def test_from_sqlite_to_postgresql(used: Desk, tmp_path: Path, empty_database: str) -> None:
    before = rows(used)
    made = backup.make(Workspace.open(used.workspace), tmp_path / "kept")
    command(
        used, "restore-backup", str(made.path), "--into", str(tmp_path / "back"), "--database", empty_database
    )
    back = Desk(tmp_path / "back", empty_database, "postgresql", used.units)
    assert rows(back) == before
    with desks.pointed(back):
        job = start(verb="verify", args={}, unit=back.unit("region"), by=back.person("planner"))
        assert job.pk == before[3][-1]["id"] + 1, "keys go on behind those that came"
        with pytest.raises(Exception, match="append-only"):
            AuditEvent.objects.update(actor="x")
    assert not list((tmp_path / "back" / "desk").glob("*database*"))


def test_keys_and_what_can_be_made_again_stay_out(used: Desk, tmp_path: Path) -> None:
    made = backup.make(Workspace.open(used.workspace), tmp_path)
    names = set(backup.read_manifest(made.path)["files"])
    on_disk = {str(path.relative_to(made.path)) for path in made.path.rglob("*") if path.is_file()}
    assert on_disk == names | {"manifest.json"}
    assert "workspace/desk/files/upload.xlsx" in names
    assert not [name for name in names if "secret" in name or "static" in name or ".partial" in name]
    assert not [name for name in names if "sqlite3" in name and name != "database.sqlite3"]
    content = b"".join(path.read_bytes() for path in made.path.rglob("*") if path.is_file())
    assert settings.SECRET_KEY.encode() not in content


def test_a_backup_is_of_one_moment(used: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is stored while files are copied, what the database of the backup names is in it."""
    copied = backup._copied

    def slow(source: Path, target: Path) -> tuple[str, int]:
        if source.name == "region.toml":
            start(verb="verify", args={}, unit=used.unit("region"), by=used.person("planner"))
        return copied(source, target)

    monkeypatch.setattr(backup, "_copied", slow)
    made = backup.make(Workspace.open(used.workspace), tmp_path)
    assert Job.objects.count() == 2
    assert backup.read_manifest(made.path)["counts"]["jobs_job"] == 1


def test_an_interrupted_backup_is_none(used: Desk, tmp_path: Path) -> None:
    """Killed at any moment it leaves nothing that looks whole, and the next one clears it away."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "junheng.web.settings.test",
        "JUNHENG_DATABASE": used.url,
        "PYTHONPATH": str(ROOT / "src"),
    }
    (used.workspace / "desk" / "files" / "large").write_bytes(os.urandom(300_000_000))
    kept = tmp_path / "kept"
    process = subprocess.Popen(
        [sys.executable, "-m", "junheng", "backup", str(used.workspace), str(kept)], env=environment
    )
    for _ in range(600):
        if list(kept.glob(".partial-*/database.sqlite3")) or process.poll() is not None:
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = list(kept.iterdir())
    assert [path.name.startswith(".partial-") for path in left] == [True]
    with pytest.raises(Refused, match="not_a_backup"):
        backup.read_manifest(left[0])
    (used.workspace / "desk" / "files" / "large").unlink()
    made = backup.make(Workspace.open(used.workspace), kept)
    assert list(kept.iterdir()) == [made.path]


def test_only_the_newest_are_kept(used: Desk, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    for day in range(1, 4):
        old = kept / f"{Workspace.open(used.workspace).region.code}-2026010{day}T000000Z"
        old.mkdir(parents=True)
        (old / "manifest.json").write_text("{}")
    (kept / "something else").mkdir()
    made = backup.make(Workspace.open(used.workspace), kept, keep=2)
    assert sorted(path.name for path in kept.iterdir()) == sorted(
        [made.path.name, old.name, "something else"]
    )


class TestRefusals:
    """What is damaged or in the way is said, and nothing is begun."""

    @pytest.fixture
    def made(self, used: Desk, tmp_path: Path) -> Path:
        return backup.make(Workspace.open(used.workspace), tmp_path / "kept").path

    def test_a_changed_byte(self, made: Path, tmp_path: Path) -> None:
        path = next((made / "workspace" / "data").glob("schools-*.parquet"))
        content = bytearray(path.read_bytes())
        content[100] ^= 1
        path.write_bytes(content)
        (made / "workspace" / "region.toml").unlink()
        with pytest.raises(VerificationFailed, match="backup_damaged") as error:
            restore.restore(made, tmp_path / "back")
        assert error.value.parameters["count"] == 2
        assert not (tmp_path / "back").exists()

    def test_a_row_taken_out_of_the_dump(self, used: Desk, made: Path, tmp_path: Path) -> None:
        """Even where the digests were made to fit, the audit trail does not."""
        import sqlite3

        with sqlite3.connect(made / "database.sqlite3") as held:
            held.execute("DROP TRIGGER audit_no_update")
            held.execute("UPDATE audit_auditevent SET actor = 'nobody' WHERE seq = 2")
        held.close()
        manifest = json.loads((made / "manifest.json").read_text())
        digest, size = backup._digest(made / "database.sqlite3")
        manifest["files"]["database.sqlite3"] = {"sha256": digest, "bytes": size}
        (made / "manifest.json").write_text(json.dumps(manifest))
        said = command(used, "restore-backup", str(made), "--into", str(tmp_path / "back"), expect=7)
        failure = json.loads(said.splitlines()[-1])
        assert (failure["code"], failure["parameters"]["event"]) == ("serve.audit_broken", 2)
        assert not (tmp_path / "back").exists()
        assert [path.name for path in tmp_path.glob(".partial*")] == []

    def test_a_folder_or_database_in_use(self, used: Desk, made: Path, tmp_path: Path) -> None:
        with pytest.raises(Refused, match="target_not_empty"):
            restore.restore(made, used.workspace)
        with pytest.raises(Refused, match="not_a_backup"):
            restore.restore(tmp_path / "nothing", tmp_path / "back")

    def test_a_full_database(self, seeds: Seeds, tmp_path: Path) -> None:
        copy = seeds.copy("postgresql", tmp_path / "other")
        try:
            from junheng.web.settings import environment

            with pytest.raises(Refused, match="database_not_empty"):
                databases.require_empty(environment.database(copy.url))
            with pytest.raises(Refused, match="database_away"):
                databases.require_empty(environment.database(copy.url.replace("copy_", "no_such_")))
        finally:
            seeds.remove(copy)

    def test_a_later_programs_backup(self, made: Path) -> None:
        manifest = json.loads((made / "manifest.json").read_text())
        (made / "manifest.json").write_text(json.dumps(manifest | {"format": 99}))
        with pytest.raises(Refused, match="backup_newer"):
            backup.read_manifest(made)

    def test_no_room(self, used: Desk, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(WorkspaceError, match="workspace_unwritable"):
            backup.make(Workspace.open(used.workspace), tmp_path / "file" / "below")

    def test_a_table_file_that_is_missing(self, used: Desk, tmp_path: Path) -> None:
        next((used.workspace / "data").glob("schools-*.parquet")).unlink()
        with pytest.raises(WorkspaceError, match="backup_incomplete"):
            backup.make(Workspace.open(used.workspace), tmp_path / "kept")
        assert list((tmp_path / "kept").iterdir()) == []


def test_passwords_go_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    called: dict[str, Any] = {}

    def run(line: list[str], **options: Any) -> Any:
        called.update(line=line, env=options["env"])
        return subprocess.CompletedProcess(line, 0, "", "")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(databases, "_program", lambda name: Path(shutil.which("true") or name))
    given = {"NAME": "desk", "USER": "me", "PASSWORD": "pssst", "HOST": "db", "OPTIONS": {"pool": True}}
    databases._call("pg_dump", given, "--x")
    assert "pssst" not in " ".join(called["line"])
    told = {name: value for name, value in called["env"].items() if name.startswith("PG")}
    assert told == {"PGPASSWORD": "pssst", "PGUSER": "me", "PGHOST": "db", "PGDATABASE": "desk"}
