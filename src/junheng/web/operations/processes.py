"""Web server and workers as children of one parent that keeps them up and ends them together."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from junheng.model.errors import Refused

GRACE = 20.0
"""Seconds a child has to end: a worker gives its own child ten."""
START_PATIENCE = 60.0
REST = 2.0
"""Seconds before a child that broke off is started again."""
THREADS = 2
QUEUES = ("quick", "heavy")
LARGEST_LOG = 20 * 1024 * 1024


@dataclass(slots=True)
class _Child:
    command: Sequence[str]
    log: Path
    restart: bool
    process: subprocess.Popen[bytes] | None = None
    due: float = 0.0

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches the parent alone; it ends with it."""
        tied = [sys.executable, "-m", "junheng.web.jobs.launch", "0", str(os.getpid()), "TERM", *self.command]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own command line
                tied, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    @property
    def ended(self) -> bool:
        """Whether it is not there any more."""
        return self.process is None or self.process.poll() is not None


@dataclass(slots=True)
class Household:
    """The web server and the workers of one desk; what they write goes to the file `log`."""

    workspace: Path
    log: Path
    host: str
    port: int
    web_workers: int
    _children: list[_Child] = field(default_factory=list[_Child])
    _ending: bool = False

    def run(self, ready: Callable[[], None]) -> None:
        """Serve until SIGTERM or Ctrl-C; `ready` is called once pages are answered. Refused when the web
        server ends by itself."""
        if self.log.is_file() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".old.log"))
        before = {number: signal.signal(number, self._asked) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            self._start(_Child(self._web(), self.log, restart=False))
            self._until_it_answers()
            if not self._ending:
                ready()  # the workers may take their time behind the first page
            for queue in QUEUES:
                self._start(_Child(self._worker(queue), self.log, restart=True))
            while not self._ending:
                self._look_after()
                time.sleep(0.3)
        finally:
            self._end()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _start(self, child: _Child) -> None:
        if not self._ending:
            child.start()
            self._children.append(child)

    def _web(self) -> list[str]:
        return [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws",
            "--host", self.host, "--port", str(self.port),
            "--workers", str(self.web_workers), "--blocking-threads", str(THREADS),
            "--respawn-failed-workers", "--log-level", "warning",
            "junheng.web.wsgi:application",
        ]  # fmt: skip

    def _worker(self, queue: str) -> list[str]:
        return [sys.executable, "-m", "junheng", "worker", str(self.workspace), "--queue", queue]

    def _asked(self, number: int, frame: FrameType | None) -> None:
        self._ending = True

    def _until_it_answers(self) -> None:
        until = time.monotonic() + START_PATIENCE
        while not self._ending:
            if self._children[0].ended or time.monotonic() > until:
                raise Refused("serve.web_ended", {"log": str(self.log)})
            if _answers(f"{address(self.host, self.port)}/healthz"):
                return
            time.sleep(0.2)

    def _look_after(self) -> None:
        for child in self._children:
            if not child.ended:
                continue
            if not child.restart:
                raise Refused("serve.web_ended", {"log": str(self.log)})
            now = time.monotonic()
            if not child.due:
                child.due = now + REST
            elif now >= child.due:
                child.due = 0.0
                child.start()

    def _end(self) -> None:
        living = [child.process for child in self._children if not child.ended and child.process is not None]
        for process in living:
            process.terminate()
        until = time.monotonic() + GRACE
        for process in living:
            try:
                process.wait(max(until - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def address(host: str, port: int) -> str:
    """What one types into the browser."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "") else f"[{host}]" if ":" in host else host  # noqa: S104
    return f"http://{shown}:{port}"


def web_workers() -> int:
    """Two processes of two threads each for two cores or more, one on a smaller machine."""
    return 2 if (os.cpu_count() or 1) > 1 else 1


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens on `host`."""
    return host in ("localhost", "::1") or host.startswith("127.")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own server
            return True
    except (urllib.error.URLError, OSError):
        return False


def require_free(host: str, port: int) -> None:
    """Refused when something listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise Refused("serve.port_taken", {"host": host, "port": port, "detail": str(error)}) from error
