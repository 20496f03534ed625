"""Views of tasks: the list, one task with its form, examining a report, its evidence."""

from __future__ import annotations

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
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.plan import actions, evidence, queries
from junheng.web.plan.presenters import task as task_page
from junheng.web.plan.presenters import task_list
from junheng.web.plan.views import ENTRY, TEMPLATE
from junheng.web.wording import reason, say


@require_GET
@scoped("see")
def tasks(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Tasks of the unit and of those below it."""
    page = task_list.page(queries.ledger(scope), task_list.asked(request.GET.dict()))
    return render(request, scope, page, TEMPLATE, entry=ENTRY)


@require_http_methods(["GET", "POST"])
@scoped("see")
def task(request: HttpRequest, scope: Scope, document: str, task: str) -> HttpResponse:
    """One task; report how it stands."""
    held = queries.ledger(scope)
    found, fault, sent = held.task(document, task), "", request.POST.dict()
    if request.method == "POST":
        try:
            given = {name: sent.get(name, "") for name in ("status", "value", "note")}
            file = request.FILES.get("file")
            actions.report(task=found, unit=held.responsible(found), by=scope.user, file=file, **given)
            return _back(request, scope, document, task, "plan.said_reported")
        except Refused as error:
            fault = reason(error.code, error.parameters)
    page = task_page.page(held, found, fault, sent)
    return render(request, scope, page, "plan/task.html", entry=ENTRY, status=422 if fault else 200)


@require_POST
@scoped("see")
def examine(request: HttpRequest, scope: Scope, report: int) -> HttpResponse:
    """Take a report as right, or send it back."""
    row, sent = queries.report(scope, report).row, request.POST.dict()
    version = sent.get("row_version", "")
    given = {"verdict": sent.get("verdict", ""), "opinion": sent.get("opinion", "")}
    number = int(version) if version.isdecimal() and len(version) < 10 else 0
    try:
        actions.examine(made=row, by=scope.user, row_version=number, **given)
        return _back(request, scope, row.document, row.task_id, "plan.said_examined")
    except Refused as error:
        fault = reason(error.code, error.parameters)
    held = queries.ledger(scope)
    page = task_page.page(held, held.task(row.document, row.task_id), fault)
    return render(request, scope, page, "plan/task.html", entry=ENTRY, status=422)


@require_GET
@scoped("see")
def file(request: HttpRequest, scope: Scope, report: int) -> HttpResponseBase:
    """The evidence of a report, to be saved; never shown in the browser."""
    found = queries.report(scope, report)
    if found.file not in (evidence.INTACT, evidence.CHANGED):
        raise Http404
    path = evidence.place(found.row.folder, found.row.file)
    response = FileResponse(path.open("rb"), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.row.file)}"
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _back(request: HttpRequest, scope: Scope, document: str, task: str, code: str) -> HttpResponse:
    messages.success(request, say(code))
    response = HttpResponseRedirect(scope.url("plan:task", document=document, task=task))
    response.status_code = 303
    return response
