"""Views of scenarios: the list, the form, the comparison."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render as fragment
from django.views.decorators.http import require_GET, require_POST

from junheng.model.errors import Refused
from junheng.web.figures.unit_reading import place
from junheng.web.forecast import actions, queries, scenario_draft, scenario_queries
from junheng.web.forecast.presenters import comparison as comparison_page
from junheng.web.forecast.presenters import scenario_form
from junheng.web.forecast.presenters import scenarios as scenarios_page
from junheng.web.forecast.scenario_draft import Draft
from junheng.web.house.page import Anchor
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.jobs.presenters import job_views
from junheng.web.runs.models import RunRecord
from junheng.web.wording import reason, say

ENTRY = "forecast"


@scoped("see")
@require_GET
def scenarios(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Scenarios stored, under way and ready-made."""
    stored = scenario_queries.listed(scope)
    names = scenario_queries.names(scenarios_page.codes_of(stored), scope.language)
    page = scenarios_page.page(
        scope,
        stored,
        job_views(scenario_queries.under_way(scope), scope),
        scenario_queries.ready_made(),
        names,
        queries.warning_count(scope),
    )
    return render(request, scope, page, "forecast/scenarios.html", entry=ENTRY)


@scoped("forecast")
def new(request: HttpRequest, scope: Scope) -> HttpResponse:
    """A scenario being written: buttons change it, faults stand at their fields, a sound one starts."""
    options = scenario_queries.options(scope)
    if request.method != "POST":
        return _form(request, scope, _begun(request, scope, options), {})
    return _posted(request, scope, scenario_draft.read(request.POST), options)


def _posted(request: HttpRequest, scope: Scope, draft: Draft, options: dict[str, int]) -> HttpResponse:
    do, origin = request.POST.get("do", ""), options["origin"]
    if (after := scenario_draft.changed(draft, do, origin + 1)) is not None:
        return _form(request, scope, after, {})
    checked = scenario_draft.check(draft, scenario_queries.find_unit, origin)
    if checked.faults or do != "start":
        return _form(request, scope, draft, checked.faults, status=422 if checked.faults else 200)
    job = actions.start_scenario(
        by=scope.user, name=draft.name, levers=checked.levers, origin=origin, **checked.numbers
    )
    return _to_job(request, scope, job)


def _begun(request: HttpRequest, scope: Scope, options: dict[str, int]) -> Draft:
    """An empty draft, or one that begins with a stored or a ready-made scenario."""
    if run_id := request.GET.get("of"):
        record = scenario_queries.picked(scope, [run_id])[0]
        levers = scenario_queries.levers(scope, record)
        return scenario_draft.of_levers(
            record.scenario, levers, scenario_queries.named(levers, scope.language), options
        )
    if name := request.GET.get("like"):
        levers = scenario_queries.built_in(name)
        title = scenarios_page.scenario_name(name, scope)
        return scenario_draft.of_levers(
            title, levers, scenario_queries.named(levers, scope.language), options
        )
    row = scenario_draft.Row(from_year=str(options["origin"] + 1))
    return Draft("", str(options["years"]), str(options["draws"]), str(options["seed"]), (row,))


def _form(
    request: HttpRequest, scope: Scope, draft: Draft, faults: dict[str, Any] | Any, status: int = 200
) -> HttpResponse:
    starts = [
        Anchor(
            scenarios_page.scenario_name(name, scope),
            scope.url("forecast:scenario_new", query=f"like={name}"),
        )
        for name in scenario_queries.ready_made()
    ]
    page = scenario_form.page(scope, draft, faults, starts, queries.warning_count(scope))
    return render(request, scope, page, "forecast/scenario_form.html", entry=ENTRY, status=status)


@scoped("forecast")
@require_POST
def built_in(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Compute a ready-made scenario."""
    options = scenario_queries.options(scope)
    try:
        job = actions.start_built_in(by=scope.user, name=request.POST.get("name", ""), **options)
    except Refused as refused:
        messages.error(request, reason(refused.code, refused.parameters))
        return HttpResponseRedirect(scope.url("forecast:scenarios"), status=303)
    return _to_job(request, scope, job)


def _to_job(request: HttpRequest, scope: Scope, job: Any) -> HttpResponse:
    messages.success(request, say("seats_page.started"))
    return HttpResponseRedirect(scope.url("jobs:one", job=job.pk), status=303)


@scoped("forecast")
@require_GET
def lever_units(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Units whose name, code or initials match what is being typed, as options of a list."""
    typed = next((str(value) for name, value in request.GET.items() if name != "stage"), "")
    return fragment(request, "forecast/unit_options.html", {"found": scenario_queries.offered(typed)})


@scoped("see")
@require_GET
def compare(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Up to three scenarios beside the base."""
    chosen = scenario_queries.picked(scope, request.GET.getlist("run"))
    if not chosen:
        messages.warning(request, say("seats_page.compare_picked_none"))
        return HttpResponseRedirect(scope.url("forecast:scenarios"))
    shown = queries.of_run(scope, chosen[0])
    names = scenario_queries.names(scenario_queries.all_codes(scope, chosen), scope.language)
    sides = [_side(scope, record, names) for record in chosen]
    same = scenario_queries.comparable(chosen)
    page = comparison_page.page(shown, sides, same, queries.warning_count(scope))
    return render(request, scope, page, "forecast/compare.html", entry=ENTRY)


def _side(scope: Scope, record: RunRecord, names: dict[str, str]) -> comparison_page.Side:
    levers = scenario_queries.levers(scope, record)
    return comparison_page.Side(
        record,
        scenarios_page.scenario_name(record.scenario, scope),
        queries.of_run(scope, record, record.scenario).reading,
        scenario_queries.difference(scope, record, "scenario_comparison"),
        scenario_queries.difference(scope, record, "scenario_shortage"),
        tuple(scenarios_page.lever_words(one, names, place(scope)) for one in levers),
    )
