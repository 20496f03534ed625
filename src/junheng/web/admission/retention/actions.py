"""Children's data of entries that are over: erased, with only sums left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone

from junheng.web.admission import plans, states
from junheng.web.admission.draws.models import LateChild
from junheng.web.admission.models import Child, ChildStep, Entry, Objection

ERASED: dict[str, Any] = {
    "name": "",
    "name_key": "",
    "row": {},
    "facts": {},
    "choices": {},
    "missing": [],
    "opinion": "",
}


def due(before: datetime) -> tuple[int, Callable[[], int]]:
    """Children of entries closed before that moment, or past the day of deletion their plan states."""
    children = Child.objects.filter(entry__in=_over(before)).exclude(**ERASED)

    def apply() -> int:
        entries = _over(before)
        count = children.count()
        ChildStep.objects.filter(child__entry__in=entries).update(text="")
        Objection.objects.filter(entry__in=entries).update(text="", from_whom="", answer="")
        Child.objects.filter(entry__in=entries).update(**ERASED)
        LateChild.objects.filter(entry__in=entries).update(name="", filled={}, identity="")
        return count

    return children.count(), apply


def _over(before: datetime) -> list[int]:
    today = timezone.localdate()
    found: list[int] = []
    for entry in Entry.objects.exclude(state__in=(states.DRAFT, *states.CASEWORK)):
        plan = plans.of(entry).plan
        last = plan.delete_after if plan is not None else None
        closed = entry.state == states.CLOSED and entry.moved_at is not None and entry.moved_at < before
        if closed or (last is not None and last < today):
            found.append(entry.pk)
    return found
