"""What may be done with a round: opened from a run somebody has looked through, and moved on or back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from junheng.model.errors import Refused
from junheng.rules.assessment import Assessment, State
from junheng.web.accounts.models import Grant
from junheng.web.accounts.roles import EXAMINE, ROLES
from junheng.web.audit.chain import record as audit
from junheng.web.balance.evidence import pieces
from junheng.web.balance.evidence.shelf import ROUNDS
from junheng.web.balance.models import AssessmentRound, RoundStep
from junheng.web.balance.rounds import frozen, workflow
from junheng.web.house.calendar import school_year
from junheng.web.notices.actions import tell
from junheng.web.runs.actions import region_unit
from junheng.web.runs.models import RunRecord
from junheng.web.units.register import register
from junheng.web.workspace import book, region

LONGEST_REASON = 500


@transaction.atomic
def open_round(*, assessment: str, run_id: str, by: Any, reason: str) -> AssessmentRound:
    """Open a round in the first state of the assessment, for the year the run judged.

    PermissionDenied unless the person examines for the county itself. Refused without a reason, for an
    assessment without a procedure, a run nobody has reviewed or that did not judge it, and a second round of
    a year.
    """
    unit = region_unit()
    if unit is None or workflow.may(by, register(), unit, "county") is None:
        raise PermissionDenied(EXAMINE)
    record = next((one for one in frozen.runs(assessment) if one.run_id == run_id), None)
    year = record.origin_year if record is not None else None
    if record is None or year is None:
        raise Refused("balance.round_run_unfit", {"run": run_id})
    law = _assessment(assessment, year)
    if not law.workflow:
        raise Refused("balance.round_no_procedure", {})
    if not reason.strip():
        raise Refused("balance.reason_needed", {})
    if AssessmentRound.objects.filter(unit=unit, assessment=assessment, year=year).exists():
        raise Refused("balance.round_there", {"year": year})
    held = AssessmentRound.objects.create(
        unit=unit, assessment=assessment, year=year, state=law.workflow[0].id, run_id=record.run_id,
        digest=frozen.digest(record, assessment), opened_by=by,
    )  # fmt: skip
    _step(held, by, unit, "", reason.strip(), {})
    return held


def move(
    *,
    held: AssessmentRound,
    target: str,
    by: Any,
    reason: str,
    row_version: int,
    run_id: str = "",
    file: Any = None,
) -> AssessmentRound:
    """Take a round to its next state, or back. A state that freezes keeps the run: the one chosen where the
    county takes the step, else the one frozen already.

    PermissionDenied unless the person collects for the office whose step it is. Refused for a step the rules
    do not know, a round that has moved on, without a reason or a document, for a run that is not fit or not
    the same any more, and onward while evidence is not what was examined.
    """
    _step_of(held, target, by)
    if not reason.strip():
        raise Refused("balance.reason_needed", {})
    if len(reason) > LONGEST_REASON:
        raise Refused("balance.note_long", {"most": LONGEST_REASON})
    if file is None:
        raise Refused("balance.document_needed", {})
    name, folder = ROUNDS.acceptable(file), uuid.uuid4().hex
    try:
        sha256 = ROUNDS.keep(file, name, folder)
        document = {"folder": folder, "file": name, "sha256": sha256, "size": file.size}
        return _moved(held, target, by, reason.strip(), row_version, run_id, document)
    except BaseException:
        ROUNDS.forget(folder)
        raise


@transaction.atomic
def _moved(
    given: AssessmentRound, target: str, by: Any, reason: str, row_version: int, run_id: str, document: Any
) -> AssessmentRound:
    held = AssessmentRound.objects.select_for_update(of=("self",)).select_related("unit").get(pk=given.pk)
    if held.row_version != row_version:
        raise Refused("balance.round_moved_on", {})
    law, here, then, unit = _step_of(held, target, by)
    if workflow.goes_on(law, here.id, then.id):
        _evidence_holds(held)
    if then.frozen:
        _freeze(held, run_id if unit == held.unit else "")
    source, held.state, held.moved_at = held.state, then.id, timezone.now()
    held.row_version += 1
    held.save()
    _step(held, by, unit, source, reason, document)
    _tell(held, law, then, by)
    return held


def _step_of(held: AssessmentRound, target: str, by: Any) -> tuple[Assessment, State, State, Any]:
    """The assessment, the states of a step and the unit for which the person takes it."""
    law = _assessment(held.assessment, held.year)
    here = workflow.state_of(law, held.state)
    then = next((one for one in workflow.following(law, held.state) if one.id == target), None)
    if here is None or then is None:
        raise Refused("balance.round_no_step", {})
    unit = workflow.may(by, register(), held.unit, workflow.office(here, then))
    if unit is None:
        raise PermissionDenied(EXAMINE)
    return law, here, then, unit


def _freeze(held: AssessmentRound, run_id: str) -> None:
    """Keep a run with the state: another one that was reviewed, or the one frozen before, if it still is what
    it was."""
    if run_id and run_id != held.run_id:
        record = next((one for one in frozen.runs(held.assessment, held.year) if one.run_id == run_id), None)
        if record is None:
            raise Refused("balance.round_run_unfit", {"run": run_id})
        held.run_id, held.digest = record.run_id, frozen.digest(record, held.assessment)
        return
    record = RunRecord.objects.filter(run_id=held.run_id).first()
    if record is None or frozen.digest(record, held.assessment) != held.digest:
        raise Refused("balance.round_run_altered", {"run": held.run_id})


def _evidence_holds(held: AssessmentRound) -> None:
    """Refused while a document that was examined is not what it was."""
    found = pieces.inside(held.unit.path, assessment=held.assessment, year=held.year, current=True)
    spoiled = [one.row.item for one in found if one.decided and not one.sound]
    if spoiled:
        raise Refused("balance.round_evidence_spoiled", {"count": len(spoiled), "items": spoiled[:5]})


def _step(
    held: AssessmentRound, by: Any, unit: Any, source: str, reason: str, document: dict[str, Any]
) -> None:
    RoundStep.objects.create(
        round=held, by=by, unit=unit, source=source, target=held.state, reason=reason, run_id=held.run_id,
        digest=held.digest, **document,
    )  # fmt: skip
    audit(
        "balance.round_moved" if source else "balance.round_opened",
        by=by,
        unit=unit,
        object=f"{held.assessment} {held.year}",
        reason=reason,
        diff={"from": source, "to": held.state, "digest": held.digest, "file": document.get("file", "")},
        file_sha256=document.get("sha256", ""),
        run_id=held.run_id,
    )


def _tell(held: AssessmentRound, law: Assessment, state: State, by: Any) -> None:
    """Tell those whose step is next, and the county where somebody above has moved it."""
    people = {one.pk: one for one in _people(held.unit)}
    following = workflow.following(law, state.id)
    if following:
        level = workflow.office(state, following[0])
        people |= {one.pk: one for one in _people(workflow.acting(register(), held.unit, level))}
    parts = {"unit": held.unit.code, "year": school_year(), "round": held.pk}
    tell(
        to=[one for one in people.values() if one.pk != by.pk],
        code="balance.notice_round",
        link=reverse("balance:round", kwargs=parts),
        unit=held.unit.name,
        assessment=law.zh,
        year=held.year,
        state=state.zh,
    )


def _people(unit: Any) -> Iterable[Any]:
    """Who examines for exactly this unit."""
    roles = [name for name, role in ROLES.items() if EXAMINE in role.permissions]
    grants = Grant.objects.in_force(timezone.localdate()).filter(
        role__in=roles, unit=unit, user__is_active=True
    )
    return [grant.user for grant in grants.select_related("user")]


def _assessment(name: str, year: int) -> Assessment:
    return book().at(date(year, 9, 1), region()).assessment(name)
