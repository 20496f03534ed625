"""Sample specifications for the islands: invented numbers of an invented county."""

from __future__ import annotations

import json
import math
import random
from typing import Any

Spec = dict[str, Any]
AREAS = ("城关街道", "河东街道", "新城片区", "临江镇", "石桥镇", "大安镇", "青龙镇", "桃源乡", "云岭乡")
FIRST, NOW, LAST = 2015, 2026, 2037
WORDS = {"actual": "在校生", "median": "预测", "range": "80% 区间"}


def text(value: float) -> str:
    """Whole number as the report writes it."""
    return f"{round(value):,}".replace("-", "−")


def signed(value: float) -> str:
    """With its sign."""
    return ("+" if value > 0 else "") + text(value)


def quantity(value: float, **more: Any) -> Spec:
    """A number with its text."""
    return {"value": value, "text": text(value), **more}


def years() -> list[Spec]:
    """Years of the samples."""
    return [{"year": year, "text": str(year)} for year in range(FIRST, LAST + 1)]


def series(level: float, seed: int, *, gap: int | None = None) -> tuple[list[Spec], list[Spec]]:
    """Counted years and years ahead: a rise, a peak and the fall of fewer births."""
    dice = random.Random(seed)  # noqa: S311
    peak, width = NOW + dice.uniform(-1, 5), dice.uniform(6, 10)

    def at(year: int) -> float:
        return level * (0.62 + 0.46 * math.exp(-(((year - peak) / width) ** 2)))

    actual = [
        {"year": year, **quantity(round(at(year) * dice.uniform(0.99, 1.01)))}
        for year in range(FIRST, NOW + 1)
        if year != gap
    ]
    ahead = []
    for year in range(NOW + 1, LAST + 1):
        middle, spread = at(year), 0.012 * (year - NOW) ** 1.15
        bands = {
            share: [round(middle * (1 - by * spread)), round(middle * (1 + by * spread))]
            for share, by in (("50", 0.67), ("80", 1.28), ("95", 1.96))
        }
        low, high = bands["80"]
        ahead.append(
            {"year": year, **quantity(round(middle)), "bands": bands, "range": f"{text(low)}–{text(high)}"}
        )
    return actual, ahead


def fan() -> Spec:
    """Pupils of primary schools against seats."""
    actual, ahead = series(15200, 7)
    seats = [
        {"year": year, **quantity(13200 + (900 if year >= 2022 else 0) + (720 if year >= 2028 else 0))}
        for year in range(FIRST, LAST + 1)
    ]
    last = ahead[-1]
    peak = max([*actual, *ahead], key=lambda point: point["value"])
    return {
        "kind": "fan",
        "title": "小学学位 2028 年起不足",
        "unit": "人",
        "summary": "小学在校生由 2026 年升至 2029 年的高峰后回落，2028 年起超过学位数。",
        "years": years(),
        "actual": actual,
        "ahead": ahead,
        "lines": [{"label": "学位", "points": seats}],
        "thresholds": [],
        "breaks": [{"year": 2019, "label": "区划调整"}],
        "basis": [
            {"from": FIRST, "to": NOW, "kind": "counted", "text": "实际"},
            {"from": 2027, "to": 2030, "kind": "known", "text": "已知"},
            {"from": 2031, "to": 2033, "kind": "partly", "text": "部分已知"},
            {"from": 2034, "to": LAST, "kind": "assumption", "text": "假设"},
        ],
        "marks": [
            {"year": peak["year"], "value": peak["value"], "text": f"{peak['year']} 高峰 {peak['text']}"}
        ],
        "ends": [
            {"value": last["bands"]["80"][1], "text": f"高 {text(last['bands']['80'][1])}"},
            {"value": last["value"], "text": f"中 {last['text']}", "tone": "accent", "strong": True},
            {"value": last["bands"]["80"][0], "text": f"低 {text(last['bands']['80'][0])}"},
            {"value": seats[-1]["value"], "text": f"学位 {seats[-1]['text']}"},
        ],
        "ticks": [quantity(value) for value in range(0, 20001, 5000)],
        "words": WORDS,
    }


def share() -> Spec:
    """A share against the standard it must not pass, without years ahead."""
    dice = random.Random(3)  # noqa: S311
    actual = [
        {"year": year, "value": value, "text": f"{value:.1f}"}
        for year in range(FIRST, NOW + 1)
        if year != 2020
        for value in [round(11 - 0.62 * (year - FIRST) + dice.uniform(-0.5, 0.5), 1)]
    ]
    return {
        "kind": "fan",
        "title": "大班额比例降到 5% 以下",
        "unit": "%",
        "summary": "大班额比例由 2015 年的 11% 降至 2026 年的 4.3%，2020 年未填报。",
        "years": [{"year": year, "text": str(year)} for year in range(FIRST, NOW + 1)],
        "actual": actual,
        "ahead": [],
        "thresholds": [
            {"value": 5, "text": "5", "label": "不超过 5%", "citation": "《县域义务教育优质均衡》第十二条"}
        ],
        "ends": [{"value": actual[-1]["value"], "text": actual[-1]["text"], "tone": "ink", "strong": True}],
        "words": WORDS,
    }


