"""Views of evidence: the list, one item with its forms, reviewing, the file, taking it into the data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng.model.errors import Refused
from junheng.web.balance.evidence import actions, queries
from junheng.web.balance.evidence.shelf import EVIDENCE
from junheng.web.balance.evidence.taking import taking
from junheng.web.balance.presenters import evidence_item, evidence_list, evidence_take
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.house.shelf import MISSING
from junheng.web.jobs.presenters import job_views
from junheng.web.wording import reason, say

ENTRY = "balance"


@require_GET
@scoped("see")
def evidence(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Everything asked to be shown by documents."""
    held, state = queries.known(request, scope), request.GET.get("state", "")
    if held is None:
        return render(request, scope, evidence_list.empty(scope), entry=ENTRY)
    differs = taking() if scope.may("import") and queries.whole(scope) else None
    page = evidence_list.page(held, state, differs, job_views(queries.underway(scope), scope))
    filters = evidence_list.filters(held, state)
    return render(request, scope, page, "balance/evidence.html", entry=ENTRY, filters=filters)


@require_http_methods(["GET", "POST"])
@scoped("see")
def item(request: HttpRequest, scope: Scope, item: str) -> HttpResponse:
    """One thing asked of one unit; bring a document for it."""
    held = _known(request, scope)
    demand, fault, sent = queries.demand(held, item), "", request.POST.dict()
    if request.method == "POST":
        try:
            unit, file = queries.required(held), request.FILES.get("file")
            about = (unit, held.assessment.id, demand, held.year)
            claim, note = sent.get("claim", ""), sent.get("note", "")
            actions.provide(about=about, by=scope.user, claim=claim, note=note, file=file)
            return back(request, scope.url("balance:evidence_item", item=item, query=held.query), "given")
        except Refused as error:
            fault = reason(error.code, error.parameters)
    return _item(request, scope, held, item, fault)


@require_POST
@scoped("see")
def review(request: HttpRequest, scope: Scope, piece: int) -> HttpResponse:
    """Say what a document shows, or send it back."""
    row, sent = queries.piece(scope, piece).row, request.POST.dict()
    given = {"verdict": sent.get("verdict", ""), "opinion": sent.get("opinion", "")}
    return _dealt(request, scope, row, "reviewed", lambda: actions.review(
        made=row, by=scope.user, row_version=number(sent.get("row_version", "")), **given
    ))  # fmt: skip


@require_POST
@scoped("see")
def withdraw(request: HttpRequest, scope: Scope, piece: int) -> HttpResponse:
    """Take a document back."""
    row, sent = queries.piece(scope, piece).row, request.POST.dict()
    version, why = number(sent.get("row_version", "")), sent.get("reason", "")
    return _dealt(request, scope, row, "withdrawn", lambda: actions.withdraw(
        made=row, by=scope.user, reason=why, row_version=version
    ))  # fmt: skip


@require_GET
@scoped("see")
def file(request: HttpRequest, scope: Scope, piece: int) -> HttpResponseBase:
    """The document, to be saved; never shown in the browser."""
    found = queries.piece(scope, piece)
    if found.file == MISSING:
        raise Http404
    return saved(EVIDENCE.place(found.row.evidence_id, found.row.file), found.row.file)


@require_http_methods(["GET", "POST"])
@scoped("import")
def take(request: HttpRequest, scope: Scope) -> HttpResponse:
    """What taking the evidence into the data changes, and doing it."""
    if not queries.whole(scope):
        raise Http404
    fault = ""
    if request.method == "POST":
        try:
            actions.take(by=scope.user, base=request.POST.get("base", ""))
            return back(request, scope.url("balance:evidence_take"), "taking")
        except Refused as error:
            fault = reason(error.code, error.parameters)
    held = taking()
    names = queries.items(scope, held.about)
    page = evidence_take.page(scope, held, names, job_views(queries.underway(scope), scope), fault)
    status = 422 if fault else 200
    return render(request, scope, page, "balance/evidence_take.html", entry=ENTRY, status=status)


def saved(path: Any, name: str) -> HttpResponseBase:
    """A file somebody brought, as something to save."""
    response = FileResponse(path.open("rb"), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def number(text: str) -> int:
    """A number a form carries; 0 for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def back(request: HttpRequest, place: str, said: str) -> HttpResponse:
    """To a page that says what was done."""
    messages.success(request, say(f"balance.said_{said}"))
    return HttpResponseRedirect(place, status=303)


def _known(request: HttpRequest, scope: Scope) -> queries.Known:
    held = queries.known(request, scope)
    if held is None:
        raise Http404
    return held


def _dealt(request: HttpRequest, scope: Scope, row: Any, said: str, act: Callable[[], Any]) -> HttpResponse:
    try:
        act()
    except Refused as error:
        held = queries.of_piece(scope, row)
        return _item(request, scope, held, row.item, reason(error.code, error.parameters))
    query = f"assessment={row.assessment}&year={row.year}"
    return back(request, scope.url("balance:evidence_item", item=row.item, query=query), said)


def _item(request: HttpRequest, scope: Scope, held: queries.Known, item: str, fault: str) -> HttpResponse:
    page = evidence_item.page(held, queries.demand(held, item), fault, request.POST.dict())
    status = 422 if fault else 200
    return render(request, scope, page, "balance/evidence_item.html", entry=ENTRY, status=status)
