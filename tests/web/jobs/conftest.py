"""Jobs whose command is the fake one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.desks import Desk

from junheng.web.jobs import actions, child, registry, tasks
from junheng.web.jobs.models import Job

FAKE = Path(__file__).with_name("fake_command.py")


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Name of a verb whose job's `words` are what the fake command does."""
    registry.register("fake", lambda job: job.args["words"], permission="forecast", title="jobs.verb_run")
    monkeypatch.setattr(child, "command", lambda words, memory, language: [sys.executable, str(FAKE), *words])
    monkeypatch.setattr(child, "GRACE", 1.0)
    yield "fake"
    registry._VERBS.pop("fake")


@pytest.fixture
def ask(desk: Desk, fake: str) -> Callable[..., Job]:
    """Start a fake job of the planner's."""

    def start(*words: str, by: str = "planner", **more: Any) -> Job:
        return actions.start(
            verb=fake, args={"words": list(words)}, unit=desk.unit("region"), by=desk.person(by), **more
        )

    return start


@pytest.fixture
def carry_out() -> Callable[[Job], Job]:
    """Do what a worker would do with the job now."""

    def run(job: Job) -> Job:
        tasks.run_job.func(job.pk, job.attempts + 1)
        job.refresh_from_db()
        return job

    return run