def bars() -> Spec:
    """Short and idle places by area."""
    values = (1240, 860, 415, 120, 36, -48, -190, -330, -505)
    return {
        "kind": "bars",
        "title": "城关、河东缺得最多，乡镇有空余",
        "unit": "个",
        "summary": "2029 年小学学位：城关街道缺 1,240 个，云岭乡空余 505 个。",
        "tones": "short",
        "items": [
            {
                "key": f"A{row}",
                "label": area,
                **quantity(value),
                "text": signed(value),
                "low": value - 60 - abs(value) * 0.2,
                "high": value + 60 + abs(value) * 0.2,
                "range": f"{text(value - 60 - abs(value) * 0.2)} 至 {text(value + 60 + abs(value) * 0.2)}",
                "href": f"/went/A{row}",
            }
            for row, (area, value) in enumerate(zip(AREAS, values, strict=True))
        ],
        "words": {"range": "80% 区间"},
    }


def multiples() -> Spec:
    """One small fan an area, all on one scale."""
    panels = []
    for row, area in enumerate(AREAS):
        level = 2600 / (1 + 0.35 * row)
        actual, ahead = series(level, 20 + row, gap=2020 if row == 3 else None)
        seats = [{"year": year, **quantity(round(level * 0.98))} for year in range(FIRST, LAST + 1)]
        panels.append(
            {
                "key": f"A{row}",
                "title": area,
                "text": ahead[-1]["text"],
                "href": f"/went/A{row}",
                "actual": actual,
                "ahead": ahead,
                "lines": [{"label": "学位", "points": seats}],
            }
        )
    return {
        "kind": "multiples",
        "title": "三个片区超过学位，其余回落",
        "unit": "人",
        "summary": "九个片区小学在校生 2015 至 2037 年。",
        "years": years(),
        "panels": panels,
        "words": WORDS,
    }


def heat() -> Spec:
    """Short and idle places by area and year."""
    dice = random.Random(11)  # noqa: S311
    span = range(2027, LAST + 1)
    cells: list[list[Spec | None]] = []
    for row, _ in enumerate(AREAS):
        cells.append([])
        for column, _ in enumerate(span):
            if row == 7 and column > 7:
                cells[row].append(None)
                continue
            value = round((900 - 190 * row) * math.exp(-(((column - 2.5) / 5) ** 2)) + dice.uniform(-60, 60))
            edges = (600, 300, 120, 30)
            shade = next((4 - at for at, edge in enumerate(edges) if abs(value) >= edge), 0)
            cells[row].append(
                {
                    "value": value,
                    "text": signed(value),
                    "shade": shade if value > 0 else -shade,
                    "tip": "80% 区间 ±120",
                }
            )
    return {
        "kind": "heat",
        "title": "缺口集中在 2028—2031 年的城区",
        "unit": "个",
        "summary": "九个片区 2027 至 2037 年学位余缺。",
        "columns": [{"text": str(year)} for year in span],
        "rows": [
            {"key": f"A{row}", "label": area, "href": f"/went/A{row}"} for row, area in enumerate(AREAS)
        ],
        "cells": cells,
        "words": {"none": "未填报"},
    }


def waterfall() -> Spec:
    """From this year's pupils to those of 2029."""
    causes = (
        ("出生增减", -620),
        ("新建住宅入住", 1180),
        ("随迁子女", 430),
        ("外流到邻区", -210),
        ("升级与留级", 95),
    )
    return {
        "kind": "waterfall",
        "title": "新建住宅带来的学生多于出生减少",
        "unit": "人",
        "summary": "小学在校生由 14,320 人增至 15,195 人：新建住宅 +1,180，出生 −620。",
        "start": quantity(14320, label="2026 年在校生"),
        "causes": [
            {
                "label": label,
                "value": value,
                "text": signed(value),
                "range": f"{signed(value - 90)} 至 {signed(value + 90)}",
            }
            for label, value in causes
        ],
        "end": quantity(14320 + sum(value for _, value in causes), label="2029 年在校生"),
        "words": {"range": "80% 区间"},
    }


def dumbbell() -> Spec:
    """Gaps before and after a plan."""
    pairs = ((1240, 180), (860, 610), (415, 20), (120, 120), (36, 0))
    return {
        "kind": "dumbbell",
        "title": "三所新校使城关缺口降到 180 个",
        "unit": "个",
        "summary": "基准与建三所新校后 2029 年的学位缺口。",
        "items": [
            {
                "key": f"A{row}",
                "label": AREAS[row],
                "before": quantity(before),
                "after": quantity(after),
                "change": signed(after - before),
            }
            for row, (before, after) in enumerate(pairs)
        ],
        "thresholds": [{"value": 200, "text": "200", "label": "预警线", "citation": "本区规定"}],
        "words": {"before": "基准", "after": "建三校"},
    }


