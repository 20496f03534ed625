"""What waits in admission: children to check at the school and at the bureau, objections, an open freeze."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count

from junheng.web.accounts.roles import ADMIT, REGISTER, SEE
from junheng.web.admission import queries, states
from junheng.web.admission.models import Child, Entry, Objection
from junheng.web.house.scope import Scope
from junheng.web.notices.todo import Occasion, Todo


def mine(scope: Scope, today: date) -> Iterator[Todo]:
    """Three kinds at most an entry, each with its count."""
    if not scope.may(REGISTER):
        return
    open_ones = [one for one in _entries(scope) if one.state in states.CASEWORK]
    if not open_ones:
        return
    counts = queries.children_by_state(scope, open_ones)
    runs = {one.pk for one in open_ones if scope.user.may(ADMIT, one.unit)}
    objections = dict(
        Objection.objects.filter(entry__in=runs, state=Objection.OPEN)
        .order_by()
        .values_list("entry")
        .annotate(n=Count("pk"))
    )
    for one in open_ones:
        held = counts.get(one.pk, {})
        at_school = held.get(Child.REGISTERED, 0) + held.get(Child.PAPERS_MISSING, 0)
        waiting = held.get(Child.SCHOOL_CHECKED, 0)
        if one.pk in runs and waiting:
            yield _todo(scope, one, "entry.todo_bureau", waiting, "state=school_checked")
        elif one.pk not in runs and at_school:
            yield _todo(scope, one, "entry.todo_school", at_school, "state=at_school")
        if found := objections.get(one.pk, 0):
            href = scope.url("admission:objections", plan_id=one.plan_id)
            about = {"title": one.title, "count": found}
            yield Todo("entry.todo_objections", href, one.publicity_to, about, count=found)


def _entries(scope: Scope) -> list[Entry]:
    """Entries of the scope, looked up once for each person object, which lives as long as a request: the desk
    asks for what waits and for what happens when."""
    kept: dict[str, Any] = vars(scope.user)
    key = f"_admission_entries_{scope.unit.pk}"
    if key not in kept:
        kept[key] = queries.entries(scope)
    return kept[key]


def _todo(scope: Scope, one: Entry, code: str, count: int, query: str) -> Todo:
    href = scope.url("admission:children", query=query, plan_id=one.plan_id)
    return Todo(code, href, parameters={"title": one.title, "count": count}, count=count)


def year(scope: Scope, today: date) -> Iterator[Occasion]:
    """When publicity begins and ends."""
    if not scope.may(SEE):
        return
    for one in _entries(scope):
        href = scope.url("admission:entry", plan_id=one.plan_id)
        for code, day in (("from", one.publicity_from), ("to", one.publicity_to)):
            if day is not None:
                yield Occasion(day, f"entry.occasion_publicity_{code}", {"title": one.title}, href)
