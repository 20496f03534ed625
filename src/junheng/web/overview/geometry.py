"""Polygons as the map needs them: those of the units below, snapped to a grid until they are light enough."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

LIMIT = 1_000_000
"""Bytes of an answer, at most."""
STEPS = tuple((part * 10.0**power, -power) for power in range(-6, -1) for part in (1, 2, 5))
"""Grids in degrees with their decimals, from a tenth of a metre, finer than any boundary is known."""


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
    content = b""
    for step, decimals in STEPS:
        content = _written(gathered, names, step, decimals)
        if len(content) <= LIMIT:
            break
    return content


def _written(
    gathered: Mapping[str, list[Any]], names: Mapping[str, str], step: float, decimals: int
) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": names.get(code, code)},
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [kept for polygon in polygons if (kept := _snapped(polygon, step, decimals))],
            },
        }
        for code, polygons in sorted(gathered.items())
    ]
    text = json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":")
    )
    return text.encode()


def _snapped(polygon: list[Any], step: float, decimals: int) -> list[list[list[float]]]:
    """Rings on the grid; the same point of two neighbours lands on the same spot, so borders stay shared."""
    rings = [_ring(ring, step, decimals) for ring in polygon]
    if not rings or len(rings[0]) < 4:
        return []
    return [ring for ring in rings if len(ring) >= 4]


def _ring(ring: list[Any], step: float, decimals: int) -> list[list[float]]:
    kept: list[list[float]] = []
    for point in ring:
        snapped = [round(round(degrees / step) * step, decimals) for degrees in point[:2]]
        if not kept or snapped != kept[-1]:
            kept.append(snapped)
    return kept
