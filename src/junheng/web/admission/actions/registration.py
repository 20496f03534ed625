"""Registration: opened with what the workspace's tables hold, children added, corrected and withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from junheng.model.errors import Refused
from junheng.web.accounts.roles import ADMIT, REGISTER
from junheng.web.admission import casework, plans, states
from junheng.web.admission.actions import steps
from junheng.web.admission.child_form import Filled
from junheng.web.admission.models import Child, ChildStep, Entry
from junheng.web.admission.registering import VERB
from junheng.web.audit.chain import record as audit
from junheng.web.jobs import actions as jobs
from junheng.web.jobs.models import Job
from junheng.web.units.models import Unit

AT_ONCE = 2000
CHECKED = ("checked_by", "checked_on")
"""Particulars of the tables that say who checked the child as a whole: the casework says it better."""


def ask_to_take_in(*, entry: Entry, by: Any, row_version: int) -> Job:
    """Have the tables of the workspace taken in; from a draft this opens registration. PermissionDenied
    without `admit`; Refused while the plan has faults, once registrations are on publicity, and for a page
    made before somebody changed the entry."""
    if not by.may(ADMIT, entry.unit):
        raise PermissionDenied(ADMIT)
    if entry.row_version != row_version:
        raise Refused("entry.changed_since", {})
    if entry.state not in (states.DRAFT, states.REGISTERING):
        raise Refused("entry.wrong_state", {"state": f"entry.state_{entry.state}"})
    if faults := plans.of(entry).faults:
        raise Refused("entry.plan_unlawful", {"count": len(faults)})
    return jobs.start(verb=VERB, args={"entry": entry.pk}, unit=entry.unit, by=by, queue="quick")


@transaction.atomic
def take_in(*, entry: Entry, by: Any) -> dict[str, int]:
    """Children of the workspace's tables who are not registered yet become casework; who is there already is
    left alone, for people have worked on her since. Opens registration. Counts: added, there."""
    held: Entry = Entry.objects.select_for_update(of=("self",)).select_related("unit").get(pk=entry.pk)
    made = _children(held, by)
    known = set(Child.objects.filter(entry=held).values_list("applicant_id", flat=True))
    new = [one for one in made if one.applicant_id not in known]
    Child.objects.bulk_create(new, batch_size=AT_ONCE)
    counts = {"added": len(new), "there": len(made) - len(new)}
    if held.state == states.DRAFT:
        steps.take("open", entry=held, by=by, row_version=held.row_version, diff=counts)
        Entry.objects.filter(pk=held.pk).update(opened_by=by, opened_at=timezone.now())
    else:
        audit("admission.taken_in", by=by, unit=held.unit, object=held.plan_id, diff=counts)
    return counts


def _children(entry: Entry, by: Any) -> list[Child]:
    plan_id = entry.plan_id
    people = casework.table("applicants", plan_id)
    facts = _grouped(casework.table("applicant_facts", plan_id))
    choices = _grouped(casework.table("applications", plan_id).sort("batch", "choice_rank"))
    links = _grouped(casework.table("applicant_families", plan_id))
    schools = {
        unit.code: unit for unit in Unit.objects.filter(code__in=people["school_id"].unique().to_list())
    }
    now = timezone.now()
    found: list[Child] = []
    for row in people.iter_rows(named=True):
        name = row["applicant_id"]
        own = {column: _plain(value) for column, value in row.items() if value is not None}
        for column in ("plan_id", "applicant_id", *CHECKED):
            own.pop(column, None)
        for link in links.get(name, []):
            own[casework.LINK] = link["link"]
        listed: dict[str, list[str]] = {}
        for one in choices.get(name, []):
            listed.setdefault(one["batch"], []).append(one["program_id"])
        held = {
            one["fact"]: {
                "value": one["value"] or "",
                "state": one["state"],
                "by": one["checked_by"] or "",
                "on": _plain(one["checked_on"]) or "",
                "paper": one["paper"] or "",
                "note": "",
            }
            for one in facts.get(name, [])
        }
        settled = bool(row["checked_by"]) and all(one["state"] != Child.PENDING for one in held.values())
        state = Child.SCHOOL_CHECKED if settled else Child.REGISTERED
        found.append(
            Child(
                entry=entry, applicant_id=name, school=schools.get(row["school_id"]), row=own, facts=held,
                choices=listed, state=state, by=by, at=now,
            )
        )  # fmt: skip
    return found


def _grouped(frame: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row["applicant_id"], []).append(row)
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


@transaction.atomic
def add(*, entry: Entry, by: Any, filled: Filled) -> Child:
    """Register one child. PermissionDenied without `register` at the school. Refused unless registration is
    open, for a number that is taken and for an identity that is registered already."""
    may_handle(entry, filled.school, by)
    held = open_entry(entry)
    if Child.objects.filter(entry=held, applicant_id=filled.applicant_id).exists():
        raise Refused("child.number_taken", {"value": filled.applicant_id})
    _once(held, filled.row.get("identity_code", ""), None)
    child = Child(entry=held, applicant_id=filled.applicant_id)
    return _keep(child, by, filled, "register")


@transaction.atomic
def correct(*, child: Child, by: Any, filled: Filled, row_version: int) -> Child:
    """Put a child's facts, choices or particulars right: what changed is to be checked again.

    PermissionDenied and Refused as in `add`; Refused for a child who withdrew and for a page made before a
    change.
    """
    held = lock(child, by, row_version)
    may_handle(held.entry, filled.school, by)
    _once(held.entry, filled.row.get("identity_code", ""), held.pk)
    return _keep(held, by, filled, "correct")


@transaction.atomic
def withdraw(*, child: Child, by: Any, reason: str, row_version: int) -> Child:
    """Take a child out of the registration, on the family's word. The row stays, so that the same child
    registering again keeps her number. Refused without a reason."""
    held = lock(child, by, row_version)
    if not reason.strip():
        raise Refused("entry.reason_missing", {})
    held.state = Child.WITHDRAWN
    return moved(held, by, "withdraw", reason.strip())


@transaction.atomic
def readmit(*, child: Child, by: Any, row_version: int) -> Child:
    """Take a child back who withdrew; her papers are checked anew."""
    held = lock(child, by, row_version, states_of=(Child.WITHDRAWN,))
    held.state = Child.REGISTERED
    return moved(held, by, "readmit")


def lock(child: Child, by: Any, row_version: int, states_of: tuple[str, ...] = Child.STATES[:-1]) -> Child:
    """The child's row for a change. PermissionDenied for whoever does not register at her school; Refused
    unless registration is open, for other states, and for a page made before a change."""
    held: Child = (
        Child.objects.select_for_update(of=("self",)).select_related("entry__unit", "school").get(pk=child.pk)
    )
    may_handle(held.entry, held.school, by)
    open_entry(held.entry)
    if held.row_version != row_version:
        raise Refused("child.changed_since", {})
    if held.state not in states_of:
        raise Refused("child.wrong_state", {"state": f"child.state_{held.state}"})
    return held


def moved(child: Child, by: Any, verb: str, text: str = "", **diff: Any) -> Child:
    """Save a child's row with its step and its event. Values of facts never enter the trail."""
    child.by, child.at = by, timezone.now()
    child.row_version = child.row_version + 1 if child.pk else 1
    child.save()
    ChildStep.objects.create(child=child, by=by, verb=verb, state=child.state, text=text[:300])
    audit(
        f"admission.child_{verb}",
        by=by,
        unit=child.school or child.entry.unit,
        object=f"{child.entry.plan_id} {child.applicant_id}",
        reason=text,
        diff={"state": child.state, **diff},
    )
    return child


