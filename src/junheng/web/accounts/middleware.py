"""How long a session lives, and what must be done before anything else: an own password, a second factor."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from junheng.web.wording import say

Next = Callable[[HttpRequest], HttpResponse]
_BEGAN, _SEEN = "began", "seen"
_TOUCH_SECONDS = 60
_FACTORS = [Authenticator.Type.TOTP]
_ALWAYS = {
    "account_logout",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "set_language",
    "healthz",
    "readyz",
}


def begin(request: HttpRequest) -> None:
    """A session begins with signing in."""
    request.session[_BEGAN] = request.session[_SEEN] = time.time()


class SessionRules:
    """End sessions idle too long or too old; remember the last use at most once a minute. What a signed-in
    person gets is kept neither on the way nor in a browser that others use after her."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = time.time()
            began = request.session.setdefault(_BEGAN, now)
            seen = request.session.get(_SEEN, now)
            if now - began > settings.SESSION_ABSOLUTE_SECONDS or now - seen > settings.SESSION_IDLE_SECONDS:
                logout(request)
                messages.info(request, say("accounts.session_over"))
            elif now - request.session.get(_SEEN, 0) > _TOUCH_SECONDS:
                request.session[_SEEN] = now
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


class _First:
    """Something that comes before any page: a person who has not done it is led there."""

    code: ClassVar[str]
    allowed: ClassVar[set[str]] = set()

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def missing(self, request: HttpRequest) -> bool:
        """Whether this person still has to do it."""
        raise NotImplementedError

    def place(self, request: HttpRequest) -> str:
        """Name of the page where it is done."""
        raise NotImplementedError

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Lead her there: a page by redirect, a fragment by the whole page, the API by 403."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not request.user.is_authenticated or name in _ALWAYS | self.allowed or not self.missing(request):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"code": self.code, "detail": say(self.code)}, status=403)
        place = reverse(self.place(request))
        if request.headers.get("HX-Request"):
            away = HttpResponse(status=204)
            away.headers["HX-Redirect"] = place
            return away
        return redirect(f"{place}?{urlencode({'next': request.get_full_path()})}")


class OwnPassword(_First):
    """A temporary password opens nothing but the page where it is replaced."""

    code = "accounts.own_password_first"
    allowed: ClassVar[set[str]] = {"account_change_password"}

    def missing(self, request: HttpRequest) -> bool:
        """While the password is a temporary one."""
        user: Any = request.user
        return user.must_change_password

    def place(self, request: HttpRequest) -> str:
        """The page for a new password."""
        return "account_change_password"


class SecondFactor(_First):
    """Sensitive roles work only with a second factor, set up and used in this session.

    In the demonstration, which listens on one's own machine only, it is offered and not demanded; nothing in
    the settings of a real installation can say so.
    """

    code = "accounts.second_factor_first"
    allowed: ClassVar[set[str]] = {
        "account_change_password",
        "mfa_activate_totp",
        "mfa_view_recovery_codes",
    }

    def missing(self, request: HttpRequest) -> bool:
        """While a sensitive role is held and this session has not shown a second factor."""
        user: Any = request.user
        return not settings.DEMO and user.needs_second_factor and not shown(request)

    def place(self, request: HttpRequest) -> str:
        """Where a factor is set up, or shown once more when it was set up in another session."""
        user: Any = request.user
        return "mfa_reauthenticate" if is_mfa_enabled(user, _FACTORS) else "mfa_activate_totp"


def shown(request: HttpRequest) -> bool:
    """Whether this session proved itself by a second factor that still exists."""
    user: Any = request.user
    records = get_authentication_records(request, user)
    used = any(record.get("method") == "mfa" for record in records)
    return used and is_mfa_enabled(user, _FACTORS)
