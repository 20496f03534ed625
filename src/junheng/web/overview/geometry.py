"""Polygons as the map needs them: those of the units below, snapped to a grid until they are light enough."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

LIMIT = 1_000_000
"""Bytes of an answer, at most."""
FIRST_STEP = 1e-6
"""Degrees: a tenth of a metre, finer than any boundary is known."""
_DECIMALS = 6


def collection(boundaries: Mapping[str, Any], shown: Mapping[str, str], names: Mapping[str, str]) -> bytes:
    """A FeatureCollection with properties `code` and `name`, no larger than `LIMIT` where that is possible.

    `shown` gives for an area's code the code it is drawn under: its own, or that of the unit above whose
    polygons are the polygons of its areas. Areas not in `shown` are left out.
    """
    gathered: dict[str, list[Any]] = {}
    for feature in boundaries["features"]:
        code = shown.get(str(feature["properties"].get("area_code", "")))
        geometry = feature.get("geometry") or {}
        if code is None or geometry.get("type") not in ("Polygon", "MultiPolygon"):
            continue
        polygons = geometry["coordinates"]
        gathered.setdefault(code, []).extend([polygons] if geometry["type"] == "Polygon" else polygons)
    step = FIRST_STEP
    while True:
        content = _written(gathered, names, step)
        if len(content) <= LIMIT or step > 0.01:
            return content
        step *= 2


def _written(gathered: Mapping[str, list[Any]], names: Mapping[str, str], step: float) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": names.get(code, code)},
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [kept for polygon in polygons if (kept := _snapped(polygon, step))],
            },
        }
        for code, polygons in sorted(gathered.items())
    ]
    text = json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":")
    )
    return text.encode()


def _snapped(polygon: list[Any], step: float) -> list[list[list[float]]]:
    """Rings on the grid; the same point of two neighbours lands on the same spot, so borders stay shared."""
    rings = [_ring(ring, step) for ring in polygon]
    if not rings or len(rings[0]) < 4:
        return []
    return [ring for ring in rings if len(ring) >= 4]


def _ring(ring: list[Any], step: float) -> list[list[float]]:
    kept: list[list[float]] = []
    for point in ring:
        snapped = [
            round(round(point[0] / step) * step, _DECIMALS),
            round(round(point[1] / step) * step, _DECIMALS),
        ]
        if not kept or snapped != kept[-1]:
            kept.append(snapped)
    return kept
