"""Runs: who sees them, two people for publication, verification with its verdict, and two runs compared."""

from __future__ import annotations

import re
from typing import Any

import polars as pl
import pytest

YEAR = 2026


def place(desk: Any, unit: str, *parts: str) -> str:
    return "/".join((f"/{desk.units[unit]}/{YEAR}", *parts)) + "/"


def record_of() -> Any:
    from junheng.web.runs.models import RunRecord

    return RunRecord.objects.get()


@pytest.fixture
def draft(desk: Any) -> Any:
    """The run as it was before anybody looked at it."""
    from junheng.web.runs.models import RunRecord

    RunRecord.objects.update(
        state=RunRecord.DRAFT, reviewed_by=None, reviewed_at=None, published_by=None, published_at=None
    )
    return record_of()


def shown(desk: Any, role: str, unit: str) -> int:
    return desk.client(role).get(place(desk, unit, "runs", record_of().run_id)).status_code


def test_drafts_are_seen_by_those_who_forecast_only(desk: Any, draft: Any) -> None:
    seen = {
        (role, unit): shown(desk, role, unit)
        for role, unit in (
            ("planner", "region"),
            ("planner", "town"),
            ("leader", "region"),
            ("statistician", "region"),
            ("superior", "above"),
            ("school_clerk", "school"),
        )
    }
    assert {key for key, status in seen.items() if status == 200} == {
        ("planner", "region"),
        ("planner", "town"),
    }
    assert set(seen.values()) == {200, 404}


def test_published_ones_are_seen_below_and_above_but_not_beside(desk: Any) -> None:
    assert record_of().state == "published"
    for role, unit in (
        ("school_clerk", "school"),
        ("town_clerk", "town"),
        ("superior", "above"),
        ("superior", "region"),
    ):
        assert shown(desk, role, unit) == 200, (role, unit)
    for role, unit in (("school_clerk", "other_school"), ("school_clerk", "town"), ("town_clerk", "region")):
        assert shown(desk, role, unit) == 404, (role, unit)


def test_review_and_publication_take_two_people(desk: Any, draft: Any) -> None:
    from junheng.web.audit.models import AuditEvent
    from junheng.web.notices.models import Notice
    from junheng.web.wording import say

    run = place(desk, "region", "runs", draft.run_id)
    assert desk.client("leader").post(run + "review/", {}).status_code == 403
    assert desk.client("planner").post(run + "publish/", {"reason": "x"}).status_code == 422  # still a draft
    assert desk.client("planner").post(run + "review/", {"reason": "已核对"}).status_code == 302
    assert record_of().state == "reviewed" and record_of().review_reason == "已核对"
    assert Notice.objects.filter(to__username="leader", code="runs.told_review").exists()
    assert not Notice.objects.filter(to__username="planner", code="runs.told_review").exists()
    again = desk.client("planner").post(run + "publish/", {"reason": "我自己发布"})
    page = again.content.decode()
    assert again.status_code == 422 and record_of().state == "reviewed"
    assert say("runs.two_people", "zh", run=draft.run_id) in page
    empty = desk.client("leader").post(run + "publish/", {"reason": "  "})
    assert empty.status_code == 422 and say("runs.reason_needed", "zh") in empty.content.decode()
    assert desk.client("leader").post(run + "publish/", {"reason": "局长办公会同意"}).status_code == 302
    held = record_of()
    assert (held.state, held.published_by.username, held.publish_reason) == (
        "published",
        "leader",
        "局长办公会同意",
    )
    verbs = list(AuditEvent.objects.filter(run_id=draft.run_id).order_by("seq").values_list("verb", "actor"))
    assert verbs[-2:] == [("run.reviewed", "planner"), ("run.published", "leader")]


def test_the_desk_says_what_waits_for_whom(desk: Any, draft: Any) -> None:
    from django.utils import timezone

    from junheng.web.house.scope import Scope
    from junheng.web.runs import todos
    from junheng.web.runs.actions import review

    def waiting(role: str, unit: str = "region") -> list[str]:
        scope = Scope(desk.person(role), desk.unit(unit), YEAR, "see")
        return [one.code for one in todos.mine(scope, timezone.localdate()) if one.state == "open"]

    assert waiting("planner") == ["runs.todo_review"] and waiting("leader") == []
    assert waiting("planner", "town") == [] and waiting("school_clerk", "school") == []
    review(run=draft, by=desk.person("planner"))
    assert waiting("planner") == [] == waiting("statistician")
    assert waiting("leader") == ["runs.todo_publish"] == waiting("planner_2")


def verified(desk: Any) -> str:
    """Press the button as the planner and let a worker do it; how the job ended."""
    from junheng.web.jobs.models import Job
    from junheng.web.jobs.tasks import run_job

    run = place(desk, "region", "runs", record_of().run_id)
    assert desk.client("planner").post(run + "verify/").status_code == 302
    again = desk.client("planner").post(run + "verify/")
    assert again.status_code == 422  # one at a time, said in place
    job = Job.objects.get(verb="verify")
    return str(run_job.func(job.pk, 1))


def test_a_sound_run_is_found_sound(desk: Any) -> None:
    assert verified(desk) == "done"
    held = record_of()
    assert (held.verdict, held.verified_by.username) == ("holds", "planner")
    page = desk.client("school_clerk").get(place(desk, "school", "runs", held.run_id)).content.decode()
    assert "核验通过" in page


