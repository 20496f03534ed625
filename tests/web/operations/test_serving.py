"""`junheng serve`, `worker`, `people`, `upgrade` as a user types them."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.conf import global_settings
from django.test import override_settings
from tests.web import desks
from tests.web.desks import Desk
from tests.web.servers import ROOT, free_port, junheng

from junheng.model.errors import Refused
from junheng.web.accounts.models import User
from junheng.web.operations import actions, configuration, people, processes
from junheng.web.runs.models import RunRecord


@pytest.fixture
def workspace(example_workspace: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(example_workspace, tmp_path / "ws", ignore=shutil.ignore_patterns("desk")))


class Serving:
    """`junheng serve --demo` under way."""

    def __init__(self, workspace: Path, *options: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        bare = {
            name: value for name, value in os.environ.items() if not name.startswith(("JUNHENG_", "DJANGO_"))
        }
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "junheng",
                "serve",
                str(workspace),
                "--demo",
                "--port",
                str(self.port),
                *options,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**bare, "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"},
        )

    def said(self) -> str:
        """Everything printed until the address is told."""
        lines: list[str] = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            lines.append(line)
            if self.url in line:
                return "".join(lines)
        raise AssertionError("".join(lines))

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        assert self.process.stdout is not None
        self.process.stdout.read()
        return self.process.wait(40)


def get(url: str) -> int:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return int(answer.status)


def passwords(said: str) -> dict[str, str]:
    return dict(re.findall(r"(\w+) +│.*│ (\w{4}-\w{4}-\w{4}-\w{4})", said))


def test_a_demonstration_from_nothing(workspace: Path) -> None:
    """Served with one account a role, passwords told and kept nowhere; all ended together."""
    serving = Serving(workspace)
    try:
        told = passwords(serving.said())
        assert set(told) == set(people.DEMONSTRATION)
        assert get(f"{serving.url}/accounts/login/") == 200
        desk = Desk(workspace, f"sqlite:///{workspace / 'desk' / 'desk.sqlite3'}", "sqlite")
        hashers = global_settings.PASSWORD_HASHERS
        with desks.pointed(desk), override_settings(PASSWORD_HASHERS=hashers):
            assert desk.person("clerk").check_password(told["clerk"])
            assert not desk.person("planner").check_password(told["clerk"])
            assert not any(person.must_change_password for person in User.objects.all())
            assert [run.state for run in RunRecord.objects.all()] == ["published"]
        assert stat.S_IMODE((workspace / "desk" / "demo-secret").stat().st_mode) == 0o600
        assert stat.S_IMODE((workspace / "desk").stat().st_mode) == 0o700
        held = b"".join(path.read_bytes() for path in workspace.rglob("*") if path.is_file())
        assert not [secret for secret in told.values() if secret.encode() in held], "kept nowhere"
        children = _descendants(serving.process.pid)
        while len(children) < 5 and serving.process.poll() is None:  # the workers come after the first page
            time.sleep(0.1)
            children = _descendants(serving.process.pid)
    finally:
        assert serving.end() == 0
    assert not [pid for pid in children if _alive(pid)]


def test_a_demonstration_is_made_once(desk: Desk) -> None:
    assert people.create_demonstration() == []


def test_new_passwords_for_the_demonstration(desk: Desk) -> None:
    with override_settings(DEMO=True):
        told = {one.username: one.password for one in people.renew_demonstration()}
    assert {"planner", "leader", "auditor"} <= set(told)
    assert desk.person("planner").check_password(told["planner"])
    with pytest.raises(Refused, match="demo_only"):
        actions.renew_passwords(usernames=["planner"])


def test_a_demonstration_stays_at_home(workspace: Path) -> None:
    done = junheng("serve", str(workspace), "--demo", "--host", "0.0.0.0", expect=4)
    assert "127.0.0.1" in done.stderr
    assert not (workspace / "desk").exists()
    assert all(processes.is_loopback(host) for host in ("127.0.0.1", "localhost", "::1"))
    assert not any(processes.is_loopback(host) for host in ("0.0.0.0", "10.0.0.1", "desk.example"))


def test_production_names_what_it_lacks(workspace: Path) -> None:
    given = {"DJANGO_SETTINGS_MODULE": configuration.PRODUCTION, "JUNHENG_SECRET_KEY": "x" * 60}
    done = junheng("serve", str(workspace), expect=4, env=given)
    assert "JUNHENG_FIELD_KEYS, JUNHENG_HOSTS" in done.stderr
    assert "JUNHENG_SECRET_KEY" not in done.stderr
    wrong = {
        **given,
        "JUNHENG_FIELD_KEYS": "no colon",
        "JUNHENG_HOSTS": "desk.example",
        "JUNHENG_PROXIES": "one",
    }
    done = junheng("upgrade", str(workspace), expect=4, env=wrong)
    assert "Traceback" not in done.stderr + done.stdout


def test_a_port_in_use_and_no_workspace(workspace: Path, tmp_path: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = str(held.getsockname()[1])
        own = {"JUNHENG_DATABASE": f"sqlite:///{workspace / 'desk' / 'desk.sqlite3'}"}
        assert port in junheng("serve", str(workspace), "--demo", "--port", port, expect=4, env=own).stderr
    junheng("serve", str(tmp_path / "nothing"), "--demo", expect=6)


def test_the_first_administrators_are_made_once(workspace: Path) -> None:
    environment = {
        "DJANGO_SETTINGS_MODULE": "junheng.web.settings.test",
        "JUNHENG_DATABASE": f"sqlite:///{workspace / 'desk' / 'desk.sqlite3'}",
    }
    done = junheng("people", "create-first", str(workspace), env=environment)
    told = passwords(done.stdout)
    assert set(told) == set(people.FIRST)
    desk = Desk(workspace, environment["JUNHENG_DATABASE"], "sqlite")
    with desks.pointed(desk):
        for name, role in people.FIRST.items():
            person = desk.person(name)
            assert (person.roles, person.must_change_password) == ([role], True)
            assert person.needs_second_factor
    assert (
        "Traceback" not in junheng("people", "create-first", str(workspace), expect=4, env=environment).stderr
    )
    junheng("upgrade", str(workspace), env=environment)


def _descendants(parent: int) -> list[int]:
    found: list[int] = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(path.read_text().rsplit(")", 1)[1].split()[1]) == parent:
                pid = int(path.parent.name)
                found += [pid, *_descendants(pid)]
        except OSError:
            continue
    return found


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
