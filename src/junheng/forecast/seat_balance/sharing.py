"""Free seats shared between linked areas: the largest flow from areas short to areas with room.

For every draw and year the shared shortage is what no flow along the links can place (max-flow on a bipartite
graph; Ford and Fulkerson 1956, shortest augmenting paths). A largest flow is not unique in whom it helps, so
it is built in rounds: in each every area may place one more part of its shortage, and later rounds only add.
So neighbours that compete for the same seats keep like shares of their shortage, and order decides little.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
Links = NDArray[np.bool_]
ROUNDS = 5
EARTH_KM = 6371.0088


@njit(cache=True)
def _flow(short: Floats, free: Floats, links: Links, rounds: int, placed: Floats, used: Floats) -> None:
    """One draw: short[i] and free[j] >= 0; fills placed[i], used[j]."""
    size = short.shape[0]
    flow = np.zeros((size, size))
    parent_source = np.empty(size, np.int64)  # for a sink: the source that reached it
    parent_sink = np.empty(size, np.int64)  # for a source: the sink whose flow is taken back
    queue = np.empty(2 * size, np.int64)
    for step in range(1, rounds + 1):
        for first in range(size):
            allowed = short[first] * step / rounds
            while allowed - placed[first] > 1e-6:
                for i in range(size):
                    parent_source[i] = -1
                    parent_sink[i] = -2
                parent_sink[first] = -1
                queue[0] = first
                head, tail, found = 0, 1, -1
                while head < tail and found < 0:
                    node = queue[head]
                    head += 1
                    if node < size:
                        for j in range(size):
                            if links[node, j] and parent_source[j] < 0 and free[j] > 0.0:
                                parent_source[j] = node
                                if free[j] - used[j] > 1e-6:
                                    found = j
                                    break
                                queue[tail] = size + j
                                tail += 1
                    else:
                        sink = node - size
                        for i in range(size):
                            if parent_sink[i] == -2 and flow[i, sink] > 1e-6:
                                parent_sink[i] = sink
                                queue[tail] = i
                                tail += 1
                if found < 0:
                    break
                amount = min(allowed - placed[first], free[found] - used[found])
                sink, source = found, parent_source[found]
                while source != first:
                    amount = min(amount, flow[source, parent_sink[source]])
                    sink = parent_sink[source]
                    source = parent_source[sink]
                sink, source = found, parent_source[found]
                used[found] += amount
                while True:
                    flow[source, sink] += amount
                    if source == first:
                        break
                    back = parent_sink[source]
                    flow[source, back] -= amount
                    sink, source = back, parent_source[back]
                placed[first] += amount


@njit(cache=True)
def _share(gap: Floats32, links: Links, rounds: int, residual: Floats32, lent: Floats32) -> None:
    areas, years, draws = gap.shape
    short, free = np.zeros(areas), np.zeros(areas)
    placed, used = np.zeros(areas), np.zeros(areas)
    for h in range(years):
        for d in range(draws):
            any_short, any_free = False, False
            for a in range(areas):
                value = gap[a, h, d]
                short[a] = value if value > 0.0 else 0.0
                free[a] = -value if value < 0.0 else 0.0
                placed[a] = 0.0
                used[a] = 0.0
                any_short = any_short or value > 0.0
                any_free = any_free or value < 0.0
            if any_short and any_free:
                _flow(short, free, links, rounds, placed, used)
            for a in range(areas):
                residual[a, h, d] = short[a] - placed[a]
                lent[a, h, d] = used[a]


def share(gap: Floats32, links: Links) -> tuple[Floats32, Floats32]:
    """Shortage left after sharing and seats lent, both float32[A, H, D] and ≥ 0.

    gap: demand less capacity float32[A, H, D], each area having served itself. links: bool[A, A], [i, j] when
    children of area i may use free seats of area j. The shortage left in total is the least possible.
    """
    residual, lent = np.zeros_like(gap), np.zeros_like(gap)
    if gap.size:
        _share(np.ascontiguousarray(gap), np.ascontiguousarray(links), ROUNDS, residual, lent)
    return residual, lent


def links_by_minutes(areas: tuple[str, ...], pairs: list[tuple[str, str, float]], limit: float) -> Links:
    """Links between areas no more than `limit` minutes apart; a pair holds both ways."""
    at = {code: row for row, code in enumerate(areas)}
    links = np.zeros((len(areas), len(areas)), dtype=np.bool_)
    for one, other, minutes in pairs:
        if one in at and other in at and one != other and minutes <= limit:
            links[at[one], at[other]] = links[at[other], at[one]] = True
    return links


def links_by_distance(longitude: Floats, latitude: Floats, limit_km: float) -> Links:
    """Links between places no more than `limit_km` apart by great circle; one without position has none."""
    distance = kilometres(longitude, latitude)
    links = np.nan_to_num(distance, nan=np.inf) <= limit_km
    np.fill_diagonal(links, False)
    return links


def kilometres(longitude: Floats, latitude: Floats, rows: slice = slice(None)) -> Floats:
    """Great-circle distances in kilometres (haversine) from the places of `rows` to all; NaN if unknown."""
    lon, lat = np.radians(longitude), np.radians(latitude)
    half = np.sin((lat[rows, None] - lat) / 2) ** 2
    half = half + np.cos(lat[rows, None]) * np.cos(lat) * np.sin((lon[rows, None] - lon) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
