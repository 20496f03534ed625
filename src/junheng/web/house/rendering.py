"""From a page to a response, inside the one layout."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from junheng.web.house.calendar import school_year
from junheng.web.house.navigation import name_of, rail
from junheng.web.house.page import Page
from junheng.web.house.scope import Scope

SHOWN_BEFORE = 6
"""School years before the present one that the picker offers."""


def render(
    request: HttpRequest,
    scope: Scope,
    page: Page,
    template: str = "house/page.html",
    *,
    entry: str,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """The page for this scope. `entry` is the rail entry it belongs to. The view must have a scope: there is
    no way to render a room's page without one."""
    request.scope = scope  # type: ignore[attr-defined]
    held = {
        "page": page,
        "scope": scope,
        "unit_name": name_of(scope.unit, scope.language),
        "rail": rail(scope, entry),
        "entry": entry,
        "years": sorted({scope.year, *range(school_year() - SHOWN_BEFORE, school_year() + 2)}, reverse=True),
        "messages_href": scope.url("desk:messages"),
        **context,
    }
    return TemplateResponse(request, template, held, status=status)
