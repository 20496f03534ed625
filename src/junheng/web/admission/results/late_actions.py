"""Late arrivals (补登): proposed by one person, checked by another. The next spare receipt is taken when she
is proposed and never given to anybody else, so nobody chooses a ticket by waiting or by withdrawing."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from junheng.admission.receipts import plain_identity
from junheng.model.errors import Refused
from junheng.web.accounts.roles import ADMIT
from junheng.web.admission import states
from junheng.web.admission.child_form import Filled
from junheng.web.admission.draws.models import Draw, LateChild
from junheng.web.admission.draws.people import holders
from junheng.web.admission.models import Child, Entry
from junheng.web.admission.results.actions import LONGEST, _to
from junheng.web.audit.chain import record as audit
from junheng.web.notices.actions import tell


@transaction.atomic
def propose(*, entry: Entry, filled: Filled, document_no: str, by: Any) -> LateChild:
    """Propose a late arrival with the next spare receipt; one that was not accepted before comes again with
    the receipt she had. PermissionDenied without `admit`; Refused before publication, where scores decide,
    without a document, for a number or identity that is known, and when the spare receipts are used up."""
    held: Entry = Entry.objects.select_for_update(of=("self",)).select_related("unit").get(pk=entry.pk)
    if not by.may(ADMIT, held.unit):
        raise PermissionDenied(ADMIT)
    if held.state != states.PUBLISHED:
        raise Refused("results.not_published", {})
    if not document_no.strip() or len(document_no) > LONGEST:
        raise Refused("results.document_missing", {"most": LONGEST})
    draw = held.draws.exclude(state=Draw.SUPERSEDED).first()
    if draw is None or not draw.announcement:
        raise Refused("admission.late_scores", {"plan": held.title})
    identity = plain_identity(filled.row.get("identity_code", ""))
    before = LateChild.objects.filter(entry=held, identity=identity).first()
    _refuse_known(held, filled.applicant_id, identity, before)
    if before is None:
        spare, used = draw.announcement["spare_receipts"], LateChild.objects.filter(entry=held).count()
        if used >= len(spare):
            counts = {"spare": len(spare), "left": 0, "count": 1}
            raise Refused("admission.spare_used_up", {"plan": held.title, **counts})
        before = LateChild(entry=held, number=used + 1, receipt=spare[used], identity=identity)
    before.applicant_id, before.document_no = filled.applicant_id, document_no.strip()
    before.name = filled.name or ""
    before.filled = {
        "school": filled.school.pk if filled.school is not None else None,
        "row": filled.row, "facts": {one: value for one, value in filled.facts.items() if value},
        "choices": filled.choices,
    }  # fmt: skip
    before.by, before.at, before.state = by, timezone.now(), LateChild.OPEN
    before.ended_by, before.ended_at = None, None
    before.row_version = before.row_version + 1 if before.pk else 1
    before.save()
    _note("admission.late_proposed", before, by)
    tell(
        to=holders(ADMIT, held.unit, besides=by),
        code="results.notice_late",
        link=_to("late")(held),
        title=held.title,
        who=by.name,
    )
    return before


@transaction.atomic
def decide(*, row: LateChild, by: Any, row_version: int, accepted: bool) -> LateChild:
    """Accept a late arrival another person proposed, or send it back; her receipt stays hers either way.
    PermissionDenied without `admit`; Refused for one's own, and for one dealt with or changed meanwhile."""
    rows = LateChild.objects.select_for_update(of=("self",)).select_related("entry__unit")
    held: LateChild = rows.get(pk=row.pk)
    entry = held.entry
    if not by.may(ADMIT, entry.unit):
        raise PermissionDenied(ADMIT)
    if held.state != LateChild.OPEN or held.row_version != row_version:
        raise Refused("draws.dealt_with", {})
    if held.by_id == by.pk:
        raise Refused("draws.two_people", {})
    if accepted:
        _refuse_known(entry, held.applicant_id, held.identity, held)
        held.child = _child(held, by)
    held.state = LateChild.TAKEN if accepted else LateChild.REFUSED
    held.name, held.filled = "", {}  # from here on the child's own row holds it
    held.ended_by, held.ended_at = by, timezone.now()
    held.row_version += 1
    held.save()
    _note("admission.late_taken" if accepted else "admission.late_refused", held, by)
    return held


def _refuse_known(entry: Entry, applicant_id: str, identity: str, own: LateChild | None) -> None:
    """Refused for a child the entry has already: another number does not make another child."""
    others = LateChild.objects.filter(entry=entry).exclude(pk=own.pk if own is not None else None)
    if own is not None and own.state == LateChild.TAKEN:
        raise Refused("admission.late_known", {"applicant": own.applicant_id})
    known = Child.objects.filter(entry=entry).exclude(state=Child.WITHDRAWN)
    if known.filter(applicant_id=applicant_id).exists() or others.filter(applicant_id=applicant_id).exists():
        raise Refused("admission.late_known", {"applicant": applicant_id})
    for other, row in known.values_list("applicant_id", "row"):
        if identity and plain_identity(str(row.get("identity_code") or other)) == identity:
            raise Refused("admission.late_identity", {"applicant": applicant_id, "other": other})


def _child(held: LateChild, by: Any) -> Child:
    """The child in the casework, every fact checked by the two people."""
    told, day = held.filled, timezone.localdate().isoformat()
    facts = {
        name: {"value": value, "state": Child.VERIFIED, "by": by.username, "on": day, "paper": "", "note": ""}
        for name, value in told["facts"].items()
    }
    rest = {
        "name": held.name, "school_id": told["school"], "row": told["row"], "facts": facts,
        "choices": told["choices"], "state": Child.BUREAU_CHECKED, "by": by, "at": timezone.now(),
    }  # fmt: skip
    child, _ = Child.objects.update_or_create(entry=held.entry, applicant_id=held.applicant_id, defaults=rest)
    return child


def _note(verb: str, held: LateChild, by: Any) -> None:
    """In the trail: who, which receipt and document; values of facts never."""
    audit(
        verb,
        by=by,
        unit=held.entry.unit,
        object=f"{held.entry.plan_id} {held.applicant_id}",
        diff={"late": held.number, "receipt": held.receipt, "document": held.document_no},
    )
