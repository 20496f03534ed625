"""Files as responses: named for people, kept by nobody on the way, opened without our page's rights."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from junheng.model.errors import JunhengError
from junheng.web.files.actions import Taken
from junheng.web.files.presenters import refused as refused_page
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope
from junheng.web.wording import reason

SANDBOX = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-popups"
)
"""A stored report carries its own style and type; this policy is the report's alone, and with `sandbox` it
has no origin, no script and no form, so nothing of ours is within its reach."""
TOO_MANY = "files.too_many_today"


def download(taken: Taken) -> HttpResponse:
    """The file to be saved."""
    response = HttpResponse(taken.content, content_type=taken.media)
    header = content_disposition_header(as_attachment=True, filename=taken.name)
    response.headers["Content-Disposition"] = header or "attachment"
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def opened(content: bytes) -> HttpResponse:
    """A report as a page of its own, under its own policy."""
    response = HttpResponse(content, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store, private"
    return response


def refused(request: HttpRequest, scope: Scope, error: JunhengError) -> HttpResponse:
    """Why there is no file: 429 over the day's limit, 409 otherwise."""
    page = refused_page(scope, reason(error.code, error.parameters))
    too_many = error.code == TOO_MANY
    answer = render(request, scope, page, "files/ask.html", entry="reports", status=429 if too_many else 409)
    if too_many:
        now = timezone.localtime()
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        answer.headers["Retry-After"] = str(max(1, int((midnight - now).total_seconds())))
    return answer
