"""Views of rounds: the list, one round, moving it, its documents and its official report."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng.model.errors import Refused
from junheng.web.balance import actions as files
from junheng.web.balance.evidence.shelf import ROUNDS
from junheng.web.balance.evidence_views import back, number, saved
from junheng.web.balance.presenters import round as round_page
from junheng.web.balance.presenters import rounds as rounds_page
from junheng.web.balance.rounds import actions, queries
from junheng.web.files import answers
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.house.shelf import INTACT
from junheng.web.wording import reason

ENTRY = "balance"


@require_http_methods(["GET", "POST"])
@scoped("see")
def rounds(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Every round of the county; open one."""
    held, fault, sent = queries.listed(scope), "", request.POST.dict()
    if request.method == "POST":
        assessment, _, run = sent.get("what", "").partition(" ")
        try:
            why = sent.get("reason", "")
            made = actions.open_round(assessment=assessment, run_id=run, by=scope.user, reason=why)
            return back(request, scope.url("balance:round", round=made.pk), "opened")
        except Refused as error:
            fault = reason(error.code, error.parameters)
    page = rounds_page.page(held, fault, sent)
    return render(request, scope, page, "balance/rounds.html", entry=ENTRY, status=422 if fault else 200)


@require_GET
@scoped("see")
def one(request: HttpRequest, scope: Scope, round: int) -> HttpResponse:
    """One round with its history and its next step."""
    page = round_page.page(queries.opened(scope, round))
    return render(request, scope, page, "balance/round.html", entry=ENTRY)


@require_POST
@scoped("examine")
def move(request: HttpRequest, scope: Scope, round: int) -> HttpResponse:
    """Take a round to its next state, or back."""
    held, sent = queries.opened(scope, round), request.POST.dict()
    given = {
        "target": sent.get("target", ""),
        "reason": sent.get("reason", ""),
        "run_id": sent.get("run", ""),
    }
    version, file = number(sent.get("row_version", "")), request.FILES.get("file")
    try:
        actions.move(held=held.round, by=scope.user, row_version=version, file=file, **given)
        return back(request, scope.url("balance:round", round=round), "moved")
    except Refused as error:
        fault = reason(error.code, error.parameters)
    page = round_page.page(held, fault, sent)
    return render(request, scope, page, "balance/round.html", entry=ENTRY, status=422)


@require_GET
@scoped("see")
def document(request: HttpRequest, scope: Scope, step: int) -> HttpResponseBase:
    """The document of a step, to be saved."""
    found = queries.step(scope, step)
    if ROUNDS.standing(found.folder, found.file, found.sha256) != INTACT:
        raise Http404
    return saved(ROUNDS.place(found.folder, found.file), found.file)


@require_GET
@scoped("export")
def report(request: HttpRequest, scope: Scope, round: int, form: str) -> HttpResponse:
    """The official report of the frozen run, with the state it is in."""
    held = queries.opened(scope, round)
    if held.held is None or form not in files.FORMS:
        raise Http404
    try:
        return answers.download(files.take_report(held=queries.reported(held), form=form))
    except Refused as error:
        return answers.refused(request, scope, error)
