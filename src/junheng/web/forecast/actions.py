"""What people of this room may do: start a run or a scenario, take the warnings out."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from junheng.web.accounts.roles import EXPORT
from junheng.web.audit.chain import record as audit


@transaction.atomic
def note_export(*, by: Any, unit: Any, run_id: str, name: str, rows: int) -> None:
    """Write down that a file leaves the house. PermissionDenied without `export` on the unit."""
    if not by.may(EXPORT, unit):
        raise PermissionDenied(EXPORT)
    audit("file.exported", by=by, unit=unit, object=name, run_id=run_id, diff={"rows": rows})
