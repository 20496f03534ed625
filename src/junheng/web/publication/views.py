"""Views of publication."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from junheng.model.errors import Refused
from junheng.web.accounts.roles import PUBLISH
from junheng.web.house.navigation import crumbs
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.publication import actions, presenters, queries
from junheng.web.wording import reason, say


@scoped(PUBLISH)
def index(request: HttpRequest, scope: Scope) -> HttpResponse:
    """What everyone sees, and the forms that change it."""
    return _page(request, scope)


def _page(request: HttpRequest, scope: Scope, fault: str = "", status: int = 200) -> HttpResponse:
    page = presenters.page(scope, queries.shown(scope), crumbs(scope, "publication:index"), fault)
    template = "publication/index.html"
    return render(request, scope, page, template, entry="publication", status=status)


def _done(request: HttpRequest, scope: Scope, act: Callable[[], object], sentence: str) -> HttpResponse:
    try:
        act()
    except Refused as error:
        return _page(request, scope, reason(error.code, error.parameters), 422)
    messages.success(request, sentence)
    return HttpResponseRedirect(scope.url("publication:index"), status=303)


@require_POST
@scoped(PUBLISH)
def publish(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Have an edition made and shown."""
    run_id, why = request.POST.get("run", ""), request.POST.get("reason", "")
    return _done(
        request,
        scope,
        lambda: actions.publish_bundle(run_id=run_id, by=scope.user, reason=why),
        say("publication.started"),
    )


@require_POST
@scoped(PUBLISH)
def show(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show an earlier edition."""
    name, why = request.POST.get("edition", ""), request.POST.get("reason", "")
    return _done(
        request,
        scope,
        lambda: actions.show_edition(name=name, by=scope.user, reason=why),
        say("publication.shown_again", name=name),
    )


@require_POST
@scoped(PUBLISH)
def withdraw(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Take the edition down."""
    why = request.POST.get("reason", "")
    return _done(
        request,
        scope,
        lambda: actions.withdraw(by=scope.user, reason=why),
        say("publication.taken_down"),
    )
