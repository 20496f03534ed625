"""A desk's database as a file and back: SQLite by VACUUM INTO, PostgreSQL by its own programs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psycopg
from psycopg import sql

from junheng.model.errors import Refused

Kind = Literal["sqlite", "postgresql"]
FILES: dict[Kind, str] = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
_PROGRAMS = Path("/usr/lib/postgresql")
_LONGEST = 6 * 60 * 60


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a dump holds: rows by table, and the audit trail's last number and digest."""

    kind: Kind
    counts: dict[str, int]
    audit: tuple[int, str]


def kind_of(settings: Mapping[str, Any]) -> Kind:
    """Which database Django's settings name."""
    return "sqlite" if settings["ENGINE"].endswith("sqlite3") else "postgresql"


def dump(settings: Mapping[str, Any], folder: Path) -> Snapshot:
    """Write the database into `folder` as of one moment, while others go on writing. Refused when it is not
    there or its program is missing."""
    kind = kind_of(settings)
    target = folder / FILES[kind]
    return _dump_sqlite(settings, target) if kind == "sqlite" else _dump_postgresql(settings, target)


def _dump_sqlite(settings: Mapping[str, Any], target: Path) -> Snapshot:
    name = Path(settings["NAME"])
    if not name.is_file():
        raise Refused("serve.no_database", {"name": str(name)})
    with closing(sqlite3.connect(name, timeout=60)) as source:
        source.execute("VACUUM INTO ?", [str(target)])
    return Snapshot("sqlite", *_held_by_sqlite(target))


def _held_by_sqlite(path: Path) -> tuple[dict[str, int], tuple[int, str]]:
    with closing(sqlite3.connect(path)) as held:
        names = held.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        counts: dict[str, int] = {}
        for (name,) in sorted(names.fetchall()):
            (counts[name],) = held.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # noqa: S608 - its own names
        head = held.execute("SELECT seq, hash FROM audit_audithead WHERE id = 1").fetchone()
    return counts, (head[0], head[1]) if head else (0, "")


def _dump_postgresql(settings: Mapping[str, Any], target: Path) -> Snapshot:
    with psycopg.connect(**parameters(settings)) as held:
        held.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        held.read_only = True
        row = held.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        _call(
            "pg_dump", settings, "--format=custom", f"--snapshot={row[0]}", f"--file={target}", "--no-owner"
        )
        return Snapshot("postgresql", *_held_by_postgresql(held))


def _held_by_postgresql(held: psycopg.Connection[Any]) -> tuple[dict[str, int], tuple[int, str]]:
    names = held.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
    counts: dict[str, int] = {}
    for (name,) in names.fetchall():
        row = held.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
        counts[name] = int(row[0]) if row else 0
    head = held.execute("SELECT seq, hash FROM audit_audithead WHERE id = 1").fetchone()
    return counts, (head[0], head[1]) if head else (0, "")


def counts(settings: Mapping[str, Any]) -> dict[str, int]:
    """Rows by table of the database as it stands."""
    if kind_of(settings) == "sqlite":
        return _held_by_sqlite(Path(settings["NAME"]))[0]
    with psycopg.connect(**parameters(settings)) as held:
        return _held_by_postgresql(held)[0]


def require_empty(settings: Mapping[str, Any]) -> None:
    """Refused when the PostgreSQL database to restore into holds tables or does not answer."""
    try:
        with psycopg.connect(**parameters(settings)) as held:
            row = held.execute(
                "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
            ).fetchone()
    except psycopg.OperationalError as error:
        raise Refused("serve.database_away", {"detail": str(error).strip().splitlines()[0]}) from error
    if row and row[0]:
        raise Refused("serve.database_not_empty", {"count": row[0]})


def load_postgresql(settings: Mapping[str, Any], source: Path) -> None:
    """Fill an empty PostgreSQL database from a dump, all or nothing."""
    options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    _call("pg_restore", settings, *options, f"--dbname={settings['NAME']}", str(source))


def parameters(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Connection parameters as libpq takes them."""
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {name: settings[key] for name, key in named.items() if settings.get(key)}
    return given | {name: value for name, value in settings.get("OPTIONS", {}).items() if name != "pool"}


def _call(program: str, settings: Mapping[str, Any], *arguments: str) -> None:
    """One of PostgreSQL's programs; the password goes by the environment: no list of processes shows it."""
    given = parameters(settings)
    password = given.pop("password", "")
    name = given.pop("dbname")
    environment = {**os.environ, **{f"PG{key.upper()}": str(value) for key, value in given.items()}}
    environment |= {"PGDATABASE": str(name)} | ({"PGPASSWORD": str(password)} if password else {})
    done = subprocess.run(  # noqa: S603 - our own arguments
        [str(_program(program)), *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=_LONGEST,
        env=environment,
    )
    if done.returncode:
        detail = done.stderr.strip().splitlines()[-1:] or [str(done.returncode)]
        raise Refused("serve.program_failed", {"program": program, "detail": detail[0]})


def has_program(name: str) -> bool:
    """Whether one of PostgreSQL's programs is on this machine."""
    try:
        return _program(name).is_file()
    except Refused:
        return False


def _program(name: str) -> Path:
    """The newest version installed: an older one refuses a newer server."""
    found = [path for path in _PROGRAMS.glob(f"*/bin/{name}") if path.parent.parent.name.isdigit()]
    if found:
        return max(found, key=lambda path: int(path.parent.parent.name))
    if on_path := shutil.which(name):
        return Path(on_path)
    raise Refused("serve.program_missing", {"program": name})
