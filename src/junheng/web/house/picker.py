"""The unit picker: finds my units by name, code or first letters; keeps the page when the unit changes."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse

from junheng.web.accounts.roles import PERMISSIONS
from junheng.web.house.navigation import name_of
from junheng.web.units import tree
from junheng.web.units.models import Unit
from junheng.web.wording import language, say

SHOWN = 20


def mine(user: Any) -> Any:
    """Units on which the person holds anything."""
    return Unit.objects.within({path for permission in PERMISSIONS for path in user.roots(permission)})


def units(request: HttpRequest) -> JsonResponse:
    """My units that match `q`: `{"results": [{code, name, level, path, url}]}`, the higher ones first."""
    asked = request.GET.get("q", "").strip()[:60]
    found = mine(request.user)
    if asked:
        letters = asked.lower()
        found = found.filter(
            Q(name__icontains=asked)
            | Q(name_en__icontains=asked)
            | Q(code__startswith=asked)
            | Q(initials__contains=letters)
        )
    chosen = list(found[: SHOWN * 3])
    chosen.sort(key=lambda unit: (len(unit.path), unit.path))
    chosen = chosen[:SHOWN]
    above = {
        unit.path: unit for unit in Unit.objects.filter(path__in={tree.parent(unit.path) for unit in chosen})
    }
    here = request.GET.get("page", "/")
    return JsonResponse(
        {
            "results": [
                {
                    "code": unit.code,
                    "name": name_of(unit, language()),
                    "level": say(f"house.level_{unit.level}"),
                    "path": name_of(above[tree.parent(unit.path)], language())
                    if tree.parent(unit.path) in above
                    else "",
                    "url": address(here, unit.code, None, None),
                }
                for unit in chosen
            ]
        }
    )


def go(request: HttpRequest) -> HttpResponse:
    """The same page for another unit, year or stage, as chosen in the header."""
    here = request.GET.get("page", "/")
    asked = request.GET.get("unit", "").strip()
    unit = None
    if asked:
        found = mine(request.user)
        unit = found.filter(code=asked).first() or found.filter(name=asked).first()
        if unit is None:
            unit = found.filter(Q(name__icontains=asked) | Q(initials=asked.lower())).first()
        if unit is None:
            raise Http404
    year = request.GET.get("year", "")
    return redirect(
        address(
            here,
            unit.code if unit else None,
            int(year) if year.isdecimal() and len(year) == 4 else None,
            request.GET.get("stage") if "stage" in request.GET else None,
        )
    )


def address(here: str, unit: str | None, year: int | None, stage: str | None) -> str:
    """The page `here` with another unit, year or stage. A page of one item (a run, a job) leads to the
    room's first page when the unit changes: the item may not exist there."""
    path, _, query = here.partition("?")
    try:
        match = resolve(path)
    except Resolver404:
        return reverse("home")
    if "unit" not in match.kwargs:
        return reverse("home")
    kwargs = dict(match.kwargs)
    items = set(kwargs) - {"unit", "year"}
    name = match.view_name
    if unit is not None and unit != kwargs["unit"]:
        kwargs["unit"] = unit
        if items:
            kwargs, name = {"unit": unit, "year": kwargs["year"]}, "desk:home"
    if year is not None:
        kwargs["year"] = year
    kept = [part for part in query.split("&") if part.startswith("stage=")]
    if stage is not None:
        kept = [f"stage={stage}"] if stage else []
    return reverse(name, kwargs=kwargs) + (f"?{'&'.join(kept)}" if kept else "")
