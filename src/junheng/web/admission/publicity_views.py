"""Views of publicity: the list and its file, objections, what stands in the way of the freeze."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng.model.errors import JunhengError, Refused
from junheng.web.admission import publicity_queries, queries
from junheng.web.admission.actions import files, publicity
from junheng.web.admission.presenters import publicity as publicity_page
from junheng.web.admission.presenters import readiness as readiness_page
from junheng.web.admission.views import ENTRY, TEMPLATE, back, version
from junheng.web.files import answers
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.wording import reason


@require_GET
@scoped("see")
def posted(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """The publicity list."""
    text = request.GET.get("page", "")
    number = int(text) if text.isdecimal() and 0 < len(text) < 6 else 1
    page = publicity_page.page(publicity_queries.posted(scope, plan_id, number))
    answer = render(request, scope, page, TEMPLATE, entry=ENTRY)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


@require_GET
@scoped("export")
def posted_file(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """The same as a file, counted and written down."""
    queries.own_entry(scope, plan_id)
    held = publicity_queries.posted(scope, plan_id, 1, everything=True)
    try:
        return answers.download(files.take_list(held=held))
    except JunhengError as error:
        return answers.refused(request, scope, error)


@require_http_methods(["GET", "POST"])
@scoped("admit")
def objections(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """Objections; note one."""
    typed = {name: request.POST.get(name, "") for name in ("applicant_id", "fact", "text", "from_whom")}
    fault = ""
    if request.method == "POST":
        try:
            publicity.note(entry=queries.own_entry(scope, plan_id), by=scope.user, **typed)
            return back(request, scope, "admission:objections", plan_id, "entry.said_noted")
        except Refused as error:
            fault = reason(error.code, error.parameters)
    page = publicity_page.objections(publicity_queries.objected(scope, plan_id), typed, fault)
    return render(
        request, scope, page, "admission/objections.html", entry=ENTRY, status=422 if fault else 200
    )


@require_POST
@scoped("admit")
def objection(request: HttpRequest, scope: Scope, plan_id: str, objection: int) -> HttpResponse:
    """Answer an objection."""
    held, sent = publicity_queries.objection(scope, plan_id, objection), request.POST
    verdict, text = sent.get("verdict", ""), sent.get("answer", "")
    try:
        publicity.answer(
            objection=held, by=scope.user, verdict=verdict, text=text, row_version=version(request)
        )
        return back(request, scope, "admission:objections", plan_id, "entry.said_answered")
    except Refused as error:
        fault = reason(error.code, error.parameters)
    page = publicity_page.objections(publicity_queries.objected(scope, plan_id), {}, fault)
    return render(request, scope, page, "admission/objections.html", entry=ENTRY, status=422)


@require_GET
@scoped("admit")
def readiness(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """What stands in the way of the freeze."""
    page = readiness_page.page(publicity_queries.ready(scope, plan_id))
    return render(request, scope, page, "admission/readiness.html", entry=ENTRY)
