"""The steps of a submission, the collections they belong to, and reminders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from junheng.model.errors import Refused
from junheng.web.accounts.roles import COLLECT
from junheng.web.audit.chain import record as audit
from junheng.web.data_centre import tables as ours
from junheng.web.data_centre.collecting.queries import OPEN, clerks, collectors, decided_at, handed_in
from junheng.web.data_centre.models import Collection, Submission, SubmissionEvent
from junheng.web.data_centre.workflow import STEPS, Step
from junheng.web.notices.actions import tell
from junheng.web.runs.reading import newest_version
from junheng.web.units.models import Unit


@transaction.atomic
def open_collection(
    *, by: Any, unit: Unit, year: int, name: str, tables: Sequence[str], opens: date, due: date
) -> Collection:
    """Ask the schools of a unit for tables, and tell their clerks. PermissionDenied without `collect`;
    Refused without a table schools can fill, or with a last day before the first."""
    if not by.may(COLLECT, unit):
        raise PermissionDenied(COLLECT)
    wanted = [table for table in ours.school_tables() if table in tables]
    if not wanted or len(wanted) != len(set(tables)):
        raise Refused("data_centre.collection_tables", {})
    if due < opens:
        raise Refused("data_centre.collection_days", {})
    if not name.strip():
        raise Refused("data_centre.collection_name", {})
    schools = list(Unit.objects.within([unit.path]).filter(level="school").existing(date(year, 9, 2)))
    if not schools:
        raise Refused("data_centre.collection_no_school", {})
    made = Collection.objects.create(
        unit=unit, year=year, name=name.strip(), tables=wanted, opens=opens, due=due, by=by
    )
    Submission.objects.bulk_create(
        Submission(collection=made, unit=one, changed_by=by) for one in [unit, *schools]
    )
    audit(
        "collection.opened",
        by=by,
        unit=unit,
        object=str(made),
        diff={"tables": wanted, "due": due.isoformat(), "schools": len(schools)},
    )
    _tell_clerks(
        Submission.objects.filter(collection=made, unit__in=schools).select_related("unit", "collection"),
        "data_centre.notice_opened",
    )
    return made


@transaction.atomic
def move_due(*, collection: Collection, by: Any, due: date, reason: str) -> Collection:
    """Give more or less time. Refused without a reason or before the first day."""
    if not by.may(COLLECT, collection.unit):
        raise PermissionDenied(COLLECT)
    held = Collection.objects.select_for_update().get(pk=collection.pk)
    if not reason.strip():
        raise Refused("data_centre.needs_reason", {})
    if due < held.opens:
        raise Refused("data_centre.collection_days", {})
    before, held.due = held.due, due
    held.save()
    audit(
        "collection.moved",
        by=by,
        unit=held.unit,
        object=str(held),
        reason=reason,
        diff={"due": [before.isoformat(), due.isoformat()]},
    )
    return held


@transaction.atomic
def submit(*, submission: Submission, by: Any, row_version: int) -> Submission:
    """Hand in what stands in the tables now. Refused while a table asked for has no row; for the collecting
    unit's own part while a school's part has not been accepted."""
    held, step = _take(submission, by, "submit", row_version)
    tables, year = held.collection.tables, held.collection.year
    if held.upward:
        others = Submission.objects.filter(collection=held.collection).exclude(pk=held.pk)
        left = others.exclude(state__in=(Submission.ACCEPTED, Submission.LOCKED)).count()
        if left:
            raise Refused("data_centre.schools_not_accepted", {"count": left})
    counts = handed_in(held.unit, tables, year)
    if empty := [ours.name(name) for name, count in counts.items() if not count["rows"]]:
        raise Refused("data_centre.nothing_to_submit", {"tables": "、".join(empty)})
    version = newest_version()
    held.handed_in, held.data_version = counts, version.id if version else ""
    held.submitted_by, held.submitted_at, held.opinions = by, timezone.now(), []
    _done(held, by, step, detail=counts)
    above = decided_at(held) if held.upward else held.collection.unit
    tell(
        to=[one for one in collectors(above) if one.pk != by.pk],
        code="data_centre.notice_submitted",
        link=_link(held, above),
        unit=held.unit.name,
        name=held.collection.name,
    )
    return held


@transaction.atomic
def send_back(
    *, submission: Submission, by: Any, row_version: int, opinions: Sequence[tuple[str, str, str]]
) -> Submission:
    """Return with an opinion for a table, or for a row of it: (table, row, text). Refused without any
    text."""
    held, step = _take(submission, by, "return", row_version)
    said = [
        {"table": table, "row": row.strip(), "text": text.strip()}
        for table, row, text in opinions
        if text.strip() and table in (*held.collection.tables, "")
    ]
    if not said:
        raise Refused("data_centre.return_needs_opinion", {})
    held.opinions = said
    _done(held, by, step, text="；".join(one["text"] for one in said), detail={"opinions": said})
    _tell_clerks([held], "data_centre.notice_returned")
    return held


@transaction.atomic
def accept(*, submission: Submission, by: Any, row_version: int) -> Submission:
    """Accept what was handed in. Refused for whoever handed it in."""
    held, step = _take(submission, by, "accept", row_version)
    _another(held.submitted_by_id, by)
    _done(held, by, step)
    return held


@transaction.atomic
def accept_all(*, collection: Collection, by: Any) -> int:
    """Accept every part handed in and not by this person; returns how many."""
    return _each(collection, by, Submission.SUBMITTED, "accept")


@transaction.atomic
def propose(*, submission: Submission, by: Any, verb: str, row_version: int, reason: str = "") -> Submission:
    """First of two people: propose to lock (`ask_lock`) or to unlock (`ask_unlock`, with a reason)."""
    held, step = _take(submission, by, verb, row_version)
    if held.asked:
        raise Refused("data_centre.already_proposed", {})
    if step.reason and not reason.strip():
        raise Refused("data_centre.needs_reason", {})
    held.asked, held.asked_by, held.asked_reason = step.proposes, by, reason.strip()
    _done(held, by, step, text=reason)
    return held


@transaction.atomic
def confirm(*, submission: Submission, by: Any, verb: str, row_version: int) -> Submission:
    """Second of two people: carry out what another has proposed (`lock`, `unlock`)."""
    held, step = _take(submission, by, verb, row_version)
    _paired(held, by, step)
    held.asked, held.asked_by, held.asked_reason = "", None, ""
    _done(held, by, step)
    if step.target == Submission.LOCKED:
        _tell_clerks([held], "data_centre.notice_locked")
    return held


@transaction.atomic
def lock_all(*, collection: Collection, by: Any) -> int:
    """Propose to lock all accepted parts, or, as another person, lock all that are proposed; returns how
    many. Refused when there is none."""
    proposed = collection.submissions.filter(state=Submission.ACCEPTED, asked="lock").exclude(asked_by=by)
    if proposed.exists():
        return _each(collection, by, Submission.ACCEPTED, "lock")
    return _each(collection, by, Submission.ACCEPTED, "ask_lock")


def _each(collection: Collection, by: Any, state: str, verb: str) -> int:
    """Take one step with every part it fits; one event in the trail for all."""
    step, count = STEPS[verb], 0
    if not any(by.may(one, collection.unit) for one in step.permissions):
        raise PermissionDenied(step.permissions[0])
    parts = (
        collection.submissions.select_for_update().filter(state=state).select_related("collection", "unit")
    )
    for one in parts:
        if one.upward or (verb == "accept" and one.submitted_by_id == by.pk):
            continue
        if (step.proposes and one.asked) or (
            step.pair and (one.asked != step.pair or one.asked_by_id == by.pk)
        ):
            continue
        _permitted(one, by, step)
        if step.proposes:
            one.asked, one.asked_by = step.proposes, by
        elif step.pair:
            one.asked, one.asked_by, one.asked_reason = "", None, ""
        _moved(one, by, step)
        count += 1
    if not count:
        raise Refused("data_centre.nothing_for_all", {})
    audit(
        f"submission.{verb}",
        by=by,
        unit=collection.unit,
        object=str(collection),
        diff={"count": count, "state": step.target},
    )
    return count


@transaction.atomic
def remind(*, submissions: Iterable[Submission], by: Any) -> int:
    """Remind the clerks of units that have not handed in, each at most once a day; returns how many units.

    Refused when all have been reminded today. `by` is a person who collects, or the name of a timer.
    """
    today = timezone.localdate()
    wanted = {one.pk for one in submissions}
    held = [
        one
        for one in Submission.objects.select_for_update()
        .filter(pk__in=wanted, state__in=OPEN)
        .select_related("unit", "collection", "collection__unit")
        if one.reminded_on != today
    ]
    for one in held:
        if not isinstance(by, str) and not by.may(COLLECT, one.unit):
            raise PermissionDenied(COLLECT)
    if not held:
        raise Refused("data_centre.all_reminded", {})
    for one in held:
        one.reminded_on = today
    Submission.objects.bulk_update(held, ["reminded_on"])
    _tell_clerks(held, "data_centre.notice_reminded")
    first = held[0].collection
    audit("submission.reminded", by=by, unit=first.unit, object=str(first), diff={"units": len(held)})
    return len(held)


def remind_late(*, by: str = "timer") -> int:
    """Remind everyone who is late, of every collection; what the daily timer calls. Returns how many
    units."""
    today = timezone.localdate()
    late = Submission.objects.filter(collection__due__lt=today, state__in=OPEN).exclude(reminded_on=today)
    schools = [one for one in late.select_related("collection") if not one.upward]
    return remind(submissions=schools, by=by) if schools else 0


def _take(submission: Submission, by: Any, verb: str, row_version: int) -> tuple[Submission, Step]:
    """The locked row if this person may take this step from its present state."""
    step = STEPS[verb]
    held = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("collection", "collection__unit", "unit", "changed_by")
        .get(pk=submission.pk)
    )
    _permitted(held, by, step)
    if held.row_version != row_version:
        raise Refused(
            "data_centre.submission_changed",
            {
                "who": held.changed_by.name if held.changed_by else "",
                "at": timezone.localtime(held.changed_at).strftime("%H:%M"),
                "state": held.state,
                "yours": step.target,
            },
        )
    if held.state not in step.sources:
        raise Refused("data_centre.submission_in_state", {"state": held.state})
    return held, step


def _permitted(held: Submission, by: Any, step: Step) -> None:
    """For the collecting unit's own part the level above decides, and it is handed in by who collects."""
    if not held.upward:
        where, permissions = held.unit, step.permissions
    elif step.verb == "submit":
        where, permissions = held.unit, (COLLECT,)
    else:
        where, permissions = decided_at(held), (COLLECT,)
    if not any(by.may(permission, where) for permission in permissions):
        raise PermissionDenied(permissions[0])


