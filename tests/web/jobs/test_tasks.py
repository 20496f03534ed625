"""Carrying out a job: what is written down of its progress and its end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import connection
from tests.web.desks import Desk

from junheng.model import Finding
from junheng.model.errors import BadData, Refused
from junheng.web.jobs import actions, child, commands, registry, tasks
from junheng.web.jobs.models import Job
from junheng.web.notices.models import Notice
from junheng.web.runs.models import RunRecord

CarryOut = Callable[[Job], Job]


@pytest.mark.both_databases
def test_a_result_ends_the_job_and_tells_the_owner(
    desk: Desk, ask: Callable[..., Job], carry_out: CarryOut
) -> None:
    job = carry_out(ask("progress", "1", "2", "err", "aside", "result", '{"n": 1}'))
    assert (job.state, job.result, job.failure) == (Job.DONE, {"n": 1}, {})
    assert "aside" in job.log
    assert job.started_at <= job.ended_at
    notice = Notice.objects.get(to=job.owner, code__startswith="jobs.")
    assert (notice.code, notice.parameters) == ("jobs.done", {"title": "jobs.verb_run"})
    assert notice.link.endswith(f"/jobs/{job.pk}/")


def test_a_run_in_the_result_is_noted(desk: Desk, ask: Callable[..., Job], carry_out: CarryOut) -> None:
    held = RunRecord.objects.get()
    run_id = held.run_id
    RunRecord.objects.all().delete()
    job = carry_out(ask("result", f'{{"run": "{run_id}"}}'))
    assert (job.state, job.run_id) == (Job.DONE, run_id)
    assert RunRecord.objects.get().made_by == desk.person("planner")


def test_a_failure_keeps_code_parameters_and_findings(ask: Callable[..., Job], carry_out: CarryOut) -> None:
    said = '{"code": "year.faults", "parameters": {"count": 2}, "finding_count": 2, "findings": []}'
    job = carry_out(ask("failure", said, "exit", "3"))
    assert (job.state, job.failure["code"], job.failure["parameters"]) == (
        Job.FAILED,
        "year.faults",
        {"count": 2},
    )
    assert Notice.objects.get(to=job.owner, code__startswith="jobs.").code == "jobs.failed"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("exit", "9"), "jobs.broke_off"),
        (("err", "memory allocation of 99 bytes failed", "exit", "134"), "jobs.memory"),
        (("failure", '{"code": "cli.internal", "parameters": {"kind": "MemoryError"}}'), "jobs.memory"),
    ],
)
def test_a_child_that_says_nothing_is_explained(
    ask: Callable[..., Job], carry_out: CarryOut, words: tuple[str, ...], code: str
) -> None:
    job = carry_out(ask(*words))
    assert (job.state, job.failure["code"]) == (Job.FAILED, code)


@pytest.mark.both_databases
def test_progress_is_written_and_cancelling_stops_the_child(
    ask: Callable[..., Job], carry_out: CarryOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ask("progress", "3", "9", "sleep", "60")
    ended: list[str] = []

    def work() -> None:
        try:
            ended.append(tasks.run_job.func(job.pk, 1))
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    assert _until(lambda: Job.objects.get(pk=job.pk).done == 3)
    held = Job.objects.get(pk=job.pk)
    assert (held.state, held.total, held.message["code"]) == (Job.RUNNING, 9, "year.forecasting")
    actions.cancel(job=held, by=held.owner)
    worker.join(20)
    assert ended == [Job.CANCELLED]
    assert not Notice.objects.filter(code__startswith="jobs.").exists(), "who cancelled knows"


@pytest.mark.both_databases
def test_a_worker_that_ends_puts_its_job_back(ask: Callable[..., Job], carry_out: CarryOut) -> None:
    job = ask("sleep", "60")
    tasks.stopping.set()
    try:
        assert carry_out(job).state == Job.WAITING
    finally:
        tasks.stopping.clear()
    assert job.attempts == 0
    assert actions.reap() == [], "its new place in the queue is there"
    assert tasks.begin(job.pk, 1) is not None


def test_a_result_stands_even_where_the_worker_was_told_to_end(ask: Callable[..., Job]) -> None:
    job = ask("result", "{}")
    held = tasks.begin(job.pk, 1)
    assert held is not None
    assert tasks.end(held, child.Outcome(result={"n": 1}, stopped=True)) == Job.DONE


def test_the_room_finishes_in_the_same_transaction(
    desk: Desk, ask: Callable[..., Job], carry_out: CarryOut
) -> None:
    def refuse(job: Job, result: Mapping[str, Any]) -> None:
        RunRecord.objects.all().delete()
        raise Refused("version_moved", {"base": "v0001", "newest": "v0002"})

    registry.register("fake", finish=refuse)
    job = carry_out(ask("result", "{}"))
    assert (job.state, job.failure["code"]) == (Job.FAILED, "version_moved")
    assert RunRecord.objects.exists(), "what the room had begun is undone"


def test_a_fault_of_ours_ends_in_the_job(ask: Callable[..., Job], carry_out: CarryOut) -> None:
    def slip(job: Job, result: Mapping[str, Any]) -> None:
        raise ZeroDivisionError("secret detail")

    registry.register("fake", finish=slip)
    job = carry_out(ask("result", "{}"))
    assert (job.state, job.failure["code"]) == (Job.FAILED, "jobs.internal")
    assert "ZeroDivisionError" in job.log
    assert "secret" not in str(job.failure)


def test_an_attempt_cut_off_after_its_work_is_recognised(
    ask: Callable[..., Job], carry_out: CarryOut
) -> None:
    registry.register("fake", recover=lambda job: {"version": "v0002"})
    job = carry_out(ask("exit", "9"))
    assert (job.state, job.result) == (Job.DONE, {"version": "v0002"})


class TestQuick:
    """Functions in the worker itself."""

    @pytest.fixture(autouse=True)
    def _names(self) -> Any:
        yield
        registry._VERBS.pop("brief", None)

    def start(self, desk: Desk, work: Any) -> Job:
        registry.register("brief", work=work, title="jobs.verb_verify")
        return actions.start(
            verb="brief", args={"n": 2}, unit=desk.unit("region"), by=desk.person("planner"), queue="quick"
        )

    def test_a_function_returns_the_result(self, desk: Desk, carry_out: CarryOut) -> None:
        def work(job: Job, report: Any) -> dict[str, Any]:
            report("year.checking", 1, 2)
            assert Job.objects.get(pk=job.pk).done == 1
            return {"twice": job.args["n"] * 2}

        job = carry_out(self.start(desk, work))
        assert (job.state, job.result) == (Job.DONE, {"twice": 4})

    def test_a_refusal_is_a_failure_with_findings(self, desk: Desk, carry_out: CarryOut) -> None:
        def work(job: Job, report: Any) -> dict[str, Any]:
            raise BadData("year.faults", {"count": 1}, [Finding("missing_column", "error", column="x")])

        job = carry_out(self.start(desk, work))
        assert (job.failure["code"], job.failure["exit_code"]) == ("year.faults", 3)
        assert job.failure["findings"][0]["column"] == "x"

    def test_it_learns_of_its_cancelling_when_it_reports(self, desk: Desk, carry_out: CarryOut) -> None:
        def work(job: Job, report: Any) -> dict[str, Any]:
            actions.cancel(job=job, by=job.owner)
            report("year.checking")
            raise AssertionError("went on")

        assert carry_out(self.start(desk, work)).state == Job.CANCELLED

    def test_its_heart_beats_with_its_workers(self, desk: Desk, carry_out: CarryOut) -> None:
        from tests.web.jobs.test_actions import silent

        def work(job: Job, report: Any) -> dict[str, Any]:
            silent(job)
            tasks.beat("worker", "quick")
            assert actions.reap() == []
            return {}

        assert carry_out(self.start(desk, work)).state == Job.DONE


def test_the_end_is_offered_until_the_database_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    answers: list[Any] = [OperationalError("away"), OperationalError("away"), "done"]
    monkeypatch.setattr(time, "sleep", lambda _: None)

    def step() -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return str(answer)

    assert tasks._insist(step) == "done"


def test_arguments_become_the_commands(desk: Desk) -> None:
    def job(**args: Any) -> Any:
        return Job(args=args, owner=desk.person("planner"))

    ws = str(desk.workspace)
    assert commands.run(job(years=10, draws=500, seed=None, public=True)) == [
        "run", ws, "--years=10", "--draws=500", "--public",
    ]  # fmt: skip
    assert commands.scenario(job(levers="levers/1.xlsx", scenario="-x")) == [
        "forecast", "what-if", ws, "--levers", f"{ws}/desk/levers/1.xlsx", "--scenario=-x", "--save",
    ]  # fmt: skip
    given = {"files": ["u/a.xlsx"], "schools": ["S1"], "areas": ["A"], "base": "none", "note": "--commit"}
    assert commands.commit(job(**given)) == [
        "import", ws, f"{ws}/desk/u/a.xlsx", "--school=S1", "--area=A",
        "--commit", "--base", "none", "--note=--commit",
    ]  # fmt: skip
    assert commands.preview(job(files=["u/a.xlsx"], report="r", replace=True))[-3:] == [
        "--replace",
        "--report",
        f"{ws}/desk/r",
    ]
    assert commands.verify(job(run="../../year-0123456789ab")) == ["verify", f"{ws}/runs/year-0123456789ab"]
    assert [commands.language(job(language=given)) for given in ("en", "zh", None)] == ["en", "zh", "zh"]


def _until(holds: Callable[[], bool]) -> bool:
    for _ in range(200):
        if holds():
            return True
        time.sleep(0.1)
    return False
