"""Views of corrections."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from junheng.model.errors import Refused
from junheng.web.accounts.roles import SEE
from junheng.web.data_centre import answers
from junheng.web.data_centre.collecting.queries import submission as submission_in
from junheng.web.data_centre.corrections import actions, presenters, queries
from junheng.web.data_centre.frame import word
from junheng.web.data_centre.models import Correction
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.wording import reason


@require_http_methods(["GET", "POST"])
@scoped(SEE)
def new(request: HttpRequest, scope: Scope, submission: int) -> HttpResponse:
    """Ask for a correction."""
    one = submission_in(scope, submission)
    sent, fault = {name: str(value) for name, value in request.POST.items()}, ""
    table = queries.table_of(one, sent.get("table") or request.GET.get("table", ""))
    if request.method == "POST":
        try:
            made = actions.ask(submission=one, by=scope.user, **queries.asked(table, sent))
            return answers.go(
                request, scope.url("data:correction", correction=made.pk), word("correction_sent")
            )
        except Refused as error:
            fault = reason(error.code, error.parameters)
    page = presenters.form_page(scope, one, table, queries.rows(one, table), fault, sent)
    status = 422 if fault else 200
    return render(request, scope, page, "data_centre/correction_new.html", entry="data", status=status)


@require_http_methods(["GET", "POST"])
@scoped(SEE)
def one(request: HttpRequest, scope: Scope, correction: int) -> HttpResponse:
    """Both numbers; decide."""
    held, fault = queries.correction(scope, correction), ""
    if request.method == "POST":
        try:
            _decide(request, scope, held)
            return answers.go(
                request, scope.url("data:correction", correction=held.pk), word("correction_done_now")
            )
        except Refused as error:
            fault = reason(error.code, error.parameters)
    page = presenters.page(scope, held, fault)
    return render(
        request, scope, page, "data_centre/correction.html", entry="data", status=422 if fault else 200
    )


def _decide(request: HttpRequest, scope: Scope, held: Correction) -> None:
    sent = request.POST.get("row_version", "")
    decide = actions.approve if request.POST.get("decide") == "approve" else actions.refuse
    decide(
        correction=held,
        by=scope.user,
        row_version=int(sent) if sent.isdecimal() and len(sent) < 10 else 0,
        opinion=request.POST.get("opinion", "")[:300],
    )
