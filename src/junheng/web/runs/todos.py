"""Runs that wait for a second pair of eyes, for the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from junheng.web.notices.todo import Occasion, Todo
from junheng.web.runs.models import RunRecord
from junheng.web.runs.queries import ANNUAL, listed
from junheng.web.runs.reading import sees_whole_region

KEPT = timedelta(days=30)


def mine(scope: Any, today: date) -> Iterator[Todo]:
    """Drafts to review, reviewed runs to publish by somebody else, and what this person did lately."""
    if not (sees_whole_region(scope) and (scope.may("forecast") or scope.may("publish"))):
        return
    for record in listed(scope, verb=ANNUAL)[:20]:
        place = scope.url("manage:run", run_id=record.run_id)
        named = {"run": record.run_id, "year": record.origin_year}
        if record.state == RunRecord.DRAFT and scope.may("forecast"):
            yield Todo("runs.todo_review", place, parameters=named, action="runs.review")
        elif record.state == RunRecord.REVIEWED and scope.may("publish"):
            if record.reviewed_by_id != scope.user.pk:
                yield Todo("runs.todo_publish", place, parameters=named, action="runs.publish")
        elif record.state == RunRecord.PUBLISHED and record.published_by_id == scope.user.pk:
            at = timezone.localdate(record.published_at)
            if today - at <= KEPT:
                yield Todo("runs.todo_publish", place, parameters=named, state="done", at=at)


def year(scope: Any, today: date) -> Iterator[Occasion]:
    """Days on which annual runs were published."""
    for record in listed(scope, verb=ANNUAL).exclude(published_at=None)[:20]:
        yield Occasion(
            timezone.localdate(record.published_at),
            "runs.occasion_published",
            {"run": record.run_id},
            scope.url("manage:run", run_id=record.run_id),
        )
