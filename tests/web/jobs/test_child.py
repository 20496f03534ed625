"""A child process watched: its events, its end, what it may take and what it is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from junheng.web.jobs import child

FAKE = Path(__file__).with_name("fake_command.py")


def watched(
    *words: str, stop_when: Any = lambda _: False, grace: float = 5.0, memory: int = 0
) -> child.Outcome:
    line = [sys.executable, str(FAKE), *words]
    if memory:
        line = [sys.executable, "-m", "junheng.web.jobs.launch", str(memory), str(os.getpid()), "KILL", *line]
    return child.supervise(line, stop_when, every=0.05, grace=grace)


def test_the_result_and_the_newest_progress_are_heard() -> None:
    seen: list[Any] = []

    def tick(newest: Any) -> bool:
        seen.append(newest)
        return False

    found = watched(
        "progress", "1", "9", "progress", "2", "9", "sleep", "0.3", "result", '{"run": "a"}', stop_when=tick
    )
    assert found.result == {"run": "a"}
    assert found.exit_code == 0
    told = [one["done"] for one in seen if one]
    assert told[-1] == 2, "only the newest is told"


def test_what_is_no_event_is_kept_as_log() -> None:
    found = watched("say", "no json", "err", "told aside", "failure", '{"code": "x"}', "exit", "3")
    assert (found.failure, found.exit_code, found.result) == ({"code": "x"}, 3, None)
    assert "no json" in found.log
    assert "told aside" in found.log


def test_the_log_keeps_its_tail_and_a_chatterbox_does_not_block() -> None:
    found = watched("noise", "3000000", "err", "the end", "result", "{}")
    assert found.result == {}
    assert len(found.log) == child.KEPT_LOG
    assert found.log.rstrip().endswith("the end")


def test_a_result_larger_than_a_pipe_comes_through() -> None:
    big = "y" * 100_000
    assert watched("result", f'{{"text": "{big}"}}').result == {"text": big}


def test_stopping_ends_the_whole_group(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    found = watched("child", str(pid_file), "sleep", "60", stop_when=lambda _: pid_file.exists())
    assert found.stopped
    assert found.exit_code == -signal.SIGTERM
    assert _gone(int(pid_file.read_text()))


def test_who_will_not_end_is_ended(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    found = watched(
        "stubborn", "touch", str(mark), "sleep", "60", stop_when=lambda _: mark.exists(), grace=0.3
    )
    assert found.exit_code == -signal.SIGKILL


def test_memory_is_limited() -> None:
    found = watched("eat", "900000000", "result", "{}", memory=400_000_000)
    assert found.result is None
    assert "MemoryError" in found.log
    assert watched("eat", "100000000", "result", "{}", memory=400_000_000).result == {}


def test_the_child_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "JUNHENG_SECRET_KEY",
        "JUNHENG_FIELD_KEYS",
        "JUNHENG_DATABASE",
        "DJANGO_SETTINGS_MODULE",
        "PGPASSWORD",
    ):
        monkeypatch.setenv(name, "secret")
    found = watched("env")
    assert found.result is not None
    names = set(found.result["names"])
    assert {name for name in names if name.startswith(("JUNHENG", "DJANGO", "PG"))} == {"JUNHENG_EVENTS"}
    assert {"PATH", "OMP_NUM_THREADS"} <= names


def test_a_child_ends_with_who_started_it(tmp_path: Path) -> None:
    mark, pid_file = tmp_path / "mark", tmp_path / "pid"
    code = (
        "import os, subprocess, sys, time\n"
        "launch = [sys.executable, '-m', 'junheng.web.jobs.launch', '0', str(os.getpid()), 'KILL']\n"
        "child = subprocess.Popen([*launch,\n"
        f"    sys.executable, {str(FAKE)!r}, 'touch', {str(mark)!r}, 'sleep', '60'])\n"
        f"open({str(pid_file)!r}, 'w').write(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    _until(mark.exists)
    parent.kill()
    parent.wait()
    assert _gone(int(pid_file.read_text()))


def _gone(pid: int) -> bool:
    def ended() -> bool:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except FileNotFoundError:
            return True
        return stat[0] == "Z"

    return _until(ended)


def _until(holds: Any) -> bool:
    for _ in range(200):
        if holds():
            return True
        time.sleep(0.05)
    return False
