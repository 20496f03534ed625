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
    return {"unread": Notice.objects.filter(to=user, read_at__isnull=True).count()}
