"""Views of the ceremony: one screen, and the clock it asks for while it waits."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from junheng.model.errors import Refused
from junheng.web.admission.draws import ceremony_form, queries
from junheng.web.admission.draws.presenters import ceremony as ceremony_page
from junheng.web.admission.draws.views import ENTRY, to
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.wording import reason


@require_http_methods(["GET", "POST"])
@scoped("admit")
def ceremony(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """The screen of the present step; what was pressed on it."""
    held, fault = queries.held(scope, plan_id), ""
    if request.method == "POST":
        try:
            ceremony_form.press(held, request.POST.dict())
            return to(scope.url("admission:ceremony", plan_id=plan_id))
        except Refused as error:
            fault = reason(error.code, error.parameters)
    page = ceremony_page.page(held, timezone.now(), fault)
    return render(request, scope, page, "draws/ceremony.html", entry=ENTRY, status=422 if fault else 200)


@require_GET
@scoped("admit")
def clock(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """The clock again; when there is more to see, the whole screen."""
    held, now = queries.held(scope, plan_id), timezone.now()
    if request.GET.get("seen", "") != ceremony_page.seen(held, now):
        answer = HttpResponse(status=204)
        answer.headers["HX-Redirect"] = scope.url("admission:ceremony", plan_id=plan_id)
        return answer
    shown = {"clock": ceremony_page.clock(held, now), "poll": request.get_full_path()}
    return TemplateResponse(request, "draws/clock.html", shown)
