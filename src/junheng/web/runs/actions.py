"""What may be done with a run: noted, reviewed, published by two people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from junheng.data import runs as stored
from junheng.model.errors import Refused
from junheng.web.accounts.models import Grant, User
from junheng.web.accounts.roles import PUBLISH, ROLES
from junheng.web.audit.chain import record as audit
from junheng.web.notices.actions import tell
from junheng.web.runs.models import RunRecord
from junheng.web.units.models import Unit
from junheng.web.workspace import region, workspace

REASON = 500
"""Characters of a reason that are kept."""


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
    held.review_reason = reason[:REASON]
    held.save()
    audit("run.reviewed", by=by, unit=region_unit(), object=held.run_id, run_id=held.run_id, reason=reason)
    _tell("runs.told_review", held, [person for person in _holders(PUBLISH) if person.pk != by.pk])
    return held


@transaction.atomic
def publish(*, run: RunRecord, by: Any, reason: str) -> RunRecord:
    """Make a reviewed run the one that schools and superiors see; the one before is superseded.

    Two people: who reviewed it cannot publish it (Refused). Refused, too, without a reason, and for a run
    that did not come out the same when it was computed again.
    """
    held = _locked(run, by, "publish", RunRecord.REVIEWED)
    if not reason.strip():
        raise Refused("runs.reason_needed", {})
    if held.verdict == RunRecord.DIFFERS:
        raise Refused("runs.does_not_hold", {"run": held.run_id})
    if held.reviewed_by_id == by.pk:
        raise Refused("runs.two_people", {"run": held.run_id})
    RunRecord.objects.filter(verb=held.verb, scenario=held.scenario, state=RunRecord.PUBLISHED).update(
        state=RunRecord.SUPERSEDED
    )
    held.state, held.published_by, held.published_at = RunRecord.PUBLISHED, by, timezone.now()
    held.publish_reason = reason[:REASON]
    held.save()
    audit("run.published", by=by, unit=region_unit(), object=held.run_id, run_id=held.run_id, reason=reason)
    _tell("runs.told_published", held, [person for person in (held.made_by, held.reviewed_by) if person])
    return held


@transaction.atomic
def note_verdict(*, run_id: str, by: Any, cause: Mapping[str, Any] | None = None) -> RunRecord:
    """Write down what computing a run again showed: it holds, or (with a `cause`, code and parameters) it
    does not. A published run that does not hold is said to those who publish."""
    held = RunRecord.objects.select_for_update().get(run_id=run_id)
    held.verdict = RunRecord.DIFFERS if cause else RunRecord.HOLDS
    held.verdict_cause = dict(cause or {})
    held.verified_by, held.verified_at = by, timezone.now()
    held.save()
    code = str(cause["code"]) if cause else ""
    audit(
        "run.verified",
        by=by,
        unit=region_unit(),
        object=held.run_id,
        run_id=held.run_id,
        diff={"verdict": held.verdict, "code": code},
    )
    if cause and held.state == RunRecord.PUBLISHED:
        _tell("runs.told_differs", held, _holders(PUBLISH))
    return held


def _holders(permission: str) -> list[User]:
    """People who hold the permission on the region today."""
    unit = region_unit()
    names = [name for name, role in ROLES.items() if permission in role.permissions]
    grants = Grant.objects.in_force(timezone.localdate()).filter(role__in=names, user__is_active=True)
    found = {
        grant.user.pk: grant.user for grant in grants.select_related("user", "unit") if _covers(grant, unit)
    }
    return [found[key] for key in sorted(found)]


def _covers(grant: Grant, unit: Unit | None) -> bool:
    return unit is not None and grant.unit.holds(unit)


def _tell(code: str, run: RunRecord, people: Iterable[Any]) -> None:
    year = run.origin_year or timezone.localdate().year
    link = reverse("manage:run", kwargs={"unit": region().code, "year": year, "run_id": run.run_id})
    tell(to={person.pk: person for person in people}.values(), code=code, link=link, run=run.run_id)


def _locked(run: RunRecord, by: Any, permission: str, state: str) -> RunRecord:
    if not by.may(permission, region_unit()):
        raise PermissionDenied(permission)
    held = RunRecord.objects.select_for_update().get(pk=run.pk)
    if held.state != state:
        raise Refused("runs.wrong_state", {"run": held.run_id, "state": held.state, "wanted": state})
    return held
