"""A person's tokens and the grants she could make one for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404

from junheng.web.accounts.roles import ROLES, SEE
from junheng.web.api.models import ApiToken


@dataclass(frozen=True, slots=True)
class Mine:
    """Tokens, newest first, and grants a program may use."""

    tokens: list[ApiToken]
    grants: list[Any]


def mine(user: Any) -> Mine:
    """All of a person's tokens."""
    tokens = list(ApiToken.objects.for_user(user).select_related("grant__unit"))
    grants = [
        g for g in user.current_grants() if SEE in ROLES[g.role].permissions and not ROLES[g.role].sensitive
    ]
    return Mine(tokens, grants)


def one(user: Any, token: int) -> ApiToken:
    """One of her own tokens; Http404 for another's."""
    found = ApiToken.objects.for_user(user).filter(pk=token).first()
    if found is None:
        raise Http404
    return found


def day(text: str) -> date | None:
    """A day as a form sends it; None when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
