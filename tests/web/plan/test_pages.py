"""The ledger's pages: counts are those of tracking done apart; each person sees her own tasks."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from django.utils import timezone
from tests.web.desks import Desk
from tests.web.plan.conftest import cells, text
from tests.web.plan.plans import PLAN

from junheng import monitoring, rules
from junheng.data import Workspace
from junheng.monitoring import plan_inputs
from junheng.monitoring.plan_tracking import Tracking
from junheng.monitoring.policy_status import STATUSES

Get = Callable[..., Any]


@pytest.fixture
def apart(planned: Desk) -> Tracking:
    """Tracking from the files on the disk, without the application's code."""
    opened = Workspace.open(planned.workspace)
    day = timezone.localdate()
    law = rules.load(*opened.rule_folders()).at(day, opened.region)
    tables = opened.tables()
    folder = next((planned.workspace / "runs").glob("year-*"))
    ahead = pl.read_parquet(folder / "tables" / "forecast_enrolment.parquet")
    heads = plan_inputs.with_forecast(plan_inputs.pupils_of(tables, opened.region), ahead, opened.region.code)
    return monitoring.track(
        pl.read_parquet(folder / "tables" / "indicator_values.parquet"),
        law.policies,
        day=day,
        area=opened.region.code,
        indicators=plan_inputs.indicators_of(law.policies, law),
        projects=tables.get("projects"),
        tasks=tables.get("policy_tasks"),
        progress=tables.get("policy_progress"),
        evidence=tables.get("evidence"),
        finance=tables.get("finance"),
        pupils=heads,
    )


def test_every_document_with_its_clauses_by_status(get: Get, apart: Tracking) -> None:
    rows = cells(get("leader"), "documents")
    assert set(rows) == set(apart.documents) and PLAN in rows and len(rows) >= 6
    for name, document in apart.documents.items():
        counted = Counter(one.status for one in apart.clauses if one.document == name)
        shown = [int(cell) for cell in rows[name][2 : 3 + len(STATUSES)]]
        assert shown == [len(document.clauses()), *(counted[status] for status in STATUSES)]
        opened = sum(one.standing == "open" for one in document.clauses())
        assert int(rows[name][-2]) == opened


def test_every_clause_of_a_document_stands_in_its_table(get: Get, apart: Tracking) -> None:
    rows = cells(get("leader", "documents/haidian-14fyp/"), "clauses")
    assert list(rows) == [one.id for one in apart.documents["haidian-14fyp"].clauses()]
    conflicts = cells(get("leader", "documents/haidian-14fyp/"), "conflicts")
    assert set(conflicts) == {one.id for one in apart.documents["haidian-14fyp"].conflicts()}


def test_filters_narrow_and_together(get: Get, apart: Tracking) -> None:
    clauses = apart.documents["haidian-14fyp"].clauses()
    off = {
        one.clause for one in apart.clauses if (one.document, one.status) == ("haidian-14fyp", "off_course")
    }
    answer = get("leader", "documents/haidian-14fyp/", status="off_course")
    assert off and set(cells(answer, "clauses")) == off
    actor = next(one for one in clauses if "monitoring" in one.rooms and one.actors).actors[0]
    both = {one.id for one in clauses if "monitoring" in one.rooms and actor in one.actors}
    answer = get("leader", "documents/haidian-14fyp/", room="monitoring", actor=actor)
    assert set(cells(answer, "clauses")) == both


def test_a_clause_shows_value_path_and_what_is_missing(get: Get, apart: Tracking) -> None:
    answer = get("leader", "documents/haidian-14fyp/clauses/目标-06/")
    one = next(
        one
        for one in apart.progress
        if (one.document, one.clause, one.target.id, one.level)
        == ("haidian-14fyp", "目标-06", "t1", "region")
    )
    assert one.course.measured is not None and one.course.measured.value is not None
    row = cells(answer, "targets")["t1"]
    assert f"{float(one.course.measured.value) * 100:.2f}" in row[4]
    assert str(one.course.year) in row[4]
    assert one.course.measured.short is not None and str(int(one.course.measured.short)) in row[6]
    assert 'id="spec-path-t1"' in answer.content.decode()
    head = re.findall(r'<th scope="col"[^>]*>(\d{4})</th>', answer.content.decode())
    years = dict(zip(head, cells(answer, "years")["years-t1"][1:], strict=True))
    assert row[4].split(" ")[0] == years[str(one.course.year)].split(" ")[0]


def test_a_plan_of_ones_own_is_tracked_along_its_path(get: Get) -> None:
    answer = get("leader", f"documents/{PLAN}/clauses/1/")
    assert "本区规划" in text(answer)
    row = cells(answer, "targets")["t1"]
    years = cells(answer, "years")["years-t1"]
    assert any(cell.endswith("路径 66%") for cell in years), "the plan's own number of 2026"
    assert any(cell.endswith("路径 72%") for cell in years), "straight between its numbers"
    assert row[7] in ("在进度上", "偏离进度", "达到")
    assert "尚未建：canteen" in text(answer), "a word of the plan's own stands as it is written"
    assert set(cells(answer, "tasks")) == {f"{PLAN}-{task}" for task in ("k1", "k2", "k3")}


