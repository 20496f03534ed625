"""Starting a run, and looking back on past forecasts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import polars as pl
from tests.web.desks import Desk

from junheng.web.jobs.models import Job

Get = Callable[..., Any]
SOUND = {"origin": "2025", "years": "10", "draws": "100", "seed": "3"}


def post(desk: Desk, role: str, **fields: str) -> Any:
    return desk.client(role).post(f"/{desk.units['region']}/2026/forecast/start/", SOUND | fields)


def test_the_form_says_what_goes_in_and_what_is_missing(get: Get) -> None:
    page = get("planner", "start/").content.decode()
    assert "v0001" in page and "控制总数" in page
    assert page.count("已有") >= 8
    assert 'value="2025" selected' in page


def test_a_run_is_started_once(desk: Desk) -> None:
    answer = post(desk, "planner")
    job = Job.objects.get()
    assert answer.status_code == 303 and f"/jobs/{job.pk}/" in answer.headers["Location"]
    assert (job.verb, job.args) == ("run", {"origin": 2025, "years": 10, "draws": 100, "seed": 3})
    post(desk, "planner_2")
    assert Job.objects.count() == 1


def test_faults_in_place(desk: Desk) -> None:
    answer = post(desk, "planner", origin="1980", years="0", draws="many", seed="-1")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert {name for name in SOUND if f'href="#id-{name}"' in page} == set(SOUND)
    assert Job.objects.count() == 0


def test_only_those_who_forecast(desk: Desk, get: Get) -> None:
    assert get("leader", "start/").status_code == 403
    assert post(desk, "statistician").status_code == 403
    assert "/forecast/start/" not in get("leader").content.decode()


def test_without_data_there_is_no_form(get: Get, desk: Desk) -> None:
    for data in (desk.workspace / "data").glob("*.json"):
        data.unlink()
    page = get("planner", "start/").content.decode()
    assert 'name="origin"' not in page and "还没有导入任何数据" in page


def test_no_past_forecast_is_said_plainly(get: Get) -> None:
    page = get("planner", "accuracy/").content.decode()
    assert "还没有可以回看的预测" in page


def test_past_forecasts_with_coverage(get: Get, desk: Desk, monkeypatch: Any) -> None:
    from junheng.model.tables.forecast_outputs import FORECAST_ACCURACY
    from junheng.web.runs import reading

    region = desk.units["region"]
    rows = [
        {
            "past_run": "year-0123456789ab", "target_year": 2025, "unit_kind": "region",
            "unit_code": region,
            "stage": stage, "lead": 1, "forecast": forecast, "actual": actual, "inside_80": inside,
            "error": forecast - actual,
        }
        for stage, forecast, actual, inside in (
            ("primary", 1050.0, 1000.0, True), ("junior", 480.0, 500.0, False), ("senior", 300.0, 300.0, True)
        )
    ]  # fmt: skip
    frame = FORECAST_ACCURACY.conform(pl.DataFrame(rows))
    whole = reading.whole
    monkeypatch.setattr(
        reading, "whole", lambda record, name: frame if name == "forecast_accuracy" else whole(record, name)
    )
    held = reading.run(reading.RunRecord.objects.get().run_id)
    outputs = {**held.record.outputs, "forecast_accuracy": "x"}
    from dataclasses import replace

    monkeypatch.setattr(
        reading, "run", lambda run_id: replace(held, record=replace(held.record, outputs=outputs))
    )
    page = re.sub(r"<[^>]+>", "", get("planner", "accuracy/").content.decode())
    assert "3 项，2 项（67%）落在 80% 区间内" in page
    assert "平均偏差 +1.7%" in page
    assert "+50" in page and "−20" in page


def test_the_form_allows_what_the_command_line_allows() -> None:
    import typing

    from junheng.cli import arguments
    from junheng.web.forecast.scenario_draft import AHEAD, DRAWS, SEEDS

    for allowed, argument in ((AHEAD, arguments.Years), (DRAWS, arguments.Draws), (SEEDS, arguments.Seed)):
        option = typing.get_args(argument)[1]
        assert allowed[0] >= (option.min or 0)
        assert option.max is None or allowed[-1] <= option.max
