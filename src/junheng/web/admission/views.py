"""Views of the entries: the list, one entry with its steps, where a new one begins."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng.model.errors import Refused
from junheng.web.admission import plan_queries, queries
from junheng.web.admission.actions import opening, publicity, registration
from junheng.web.admission.presenters import entry as entry_page
from junheng.web.admission.presenters import index as index_page
from junheng.web.admission.presenters import plan as plan_page
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.wording import reason, say

ENTRY, TEMPLATE = "admission", "admission/page.html"


@require_GET
@scoped("see")
def index(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Every entry of the region."""
    page = index_page.page(queries.listed(scope))
    return render(request, scope, page, "admission/index.html", entry=ENTRY)


@require_http_methods(["GET", "POST"])
@scoped("admit")
def begin(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Begin an entry from a plan."""
    begun, fault = plan_queries.begun(scope, request.GET.get("from", "")), ""
    typed = {name: request.POST.get(name, "") for name in ("source", "plan_id", "title", "entry_year")}
    if request.method == "POST":
        try:
            made = opening.begin(by=scope.user, adopting=begun.adopting, **typed)
            return back(request, scope, "admission:edit", made.plan_id, "entry.said_begun")
        except Refused as error:
            fault = reason(error.code, error.parameters)
    page = plan_page.begin(begun, typed, fault)
    status = 422 if fault else 200
    return render(request, scope, page, "admission/begin.html", entry=ENTRY, status=status)


@require_GET
@scoped("see")
def entry(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """One entry: where it stands."""
    page = entry_page.page(queries.desk(scope, plan_id))
    return render(request, scope, page, "admission/entry.html", entry=ENTRY)


@require_POST
@scoped("admit")
def take_in(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """Have the tables taken in; from a draft this opens registration."""
    held = queries.own_entry(scope, plan_id)
    try:
        registration.ask_to_take_in(entry=held, by=scope.user, row_version=version(request))
    except Refused as error:
        return refused(request, scope, plan_id, error)
    return back(request, scope, "admission:entry", plan_id, "entry.said_taking_in")


@require_POST
@scoped("admit")
def publicise(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """Begin publicity with its days."""
    held, sent = queries.own_entry(scope, plan_id), request.POST
    days = {name: sent.get(name, "") for name in ("publicity_from", "publicity_to")}
    try:
        publicity.publicise(entry=held, by=scope.user, row_version=version(request), **days)
    except Refused as error:
        return refused(request, scope, plan_id, error, days)
    return back(request, scope, "admission:entry", plan_id, "entry.said_publicised")


@require_POST
@scoped("admit")
def resume(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """Back to registration."""
    held, why = queries.own_entry(scope, plan_id), request.POST.get("reason", "")
    try:
        publicity.resume(entry=held, by=scope.user, row_version=version(request), reason=why)
    except Refused as error:
        return refused(request, scope, plan_id, error, {"reason": why})
    return back(request, scope, "admission:entry", plan_id, "entry.said_resumed")


def version(request: HttpRequest) -> int:
    """Which version of a row the page was made from."""
    text = request.POST.get("row_version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def refused(
    request: HttpRequest, scope: Scope, plan_id: str, error: Refused, typed: dict[str, str] | None = None
) -> HttpResponse:
    """The entry's page with why a step was not taken."""
    desk = queries.desk(scope, plan_id)
    page = entry_page.page(desk, reason(error.code, error.parameters), typed)
    return render(request, scope, page, "admission/entry.html", entry=ENTRY, status=422)


def back(
    request: HttpRequest, scope: Scope, view: str, plan_id: str, code: str, query: str = "", **parts: object
) -> HttpResponse:
    """To a page of the entry, with a sentence of what was done."""
    messages.success(request, say(code))
    return to(scope.url(view, plan_id=plan_id, query=query or None, **parts))


def to(address: str) -> HttpResponse:
    """See another page (303)."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
