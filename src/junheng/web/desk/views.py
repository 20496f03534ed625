"""Views of the desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from junheng.model.errors import Refused
from junheng.web.accounts.roles import ANY
from junheng.web.desk import actions, presenters, queries
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Crumb
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.wording import say


@scoped(ANY)
def home(request: HttpRequest, scope: Scope) -> HttpResponse:
    """What waits for me today; `?show=done` what was done lately."""
    held = queries.desk(scope)
    page = presenters.home(held, crumbs(scope, "desk:home"), request.GET.get("show") == "done")
    return render(request, scope, page, "desk/home.html", entry="desk")


@scoped(ANY)
def message_list(request: HttpRequest, scope: Scope) -> HttpResponse:
    """My messages."""
    path = crumbs(scope, "desk:home", Crumb(say("desk.messages_title")))
    page = presenters.messages(scope, queries.messages(scope), queries.waiting(scope), path)
    return render(request, scope, page, "desk/messages.html", entry="desk")


@require_POST
@scoped(ANY)
def read(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Mark one message or all as read."""
    number = request.POST.get("notice", "")
    if number and not (number.isdecimal() and len(number) < 12):
        raise Http404
    actions.read_messages(by=scope.user, notice=int(number) if number else None)
    return HttpResponseRedirect(scope.url("desk:messages"), status=303)


@require_POST
@scoped("see")
def seen(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Say that the warnings of the run shown have been read."""
    try:
        actions.see_warnings(scope=scope, run_id=request.POST.get("run", ""))
    except Refused as error:
        raise Http404 from error
    messages.success(request, say("desk.warnings_seen_done"))
    return HttpResponseRedirect(scope.url("desk:home"), status=303)
