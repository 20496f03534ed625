"""The map tiles the county: every point of it lies in one area, and borders are shared to the decimal."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest

from junheng.data.examples import geography


def area_of(ring):
    x, y = np.asarray(ring).T
    return 0.5 * float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))


def crossings(ring):
    """Number of pairs of edges, not neighbours, that cross (plain double loop, vectorised over one side)."""
    a, b = ring[:-1], ring[1:]
    count = 0

    def side(p, q, r):
        return np.sign(
            (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1])
            - (q[..., 1] - p[..., 1]) * (r[..., 0] - p[..., 0])
        )

    for i in range(len(a)):
        later = slice(i + 2, len(a) - (i == 0))
        c, d = a[later], b[later]
        count += int(
            np.sum((side(a[i], b[i], c) != side(a[i], b[i], d)) & (side(c, d, a[i]) != side(c, d, b[i])))
        )
    return count


@pytest.mark.parametrize("seed", [1, 2, 3, 11, 2025])
def test_rings_are_closed_anticlockwise_and_simple(recipe, seed):
    for ring in geography.cells(recipe, seed):
        assert (ring[0] == ring[-1]).all() and area_of(ring) > 1.0
        assert crossings(ring) == 0


def test_every_edge_is_the_county_s_outline_or_shared_by_two_areas(recipe):
    edges = Counter()
    for ring in geography.cells(recipe, 1):
        edges.update(frozenset((tuple(a), tuple(b))) for a, b in itertools.pairwise(ring))
    assert set(edges.values()) == {1, 2}
    outer = [tuple(edge) for edge, count in edges.items() if count == 1]
    ends = Counter(point for edge in outer for point in edge)
    assert set(ends.values()) == {2}  # the unshared edges close into the outline
    # walk it once: it is one ring, so the areas leave no hole
    neighbours = {}
    for a, b in outer:
        neighbours.setdefault(a, []).append(b)
        neighbours.setdefault(b, []).append(a)
    start = outer[0][0]
    walked, here = [start], neighbours[start][0]
    while here != start:
        walked.append(here)
        here = next(n for n in neighbours[here] if n != walked[-2])
    assert len(walked) == len(outer)
    total = sum(area_of(ring) for ring in geography.cells(recipe, 1))
    assert abs(abs(area_of([*walked, start])) - total) < 1e-6 * total


def test_points_lie_in_one_area_at_most(recipe):
    rings = geography.cells(recipe, 1)
    random = np.random.default_rng(0)
    for point in random.uniform(-35, 35, (400, 2)):
        assert sum(geography.inside(ring, point) for ring in rings) <= 1


def test_schools_stand_in_their_area(recipe):
    rings = geography.cells(recipe, 1)
    places = geography.places(recipe, rings, 1)
    assert len({tuple(place) for place in places}) == len(recipe.schools)
    for school, place in zip(recipe.schools, places, strict=True):
        assert geography.inside(rings[school.area], place)


def test_travel_is_the_same_both_ways_and_remote_townships_are_far(recipe):
    road = geography.minutes(recipe)
    assert (road == road.T).all() and (np.diag(road) == 0).all()
    towns = [i for i, area in enumerate(recipe.areas) if area.kind == "street"]
    remote = [i for i, area in enumerate(recipe.areas) if area.kind == "township"]
    assert road[np.ix_(remote, towns)].min() > 30 > road[np.ix_(towns, towns)].max()


def test_the_map_says_it_is_synthetic(county, recipe):
    _, boundaries = county
    assert all(feature["properties"]["synthetic"] for feature in boundaries["features"])
    codes = [feature["properties"]["area_code"] for feature in boundaries["features"]]
    assert codes == [area.code for area in recipe.areas]