def test_a_tampered_run_is_found_out_kept_and_told(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Someone raises every peak in a stored table."""
    from junheng.web.audit.models import AuditEvent
    from junheng.web.notices.models import Notice
    from junheng.web.runs import reading
    from junheng.web.workspace import FrameCache

    monkeypatch.setattr(reading, "FRAMES", FrameCache())  # what was read before the change stays right
    run_id = record_of().run_id
    path = desk.workspace / "runs" / run_id / "tables" / "seat_horizon.parquet"
    frame = pl.read_parquet(path)
    frame.with_columns(pl.col("peak_demand") + 100).write_parquet(path)
    before = desk.client("planner").get(place(desk, "region", "runs", run_id)).content.decode()
    assert "与记录不符" in before  # the altered table is named at once, the others stand
    assert verified(desk) == "failed"
    held = record_of()
    assert held.verdict == "differs" and held.verdict_cause["code"] == "run_table_changed"
    page = desk.client("planner").get(place(desk, "region", "runs", run_id)).content.decode()
    assert "核验未通过" in page and "seat_horizon" in page
    assert AuditEvent.objects.get(verb="run.verified").diff == {
        "verdict": "differs",
        "code": "run_table_changed",
    }
    assert Notice.objects.filter(to__username="leader", code="runs.told_differs").exists()


def test_a_run_that_does_not_hold_is_not_published(desk: Any, draft: Any) -> None:
    from junheng.model.errors import Refused
    from junheng.web.runs.actions import note_verdict, publish, review

    review(run=draft, by=desk.person("planner"))
    note_verdict(
        run_id=draft.run_id, by=desk.person("planner"), cause={"code": "cli.differs", "parameters": {}}
    )
    with pytest.raises(Refused, match="does_not_hold"):
        publish(run=record_of(), by=desk.person("leader"), reason="x")


def test_an_altered_record_shows_nothing_of_the_run(desk: Any) -> None:
    run_id = record_of().run_id
    path = desk.workspace / "runs" / run_id / "run.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"seed": 1', '"seed": 2'), encoding="utf-8")
    answer = desk.client("planner").get(place(desk, "region", "runs", run_id))
    page = answer.content.decode()
    assert answer.status_code == 200 and "存档已被改动或损坏" in page and "t-outputs" not in page
    assert desk.client("planner").get(place(desk, "region", "reports")).status_code == 200
    assert (
        desk.client("planner")
        .get(place(desk, "region", "runs", run_id, "tables", "seat_horizon"))
        .status_code
        == 404
    )


def rows_of(page: str, key: str) -> list[list[str]]:
    """Texts of a table's cells on a page."""
    table = re.search(rf'id="t-{key}".*?<tbody>(.*?)</tbody>', page, re.S)
    assert table is not None
    plain = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        for row in re.findall(r"<tr.*?</tr>", table[1], re.S)
    ]
    return [[re.sub(r"<[^>]+>", "|", cell).strip("| \n") for cell in row] for row in plain]


def test_outputs_count_the_rows_of_the_unit(desk: Any) -> None:
    held = record_of()
    frame = pl.read_parquet(desk.workspace / "runs" / held.run_id / "tables" / "seat_outlook.parquet")
    school = desk.units["school"]
    mine = frame.filter((pl.col("unit_code") == school) & (pl.col("scenario") == "base")).height
    page = desk.client("school_clerk").get(place(desk, "school", "runs", held.run_id)).content.decode()
    counted = {row[0]: row[1] for row in rows_of(page, "outputs")}
    assert counted["学位展望"] == f"{mine:,}" and mine > 0
    rows = desk.client("school_clerk").get(
        place(desk, "school", "runs", held.run_id, "tables", "seat_outlook")
    )
    assert f"{mine} 行" in rows.content.decode() and desk.units["other_school"] not in rows.content.decode()


def test_rows_sort_and_page_by_known_columns_only(desk: Any) -> None:
    held = record_of()
    client, table = (
        desk.client("planner"),
        place(desk, "region", "runs", record_of().run_id, "tables", "seat_horizon"),
    )
    down = rows_of(client.get(table + "?sort=-peak_demand").content.decode(), "rows")
    frame = pl.read_parquet(desk.workspace / "runs" / held.run_id / "tables" / "seat_horizon.parquet")
    largest = frame.filter(pl.col("scenario") == "base")["peak_demand"].max()
    assert any(f"{round(largest):,}" in cell for cell in down[0])  # type: ignore[arg-type]
    for query in ("?sort=nonsense", "?page=0", "?page=9999", "?page=x"):
        assert client.get(table + query).status_code == 404, query


def test_two_runs_side_by_side(desk: Any) -> None:
    from tests.year.commands import run_without_documents

    from junheng.web.runs.actions import note_runs

    first = record_of().run_id
    run_without_documents(desk.workspace, "--draws", "100", "--seed", "9")
    (second,) = note_runs(by="test")
    page = desk.client("planner").get(place(desk, "region", "runs", second.run_id, "difference", first))
    text = page.content.decode()
    assert page.status_code == 200
    peaks = {}
    for run in (first, second.run_id):
        frame = pl.read_parquet(desk.workspace / "runs" / run / "tables" / "seat_horizon.parquet")
        own = frame.filter((pl.col("unit_kind") == "region") & (pl.col("stage") == "primary"))
        peaks[run] = round(own.filter(pl.col("scenario") == "base")["peak_demand"][0])
    row = next(row for row in rows_of(text, "difference") if row[0] == "小学")
    assert row[1].startswith(f"{peaks[second.run_id]:,}")
    assert f"{peaks[first]:,}" in row[1] or peaks[first] == peaks[second.run_id]
    hidden = desk.client("school_clerk").get(
        place(desk, "school", "runs", second.run_id, "difference", first)
    )
    assert hidden.status_code == 404  # the second is a draft
