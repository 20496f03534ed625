"""How many messages wait, for the header."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from junheng.web.notices.models import Notice


def notices(request: HttpRequest) -> dict[str, Any]:
    """Unread messages of whoever is signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"unread": unread(user)}


def unread(user: Any) -> int:
    """How many messages wait for a person; counted once for each person object, which lives as long as a
    request."""
    held = user.__dict__
    if "_unread" not in held:
        held["_unread"] = Notice.objects.filter(to=user, read_at__isnull=True).count()
    return held["_unread"]
