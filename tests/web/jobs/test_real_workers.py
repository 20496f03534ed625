"""Workers and web server as real processes: what is killed in the middle of its work loses nothing."""

from __future__ import annotations

import os
import signal
import time
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from tests.web.desks import Desk
from tests.web.servers import DeskServer

from junheng.data import Workspace, runs
from junheng.web.jobs import actions
from junheng.web.jobs.models import Job, WorkerBeat
from junheng.web.notices.models import Notice
from junheng.web.runs.models import RunRecord

SHORT = {"years": 3, "draws": 100}


def start(desk: Desk, verb: str, queue: str = "heavy", **args: Any) -> Job:
    return actions.start(
        verb=verb, args=args, unit=desk.unit("region"), by=desk.person("planner"), queue=queue
    )


def until(job: Job, holds: Callable[[Job], bool], seconds: float = 90) -> Job:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        job.refresh_from_db()
        if holds(job):
            return job
        time.sleep(0.2)
    raise AssertionError(f"job {job} {job.message} {job.failure}\n{job.log}")


def test_a_quick_job_does_not_wait_for_a_heavy_one(desk_server: DeskServer, served: Desk) -> None:
    heavy = start(served, "run", years=30, draws=10_000)
    until(heavy, lambda job: bool(job.message))
    school = served.workspace / "desk" / "seats.csv"
    school.write_text("school_id,stage,year,seats\n", encoding="utf-8")
    quick = until(
        start(served, "preview", "quick", files=["seats.csv"], report="report"), lambda job: job.ended
    )
    assert quick.result.get("errors") is not None, quick.failure
    heavy.refresh_from_db()
    assert heavy.state == Job.RUNNING
    actions.cancel(job=heavy, by=heavy.owner)
    assert until(heavy, lambda job: job.ended).state == Job.CANCELLED
    assert [path.name for path in (served.workspace / "runs").glob(".partial*")] == []
    assert {beat.queues for beat in WorkerBeat.objects.all()} == {"heavy", "quick"}


@pytest.mark.both_databases
def test_killed_in_the_middle_nothing_is_lost(desk_server: DeskServer, served: Desk) -> None:
    before = RunRecord.objects.count()
    job = until(start(served, "run", seed=2, **SHORT), lambda job: bool(job.message))
    children = _children(desk_server.worker_pids())
    assert children, "the run is a process of its own"
    desk_server.kill_workers()
    desk_server.kill_web()
    assert _all_gone(children), "the run ends with its worker: no second one beside it later"
    Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now() - timedelta(minutes=2))
    desk_server.start_web()
    desk_server.start_workers()
    until(job, lambda job: job.state == Job.RUNNING and job.attempts == 2)
    desk_server.restart_web()  # the web server is nothing to a job
    with urllib.request.urlopen(f"{desk_server.url}/healthz", timeout=5) as answer:
        assert answer.status == 200
    until(job, lambda job: job.ended)
    assert job.state == Job.DONE, job.failure
    assert RunRecord.objects.count() == before + 1
    stored = runs.load(Workspace.open(served.workspace), job.run_id)
    assert stored.tables()
    assert stored.changed_files() == []
    told = Notice.objects.filter(to=job.owner, link__endswith=f"/{job.pk}/").order_by("pk")
    assert [notice.code for notice in told] == ["jobs.again", "jobs.done"]


def test_a_worker_asked_to_end_hands_its_job_on(desk_server: DeskServer, served: Desk) -> None:
    job = until(start(served, "run", seed=3, **SHORT), lambda job: bool(job.message))
    pids = {str(pid) for pid in desk_server.worker_pids()}
    desk_server.end_workers()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.WAITING, 0)
    left = {beat.worker.rsplit("-", 2)[1] for beat in WorkerBeat.objects.all()}
    assert not left & pids, "they took their leave"
    connection.close()
    actions.cancel(job=job, by=job.owner)
    desk_server.start_workers()


def _children(pids: list[int]) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(parts[1]) in pids:
            found.append(int(path.parent.name))
    return found


def _all_gone(pids: list[int]) -> bool:
    for _ in range(100):
        alive = [pid for pid in pids if _alive(pid)]
        if not alive:
            return True
        time.sleep(0.1)
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
    return False


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
