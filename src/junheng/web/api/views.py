"""The page where one makes and ends one's own tokens."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from junheng.model.errors import Refused
from junheng.web.api import actions, presenters, queries
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.wording import reason, say


@never_cache
@require_http_methods(["GET", "POST"])
@scoped("see")
def mine(request: HttpRequest, scope: Scope) -> HttpResponse:
    """One's tokens; a POST makes one and shows its key this once."""
    if request.method == "GET":
        return _page(request, scope)
    typed = presenters.Typed(*(request.POST.get(name, "") for name in ("grant", "name", "until")))
    number = int(typed.grant) if typed.grant.isdecimal() and len(typed.grant) < 18 else 0
    try:
        _, key = actions.create(
            by=request.user, grant=number, name=typed.name, valid_to=queries.day(typed.until) or date.min
        )
    except Refused as refused:
        fault = reason(refused.code, refused.parameters)
        return _page(request, scope, status=422, fault=fault, typed=typed)
    return _page(request, scope, key=key)


def _page(request: HttpRequest, scope: Scope, *, status: int = 200, **more: Any) -> HttpResponse:
    today = timezone.localdate()
    last = today + timedelta(days=settings.API_TOKEN_DAYS)
    page = presenters.tokens(scope, queries.mine(request.user), today, last, **more)
    return render(request, scope, page, "api/tokens.html", entry="reports", status=status)


@require_POST
@scoped("see")
def end(request: HttpRequest, scope: Scope, token: int) -> HttpResponse:
    """End one of one's own tokens."""
    held = queries.one(request.user, token)
    try:
        actions.end(token=held, by=request.user)
        messages.success(request, say("api.ended", name=held.name))
    except Refused as refused:
        messages.error(request, reason(refused.code, refused.parameters))
    return redirect(scope.url("tokens:mine"))
