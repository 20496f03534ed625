"""The desk under load: many people at once on a province.

    python benchmarks/web.py people [--users 200] [--seconds 60] [--counties 20] [--database URL] …
    python benchmarks/web.py saturation …             one page with a long table, as fast as it goes

The server is the one `junheng serve` starts, on this machine; the people are coroutines that think two to
eight seconds between pages of their own units. Times are from the first byte sent to the last byte read.
The first `--settle` seconds, in which everyone opens her first pages of a server just started, are printed
apart; the mark is held against what comes after.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import province

YEAR = 2026
PASSWORD = "benchmark-only-2026"
PAGES = {
    "planner": [
        ("", 3),
        ("overview/", 3),
        ("forecast/", 4),
        ("forecast/warnings/", 2),
        ("data/", 2),
        ("reports/", 1),
    ],
    "statistician": [("", 3), ("overview/", 2), ("data/", 4), ("forecast/", 2)],
    "school_clerk": [("", 3), ("overview/", 2), ("data/", 3), ("forecast/", 1)],
}
SHARES = {"planner": 0.15, "statistician": 0.25, "school_clerk": 0.6}
LIMIT_P95_MS = 300.0


@dataclass
class Person:
    """Someone signed in: a session cookie and the unit she works for."""

    role: str
    unit: str
    cookie: str


@dataclass
class Measured:
    """Answers by page: milliseconds, and what went wrong."""

    times: list[tuple[str, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def quantile(self, share: float, page: str | None = None) -> float:
        """Milliseconds below which `share` of the answers came."""
        held = sorted(ms for name, ms in self.times if page in (None, name))
        return held[min(int(share * len(held)), len(held) - 1)] if held else float("nan")


def prepared(arguments: argparse.Namespace, folder: Path) -> tuple[Path, list[Person]]:
    """A province with a published run, its units, and people with sessions."""
    workspace = arguments.workspace
    if workspace is None:
        workspace = folder / "province"
        province.create(workspace, arguments.counties)
        subprocess.run([sys.executable, "-m", "junheng", "run", str(workspace), "--draws", "200"], check=True)
    os.environ["JUNHENG_WORKSPACE"] = str(workspace)
    os.environ["DJANGO_SETTINGS_MODULE"] = "junheng.web.settings.demo"
    if arguments.database:
        os.environ["JUNHENG_DATABASE"] = arguments.database
    import django

    (workspace / "desk").mkdir(exist_ok=True)
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    return workspace, signed_in(arguments.users)


def signed_in(users: int) -> list[Person]:
    """People of three roles, each with a session as signing in makes it."""
    from datetime import date

    from django.contrib.sessions.backends.db import SessionStore

    from junheng.web.accounts.models import Grant, User
    from junheng.web.runs.actions import note_runs
    from junheng.web.runs.models import RunRecord
    from junheng.web.units.actions import sync
    from junheng.web.units.models import Unit

    sync(by="benchmark")
    note_runs(by="benchmark")
    RunRecord.objects.update(state=RunRecord.PUBLISHED)
    counties = list(Unit.objects.filter(level="county"))
    schools = list(Unit.objects.filter(level="school"))
    chance = random.Random(1)
    people: list[Person] = []
    roles = [role for role, share in SHARES.items() for _ in range(round(share * users))]
    for number, role in enumerate(roles):
        unit = chance.choice(schools if role == "school_clerk" else counties)
        user, made = User.objects.get_or_create(username=f"b{number}", defaults={"name": f"b{number}"})
        if made:
            user.set_unusable_password()
            user.save()
        Grant.objects.filter(user=user).delete()
        Grant.objects.create(user=user, role=role, unit=unit, valid_from=date(2020, 1, 1))
        session = SessionStore()
        session["_auth_user_id"] = str(user.pk)
        session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
        session["_auth_user_hash"] = user.get_session_auth_hash()
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time(), "username": user.username}
        ]
        session.create()
        people.append(Person(role, unit.code, f"sessionid={session.session_key}"))
    return people


class Connection:
    """One keep-alive connection, as a browser holds it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def get(self, path: str, cookie: str) -> tuple[int, bytes]:
        """Status and body of a GET; a connection the server closed in between is opened again once."""
        for attempt in (1, 2):
            try:
                if self.writer is None:
                    self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
                return await self._ask(path, cookie)
            except (ConnectionError, asyncio.IncompleteReadError):
                self.writer = None
                if attempt == 2:
                    raise
        raise AssertionError

    async def _ask(self, path: str, cookie: str) -> tuple[int, bytes]:
        assert self.reader is not None
        assert self.writer is not None
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {cookie}\r\n\r\n"
        self.writer.write(request.encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split(" ", 2)[1])
        if found := re.search(r"content-length: (\d+)", head):
            return status, await self.reader.readexactly(int(found[1]))
        body = b""
        while "chunked" in head:
            size = int((await self.reader.readline()).strip() or b"0", 16)
            body += await self.reader.readexactly(size)
            await self.reader.readline()
            if not size:
                break
        return status, body


