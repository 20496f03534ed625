"""Views of results: by school, by child, one child, files."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from junheng.model.errors import JunhengError, Refused
from junheng.web.admission.draws.actions import proposals
from junheng.web.admission.draws.views import ENTRY, back
from junheng.web.admission.results import actions, exporting, queries
from junheng.web.admission.results.presenters import checks, lines, overview, placement, schools, waiting
from junheng.web.admission.results.presenters import child as child_page
from junheng.web.admission.results.presenters import children as children_page
from junheng.web.files import answers
from junheng.web.house.page import Page
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.wording import reason

SECTIONS: Mapping[str, Callable[[queries.Shown, Mapping[str, str]], Page]] = {
    "schools": schools.page,
    "waiting": waiting.page,
    "lines": lines.page,
    "placement": placement.page,
    "checks": checks.page,
}


@require_GET
@scoped("see")
def results(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """Results by school, with lines, lists and checks."""
    page = overview.page(queries.shown(scope, plan_id))
    return render(request, scope, page, "results/results.html", entry=ENTRY)


@require_POST
@scoped("admit")
def publish(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """Propose the publication."""
    held = queries.shown(scope, plan_id)
    try:
        args = {"level": request.POST.get("level", "")}
        proposals.propose(entry=held.entry, verb="publish", by=scope.user, args=args)
        return back(request, scope, "admission:results", plan_id, "draws.said_proposed")
    except Refused as error:
        page = overview.page(held, reason(error.code, error.parameters))
    return render(request, scope, page, "results/results.html", entry=ENTRY, status=422)


@require_GET
@scoped("admit")
def section(request: HttpRequest, scope: Scope, plan_id: str, part: str) -> HttpResponse:
    """One part of the result: schools, waiting lists, lines, placement or checks."""
    page = SECTIONS[part](queries.shown(scope, plan_id), children_page.asked(request.GET.dict()))
    return render(request, scope, page, "results/results.html", entry=ENTRY)


@require_GET
@scoped("see")
def children(request: HttpRequest, scope: Scope, plan_id: str) -> HttpResponse:
    """Results by child, filtered."""
    held = queries.shown(scope, plan_id)
    page = children_page.page(held, children_page.asked(request.GET.dict()))
    return render(request, scope, page, "results/results.html", entry=ENTRY)


@require_GET
@scoped("admit")
def child(request: HttpRequest, scope: Scope, plan_id: str, applicant_id: str) -> HttpResponse:
    """One child's result with its reasons; the look is written down."""
    held = queries.child(scope, plan_id, applicant_id)
    actions.look(entry=held.shown.entry, applicant_id=applicant_id, by=scope.user)
    return render(request, scope, child_page.page(held), "results/child.html", entry=ENTRY)


@require_GET
@scoped("export")
def file(request: HttpRequest, scope: Scope, plan_id: str, what: str, form: str) -> HttpResponse:
    """A table of results as a file: counted and written down where all files are."""
    held = queries.shown(scope, plan_id)
    table, frame = exporting.asked(held, what, form)
    try:
        taken = actions.take_table(scope=scope, entry=held.entry, table=table, frame=frame, form=form)
        return answers.download(taken)
    except JunhengError as error:
        return answers.refused(request, scope, error)
