"""Health and doctor: what is wrong is named, with the command that mends it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone
from tests.web.desks import Desk
from tests.web.servers import junheng

from junheng.cli.desk_messages import MESSAGES
from junheng.data import Workspace
from junheng.web.accounts.models import Grant
from junheng.web.audit.actions import check
from junheng.web.audit.models import AuditCheck
from junheng.web.house import health
from junheng.web.jobs import tasks
from junheng.web.jobs.models import Job, WorkerBeat
from junheng.web.operations import backup, doctor


@pytest.fixture
def sound(desk: Desk, tmp_path: Path) -> Iterator[Desk]:
    """A desk with nothing wrong: workers, a checked trail, a fresh backup."""
    tasks.beat("a", "quick")
    tasks.beat("b", "heavy")
    check()
    (desk.workspace / "desk").chmod(0o700)
    backup.make(Workspace.open(desk.workspace), tmp_path / "kept")
    with override_settings(DEMO=True):  # the settings of tests are no production settings
        yield desk


def troubles() -> list[str]:
    return [one.code.removeprefix("doctor.") for one in doctor.examine()]


def ready(**meta: Any) -> Any:
    return Client().get("/readyz", **meta)


def test_all_is_well(sound: Desk) -> None:
    assert troubles() == []
    answer = ready()
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    assert set(answer.json()["checks"]) >= {"database", "migrations", "workspace", "disk", "audit", "workers"}


def test_only_this_machine_is_answered(sound: Desk) -> None:
    assert ready(REMOTE_ADDR="192.0.2.1").status_code == 404
    assert ready(HTTP_X_FORWARDED_FOR="127.0.0.1").status_code == 404, "asked through the proxy"
    assert Client().get("/healthz", REMOTE_ADDR="192.0.2.1").status_code == 200


def test_a_worker_that_fell_silent(sound: Desk) -> None:
    WorkerBeat.objects.filter(worker="b").update(at=timezone.now() - timedelta(minutes=2))
    assert troubles() == ["worker"]
    assert ready().json()["checks"]["workers"] is False
    tasks.beat("c", "*")
    assert troubles() == []


def test_an_audit_trail_unchecked_or_broken(sound: Desk) -> None:
    AuditCheck.objects.update(at=timezone.now() - timedelta(hours=49))
    assert troubles() == ["audit_unchecked"]
    assert ready().json()["checks"]["audit"] is False
    AuditCheck.objects.create(at=timezone.now(), events=3, head="x", broken_at=2, cause="altered")
    assert troubles() == ["audit_broken"]
    assert ready().status_code == 503


def test_folders_disk_and_backups(sound: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (sound.workspace / "desk").chmod(0o755)
    assert troubles() == ["open_to_all"]
    (sound.workspace / "desk").chmod(0o700)
    monkeypatch.setattr(health, "free_disk", lambda folder: 0.02)
    assert troubles() == ["disk"]
    assert ready().json()["checks"]["disk"] is False
    monkeypatch.undo()
    last = sound.workspace / "desk" / backup.LAST
    last.write_text(json.dumps({"at": (timezone.now() - timedelta(days=3)).isoformat(), "path": "x"}))
    assert [(one.code, one.parameters) for one in doctor.examine()] == [("doctor.backup_old", {"days": 3})]
    last.unlink()
    assert troubles() == ["never_backed_up"]


def test_a_missing_folder(sound: Desk) -> None:
    (sound.workspace / "runs").rename(sound.workspace / "gone")
    assert troubles() == ["unwritable"]
    assert ready().json()["checks"]["workspace"] is False


def test_nobody_to_grant_and_lost_jobs(sound: Desk) -> None:
    Grant.objects.filter(role="security_admin").update(state=Grant.ENDED)
    Job.objects.create(
        verb="run",
        owner=sound.person("planner"),
        unit=sound.unit("region"),
        state=Job.LOST,
        ended_at=timezone.now(),
    )
    assert troubles() == ["nobody", "lost_jobs"]


def test_tables_of_another_version(sound: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "migrated", lambda: False)
    assert troubles() == ["migrations"]
    assert ready().json()["checks"]["migrations"] is False


def test_every_trouble_has_a_command_in_both_languages() -> None:
    text = Path(doctor.__file__).read_text(encoding="utf-8")
    named = {code for code in MESSAGES if code.startswith("doctor.")} - {"doctor.well", "doctor.found"}
    assert named == {code for code in MESSAGES if f'"{code}"' in text}
    for code in named:
        assert all(sentence.startswith("✗") and "\n  → " in sentence for sentence in MESSAGES[code]), code


def test_the_command_says_it(desk: Desk) -> None:
    environment = {"DJANGO_SETTINGS_MODULE": "junheng.web.settings.test", "JUNHENG_DATABASE": desk.url}
    done = junheng("doctor", str(desk.workspace), expect=4, env=environment)
    assert f"→ junheng audit verify {desk.workspace}" in done.stdout
    assert "→ systemctl start junheng-worker@heavy" in done.stdout
    assert "需要处理" in done.stderr


def test_each_request_is_one_line_without_values(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    import logging

    log = logging.getLogger("junheng.requests")
    log.addHandler(caplog.handler)
    try:
        desk.client("planner").get("/units.json", {"q": "secretquery"})
    finally:
        log.removeHandler(caplog.handler)
    (line,) = [record.getMessage() for record in caplog.records if record.name == "junheng.requests"]
    told = json.loads(line)
    assert told["route"] == "units"
    assert (told["status"], told["user"]) == (200, desk.person("planner").pk)
    assert {"at", "request", "unit", "ms", "queries"} <= set(told)
    assert "secretquery" not in line
    assert "planner" not in line
