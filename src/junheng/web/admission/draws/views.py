"""Views around a draw: trials, freeze and announcement, the commitment."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng.model.errors import Refused
from junheng.web.admission.draws import notary as paper
from junheng.web.admission.draws import queries, source_form
from junheng.web.admission.draws.actions import freezing, proposals, taking
from junheng.web.admission.draws.presenters import freeze as freeze_page
from junheng.web.admission.draws.presenters import trial as trial_page
from junheng.web.files import answers
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.wording import reason, say

ENTRY = "admission"


@require_http_methods(["GET", "POST"])
@scoped("admit")
def trial(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """Trials of an entry; ask for another."""
    held, fault, sent = queries.tried(scope, plan_id), "", request.POST.dict()
    if request.method == "POST":
        given = {name: sent.get(name, "") for name in ("seed", "compare", "plan")}
        try:
            freezing.start_trial(entry=held.entry, by=scope.user, chances="chances" in sent, **given)
            return back(request, scope, "admission:trial", plan_id, "draws.said_trial")
        except Refused as error:
            fault = reason(error.code, error.parameters)
    page = trial_page.page(held, fault, sent)
    return render(request, scope, page, "draws/trial.html", entry=ENTRY, status=422 if fault else 200)


@require_http_methods(["GET", "POST"])
@scoped("admit")
def freeze(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """Freeze and announcement; propose the one whose time it is."""
    held, fault, sent = queries.frozen(scope, plan_id), "", request.POST.dict()
    if request.method == "POST":
        verb = sent["verb"] if sent.get("verb") in ("announce", "assign", "thaw") else "freeze"
        try:
            args = source_form.args(verb, sent)
            why = sent.get("reason", "")
            proposals.propose(entry=held.entry, verb=verb, by=scope.user, args=args, reason=why)
            return back(request, scope, "admission:freeze", plan_id, "draws.said_proposed")
        except Refused as error:
            fault = reason(error.code, error.parameters)
    page = freeze_page.page(held, fault, sent)
    return render(request, scope, page, "draws/freeze.html", entry=ENTRY, status=422 if fault else 200)


@require_POST
@scoped("admit")
def proposal(request: HttpRequest, scope: Scope, plan_id: str, proposal: int) -> HttpResponse:
    """Confirm what another proposed, or take it back."""
    held, sent = queries.proposal(scope, plan_id, proposal), request.POST.dict()
    version = sent.get("row_version", "")
    number = int(version) if version.isdecimal() and version.isascii() and len(version) < 10 else 0
    confirms = sent.get("verdict") == "confirm"
    try:
        if confirms:
            proposals.confirm(proposal=held, by=scope.user, row_version=number)
        else:
            proposals.withdraw(proposal=held, by=scope.user)
        messages.success(request, say("draws.said_confirmed" if confirms else "draws.said_withdrawn"))
    except Refused as error:
        messages.error(request, reason(error.code, error.parameters))
    return to(proposals.link_of(held))


@require_GET
@scoped("admit")
def commitment(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """The commitment, to be printed."""
    held = queries.frozen(scope, plan_id)
    if held.draw is None or not held.draw.announcement:
        raise Http404
    page = freeze_page.commitment(held, queries.pools(scope, held.draw))
    return render(request, scope, page, "draws/commitment.html", entry=ENTRY)


@require_GET
@scoped("admit")
def notary(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """Everything announced, in one file for the notary."""
    held = queries.frozen(scope, plan_id)
    if held.draw is None or not held.draw.announcement:
        raise Http404
    return answers.download(taking.take_notary(scope=scope, held=held, content=paper.bundle(held)))


def back(request: HttpRequest, scope: Scope, view: str, plan_id: str, code: str) -> HttpResponse:
    """To a page, with a sentence."""
    messages.success(request, say(code))
    return to(scope.url(view, plan_id=plan_id))


def to(address: str) -> HttpResponse:
    """See other."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
