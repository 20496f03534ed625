"""Views of collections and submissions."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng.model.errors import Refused
from junheng.report import format as fmt
from junheng.web.accounts.roles import COLLECT, SEE
from junheng.web.data_centre.answers import go
from junheng.web.data_centre.collecting import actions, forms, presenters, queries, submission_presenters
from junheng.web.data_centre.frame import word
from junheng.web.data_centre.holdings.queries import names_in_all
from junheng.web.data_centre.workflow import STEPS
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped


@require_GET
@scoped(SEE)
def progress(request: HttpRequest, scope: Scope) -> HttpResponse:
    """All collections of the year."""
    page = presenters.progress_page(scope, queries.standings(scope), queries.polygons(scope))
    return render(request, scope, page, "data_centre/progress.html", entry="data")


@require_GET
@scoped(SEE)
def collection(request: HttpRequest, scope: Scope, collection: int) -> HttpResponse:
    """Units and states of one collection."""
    one = queries.collection(scope, collection)
    asked = {name: request.GET.get(name, "")[:40] for name in ("show", "area", "page")}
    page = presenters.collection_page(scope, one, asked, queries.polygons(scope))
    return render(request, scope, page, "data_centre/collection.html", entry="data")


@require_http_methods(["GET", "POST"])
@scoped(COLLECT)
def collection_new(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Ask the schools for tables."""
    form = forms.CollectionForm(request.POST or None, year=scope.year)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_collection(
                by=scope.user, unit=scope.unit, year=scope.year, **form.cleaned_data
            )
            text = word("opened", name=made.name, count=fmt.count(made.submissions.count() - 1))
            return go(request, scope.url("data:collection", collection=made.pk), text)
        except Refused as error:
            form.add_error(None, submission_presenters.explained(error.code, error.parameters))
    page = presenters.new_page(scope, form)
    status = 422 if request.method == "POST" else 200
    return render(request, scope, page, "data_centre/collection_new.html", entry="data", status=status)


@require_POST
@scoped(COLLECT)
def collection_due(request: HttpRequest, scope: Scope, collection: int) -> HttpResponse:
    """Another last day."""
    one = queries.collection(scope, collection).collection
    here = scope.url("data:collection", collection=one.pk)
    try:
        day = forms.day(request.POST.get("due", ""))
        actions.move_due(collection=one, by=scope.user, due=day, reason=request.POST.get("reason", ""))
    except Refused as error:
        return go(request, here, submission_presenters.explained(error.code, error.parameters), warning=True)
    return go(request, here, word("moved", due=day.isoformat()))


@require_POST
@scoped(COLLECT)
def remind(request: HttpRequest, scope: Scope, collection: int) -> HttpResponse:
    """Remind those who are late, or before the day all who have not handed in."""
    one = queries.collection(scope, collection)
    here = scope.url("data:collection", collection=one.collection.pk)
    try:
        count = actions.remind(submissions=one.late or one.waiting, by=scope.user)
    except Refused as error:
        return go(request, here, submission_presenters.explained(error.code, error.parameters), warning=True)
    return go(request, here, word("reminded", count=fmt.count(count)))


@require_POST
@scoped(SEE)
def collection_all(request: HttpRequest, scope: Scope, collection: int) -> HttpResponse:
    """One step with all parts it fits."""
    one = queries.collection(scope, collection).collection
    here = scope.url("data:collection", collection=one.pk)
    verb = request.POST.get("verb", "")
    try:
        count = (actions.accept_all if verb == "accept" else actions.lock_all)(collection=one, by=scope.user)
    except Refused as error:
        return go(request, here, submission_presenters.explained(error.code, error.parameters), warning=True)
    return go(request, here, word("all_done", count=fmt.count(count)))


@require_GET
@scoped(SEE)
def submission(request: HttpRequest, scope: Scope, submission: int) -> HttpResponse:
    """One unit's part."""
    return _shown(request, scope, submission)


@require_POST
@scoped(SEE)
def step(request: HttpRequest, scope: Scope, submission: int, verb: str) -> HttpResponse:
    """Take one step with it."""
    one = queries.submission(scope, submission)
    if verb not in STEPS:
        raise Http404
    try:
        _take(request, scope, one, verb)
    except Refused as error:
        told = submission_presenters.explained(error.code, error.parameters)
        return _shown(request, scope, submission, told, 422)
    return go(request, scope.url("data:submission", submission=one.pk), word(f"done_{verb}"))


def _take(request: HttpRequest, scope: Scope, one: queries.Submission, verb: str) -> None:
    sent = request.POST.get("row_version", "")
    held: dict[str, Any] = {
        "submission": one,
        "by": scope.user,
        "row_version": int(sent) if sent.isdecimal() and len(sent) < 10 else 0,
    }
    plain = {"submit": actions.submit, "accept": actions.accept}
    if verb in plain:
        plain[verb](**held)
    elif verb == "return":
        actions.send_back(**held, opinions=forms.opinions(request.POST, one.collection.tables))
    elif STEPS[verb].proposes:
        actions.propose(**held, verb=verb, reason=request.POST.get("reason", ""))
    else:
        actions.confirm(**held, verb=verb)


def _shown(
    request: HttpRequest, scope: Scope, number: int, fault: str = "", status: int = 200
) -> HttpResponse:
    held = queries.detail(scope, number)
    page = submission_presenters.submission_page(scope, held, names_in_all(held.rows.values()), fault)
    return render(request, scope, page, "data_centre/submission.html", entry="data", status=status)
