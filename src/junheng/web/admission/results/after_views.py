"""Views of what follows the results: answers, further rounds, placements by hand, the report."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng.model.errors import JunhengError, Refused
from junheng.web.admission.draws.actions import proposals
from junheng.web.admission.draws.views import ENTRY, back, to
from junheng.web.admission.results import actions, queries
from junheng.web.admission.results.presenters import answers as answers_page
from junheng.web.admission.results.presenters import overrides as overrides_page
from junheng.web.admission.results.presenters import sunshine as sunshine_page
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.wording import reason, say


@require_http_methods(["GET", "POST"])
@scoped("admit")
def answers(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """Answers of the open round and what holding it would do; record one."""
    held, fault, sent = (
        queries.answered(scope, plan_id, request.GET.get("policy", "")[:20]),
        "",
        request.POST.dict(),
    )
    if request.method == "POST":
        given = {"applicant_id": sent.get("applicant_id", ""), "said": sent.get("answer", "")}
        try:
            actions.answer(entry=held.shown.entry, number=held.number, by=scope.user, **given)
            return back(request, scope, "admission:answers", plan_id, "results.said_answered")
        except Refused as error:
            fault = reason(error.code, error.parameters)
    page = answers_page.page(held, fault, sent)
    return render(request, scope, page, "results/answers.html", entry=ENTRY, status=422 if fault else 200)


@require_POST
@scoped("admit")
def answers_file(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """Answers from a file."""
    held, given = queries.answered(scope, plan_id), request.FILES.get("file")
    name, content = ("", b"") if given is None else (given.name or "", given.read(actions.LARGEST + 1))
    entry, number = held.shown.entry, held.number
    try:
        n = actions.answers_from(entry=entry, number=number, content=content, name=name, by=scope.user)
    except JunhengError as error:
        page = answers_page.page(held, reason(error.code, error.parameters), findings=error.findings)
        return render(request, scope, page, "results/answers.html", entry=ENTRY, status=422)
    messages.success(request, say("results.said_answers", count=n))
    return to(scope.url("admission:answers", plan_id=plan_id))


@require_POST
@scoped("admit")
def further_round(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """Propose to hold the round on the answers as they are."""
    held = queries.answered(scope, plan_id)
    policy = request.POST.get("policy", "")
    args = {"round": held.number, "policy": policy, "answers": held.digest}
    try:
        proposals.propose(entry=held.shown.entry, verb="round", by=scope.user, args=args)
        return back(request, scope, "admission:answers", plan_id, "draws.said_proposed")
    except Refused as error:
        messages.error(request, reason(error.code, error.parameters))
    return to(scope.url("admission:answers", plan_id=plan_id))


@require_http_methods(["GET", "POST"])
@scoped("admit")
def overrides(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """Placements by hand; propose one."""
    held, fault, sent = queries.overridden(scope, plan_id), "", request.POST.dict()
    if request.method == "POST":
        given = {name: sent.get(name, "") for name in ("applicant_id", "program_id", "ground", "document_no")}
        try:
            actions.override(entry=held.shown.entry, by=scope.user, **given)
            return back(request, scope, "admission:overrides", plan_id, "draws.said_proposed")
        except Refused as error:
            fault = reason(error.code, error.parameters)
    page = overrides_page.page(held, fault, sent)
    return render(request, scope, page, "results/overrides.html", entry=ENTRY, status=422 if fault else 200)


@require_POST
@scoped("admit")
def approve(request: HttpRequest, scope: Scope, plan_id: str, override: int) -> HttpResponse:
    """Sign a placement somebody else proposed."""
    row, version = queries.override(scope, plan_id, override), request.POST.get("row_version", "")
    number = int(version) if version.isdecimal() and version.isascii() and len(version) < 10 else 0
    try:
        actions.approve(row=row, by=scope.user, row_version=number)
        messages.success(request, say("results.said_approved"))
    except Refused as error:
        messages.error(request, reason(error.code, error.parameters))
    return to(scope.url("admission:overrides", plan_id=plan_id))


@require_GET
@scoped("admit")
def sunshine(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """The report for supervision, to be printed."""
    page = sunshine_page.page(queries.sunshine(scope, plan_id))
    return render(request, scope, page, "results/sunshine.html", entry=ENTRY)
