"""Telling people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from junheng.web.notices.models import Notice


def tell(*, to: Iterable[Any], code: str, link: str = "", **parameters: Any) -> None:
    """One notice to each person, within the caller's transaction."""
    now = timezone.now()
    Notice.objects.bulk_create(
        Notice(to=person, code=code, parameters=parameters, link=link, at=now) for person in to
    )


def mark_read(*, by: Any, notice: int | None = None) -> None:
    """Mark one of the person's notices, or all of them, as read."""
    unread = Notice.objects.filter(to=by, read_at__isnull=True)
    if notice is not None:
        unread = unread.filter(pk=notice)
    unread.update(read_at=timezone.now())
