"""Views of the map page (一张图)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from junheng.web.figures import still
from junheng.web.house.navigation import crumbs
from junheng.web.house.rendering import render
from junheng.web.house.scope import Scope, scoped
from junheng.web.overview import (
    areas,
    measures,
    pictures,
    presenters,
    queries,
    school_presenter,
    school_queries,
)
from junheng.web.overview.asked import Asked
from junheng.web.runs import reading
from junheng.web.runs.provenance import provenance


@scoped("see")
def map_page(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The unit's map, table and figures; for a school its card."""
    held = queries.overview(scope)
    about = provenance(scope, held.record) if held.record else None
    path = crumbs(scope, "overview:map")
    asked = _asked(request, scope)
    if scope.unit.level == "school" and held.own is not None and held.own.alive:
        page = school_presenter.page(held, school_queries.school(held), path, about, asked)
        return render(request, scope, page, "overview/school.html", entry="overview")
    page = presenters.page(held, asked, path, about)
    template = "overview/meeting.html" if asked.meeting else "overview/map.html"
    return render(request, scope, page, template, entry="overview")


def _asked(request: HttpRequest, scope: Scope) -> Asked:
    measure = request.GET.get("measure", measures.MEASURES[0])
    if measure not in measures.MEASURES:
        raise Http404
    meeting = request.GET.get("layout") == "meeting"
    if not areas.has_polygons(scope):
        return Asked(measure, meeting)
    picture = scope.url("overview:picture", query=f"measure={measure}")
    return Asked(measure, meeting, scope.url("overview:areas"), picture, areas.approval())


@scoped("see")
def polygons(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Polygons of the units below, as light GeoJSON."""
    return areas.response(request, scope)


@scoped("see")
def picture(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The map as a still picture."""
    asked, record = _asked(request, scope), reading.current(scope)
    if record is None or not asked.polygons:
        raise Http404
    parts = (record.run_id, scope.unit.code, str(scope.year), scope.stage, asked.measure, scope.language)
    key = ("overview-map", areas.digest(scope), record.data_version, *parts)
    return still.response(
        request,
        key,
        lambda: pictures.picture(queries.overview(scope), asked.measure, areas.collection(scope)),
    )


@scoped("see")
def school_picture(request: HttpRequest, scope: Scope, stage_code: str) -> HttpResponse:
    """The fan of pupils of one stage as a still picture."""
    record = reading.current(scope)
    if record is None:
        raise Http404
    key = ("school-fan", record.run_id, record.data_version, scope.unit.code, stage_code, scope.language)
    return still.response(request, key, lambda: dict(school_queries.figures(scope, record)).get(stage_code))
