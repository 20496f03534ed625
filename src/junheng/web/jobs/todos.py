"""What jobs leave to do: those that nobody finished."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils import timezone

from junheng.web.house.scope import Scope
from junheng.web.jobs import queries, registry
from junheng.web.notices.todo import Todo

REMEMBERED = timedelta(days=14)


def mine(scope: Scope, today: date) -> Iterable[Todo]:
    """The person's lost jobs of the last two weeks."""
    for job in queries.lost(scope.user):
        if today - timezone.localtime(job.created_at).date() <= REMEMBERED:
            title = registry.verb(job.verb).title_code
            yield Todo("jobs.todo_lost", scope.url("jobs:one", job=job.pk), parameters={"title": title})
