"""The answer to a locked account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from junheng.web.wording import say


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """403: too many wrong passwords for this account from this address."""
    context = {
        "status": 403,
        "title": say("accounts.locked_title"),
        "text": say("accounts.locked_text"),
        "request_id": request.META.get("REQUEST_ID", ""),
    }
    return render(request, "house/error.html", context, status=403)