def slope() -> Spec:
    """Pupils a teacher, two years side by side."""
    pairs = ((18.2, 16.9), (17.6, 17.4), (16.4, 15.1), (14.9, 15.8), (12.1, 11.0))
    return {
        "kind": "slope",
        "title": "四个片区师生比改善，临江镇变差",
        "unit": "生/师",
        "summary": "2021 与 2026 年五个片区小学生师比。",
        "columns": [{"text": "2021"}, {"text": "2026"}],
        "lines": [
            {
                "key": f"A{row}",
                "label": AREAS[row],
                "points": [{"value": value, "text": f"{value:.1f}"} for value in pair],
                "tone": "red" if pair[1] > pair[0] else "accent",
            }
            for row, pair in enumerate(pairs)
        ],
    }


def steps() -> Spec:
    """A target path against what was reached."""
    target = {
        2021: 62,
        2022: 66,
        2023: 70,
        2024: 75,
        2025: 80,
        2026: 84,
        2027: 88,
        2028: 92,
        2029: 96,
        2030: 100,
    }
    actual = {2021: 61.0, 2022: 67.4, 2023: 71.2, 2024: 73.9, 2025: 77.5, 2026: 80.1}
    ahead = [
        {
            "year": year,
            "value": value,
            "text": f"{value:.1f}",
            "bands": {"80": [value - 1.2 * (year - 2026), min(100, value + 1.1 * (year - 2026))]},
            "range": f"{value - 1.2 * (year - 2026):.1f}–{min(100, value + 1.1 * (year - 2026)):.1f}",
        }
        for year, value in ((2027, 83.0), (2028, 86.1), (2029, 88.8), (2030, 91.4))
    ]
    return {
        "kind": "steps",
        "title": "优质园覆盖率 2024 年起落后于规划",
        "unit": "%",
        "summary": "覆盖率 2026 年 80.1%，规划 84%；按现在的速度 2030 年为 91.4%。",
        "years": [{"year": year, "text": str(year)} for year in target],
        "target": [{"year": year, "value": value, "text": str(value)} for year, value in target.items()],
        "actual": [{"year": year, "value": value, "text": f"{value:.1f}"} for year, value in actual.items()],
        "ahead": ahead,
        "ends": [
            {"value": 100, "text": "规划 100", "tone": "secondary"},
            {"value": 91.4, "text": "预计 91.4", "tone": "accent", "strong": True},
        ],
        "ticks": [{"value": value, "text": str(value)} for value in (50, 60, 70, 80, 90, 100)],
        "words": {"target": "规划", "actual": "实际", "median": "预计", "range": "80% 区间"},
    }


CHARTS = {
    "fan": fan,
    "share": share,
    "bars": bars,
    "multiples": multiples,
    "heat": heat,
    "waterfall": waterfall,
    "dumbbell": dumbbell,
    "slope": slope,
    "steps": steps,
}


ENGLISH = {
    "城关街道": "Chengguan Subdistrict",
    "河东街道": "Hedong Subdistrict (east bank)",
    "新城片区": "New Town school district",
    "临江镇": "Linjiang",
    "石桥镇": "Shiqiao",
    "大安镇": "Da’an",
    "青龙镇": "Qinglong",
    "桃源乡": "Taoyuan",
    "云岭乡": "Yunling",
    "在校生": "Enrolled",
    "预测": "Projected",
    "80% 区间": "80 % range",
    "区划调整": "Boundaries redrawn",
    "高峰": "peak",
    "部分已知": "Partly known",
    "已知": "Known",
    "实际": "Counted",
    "假设": "Assumed",
    "预警线": "Warning line",
    "本区规定": "Local rule",
    "基准": "Baseline",
    "建三校": "Three new schools",
    "出生增减": "Fewer or more births",
    "新建住宅入住": "Children moving into new housing",
    "随迁子女": "Children of migrant workers",
    "外流到邻区": "Leaving for neighbouring districts",
    "升级与留级": "Moving up and repeating",
    "规划": "Plan",
    "预计": "Expected",
    "学位": "Places",
    "不超过 5%": "At most 5 %",
    "《县域义务教育优质均衡》第十二条": "County balance standard, article 12",
    "生/师": "pupils per teacher",
    "中 ": "Mid ",
    "高 ": "High ",
    "低 ": "Low ",
}


def english(spec: Spec) -> Spec:
    """The same figure in longer words."""
    body = json.dumps(spec, ensure_ascii=False)
    for chinese, long in ENGLISH.items():
        body = body.replace(chinese, long)
    return json.loads(body)
