"""Views of 均衡监测."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods

from junheng.model.errors import Refused
from junheng.web.balance import actions, indicator_queries, queries, warning_queries, way_form, way_queries
from junheng.web.balance.presenters import board as board_page
from junheng.web.balance.presenters import catalogue, definition, matrix, parts, way_start, weights
from junheng.web.balance.presenters import item as item_page
from junheng.web.balance.presenters import school as school_page
from junheng.web.balance.presenters import warnings as warnings_page
from junheng.web.balance.presenters import way as way_page
from junheng.web.files import answers
from junheng.web.house.page import Page
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.wording import say

ENTRY = "balance"
PAGE = "balance/page.html"


@require_GET
@scoped("see")
def board(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Every item of an assessment, met or not; for a school its card."""
    held = queries.judged(request, scope)
    if held is None:
        return _nothing(request, scope)
    if scope.unit.level == "school":
        page = school_page.page(held)
    else:
        values = queries.values(held, queries.coefficients(held))
        page = board_page.page(held, values, warning_queries.warned(request, scope))
    return render(request, scope, page, PAGE, entry=ENTRY, choosers=parts.chosen(held))


@require_GET
@scoped("see")
def schools(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Every school by every item its verdict rests on."""
    held = queries.judged(request, scope)
    if held is None:
        return _nothing(request, scope)
    return render(request, scope, matrix.page(held, request.GET.get("page", "")), PAGE, entry=ENTRY)


@require_GET
@scoped("see")
def item(request: HttpRequest, scope: Scope, item: str) -> HttpResponse:
    """One item, school by school."""
    held = queries.judged(request, scope)
    if held is None or item not in {row.item for row in held.whole.items}:
        raise Http404
    names = item_page.indicators(held, item)
    about = weights.About(queries.worst(held, names), queries.left_out(held, names))
    values = queries.values(held, names)
    page = item_page.page(held, item, about, values, request.GET.get("page", ""))
    return render(request, scope, page, PAGE, entry=ENTRY)


@require_GET
@scoped("export")
def report(request: HttpRequest, scope: Scope, form: str) -> HttpResponse:
    """The official report of an assessment, written down like every file that is taken."""
    held = queries.judged(request, scope)
    if held is None or held.county is None or form not in actions.FORMS:
        raise Http404
    try:
        return answers.download(actions.take_report(held=held, form=form))
    except Refused as error:
        return answers.refused(request, scope, error)


@require_GET
@scoped("see")
def warnings(request: HttpRequest, scope: Scope) -> HttpResponse:
    """What is near its line, getting worse, about to break or doubtful."""
    held = warning_queries.warned(request, scope)
    if held is None:
        return render(request, scope, board_page.empty(scope, "warnings"), entry=ENTRY)
    return _filtered(request, scope, warnings_page.page(held), warnings_page.filters(held))


@require_GET
@scoped("see")
def indicators(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Every definition in force, with the unit's latest value."""
    held = indicator_queries.listed(request, scope)
    return _filtered(request, scope, catalogue.page(held), catalogue.filters(held))


@require_GET
@scoped("see")
def indicator(request: HttpRequest, scope: Scope, indicator: str) -> HttpResponse:
    """One definition in words, and the unit's values by it."""
    held = indicator_queries.one(scope, indicator)
    return render(request, scope, definition.page(held), PAGE, entry=ENTRY)


@require_GET
@scoped("see")
def way(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The cheapest way to pass, as last worked out."""
    held = way_queries.shown(scope)
    page = way_page.page(held, request.GET.get("page", ""))
    return render(request, scope, page, "balance/way.html", entry=ENTRY, jobs=held.underway)


@require_GET
@scoped("export")
def way_file(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The measures of the plan as a workbook."""
    held = way_queries.shown(scope)
    if held.job is None:
        raise Http404
    try:
        return answers.download(actions.take_plan(held=held))
    except Refused as error:
        return answers.refused(request, scope, error)


@require_http_methods(["GET", "POST"])
@scoped("forecast")
def start(request: HttpRequest, scope: Scope) -> HttpResponse:
    """What goes into the calculation, and the button that starts it."""
    held = way_queries.begun(scope)
    typed, faults = way_form.begun(held), {}
    if request.method == "POST":
        typed = way_form.read(request.POST, held)
        wanted, faults = way_form.check(typed, held)
        if not faults:
            job = actions.start(by=scope.user, wanted=wanted)
            messages.success(request, say("balance.way_started"))
            return HttpResponseRedirect(scope.url("jobs:one", job=job.pk), status=303)
    page = way_start.page(held, typed, faults)
    return render(request, scope, page, "balance/start.html", entry=ENTRY, status=422 if faults else 200)


def _nothing(request: HttpRequest, scope: Scope) -> HttpResponse:
    page = board_page.unconcerned(scope) if queries.judged_at_all(scope) else board_page.empty(scope)
    return render(request, scope, page, entry=ENTRY)


def _filtered(request: HttpRequest, scope: Scope, page: Page, filters: Any) -> HttpResponse:
    return render(request, scope, page, "balance/list.html", entry=ENTRY, filters=filters)
