"""Sample areas: cells about jittered corners, so that neighbours share their borders."""

from __future__ import annotations

import math
import random
from typing import Any

from frontend.harness.samples import AREAS, Spec, signed

WEST, SOUTH, CELL = 112.6, 27.4, 0.09
SYLLABLES = "东西南北中安和平新城河山石桥林泉溪岭云龙凤阳春秋永兴福寿康宁德义仁礼文昌明光华"
MAP_WORDS = {
    "none": "未填报",
    "zoom_in": "放大",
    "zoom_out": "缩小",
    "whole": "全图",
    "gesture": "按住 Ctrl 再滚动，可缩放地图",
    "touch": "用两指移动地图",
}


def name_of(number: int) -> str:
    """A place name for the n-th area."""
    if number < len(AREAS):
        return AREAS[number]
    dice = random.Random(number)  # noqa: S311
    return "".join(dice.sample(SYLLABLES, 2)) + dice.choice(("镇", "乡", "街道"))


def areas(count: int) -> Spec:
    """GeoJSON of `count` areas, about 16 or 30 corners each, left to right and bottom to top."""
    across = math.ceil(math.sqrt(count * 1.5))
    dice = random.Random(count)  # noqa: S311
    corners: dict[tuple[int, int], tuple[float, float]] = {}
    edges: dict[tuple[tuple[int, int], tuple[int, int]], list[tuple[float, float]]] = {}
    sides = 8 if count < 500 else 4
    cell = CELL * min(1, 40 / across) * 1.4

    def corner(key: tuple[int, int]) -> tuple[float, float]:
        if key not in corners:
            shift = [dice.uniform(-0.3, 0.3) * cell for _ in range(2)]
            corners[key] = (WEST + key[0] * cell + shift[0], SOUTH + key[1] * cell * 0.9 + shift[1])
        return corners[key]

    def edge(start: tuple[int, int], end: tuple[int, int]) -> list[tuple[float, float]]:
        if (end, start) in edges:
            return edges[(end, start)][::-1]
        if (start, end) not in edges:
            (x0, y0), (x1, y1) = corner(start), corner(end)
            bend = dice.uniform(-0.12, 0.12)
            parts = [at / sides for at in range(sides + 1)]
            edges[(start, end)] = [
                (
                    x0
                    + (x1 - x0) * at
                    + math.sin(at * math.pi) * bend * (y1 - y0)
                    + math.sin(at * math.pi * 6) * 0.02 * (y1 - y0),
                    y0
                    + (y1 - y0) * at
                    - math.sin(at * math.pi) * bend * (x1 - x0)
                    + math.sin(at * math.pi * 5) * 0.02 * (x1 - x0),
                )
                for at in parts
            ]
        return edges[(start, end)]

    features: list[dict[str, Any]] = []
    for number in range(count):
        row, column = divmod(number, across)
        loop = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1), (column, row)]
        ring = [point for at in range(4) for point in edge(loop[at], loop[at + 1])[:-1]]
        ring.append(ring[0])
        features.append(
            {
                "type": "Feature",
                "properties": {"code": f"A{number}", "name": name_of(number)},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[round(x, 4), round(y, 4)] for x, y in ring]],
                },
            }
        )
    return {"type": "FeatureCollection", "features": features}


def _value(number: int) -> int:
    return -round(900 * math.sin(number * 1.7) + 300 * math.cos(number * 0.31))


def diverging(count: int = 9) -> Spec:
    """Short and idle places; one area without data."""
    return {
        "kind": "map",
        "title": "缺口集中在城区",
        "summary": "各片区 2029 年小学学位余缺的地图；同样的数字在右侧表中。",
        "url": f"/areas.json?count={count}",
        "scale": {"kind": "diverging", "breaks": [-600, -300, -120, -30, 30, 120, 300, 600]},
        "values": [
            {
                "code": f"A{number}",
                "name": name_of(number),
                "value": _value(number),
                "text": signed(_value(number)),
                "href": f"/went/A{number}",
            }
            for number in range(count)
            if number % 9 != 7
        ],
        "words": MAP_WORDS,
    }


def sequential() -> Spec:
    """Pupils by area, in blues, with schools as points and one area selected."""
    points = [
        {
            "code": f"S{number}",
            "name": f"{name_of(number)[:2]}小学",
            "longitude": WEST + 0.12 + 0.11 * (number % 4),
            "latitude": SOUTH + 0.1 + 0.13 * (number // 4),
            "value": 1,
            "text": "在校生 1,204",
            "light": ("met", "near", "unmet", "unexamined")[number % 4],
        }
        for number in range(8)
    ]
    return {
        **diverging(),
        "title": "在校生",
        "summary": "各片区小学在校生的地图。",
        "scale": {"kind": "sequential", "breaks": [-500, 0, 300, 700]},
        "points": points,
        "selected": "A4",
    }


def lights() -> Spec:
    """Warnings by light."""
    spec = diverging()
    kinds = ("red", "orange", "yellow", "clear", "clear", "red", "clear", "clear", "orange")
    words = {"red": "红色预警", "orange": "橙色预警", "yellow": "黄色预警", "clear": "无预警"}
    for value in spec["values"]:
        kind = kinds[int(value["code"][1:])]
        value |= {"light": kind, "text": words[kind]}
    return {**spec, "title": "两个片区红色预警", "scale": {"kind": "lights", "breaks": []}}


MAPS = {"diverging": diverging, "sequential": sequential, "lights": lights}
