"""公示: its days, back to registration, objections noted and answered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from junheng.model.errors import Refused
from junheng.web.accounts.roles import ADMIT
from junheng.web.admission import states
from junheng.web.admission.actions import steps
from junheng.web.admission.actions.registration import moved
from junheng.web.admission.models import Child, Entry, Objection
from junheng.web.audit.chain import record as audit

LONGEST_TEXT = 1000
LONGEST_PERIOD = timedelta(days=90)


@transaction.atomic
def publicise(*, entry: Entry, by: Any, publicity_from: str, publicity_to: str, row_version: int) -> Entry:
    """Begin publicity. Refused for days that are none, in the wrong order, past or too far apart, while
    nobody is registered, and while a child still waits for the bureau's check."""
    first, last = _day(publicity_from), _day(publicity_to)
    if first is None or last is None or last < first or last < timezone.localdate():
        raise Refused("entry.days_wrong", {})
    if last - first > LONGEST_PERIOD:
        raise Refused("entry.days_long", {"days": LONGEST_PERIOD.days})
    staying = Child.objects.filter(entry=entry).exclude(state=Child.WITHDRAWN)
    if not staying.exists():
        raise Refused("entry.no_children", {})
    if waiting := staying.exclude(state=Child.BUREAU_CHECKED).count():
        raise Refused("entry.unchecked", {"count": waiting})
    days = {"publicity_from": first.isoformat(), "publicity_to": last.isoformat()}
    held = steps.take("publicise", entry=entry, by=by, row_version=row_version, diff=days)
    held.publicity_from, held.publicity_to = first, last
    held.save()
    return held


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def resume(*, entry: Entry, by: Any, row_version: int, reason: str) -> Entry:
    """Back to registration, with a reason; publicity begins anew after it."""
    return steps.take("resume", entry=entry, by=by, row_version=row_version, reason=reason)


@transaction.atomic
def note(*, entry: Entry, by: Any, applicant_id: str, fact: str, text: str, from_whom: str) -> Objection:
    """Put an objection on record. PermissionDenied without `admit`; Refused outside registration and
    publicity, without a text, and for a child or fact there is not."""
    held = _open(entry, by)
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise Refused("entry.objection_text", {"most": LONGEST_TEXT})
    child = None
    if applicant_id.strip():
        child = Child.objects.filter(entry=held, applicant_id=applicant_id.strip()).first()
        if child is None:
            raise Refused("entry.objection_child", {"value": applicant_id.strip()[:40]})
    if fact and (child is None or fact not in child.facts):
        raise Refused("entry.objection_fact", {})
    made = Objection.objects.create(
        entry=held, child=child, fact=fact, text=text.strip(), from_whom=from_whom.strip()[:100], by=by
    )
    _trail("objection_noted", made, by)
    return made


@transaction.atomic
def answer(*, objection: Objection, by: Any, verdict: str, text: str, row_version: int) -> Objection:
    """Uphold or reject an objection, with the answer given. Upheld, the fact it names (all facts of the child
    where it names none) is pending again and the child back at the school's check. PermissionDenied and
    Refused as in `note`; Refused for one that is answered."""
    _open(objection.entry, by)
    held: Objection = (
        Objection.objects.select_for_update(of=("self",))
        .select_related("entry__unit", "child")
        .get(pk=objection.pk)
    )
    if held.row_version != row_version or held.state != Objection.OPEN:
        raise Refused("entry.changed_since", {})
    if verdict not in (Objection.UPHELD, Objection.REJECTED):
        raise Refused("entry.verdict_missing", {})
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise Refused("entry.answer_missing", {"most": LONGEST_TEXT})
    held.state, held.answer = verdict, text.strip()
    held.answered_by, held.answered_at = by, timezone.now()
    held.row_version += 1
    held.save()
    if verdict == Objection.UPHELD and held.child is not None:
        _reopen(held.child.pk, held.fact, by)
    _trail(f"objection_{verdict}", held, by)
    return held


def _reopen(pk: int, fact: str, by: Any) -> None:
    child: Child = (
        Child.objects.select_for_update(of=("self",)).select_related("entry__unit", "school").get(pk=pk)
    )
    for name, one in child.facts.items():
        if fact in ("", name):
            one |= {"state": Child.PENDING, "by": "", "on": ""}
    if child.state != Child.WITHDRAWN:
        child.state = Child.REGISTERED
    moved(child, by, "reopen", fact=fact)


def _open(entry: Entry, by: Any) -> Entry:
    held: Entry = Entry.objects.select_related("unit").get(pk=entry.pk)
    if not by.may(ADMIT, held.unit):
        raise PermissionDenied(ADMIT)
    if held.state not in states.CASEWORK:
        raise Refused("entry.wrong_state", {"state": f"entry.state_{held.state}"})
    return held


def _trail(verb: str, objection: Objection, by: Any) -> None:
    about = objection.child.applicant_id if objection.child is not None else ""
    audit(
        f"admission.{verb}",
        by=by,
        unit=objection.entry.unit,
        object=f"{objection.entry.plan_id} {objection.pk}",
        diff={"child": about, "fact": objection.fact, "state": objection.state},
    )
