"""What one may do at the desk: say that warnings and messages have been read."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from junheng.model.errors import Refused
from junheng.web.desk.models import SeenRun
from junheng.web.house.scope import Scope
from junheng.web.notices.actions import mark_read
from junheng.web.runs import reading


@transaction.atomic
def see_warnings(*, scope: Scope, run_id: str) -> None:
    """Remember that the person has read the warnings of this run. Refused when it is not hers to see."""
    if not scope.may("see") or reading.visible(scope, run_id) is None:
        raise Refused("desk.run_unknown", {"run": run_id})
    SeenRun.objects.update_or_create(user=scope.user, defaults={"run_id": run_id, "at": timezone.now()})


@transaction.atomic
def read_messages(*, by: Any, notice: int | None) -> None:
    """Mark one message, or all of them, as read; those of others are not touched."""
    mark_read(by=by, notice=notice)
