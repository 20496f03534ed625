"""Views of a plan: in words, and its editor."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from junheng.model.errors import Refused
from junheng.web.admission import plan_queries
from junheng.web.admission.actions import plans
from junheng.web.admission.presenters import plan as plan_page
from junheng.web.admission.views import ENTRY, back
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.wording import reason


@require_GET
@scoped("see")
def plan(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """The plan in words."""
    page = plan_page.page(plan_queries.shown(scope, plan_id))
    return render(request, scope, page, "admission/plan.html", entry=ENTRY)


@require_http_methods(["GET", "POST"])
@scoped("admit")
def edit(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """Edit the plan; `verb` check looks at it, save keeps it."""
    sent = request.POST.dict() if request.method == "POST" else None
    held, fault = plan_queries.edited(scope, plan_id, sent), ""
    if sent is not None and sent.get("verb") == "save":
        text, known, note = held.reading.text, held.row_version, sent.get("note", "")
        try:
            plans.keep(entry=held.entry, by=scope.user, text=text, row_version=known, note=note)
            return back(request, scope, "admission:plan", plan_id, "entry.said_saved")
        except Refused as error:
            fault = reason(error.code, error.parameters)
    page = plan_page.editor(held, fault)
    return render(request, scope, page, "admission/edit.html", entry=ENTRY, status=422 if fault else 200)
