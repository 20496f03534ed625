"""Views about grants."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods

from junheng.model.errors import Refused
from junheng.web.accounts import actions
from junheng.web.accounts.models import Grant
from junheng.web.accounts.roles import AUDIT, GRANTS, ROLES
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.manage.administration.frame import paging
from junheng.web.manage.administration.grants import presenters, queries
from junheng.web.manage.administration.grants.forms import GrantForm
from junheng.web.manage.administration.people.forms import ReasonForm
from junheng.web.wording import reason, say

_ACTS = {"confirm": actions.confirm_grant, "refuse": actions.refuse_grant, "end": actions.end_grant}


@require_GET
@scoped(GRANTS)
def index(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The list, searched and filtered."""
    asked = request.GET.get("q", "").strip()[:60]
    state, role = request.GET.get("state", ""), request.GET.get("role", "")
    found = queries.listed(scope, asked, state, role)
    where = paging(request, found.count(), queries.PAGE)
    shown, sought = queries.page(found, where.number), bool(asked or state or role)
    page = presenters.grants(scope, shown, queries.counts(scope), where, sought=sought)
    context: dict[str, Any] = {
        "asked": asked,
        "state": state,
        "states": queries.STATES,
        "role": role,
        "roles": list(ROLES),
    }
    return render(request, scope, page, "manage/grants.html", entry="manage", **context)


@require_http_methods(["GET", "POST"])
@scoped(GRANTS)
def new(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Grant a role; a sensitive one then waits for a second person."""
    form = GrantForm(scope, request.POST or None, request.GET.get("person", "")[:60])
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.propose_grant(by=scope.user, **form.cleaned_data)
            messages.success(request, say(f"admin.grant_{made.state}", name=made.user.name))
            return HttpResponseRedirect(scope.url("manage:grants"), status=303)
        except Refused as refused:
            form.add_error(_field(refused), reason(refused.code, refused.parameters))
    return _form(request, scope, form)


def _form(request: HttpRequest, scope: Scope, form: GrantForm) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "back": scope.url("manage:grants")}
    context |= {"people": queries.people_offered(scope), "offered": queries.units_offered(scope)}
    page, status = presenters.form(scope), 422 if form.errors else 200
    return render(request, scope, page, "manage/grant_form.html", entry="manage", status=status, **context)


@require_http_methods(["GET", "POST"])
@scoped(GRANTS)
def act(request: HttpRequest, scope: Scope, grant: int, act: str) -> HttpResponse:
    """Confirm, refuse or end a grant, with a reason."""
    if act not in presenters.ACTS:
        raise Http404
    held = queries.one(scope, grant)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = "refuse" if request.POST.get("decision") == "refuse" else act
        try:
            _ACTS[chosen](grant=held, by=scope.user, reason=form.cleaned_data["reason"])
            messages.success(request, say(f"admin.done_{chosen}", name=held.user.name))
            return HttpResponseRedirect(scope.url("manage:grants"), status=303)
        except Refused as refused:
            form.add_error(None, reason(refused.code, refused.parameters))
    return _confirm(request, scope, held, form, act)


def _confirm(request: HttpRequest, scope: Scope, held: Grant, form: ReasonForm, act: str) -> HttpResponse:
    page, status = presenters.act(scope, held, act), 422 if form.errors else 200
    context = {"form": form, "act": act, "back": scope.url("manage:grants"), "refusable": act == "confirm"}
    return render(request, scope, page, "manage/confirm.html", entry="manage", status=status, **context)


@require_GET
@scoped(GRANTS)
def of(request: HttpRequest, scope: Scope, username: str) -> HttpResponse:
    """A person with her grants."""
    page = presenters.holder(scope, queries.holder(scope, username))
    return render(request, scope, page, "manage/holder.html", entry="manage")


@require_http_methods(["GET", "POST"])
@scoped(GRANTS)
def factor(request: HttpRequest, scope: Scope, username: str) -> HttpResponse:
    """Take a lost second factor away."""
    held = queries.holder(scope, username)
    form = ReasonForm(request.POST or None)
    back = scope.url("manage:grants_of", username=username)
    if request.method == "POST" and form.is_valid():
        try:
            actions.reset_second_factor(person=held.person, by=scope.user, reason=form.cleaned_data["reason"])
            messages.success(request, say("admin.done_factor", name=held.person.name))
            return HttpResponseRedirect(back, status=303)
        except Refused as refused:
            form.add_error(None, reason(refused.code, refused.parameters))
    page, status = presenters.factor(scope, held), 422 if form.errors else 200
    context = {"form": form, "act": "factor", "back": back}
    return render(request, scope, page, "manage/confirm.html", entry="manage", status=status, **context)


@require_GET
@scoped(GRANTS)
def review(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Who may do what, for whoever grants."""
    return _review(request, scope, "review")


@require_GET
@scoped(AUDIT)
def review_for_audit(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The same for the auditor."""
    return _review(request, scope, "trail_review")


def _review(request: HttpRequest, scope: Scope, tab: str) -> HttpResponse:
    found = queries.reviewed(scope)
    where = paging(request, len(found), queries.PAGE)
    first = (where.number - 1) * queries.PAGE
    page = presenters.review(scope, found, found[first : first + queries.PAGE], where, tab)
    return render(request, scope, page, "manage/list.html", entry="manage")


def _field(refused: Refused) -> str | None:
    places = {
        "accounts.wrong_level": "unit",
        "accounts.wrong_period": "valid_to",
        "accounts.grant_to_self": "person",
        "accounts.three_administrators": "role",
    }
    return places.get(refused.code)
