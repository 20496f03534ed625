"""What the three administrators find on the landing page and on their desks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from junheng.web.accounts.models import Grant
from junheng.web.accounts.roles import AUDIT, GRANTS, PEOPLE
from junheng.web.house.scope import Scope
from junheng.web.manage.administration.grants import queries as grants
from junheng.web.manage.administration.people import queries as people
from junheng.web.manage.administration.trail import queries as trail
from junheng.web.manage.presenters.landing import Entry
from junheng.web.notices.todo import Todo
from junheng.web.units.models import Unit


def administration_duties(scope: Scope) -> list[tuple[str, list[Entry]]]:
    """Parts of the landing page by permission, with counts."""
    parts: list[tuple[str, list[Entry]]] = []
    if scope.may(PEOPLE):
        count = people.listed(scope, "", "").count()
        locked = people.listed(scope, "", "locked").count()
        units = Unit.objects.within([scope.unit.path]).filter(valid_to__isnull=True).count()
        parts.append(
            ("people", [Entry("people", "manage:people", count, locked), Entry("tree", "manage:tree", units)])
        )
    if scope.may(GRANTS):
        current = grants.listed(scope, state="current").count()
        flagged = sum(bool(one.flags) for one in grants.reviewed(scope))
        entries = [Entry("grants", "manage:grants", current, grants.waiting(scope.user))]
        parts.append(("grants", [*entries, Entry("review", "manage:grants_review", flagged)]))
    if scope.may(AUDIT):
        head = trail.head()
        entries = [
            Entry("audit", "manage:trail", head.seq if head else 0),
            Entry("review", "manage:trail_review"),
        ]
        parts.append(("audit", entries))
    return parts


def todos(scope: Scope, today: date) -> Iterable[Todo]:
    """Proposals of sensitive roles that wait for this person's word."""
    if not scope.may(GRANTS):
        return []
    mine = Q(granted_by=scope.user) | Q(user=scope.user)
    waiting = grants.listed(scope, state="proposed").exclude(mine).count()
    if not waiting:
        return []
    href = f"{scope.url('manage:grants')}?state={Grant.PROPOSED}"
    return [Todo("admin.todo_confirm", href, parameters={"count": waiting}, count=waiting)]
