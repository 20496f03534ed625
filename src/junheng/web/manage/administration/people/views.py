"""Views about people."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import is_reauthentication_required, suspend_request
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from junheng.model.errors import Refused
from junheng.web.accounts import actions
from junheng.web.accounts.models import User
from junheng.web.accounts.roles import PEOPLE
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.manage.administration.frame import paging
from junheng.web.manage.administration.people import presenters, queries
from junheng.web.manage.administration.people.forms import PersonForm, ReasonForm
from junheng.web.privacy.actions import TooMany, unmask_phone
from junheng.web.wording import reason, say

_SECONDS_A_DAY = 24 * 60 * 60


@require_GET
@scoped(PEOPLE)
def index(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The list, searched and filtered."""
    asked, state = request.GET.get("q", "").strip()[:60], request.GET.get("state", "")
    found = queries.listed(scope, asked, state)
    where = paging(request, found.count(), queries.PAGE)
    shown = queries.page(found, where.number)
    page = presenters.people(scope, shown, queries.counts(scope), where, sought=bool(asked or state))
    context: dict[str, Any] = {"asked": asked, "state": state, "states": queries.STATES}
    return render(request, scope, page, "manage/people.html", entry="manage", **context)


@require_GET
@scoped(PEOPLE)
def person(request: HttpRequest, scope: Scope, username: str) -> HttpResponse:
    """One person."""
    held = queries.known(queries.one(scope, username))
    page = presenters.person(scope, held, own=held.state.person.pk == scope.user.pk)
    return render(request, scope, page, "manage/person.html", entry="manage")


@never_cache
@require_http_methods(["GET", "POST"])
@scoped(PEOPLE)
def new(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Make an account; the temporary password is in the answer and nowhere else."""
    form = PersonForm(scope, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, password = actions.create_person(by=scope.user, **form.values)
            return _password(request, scope, made, password)
        except Refused as refused:
            form.add_error(_field(refused), reason(refused.code, refused.parameters))
    return _form(request, scope, form)


@require_http_methods(["GET", "POST"])
@scoped(PEOPLE)
def change(request: HttpRequest, scope: Scope, username: str) -> HttpResponse:
    """Change what is known of a person."""
    held = queries.known(queries.one(scope, username))
    form = PersonForm(scope, request.POST or None, held.state.person, held.identity)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_person(person=held.state.person, by=scope.user, **form.values)
            messages.success(request, say("admin.saved"))
            return _to(scope, username)
        except Refused as refused:
            form.add_error(_field(refused), reason(refused.code, refused.parameters))
    return _form(request, scope, form, held.state.person)


@never_cache
@require_http_methods(["GET", "POST"])
@scoped(PEOPLE)
def act(request: HttpRequest, scope: Scope, username: str, act: str) -> HttpResponse:
    """Confirm with a reason, then do it."""
    if act not in presenters.ACTS:
        raise Http404
    held = queries.one(scope, username)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _done(request, scope, held, act, form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, reason(refused.code, refused.parameters))
    page, status = presenters.act(scope, held, act), 422 if form.errors else 200
    context = {"form": form, "act": act, "back": scope.url("manage:person", username=username)}
    return render(request, scope, page, "manage/confirm.html", entry="manage", status=status, **context)


def _done(request: HttpRequest, scope: Scope, held: User, act: str, why: str) -> HttpResponse:
    asked: dict[str, Any] = {"person": held, "by": scope.user, "reason": why}
    if act == "password":
        return _password(request, scope, held, actions.set_password(**asked))
    if act == "resume":
        return _password(request, scope, *actions.resume_person(**asked))
    {"stop": actions.stop_person, "sessions": actions.end_sessions, "lock": actions.release_lock}[act](
        **asked
    )
    messages.success(request, say(f"admin.done_{act}", name=held.name))
    return _to(scope, held.username)


@never_cache
@require_http_methods(["GET", "POST"])
@scoped(PEOPLE)
def phone(request: HttpRequest, scope: Scope, username: str) -> HttpResponse:
    """Ask for a person's telephone number with a purpose, after proving oneself again."""
    held = queries.one(scope, username)
    if is_reauthentication_required(request, app="junheng"):
        return suspend_request(request, reverse("account_reauthenticate"))
    return _phone(request, scope, held)


def _phone(request: HttpRequest, scope: Scope, held: User) -> HttpResponse:
    form = ReasonForm(request.POST or None, label="admin.field_purpose")
    shown, limited = (
        _number(scope, held, form) if request.method == "POST" and form.is_valid() else ("", False)
    )
    back = scope.url("manage:person", username=held.username)
    context: dict[str, Any] = {"form": form, "shown": shown, "back": back}
    status = 429 if limited else 422 if form.errors else 200
    page = presenters.phone(scope, held)
    answer = render(request, scope, page, "manage/phone.html", entry="manage", status=status, **context)
    return _come_back_tomorrow(answer) if limited else answer


def _number(scope: Scope, held: User, form: ReasonForm) -> tuple[str, bool]:
    try:
        return unmask_phone(person=held, by=scope.user, purpose=form.cleaned_data["reason"]), False
    except Refused as refused:
        form.add_error(None, reason(refused.code, refused.parameters))
        return "", isinstance(refused, TooMany)


def _come_back_tomorrow(answer: HttpResponse) -> HttpResponse:
    answer.headers["Retry-After"] = str(_SECONDS_A_DAY)
    return answer


def _form(request: HttpRequest, scope: Scope, form: PersonForm, held: User | None = None) -> HttpResponse:
    page, status = presenters.form(scope, held), 422 if form.errors else 200
    back = scope.url("manage:person", username=held.username) if held else scope.url("manage:people")
    context = {"form": form, "offered": queries.units_offered(scope), "back": back}
    return render(request, scope, page, "manage/person_form.html", entry="manage", status=status, **context)


def _password(request: HttpRequest, scope: Scope, held: User, password: str) -> HttpResponse:
    page, back = presenters.password(scope, held), scope.url("manage:person", username=held.username)
    context: dict[str, Any] = {"password": password, "back": back, "username": held.username}
    return render(request, scope, page, "manage/person_password.html", entry="manage", **context)


def _field(refused: Refused) -> str | None:
    if refused.code in ("accounts.username_taken", "accounts.username_form"):
        return "username"
    return "identity" if refused.code == "accounts.identity_taken" else None


def _to(scope: Scope, username: str) -> HttpResponse:
    return HttpResponseRedirect(scope.url("manage:person", username=username), status=303)
