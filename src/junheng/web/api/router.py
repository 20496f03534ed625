"""The whole of the API, and where it lies."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import re_path
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from junheng.web.api import outlook, own, problems, runs, tables, units
from junheng.web.api.authentication import DeskAuth, TokenAuth
from junheng.web.api.throttling import PerCaller


class _Json(JSONRenderer):
    """Chinese as it stands: half the size, and readable where it is looked at raw."""

    json_dumps_params: ClassVar[dict[str, Any]] = {"ensure_ascii": False}


class _Api(NinjaAPI):
    """Nothing on the way keeps what it answers: rows are the caller's alone."""

    def create_response(self, *args: Any, **rest: Any) -> HttpResponse:
        response = super().create_response(*args, **rest)
        response.headers["Cache-Control"] = "no-store, private"
        return response


api = _Api(
    title="Junheng",
    version="1",
    description="The pages' rows for programs of the region's analysts: read only, by the caller's rights.",
    openapi_url=None,  # the schema is a file, docs/reference/openapi.json
    docs_url=None,  # its page would call servers elsewhere
    urls_namespace="api",
    auth=[TokenAuth(), DeskAuth()],
    throttle=PerCaller(settings.API_RATE),
    renderer=_Json(),
)
problems.handle(api)
api.add_router("", own.router)
api.add_router("/units", units.router)
api.add_router("/tables", tables.router)
api.add_router("/runs", runs.router)
api.add_router("", outlook.router)


@login_not_required
def nothing_here(request: HttpRequest, rest: str) -> JsonResponse:
    """404 for addresses the API does not have, in its own form."""
    return JsonResponse(problems.problem(404, "api.not_found"), status=404)


def _open(patterns: list[Any]) -> list[Any]:
    """The API answers strangers itself, by 401; the login page is for people. It has no front page."""
    kept = [pattern for pattern in patterns if pattern.name != "api-root"]
    for pattern in kept:
        pattern.callback = login_not_required(pattern.callback)
    return kept


urls: Any = ([*_open(api.urls[0]), re_path(r"^(?P<rest>.*)$", nothing_here, name="nothing")], "api", "api")
