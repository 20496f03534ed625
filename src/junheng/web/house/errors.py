"""Pages for what went wrong: what, where, and what to do. Never a traceback."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from junheng.model.errors import JunhengError, VerificationFailed, WorkspaceError
from junheng.web.wording import reason, say


def _page(request: HttpRequest, status: int, code: str, **parameters: Any) -> HttpResponse:
    context = {
        "status": status,
        "title": say(f"house.error_{code}_title"),
        "text": say(f"house.error_{code}_text", **parameters),
        "request_id": request.META.get("REQUEST_ID", ""),
    }
    template = "house/error_fragment.html" if request.headers.get("HX-Request") else "house/error.html"
    return render(request, template, context, status=status)


def refused(request: HttpRequest, error: JunhengError) -> HttpResponse:
    """What a room refuses and no view has taken up, in the room's own sentence: 409, or 503 where the
    workspace itself is damaged or cannot be read."""
    status = 503 if isinstance(error, WorkspaceError) else 409
    code = "damaged" if isinstance(error, WorkspaceError | VerificationFailed) else "refused"
    return _page(request, status, code, sentence=reason(error.code, error.parameters))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return _page(request, 400, "bad_request")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the unit is visible, the permission is missing."""
    permission = str(exception) if exception.args else ""
    named = say(f"accounts.permission_{permission}") if permission else say("house.this_action")
    return _page(request, 403, "forbidden", permission=named)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, also for units outside the person's reach."""
    return _page(request, 404, "not_found")


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours, with the number by which it is found in the log."""
    return _page(request, 500, "server_error")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was not sent from our own page, or the session has changed since."""
    return _page(request, 403, "csrf")
