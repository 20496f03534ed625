"""Charts and maps: the same each time, true to their numbers, light enough to embed."""

from __future__ import annotations

import io
import re
from itertools import pairwise

import pytest
from PIL import Image
from tests.unit.report import example

from junheng.report import charts, drawing, maps
from junheng.report.content import Figure

WORDS = {
    "high": "高",
    "middle": "中",
    "low": "低",
    "seats": "学位",
    "peak": "峰",
    "counted": "统计",
    "known": "已在册",
    "partly": "部分已知",
    "assumption": "假设",
}


def fan(actual: tuple[tuple[int, float], ...], years: int = 5) -> Figure:
    rows = tuple(
        {"p2_5": 80.0, "p10": 85.0, "p25": 90.0, "p50": 1234.0, "p75": 1300.0, "p90": 1400.0, "p97_5": 1500.0}
        for _ in range(years)
    )
    bands = ("known", "known", "partly", "assumption", "assumption")[:years]
    seats = ((2026, 1100.0), (2027, 1200.0)) if years else ()
    spec = charts.Fan(actual, tuple(range(2026, 2026 + years)), rows, bands, seats, WORDS)
    return Figure("one", "fan", "题", '替代 "文字" <b>', spec)


def region(shapes: maps.Shapes) -> Figure:
    classes = {code: index % 5 for index, code in enumerate(shapes.rings) if index % 4}
    spec = maps.Panels(
        shapes,
        (("小学", (("2026", classes), ("2028", classes))),),
        ("0", "1", "2", "3", "4"),
        "无数据",
        {code: code[-3:] for code in shapes.rings},
        3,
    )
    return Figure("map", "map", "图", "图", spec)


@pytest.mark.parametrize(
    "figure", [fan(((2023, 900.0), (2024, 950.0), (2025, 1000.0))), region(maps.shapes(example.boundaries()))]
)
def test_same_drawing_same_bytes(figure: Figure) -> None:
    assert drawing.svg(figure, 4.6) == drawing.svg(figure, 4.6)
    assert drawing.png(figure, 3.0) == drawing.png(figure, 3.0)


def test_text_stays_text_and_labels_stand_at_the_lines() -> None:
    text = drawing.svg(fan(((2024, 950.0), (2025, 1000.0))), 4.6)
    for words in ("中 1,234", "高 1,400", "低 85", "学位 1,200", "统计", "假设"):
        assert words in text
    assert 'aria-label="替代 &quot;文字&quot; &lt;b>"' in text
    assert "<style" not in text


def test_a_missing_year_breaks_the_line() -> None:
    pieces = charts._unbroken(((2019, 1.0), (2020, 2.0), (2022, 3.0)))
    assert pieces == [[(2019, 1.0), (2020, 2.0)], [(2022, 3.0)]]


def test_labels_are_pushed_apart_and_stay_above_the_floor() -> None:
    placed = charts._apart([1.0, 1.0, 1.2], 10.0)
    ordered = sorted(placed)
    assert all(b - a > 9.5 for a, b in pairwise(ordered))
    assert ordered[0] >= 4.9


@pytest.mark.parametrize("figure", [fan((), 5), fan(((2025, 3.0),), 0), fan(((2024, 0.0), (2025, 0.0)), 5)])
def test_thin_data_still_draw(figure: Figure) -> None:
    assert drawing.svg(figure, 4.6).startswith("<svg")


def test_png_has_the_width_asked_for() -> None:
    image = Image.open(io.BytesIO(drawing.png(fan(((2025, 9.0),)), 3.0)))
    assert image.size[0] == 600


def test_neighbours_share_their_border_after_snapping() -> None:
    rings = maps.shapes(example.boundaries()).rings
    codes = sorted(rings)
    first, second = set(rings[codes[0]][0]), set(rings[codes[1]][0])
    assert len(first & second) >= 8


def test_multipolygons_holes_and_numeric_codes_are_read() -> None:
    square = [[0, 0], [0, 4], [4, 4], [4, 0], [0, 0]]
    hole = [[1, 1], [1, 2], [2, 2], [2, 1], [1, 1]]
    far = [[6, 0], [6, 1], [7, 1], [7, 0], [6, 0]]
    collection = {
        "features": [
            {
                "properties": {"code": 110108},
                "geometry": {"type": "MultiPolygon", "coordinates": [[square, hole], [far]]},
            },
            {
                "properties": {"name": "line"},
                "geometry": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]},
            },
            {"properties": None, "geometry": None},
        ]
    }
    drawn = maps.shapes(collection, [(2.0, 2.0), (99.0, 2.0)])
    assert list(drawn.rings) == ["110108"]
    assert len(drawn.rings["110108"]) == 3
    assert len(drawn.points) == 1
    x, y = maps.middle(drawn.rings["110108"])
    assert x / drawn.size[0] == pytest.approx(2 / 7, abs=0.01)
    assert y / drawn.size[1] == pytest.approx(0.5, abs=0.01)


def test_empty_boundaries_give_no_shapes() -> None:
    assert maps.shapes({"features": []}).rings == {}
    assert maps.shapes({}).rings == {}


def test_ids_of_one_drawing_carry_its_key() -> None:
    text = drawing.svg(fan(((2025, 9.0),)), 4.6)
    assert all(name.startswith("one-") for name in re.findall(r' id="([^"]+)"', text))
