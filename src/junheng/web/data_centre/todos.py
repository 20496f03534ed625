"""What waits in the data centre for whom, and the days that follow from collections."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q

from junheng.web.accounts.roles import COLLECT, FILL, IMPORT
from junheng.web.data_centre.models import Collection, Correction, Submission
from junheng.web.house.scope import Scope
from junheng.web.notices.todo import Occasion, Todo
from junheng.web.units import tree
from junheng.web.workspace import workspace

OPEN = (Submission.FILLING, Submission.RETURNED)
SHOWN = 20


def mine(scope: Scope, today: date) -> Iterable[Todo]:
    """To fill, to mend, to look through, late ones to chase, corrections to decide."""
    if scope.may(IMPORT) and not workspace().versions():
        href = scope.url("data:index")
        yield Todo("data_centre.todo_first_data", href, action="data_centre.todo_open")
    here = Q(unit__path__gte=scope.unit.path, unit__path__lt=tree.after(scope.unit.path))
    if scope.may(COLLECT):
        yield from _collecting(scope, here, today)
    elif scope.may(FILL):
        waiting = Submission.objects.for_user(scope.user, FILL).filter(here, state__in=OPEN)
        for one in waiting.filter(collection__opens__lte=today).select_related("collection", "unit")[:SHOWN]:
            code = "todo_mend" if one.state == Submission.RETURNED else "todo_fill"
            yield Todo(
                f"data_centre.{code}",
                scope.url("data:submission", submission=one.pk),
                due=one.collection.due,
                parameters={"name": one.collection.name, "unit": one.unit.name},
                unit=one.unit.name,
                action="data_centre.todo_open",
            )


def _collecting(scope: Scope, here: Q, today: date) -> Iterable[Todo]:
    parts = Submission.objects.for_user(scope.user, COLLECT).filter(here)
    of = parts.values("collection", "collection__name", "collection__due", "collection__year").annotate(
        submitted=Count("pk", filter=Q(state=Submission.SUBMITTED)),
        late=Count("pk", filter=Q(state__in=OPEN, collection__due__lt=today)),
    )
    for one in of.order_by("collection__due"):
        href = scope.url("data:collection", collection=one["collection"]).replace(
            f"/{scope.year}/", f"/{one['collection__year']}/", 1
        )
        for count, code, show in (
            (one["submitted"], "todo_look_through", "submitted"),
            (one["late"], "todo_late", "late"),
        ):
            if count:
                yield Todo(
                    f"data_centre.{code}",
                    f"{href.partition('?')[0]}?show={show}",
                    due=one["collection__due"],
                    parameters={"name": one["collection__name"], "count": count},
                    unit=scope.unit.name,
                    action="data_centre.todo_open",
                    count=count,
                )
    if scope.may(IMPORT):
        asked = Correction.objects.for_user(scope.user, IMPORT).filter(state=Correction.ASKED)
        for one in asked.exclude(asked_by=scope.user).select_related("submission__unit")[:SHOWN]:
            yield Todo(
                "data_centre.todo_correction",
                scope.url("data:correction", correction=one.pk),
                parameters={"unit": one.submission.unit.name},
                unit=one.submission.unit.name,
                action="data_centre.todo_open",
            )


def year(scope: Scope, today: date) -> Iterable[Occasion]:
    """Last days of the year's collections."""
    found: Any = Collection.objects.for_user(scope.user).filter(year=scope.year)
    for one in found:
        href = scope.url("data:collection", collection=one.pk)
        yield Occasion(one.due, "data_centre.occasion_due", {"name": one.name}, href)
