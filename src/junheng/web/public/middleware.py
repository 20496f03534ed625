"""What every answer of the public site carries."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from junheng.web.public.views import POLICY

Next = Callable[[HttpRequest], HttpResponse]


class StrictHeaders:
    """A policy that lets a page load its own style and type and nothing else, unless the page has one of its
    own; no cookie is ever set."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Permissions-Policy"] = "interest-cohort=()"
        return response
