"""Figures: what the browser draws and the still picture come from one source."""

from __future__ import annotations

import re

from junheng.report.charts import Drivers, Fan
from junheng.report.content import Figure
from junheng.web.figures import charts, still

WORDS = {"high": "高", "middle": "中", "low": "低", "seats": "学位", "peak": "峰", "counted": "统计"}
BANDS = {"known": "已在册", "partly": "部分已知", "assumption": "假设"}


def fan(seats: tuple[tuple[int, float], ...] = ((2026, 90.0), (2027, 90.0))) -> Figure:
    rows = tuple(
        {"p2_5": m - 4, "p10": m - 3, "p25": m - 1, "p50": m, "p75": m + 1, "p90": m + 3, "p97_5": m + 4}
        for m in (110.0, 104.4)
    )
    spec = Fan(
        ((2024, 100.0), (2025, 105.0)), (2026, 2027), rows, ("known", "assumption"), seats, WORDS | BANDS
    )
    return Figure("fan-primary", "fan", "小学：到峰 <110>", "小学 & 区间", spec)


def test_a_fan_for_the_browser() -> None:
    told = charts.fan(fan())
    assert [one["year"] for one in told["years"]] == [2024, 2025, 2026, 2027]
    assert [one["text"] for one in told["ahead"]] == ["110", "104"]
    assert told["ahead"][0]["bands"] == {"95": [106.0, 114.0], "80": [107.0, 113.0], "50": [109.0, 111.0]}
    assert told["ahead"][1]["range"] == "101–107"
    assert [(one["from"], one["to"], one["kind"]) for one in told["basis"]] == [
        (2024, 2025, "counted"), (2026, 2026, "known"), (2027, 2027, "assumption"),
    ]  # fmt: skip
    assert [one["year"] for one in told["marks"]] == [2026]
    assert [one["text"] for one in told["ends"]] == ["高 107", "中 104", "低 101", "学位 90"]
    assert charts.fan(fan(seats=()))["lines"] == []


def test_causes_end_where_the_total_says() -> None:
    figure = Figure(
        "why",
        "drivers",
        "为什么",
        "为什么",
        Drivers((("出生", -9, -8, -7), ("住房", 1, 2, 4)), ("合计", -6.0)),
    )
    told = charts.waterfall(figure, (2025, 105.0), 2040)
    assert (told["start"]["text"], told["end"]["text"]) == ("105", "99")
    assert [one["text"] for one in told["causes"]] == ["−8", "+2"]
    assert told["causes"][0]["range"] == "−9 ~ −7"


def test_a_still_picture_asks_for_nothing() -> None:
    body = still.svg(fan()).decode()
    assert body.startswith("<svg xmlns=")
    assert body.count("@font-face") == 2
    assert set(re.findall(r"url\((.{5})", body)) <= {"data:", "#fan-"}
    assert "<script" not in body
    assert "2026 峰 110" in re.sub(r"<[^>]+>", "", body)
    assert still.svg(fan()) == still.svg(fan())
