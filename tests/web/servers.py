"""The application as real processes, the way a bureau runs it."""

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
from pathlib import Path
from types import TracebackType

from tests.web.desks import Desk

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


def junheng(
    *arguments: str, expect: int = 0, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "junheng", *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **(env or {})},
    )
    assert done.returncode == expect, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


class DeskServer:
    """Web server and workers of one desk; their output lies in `log`."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = desk.workspace.parent / "server.log"
        self._web: subprocess.Popen[bytes] | None = None
        self._workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> DeskServer:
        try:
            self.start_web()
            self.start_workers()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in (self._web, *self._workers):
            if process is not None and process.poll() is None:
                process.terminate()
        for process in (self._web, *self._workers):
            if process is not None:
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    _end(process)
        self._web, self._workers = None, []

    def start_web(self) -> None:
        """Start the web server and wait until it answers."""
        self._web = self._start(
            "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", "1", "--blocking-threads", "4", "--no-ws", "junheng.web.wsgi:application",
        )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                if self._web.poll() is not None:
                    break
                time.sleep(0.1)
        raise AssertionError(f"the web server does not answer:\n{self.log.read_text()[-3000:]}")

    def start_workers(self) -> None:
        """Start a worker for each queue."""
        for queue in ("quick", "heavy"):
            self._workers.append(self._start("junheng", "worker", str(self.desk.workspace), "--queue", queue))

    def kill_web(self) -> None:
        """End the web server as a power cut would."""
        if self._web is not None:
            _end(self._web)

    def restart_web(self) -> None:
        """Kill the web server and start it again."""
        self.kill_web()
        self.start_web()

    def kill_workers(self) -> None:
        """End the workers as a power cut would; their children go on, as they would."""
        for process in self._workers:
            process.kill()
            process.wait(10)
        self._workers = []

    def end_workers(self) -> None:
        """Ask the workers to end, and wait until they have."""
        for process in self._workers:
            process.terminate()
        for process in self._workers:
            process.wait(30)
        self._workers = []

    def worker_pids(self) -> list[int]:
        """Process ids of the living workers."""
        return [process.pid for process in self._workers if process.poll() is None]

    def _start(self, *module: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            tied = [sys.executable, "-m", "junheng.web.jobs.launch", "0", str(os.getpid()), "TERM"]
            return subprocess.Popen(
                [*tied, sys.executable, "-m", *module],
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={
                    **os.environ,
                    "DJANGO_SETTINGS_MODULE": "junheng.web.settings.test",
                    "JUNHENG_WORKSPACE": str(self.desk.workspace),
                    "JUNHENG_DATABASE": self.desk.url,
                    "PYTHONPATH": str(ROOT / "src"),
                },
            )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its own group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
