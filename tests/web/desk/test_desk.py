"""The desk: what waits, what is new, what has been read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

YEAR = 2026


@pytest.fixture
def waiting() -> Iterator[list[Any]]:
    """To-dos told by a provider of the test's own."""
    from junheng.web.notices import todo

    told: list[Any] = []
    todo.register("test", todos=lambda scope, today: told)
    yield told
    todo._todos.pop("test")


def opened(desk: Any, role: str, query: str = "") -> Any:
    return desk.client(role).get(f"/{desk.code_of(role)}/{YEAR}/{query}")


def test_headline_counts_what_is_due_and_late(desk: Any, waiting: list[Any]) -> None:
    from junheng.web.notices.todo import Todo

    today = date.today()
    waiting += [
        Todo("runs.newer", "/", today - timedelta(days=2), {"version": "v1"}),
        Todo("runs.newer", "/", today + timedelta(days=3), {"version": "v2"}, count=4),
        Todo("runs.newer", "/", None, {"version": "v3"}, state="done", at=today),
    ]
    page = opened(desk, "leader").context["page"]
    assert "<b>5 件</b>" in page.headline and "<b>1 件已逾期</b>" in page.headline
    assert next(task.text for task in page.body.tasks).startswith("数据已更新，本页仍以 v1")
    done = opened(desk, "leader", "?show=done").context["page"]
    assert any("v3" in task.text for task in done.body.tasks)
    assert not any("v1" in task.text for task in done.body.tasks)


def test_a_clerk_has_one_large_button(desk: Any, waiting: list[Any]) -> None:
    from junheng.web.notices.todo import Todo

    href = f"/{desk.units['school']}/{YEAR}/data/"
    waiting.append(Todo("runs.newer", href, date.today() + timedelta(days=1), {"version": "v1"}))
    body = opened(desk, "school_clerk").context["page"].body
    assert body.first.href == href
    assert body.first not in body.tasks
    assert opened(desk, "leader").context["page"].body.first is None


def test_new_warnings_are_told_until_they_are_read(desk: Any) -> None:
    client, region = desk.client("leader"), desk.units["region"]
    (path,) = desk.workspace.glob("runs/year-*/tables/seat_warnings.parquet")
    urgent = pl.read_parquet(path).filter(pl.col("level").is_in(["red", "orange"])).height
    before = client.get(f"/{region}/{YEAR}/").context["page"].body
    assert str(urgent) in before.warnings.caption
    answer = client.post(f"/{region}/{YEAR}/warnings/seen/", {"run": before.run_id})
    assert answer.status_code == 303
    after = client.get(f"/{region}/{YEAR}/").context["page"].body
    assert after.warnings.rows == () and after.run_id == ""
    other = desk.client("planner").get(f"/{region}/{YEAR}/").context["page"].body
    assert str(urgent) in other.warnings.caption, "read by one is not read by all"


def test_a_run_nobody_may_see_cannot_be_marked(desk: Any) -> None:
    client, region = desk.client("leader"), desk.units["region"]
    assert client.post(f"/{region}/{YEAR}/warnings/seen/", {"run": "year-000000000000"}).status_code == 404


def test_administrators_see_no_facts(desk: Any) -> None:
    for role in ("auditor", "security_admin", "system_admin"):
        response = opened(desk, role)
        assert response.status_code == 200
        body = response.context["page"].body
        assert (body.state, body.figures, body.warnings) == ("", (), None)


def test_a_superior_sees_her_counties(desk: Any) -> None:
    body = opened(desk, "superior").context["page"].body
    (row,) = body.counties.rows
    assert row.key == desk.units["region"]
    (path,) = desk.workspace.glob("runs/year-*/tables/seat_warnings.parquet")
    levels = pl.read_parquet(path)["level"].to_list()
    assert list(row.cells[1:4]) == [str(levels.count(one)) for one in ("red", "orange", "yellow")]


def test_messages_are_ones_own(desk: Any) -> None:
    from junheng.web.notices.actions import tell
    from junheng.web.notices.models import Notice

    leader, planner = desk.person("leader"), desk.person("planner")
    tell(to=[leader, planner], code="runs.newer", link="/", version="v0009")
    mine = Notice.objects.get(to=leader, parameters__version="v0009")
    hers = Notice.objects.get(to=planner, parameters__version="v0009")
    client, base = desk.client("leader"), f"/{desk.units['region']}/{YEAR}/messages/"
    assert b"v0009" in client.get(base).content
    client.post(f"{base}read/", {"notice": hers.pk})
    client.post(f"{base}read/", {"notice": mine.pk})
    hers.refresh_from_db()
    mine.refresh_from_db()
    assert hers.read_at is None and mine.read_at is not None
    assert client.post(f"{base}read/", {"notice": "x"}).status_code == 404


def test_the_calendar_shows_each_date_in_its_month(desk: Any) -> None:
    from junheng.web.notices import todo
    from junheng.web.notices.todo import Occasion

    todo.register(
        "test",
        occasions=lambda scope, today: [Occasion(date(YEAR + 1, 3, 15), "runs.newer", {"version": "v"})],
    )
    try:
        body = opened(desk, "leader").context["page"].body
    finally:
        todo._occasions.pop("test")
    assert [month.count for month in body.months if month.name == "3月"] == [1]
    assert len(body.months) == 12 and body.months[0].name == "9月"
