"""Pages of jobs: what they say in each state, who sees them, what can be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation
from tests.web.desks import Desk

from junheng.web.house.scope import Scope
from junheng.web.jobs import actions, presenters, queries, tasks, todos
from junheng.web.jobs.models import Job

CarryOut = Callable[[Job], Job]


def page(desk: Desk, role: str, *parts: Any, **query: str) -> Any:
    tail = "".join(f"{part}/" for part in parts)
    return desk.client(role).get(f"/{desk.units['region']}/2026/jobs/{tail}", query)


def scope(desk: Desk, role: str = "planner", language: Any = "zh") -> Scope:
    return Scope(desk.person(role), desk.unit("region"), 2026, "any", "", language)


def text_of(desk: Desk, role: str, *parts: Any, **query: str) -> str:
    answer = page(desk, role, *parts, **query)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


@pytest.fixture
def said(desk: Desk) -> Callable[[Job], str]:
    def sentence(job: Job) -> str:
        job.refresh_from_db()
        return presenters.job_view(job, scope(desk), queries.ahead([job]).get(job.pk, 0)).sentence

    return sentence


def test_a_sentence_for_each_state(
    desk: Desk, ask: Callable[..., Job], carry_out: CarryOut, said: Callable[[Job], str]
) -> None:
    first, second = ask("result", "{}"), ask("exit", "1")
    assert said(first) == "年度测算已提交，轮到后立即开始。"
    assert said(second) == "年度测算已提交，前面还有 1 项。"
    held = tasks.begin(first.pk, 1)
    assert said(first) == "年度测算正在进行。"
    assert held is not None
    tasks.Reporting(held).tick({"code": "year.forecasting", "parameters": {}, "done": 3, "total": 4})
    assert said(first).startswith("年度测算正在进行：")
    actions.cancel(job=first, by=first.owner)
    assert said(first) == "年度测算正在停止。"
    tasks.end(held, tasks.child.Outcome(stopped=True))
    assert said(first) == "年度测算已取消，没有留下半成品。"
    assert said(carry_out(second)).startswith("年度测算没有成功：任务意外中止（退出码 1）")
    assert "已完成，用时" in said(carry_out(ask("result", "{}")))


def test_progress_is_shown_only_where_it_is_known(desk: Desk, ask: Callable[..., Job]) -> None:
    job = ask("result", "{}")
    held = tasks.begin(job.pk, 1)
    assert held is not None
    fragment = text_of(desk, "planner", job.pk, "progress")
    assert "<progress aria-label=" in fragment, "no share is invented"
    tasks.Reporting(held).tick({"code": "year.checking", "parameters": {}, "done": 1200, "total": 4800})
    fragment = text_of(desk, "planner", job.pk, "progress")
    assert 'value="25" max="100"' in fragment
    assert "1,200 / 4,800" in fragment


def test_the_last_fragment_asks_no_more(desk: Desk, ask: Callable[..., Job], carry_out: CarryOut) -> None:
    job = ask("result", "{}")
    living = text_of(desk, "planner", job.pk, "progress")
    assert f'hx-get="/{desk.units["region"]}/2026/jobs/{job.pk}/progress/" hx-trigger="every 2s"' in living
    carry_out(job)
    ended = text_of(desk, "planner", job.pk, "progress")
    assert "hx-get" not in ended
    assert "<progress" not in ended


def test_findings_are_worded_with_their_place(
    desk: Desk, ask: Callable[..., Job], carry_out: CarryOut
) -> None:
    finding = (
        '{"code": "year.faults", "severity": "error", "file": "a.xlsx", "sheet": "S", "row": 7, '
        '"column": "pupils", "value": "x", "parameters": {"count": 3}}'
    )
    start = '{"code": "year.faults", "parameters": {"count": 30}, "finding_count": 30, "findings": ['
    failure = f"{start}{finding}]}}"
    job = carry_out(ask("failure", failure, "exit", "3"))
    view = presenters.job_view(job, scope(desk))
    assert view.findings[0].startswith("a.xlsx · S · 第 7 行 · pupils — ")
    assert view.findings_title == "查出的问题（前 1 条，共 30 条）"
    assert "第 7 行" in text_of(desk, "planner", job.pk)


def test_english(desk: Desk, ask: Callable[..., Job], carry_out: CarryOut) -> None:
    job = carry_out(ask("exit", "1"))
    with translation.override("en"):
        view = presenters.job_view(job, scope(desk, language="en"))
    assert view.sentence.startswith("Annual run failed: The job broke off (exit code 1)")


def test_a_finished_run_leads_to_its_page(desk: Desk, ask: Callable[..., Job], carry_out: CarryOut) -> None:
    from junheng.web.runs.models import RunRecord

    run_id = RunRecord.objects.get().run_id
    job = carry_out(ask("result", f'{{"run": "{run_id}"}}'))
    assert presenters.job_view(job, scope(desk)).leads_to == scope(desk).url("manage:run", run_id=run_id)


def test_who_sees_a_job(desk: Desk, ask: Callable[..., Job]) -> None:
    """The owner, those whose verb it is on that unit, and who operates it; to all others it is not there."""
    job = ask("result", "{}")
    seen = {
        role: page(desk, role, job.pk).status_code
        for role in ("planner", "planner_2", "system_admin", "leader", "statistician", "auditor")
    }
    assert seen == {
        "planner": 200,
        "planner_2": 200,
        "system_admin": 200,
        "leader": 404,
        "statistician": 404,
        "auditor": 404,
    }
    assert page(desk, "school_clerk", job.pk).status_code == 404, "not her unit"


def test_only_owner_and_operator_may_act(desk: Desk, ask: Callable[..., Job]) -> None:
    job = ask("result", "{}")
    cancel = f"/{desk.units['region']}/2026/jobs/{job.pk}/cancel/"
    assert cancel not in text_of(desk, "planner_2", job.pk)
    assert desk.client("planner_2").post(cancel).status_code == 403
    assert cancel in text_of(desk, "planner", job.pk)
    answer = desk.client("planner").post(cancel, follow=True)
    assert answer.redirect_chain[0][1] == 303
    assert f"任务 {job.pk} 已取消。" in answer.content.decode()
    again = desk.client("planner").post(cancel, follow=True)
    assert f"任务 {job.pk} 已经结束" in again.content.decode()
    retry = cancel.replace("cancel", "retry")
    assert "已重新提交为任务" in desk.client("planner").post(retry, follow=True).content.decode()
    assert Job.objects.count() == 2


def test_the_technical_record_is_for_operators(
    desk: Desk, ask: Callable[..., Job], carry_out: CarryOut
) -> None:
    job = carry_out(ask("err", "Traceback of ours", "exit", "1"))
    assert "Traceback" not in text_of(desk, "planner", job.pk)
    assert "Traceback of ours" in text_of(desk, "system_admin", job.pk)


def test_lists_hold_what_one_may_see(desk: Desk, ask: Callable[..., Job]) -> None:
    job = ask("result", "{}")
    link = f"/jobs/{job.pk}/"
    assert link in text_of(desk, "planner")
    assert link in text_of(desk, "planner_2")
    assert link in text_of(desk, "system_admin", of="all")
    assert link not in text_of(desk, "leader", of="all"), "asking for all is the operator's"
    empty = text_of(desk, "leader")
    assert "还没有任务" in empty
    assert "hx-trigger" not in empty
    assert [one.pk for one in queries.mine(desk.person("planner"))] == [job.pk]
    assert queries.mine(desk.person("planner_2")) == []


def test_a_lost_job_is_something_to_do(desk: Desk, ask: Callable[..., Job]) -> None:
    job = ask("result", "{}")
    Job.objects.filter(pk=job.pk).update(state=Job.LOST)
    today = timezone.localdate()
    (todo,) = todos.mine(scope(desk), today)
    assert todo.href.endswith(f"/jobs/{job.pk}/?") or todo.href.endswith(f"/jobs/{job.pk}/")
    assert list(todos.mine(scope(desk), today + timedelta(days=30))) == []
    assert list(todos.mine(scope(desk, "planner_2"), date.today())) == []
