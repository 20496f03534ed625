"""No secret lies in the repository, in what is shipped, in logs, or readable by others on the disk."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.desks import PASSWORD, Desk
from tests.web.servers import ROOT

SECRET = {
    "private key": re.compile(rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"),
    "token of ours": re.compile(rb"\bjh_[A-Za-z0-9_-]{30,}"),
    "cloud key": re.compile(rb"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "token of a code host": re.compile(rb"\b(?:gh[pousr]|glpat|npm)[_-][A-Za-z0-9]{20,}"),
    "password in an address": re.compile(
        rb"[a-z]+://[^\s/:@'\"{}<>]+:(?i:(?!password@))[^\s/:@'\"{}<>]{3,}@[a-z0-9]"
    ),
    "identity number": re.compile(
        rb"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?!\w)"
    ),
}
NAMED = re.compile(
    rb"(?i)\b(?:secret_?key|password|passwd|api_?key|field_?keys?)\b\s*[:=]\s*[\"']([^\"'\s{}$<>%]{12,})[\"']"
)
TESTS_ONLY = ("tests/", "frontend/package-lock.json", "requirements.lock")
PLAIN = {b"JUNHENG_SECRET_KEY", b"JUNHENG_FIELD_KEYS"}
NEVER_SHIPPED = re.compile(
    r"(^|/)(tests?|node_modules|demo-secret|demo-field-key|\.env|\.git|.*\.sqlite3|.*\.pem)(/|$)"
)


def secrets_in(content: bytes, *, named: bool = True) -> list[str]:
    """What looks like a secret in these bytes."""
    found = [
        f"{what}: {hit.group()[:40]!r}" for what, rule in SECRET.items() if (hit := rule.search(content))
    ]
    if named:
        found += [f"named: {hit.group()[:60]!r}" for hit in NAMED.finditer(content) if hit[1] not in PLAIN]
    return found


def test_the_rules_find_what_they_should() -> None:
    key = b"-----BEGIN PRIVATE" + b" KEY-----"
    for bad in (
        key,
        b"jh_" + b"a" * 40,
        b"postgresql://desk:hunter22" + b"@db",
        b'SECRET_KEY = "' + b"q" * 50 + b'"',
    ):
        assert secrets_in(bad), bad


def test_the_repository_holds_none() -> None:
    """Every file under version control; made-up ones of the tests are the tests'."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    names = [name.decode() for name in listed.split(b"\0") if name]
    assert len(names) > 500
    wrong = [
        f"{name}: {found}"
        for name in names
        if not name.startswith(TESTS_ONLY) and (ROOT / name).is_file()
        for found in secrets_in((ROOT / name).read_bytes())
        if "-only-" not in found
    ]
    assert not wrong, "\n".join(wrong)
    kept = [name for name in names if NEVER_SHIPPED.search(name) and not name.startswith("tests/")]
    assert kept == []


def test_what_is_shipped_holds_none(tmp_path: Path) -> None:
    """The wheel as built: our package and nothing beside it."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    wrong: list[str] = []
    with zipfile.ZipFile(wheel) as held:
        names = held.namelist()
        assert "junheng/web/settings/production.py" in names
        for name in names:
            wrong += [f"{name} is shipped"] if NEVER_SHIPPED.search(name) else []
            if name.endswith((".ttf", ".woff2")):
                continue
            ours = not name.startswith("junheng/web/static/dist/")
            found = secrets_in(held.read(name), named=ours)
            wrong += [f"{name}: {one}" for one in found if "-only-" not in one]
    assert not wrong, "\n".join(wrong)
    assert {name.split("/")[0].split("-")[0] for name in names} == {"junheng"}


@pytest.fixture
def everything(caplog: pytest.LogCaptureFixture) -> Iterator[Any]:
    """All that is logged by anybody, at any level."""
    caplog.set_level(logging.DEBUG)
    held = [logging.getLogger(name) for name in ("junheng.requests", "django.request", "axes", "allauth")]
    for one in held:
        one.addHandler(caplog.handler)
    yield lambda: caplog.text + "\n".join(record.getMessage() for record in caplog.records)
    for one in held:
        one.removeHandler(caplog.handler)


def test_logs_hold_no_names_values_or_secrets(desk: Desk, everything: Any) -> None:
    """From the wrong password to a token used: lines of requests, logs of jobs and the trail say nothing."""
    from junheng.web.api.models import ApiToken
    from junheng.web.audit.models import AuditEvent
    from junheng.web.jobs.models import Job

    client = Client()
    for password in ("wrong-Typed-2031", PASSWORD):
        client.post("/accounts/login/", {"login": "planner", "password": password})
    session, token = client.cookies["sessionid"].value, client.cookies["csrftoken"].value
    home, day = f"/{desk.units['region']}/2026", timezone.localdate() + timedelta(days=30)
    client.get(f"{home}/data/", {"q": "query-Value-77"})
    client.get("/units.json", {"q": "query-Value-77"})
    grant = desk.person("planner").current_grants()[0].pk
    form = {"grant": grant, "name": "typed-Name-88", "until": day.isoformat()}
    shown = client.post(f"{home}/tokens/", form).content.decode()
    keys = re.findall(r"jh_[A-Za-z0-9_-]{20,}", shown)
    assert keys
    Client().get("/api/v1/me", headers={"Authorization": f"Bearer {keys[0]}"})
    said = everything()
    assert said.count('"route"') >= 6
    for part in (PASSWORD, "wrong-Typed-2031", session, token, "query-Value-77", "typed-Name-88", keys[0]):
        assert part not in said, part
    assert desk.person("planner").name not in said
    kept = "".join(str(event.__dict__) for event in AuditEvent.objects.all())
    kept += "".join(job.log + str(job.args) + str(job.result) for job in Job.objects.all())
    kept += "".join(str(one.__dict__) for one in ApiToken.objects.all())
    for part in (PASSWORD, "wrong-Typed-2031", session, token, keys[0]):
        assert part not in kept, part


def test_nobody_else_on_the_machine_reads_the_desk(tmp_path: Path) -> None:
    """Secrets, uploads and the database of a demonstration: its owner's alone."""
    (tmp_path / "desk").mkdir(mode=0o700)
    code = (
        "import os; os.umask(0o022); import django; django.setup();"
        "from django.core.files.storage import default_storage as s;"
        "from django.core.files.base import ContentFile; s.save('x/y.csv', ContentFile(b'1'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT / "src"),
            "DJANGO_SETTINGS_MODULE": "junheng.web.settings.demo",
            "JUNHENG_WORKSPACE": str(tmp_path),
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in (tmp_path / "desk").rglob("*")}
    assert modes["demo-secret"] == modes["demo-field-key"] == modes["y.csv"] == "0o600"
    assert modes["files"] == modes["x"] == "0o700"
