"""Scenarios: listed, begun from others, started as jobs, set beside the base with the run's own numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from tests.web.desks import Desk

from junheng.report import format as fmt
from junheng.web.jobs.models import Job
from junheng.web.runs.models import RunRecord

Get = Callable[..., Any]
SETTINGS = {"rows": "1", "years": "15", "draws": "300", "seed": "1"}


@pytest.fixture
def told(desk: Desk, scenario: str) -> Callable[[str], pl.DataFrame]:
    """A table of the stored scenario, read without the application's code."""
    folder = desk.workspace / "runs" / scenario / "tables"
    return lambda name: pl.read_parquet(folder / f"{name}.parquet")


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def spec(answer: Any, key: str) -> dict[str, Any]:
    found = re.search(rf'<script id="spec-{key}"[^>]*>(.*?)</script>', answer.content.decode(), re.S)
    assert found, key
    return json.loads(found.group(1))


def post(desk: Desk, role: str, path: str, **fields: str) -> Any:
    address = f"/{desk.units['region']}/2026/forecast/{path}"
    return desk.client(role).post(address, {name.replace("__", "-"): value for name, value in fields.items()})


def test_the_list_shows_warnings_before_and_after(get: Get, scenario: str, told: Any) -> None:
    page = text(get("planner", "scenarios/"))
    rows = told("seat_warnings").filter(pl.col("level") == "red")
    before = rows.filter(pl.col("scenario") == "base").height
    after = rows.filter(pl.col("scenario") != "base").height
    assert "已测算 1 个情景" in page
    assert f"{before} → {after}" in page
    assert "扩建（" in page
    assert scenario in get("planner", "scenarios/").content.decode()


def test_drafts_are_not_for_schools(get: Get, scenario: str) -> None:
    assert "还没有发布的情景" in text(get("school_clerk", "scenarios/", unit="school"))
    assert get("school_clerk", "scenarios/compare/", unit="school", run=scenario).status_code == 404
    RunRecord.objects.filter(run_id=scenario).update(state=RunRecord.PUBLISHED)
    assert get("school_clerk", "scenarios/compare/", unit="school", run=scenario).status_code == 200
    assert get("school_clerk", "scenarios/new/", unit="school").status_code == 403


def test_the_comparison_is_the_stored_difference(get: Get, desk: Desk, scenario: str, told: Any) -> None:
    answer = get("planner", "scenarios/compare/", run=scenario, stage="junior")
    page = text(answer)
    rows = told("seat_outlook").filter(pl.col("unit_kind") == "area", pl.col("stage") == "junior")
    short = (
        rows.with_columns(pl.col("gap_p50").clip(lower_bound=0))
        .group_by("scenario", "year")
        .agg(pl.col("gap_p50").sum())
    )
    base = short.filter(pl.col("scenario") == "base").sort("gap_p50", descending=True).row(0, named=True)
    plan = short.filter(pl.col("scenario") != "base", pl.col("year") == base["year"])["gap_p50"][0]
    change = (
        told("scenario_comparison")
        .filter(pl.col("unit_kind") == "region", pl.col("stage") == "junior", pl.col("year") == base["year"])
        .row(0, named=True)
    )
    assert f"{base['year']} 年" in page
    for number in (base["gap_p50"], plan, change["waiting_p50"]):
        assert fmt.count(number) in page
    assert fmt.between(change["waiting_p10"], change["waiting_p90"]) in page


def test_before_and_after_by_area(get: Get, scenario: str, told: Any) -> None:
    chart = spec(get("planner", "scenarios/compare/", run=scenario, stage="junior"), "peaks")
    rows = told("seat_outlook").filter(pl.col("unit_kind") == "area", pl.col("stage") == "junior")
    peaks = rows.group_by("scenario", "unit_code").agg(pl.col("gap_p50").max())
    for one in chart["items"]:
        mine = peaks.filter(pl.col("unit_code") == one["key"])
        base = mine.filter(pl.col("scenario") == "base")["gap_p50"][0]
        plan = mine.filter(pl.col("scenario") != "base")["gap_p50"][0]
        assert (one["before"]["text"], one["after"]["text"]) == (fmt.signed(base), fmt.signed(plan))
    assert chart["items"]


