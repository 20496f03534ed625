"""Views of reports, runs, standards, health and the landing page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from junheng.model.errors import Refused
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.manage import actions, queries, reading
from junheng.web.manage.presenters import difference as difference_page
from junheng.web.manage.presenters import health as health_page
from junheng.web.manage.presenters import landing as landing_page
from junheng.web.manage.presenters import reports as reports_page
from junheng.web.manage.presenters import rules as rules_page
from junheng.web.manage.presenters import run as run_page
from junheng.web.manage.presenters import table as table_page
from junheng.web.runs import actions as runs
from junheng.web.wording import reason, say


@require_GET
@scoped("any")
def index(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Where an administrator begins."""
    page = landing_page.landing(scope, queries.duties(scope))
    return render(request, scope, page, "manage/landing.html", entry="manage")


@require_GET
@scoped("see")
def reports(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Annual reports with their state and forms."""
    records, paging = reading.page_of_runs(request, scope, verb="year")
    levels = {record.run_id: queries.levels(scope, record) for record in records}
    chosen, choices = reading.form_asked(request), queries.may_choose_form(scope)
    page = reports_page.reports(scope, records, levels, paging, chosen, choices=choices)
    return render(request, scope, page, "manage/reports.html", entry="reports")


@require_GET
@scoped("see")
def run_list(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Every run, annual and scenarios."""
    verb, state = reading.filters(request)
    records, paging = reading.page_of_runs(request, scope, verb=verb, state=state)
    page = reports_page.runs(scope, records, paging, verb, state)
    return render(request, scope, page, "manage/runs.html", entry="reports", verb=verb, state=state)


@require_GET
@scoped("see")
def run(request: HttpRequest, scope: Scope, run_id: str) -> HttpResponse:
    """One run: what went in, what came out, who answers for it."""
    return _run(request, scope, run_id)


def _run(
    request: HttpRequest, scope: Scope, run_id: str, *, fault: str = "", typed: str = ""
) -> HttpResponse:
    held = reading.run_shown(scope, run_id)
    page = run_page.run(scope, held.opened, held.beside, held.doubts, held.verifying)
    status = 422 if fault else 200
    return render(
        request, scope, page, "manage/run.html", entry="reports", status=status, fault=fault, typed=typed
    )


@require_GET
@scoped("see")
def table(request: HttpRequest, scope: Scope, run_id: str, table: str) -> HttpResponse:
    """Rows of one of a run's tables."""
    shown = reading.rows_shown(request, scope, run_id, table)
    page = table_page.rows_page(
        scope, shown.record, table, shown.frame, shown.names, shown.paging, shown.sorts
    )
    return render(request, scope, page, "manage/rows.html", entry="reports")


@require_GET
@scoped("see")
def difference(request: HttpRequest, scope: Scope, run_id: str, other: str) -> HttpResponse:
    """Two runs side by side."""
    held = reading.compared(scope, run_id, other)
    page = difference_page.difference(scope, held.one, held.other, held.mine, held.theirs, held.inputs)
    return render(request, scope, page, "manage/difference.html", entry="reports")


@require_POST
@scoped("forecast")
def verify(request: HttpRequest, scope: Scope, run_id: str) -> HttpResponse:
    """Compute the run again, as a job."""
    record = reading.found(scope, run_id)
    try:
        actions.verify(run=record, by=request.user)
    except Refused as refused:
        return _run(request, scope, run_id, fault=reason(refused.code, refused.parameters))
    messages.success(request, say("manage.verify_started"))
    return redirect(scope.url("manage:run", run_id=run_id))


@require_POST
@scoped("forecast")
def review(request: HttpRequest, scope: Scope, run_id: str) -> HttpResponse:
    """Say that a draft has been looked through."""
    return _decide(request, scope, run_id, runs.review, "manage.reviewed_now")


@require_POST
@scoped("publish")
def publish(request: HttpRequest, scope: Scope, run_id: str) -> HttpResponse:
    """Make a reviewed run the one all others see."""
    return _decide(request, scope, run_id, runs.publish, "manage.published_now")


def _decide(
    request: HttpRequest, scope: Scope, run_id: str, act: reading.Decision, done: str
) -> HttpResponse:
    typed = request.POST.get("reason", "")
    try:
        act(run=reading.found(scope, run_id), by=request.user, reason=typed)
    except Refused as refused:
        fault = reason(refused.code, refused.parameters)
        return _run(request, scope, run_id, fault=fault, typed=typed)
    messages.success(request, say(done))
    return redirect(scope.url("manage:run", run_id=run_id))


@require_GET
@scoped("see")
def rules(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Standards in force on a day."""
    day = reading.day_asked(request)
    held, topic = queries.rules(day), request.GET.get("topic", "")
    if topic and topic not in {rule.topic for rule in held}:
        raise Http404
    page = rules_page.rules(scope, day, held, queries.rules_digest(), topic)
    return render(request, scope, page, "manage/rules.html", entry="reports")


@require_GET
@scoped("operate")
def health(request: HttpRequest, scope: Scope) -> HttpResponse:
    """State of the installation."""
    page = health_page.health(scope, queries.health(), timezone.now())
    return render(request, scope, page, "manage/health.html", entry="manage")
