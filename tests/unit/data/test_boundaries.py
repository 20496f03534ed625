"""Maps: codes known, polygons closed and in degrees."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.unit.data.workbooks import AREAS, NOW, codes, csv_file, filled, look, sentences, workspace

SQUARE = [[118.0, 30.0], [118.1, 30.0], [118.1, 30.1], [118.0, 30.1], [118.0, 30.0]]
BOW = [[118.0, 30.0], [118.1, 30.1], [118.1, 30.0], [118.0, 30.2], [118.0, 30.0]]


def geojson(path: Path, ring: Any = SQUARE, kind: str = "Polygon", **properties: Any) -> Path:
    """A map of one area."""
    coordinates = [ring] if kind == "Polygon" else [[ring]]
    feature = {"type": "Feature", "properties": properties or {"code": "990101001", "name": "城关街道"},
               "geometry": {"type": kind, "coordinates": coordinates}}  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["Polygon", "MultiPolygon"])
def test_a_sound_map_is_kept(tmp_path: Path, kind: str) -> None:
    made = filled(tmp_path)
    found = look(made, geojson(tmp_path / "areas.geojson", kind=kind))
    assert codes(found) == []
    assert found.commit(at=NOW) is None
    kept = made.boundaries()
    assert kept is not None and kept["features"][0]["properties"]["area_code"] == "990101001"


def test_map_and_areas_come_together(tmp_path: Path) -> None:
    made = workspace(tmp_path)
    areas = csv_file(tmp_path / "区域.csv", AREAS)
    assert codes(look(made, geojson(tmp_path / "a.geojson"))) == ["geojson_unknown_code"]
    found = look(made, geojson(tmp_path / "a.geojson"), areas)
    assert codes(found) == []
    found.commit(at=NOW)
    assert made.boundaries() is not None and made.tables()["areas"].height == 2


@pytest.mark.parametrize(
    ("ring", "code"),
    [
        (SQUARE[:-1], "geojson_bad_ring"),
        (SQUARE[:2], "geojson_bad_ring"),
        ([SQUARE[0]] * 4, "geojson_bad_ring"),
        ([[x * 1e5, y * 1e5] for x, y in SQUARE], "geojson_not_degrees"),
        ([["a", "b"]] * 4, "geojson_bad_ring"),
        (None, "geojson_bad_ring"),
        ("x", "geojson_bad_ring"),
    ],
)
def test_broken_rings(tmp_path: Path, ring: Any, code: str) -> None:
    found = look(filled(tmp_path), geojson(tmp_path / "a.geojson", ring))
    assert codes(found) == [code] and sentences(found) and sentences(found, "en")


def test_a_border_that_crosses_itself_is_doubted(tmp_path: Path) -> None:
    assert codes(look(filled(tmp_path), geojson(tmp_path / "a.geojson", BOW)), "warning") == [
        "geojson_crossing"
    ]


def test_codes(tmp_path: Path) -> None:
    made = filled(tmp_path)
    assert codes(look(made, geojson(tmp_path / "a.geojson", code="990101777"))) == ["geojson_unknown_code"]
    assert codes(look(made, geojson(tmp_path / "a.geojson", title="?"))) == ["geojson_no_code"]
    assert codes(look(made, geojson(tmp_path / "a.geojson", adcode=990101001.0))) == []


@pytest.mark.parametrize(
    "text", ['{"type": "Feature"}', '{"type": "FeatureCollection", "features": []}', '{"type": ' + "[" * 5000]
)
def test_not_a_map(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(text, encoding="utf-8")
    assert codes(look(filled(tmp_path), path)) == ["geojson_unreadable"]