def test_evidence_to_attach_is_named(get: Get, apart: Tracking) -> None:
    lacking = next(one for one in apart.clauses if one.status == "not_measurable" and one.evidence)
    page = text(get("leader", f"documents/{lacking.document}/clauses/{lacking.clause}/"))
    assert lacking.evidence[0] in page and "须附" in page


def test_unknown_documents_clauses_and_tasks_are_not_found(get: Get) -> None:
    for path in ("documents/nothing/", f"documents/{PLAN}/clauses/9/", f"tasks/{PLAN}/k9/"):
        assert get("leader", path).status_code == 404


def test_a_school_sees_documents_and_its_own_tasks_only(get: Get) -> None:
    assert set(cells(get("school_clerk", "tasks/"), "tasks")) == {f"{PLAN}-k1"}
    assert get("school_clerk", f"tasks/{PLAN}/k2/").status_code == 404
    page = text(get("school_clerk", "documents/haidian-14fyp/"))
    assert "偏离进度" not in page.partition("各条状态")[0]
    assert (
        "现值"
        not in text(get("school_clerk", "documents/haidian-14fyp/clauses/目标-06/")).partition("口径")[0]
    )
    assert get("school_clerk", "files/clauses/csv/").status_code == 404


def test_a_town_sees_tasks_of_its_schools_not_of_others(get: Get) -> None:
    assert f"{PLAN}-k1" in cells(get("town_clerk", "tasks/"), "tasks")
    assert f"{PLAN}-k2" not in cells(get("town_clerk", "tasks/"), "tasks")
    assert get("town_clerk_2", f"tasks/{PLAN}/k1/").status_code == 404


def test_the_county_sees_every_task_and_may_choose(get: Get, apart: Tracking) -> None:
    every = cells(get("leader", "tasks/"), "tasks")
    assert len(every) == len(apart.reminders)
    late = {f"{one.document}-{one.task_id}" for one in apart.reminders if one.state == "overdue"}
    assert set(cells(get("leader", "tasks/", state="overdue"), "tasks")) == late
    assert "逾期 10 天" in every[f"{PLAN}-k1"][4]


def test_spending_says_which_years_fell(get: Get, planned: Desk) -> None:
    finance = (
        Workspace.open(planned.workspace)
        .tables()["finance"]
        .filter((pl.col("item") == "public_budget_education") & (pl.col("basis") == "final"))
    )
    total = finance.filter(pl.col("stage").is_null() | (pl.col("stage") == "")).sort("year")
    amounts = dict(total.select("year", "amount").iter_rows())
    rows = cells(get("leader", "spending/"), "spending")
    judged = {
        int(row[0].partition(" ")[0]): row[3]
        for row in rows.values()
        if row[1] == "决算" and row[3] != "不能判断"
    }
    assert len(judged) >= 3
    for year, said in judged.items():
        assert said == ("未减" if amounts[year] >= amounts[year - 1] else "减少")


def test_files_hold_what_the_page_shows(get: Get, apart: Tracking) -> None:
    from junheng.web.audit.models import AuditEvent

    answer = get("leader", "files/clauses/csv/", document="haidian-14fyp", status="off_course")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    off = [one for one in apart.clauses if (one.document, one.status) == ("haidian-14fyp", "off_course")]
    assert [line["clause"] for line in lines if line["clause"]] == [one.clause for one in off]
    assert {line["status"] for line in lines if line["clause"]} == {"偏离进度"}
    taken = get("school_clerk", "files/tasks/xlsx/")
    assert taken.status_code == 200 and taken.content[:2] == b"PK"
    assert AuditEvent.objects.filter(verb="export.taken").count() == 2
    assert get("leader", "files/tasks/parquet/").status_code == 404


def test_before_a_run_the_documents_are_there_and_nothing_is_guessed(planned: Desk) -> None:
    from junheng.web.runs.models import RunRecord

    RunRecord.objects.all().delete()
    client = planned.client("leader")
    answer = client.get(f"/{planned.units['region']}/2026/plan/")
    page = text(answer)
    assert "还没有可用的计算结果" in page
    assert {row[3] for row in cells(answer, "documents").values()} == {"0"}, "nothing is met"


def test_in_english_too(planned: Desk) -> None:
    client = planned.client("leader")
    client.cookies["django_language"] = "en"
    for path, word in (
        ("", "on course"),
        ("tasks/", "overdue"),
        ("spending/", "kept"),
        (f"documents/{PLAN}/", "Clauses"),
    ):
        answer = client.get(f"/{planned.units['region']}/2026/plan/{path}", headers={"accept-language": "en"})
        assert word in text(answer), path
