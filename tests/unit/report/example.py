"""A small made-up county with every output table, so that the report can be tried without a forecast."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from junheng.model import INPUTS, OUTPUTS, Finding, Region
from junheng.model.stages import grades_of, stages_of_kind
from junheng.report import ReportInput
from junheng.rules import Value

COUNTY = "990101"
TOWNS = (
    "城关街道",
    "城东街道",
    "云湖街道",
    "西桥镇",
    "石坝镇",
    "柳林镇",
    "青山镇",
    "白沙镇",
    "三河镇",
    "龙门镇",
    "竹溪乡",
    "高岭乡",
)
ORIGIN = 2025
HORIZON = 15
QUANTILES = {"p2_5": -2.0, "p10": -1.3, "p25": -0.67, "p50": 0.0, "p75": 0.67, "p90": 1.3, "p97_5": 2.0}


def _cited(
    topic: str, key: str, value: float, zh: str, en: str, document: str, article: str, verified: Any
) -> Value:
    return Value(
        topic=topic,
        key=key,
        value=value,
        unit="人/班 pupils per class",
        rule_id=f"{topic}.{key}@2017-04-19",
        source=f"《{document}》",
        document=document,
        article=article,
        limit="max",
        verified=verified,
        from_date=date(2017, 4, 19),
        zh=zh,
        en=en,
    )


CITATIONS = (
    _cited("class_size", "primary", 45, "小学", "primary", "示例办法", "第九条", "original"),
    _cited("class_size", "junior", 50, "初中", "junior secondary", "示例办法", "第九条", "original"),
    _cited("class_size", "K2", 30, "中班", "kindergarten second year", "示例规程", "第十一条", "second-hand"),
    _cited("warning_levels", "p_red", 0.8, "红色：补救期内短缺概率", "red", "Junheng", "", "ours"),
)


def _wave(stage: str, year: int, town: float) -> float:
    """Relative size of a stage in a year: a birth peak passing through, and towns drifting apart."""
    peak = {"kindergarten": 2020, "primary": 2025, "junior": 2030, "senior": 2033, "special": 2028}[stage]
    fall = {"kindergarten": 5.0, "primary": 6.5, "junior": 6.0, "senior": 6.0, "special": 9.0}[stage]
    wave = 0.42 + 0.58 * math.exp(-(((year - peak) / fall) ** 2))
    return wave * math.exp(town * (year - ORIGIN) / 15)


def _schools(count: int) -> list[dict[str, Any]]:
    kinds = ["111", "211", "211", "111", "311", "211", "111", "312", "218", "342", "111", "211"]
    words = {"111": "幼儿园", "211": "小学", "311": "初级中学", "312": "学校", "218": "教学点", "342": "中学"}
    rows = []
    for i in range(count):
        town = (i * i + 5 * i // 3) % len(TOWNS) if i % 3 else i % 4
        kind = "513" if i == count - 1 else kinds[i % len(kinds)]
        name = "云州县特殊教育学校" if kind == "513" else f"{TOWNS[town][:2]}第{i + 1}{words[kind]}"
        rows.append(
            {
                "school_id": f"{kind[0]}1990{i:05d}",
                "name": name,
                "kind": kind,
                "area_code": f"{COUNTY}{town + 1:03d}",
                "ownership": "private_inclusive" if i % 11 == 0 else "public",
                "urban_rural": "111" if town < 3 else "220",
                "opened_year": 1980 + i % 40,
            }
        )
    return rows


def boundaries() -> dict[str, Any]:
    """Crooked quadrilaterals on a four by three grid, neighbours sharing their borders point by point."""
    rng = np.random.default_rng(3)
    knots = {
        (i, j): (118 + i * 0.12 + rng.normal(0, 0.02), 30 + j * 0.11 + rng.normal(0, 0.02))
        for i in range(5)
        for j in range(4)
    }

    def edge(a: tuple[int, int], b: tuple[int, int]) -> list[tuple[float, float]]:
        first, last = sorted((a, b))
        local = np.random.default_rng([*first, *last])
        (x0, y0), (x1, y1) = knots[first], knots[last]
        points = [
            (
                x0 + (x1 - x0) * t + local.normal(0, 0.006) * (0 < t < 1),
                y0 + (y1 - y0) * t + local.normal(0, 0.006) * (0 < t < 1),
            )
            for t in np.linspace(0, 1, 9)
        ]
        return points if a == first else points[::-1]

    features = []
    for index in range(len(TOWNS)):
        i, j = index % 4, index // 4
        corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
        ring = [p for a, b in zip(corners, corners[1:] + corners[:1], strict=True) for p in edge(a, b)[:-1]]
        ring.append(ring[0])
        features.append(
            {
                "type": "Feature",
                "properties": {"area_code": f"{COUNTY}{index + 1:03d}", "name": TOWNS[index]},
                "geometry": {"type": "Polygon", "coordinates": [[list(p) for p in ring]]},
            }
        )
    return {"type": "FeatureCollection", "features": features}


def _quantiles(middle: float, sd: float, prefix: str = "") -> dict[str, float]:
    return {f"{prefix}{name}": middle * math.exp(z * sd) for name, z in QUANTILES.items()} | {
        f"{prefix}mean": middle
    }


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    table = (INPUTS | OUTPUTS)[name]
    frame = pl.from_dicts(rows, infer_schema_length=None) if rows else table.empty()
    return table.conform(frame)


def county(schools: int = 60, *, synthetic: bool = True) -> ReportInput:
    """The county with `schools` schools: inputs, outputs, boundaries, findings and citations."""
    rng = np.random.default_rng(7)
    school_rows = _schools(schools)
    drift = {f"{COUNTY}{i + 1:03d}": 0.35 - 0.09 * i for i in range(len(TOWNS))}
    enrolment, seats, forecast, outlook, horizon = [], [], [], [], []
    totals: dict[tuple[str, str, str, int], list[float]] = {}

    def add(kind: str, code: str, stage: str, year: int, pupils: float, capacity: float) -> None:
        cell = totals.setdefault((kind, code, stage, year), [0.0, 0.0])
        cell[0] += pupils
        cell[1] += capacity

    for row in school_rows:
        town = drift[row["area_code"]]
        size = {"111": 260, "211": 620, "311": 760, "312": 540, "218": 34, "342": 1500, "513": 60}[
            row["kind"]
        ]
        size *= float(np.exp(rng.normal(0, 0.35))) * (1.4 if town > 0.1 else 0.8)
        system_stages = ("special",) if row["kind"] == "513" else stages_of_kind(row["kind"])
        for stage in system_stages:
            grades = grades_of("primary") if stage == "special" else grades_of(stage)
            grades = tuple(g for g in grades if g != "K0")
            standard = {"kindergarten": 30, "primary": 45, "junior": 50, "senior": 50, "special": 12}[stage]
            for year in range(ORIGIN - 11, ORIGIN + 1):
                pupils = size * _wave(stage, year, town) / _wave(stage, 2020, town)
                for grade in grades:
                    n = max(0, int(pupils / len(grades) * math.exp(rng.normal(0, 0.03))))
                    enrolment.append(
                        {
                            "school_id": row["school_id"],
                            "year": year,
                            "grade": grade,
                            "pupils": n,
                            "classes": math.ceil(n / standard),
                        }
                    )
            now = sum(e["pupils"] for e in enrolment[-len(grades) :])
            classes = max(1, math.ceil(now * (1.05 if town > 0 else 1.25) / standard))
            seats.append(
                {
                    "school_id": row["school_id"],
                    "stage": stage,
                    "year": ORIGIN,
                    "classes": classes,
                    "rooms": classes + 1,
                    "status": "open",
                }
            )
            for year in range(ORIGIN + 1, ORIGIN + HORIZON + 1):
                middle = now * _wave(stage, year, town) / _wave(stage, ORIGIN, town)
                capacity = classes * standard
                forecast.append(_forecast("school", row["school_id"], stage, year, middle, 0.05))
                if stage != "special":
                    outlook.append(_outlook("school", row["school_id"], stage, year, middle, capacity, 0.05))
                for kind, code in (("area", row["area_code"]), ("region", COUNTY)):
                    add(kind, code, stage, year, middle, capacity)
    for (kind, code, stage, year), (middle, capacity) in totals.items():
        spread = 0.02 if kind == "region" else 0.035
        forecast.append(_forecast(kind, code, stage, year, middle, spread))
        if stage != "special":
            outlook.append(_outlook(kind, code, stage, year, middle, capacity, spread))
    by_unit: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in outlook:
        by_unit.setdefault((row["unit_kind"], row["unit_code"], row["stage"]), []).append(row)
    for (kind, code, stage), rows in by_unit.items():
        short = [r["year"] for r in rows if r["p_short"] > 0.5]
        idle = [r["year"] for r in rows if r["p_underuse"] > 0.8]
        peak = max(rows, key=lambda r: r["demand_p50"])
        horizon.append(
            {
                "scenario": "base",
                "unit_kind": kind,
                "unit_code": code,
                "stage": stage,
                "first_short_year_p50": min(short, default=None),
                "peak_year": peak["year"],
                "peak_demand": peak["demand_p50"],
                "peak_gap": max(r["gap_p50"] for r in rows),
                "short_years": len(short),
                "first_underuse_year": min(idle, default=None),
            }
        )
    tables = {
        "areas": _frame(
            "areas",
            [
                {"area_code": COUNTY, "name": "云州县", "level": "county"},
                *(
                    {
                        "area_code": f"{COUNTY}{i + 1:03d}",
                        "name": name,
                        "level": "town",
                        "parent_code": COUNTY,
                    }
                    for i, name in enumerate(TOWNS)
                ),
            ],
        ),
        "schools": _frame("schools", school_rows),
        "enrolment": _frame("enrolment", enrolment),
        "seats": _frame("seats", seats),
        "forecast_enrolment": _frame("forecast_enrolment", forecast),
        "seat_outlook": _frame("seat_outlook", outlook),
        "seat_horizon": _frame("seat_horizon", horizon),
        "seat_warnings": _frame("seat_warnings", _warnings(outlook)),
        "class_size_room": _frame("class_size_room", _room(outlook)),
        "forecast_drivers": _frame("forecast_drivers", _drivers()),
        "forecast_findings": _frame("forecast_findings", _findings(school_rows)),
        "forecast_accuracy": _frame("forecast_accuracy", _accuracy()),
    }
    region = Region(COUNTY, "云州县", "Yunzhou County", "云州县教育局", synthetic=synthetic)
    return ReportInput(
        region=region,
        tables=tables,
        boundaries=boundaries(),
        findings=(Finding("enrolment.classes_missing", "warning", "enrolment", row=12, value="0"),),
        run={
            "id": "R-2025-0007",
            "origin_year": ORIGIN,
            "seed": 1,
            "draws": 1000,
            "software": "0.1.0",
            "rules_digest": "9f" * 32,
            "inputs": {"enrolment": "ab" * 32, "seats": "cd" * 32},
        },
        citations=CITATIONS,
    )


def _forecast(kind: str, code: str, stage: str, year: int, middle: float, spread: float) -> dict[str, Any]:
    lead = year - ORIGIN
    known = {"kindergarten": 2, "primary": 3, "junior": 6, "senior": 9, "special": 4}[stage]
    born = {"kindergarten": 3, "primary": 6, "junior": 11, "senior": 14, "special": 8}[stage]
    band = "known" if lead <= known else "partly" if lead <= born else "assumption"
    sd = spread * lead**0.7
    return {
        "scenario": "base",
        "unit_kind": kind,
        "unit_code": code,
        "year": year,
        "lead": lead,
        "stage": stage,
        "grade": "all",
        **_quantiles(middle, sd),
        **_quantiles(middle, sd, "placed_"),
        "tier": "B",
        "censored": False,
        "band": band,
        "share_known": 1.0 if band == "known" else 0.3,
        "share_born": 0.3,
        "share_unborn": 0.4,
    }


def _outlook(
    kind: str, code: str, stage: str, year: int, middle: float, capacity: float, spread: float
) -> dict[str, Any]:
    sd = max(1.0, middle * spread * (year - ORIGIN) ** 0.7)
    gap = middle - capacity
    p_short = 0.5 * (1 + math.erf(gap / sd / math.sqrt(2)))
    under = 0.5 * (1 + math.erf((0.6 * capacity - middle) / sd / math.sqrt(2)))
    return {
        "scenario": "base",
        "unit_kind": kind,
        "unit_code": code,
        "stage": stage,
        "year": year,
        "demand_p50": middle,
        "seats_standard": capacity,
        "seats_rooms": capacity * 1.05,
        "gap_p10": gap - 1.28 * sd,
        "gap_p50": gap,
        "gap_p90": gap + 1.28 * sd,
        "expected_short": max(gap, 0),
        "p_short": p_short,
        "p_underuse": under,
        "gap_shared": gap * 0.6,
        "p_short_shared": p_short * 0.7,
        "classes_needed": math.ceil(middle / 45),
        "class_size": 45,
        "utilisation": middle / capacity,
        "rule_id": f"class_size.{stage}",
        "verified": "original",
    }


def _warnings(outlook: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    first: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in outlook:
        key = (row["unit_kind"], row["unit_code"], row["stage"])
        if row["unit_kind"] == "area" and row["p_short"] >= 0.2 and key not in first:
            first[key] = row
    for i, ((kind, code, stage), row) in enumerate(sorted(first.items())):
        level = "red" if row["p_short"] >= 0.8 else "orange" if row["p_short"] >= 0.5 else "yellow"
        rows.append(
            {
                "scenario": "base",
                "warning_id": f"W{i:03d}",
                "level": level,
                "kind": "shortage",
                "unit_kind": kind,
                "unit_code": code,
                "stage": stage,
                "from_year": row["year"],
                "to_year": row["year"] + 4,
                "probability": row["p_short"],
                "pupils_affected": abs(row["gap_p50"]) + 20,
                "reason_code": "made_up.reason",
                "reason_parameters": json.dumps({"first": "births", "seats": 120.0}),
                "lever": "ElasticClasses" if i % 2 else "Expand",
                "lever_parameters": json.dumps({"rooms": 6}),
                "residual_p": 0.1,
                "rule_id": f"class_size.{stage}",
                "verified": "original",
            }
        )
    return rows


def _room(outlook: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for row in outlook:
        if row["unit_kind"] != "region":
            continue
        for size in (45, 40, 35, 30):
            feasible = row["demand_p50"] / size < row["seats_rooms"] / 45
            rows.append(
                {
                    "scenario": "base",
                    "unit_kind": "region",
                    "unit_code": COUNTY,
                    "stage": row["stage"],
                    "year": row["year"],
                    "size": size,
                    "p_feasible": 0.95 if feasible else 0.2,
                    "feasible": feasible,
                    "classes": math.ceil(row["demand_p50"] / size),
                    "posts": math.ceil(row["demand_p50"] / size * 2.2),
                }
            )
    return rows


def _drivers() -> list[dict[str, Any]]:
    parts = {"births": -0.3, "migration": 0.05, "yield": -0.02, "progression": 0.01, "housing": 0.03}
    rows = []
    for stage, size in (("kindergarten", 14000), ("primary", 34000), ("junior", 18000), ("senior", 15000)):
        for to in (ORIGIN + 5, ORIGIN + 15):
            for name, share in parts.items():
                middle = share * size * (to - ORIGIN) / 15
                rows.append(
                    {
                        "scenario": "base",
                        "unit_kind": "region",
                        "unit_code": COUNTY,
                        "stage": stage,
                        "from_year": ORIGIN,
                        "to_year": to,
                        "component": name,
                        "pupils_p10": middle - size * 0.02,
                        "pupils_p50": middle,
                        "pupils_p90": middle + size * 0.02,
                    }
                )
    return rows


def _findings(schools: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "finding_id": f"F{i:03d}",
            "code": "made_up.finding",
            "severity": "warning" if i % 3 else "note",
            "table": "enrolment",
            "unit_kind": "school",
            "unit_code": schools[i]["school_id"],
            "year": ORIGIN - i,
            "grade": "G01",
            "observed": 310.0,
            "expected": 240.0,
            "action": "made_up.action",
            "effect": 12.0 - i,
            "parameters": json.dumps({"n": i}),
        }
        for i in range(8)
    ]


def _accuracy() -> list[dict[str, Any]]:
    return [
        {
            "past_run": "R-2024-0003",
            "target_year": ORIGIN,
            "unit_kind": "region",
            "unit_code": COUNTY,
            "stage": stage,
            "lead": 1,
            "forecast": 1000.0,
            "actual": 990.0,
            "inside_80": True,
            "error": 10.0,
        }
        for stage in ("primary", "junior")
    ]
