"""Who asks: a signed-in person's browser, or a program with a token."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer, SessionAuth

from junheng.web.accounts.models import Grant
from junheng.web.api import actions
from junheng.web.api.models import ApiToken


class TokenAuth(HttpBearer):
    """`Authorization: Bearer jh_…`. A wrong, ended or overdue token is 401, whatever session comes along."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The token's owner, holding the token's grant and nothing else while this request lasts."""
        held = ApiToken.objects.filter(digest=actions.digest(token)).select_related("user").first()
        grant = None if held is None or not held.open else _grant(held)
        if held is None or grant is None or not held.user.is_active:
            raise AuthenticationError
        actions.touch(token=held)
        user = held.user
        user.hold_only([grant])
        request.user = user
        request.api_caller = f"token-{held.pk}"  # type: ignore[attr-defined]
        return user


def _grant(token: ApiToken) -> Grant | None:
    """The token's grant while it is in force."""
    day = timezone.localdate()
    return Grant.objects.in_force(day).filter(pk=token.grant_id).select_related("unit").first()


class DeskAuth(SessionAuth):
    """The session of the pages; islands ask with it."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The person signed in; None for nobody."""
        found = super().authenticate(request, key)
        if found is not None:
            request.api_caller = f"person-{found.pk}"  # type: ignore[attr-defined]
        return found
