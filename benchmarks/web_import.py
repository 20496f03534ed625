"""One million rows through the browser: upload, preview, commit, with pages asked meanwhile; then the same
with server and workers killed in the middle.

    python benchmarks/web_import.py [--rows 1000000] [--kill]

Serves a workspace of its own with `junheng serve --demo`, drives Chromium, and prints the seconds of each
step, the largest memory of a process, and how long other pages took. With `--kill` everything is killed (-9)
once in the middle of the preview and once in the middle of the commit, started again, and rows are counted.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import intake
import polars as pl
from playwright.sync_api import sync_playwright

from junheng.data import Workspace

CODE, YEAR = "990101", time.localtime().tm_year
MOST_SECONDS = 120.0
PATIENCE_MS = 400_000
PAGES = ("", "data/", "data/uploads/", "data/versions/", "jobs/")


class Desk:
    """`junheng serve --demo` of a workspace, in a process group of its own."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            self.port = int(held.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.password = ""
        self.process: subprocess.Popen[str] | None = None
        self.start()

    def start(self) -> None:
        """Start and wait for the sentence that says it serves."""
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "junheng",
                "serve",
                str(self.workspace),
                "--demo",
                "--port",
                str(self.port),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env={**os.environ, "COLUMNS": "200"},
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(r"planner\W.*\W(\w{4}(?:-\w{4}){3})", line):
                self.password = found[1]
            if str(self.port) in line:
                return
        raise SystemExit("the desk did not start")

    def family(self) -> list[int]:
        """Process ids of the desk and everything below it."""
        assert self.process is not None
        below: dict[int, list[int]] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                below.setdefault(int(stat.read_text().rsplit(")", 1)[1].split()[1]), []).append(
                    int(stat.parent.name)
                )
            except OSError:
                continue
        found, waiting = [], [self.process.pid]
        while waiting:
            found.append(waiting.pop())
            waiting += below.get(found[-1], [])
        return found

    def kill(self) -> None:
        """What a power cut does."""
        for pid in self.family():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        assert self.process is not None
        self.process.wait()

    def stop(self) -> None:
        """End as an administrator would."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait(30)


class Witness(threading.Thread):
    """Asks pages as somebody else would, and watches memory, until told to end."""

    def __init__(self, desk: Desk, cookie: str) -> None:
        super().__init__(daemon=True)
        self.desk, self.cookie = desk, cookie
        self.times: list[float] = []
        self.failed = 0
        self.memory = 0.0
        self.over = threading.Event()

    def run(self) -> None:
        """One page about every third of a second."""
        number = 0
        while not self.over.wait(0.3):
            number += 1
            request = urllib.request.Request(
                f"{self.desk.url}/{CODE}/{YEAR}/{PAGES[number % len(PAGES)]}",
                headers={"Cookie": f"sessionid={self.cookie}"},
            )
            began = time.perf_counter()
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    answer.read()
            except OSError:
                self.failed += 1
            else:
                self.times.append((time.perf_counter() - began) * 1000)
            self.memory = max(self.memory, *(_megabytes(pid) for pid in self.desk.family()))

    def p(self, share: float) -> float:
        """A quantile of the answers in milliseconds."""
        held = sorted(self.times)
        return held[min(int(len(held) * share), len(held) - 1)] if held else float("nan")


def _megabytes(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+)", text)
    return int(found[1]) / 1024 if found else 0.0


def sign_in(page: Any, desk: Desk) -> str:
    """Signed in as the planner; the session's key."""
    page.goto(f"{desk.url}/accounts/login/")
    page.fill("input[name=login]", "planner")
    page.fill("input[name=password]", desk.password)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
    return next(one["value"] for one in page.context.cookies() if one["name"] == "sessionid")


def under_way(page: Any, desk: Desk, seconds: float) -> None:
    """Wait a while, kill everything, start again, and come back to the page."""
    page.wait_for_timeout(seconds * 1000)
    desk.kill()
    desk.start()
    page.reload()


def measure(page: Any, desk: Desk, file: Path, kill: bool) -> dict[str, float]:
    """Seconds of each step."""
    page.goto(f"{desk.url}/{CODE}/{YEAR}/data/import/")
    page.set_input_files("input[name=files]", str(file))
    began = time.perf_counter()
    with page.expect_navigation(timeout=PATIENCE_MS):
        page.get_by_role("button", name="发送并检查").click(timeout=PATIENCE_MS)
    uploaded = time.perf_counter()
    if kill:
        under_way(page, desk, 6)
    page.get_by_role("button", name="确认导入").wait_for(timeout=PATIENCE_MS)
    previewed = time.perf_counter()
    page.get_by_role("button", name="确认导入").click()
    if kill:
        under_way(page, desk, 8)
    page.get_by_text("成为版本").wait_for(timeout=PATIENCE_MS)
    done = time.perf_counter()
    return {
        "upload": uploaded - began,
        "preview": previewed - uploaded,
        "commit": done - previewed,
        "total": done - began,
    }


def main() -> None:
    """Print the figures; exit 1 where the import is too slow or a row is missing."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--kill", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        places, frame = intake.table(options.rows)
        file, workspace = folder / "在校生.xlsx", folder / "desk"
        intake.write_xlsx(frame.with_columns(备注=pl.lit("学年初统计")), file)
        places.write_csv(folder / "学校.csv")
        for command in (
            ["init", str(workspace), "--code", CODE, "--name", "云州县"],
            ["import", str(workspace), str(folder / "学校.csv"), "--commit"],
        ):
            subprocess.run([sys.executable, "-m", "junheng", *command], check=True, capture_output=True)
        print(
            f"{options.rows:,} rows × 8 columns, {file.stat().st_size / 1024**2:.0f} MB; "
            f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores"
        )
        desk = Desk(workspace)
        browser = driver.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        try:
            page = browser.new_page(locale="zh-CN", viewport={"width": 1366, "height": 768})
            witness = Witness(desk, sign_in(page, desk))
            witness.start()
            seconds = measure(page, desk, file, options.kill)
            witness.over.set()
            witness.join(40)
        finally:
            browser.close()
            desk.stop()
        held = Workspace.open(workspace)
        rows = held.tables()["enrolment"].height
        print(", ".join(f"{step} {value:.1f} s" for step, value in seconds.items()), end="; ")
        print(f"largest process {witness.memory:.0f} MB; load {os.getloadavg()[0]:.1f}")
        print(
            f"{len(witness.times)} pages beside: p50 {witness.p(0.5):.0f} ms, p95 {witness.p(0.95):.0f} ms, "
            f"{witness.failed} not answered; {rows:,} rows stored, {len(held.versions())} versions"
        )
        if rows != options.rows or (not options.kill and seconds["total"] > MOST_SECONDS):
            sys.exit(1)


if __name__ == "__main__":
    main()