def test_changed_warnings_are_named(get: Get, scenario: str, told: Any) -> None:
    page = get("planner", "scenarios/compare/", run=scenario).content.decode()
    part = page[page.index('id="t-changed"') :]
    rows = told("seat_warnings")
    base = dict(rows.filter(pl.col("scenario") == "base").select("warning_id", "level").iter_rows())
    plan = dict(rows.filter(pl.col("scenario") != "base").select("warning_id", "level").iter_rows())
    moved = [one for one in base.keys() | plan.keys() if base.get(one) != plan.get(one)]
    shown = re.findall(r'<tr data-key="([^"]+)">', part[: part.index("</table>")])
    assert len(shown) == min(len(moved), 12)
    assert set(shown) <= {one.split(":")[2] for one in moved}


def test_nothing_picked_leads_back(get: Get) -> None:
    answer = get("planner", "scenarios/compare/")
    assert answer.status_code == 302 and answer.headers["Location"].endswith("/scenarios/")
    assert get("planner", "scenarios/compare/", run="scenario-000000000000").status_code == 404


def test_only_scenarios_are_compared(get: Get) -> None:
    year = RunRecord.objects.get(verb="year").run_id
    assert get("planner", "scenarios/compare/", run=year).status_code == 404


def test_a_stored_scenario_is_begun_from(get: Get, scenario: str) -> None:
    page = get("planner", "scenarios/new/", of=scenario).content.decode()
    assert 'value="扩建方案"' in page
    assert re.search(r'name="\d-p-rooms" value="12"', page)
    assert re.search(r'name="0-scope" value="\d+ \S+"', page)


def test_a_ready_made_one_is_begun_from(get: Get) -> None:
    page = get("planner", "scenarios/new/", like="migration_halved").content.decode()
    assert 'value="迁移减半"' in page and 'name="0-p-factor" value="0.5"' in page
    assert get("planner", "scenarios/new/", like="nobody").status_code == 404


def test_faults_come_back_in_place_and_nothing_starts(desk: Desk) -> None:
    answer = post(desk, "planner", "scenarios/new/", do="start", name="", **SETTINGS)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'href="#id-name"' in page and 'href="#id-0-scope"' in page
    assert Job.objects.count() == 0


def test_a_sound_scenario_becomes_a_job_with_its_levers(desk: Desk) -> None:
    answer = post(
        desk, "planner", "scenarios/new/", do="start", name="扩建二期", **SETTINGS,
        **{"0-kind": "Expand", "0-scope": desk.units["school"], "0-from_year": "2028", "0-p-rooms": "4"},
    )  # fmt: skip
    assert answer.status_code == 303
    job = Job.objects.get()
    assert answer.headers["Location"].startswith(f"/{desk.units['region']}/2026/jobs/{job.pk}/")
    assert (job.verb, job.args["scenario"], job.args["origin"]) == ("scenario", "扩建二期", 2025)
    stored = pl.read_parquet(desk.workspace / "desk" / job.args["levers"])
    assert stored.select("lever", "scope_code", "from_year", "parameters").row(0) == (
        "Expand", desk.units["school"], 2028, "rooms=4",
    )  # fmt: skip


def test_the_command_line_reads_the_file_of_levers(desk: Desk) -> None:
    from junheng.cli.scenarios import _levers_given
    from junheng.data import Workspace

    post(
        desk, "planner", "scenarios/new/", do="start", name="=cmd|'x'!A0", **SETTINGS,
        **{"0-kind": "MigrantAccess", "0-from_year": "2027", "0-p-share": "5"},
    )  # fmt: skip
    job = Job.objects.get()
    given = _levers_given(Workspace.open(desk.workspace), desk.workspace / "desk" / job.args["levers"])
    assert given.filter(pl.col("scenario") == job.args["scenario"]).height == 1


def test_a_ready_made_one_is_started_with_a_click(desk: Desk) -> None:
    assert post(desk, "planner", "scenarios/ready/", name="low_births").status_code == 303
    assert Job.objects.get().args["scenario"] == "low_births"
    assert post(desk, "planner", "scenarios/ready/", name="nobody").status_code == 303
    assert Job.objects.count() == 1
    assert post(desk, "leader", "scenarios/ready/", name="low_births").status_code == 403


def test_units_are_offered_as_one_types(get: Get, desk: Desk) -> None:
    code = desk.units["school"]
    found = get("planner", "scenarios/units/", **{"0-scope": code[:6]}).content.decode()
    assert "<option" in found
    exact = get("planner", "scenarios/units/", **{"0-scope": code}).content.decode()
    assert exact.count("<option") == 1 and code in exact
    assert "<option" not in get("planner", "scenarios/units/", **{"0-scope": " "}).content.decode()
