"""Views of late arrivals: the list with its form, and the second person's word."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from junheng.model.errors import Refused
from junheng.web.admission import child_form
from junheng.web.admission.draws.views import ENTRY, back, to
from junheng.web.admission.results import late_actions, late_queries
from junheng.web.admission.results.late_queries import LateHeld
from junheng.web.admission.results.presenters import late as late_page
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.wording import reason, say


@require_http_methods(["GET", "POST"])
@scoped("admit")
def late(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """Late arrivals with their spare receipts; propose one."""
    held, sent = late_queries.arrivals(scope, plan_id), request.POST.dict()
    typed, faults, fault = child_form.begun(held.around, None), dict[str, str](), ""
    if request.method == "POST":
        typed = child_form.read(sent, held.around)
        try:
            if not (faults := _proposed(held, typed, sent.get("document_no", ""))):
                return back(request, scope, "admission:late", plan_id, "draws.said_proposed")
        except Refused as error:
            fault = reason(error.code, error.parameters)
    page = late_page.page(held, typed, faults, fault, sent.get("document_no", ""))
    status = 422 if fault or faults else 200
    return render(request, scope, page, "results/late.html", entry=ENTRY, status=status)


def _proposed(held: LateHeld, typed: dict[str, str], document: str) -> dict[str, str]:
    """Propose the child when the form can stand; its faults otherwise."""
    filled, faults = child_form.check(typed, held.around, None)
    if filled is not None:
        by = held.shown.scope.user
        late_actions.propose(entry=held.shown.entry, filled=filled, document_no=document, by=by)
    return faults


@require_POST
@scoped("admit")
def decide(request: HttpRequest, scope: Scope, plan_id: str, number: int) -> HttpResponse:
    """Accept a late arrival somebody else proposed, or send it back."""
    row, sent = late_queries.one(scope, plan_id, number), request.POST.get("row_version", "")
    version = int(sent) if sent.isdecimal() and sent.isascii() and len(sent) < 10 else 0
    accepted = request.POST.get("verb") == "accept"
    try:
        late_actions.decide(row=row, by=scope.user, row_version=version, accepted=accepted)
        messages.success(request, say("results.said_late_taken" if accepted else "results.said_late_refused"))
    except Refused as error:
        messages.error(request, reason(error.code, error.parameters))
    return to(scope.url("admission:late", plan_id=plan_id))
