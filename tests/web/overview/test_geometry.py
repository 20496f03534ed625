"""Polygons made light keep their shared borders."""

from __future__ import annotations

import json
import math
from typing import Any

from junheng.web.overview import geometry


def square(code: str, west: float, points: int) -> dict[str, Any]:
    """A unit square from `west` with `points` on each side."""
    side = [step / points for step in range(points)]
    ring = [[west + s, math.sin(s * 40) / 1e4] for s in side] + [[west + 1, s] for s in side]
    ring += [[west + 1 - s, 1] for s in side] + [[west, 1 - s] for s in side]
    return {
        "properties": {"area_code": code},
        "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    }


def test_many_points_become_few_and_borders_stay_shared() -> None:
    boundaries = {"features": [square("a", 0.0, 20_000), square("b", 1.0, 20_000)]}
    content = geometry.collection(boundaries, {"a": "a", "b": "b"}, {"a": "A", "b": "B"})
    assert len(content) <= geometry.LIMIT
    rings = [set(map(tuple, one["geometry"]["coordinates"][0][0])) for one in json.loads(content)["features"]]
    left, right = ({point for point in ring if point[0] == 1.0} for ring in rings)
    assert left == right and len(left) > 100


def test_areas_drawn_under_the_unit_above_become_one_feature() -> None:
    boundaries = {"features": [square("a", 0.0, 4), square("b", 1.0, 4), square("c", 2.0, 4)]}
    content = json.loads(geometry.collection(boundaries, {"a": "county", "b": "county"}, {"county": "县"}))
    (feature,) = content["features"]
    assert feature["properties"] == {"code": "county", "name": "县"}
    assert len(feature["geometry"]["coordinates"]) == 2
