"""合并材料核验: facts decided, papers asked for, the checks of school and bureau, sent back with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from junheng.model.errors import Refused
from junheng.web.accounts.roles import ADMIT
from junheng.web.admission.actions.registration import lock, may_handle, moved
from junheng.web.admission.models import Child, ChildStep
from junheng.web.audit.chain import record as audit
from junheng.web.privacy.actions import counted_look

LONGEST_NOTE = 100
AT_SCHOOL = (Child.REGISTERED, Child.PAPERS_MISSING)
"""States in which the school's check is awaited."""


@transaction.atomic
def decide(
    *,
    child: Child,
    by: Any,
    facts: Mapping[str, Mapping[str, Any]],
    missing: Sequence[str],
    row_version: int,
    then_pass: bool = False,
) -> Child:
    """Decide facts of a child: {fact: {state, paper, note}}; `missing` are those whose papers are asked for.
    With `then_pass` the school's check is passed too. Refused for unknown states, a rejection without a
    remark, and as `lock` and `pass_on`."""
    held = lock(child, by, row_version)
    decided: list[str] = []
    for name, said in facts.items():
        fact = held.facts.get(name)
        if fact is None:
            continue
        state, note = said.get("state", ""), str(said.get("note", "")).strip()[:LONGEST_NOTE]
        if state not in Child.FACT_STATES:
            raise Refused("child.fact_state", {})
        if state == Child.REJECTED and not note:
            raise Refused("child.rejection_needs_note", {"fact": name})
        if name in missing:
            state = Child.PENDING
        if state != fact.get("state"):
            decided.append(f"{name}:{state}")
            fact |= {"by": by.username if state != Child.PENDING else "", "on": _today(state)}
        fact |= {"state": state, "paper": str(said.get("paper", "")).strip()[:LONGEST_NOTE], "note": note}
    asked = [name for name in missing if name in held.facts]
    if decided or asked != held.missing or held.state in AT_SCHOOL:
        held.state = Child.PAPERS_MISSING if asked else Child.REGISTERED
    held.missing = asked
    moved(held, by, "decide", decided=decided, missing=list(held.missing))
    return _passed(held, by) if then_pass else held


def _today(state: str) -> str:
    return timezone.localdate().isoformat() if state != Child.PENDING else ""


@transaction.atomic
def pass_on(*, child: Child, by: Any, row_version: int) -> Child:
    """The next check taken as passed: the school's, or the bureau's after it. PermissionDenied for the
    bureau's without `admit`; Refused while a fact is pending or a paper missing, for what is checked already,
    and for the bureau's check by whoever made the school's."""
    held = lock(child, by, row_version)
    return _passed(held, by)


def _passed(held: Child, by: Any) -> Child:
    if held.pending or held.missing:
        raise Refused("child.still_pending", {"count": len({*held.pending, *held.missing})})
    if held.state in AT_SCHOOL:
        held.state, held.opinion = Child.SCHOOL_CHECKED, ""
        return moved(held, by, "school_check")
    if held.state != Child.SCHOOL_CHECKED:
        raise Refused("child.wrong_state", {"state": f"child.state_{held.state}"})
    if not by.may(ADMIT, held.entry.unit):
        raise PermissionDenied(ADMIT)
    if _checked_by(held) == by.pk:
        raise Refused("child.second_person", {})
    held.state = Child.BUREAU_CHECKED
    return moved(held, by, "bureau_check")


def _checked_by(child: Child) -> int | None:
    last = ChildStep.objects.filter(child=child, verb="school_check").first()
    return last.by_id if last is not None else None


@transaction.atomic
def send_back(*, child: Child, by: Any, opinion: str, row_version: int) -> Child:
    """Send a child back to the school's check with an opinion. PermissionDenied without `admit`; Refused
    without an opinion, and from states that were not checked."""
    held = lock(child, by, row_version, states_of=(Child.SCHOOL_CHECKED, Child.BUREAU_CHECKED))
    if not by.may(ADMIT, held.entry.unit):
        raise PermissionDenied(ADMIT)
    if not opinion.strip():
        raise Refused("child.opinion_missing", {})
    held.state, held.opinion = Child.REGISTERED, opinion.strip()[:300]
    return moved(held, by, "send_back", held.opinion)


@transaction.atomic
def look(*, child: Child, by: Any) -> None:
    """Write down that somebody opened a child's page."""
    may_handle(child.entry, child.school, by)
    unit = child.school or child.entry.unit
    audit("admission.child_looked", by=by, unit=unit, object=_object(child))


def reveal(*, child: Child, by: Any, purpose: str) -> str:
    """The child's name, once, for a stated purpose. PermissionDenied for whoever does not register at her
    school; Refused without a purpose; `privacy.actions.TooMany` beyond the day's limit."""
    may_handle(child.entry, child.school, by)
    unit, diff = child.school or child.entry.unit, {"field": "child_name"}
    with counted_look(by=by, unit=unit, object=_object(child), purpose=purpose, diff=diff):
        return child.name


def _object(child: Child) -> str:
    return f"{child.entry.plan_id} {child.applicant_id}"
