"""What may be done with a run: noted, reviewed, published by two people."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from junheng.data import runs as stored
from junheng.model.errors import Refused
from junheng.web.audit.chain import record as audit
from junheng.web.runs.models import RunRecord
from junheng.web.units.models import Unit
from junheng.web.workspace import region, workspace


@transaction.atomic
def note_runs(*, by: Any, run_id: str | None = None) -> list[RunRecord]:
    """Index the runs the workspace holds that the index lacks (all, or the one named): those a job has just
    stored, and those made on the command line. Returns the new entries."""
    known = set(RunRecord.objects.values_list("run_id", flat=True))
    ws = workspace()
    found = [stored.load(ws, run_id)] if run_id else stored.list_runs(ws)
    made: list[RunRecord] = []
    for run in found:
        if run.id in known:
            continue
        tables = {name: digest for name, digest in run.record.inputs.items() if name in _inputs(run.record)}
        version = ws.store.holding(tables)
        made.append(
            RunRecord.objects.create(
                run_id=run.id,
                verb=run.record.verb,
                origin_year=run.record.options.get("origin_year"),
                scenario=str(run.record.options.get("scenario", "")),
                data_version=version.id if version else "",
                made_by=by if not isinstance(by, str) else None,
            )
        )
        audit("run.noted", by=by, unit=region_unit(), object=run.id, run_id=run.id)
    return made


def _inputs(record: stored.Record) -> set[str]:
    """Names of the workspace's tables among a record's inputs."""
    return {name for name in record.inputs if name not in ("boundaries", "levers")}


def region_unit() -> Unit | None:
    """The unit of the region served."""
    return Unit.objects.filter(code=region().code).first()


@transaction.atomic
def review(*, run: RunRecord, by: Any, reason: str = "") -> RunRecord:
    """Say that a draft run has been looked through. PermissionDenied without `forecast`; Refused unless it is
    a draft."""
    held = _locked(run, by, "forecast", RunRecord.DRAFT)
    held.state, held.reviewed_by, held.reviewed_at = RunRecord.REVIEWED, by, timezone.now()
    held.save()
    audit("run.reviewed", by=by, unit=region_unit(), object=held.run_id, run_id=held.run_id, reason=reason)
    return held


@transaction.atomic
def publish(*, run: RunRecord, by: Any, reason: str) -> RunRecord:
    """Make a reviewed run the one that schools and superiors see; the one before is superseded.

    Two people: who reviewed it cannot publish it (Refused).
    """
    held = _locked(run, by, "publish", RunRecord.REVIEWED)
    if held.reviewed_by_id == by.pk:
        raise Refused("runs.two_people", {"run": held.run_id})
    RunRecord.objects.filter(verb=held.verb, scenario=held.scenario, state=RunRecord.PUBLISHED).update(
        state=RunRecord.SUPERSEDED
    )
    held.state, held.published_by, held.published_at = RunRecord.PUBLISHED, by, timezone.now()
    held.save()
    audit("run.published", by=by, unit=region_unit(), object=held.run_id, run_id=held.run_id, reason=reason)
    return held


def _locked(run: RunRecord, by: Any, permission: str, state: str) -> RunRecord:
    if not by.may(permission, region_unit()):
        raise PermissionDenied(permission)
    held = RunRecord.objects.select_for_update().get(pk=run.pk)
    if held.state != state:
        raise Refused("runs.wrong_state", {"run": held.run_id, "state": held.state, "wanted": state})
    return held
