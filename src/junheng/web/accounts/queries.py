"""What a person's own pages show."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession

from junheng.web.accounts.browsers import browser


def own_sessions(person: Any) -> list[tuple[UserSession, str]]:
    """Where the person is signed in, the newest first, each with its browser; sessions that are gone leave
    the list for good."""
    found = UserSession.objects.purge_and_list(person)
    found.sort(key=lambda one: one.created_at, reverse=True)
    return [(one, browser(one.user_agent)) for one in found]
