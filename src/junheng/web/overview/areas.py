"""Polygons inside a scope: found, drawn under the unit they belong to, answered light and with a tag."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified

from junheng.web.house.navigation import name_of
from junheng.web.house.scope import Scope
from junheng.web.overview import geometry
from junheng.web.units import tree
from junheng.web.workspace import region, workspace

KEPT = 24


def approval() -> str:
    """The map approval number of the region, "" without one."""
    return region().map_approval


def has_polygons(scope: Scope) -> bool:
    """Whether there is a polygon to show here."""
    return bool(_file()) and bool(_shown(scope).keys() & _codes(_file()))


def digest(scope: Scope) -> str:
    """What the polygons of this scope depend on."""
    shown = sorted(_shown(scope).items())
    return hashlib.sha256(repr((_file(), shown, scope.language)).encode()).hexdigest()[:32]


def collection(scope: Scope) -> dict[str, Any]:
    """The polygons as a FeatureCollection with `code` and `name`."""
    return json.loads(_content(scope))


def response(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The polygons of the units below the scope's unit, or its own; Http404 when there are none."""
    if not has_polygons(scope):
        raise Http404
    tag = f'"{digest(scope)}"'
    unchanged = request.headers.get("If-None-Match") == tag
    answer = (
        HttpResponseNotModified()
        if unchanged
        else HttpResponse(_content(scope), content_type="application/geo+json")
    )
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _content(scope: Scope) -> bytes:
    shown = _shown(scope)
    units = scope.register.by_code
    names = {code: name_of(units[code], scope.language) for code in set(shown.values())}
    return _written(_file(), tuple(sorted(shown.items())), tuple(sorted(names.items())))


def _shown(scope: Scope) -> dict[str, str]:
    """For every area in the scope the unit it is drawn under: the one right below the scope's unit, or the
    unit itself where it has no areas below."""
    inside = scope.register.within(scope.unit.path)
    paths = {unit.code: unit.path for unit in inside if unit.level != "school"}
    step = len(scope.unit.path) + tree.STEP
    by_path = {path: code for code, path in paths.items()}
    held = _codes(_file())
    shown = {
        code: by_path[path[:step]]
        for code, path in paths.items()
        if path != scope.unit.path and code in held and path[:step] in by_path
    }
    own = {code for code in shown if code == shown[code]}
    kept = {code: under for code, under in shown.items() if code == under or under not in own}
    return kept or ({scope.unit.code: scope.unit.code} if scope.unit.code in held else {})


def _file() -> tuple[str, int]:
    """Path and time of the region's map; ("", 0) without one."""
    path = workspace().path / "maps" / "areas.geojson"
    return (str(path), path.stat().st_mtime_ns) if path.is_file() else ("", 0)


@lru_cache(maxsize=2)
def _boundaries(file: tuple[str, int]) -> dict[str, Any]:
    return json.loads(Path(file[0]).read_text(encoding="utf-8-sig")) if file[0] else {"features": []}


@lru_cache(maxsize=2)
def _codes(file: tuple[str, int]) -> frozenset[str]:
    return frozenset(str(one["properties"].get("area_code", "")) for one in _boundaries(file)["features"])


@lru_cache(maxsize=KEPT)
def _written(
    file: tuple[str, int], shown: tuple[tuple[str, str], ...], names: tuple[tuple[str, str], ...]
) -> bytes:
    return geometry.collection(_boundaries(file), dict(shown), dict(names))