def may_handle(entry: Entry, school: Unit | None, by: Any) -> None:
    """PermissionDenied for whoever neither runs the entry nor registers at the school."""
    if not (by.may(ADMIT, entry.unit) or (school is not None and by.may(REGISTER, school))):
        raise PermissionDenied(REGISTER)


def open_entry(entry: Entry) -> Entry:
    """The entry while its casework is open; Refused otherwise."""
    held: Entry = Entry.objects.select_related("unit").get(pk=entry.pk)
    if held.state not in states.CASEWORK:
        raise Refused("entry.wrong_state", {"state": f"entry.state_{held.state}"})
    return held


def _once(entry: Entry, identity: str, own: int | None) -> None:
    """One child registers once: the fixed number of her identity says who she is, never her name."""
    if not identity:
        return
    same = Child.objects.filter(entry=entry, row__identity_code=identity).exclude(pk=own)
    if found := same.first():
        raise Refused("child.registered_already", {"applicant": found.applicant_id})


def _keep(child: Child, by: Any, filled: Filled, verb: str) -> Child:
    before = child.facts
    child.name, child.school = filled.name, filled.school
    child.row = {**child.row, **filled.row}
    child.choices = filled.choices
    child.facts = {name: _fact(before.get(name), value) for name, value in filled.facts.items() if value}
    changed = sorted(name for name in {*before, *child.facts} if child.facts.get(name) != before.get(name))
    child.missing = [name for name in child.missing if name in child.facts]
    child.state, child.opinion = (Child.PAPERS_MISSING if child.missing else Child.REGISTERED), ""
    return moved(child, by, verb, changed=changed)


def _fact(before: Mapping[str, Any] | None, value: str) -> dict[str, Any]:
    """A fact as claimed: the check stands while the value does."""
    if before is not None and before.get("value", "") == value:
        return dict(before)
    paper = (before or {}).get("paper", "")
    return {"value": value, "state": Child.PENDING, "by": "", "on": "", "paper": paper, "note": ""}
