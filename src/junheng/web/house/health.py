"""Whether the process lives, and whether it can work."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from junheng.web.audit.checking import last_check

LEAST_FREE_DISK = 0.1
HEARTBEAT = timedelta(seconds=60)
AUDITED = timedelta(hours=48)
_LOCAL = ("127.0.0.1", "::1")

_further: dict[str, Callable[[], bool]] = {}


def register(name: str, holds: Callable[[], bool]) -> None:
    """Let a service above the house say, from `AppConfig.ready`, what else must hold."""
    _further[name] = holds


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when all is as it should be, else 503 naming what is not. Answers only to this machine."""
    by_proxy = "HTTP_X_FORWARDED_FOR" in request.META
    if request.META.get("REMOTE_ADDR") not in _LOCAL or by_proxy:
        return HttpResponse(status=404)
    found = checks()
    ready = all(found.values())
    return JsonResponse({"ready": ready, "checks": found}, status=200 if ready else 503)


def checks() -> dict[str, bool]:
    """What must hold, by name: database, migrations, workspace (there and writable), disk (a tenth free),
    audit (the trail found sound within two days), and what services registered."""
    folder = Path(settings.WORKSPACE)
    parts = [folder / name for name in ("data", "runs", "desk")]
    held = {
        "database": _calmly(_database),
        "migrations": _calmly(migrated),
        "workspace": all(part.is_dir() and os.access(part, os.W_OK) for part in parts),
        "disk": free_disk(folder) > LEAST_FREE_DISK,
        "audit": _calmly(audited),
    }
    return held | {name: _calmly(holds) for name, holds in _further.items()}


def _database() -> bool:
    connection.ensure_connection()
    return True


def migrated() -> bool:
    """Whether the tables are of this version."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def free_disk(folder: Path) -> float:
    """Share of the disk that is free."""
    usage = shutil.disk_usage(folder)
    return usage.free / usage.total


def audited() -> bool:
    """Whether the audit trail was checked lately and found sound."""
    last = last_check()
    return last is not None and last.broken_at is None and timezone.now() - last.at < AUDITED


def _calmly(holds: Callable[[], bool]) -> bool:
    """A database that is away is an answer, not a fault."""
    try:
        return holds()
    except DatabaseError:
        return False
