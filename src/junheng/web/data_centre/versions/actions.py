"""Going back to a version."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from junheng.model.errors import Refused
from junheng.web.accounts.roles import IMPORT
from junheng.web.audit.chain import record as audit
from junheng.web.data_centre.uploads.command import whole_region
from junheng.web.jobs.actions import start
from junheng.web.jobs.models import Job
from junheng.web.runs.reading import newest_version
from junheng.web.workspace import workspace


@transaction.atomic
def restore(*, version: str, unit: Any, by: Any, reason: str, newest: str) -> Job:
    """Make the tables what they were in `version`, as a further version. Refused without a reason, when it is
    the newest already, and when another has been made since the page was. WorkspaceError if it is unknown."""
    if not (whole_region(unit) and by.may(IMPORT, unit)):
        raise PermissionDenied(IMPORT)
    if not reason.strip():
        raise Refused("data_centre.needs_reason", {})
    found, held = workspace().store.find(version), newest_version()
    if found is None or held is None or found.id == held.id:
        raise Refused("data_centre.restore_newest", {"version": version})
    if held.id != newest:
        raise Refused("data_centre.newer_version", {"version": held.id})
    audit(
        "data.restore_asked", by=by, unit=unit, object=version, reason=reason.strip(), diff={"from": held.id}
    )
    return start(verb="restore", args={"version": version, "reason": reason.strip()}, unit=unit, by=by)


@transaction.atomic
def exported(*, by: Any, unit: Any, name: str) -> None:
    """Write down that a person took a table out."""
    audit("data.exported", by=by, unit=unit, object=name)
