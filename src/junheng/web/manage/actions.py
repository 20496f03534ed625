"""What may be asked for on these pages: computing a run again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from junheng.model.errors import Refused
from junheng.web.accounts.roles import FORECAST
from junheng.web.jobs import actions as jobs
from junheng.web.jobs.models import Job
from junheng.web.manage.queries import verifying
from junheng.web.runs.actions import note_verdict, region_unit
from junheng.web.runs.models import RunRecord

DIFFERENT = 7
"""Exit code of a recomputation that came out otherwise, or met altered files."""


@transaction.atomic
def verify(*, run: RunRecord, by: Any) -> Job:
    """Start computing a run again. PermissionDenied without `forecast`; Refused while it is under way."""
    if not by.may(FORECAST, region_unit()):
        raise PermissionDenied(FORECAST)
    if (running := verifying(run)) is not None:
        raise Refused("manage.verifying_already", {"job": running.pk})
    return jobs.start(verb="verify", args={"run": run.run_id}, unit=region_unit(), by=by)


def holds(job: Any, result: Mapping[str, Any]) -> None:
    """The run came out the same."""
    note_verdict(run_id=str(job.args["run"]), by=job.owner)


def differs(job: Any, failure: Mapping[str, Any]) -> None:
    """The run did not; a job that failed for another reason says nothing about it."""
    if failure.get("exit_code") == DIFFERENT:
        cause = {"code": failure["code"], "parameters": failure.get("parameters", {})}
        note_verdict(run_id=str(job.args["run"]), by=job.owner, cause=cause)
