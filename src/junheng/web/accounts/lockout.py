"""Too many wrong passwords: whom they count for, and the answer."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from junheng.web.wording import say


def address(request: HttpRequest) -> str | None:
    """Where a request comes from: what the outermost of our own proxies saw, never what the client wrote
    before it. Without proxies, who is connected."""
    named = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    connected = request.META.get("REMOTE_ADDR") or None
    if not 0 < settings.PROXIES <= len(named):
        return connected
    try:
        return str(ip_address(named[-settings.PROXIES].strip()))
    except ValueError:
        return connected


def username(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The account name tries are counted for, without regard to case, width or spaces."""
    given = request.POST.get("login") if credentials is None else credentials.get("username")
    return normal(str(given or ""))


def normal(name: str) -> str:
    """An account name as it is counted."""
    return unicodedata.normalize("NFKC", name).strip().casefold()[:60]


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """403: too many wrong passwords for this account from this address."""
    context = {
        "status": 403,
        "title": say("accounts.locked_title"),
        "text": say("accounts.locked_text"),
        "request_id": request.META.get("REQUEST_ID", ""),
    }
    return render(request, "house/error.html", context, status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """429: too many requests of a kind from this address; says when to come back."""
    context = {
        "status": 429,
        "title": say("accounts.too_many_title"),
        "text": say("accounts.too_many_text"),
        "request_id": request.META.get("REQUEST_ID", ""),
    }
    answer = render(request, "house/error.html", context, status=429)
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


RETRY_SECONDS = 60
