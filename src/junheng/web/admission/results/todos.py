"""Placements by hand that wait for the second of two people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count

from junheng.web.accounts.roles import ADMIT
from junheng.web.admission.draws.models import LateChild
from junheng.web.admission.models import Override
from junheng.web.notices.todo import Todo


def mine(scope: Any, today: date) -> Iterable[Todo]:
    """For who runs admission: those others proposed, one line an entry."""
    if not scope.may(ADMIT):
        return
    waiting = Override.objects.filter(approved_by__isnull=True, entry__unit__path__startswith=scope.unit.path)
    yield from _late(scope)
    rows = waiting.exclude(by=scope.user).values("entry__plan_id", "entry__title").annotate(n=Count("pk"))
    for one in rows.order_by("entry__plan_id"):
        yield Todo(
            "results.todo_override",
            scope.url("admission:overrides", plan_id=one["entry__plan_id"]),
            parameters={"title": one["entry__title"], "count": one["n"]},
            unit=scope.unit.name,
            action="results.todo_open",
            count=one["n"],
        )


def _late(scope: Any) -> Iterable[Todo]:
    waiting = LateChild.objects.filter(state=LateChild.OPEN, entry__unit__path__startswith=scope.unit.path)
    rows = waiting.exclude(by=scope.user).values("entry__plan_id", "entry__title").annotate(n=Count("pk"))
    for one in rows.order_by("entry__plan_id"):
        yield Todo(
            "results.todo_late",
            scope.url("admission:late", plan_id=one["entry__plan_id"]),
            parameters={"title": one["entry__title"], "count": one["n"]},
            unit=scope.unit.name,
            action="results.todo_open",
            count=one["n"],
        )
