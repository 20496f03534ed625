"""Units the caller may see."""

from __future__ import annotations

from typing import Any, Literal

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from junheng.web.accounts.roles import SEE
from junheng.web.api.asking import Code, Paged, closed, page
from junheng.web.api.problems import DECLARED
from junheng.web.units import tree
from junheng.web.units.models import Unit

router = Router(tags=["units"])


class UnitOut(Schema):
    """A province, city, county, town or school."""

    code: str
    name: str
    name_en: str
    level: str
    parent: str | None = Field(description="Code of the unit above, where the caller may know it")


class Units(Schema):
    """A page of units."""

    count: int
    items: list[UnitOut]


class Wanted(Paged):
    """Which units."""

    under: Code = Field("", description="Only this unit and those below it")
    level: Literal["", "province", "city", "county", "area", "school"] = ""
    q: str = Field("", max_length=60, description="Part of the name, or the beginning of the code")


@router.get("", response={200: Units, **DECLARED}, summary="Units you may see, from the top down")
def units(request: HttpRequest, asked: Query[Wanted]) -> Any:
    """Sorted by their place in the tree."""
    closed(request, Wanted)
    found = Unit.objects.for_user(request.user, SEE)
    if asked.under:
        above = found.filter(code=asked.under).first()
        if above is None:
            raise Http404
        found = found.within([above.path])
    if asked.level:
        found = found.filter(level=asked.level)
    if text := asked.q.replace("\x00", "").strip():
        found = found.filter(name__icontains=text) | found.filter(code__startswith=text)
    shown = list(page(found.order_by("path"), asked))
    return {"count": found.count(), "items": _told(request, shown)}


@router.get("/{code}", response={200: UnitOut, **DECLARED}, summary="One unit")
def unit(request: HttpRequest, code: str) -> Any:
    """404 for a unit outside yours."""
    closed(request)
    found = Unit.objects.for_user(request.user, SEE).filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise Http404
    return _told(request, [found])[0]


def _told(request: HttpRequest, shown: list[Unit]) -> list[dict[str, Any]]:
    above = Unit.objects.for_user(request.user, SEE).filter(path__in={tree.parent(one.path) for one in shown})
    parents = dict(above.values_list("path", "code"))
    return [
        {
            "code": one.code,
            "name": one.name,
            "name_en": one.name_en,
            "level": one.level,
            "parent": parents.get(tree.parent(one.path)),
        }
        for one in shown
    ]
