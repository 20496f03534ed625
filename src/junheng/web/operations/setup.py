"""Making a desk ready to serve: its tables, its cache, its units, its index of runs."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError

from junheng.model.errors import Refused
from junheng.web.audit.actions import check
from junheng.web.house import health
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
        upgrade()
        sync(by=PROCESS)
        note_runs(by=PROCESS)
    except DatabaseError as error:
        raise Refused("serve.database_away", {"detail": str(error).strip().splitlines()[0]}) from error


def upgrade() -> None:
    """Bring the database's tables up to this version."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def check_audit() -> None:
    """Check the audit trail unless that was done lately; otherwise a timer does it every night."""
    if not health.audited():
        check()
