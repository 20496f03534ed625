"""Views of 招生入学: the entries of a region."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from junheng.web.admission import queries
from junheng.web.admission.presenters import index as index_page
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped

ENTRY, TEMPLATE = "admission", "admission/page.html"


@require_GET
@scoped("see")
def index(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Every entry of the region."""
    return render(request, scope, index_page.page(scope, queries.entries(scope)), TEMPLATE, entry=ENTRY)
