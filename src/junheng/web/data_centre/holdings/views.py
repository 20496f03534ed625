"""Views of what is held: the first page, one table, templates, doubts."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from junheng.model import INPUTS
from junheng.web.accounts.roles import EXPORT, SEE
from junheng.web.data_centre import answers
from junheng.web.data_centre.collecting.queries import polygons, standings
from junheng.web.data_centre.frame import page_number
from junheng.web.data_centre.holdings import presenters, queries, templates
from junheng.web.data_centre.versions.actions import exported
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped


@require_GET
@scoped(SEE)
def index(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Is it complete, is it right?"""
    page = presenters.index_page(scope, queries.holdings(scope), standings(scope), polygons(scope))
    return render(request, scope, page, "data_centre/index.html", entry="data")


@require_GET
@scoped(SEE)
def table(request: HttpRequest, scope: Scope, table: str) -> HttpResponse:
    """One table."""
    if table not in INPUTS:
        raise Http404
    asked = request.GET.get("page", "")
    number = page_number(asked, queries.rows(scope, table, 1)[1], queries.SHOWN_ROWS)
    rows, count = queries.rows(scope, table, number)
    page = presenters.table_page(scope, table, rows, count, number, queries.names_in(rows))
    return render(request, scope, page, "data_centre/table.html", entry="data")


@require_GET
@scoped(EXPORT)
def table_file(request: HttpRequest, scope: Scope, table: str) -> HttpResponse:
    """The rows of one table here, as a file that can be brought in again."""
    if table not in INPUTS:
        raise Http404
    content, name, kind = templates.rows_file(scope, table)
    exported(by=scope.user, unit=scope.unit, name=name)
    return answers.file(content, name, kind)


@require_GET
@scoped(SEE)
def template(request: HttpRequest, scope: Scope, table: str) -> HttpResponse:
    """The template of one table, codes filled in."""
    if table not in INPUTS:
        raise Http404
    content, name = templates.template(scope, [table], filled=request.GET.get("filled") == "1")
    return answers.file(content, name, answers.XLSX)


@require_GET
@scoped(SEE)
def template_all(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The template of several tables in one workbook."""
    tables = [name for name in request.GET.getlist("table") if name in INPUTS]
    content, name = templates.template(scope, tables, filled=request.GET.get("filled") == "1")
    return answers.file(content, name, answers.XLSX)


@require_GET
@scoped(SEE)
def doubts(request: HttpRequest, scope: Scope) -> HttpResponse:
    """What the checks doubt in the data held."""
    asked = {name: request.GET.get(name, "")[:60] for name in ("table", "severity", "cause", "page")}
    page = presenters.doubts_page(scope, queries.doubts(scope), asked)
    return render(request, scope, page, "data_centre/doubts.html", entry="data")
