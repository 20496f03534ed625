"""No child can be found in an edition: no cell under the minimum, none to be worked out, same bytes again."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
import re
from datetime import date
from typing import Any

import polars as pl
import pytest

from junheng.model import Region
from junheng.report.public.pages import PAGES, bundle, manifest
from junheng.report.public.tables import ONLY_REGION, WHOLE_REGION, Slices, slices
from junheng.report.reading import Reading, ReportInput
from junheng.report.suppression import Protection

DAY = date(2027, 1, 15)
MINIMUM = 10


def region(seed: int, **about: Any) -> ReportInput:
    """A small invented region whose towns often have very few children in a stage."""
    draw = random.Random(seed)
    towns = [f"99010100{n}" for n in range(1, 6)]
    areas = [
        {"area_code": code, "name": f"镇{code[-1]}", "level": "town", "parent_code": "990101"}
        for code in towns
    ]
    schools, enrolment, outlook, forecast = [], [], [], []
    totals: dict[tuple[str, int], float] = {}
    for number, town in enumerate(towns):
        for stage, kind, grades in (
            ("primary", "211", [f"G{g:02d}" for g in range(1, 7)]),
            ("junior", "311", ["G07", "G08", "G09"]),
        ):
            school = f"{kind}{number:04d}"
            schools.append({"school_id": school, "name": f"校{school}", "kind": kind, "area_code": town})
            size = draw.choice([0, 1, 2, 5, 40])
            for grade in grades:
                enrolment.append({"school_id": school, "year": 2026, "grade": grade, "pupils": size})
            for year in (2027, 2029, 2031, 2036):
                pupils = float(draw.choice([0, 3, 8, 11, 60, 250]))
                quantiles = {name: pupils * f for name, f in QUANTILES.items()}
                forecast.append(row("area", town, stage, year, quantiles))
                outlook.append(seat("area", town, stage, year, pupils, draw.choice([5.0, 45.0, 100.0])))
                totals[stage, year] = totals.get((stage, year), 0.0) + pupils
    for (stage, year), pupils in totals.items():
        forecast.append(row("region", "990101", stage, year, {n: pupils * f for n, f in QUANTILES.items()}))
        outlook.append(seat("region", "990101", stage, year, pupils, 400.0))
    tables = {
        "areas": pl.DataFrame(areas),
        "schools": pl.DataFrame(schools),
        "enrolment": pl.DataFrame(enrolment, schema_overrides={"pupils": pl.Int64, "year": pl.Int32}),
        "forecast_enrolment": pl.DataFrame(forecast),
        "seat_outlook": pl.DataFrame(outlook),
    }
    own = Region("990101", "试县", "Test County", **about)
    return ReportInput(own, tables, run={"id": "year-test", "origin_year": 2026})


QUANTILES = {"p2_5": 0.8, "p10": 0.9, "p25": 0.95, "p50": 1.0, "p75": 1.05, "p90": 1.1, "p97_5": 1.2}


def row(kind: str, code: str, stage: str, year: int, quantiles: dict[str, float]) -> dict[str, Any]:
    about = {"scenario": "base", "unit_kind": kind, "unit_code": code, "stage": stage, "year": year}
    return {**about, "grade": "all", "band": "known", **quantiles}


def seat(kind: str, code: str, stage: str, year: int, demand: float, seats: float) -> dict[str, Any]:
    about = {"scenario": "base", "unit_kind": kind, "unit_code": code, "stage": stage, "year": year}
    gap = demand - seats
    return {
        **about,
        "demand_p50": demand,
        "gap_p10": gap * 0.9,
        "gap_p50": gap,
        "gap_p90": gap * 1.1,
        "seats_standard": seats,
        "p_short": 1.0 if gap > 0 else 0.0,
        "utilisation": demand / seats,
        "rule_id": None,
    }


def held(source: ReportInput) -> Slices:
    return slices(Reading(source, "zh"), Protection("public", MINIMUM))


def rows(files: dict[str, bytes], table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"data/{table}.csv"].decode("utf-8-sig"))))


@pytest.mark.parametrize("seed", range(12))
def test_no_count_is_small_and_none_can_be_worked_out(seed: int) -> None:
    found = held(region(seed))
    cells = {(one.area, one.stage, one.year): one for one in found.pupils}
    for one in found.pupils:
        for value in (one.value, one.low, one.high):
            assert value is None or value == 0 or value >= MINIMUM - 0.5
    for stage in found.stages:
        for year in (found.counted, *found.years):
            total = cells.get((WHOLE_REGION, stage, year))
            parts = [cells[area, stage, year] for area in found.areas if (area, stage, year) in cells]
            hidden = [one for one in parts if one.hidden]
            if total is not None and total.hidden:
                assert hidden == parts, "a hidden total may not be added up"
            others = [one for one in parts if not one.hidden and one.value]
            assert len(hidden) != 1 or not others, "one hidden cell is the total less the others"


@pytest.mark.parametrize("seed", range(12))
def test_seats_give_no_hidden_pupils_away(seed: int) -> None:
    found = held(region(seed))
    hidden = {(one.area, one.stage) for one in found.pupils if one.hidden}
    for seat_row in found.seats:
        if (seat_row.area, seat_row.stage) in hidden:
            assert seat_row.utilisation is None and seat_row.balance is None
    for tight in found.tight:
        if (tight.area, tight.stage) in hidden:
            assert tight.most is None


@pytest.mark.parametrize("seed", range(4))
def test_files_say_no_more_than_the_slices(seed: int) -> None:
    source = region(seed)
    files, found = bundle(source, published=DAY, minimum=MINIMUM), held(source)
    written = {
        (one["area_code"], one["stage"], int(one["year"])): one["pupils"] for one in rows(files, "pupils")
    }
    for one in found.pupils:
        assert (written[one.area, one.stage, one.year] == "") == bool(one.hidden)
    for table in ("pupils", "seats", "tight"):
        held_json = json.loads(files[f"data/{table}.json"])
        assert len(held_json["rows"]) == len(rows(files, table))
    assert set(rows(files, "schools")[0]) == {
        "area_code",
        "area",
        "school",
        "kind",
        "ownership",
    }


def test_the_same_edition_has_the_same_bytes() -> None:
    assert bundle(region(3), published=DAY) == bundle(region(3), published=DAY)


def test_the_manifest_covers_every_file() -> None:
    files = bundle(region(5), published=DAY)
    held_manifest = json.loads(files["manifest.json"])
    digests = {
        path: hashlib.sha256(content).hexdigest()
        for path, content in files.items()
        if path != "manifest.json"
    }
    assert held_manifest["files"] == digests
    altered = {**files, "index.html": files["index.html"] + b" "}
    del altered["manifest.json"]
    assert json.loads(manifest(altered, DAY, {}))["head"] != held_manifest["head"]


def test_pages_are_light_and_ask_for_nothing_elsewhere() -> None:
    files = bundle(region(2), published=DAY)
    for path in PAGES.values():
        text = files[path].decode()
        assert len(files[path]) + len(files["style.css"]) <= 150 * 1024
        assert not re.search(r"<script|\sstyle=|\son\w+=|https?://(?!www\.w3\.org)", text)
        for link in re.findall(r'(?:href|src)="([^"#]+)"', text):
            assert (link.removeprefix("../") if path.startswith("en/") else link) in files


def test_no_map_without_an_approval_number() -> None:
    ring = [[0, 0], [1, 0], [1, 1], [0, 0]]
    shapes = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"area_code": f"99010100{n}"},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
            for n in range(1, 6)
        ],
    }
    without, source = region(1), region(1, map_approval="示S（2026）001号")
    pages = []
    for one in (without, source):
        drawn = ReportInput(
            one.region, one.tables, boundaries=shapes, run=one.run, map_approval=one.region.map_approval
        )
        pages.append(bundle(drawn, published=DAY)["index.html"].decode())
    assert pages[0].count("<figure>") + 1 == pages[1].count("<figure>")
    assert "示S（2026）001号" in pages[1] and "地图须取得审图号" in pages[0]


def test_the_bureaus_own_form_is_refused() -> None:
    with pytest.raises(ValueError):
        slices(Reading(region(1), "zh"), Protection("bureau"))


def test_special_schools_are_not_shown_by_town() -> None:
    assert not [
        one for one in held(region(4)).pupils if one.stage in ONLY_REGION and one.area != WHOLE_REGION
    ]
