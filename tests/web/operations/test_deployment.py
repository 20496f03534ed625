"""Production settings, systemd units and the proxy's sample."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.web.servers import ROOT, junheng

from junheng.web.operations.upkeep import DUTIES

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]
SECRETS = {
    "JUNHENG_SECRET_KEY": "3vGqk-Jm9wX_2rTzB7yLc8NhVd4sQfPa1uEo6iYbKx5gRtWj0lZn",
    "JUNHENG_FIELD_KEYS": "2026:Xq8vN2mZr5tKc9wLp3hJy7bFd4gSs6aUe1oRi0TkVxWz",
    "JUNHENG_HOSTS": "desk.example.gov.cn",
    "JUNHENG_OIDC_ISSUER": "https://id.example.gov.cn/realms/desk",
    "JUNHENG_OIDC_CLIENT": "desk",
    "JUNHENG_OIDC_SECRET": "kept elsewhere",
}


def production(workspace: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A Django command under production settings."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("JUNHENG_", "DJANGO_"))}
    (workspace / "desk").mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={
            **bare,
            **SECRETS,
            "DJANGO_SETTINGS_MODULE": "junheng.web.settings.production",
            "JUNHENG_WORKSPACE": str(workspace),
            "JUNHENG_DATABASE": f"sqlite:///{workspace / 'desk' / 'desk.sqlite3'}",
            "PYTHONPATH": str(ROOT / "src"),
            **more,
        },
    )


def test_production_settings_pass_the_check(tmp_path: Path) -> None:
    done = production(tmp_path, "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    weak = production(tmp_path, "check", "--deploy", "--fail-level", "WARNING", JUNHENG_SECRET_KEY="short")
    assert weak.returncode != 0, "the check does check"


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    for name in ("JUNHENG_SECRET_KEY", "JUNHENG_FIELD_KEYS"):
        (tmp_path / name).write_text(SECRETS[name] + "\n")
    code = (
        "import os\n"
        "for name in ('JUNHENG_SECRET_KEY', 'JUNHENG_FIELD_KEYS'):\n"
        f"    del os.environ[name]; os.environ[name + '_FILE'] = {str(tmp_path)!r} + '/' + name\n"
        "from junheng.web.operations import configuration\n"
        "assert all(configuration.present(name) for name in configuration.REQUIRED)\n"
        "from django.conf import settings\n"
        "print(settings.SECRET_KEY, settings.FIELD_KEY)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={
            **os.environ,
            **SECRETS,
            "DJANGO_SETTINGS_MODULE": "junheng.web.settings.production",
            "JUNHENG_WORKSPACE": str(tmp_path),
            "PYTHONPATH": str(ROOT / "src"),
        },
    )
    assert done.stdout.split() == [SECRETS["JUNHENG_SECRET_KEY"], "2026"], done.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    for path in UNITS:
        text = path.read_text(encoding="utf-8")
        assert "/opt/junheng/bin/" in text or path.suffix == ".timer"
        text = re.sub(r"/opt/junheng/bin/\w+", "/bin/true", text)
        (tmp_path / path.name).write_text(re.sub(r"Documentation=.*\n", "", text), encoding="utf-8")
    named = [
        str(tmp_path / name)
        for path in UNITS
        for name in (
            [path.name.replace("@.", f"@{one}.") for one in _instances(path)]
            if "@" in path.name
            else [path.name]
        )
    ]
    done = subprocess.run(["systemd-analyze", "verify", *named], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def _instances(path: Path) -> list[str]:
    return ["quick", "heavy"] if "worker" in path.name else sorted(DUTIES)


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_services_are_fenced_in_and_hold_no_secret(path: Path) -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(path)
    service = unit["Service"]
    assert service["User"] == "junheng"
    for name in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome"):
        assert service[name] == "yes", name
    assert service["ProtectSystem"] == "strict"
    assert "LoadCredential=secret-key:" in path.read_text()
    if "worker" in path.name:
        assert service["KillMode"] == "mixed"
        assert int(service["TimeoutStopSec"]) > 30, "a child has ten seconds, its end is written down after"
        assert "MemoryMax" in service


def test_units_call_commands_that_exist() -> None:
    known = junheng("--help").stdout
    for path in SERVICES:
        for command in re.findall(r"/opt/junheng/bin/junheng ([\w-]+)", path.read_text()):
            assert re.search(rf"^\s+{command}\b", known, re.MULTILINE), command
    timers = [path for path in UNITS if path.suffix == ".timer"]
    asked = {re.search(r"Unit=(\S+)", path.read_text())[1] for path in timers}  # type: ignore[index]
    assert asked == {f"junheng-upkeep@{duty}.service" for duty in DUTIES} | {"junheng-backup.service"}
    assert all((DEPLOY / "systemd" / re.sub(r"@\w+", "@", name)).is_file() for name in asked)


def test_the_proxy_lets_large_bodies_through_only_where_tables_are_uploaded() -> None:
    from django.urls import reverse

    text = (DEPLOY / "nginx" / "junheng.conf").read_text(encoding="utf-8")
    pattern = re.search(r"location ~ (\S+) \{\s+client_max_body_size 200m", text)
    assert pattern is not None
    assert text.count("client_max_body_size") == 2
    for name in ("data:upload", "data:import"):
        assert re.search(pattern[1], reverse(name, kwargs={"unit": "990101", "year": 2026})), name
    assert not re.search(pattern[1], reverse("data:index", kwargs={"unit": "990101", "year": 2026}))
    assert "location = /readyz { return 404; }" in text


def test_duties_of_timers(tmp_path: Path, example_workspace: Path) -> None:
    workspace = tmp_path / "ws"
    shutil.copytree(example_workspace, workspace, ignore=shutil.ignore_patterns("desk"))
    environment = {
        "DJANGO_SETTINGS_MODULE": "junheng.web.settings.test",
        "JUNHENG_DATABASE": f"sqlite:///{workspace / 'desk' / 'desk.sqlite3'}",
        "JUNHENG_EVENTS": "1",
    }
    junheng("upgrade", str(workspace), env=environment)
    done = junheng("upkeep", str(workspace), *DUTIES, env=environment)
    assert '"remind": 0' in done.stdout
    assert re.search(r'"audit": [1-9]', done.stdout)
