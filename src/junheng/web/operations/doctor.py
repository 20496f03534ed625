"""What is wrong with an installation, each with the command that mends it."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import Error as DatabaseError
from django.db import connection

from junheng.model.errors import Refused
from junheng.report import fonts
from junheng.web.accounts.models import Grant
from junheng.web.accounts.roles import GRANTS, ROLES
from junheng.web.audit.checking import last_check
from junheng.web.house import health
from junheng.web.jobs import queries
from junheng.web.jobs.models import QUEUES, Job
from junheng.web.operations import databases
from junheng.web.operations.backup import LAST

BACKED_UP = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong, as a code with parameters."""

    code: str
    parameters: dict[str, Any] = field(default_factory=dict[str, Any])


def examine() -> list[Trouble]:
    """Everything that is wrong, the database first; what cannot be asked without it is left out."""
    found = list(_files())
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return [Trouble("doctor.database", {"detail": str(error).strip().splitlines()[0]}), *found]
    if not health.migrated():
        return [Trouble("doctor.migrations"), *found]
    for ask in _ASKED:
        found += ask()
    return found


def _files() -> Iterator[Trouble]:
    folder = Path(settings.WORKSPACE)
    for name in ("data", "runs", "desk"):
        if not os.access(folder / name, os.W_OK):
            yield Trouble("doctor.unwritable", {"folder": str(folder / name)})
    if (free := health.free_disk(folder)) < health.LEAST_FREE_DISK:
        yield Trouble("doctor.disk", {"share": round(free * 100)})
    if not (Path(settings.STATICFILES_DIRS[0]) / "dist" / "manifest.json").is_file():
        yield Trouble("doctor.front_end")
    try:
        fonts.path()
    except Refused:
        yield Trouble("doctor.fonts")
    yield from _readable_by_others(folder / "desk")


def _readable_by_others(desk: Path) -> Iterator[Trouble]:
    """The desk's folder holds uploads and perhaps the database: nobody else on the machine has to read it."""
    if desk.is_dir() and desk.stat().st_mode & (stat.S_IROTH | stat.S_IXOTH):
        yield Trouble("doctor.open_to_all", {"folder": str(desk)})


def _people() -> Iterator[Trouble]:
    able = [name for name, role in ROLES.items() if GRANTS in role.permissions]
    if not Grant.objects.filter(role__in=able, state=Grant.CONFIRMED, user__is_active=True).exists():
        yield Trouble("doctor.nobody")


def _workers() -> Iterator[Trouble]:
    for queue in QUEUES:
        if not queries.served(queue):
            yield Trouble("doctor.worker", {"queue": queue})
    if count := Job.objects.filter(
        state=Job.LOST, ended_at__gt=datetime.now(UTC) - timedelta(days=7)
    ).count():
        yield Trouble("doctor.lost_jobs", {"count": count})


def _audit() -> Iterator[Trouble]:
    last = last_check()
    if last is not None and last.broken_at is not None:
        yield Trouble("doctor.audit_broken", {"event": last.broken_at})
    elif not health.audited():
        yield Trouble("doctor.audit_unchecked")


def _backup() -> Iterator[Trouble]:
    try:
        last = json.loads((Path(settings.DESK) / LAST).read_text(encoding="utf-8"))
        at = datetime.fromisoformat(last["at"])
    except (OSError, ValueError, KeyError, TypeError):
        yield Trouble("doctor.never_backed_up")
    else:
        if datetime.now(UTC) - at > BACKED_UP:
            yield Trouble("doctor.backup_old", {"days": (datetime.now(UTC) - at).days})
    if databases.kind_of(settings.DATABASES["default"]) == "postgresql":
        for program in ("pg_dump", "pg_restore"):
            if not databases.has_program(program):
                yield Trouble("doctor.program", {"program": program})


def _settings() -> Iterator[Trouble]:
    """What Django itself warns of before going into production."""
    if settings.DEMO:
        return
    for message in checks.run_checks(include_deployment_checks=True):
        if message.level >= checks.WARNING:
            yield Trouble("doctor.settings", {"detail": f"{message.id} {message.msg}"})


_ASKED: tuple[Callable[[], Iterator[Trouble]], ...] = (_settings, _people, _workers, _audit, _backup)
