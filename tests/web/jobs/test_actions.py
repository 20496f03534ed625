"""Starting, cancelling, retrying, and finding what a dead worker left."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.web.desks import Desk

from junheng.model.errors import Refused
from junheng.web.audit.models import AuditEvent
from junheng.web.jobs import actions, tasks
from junheng.web.jobs.models import Job
from junheng.web.notices.models import Notice

pytestmark = pytest.mark.both_databases


def silent(job: Job, minutes: int = 2) -> Job:
    """As if its worker had been gone for some minutes."""
    Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now() - timedelta(minutes=minutes))
    job.refresh_from_db()
    return job


def notices(job: Job) -> list[str]:
    return list(
        Notice.objects.filter(to=job.owner, code__startswith="jobs.")
        .order_by("pk")
        .values_list("code", flat=True)
    )


def test_a_job_and_its_place_in_the_queue_stand_together(desk: Desk, ask: Callable[..., Job]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        ask("result", "{}")
        raise RuntimeError
    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()
    job = ask("result", "{}", queue="quick")
    queued = DBTaskResult.objects.get()
    assert (str(queued.pk), queued.queue_name, queued.args_kwargs["args"]) == (
        job.task_id,
        "quick",
        [job.pk, 1],
    )
    assert AuditEvent.objects.filter(verb="job.started", actor="planner", object=f"fake {job.pk}").exists()


def test_the_same_input_is_one_job(ask: Callable[..., Job], carry_out: Callable[[Job], Job]) -> None:
    first = ask("result", "{}", input_digest="a" * 64)
    assert ask("result", "{}", by="planner_2", input_digest="a" * 64) == first
    assert carry_out(first).state == Job.DONE
    assert ask("result", "{}", input_digest="a" * 64) == first
    assert ask("result", "{}", input_digest="b" * 64) != first
    assert ask("result", "{}") != ask("result", "{}")


def test_what_failed_or_is_being_cancelled_is_not_reused(
    ask: Callable[..., Job], carry_out: Callable[[Job], Job]
) -> None:
    failed = carry_out(ask("exit", "3", input_digest="a" * 64))
    again = ask("result", "{}", input_digest="a" * 64)
    assert again != failed
    actions.cancel(job=again, by=again.owner)
    assert ask("result", "{}", input_digest="a" * 64) not in (failed, again)


def test_two_who_ask_at_once_get_one_job(desk: Desk, ask: Callable[..., Job]) -> None:
    barrier, found = threading.Barrier(2), []

    def one(who: str) -> None:
        try:
            barrier.wait()
            found.append(ask("result", "{}", by=who, input_digest="c" * 64).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(who,)) for who in ("planner", "planner_2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert len(set(found)) == 1


def test_strangers_to_the_unit_are_refused(desk: Desk, ask: Callable[..., Job]) -> None:
    with pytest.raises(PermissionDenied):
        actions.start(verb="fake", args={}, unit=desk.unit("region"), by=desk.person("school_clerk"))
    with pytest.raises(KeyError):
        actions.start(verb="unheard", args={}, unit=desk.unit("region"), by=desk.person("planner"))


def test_cancelling_is_for_the_owner_and_the_operator(desk: Desk, ask: Callable[..., Job]) -> None:
    job = ask("result", "{}")
    with pytest.raises(PermissionDenied):
        actions.cancel(job=job, by=desk.person("planner_2"))
    assert actions.cancel(job=job, by=desk.person("system_admin")).state == Job.CANCELLED
    with pytest.raises(Refused, match="has_ended"):
        actions.cancel(job=job, by=desk.person("planner"))
    assert tasks.run_job.func(job.pk, 1) == "passed"


def test_retrying_makes_a_new_job(
    desk: Desk, ask: Callable[..., Job], carry_out: Callable[[Job], Job]
) -> None:
    job = carry_out(ask("exit", "1", input_digest="d" * 64))
    made = actions.retry(job=job, by=job.owner)
    assert (made.state, made.args, made.input_digest) == (Job.WAITING, job.args, job.input_digest)
    assert made.pk != job.pk
    with pytest.raises(Refused, match="not_to_retry"):
        actions.retry(job=made, by=made.owner)


def test_a_lost_job_is_tried_once_more_then_given_up(ask: Callable[..., Job]) -> None:
    job = ask("result", "{}")
    assert tasks.begin(job.pk, 1) is not None
    assert actions.reap() == [], "a fresh heartbeat is no loss"
    assert actions.reap() == []
    silent(job)
    assert actions.reap() == [job.pk]
    job.refresh_from_db()
    assert (job.state, notices(job)) == (Job.WAITING, ["jobs.again"])
    assert tasks.begin(job.pk, 1) is None, "the dead attempt's message is stale"
    assert tasks.begin(job.pk, 2) is not None
    silent(job)
    actions.reap()
    job.refresh_from_db()
    assert (job.state, notices(job)) == (Job.LOST, ["jobs.again", "jobs.lost"])
    assert actions.reap() == []


def test_an_attempt_that_was_given_up_writes_nothing(ask: Callable[..., Job]) -> None:
    job = ask("result", "{}")
    old = tasks.begin(job.pk, 1)
    assert old is not None
    silent(job)
    actions.reap()
    assert tasks.Reporting(old).tick({"code": "x", "done": 1, "total": 2}), "told to stop"
    assert tasks.end(old, tasks.child.Outcome(result={"run": "year-000000000000"})) == "passed"
    job.refresh_from_db()
    assert (job.state, job.done, job.result) == (Job.WAITING, None, {})


def test_a_job_whose_message_was_taken_and_dropped_is_queued_again(ask: Callable[..., Job]) -> None:
    """The worker was killed between taking the message and beginning the job."""
    job = ask("result", "{}")
    DBTaskResult.objects.get().claim("dead worker")
    assert actions.reap() == [], "it may still begin"
    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(minutes=2))
    assert actions.reap() == [job.pk]
    job.refresh_from_db()
    states = dict(DBTaskResult.objects.values_list("pk", "status"))
    assert sorted(states.values()) == ["FAILED", "READY"]
    assert {str(pk): state for pk, state in states.items()}[job.task_id] == "READY"
    assert job.attempts == 0, "it was never begun"


def test_a_lost_job_that_was_being_cancelled_is_cancelled(ask: Callable[..., Job]) -> None:
    job = ask("result", "{}")
    tasks.begin(job.pk, 1)
    actions.cancel(job=job, by=job.owner)
    silent(job)
    actions.reap()
    job.refresh_from_db()
    assert job.state == Job.CANCELLED


def test_beats_of_long_gone_workers_are_forgotten(desk: Desk) -> None:
    from junheng.web.jobs.models import WorkerBeat

    tasks.beat("here", "quick")
    WorkerBeat.objects.create(worker="gone", queues="heavy", at=timezone.now() - timedelta(days=2))
    actions.reap()
    assert [beat.worker for beat in WorkerBeat.objects.all()] == ["here"]
    tasks.silence("here")
    assert not WorkerBeat.objects.exists()
