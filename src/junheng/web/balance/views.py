"""Views of 均衡监测."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from junheng.web.balance import queries
from junheng.web.balance.presenters import board as board_page
from junheng.web.balance.presenters import item as item_page
from junheng.web.balance.presenters import school as school_page
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped

ENTRY = "balance"


@require_GET
@scoped("see")
def board(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Every item of an assessment, met or not; for a school its card."""
    held = queries.judged(request, scope)
    if held is None:
        return render(request, scope, board_page.empty(scope), entry=ENTRY)
    if scope.unit.level == "school":
        return render(request, scope, school_page.page(held), "balance/tables.html", entry=ENTRY)
    return render(request, scope, board_page.page(held), "balance/tables.html", entry=ENTRY)


@require_GET
@scoped("see")
def item(request: HttpRequest, scope: Scope, item: str) -> HttpResponse:
    """One item, school by school."""
    held = queries.judged(request, scope)
    if held is None or item not in {row.item for row in held.result.items}:
        raise Http404
    return render(request, scope, item_page.page(held, item), "balance/tables.html", entry=ENTRY)
