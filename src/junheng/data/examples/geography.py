"""The county's map: streets and towns that tile an outline, travel times between them, places of schools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from junheng.data.examples.chance import stream
from junheng.data.examples.recipe import Recipe

KM_PER_DEGREE = 111.32
_DEPTH = 4
_ROUGHNESS = 0.10

Points = NDArray[np.float64]
"""[n, 2] kilometres east and north of the origin."""


def cells(recipe: Recipe, seed: int) -> list[Points]:
    """One closed ring for each area, anticlockwise: the points of the outline nearest to its centre (a
    Voronoi partition), with borders bent, shared ones the same way on both sides."""
    outline = _outline(recipe["map"]["outline"])
    centres = np.array([area.at for area in recipe.areas])
    rings = [_nearest(outline, centres, index) for index in range(len(centres))]
    shared = Counter(frozenset(edge) for ring in rings for edge in _edges(ring))
    bent: list[Points] = []
    for ring in rings:
        points: list[tuple[float, float]] = []
        for start, end in _edges(ring):
            inner = shared[frozenset((start, end))] == 2
            points += _bend(start, end, seed, _DEPTH if inner else _DEPTH - 2)
        bent.append(np.array([*points, points[0]]))
    return bent


def boundaries(recipe: Recipe, rings: Sequence[Points]) -> dict[str, Any]:
    """The areas as GeoJSON in WGS-84 degrees, declared synthetic."""
    features = [
        {
            "type": "Feature",
            "properties": {"area_code": area.code, "name": area.name, "synthetic": True},
            "geometry": {"type": "Polygon", "coordinates": [to_degrees(recipe, ring).tolist()]},
        }
        for area, ring in zip(recipe.areas, rings, strict=True)
    ]
    return {"type": "FeatureCollection", "note": recipe["region"]["note"], "features": features}


def to_degrees(recipe: Recipe, points: Points) -> Points:
    """Longitude and latitude, six decimals, of kilometres east and north of the origin."""
    latitude = recipe["map"]["latitude"]
    scale = np.array([KM_PER_DEGREE * np.cos(np.radians(latitude)), KM_PER_DEGREE])
    return np.round(np.array([recipe["map"]["longitude"], latitude]) + points / scale, 6)


def minutes(recipe: Recipe) -> NDArray[np.float64]:
    """[area, area] minutes on the road between centres; nought within an area."""
    given = recipe["map"]
    at = np.array([area.at for area in recipe.areas])
    town = np.array([area.kind == "street" for area in recipe.areas])
    distance = np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1)) * given["detour"]
    speed = np.where(town[:, None] & town[None, :], given["town_speed"], given["country_speed"])
    result = np.maximum(given["minutes_at_least"], np.round(distance / speed * 60 + 2, 1))
    np.fill_diagonal(result, 0.0)
    return result


def places(recipe: Recipe, rings: Sequence[Points], seed: int) -> Points:
    """[school, 2] kilometres: central schools near their area's centre, village schools anywhere in it."""
    found = np.empty((len(recipe.schools), 2))
    for index, school in enumerate(recipe.schools):
        random = stream(seed, "place", school.id)
        ring = rings[school.area]
        centre = np.array(recipe.areas[school.area].at)
        spread = 1.6 if recipe.areas[school.area].kind == "street" else 0.9
        low, high = ring.min(axis=0), ring.max(axis=0)
        for _ in range(200):
            point = random.uniform(low, high) if school.village else random.normal(centre, spread)
            if inside(ring, point):
                found[index] = point
                break
        else:
            found[index] = centre
    return found


def inside(ring: Points, point: NDArray[np.float64]) -> bool:
    """Whether a point lies inside a closed ring (even-odd rule)."""
    x, y = ring[:-1].T
    next_x, next_y = ring[1:].T
    crosses = (y > point[1]) != (next_y > point[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        at = (next_x - x) * (point[1] - y) / (next_y - y) + x
    return bool(np.count_nonzero(crosses & (point[0] < at)) % 2)


def _outline(radii: Sequence[float]) -> list[tuple[float, float]]:
    """A closed outline through radii at equal angles, filled in smoothly to four times as many points."""
    count = len(radii) * 4
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    spectrum = np.fft.rfft(radii)
    smooth = np.fft.irfft(spectrum, count) * 4
    return [(float(r * np.cos(a)), float(r * np.sin(a))) for r, a in zip(smooth, angles, strict=True)]


def _nearest(outline: list[tuple[float, float]], centres: Points, index: int) -> list[tuple[float, float]]:
    """The part of the outline nearer to one centre than to any other (Sutherland-Hodgman, side by side)."""
    ring = outline
    for other in range(len(centres)):
        if other == index:
            continue
        # the same arithmetic from either side, so that both cells get the same border points
        first, second = sorted((index, other))
        normal = centres[second] - centres[first]
        middle = float(normal @ (centres[first] + centres[second])) / 2
        sign = 1.0 if index == first else -1.0
        ring = _cut(ring, (float(normal[0]), float(normal[1])), middle, sign)
    ring = [_key(*point) for point in ring]
    return [point for place, point in enumerate(ring) if point != ring[place - 1]]


def _cut(
    ring: list[tuple[float, float]], normal: tuple[float, float], middle: float, sign: float
) -> list[tuple[float, float]]:
    def height(point: tuple[float, float]) -> float:
        return sign * (point[0] * normal[0] + point[1] * normal[1] - middle)

    kept: list[tuple[float, float]] = []
    for place, point in enumerate(ring):
        before = ring[place - 1]
        h, h_before = height(point), height(before)
        if (h <= 0) != (h_before <= 0):
            share = h_before / (h_before - h)
            kept.append(
                (before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1]))
            )
        if h <= 0:
            kept.append(point)
    return kept


def _bend(
    start: tuple[float, float], end: tuple[float, float], seed: int, depth: int
) -> list[tuple[float, float]]:
    """Points from `start` up to, but without, `end`: midpoints moved sideways, the same seen from either
    end."""
    if depth == 0:
        return [start]
    first, second = sorted((start, end))
    length = float(np.hypot(second[0] - first[0], second[1] - first[1]))
    move = (
        stream(seed, "border", f"{first}{second}").uniform(-_ROUGHNESS, _ROUGHNESS) if length > 0.3 else 0.0
    )
    middle = _key(
        (first[0] + second[0]) / 2 - move * (second[1] - first[1]),
        (first[1] + second[1]) / 2 + move * (second[0] - first[0]),
    )
    return _bend(start, middle, seed, depth - 1) + _bend(middle, end, seed, depth - 1)


def _edges(ring: list[tuple[float, float]]) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    return [(ring[place - 1], point) for place, point in enumerate(ring)]


def _key(x: float, y: float) -> tuple[float, float]:
    # neighbours reach a common point by different sums: a tenth of a metre makes them one
    return (round(float(x), 4), round(float(y), 4))
