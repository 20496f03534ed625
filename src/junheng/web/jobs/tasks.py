"""Carrying out a job: begun, watched, ended, each step fenced by the attempt it belongs to.

A worker that was cut off and comes back finds that its attempt is no longer the present one: it writes
nothing and ends its child.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, close_old_connections, transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from junheng.model.errors import JunhengError
from junheng.web.house.entrance import school_year
from junheng.web.jobs import child, commands, registry
from junheng.web.jobs.models import Job, WorkerBeat
from junheng.web.notices.actions import tell
from junheng.web.runs.actions import note_runs

ATTEMPTS = 2
HEARTBEAT = timedelta(seconds=10)
KEPT_FINDINGS = 200
_PATIENCE = 30
"""Times, a second apart, that the end of a job is offered to a database that does not answer."""

stopping = threading.Event()
"""Set when this worker is asked to end: the job in hand is put back for the next worker."""
_in_hand: set[tuple[int, int]] = set()
"""Quick jobs (id, attempt) whose function runs in this process now."""


@task(queue_name="heavy")
def run_job(job_id: int, attempt: int) -> str:
    """Carry out one attempt at a job; returns the state it ended in."""
    job = begin(job_id, attempt)
    if job is None:
        return "passed"
    verb = registry.verb(job.verb)
    try:
        found = verb.recover(job) if verb.recover is not None else None
        if found is not None:
            outcome = child.Outcome(result=dict(found))
        elif verb.arguments is not None:
            outcome = _in_child(job, verb.arguments)
        else:
            outcome = _in_worker(job, verb)
    except JunhengError as error:
        outcome = child.Outcome(failure=failure_of(error))
    except Exception as error:  # a fault of ours must end in the job, not in a worker's log
        outcome = child.Outcome(failure=_internal(error), log=traceback.format_exc()[-child.KEPT_LOG :])
    return _insist(lambda: end(job, outcome))


def enqueue(job: Job) -> None:
    """Put a waiting job before the workers, in the caller's transaction: both are there, or neither."""
    queued = run_job.using(queue_name=job.queue).enqueue(job.pk, job.attempts + 1)
    job.task_id = str(queued.id)
    job.save(update_fields=["task_id"])


@transaction.atomic
def begin(job_id: int, attempt: int) -> Job | None:
    """Take a waiting job in hand; None when it waits no more or this attempt is an old one."""
    job = Job.objects.select_for_update().filter(pk=job_id).first()
    if job is None or job.state != Job.WAITING or job.attempts + 1 != attempt:
        return None
    now = timezone.now()
    job.state, job.attempts, job.heartbeat, job.started_at = Job.RUNNING, attempt, now, now
    job.done = job.total = None
    job.message = {}
    job.save()
    return job


class Reporting:
    """Writes progress of one attempt, at most once a second, and learns whether to stop."""

    def __init__(self, job: Job) -> None:
        self._rows = Job.objects.filter(pk=job.pk, state=Job.RUNNING, attempts=job.attempts)
        self._written = timezone.now()

    def tick(self, newest: Mapping[str, Any] | None) -> bool:
        """Write what is new, at least a heartbeat now and then. True when the job is to stop: cancelled, or
        another attempt has taken over, or this worker is ending."""
        if stopping.is_set():
            return True
        try:
            return self._write(newest)
        except OperationalError:  # the database is away or busy: the work goes on, the next tick tries again
            close_old_connections()
            return False

    def _write(self, newest: Mapping[str, Any] | None) -> bool:
        now = timezone.now()
        if newest is None and now - self._written < HEARTBEAT:
            asked = self._rows.values_list("cancel_asked", flat=True).first()
            return asked is None or asked
        changes: dict[str, Any] = {"heartbeat": now}
        if newest is not None:
            message = {"code": newest.get("code", ""), "parameters": newest.get("parameters") or {}}
            changes |= {"message": message, "done": newest.get("done"), "total": newest.get("total")}
        self._written = now
        return not self._rows.update(**changes) or bool(self._rows.filter(cancel_asked=True).exists())


def _in_child(job: Job, arguments: registry.Arguments) -> child.Outcome:
    line = child.command(arguments(job), settings.JOB_MEMORY_BYTES, commands.language(job))
    return child.supervise(line, Reporting(job).tick)


class Stopped(Exception):
    """The function of a quick job learns by this that it is to stop."""


def _in_worker(job: Job, verb: registry.Verb) -> child.Outcome:
    reporting = Reporting(job)
    told = 0.0

    def report(code: str, done: int | None = None, total: int | None = None, **parameters: Any) -> None:
        nonlocal told
        if time.monotonic() - told < 1:
            return
        told = time.monotonic()
        if reporting.tick({"code": code, "parameters": parameters, "done": done, "total": total}):
            raise Stopped

    assert verb.work is not None
    _in_hand.add((job.pk, job.attempts))
    try:
        return child.Outcome(result=dict(verb.work(job, report)))
    except Stopped:
        return child.Outcome(stopped=True)
    finally:
        _in_hand.discard((job.pk, job.attempts))


