"""Area polygons from a GeoJSON file: codes known, rings closed, coordinates degrees, no line crossing
itself."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from junheng.data import faults

CODE_NAMES = ("area_code", "code", "adcode", "区划代码", "区域代码", "街道代码", "id")
NAME_NAMES = ("name", "名称", "街道", "NAME")
MAX_POINTS_FOR_CROSSING = 4000
"""Longer rings are not searched for crossings (the search is quadratic); maps draw them all the same."""


def read(content: bytes, file: str) -> tuple[dict[str, Any] | None, pl.DataFrame]:
    """A FeatureCollection whose features carry `area_code` and `name`, and the faults of the file."""
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError, UnicodeDecodeError):
        return None, faults.one("intake.geojson_unreadable", file=file)
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or data.get("type") != "FeatureCollection" or not features:
        return None, faults.one("intake.geojson_unreadable", file=file)
    found: list[pl.DataFrame] = []
    if _other_datum(data):
        found.append(faults.one("intake.geojson_datum", file=file))
    kept: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, entry in enumerate(features, 1):
        feature = entry if isinstance(entry, dict) else {}
        properties = feature.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        code = _code(properties, feature)
        if not code:
            found.append(
                faults.one("intake.geojson_no_code", file=file, row=number, names=", ".join(CODE_NAMES[:4]))
            )
            continue
        if code in seen:
            found.append(faults.one("intake.geojson_code_twice", file=file, row=number, value=code))
        seen.add(code)
        geometry = feature.get("geometry")
        problem = _problem(geometry)
        if problem:
            severity = "warning" if problem == "intake.geojson_crossing" else "error"
            found.append(faults.one(problem, severity, file=file, row=number, value=code, code_of_area=code))
        name = next((str(properties[n]) for n in NAME_NAMES if properties.get(n)), "")
        kept.append(
            {"type": "Feature", "properties": {"area_code": code, "name": name}, "geometry": geometry}
        )
    kept.sort(key=lambda feature: feature["properties"]["area_code"])
    return {"type": "FeatureCollection", "features": kept}, faults.gather(found)


def check_codes(boundaries: Mapping[str, Any], known: Sequence[str], file: str) -> pl.DataFrame:
    """Polygons of unknown areas (error) and areas of the lowest level without a polygon (note)."""
    codes = [feature["properties"]["area_code"] for feature in boundaries["features"]]
    found = [
        faults.one("intake.geojson_unknown_code", file=file, row=i, value=code, code_of_area=code)
        for i, code in enumerate(codes, 1)
        if code not in set(known)
    ]
    return faults.gather(found)


def _code(properties: Mapping[str, Any], feature: Mapping[str, Any]) -> str:
    lower = {str(key).lower(): value for key, value in properties.items()}
    for name in CODE_NAMES:
        value = lower.get(name, feature.get("id") if name == "id" else None)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def _other_datum(data: Mapping[str, Any]) -> bool:
    """Old files may name another coordinate system; the standard of today knows only WGS-84."""
    crs = json.dumps(data.get("crs") or "")
    return bool(data.get("crs")) and "CRS84" not in crs and "4326" not in crs and "4490" not in crs


def _problem(geometry: Any) -> str:
    if not isinstance(geometry, dict) or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        return "intake.geojson_not_a_polygon"
    coordinates = geometry.get("coordinates")
    polygons = coordinates if geometry["type"] == "MultiPolygon" else [coordinates]
    crossing = False
    if not isinstance(polygons, list) or not polygons:
        return "intake.geojson_not_a_polygon"
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            return "intake.geojson_not_a_polygon"
        for ring in polygon:
            try:
                points = np.array([[float(point[0]), float(point[1])] for point in ring])
            except (TypeError, ValueError, IndexError, KeyError):
                return "intake.geojson_bad_ring"
            if len(points) < 4 or not np.isfinite(points).all() or not np.array_equal(points[0], points[-1]):
                return "intake.geojson_bad_ring"
            if np.abs(points[:, 0]).max() > 180 or np.abs(points[:, 1]).max() > 90:
                return "intake.geojson_not_degrees"
            if math.isclose(_area(points), 0.0, abs_tol=1e-14):
                return "intake.geojson_bad_ring"
            crossing = crossing or (len(points) <= MAX_POINTS_FOR_CROSSING and _crosses_itself(points))
    return "intake.geojson_crossing" if crossing else ""


def _area(points: np.ndarray) -> float:
    x, y = points[:, 0] - points[0, 0], points[:, 1] - points[0, 1]
    return float(abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2)


def _crosses_itself(points: np.ndarray) -> bool:
    """Whether two edges of the ring cross properly (orientation test on every pair, one edge at a time)."""
    start, end = points[:-1], points[1:]
    for i in range(len(start) - 2):
        c, d = start[i + 2 :], end[i + 2 :]
        a, b = start[i], end[i]
        side_c, side_d = _side(a, b, c), _side(a, b, d)
        side_a, side_b = _side(c, d, a), _side(c, d, b)
        if bool(np.any((side_c * side_d < 0) & (side_a * side_b < 0))):
            return True
    return False


def _side(a: np.ndarray, b: np.ndarray, p: np.ndarray) -> np.ndarray:
    return (b[..., 0] - a[..., 0]) * (p[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (
        p[..., 0] - a[..., 0]
    )
