"""Making a desk ready to serve: its tables, its cache, its units, its index of runs."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from junheng.model.errors import Refused
from junheng.web.runs.actions import note_runs
from junheng.web.units.actions import sync

PROCESS = "installation"
"""Who the audit trail names for what is done before anybody signs in."""


def prepare() -> None:
    """Bring database and index up to this version and this workspace. Refused when the database does not
    answer."""
    for folder in (settings.DESK, settings.STATIC_ROOT, settings.MEDIA_ROOT):
        Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        sync(by=PROCESS)
        note_runs(by=PROCESS)
    except DatabaseError as error:
        raise Refused("serve.database_away", {"detail": str(error).strip().splitlines()[0]}) from error


def unapplied() -> int:
    """How many changes of the tables wait; 0 when the database is of this version."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
