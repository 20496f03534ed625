"""Views of the audit trail."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng.report import format as fmt
from junheng.web.accounts.roles import AUDIT
from junheng.web.audit.checking import last_check
from junheng.web.audit.export import file_name
from junheng.web.audit.verbs import named
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.manage.administration.frame import paging
from junheng.web.manage.administration.people.forms import ReasonForm
from junheng.web.manage.administration.trail import actions, presenters, queries
from junheng.web.wording import say


@require_GET
@scoped(AUDIT)
def index(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Events, filtered, with the state of the chain."""
    wanted = queries.asked(request)
    found = queries.events(scope, wanted)
    where = paging(request, found.count(), queries.PAGE)
    shown = queries.page(found, where.number)
    page = presenters.trail(
        scope, shown, queries.units_of(shown), queries.head(), last_check(), where, sought=wanted.anything
    )
    context: dict[str, Any] = {"asked": wanted, "verbs": [(verb, named(verb)) for verb in queries.verbs()]}
    return render(request, scope, page, "manage/trail.html", entry="manage", **context)


@require_POST
@scoped(AUDIT)
def verify(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Read the whole chain now."""
    verdict = actions.verify(scope=scope)
    if verdict.holds:
        messages.success(request, say("audit.sound", events=fmt.count(verdict.events)))
    else:
        cause = say(f"audit.cause_{verdict.cause}", seq=fmt.count(verdict.broken_at))
        messages.error(request, say("audit.broken", cause=cause))
    return HttpResponseRedirect(scope.url("manage:trail"), status=303)


@never_cache
@require_http_methods(["GET", "POST"])
@scoped(AUDIT)
def export(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    """Take the events asked for out as JSON lines, with a purpose."""
    wanted = queries.asked(request)
    found = queries.events(scope, wanted)
    form = ReasonForm(request.POST or None, label="admin.field_purpose")
    if request.method == "POST" and form.is_valid():
        stream = actions.export(scope=scope, events=found, purpose=form.cleaned_data["reason"])
        answer = StreamingHttpResponse(stream, content_type="application/x-ndjson")
        answer.headers["Content-Disposition"] = f'attachment; filename="{file_name()}"'
        return answer
    page, status = presenters.export(scope, found.count()), 422 if form.errors else 200
    context = {"form": form, "act": "export", "back": scope.url("manage:trail")}
    return render(request, scope, page, "manage/confirm.html", entry="manage", status=status, **context)
