"""What may be done in the ledger: report progress, examine a report, remind who is near or past a date."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from junheng.model.errors import Refused
from junheng.monitoring.policy_tasks import Reminder
from junheng.web.accounts.models import Grant
from junheng.web.accounts.roles import COLLECT, EXAMINE, FILL, ROLES
from junheng.web.audit.chain import record as audit
from junheng.web.house.calendar import school_year
from junheng.web.notices.actions import tell
from junheng.web.plan import evidence, reports
from junheng.web.plan.models import TaskReminder, TaskReport
from junheng.web.plan.queries import tasks_of_region
from junheng.web.units import tree
from junheng.web.units.models import Unit
from junheng.web.workspace import region

LONGEST_NOTE, LONGEST_OPINION = 500, 300
PRESSING = ("overdue", "due_soon")


def report(
    *,
    task: Reminder,
    unit: Unit | None,
    by: Any,
    status: str,
    value: str = "",
    note: str = "",
    file: Any = None,
) -> TaskReport:
    """Report how a task stands today, with a file that shows it.

    PermissionDenied unless the person fills for the responsible unit or collects from above. Refused for an
    unknown status, a value that is no number, a blocked task without a reason, or a file that is not taken.
    """
    if unit is None or not (by.may(FILL, unit) or by.may(COLLECT, unit)):
        raise PermissionDenied(FILL)
    if status not in TaskReport.STATUSES:
        raise Refused("plan.status_missing", {})
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Refused("plan.note_long", {"most": LONGEST_NOTE})
    if status == TaskReport.BLOCKED and not note:
        raise Refused("plan.blocked_needs_reason", {})
    number = _number(value)
    fields: dict[str, Any] = {"status": status, "value": number, "note": note}
    folder = ""
    if file is not None:
        name = evidence.acceptable(file)
        folder, digest = evidence.keep(file, name)
        fields |= {"folder": folder, "file": name, "sha256": digest, "size": file.size}
    try:
        return _reported(task, unit, by, fields)
    except BaseException:
        if folder:
            evidence.forget(folder)
        raise


def _number(text: str) -> float | None:
    """A whole or decimal number, or nothing."""
    text = text.strip().replace(",", "")
    if not text:
        return None
    whole, _, rest = text.removeprefix("-").partition(".")
    if len(text) > 15 or not whole.isdecimal() or (rest and not rest.isdecimal()):
        raise Refused("plan.value_not_number", {"value": text[:30]})
    return float(text)


@transaction.atomic
def _reported(task: Reminder, unit: Unit, by: Any, fields: dict[str, Any]) -> TaskReport:
    today = timezone.localdate()
    made = TaskReport.objects.create(
        unit=unit, document=task.document, task_id=task.task_id, reported_on=today, by=by, **fields
    )
    audit(
        "plan.reported",
        by=by,
        unit=unit,
        object=f"{task.document} {task.task_id}",
        reason=made.note,
        diff={"report": made.pk, "status": made.status, "value": made.value, "file": made.file},
        file_sha256=made.sha256,
    )
    seen_from = Unit.objects.get(code=region().code)
    tell(
        to=[one for one in _holders(EXAMINE, unit) if one.pk != by.pk],
        code=f"plan.notice_{made.status}",
        link=_link(task.document, task.task_id, seen_from),
        unit=unit.name,
        title=task.title[:80],
    )
    return made


@transaction.atomic
def examine(*, made: TaskReport, by: Any, verdict: str, opinion: str, row_version: int) -> TaskReport:
    """Take a report as right, or send it back with an opinion; its evidence counts only once it was taken.

    PermissionDenied without `examine` on the unit. Refused for one's own report, one that has changed since
    the page was made, a file that is not what came, and sending back without a reason.
    """
    held = TaskReport.objects.select_for_update(of=("self",)).select_related("unit", "by").get(pk=made.pk)
    if not by.may(EXAMINE, held.unit):
        raise PermissionDenied(EXAMINE)
    if held.by_id == by.pk:
        raise Refused("plan.two_people", {})
    if verdict not in (TaskReport.EXAMINED, TaskReport.RETURNED):
        raise Refused("plan.verdict_missing", {})
    if held.row_version != row_version or not reports.read(held).awaits:
        raise Refused("plan.report_dealt_with", {})
    if verdict == TaskReport.EXAMINED and reports.read(held).file not in ("", evidence.INTACT):
        raise Refused("plan.file_not_as_it_came", {"file": held.file})
    if verdict == TaskReport.RETURNED and not opinion.strip():
        raise Refused("plan.return_needs_reason", {})
    held.state, held.examined_by, held.examined_at = verdict, by, timezone.now()
    held.opinion = opinion.strip()[:LONGEST_OPINION]
    held.row_version += 1
    held.save()
    audit(
        f"plan.{verdict}",
        by=by,
        unit=held.unit,
        object=f"{held.document} {held.task_id}",
        reason=held.opinion,
        diff={"report": held.pk, "status": held.status},
        file_sha256=held.sha256,
    )
    link = _link(held.document, held.task_id, held.unit)
    tell(to=[held.by], code=f"plan.notice_{verdict}", link=link, task=held.task_id, document=held.document)
    return held


@transaction.atomic
def remind_due(*, by: str = "timer") -> int:
    """Tell those who fill for a unit that a task of theirs falls due or is overdue, once for each state of
    each date; of overdue ones also who examines them. Returns how many tasks."""
    today = timezone.localdate()
    known = {unit.code: unit for unit in Unit.objects.all()}
    told = 0
    for task in tasks_of_region(today):
        unit = known.get(task.unit or region().code)
        if task.state not in PRESSING or task.due is None or unit is None:
            continue
        key = {"document": task.document, "task_id": task.task_id, "due": task.due, "state": task.state}
        permissions = (FILL, EXAMINE) if task.state == "overdue" else (FILL,)
        people = {one.pk: one for permission in permissions for one in _holders(permission, unit)}
        if not people or TaskReminder.objects.filter(**key).exists():
            continue  # nobody fills there yet: whoever comes later is still told
        TaskReminder.objects.create(**key, on=today)
        told += 1
        tell(
            to=people.values(),
            code=f"plan.notice_{task.state}",
            link=_link(task.document, task.task_id, unit),
            unit=unit.name,
            title=task.title[:80],
            due=task.due.isoformat(),
        )
        audit(
            "plan.reminded",
            by=by,
            unit=unit,
            object=f"{task.document} {task.task_id}",
            diff={"state": task.state, "due": task.due.isoformat(), "people": len(people)},
        )
    return told


def _holders(permission: str, unit: Unit) -> Iterable[Any]:
    """People who fill for the unit itself, or collect for it from anywhere above."""
    roles = [name for name, role in ROLES.items() if permission in role.permissions]
    paths = [unit.path] if permission == FILL else tree.ancestors(unit.path)
    grants = Grant.objects.in_force(timezone.localdate()).filter(role__in=roles, unit__path__in=paths)
    return {grant.user.pk: grant.user for grant in grants.select_related("user")}.values()


def _link(document: str, task_id: str, seen_from: Unit) -> str:
    parts = {"unit": seen_from.code, "year": school_year(), "document": document, "task": task_id}
    return reverse("plan:task", kwargs=parts)
