"""Views of the unit tree."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods

from junheng.web.accounts.roles import PEOPLE
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.manage.administration.frame import paging
from junheng.web.manage.administration.tree import presenters, queries
from junheng.web.manage.administration.tree.forms import NameForm
from junheng.web.units.actions import name_above
from junheng.web.wording import say


@require_GET
@scoped(PEOPLE)
def index(request: HttpRequest, scope: Scope) -> HttpResponse:
    """A unit, what is above and what below."""
    asked = request.GET.get("q", "").strip()[:60]
    found = queries.below(scope, asked)
    where = paging(request, len(found), queries.PAGE)
    held = queries.around(scope, found, where.number)
    page = presenters.tree(scope, held, where, sought=bool(asked))
    return render(request, scope, page, "manage/tree.html", entry="manage", asked=asked)


@require_http_methods(["GET", "POST"])
@scoped(PEOPLE)
def name(request: HttpRequest, scope: Scope, code: str) -> HttpResponse:
    """Name a unit above the region."""
    unit = queries.named(scope, code)
    form = NameForm(unit, request.POST or None)
    if request.method == "POST" and form.is_valid():
        name_above(unit=unit, by=scope.user, **form.cleaned_data)
        messages.success(request, say("admin.saved"))
        return HttpResponseRedirect(scope.url("manage:tree"), status=303)
    page, status = presenters.name(scope, unit), 422 if form.errors else 200
    context = {"form": form, "back": scope.url("manage:tree")}
    return render(request, scope, page, "manage/form.html", entry="manage", status=status, **context)
