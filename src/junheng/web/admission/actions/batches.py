"""Checks of many children at once: few in the request, many as a job, taken back as one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from junheng.model.errors import Refused
from junheng.web.accounts.roles import ADMIT, REGISTER
from junheng.web.admission.actions.registration import open_entry
from junheng.web.admission.actions.verification import AT_SCHOOL
from junheng.web.admission.models import Child, ChildStep, Entry
from junheng.web.audit.chain import record as audit
from junheng.web.jobs import actions as jobs
from junheng.web.jobs.models import Job
from junheng.web.units.models import Unit

VERB = "admission_check_many"
AT_ONCE = 200
"""Children up to which the check of many is made while one waits."""
CHUNK = 500
"""Children of one transaction of the job: others can write in between, and a job that is cancelled leaves
whole children."""
CHECKS = ("school_check", "bureau_check")
Told = Callable[[int], None]


@transaction.atomic
def ask(*, entry: Entry, by: Any, unit: Any, filters: dict[str, str], year: int) -> Job:
    """Have the next check passed for all of a filter, as the person sees it now: who is changed after this
    moment is left alone. Refused once the casework is closed, and while her last request goes on."""
    open_entry(entry)
    args = {"entry": entry.pk, "unit": unit.pk, "year": year, "filters": filters, "back": ""}
    return _start({**args, "at": timezone.now().isoformat()}, entry, by, unit)


@transaction.atomic
def ask_back(*, entry: Entry, by: Any, unit: Any, at: datetime, year: int) -> Job:
    """Have one's own checks of that moment taken back. Refused as in `ask`."""
    open_entry(entry)
    args = {"entry": entry.pk, "unit": unit.pk, "year": year, "back": at.isoformat()}
    return _start(args, entry, by, unit)


def _start(args: dict[str, Any], entry: Entry, by: Any, unit: Any) -> Job:
    going = Job.objects.filter(verb=VERB, owner=by, args__entry=entry.pk)
    if going.filter(state__in=(Job.WAITING, Job.RUNNING)).exists():
        raise Refused("child.batch_goes_on", {})
    return jobs.start(verb=VERB, args=args, unit=unit, by=by, queue="quick")


def pass_many(
    *, entry: Entry, numbers: Sequence[int], by: Any, at: datetime | None = None, told: Told | None = None
) -> dict[str, int]:
    """The next check passed for those children where nothing is open; the rest stay as they are and are
    counted. Each is looked at again under lock: what the page showed may be old. Every child has a step of
    her own, every `CHUNK` an event. `at`: when it was asked for; children changed since are left."""
    moment, passed = at or timezone.now(), 0
    for first in range(0, len(numbers), CHUNK):
        passed += _pass(entry, numbers[first : first + CHUNK], by, moment)
        if told is not None:
            told(min(first + CHUNK, len(numbers)))
    return {"passed": passed, "left": len(numbers) - passed}


@transaction.atomic
def _pass(entry: Entry, numbers: Sequence[int], by: Any, at: datetime) -> int:
    held_entry = open_entry(entry)
    rows = Child.objects.select_for_update(of=("self",)).filter(entry=held_entry, pk__in=numbers, at__lte=at)
    columns = ("pk", "applicant_id", "state", "facts", "missing", "school_id")
    held = [one for one in rows.only(*columns) if not (one.pending or one.missing)]
    runs, checkers = by.may(ADMIT, held_entry.unit), _checkers(held)
    schools = {one.school_id for one in held if one.school_id is not None}
    own = set(Unit.objects.for_user(by, REGISTER).filter(pk__in=schools).values_list("pk", flat=True))
    school = [one for one in held if one.state in AT_SCHOOL and (runs or one.school_id in own)]
    bureau = [
        one for one in held if runs and one.state == Child.SCHOOL_CHECKED and checkers.get(one.pk) != by.pk
    ]
    _move(school, "school_check", Child.SCHOOL_CHECKED, by, at)
    _move(bureau, "bureau_check", Child.BUREAU_CHECKED, by, at)
    _written("admission.child_checked_many", held_entry, by, [*school, *bureau], left=len(numbers))
    return len(school) + len(bureau)


def take_back(*, entry: Entry, by: Any, at: datetime, told: Told | None = None) -> dict[str, int]:
    """Checks one passed for many at that moment, taken back for every child nobody has touched since: each
    waits for the same check again."""
    numbers = list(untouched(entry, by, at).values_list("pk", flat=True))
    moment, done = timezone.now(), 0
    for first in range(0, len(numbers), CHUNK):
        done += _back(entry, numbers[first : first + CHUNK], by, at, moment)
        if told is not None:
            told(min(first + CHUNK, len(numbers)))
    return {"passed": done, "left": len(numbers) - done}


@transaction.atomic
def _back(entry: Entry, numbers: Sequence[int], by: Any, at: datetime, moment: datetime) -> int:
    held_entry = open_entry(entry)
    rows = untouched(held_entry, by, at).select_for_update(of=("self",)).filter(pk__in=numbers)
    held = list(rows.only("pk", "applicant_id", "state"))
    school = [one for one in held if one.state == Child.SCHOOL_CHECKED]
    bureau = [one for one in held if one.state == Child.BUREAU_CHECKED]
    _move(school, "take_back", Child.REGISTERED, by, moment)
    _move(bureau, "take_back", Child.SCHOOL_CHECKED, by, moment)
    _written("admission.child_checks_taken_back", held_entry, by, held, left=len(numbers))
    return len(held)


def untouched(entry: Entry, by: Any, at: datetime) -> Any:
    """Children whose last step is the check `by` passed at that moment."""
    last = ChildStep.objects.filter(child=OuterRef("pk")).order_by("-pk")
    rows = Child.objects.filter(entry=entry).annotate(
        last_at=Subquery(last.values("at")[:1]),
        last_by=Subquery(last.values("by")[:1]),
        last_verb=Subquery(last.values("verb")[:1]),
    )
    return rows.filter(last_at=at, last_by=by.pk, last_verb__in=CHECKS)


def _move(children: Sequence[Child], verb: str, state: str, by: Any, at: datetime) -> None:
    Child.objects.filter(pk__in=[one.pk for one in children]).update(
        state=state, by=by, at=at, opinion="", row_version=F("row_version") + 1
    )
    ChildStep.objects.bulk_create(
        [ChildStep(child=one, by=by, verb=verb, state=state, at=at) for one in children], batch_size=CHUNK
    )


def _written(verb: str, entry: Entry, by: Any, children: Sequence[Child], left: int) -> None:
    """One event for the part; the digest says which children, their steps say it one by one."""
    listed = "\n".join(sorted(one.applicant_id for one in children))
    audit(
        verb,
        by=by,
        unit=entry.unit,
        object=entry.plan_id,
        diff={"passed": len(children), "left": left - len(children)},
        file_sha256=hashlib.sha256(listed.encode()).hexdigest(),
    )


def _checkers(children: Sequence[Child]) -> dict[int, int]:
    """By child, who made the school's check last."""
    made = ChildStep.objects.filter(child__in=[one.pk for one in children], verb="school_check").order_by(
        "pk"
    )
    return dict(made.values_list("child", "by"))