async def live(
    person: Person,
    port: int,
    until: float,
    measured: Measured,
    chance: random.Random,
    *,
    wait: bool = True,
) -> None:
    """Open pages of one's own unit, thinking in between, until the time is over."""
    connection = Connection(port)
    await asyncio.sleep(chance.uniform(0, 8) if wait else 0)
    names, weights = zip(*PAGES[person.role], strict=True)
    while time.monotonic() < until:
        page = chance.choices(names, weights)[0]
        began = time.perf_counter()
        try:
            status, _ = await connection.get(f"/{person.unit}/{YEAR}/{page}", person.cookie)
            if status != 200:
                measured.errors.append(f"{page}: {status}")
        except (OSError, asyncio.IncompleteReadError) as error:
            measured.errors.append(f"{page}: {error!r}")
        measured.times.append((page, (time.perf_counter() - began) * 1000))
        await asyncio.sleep(chance.uniform(2, 8))


async def crowd(people: list[Person], port: int, settle: float, seconds: float) -> tuple[Measured, Measured]:
    """All people at once: what the first `settle` seconds gave, and the `seconds` after them."""
    first, later, began = Measured(), Measured(), time.monotonic()

    async def one_of(person: Person, number: int) -> None:
        chance = random.Random(number)
        await live(person, port, began + settle, first, chance)
        await live(person, port, began + settle + seconds, later, chance, wait=False)

    await asyncio.gather(*(one_of(person, number) for number, person in enumerate(people)))
    return first, later


async def saturate(person: Person, port: int, seconds: float, connections: int = 8) -> Measured:
    """One page asked again and again over several connections."""
    measured, until = Measured(), time.monotonic() + seconds

    async def ask() -> None:
        connection = Connection(port)
        while time.monotonic() < until:
            began = time.perf_counter()
            status, _ = await connection.get(f"/{person.unit}/{YEAR}/forecast/warnings/", person.cookie)
            if status != 200:
                measured.errors.append(str(status))
            measured.times.append(("saturation", (time.perf_counter() - began) * 1000))

    await asyncio.gather(*(ask() for _ in range(connections)))
    return measured


def report(title: str, measured: Measured, seconds: float) -> None:
    """Print what was measured."""
    print(f"{title}: {len(measured.times)} answers, {len(measured.times) / seconds:.1f} a second, ", end="")
    print(f"{len(measured.errors)} errors, load {os.getloadavg()[0]:.1f}")
    print(f"  {'page':<22} {'n':>6} {'p50':>7} {'p90':>7} {'p95':>7} {'p99':>7} ms")
    for page in [None, *sorted({name for name, _ in measured.times})]:
        count = sum(page in (None, name) for name, _ in measured.times)
        figures = " ".join(f"{measured.quantile(share, page):7.0f}" for share in (0.5, 0.9, 0.95, 0.99))
        print(f"  {'all' if page is None else page or 'desk':<22} {count:>6} {figures}")
    for error in sorted(set(measured.errors))[:10]:
        print(f"  {measured.errors.count(error)} × {error}")


class Server:
    """`junheng serve` on a free port; ended with its workers."""

    def __init__(self, workspace: Path, log: Path) -> None:
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            self.port = int(held.getsockname()[1])
        command = [
            sys.executable,
            "-m",
            "junheng",
            "serve",
            str(workspace),
            "--demo",
            "--port",
            str(self.port),
        ]
        with log.open("wb") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)

    async def ready(self) -> None:
        """Wait until it answers."""
        for _ in range(600):
            try:
                status, _ = await Connection(self.port).get("/healthz", "")
                if status == 200:
                    return
            except OSError:
                await asyncio.sleep(0.2)
        raise SystemExit("the server does not answer")

    def end(self) -> None:
        """End the whole group."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


async def warm(people: list[Person], port: int) -> None:
    """Ask each kind of page once in each process: the first reader pays for reading the tables."""
    for _ in range(4):
        for role, pages in PAGES.items():
            person = next(one for one in people if one.role == role)
            for page, _ in pages:
                await Connection(port).get(f"/{person.unit}/{YEAR}/{page}", person.cookie)


async def measure(arguments: argparse.Namespace, people: list[Person], port: int) -> int:
    """The measurement asked for; 1 when it misses its mark."""
    await warm(people, port)
    if arguments.what == "saturation":
        planner = next(one for one in people if one.role == "planner")
        measured = await saturate(planner, port, arguments.seconds)
        report("saturation, one page of 50 rows, 8 connections", measured, arguments.seconds)
        return int(bool(measured.errors))
    first, measured = await crowd(people, port, arguments.settle, arguments.seconds)
    if arguments.settle:
        report(f"{len(people)} people, their first pages", first, arguments.settle)
    report(f"{len(people)} people thinking 2–8 s", measured, arguments.seconds)
    return int(bool(measured.errors) or measured.quantile(0.95) > LIMIT_P95_MS)


def main() -> None:
    """Set up, measure, end."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["people", "saturation"])
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--settle", type=float, default=30)
    parser.add_argument("--counties", type=int, default=20)
    parser.add_argument("--database", default="")
    parser.add_argument("--workspace", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace, people = prepared(arguments, Path(folder))
        server = Server(workspace, Path(folder) / "server.log")

        async def work() -> Any:
            await server.ready()
            return await measure(arguments, people, server.port)

        try:
            code = asyncio.run(work())
        finally:
            server.end()
    raise SystemExit(code)


if __name__ == "__main__":
    main()