def _another(first: int | None, by: Any) -> None:
    if first == by.pk:
        raise Refused("data_centre.two_people", {})


def _paired(held: Submission, by: Any, step: Step) -> None:
    if held.asked != step.pair:
        raise Refused("data_centre.not_proposed", {})
    _another(held.asked_by_id, by)


def _done(held: Submission, by: Any, step: Step, text: str = "", detail: Any = None) -> None:
    _moved(held, by, step, text, detail)
    audit(
        f"submission.{step.verb}",
        by=by,
        unit=held.unit,
        object=f"{held.collection} {held.unit.code}",
        reason=text,
        diff={"state": step.target, **(detail or {})},
    )


def _moved(held: Submission, by: Any, step: Step, text: str = "", detail: Any = None) -> None:
    if step.target != held.state:
        held.asked, held.asked_by = ("", None) if not step.proposes else (held.asked, held.asked_by)
    held.state, held.changed_by, held.changed_at = step.target, by, timezone.now()
    held.row_version += 1
    held.save()
    SubmissionEvent.objects.create(
        submission=held, by=by, verb=step.verb, state=step.target, text=text[:500], detail=detail or {}
    )


def _tell_clerks(submissions: Iterable[Submission], code: str) -> None:
    some = list(submissions)
    people = clerks(one.unit for one in some)
    for one in some:
        tell(
            to=people[one.unit.code],
            code=code,
            link=_link(one, one.unit),
            unit=one.unit.name,
            name=one.collection.name,
            due=one.collection.due.isoformat(),
        )


def _link(submission: Submission, seen_from: Unit) -> str:
    return reverse(
        "data:submission",
        kwargs={"unit": seen_from.code, "year": submission.collection.year, "submission": submission.pk},
    )
