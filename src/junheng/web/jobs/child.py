"""One command of `junheng` as a child process: its events read, its end awaited or brought about."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

KEPT_LOG = 20_000
"""Bytes of the child's other output that are kept: the last ones."""
LONGEST_LINE = 32 * 1024 * 1024
GRACE = 10.0
"""Seconds between asking a child to end and ending it."""
_PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_",
    "TZ",
    "TMPDIR",
    "PYTHON",
    "OPENBLAS_",
    "NUMBA_",
    "MPL",
    "XDG_",
    "SYSTEMROOT",
)
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(slots=True)
class Outcome:
    """How a child ended: its `result` or `failure` event if it sent one, its exit code (negative: a signal),
    whether it was stopped on demand, and the tail of everything else it wrote."""

    result: dict[str, Any] | None = None
    failure: dict[str, Any] | None = None
    exit_code: int = 0
    stopped: bool = False
    log: str = ""


@dataclass(slots=True)
class _Heard:
    """What has been read so far."""

    outcome: Outcome = field(default_factory=Outcome)
    progress: dict[str, Any] | None = None
    line: bytearray = field(default_factory=bytearray)
    log: bytearray = field(default_factory=bytearray)

    def events(self, chunk: bytes) -> None:
        """Take output of the child apart into lines."""
        self.line += chunk
        *whole, rest = self.line.split(b"\n")
        self.line = rest
        for line in whole:
            self._event(bytes(line))
        if len(self.line) > LONGEST_LINE:
            self.line.clear()

    def others(self, chunk: bytes) -> None:
        """Keep the tail of what is no event."""
        self.log += chunk
        del self.log[:-KEPT_LOG]

    def _event(self, line: bytes) -> None:
        try:
            event = json.loads(line)
            kind = event.pop("event")
        except (ValueError, KeyError, AttributeError, TypeError):
            self.others(line + b"\n")
            return
        if kind == "progress":
            self.progress = event
        elif kind == "result":
            self.outcome.result = event
        elif kind == "failure":
            self.outcome.failure = event


def command(arguments: Sequence[str], memory: int, language: str) -> list[str]:
    """The command line of a verb, under a memory limit in bytes (0: none)."""
    junheng = [sys.executable, "-m", "junheng", "--language", language, *arguments]
    return [sys.executable, "-m", "junheng.web.jobs.launch", str(memory), str(os.getpid()), "KILL", *junheng]


def environment() -> dict[str, str]:
    """What a child is told: nothing that opens the database or reads sealed fields, for it reads strangers'
    files; one thread a linear-algebra call."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(_PASSED_ON)}
    return kept | dict.fromkeys(_THREADS, "1") | {"JUNHENG_EVENTS": "1"}


def supervise(
    command: Sequence[str],
    tick: Callable[[Mapping[str, Any] | None], bool],
    *,
    every: float = 1.0,
    grace: float = GRACE,
) -> Outcome:
    """Run `command` in a process group of its own to its end.

    `tick` gets the newest progress event (None when there is no newer one) once every `every` seconds and
    answers whether to stop: then the group is asked to end, and ended after `grace` seconds.
    """
    heard = _Heard()
    child = subprocess.Popen(  # noqa: S603 - our own command line
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=environment(),
    )
    try:
        with selectors.DefaultSelector() as selector:
            for pipe, take in ((child.stdout, heard.events), (child.stderr, heard.others)):
                assert pipe is not None
                os.set_blocking(pipe.fileno(), False)
                selector.register(pipe, selectors.EVENT_READ, take)
            told = time.monotonic()
            while child.poll() is None:
                _read(selector, 0.1 if selector.get_map() else 0.0)
                if not selector.get_map():
                    time.sleep(0.1)
                if time.monotonic() - told >= every:
                    told = time.monotonic()
                    newest, heard.progress = heard.progress, None
                    if tick(newest):
                        heard.outcome.stopped = True
                        _end(child, grace, lambda: _read(selector, 0.1))
            _read(selector, 0.0)
    finally:
        _end(child, 0.0, lambda: None)
        _close(child)
    heard.outcome.exit_code = child.returncode
    heard.outcome.log = heard.log.decode("utf-8", "replace")
    return heard.outcome


def _read(selector: selectors.BaseSelector, patience: float) -> None:
    """Everything that can be read now; a closed pipe is let go."""
    for key, _ in selector.select(patience):
        pipe: Any = key.fileobj
        while True:
            try:
                chunk = os.read(pipe.fileno(), 65536)
            except BlockingIOError:
                break
            if not chunk:
                selector.unregister(pipe)
                pipe.close()
                break
            key.data(chunk)


def _end(child: subprocess.Popen[bytes], grace: float, meanwhile: Callable[[], None]) -> None:
    """End the whole group: politely first where there is grace."""
    if child.poll() is None and grace:
        _signal(child, signal.SIGTERM)
        until = time.monotonic() + grace
        while child.poll() is None and time.monotonic() < until:
            meanwhile()
            time.sleep(0.05)
    _signal(child, signal.SIGKILL)  # also what the child left behind in its group
    child.wait()


def _signal(child: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


def _close(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()
