"""Views of the start of a run and of looking back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from junheng.web.forecast import actions, queries, scenario_queries, start_form
from junheng.web.forecast.presenters import accuracy as accuracy_page
from junheng.web.forecast.presenters import seats as seats_page
from junheng.web.forecast.presenters import start as start_page
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.jobs.presenters import job_views
from junheng.web.wording import say

ENTRY = "forecast"


@scoped("forecast")
def start(request: HttpRequest, scope: Scope) -> HttpResponse:
    """What goes into a run, and the button that starts it."""
    origins = scenario_queries.origins()
    typed, faults, status = start_form.begun(scenario_queries.options(scope)), {}, 200
    if request.method == "POST" and origins:
        typed = start_form.read(request.POST)
        numbers, faults = start_form.check(typed, origins)
        if not faults:
            job = actions.start_run(by=scope.user, **numbers)
            messages.success(request, say("seats_page.started"))
            return HttpResponseRedirect(scope.url("jobs:one", job=job.pk), status=303)
        status = 422
    underway = job_views(scenario_queries.under_way(scope), scope)
    page = start_page.page(
        scope, queries.held(scope), typed, faults, origins, underway, queries.warning_count(scope)
    )
    return render(request, scope, page, "forecast/start.html", entry=ENTRY, status=status)


@scoped("see")
def accuracy(request: HttpRequest, scope: Scope) -> HttpResponse:
    """How good past forecasts were."""
    shown = queries.shown(scope)
    if shown is None:
        page = seats_page.empty(scope, queries.held(scope), "accuracy")
        return render(request, scope, page, entry=ENTRY)
    page = accuracy_page.page(shown, len(queries.warnings(shown.reading)))
    return render(request, scope, page, "forecast/accuracy.html", entry=ENTRY)
