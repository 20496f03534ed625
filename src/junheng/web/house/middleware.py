"""One line in the log for each request, and fragments that meet the login page."""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import translation

from junheng.model.errors import JunhengError
from junheng.web.house.errors import refused
from junheng.web.serving import Serving, serve

Next = Callable[[HttpRequest], HttpResponse]
_log = logging.getLogger("junheng.requests")


class _Count:
    """Counts the statements of a request."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Callable[..., object], *args: object) -> object:
        self.number += 1
        return execute(*args)


class RequestLog:
    """A JSON line a request: no bodies, no query values, no names. Gives each request its id."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        request_id = uuid.uuid4().hex
        request.META["REQUEST_ID"] = request_id
        serve(Serving(request_id, get_client_ip_address(request) or ""))
        count = _Count()
        with connection.execute_wrapper(count):
            response = self.get_response(request)
        match = request.resolver_match
        user = getattr(request, "user", None)
        line = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "request": request_id,
            "user": user.pk if user is not None and user.is_authenticated else None,
            "unit": match.kwargs.get("unit") if match else None,
            "route": match.view_name if match else None,
            "method": request.method,
            "status": response.status_code,
            "ms": round((time.perf_counter() - began) * 1000, 1),
            "queries": count.number,
        }
        _log.info(json.dumps(line, ensure_ascii=False))
        response.headers["X-Request-Id"] = request_id
        return response


class ChosenLanguage:
    """Chinese unless the reader has chosen otherwise, whatever the browser prefers."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in dict(settings.LANGUAGES):
            chosen = settings.LANGUAGE_CODE
        with translation.override(chosen):
            response = self.get_response(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response.render()  # type: ignore[attr-defined]
        response.headers.setdefault("Content-Language", chosen)
        return response


class Refusals:
    """A refusal of a room that no view has taken up is a page with its sentence, never a fault of ours."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for a refusal; None for everything else."""
        return refused(request, exception) if isinstance(exception, JunhengError) else None


class NoNul:
    """400 for text with a NUL in it, which no person types and PostgreSQL does not take."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Look at the address and what was sent; the API has its own form for what it refuses."""
        if request.path.startswith("/api/"):
            return
        sent = (value for held in (request.GET, request.POST) for pair in held.lists() for value in pair[1])
        if "\0" in request.path or any("\0" in value for value in sent):
            raise SuspiciousOperation


class HtmxRedirects:
    """A fragment asked for without a session must not receive the login page: the whole page goes there."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        login = resolve_url(settings.LOGIN_URL)
        target = response.headers.get("Location", "")
        if (
            request.headers.get("HX-Request")
            and response.status_code == 302
            and urlsplit(target).path == login
        ):
            here = urlsplit(request.headers.get("HX-Current-URL", "/"))
            then = f"{here.path}?{here.query}" if here.query else here.path
            away = HttpResponse(status=204)
            away.headers["HX-Redirect"] = f"{login}?{urlencode({'next': then})}"
            return away
        return response
