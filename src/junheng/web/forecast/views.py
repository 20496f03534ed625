"""Views of seats and of one unit."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from junheng.web.figures import still as pictures
from junheng.web.forecast import queries
from junheng.web.forecast.presenters import heat
from junheng.web.forecast.presenters import seats as seats_page
from junheng.web.forecast.presenters import unit as unit_page
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped

ENTRY = "forecast"


@scoped("see")
def seats(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Where, when and how many seats are short."""
    shown = queries.shown(scope)
    if shown is None:
        return render(request, scope, seats_page.empty(scope, queries.held(scope)), entry=ENTRY)
    page = seats_page.page(shown, heat.window(request.GET))
    return render(request, scope, page, "forecast/seats.html", entry=ENTRY)


@scoped("see")
def unit(request: HttpRequest, scope: Scope, code: str) -> HttpResponse:
    """One unit year by year, with causes."""
    whence = queries.shown(scope)
    if whence is None:
        return render(request, scope, seats_page.empty(scope, queries.held(scope)), entry=ENTRY)
    shown = queries.of_run(queries.unit_below(scope, code), whence.record)
    return render(request, scope, unit_page.page(shown, whence), "forecast/unit.html", entry=ENTRY)


PICTURES = {"fan": seats_page.fan_figure, "causes": unit_page.causes_figure}
"""Figures that also exist as still pictures, by the name in their address."""


@scoped("see")
def still(request: HttpRequest, scope: Scope, code: str, figure: str) -> HttpResponse:
    """A figure of a unit as a picture; its address names the run."""
    if figure not in PICTURES:
        raise Http404
    shown = queries.shown(queries.unit_below(scope, code), request.GET.get("run", ""))
    if shown is None:
        raise Http404
    key = (figure, shown.record.run_id, code, shown.stage, scope.language, shown.protection.audience)
    return pictures.response(request, key, lambda: PICTURES[figure](shown))
