"""Taking an entry one step further, with everything each step asks of whoever takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from junheng.model.errors import Refused
from junheng.web.admission import states
from junheng.web.admission.models import Entry
from junheng.web.audit.chain import record as audit


@transaction.atomic
def take(
    verb: str,
    *,
    entry: Entry,
    by: Any,
    row_version: int,
    reason: str = "",
    diff: Mapping[str, Any] | None = None,
    file_sha256: str = "",
) -> Entry:
    """Move the entry.

    PermissionDenied without any of the step's permissions on its unit. Refused from a state the step does not
    start from, when somebody has changed the entry since the page was made, and without the reason a step
    asks for.
    """
    step = states.STEPS[verb]
    held: Entry = Entry.objects.select_for_update(of=("self",)).select_related("unit").get(pk=entry.pk)
    if not any(by.may(permission, held.unit) for permission in step.permissions):
        raise PermissionDenied(step.permissions[0])
    if held.row_version != row_version:
        raise Refused("entry.changed_since", {})
    if held.state not in step.sources:
        raise Refused("entry.wrong_state", {"state": f"entry.state_{held.state}"})
    reason = reason.strip()
    if step.reason and not reason:
        raise Refused("entry.reason_missing", {})
    before, held.state = held.state, step.target
    held.moved_by, held.moved_at = by, timezone.now()
    held.row_version += 1
    held.save()
    audit(
        f"admission.{verb}",
        by=by,
        unit=held.unit,
        object=held.plan_id,
        reason=reason,
        diff={"from": before, "to": held.state, **(diff or {})},
        file_sha256=file_sha256,
    )
    return held