def beat(worker: str, queues: str) -> None:
    """Say that this worker lives, and with it the quick job it has in hand."""
    now = timezone.now()
    WorkerBeat.objects.update_or_create(worker=worker, defaults={"queues": queues, "at": now})
    for job_id, attempt in tuple(_in_hand):
        Job.objects.filter(pk=job_id, state=Job.RUNNING, attempts=attempt).update(heartbeat=now)


def silence(worker: str) -> None:
    """This worker has ended as it should."""
    WorkerBeat.objects.filter(worker=worker).delete()


def end(job: Job, outcome: child.Outcome) -> str:
    """Write down how an attempt ended, with all that follows from it; returns the job's state."""
    if outcome.result is not None:  # it came through, even where it was told to stop meanwhile
        try:
            return _end(job, outcome, Job.DONE)
        except JunhengError as error:
            outcome.failure = failure_of(error)
        except OperationalError:
            raise
        except Exception as error:  # what the room makes of the result failed: so did the job
            outcome.failure = _internal(error)
            outcome.log = (outcome.log + traceback.format_exc())[-child.KEPT_LOG :]
    return _end(job, outcome, Job.CANCELLED if outcome.stopped else Job.FAILED)


@transaction.atomic
def _end(job: Job, outcome: child.Outcome, state: str) -> str:
    held = Job.objects.select_for_update().get(pk=job.pk)
    if held.state != Job.RUNNING or held.attempts != job.attempts:
        return "passed"
    held.log = outcome.log
    if state == Job.CANCELLED and not held.cancel_asked:
        return _put_back(held)
    held.state, held.ended_at = state, timezone.now()
    if state == Job.DONE:
        _keep(held, outcome.result or {})
    elif state == Job.FAILED:
        held.failure = _failure(outcome)
        held.message = {}
        if (failed := registry.verb(held.verb).failed) is not None:
            failed(held, held.failure)
    held.save()
    if state != Job.CANCELLED:  # who cancelled it knows
        tell(
            to=[held.owner],
            code=f"jobs.{state}",
            link=address(held),
            title=registry.verb(held.verb).title_code,
        )
    return state


def _put_back(job: Job) -> str:
    """The worker ends, not the job: it waits again, and the attempt does not count as a failed one."""
    job.state, job.attempts, job.message = Job.WAITING, job.attempts - 1, {}
    job.save()
    enqueue(job)
    return Job.WAITING


def _keep(job: Job, result: Mapping[str, Any]) -> None:
    """What a job brought, in the index of runs and in its room."""
    job.result = dict(result)
    job.message = {}
    job.run_id = str(result.get("run") or "")
    verb = registry.verb(job.verb)
    if job.run_id:
        note_runs(by=job.owner, run_id=job.run_id)
    if verb.finish is not None:
        verb.finish(job, result)


def failure_of(error: JunhengError) -> dict[str, Any]:
    """A refusal as a job keeps it, like the command line's failure event."""
    findings = [_finding(finding) for finding in error.findings[:KEPT_FINDINGS]]
    return {
        "code": error.code,
        "parameters": {name: str(value) for name, value in error.parameters.items()},
        "exit_code": error.exit_code,
        "finding_count": len(error.findings),
        "findings": findings,
    }


def _finding(finding: Any) -> dict[str, Any]:
    names = ("code", "severity", "table", "file", "sheet", "row", "column", "value")
    return {name: getattr(finding, name) for name in names} | {"parameters": dict(finding.parameters)}


def _internal(error: Exception) -> dict[str, Any]:
    code = "jobs.memory" if isinstance(error, MemoryError) else "jobs.internal"
    return {"code": code, "parameters": {"kind": type(error).__name__}, "finding_count": 0, "findings": []}


def _failure(outcome: child.Outcome) -> dict[str, Any]:
    """What the child said, or what can be told from how it ended."""
    said = outcome.failure
    if said is not None and said.get("parameters", {}).get("kind") != "MemoryError":
        return said
    memory = said is not None or "memory allocation of" in outcome.log
    return {
        "code": "jobs.memory" if memory else "jobs.broke_off",
        "parameters": {"exit_code": outcome.exit_code},
        "finding_count": 0,
        "findings": [],
    }


def address(job: Job) -> str:
    """The job's page."""
    return reverse("jobs:one", kwargs={"unit": job.unit.code, "year": school_year(), "job": job.pk})


def _insist(step: Callable[[], str]) -> str:
    """Offer the end of a job to the database until it takes it: what was worked out must not be lost to a
    restart of the database."""
    for _ in range(_PATIENCE):
        try:
            return step()
        except OperationalError:
            close_old_connections()
            time.sleep(1)
    return step()
