"""Views of notices for many."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from junheng.model.errors import Refused
from junheng.web.admission.draws.views import ENTRY, back
from junheng.web.admission.results.notices import actions, queries
from junheng.web.admission.results.notices.kinds import asked
from junheng.web.admission.results.presenters import notices as notices_page
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.wording import reason


@require_http_methods(["GET", "POST"])
@scoped("admit")
def notices(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """What can be printed, what was made; have papers made."""
    held, fault, sent = queries.printing(scope, plan_id), "", request.POST.dict()
    if request.method == "POST":
        try:
            actions.ask(scope=scope, entry=held.entry, wanted=asked(plan_id, scope.language, sent))
            return back(request, scope, "admission:notices", plan_id, "results.said_notices")
        except Refused as error:
            fault = reason(error.code, error.parameters)
    page = notices_page.page(held, fault, sent)
    return render(request, scope, page, "results/notices.html", entry=ENTRY, status=422 if fault else 200)
