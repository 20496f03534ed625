"""One task: what is asked of whom, what was reported, and the form to report or examine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from junheng.monitoring.policy_tasks import Reminder
from junheng.report import format as fmt
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Light, Page, Row
from junheng.web.plan.evidence import BEGINNINGS, LIMIT_BYTES
from junheng.web.plan.models import TaskReport
from junheng.web.plan.presenters import parts, task_list, words
from junheng.web.plan.queries import Ledger
from junheng.web.plan.reports import EXAMINED, RETURNED, Reported
from junheng.web.wording import reason, say

STANDINGS: dict[str, parts.Kind] = {EXAMINED: "good", RETURNED: "bad", "not_examined": "unseen"}


@dataclass(frozen=True, slots=True)
class Examination:
    """A report that waits, with where it is decided."""

    number: int
    told: str
    action: str
    row_version: int
    spoiled: str


@dataclass(frozen=True, slots=True)
class Work:
    """What the page lets this person do. `action` is empty where she only reads; `sent` is what she typed."""

    fault: str
    action: str
    statuses: tuple[tuple[str, str, bool], ...]
    sent: Mapping[str, str]
    accept: str
    file_hint: str
    examinations: tuple[Examination, ...]


def page(held: Ledger, task: Reminder, fault: str = "", sent: Mapping[str, str] | None = None) -> Page:
    """The task with its reports, newest first."""
    scope = held.scope
    up = Crumb(say("plan.tasks"), scope.url("plan:tasks"))
    name = f"{task.task_id} {task.title}"
    cell = parts.task_cell(held, task)
    return Page(
        title=name,
        headline=_headline(held, task),
        crumbs=crumbs(scope, "plan:tasks", up, Crumb(name)),
        lights=(Light(parts.TASKS[task.state], cell.text),),
        method=parts.method(held),
        provenance=parts.provenance(held),
        body=parts.Body(
            tables=(_facts(held, task), _reports(held, task)), action=_work(held, task, fault, sent or {})
        ),
    )


def _headline(held: Ledger, task: Reminder) -> str:
    cell = parts.task_cell(held, task)
    state = f"{cell.text}（{cell.sub}）" if cell.sub and held.scope.language == "zh" else cell.text
    if cell.sub and held.scope.language != "zh":
        state = f"{cell.text} ({cell.sub})"
    return say(
        "plan.headline_task",
        title=task.title,
        unit=parts.unit_name(held, task) or fmt.BLANK,
        due=task_list.due(task),
        state=state,
    )


def _facts(held: Ledger, task: Reminder) -> DataTable:
    head = (Head(say("plan.col_fact")), Head(say("plan.col_value"), width=4))
    document = parts.document_title(held, task.document)
    known = task.document in held.documents
    clauses = {one.id for one in held.documents[task.document].clauses()} if known else set[str]()
    clause: str | Anchor = task.clause or fmt.BLANK
    if task.clause in clauses:
        clause = Anchor(
            task.clause, held.scope.url("plan:clause", document=task.document, clause=task.clause)
        )
    rows: tuple[tuple[str, str | Anchor], ...] = (
        (
            "document",
            Anchor(document, held.scope.url("plan:document", document=task.document)) if known else document,
        ),
        ("clause", clause),
        ("unit", parts.unit_name(held, task) or fmt.BLANK),
        ("owner", task.owner or fmt.BLANK),
        ("due", task_list.due(task) + (f" · {say('plan.every_year')}" if task.every == "year" else "")),
        ("indicator", words.indicator_name(held, task.indicator) if task.indicator else fmt.BLANK),
        ("evidence", task.evidence or fmt.BLANK),
    )
    return DataTable(
        "task", say("plan.task"), head, tuple(Row((say(f"plan.col_{name}"), value)) for name, value in rows)
    )


def _reports(held: Ledger, task: Reminder) -> DataTable:
    head = (
        Head(say("plan.col_reported_on")),
        Head(say("plan.col_reported_by"), width=2),
        Head(say("plan.col_status")),
        Head(say("plan.col_amount"), "right"),
        Head(say("plan.col_said"), width=4),
        Head(say("plan.col_file"), width=2),
        Head(say("plan.col_examined"), width=2),
    )
    rows = [_report(held, one) for one in held.reports_of(task)] + [_row(row) for row in held.rows_of(task)]
    return DataTable(
        "reports",
        say("plan.reports"),
        head,
        tuple(rows),
        note=say("plan.reports_note"),
        empty=say("plan.no_reports"),
    )


def _report(held: Ledger, one: Reported) -> Row:
    row = one.row
    file: str | Cell | Anchor = fmt.BLANK
    if row.file and one.file == "missing":
        file = Cell(row.file, sub=say("plan.file_missing"))
    elif row.file:
        sub = (
            say("plan.file_changed") if one.file == "changed" else say("plan.digest", digest=row.sha256[:12])
        )
        file = Anchor(row.file, held.scope.url("plan:evidence", report=row.pk), sub=sub)
    examined = ""
    if row.examined_by is not None and row.examined_at is not None:
        at = timezone.localtime(row.examined_at).strftime("%Y-%m-%d")
        examined = " ".join(part for part in (row.examined_by.name, at, row.opinion) if part)
    return Row(
        (
            row.reported_on.isoformat(),
            row.by.name,
            reason(f"plan.status_{row.status}"),
            words.amount(row.value, ""),
            Cell(row.note or fmt.BLANK),
            file,
            Cell(say(f"plan.report_{one.standing}"), sub=examined, light=STANDINGS[one.standing]),
        ),
        key=f"report-{row.pk}",
    )


def _row(row: Mapping[str, Any]) -> Row:
    """A report that came with the data."""
    return Row(
        (
            row["reported_on"].isoformat(),
            row["reported_by"] or fmt.BLANK,
            reason(f"plan.status_{row['status']}"),
            words.amount(row["value"], ""),
            Cell(row["note"] or fmt.BLANK),
            row["evidence_id"] or fmt.BLANK,
            say("plan.from_data"),
        )
    )


def _work(held: Ledger, task: Reminder, fault: str, sent: Mapping[str, str]) -> Work:
    scope = held.scope
    chosen = sent.get("status", TaskReport.DOING)
    address = scope.url("plan:task", document=task.document, task=task.task_id)
    waiting = [one for one in held.reports_of(task) if one.awaits and held.may_examine(one)]
    return Work(
        fault=fault,
        action=address if held.may_report(task) else "",
        statuses=tuple((one, say(f"plan.status_{one}"), one == chosen) for one in TaskReport.STATUSES),
        sent=sent,
        accept=",".join(f".{form}" for form in BEGINNINGS),
        file_hint=say("plan.file_hint", forms=" ".join(BEGINNINGS), most=fmt.count(LIMIT_BYTES / 1024**2)),
        examinations=tuple(_examination(held, one) for one in waiting),
    )


def _examination(held: Ledger, one: Reported) -> Examination:
    row = one.row
    told = say(
        "plan.examine_told",
        on=row.reported_on.isoformat(),
        who=row.by.name,
        status=say(f"plan.status_{row.status}"),
    )
    spoiled = say(f"plan.file_{one.file}") if one.file in ("changed", "missing") else ""
    return Examination(row.pk, told, held.scope.url("plan:examine", report=row.pk), row.row_version, spoiled)
