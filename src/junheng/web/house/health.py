"""Whether the process lives, and whether it can work."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

LEAST_FREE_DISK = 0.1
HEARTBEAT = timedelta(seconds=60)


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database, migrations, workspace and disk are as they should be, else 503 naming what is not.
    Answers only to this machine."""
    if request.META.get("REMOTE_ADDR") not in ("127.0.0.1", "::1"):
        return HttpResponse(status=404)
    found = checks()
    ready = all(found.values())
    return JsonResponse({"ready": ready, "checks": found}, status=200 if ready else 503)


def checks() -> dict[str, bool]:
    """What must hold, by name."""
    held: dict[str, bool] = {}
    try:
        executor = MigrationExecutor(connection)
        held["database"] = True
        held["migrations"] = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception:  # whatever the driver raises, the answer is the same
        held["database"] = held["migrations"] = False
    folder: Any = settings.WORKSPACE
    held["workspace"] = (folder / "region.toml").is_file() and (folder / "data").is_dir()
    usage = shutil.disk_usage(folder)
    held["disk"] = usage.free / usage.total > LEAST_FREE_DISK
    return held
