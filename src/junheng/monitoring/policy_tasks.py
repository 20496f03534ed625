"""Tasks of plans with their clocks: what is done, what is due soon, what is overdue and by how many days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from junheng.model.tables.policy_outputs import POLICY_REMINDERS
from junheng.rules.policies import PolicyDocument

STATES = ("overdue", "blocked", "due_soon", "open", "done", "no_date")
"""In the order a person should look at them."""
SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Reminder:
    """One task on one day: its state, the date it is held to and the days to it (negative: overdue)."""

    document: str
    clause: str
    task_id: str
    title: str
    unit: str
    owner: str
    due: date | None
    every: str
    state: str
    days: int | None
    last_reported: date | None
    last_status: str
    indicator: str
    evidence: str


def _later(day: date, years: int) -> date:
    """The same day some years on; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _tasks(documents: Mapping[str, PolicyDocument], table: pl.DataFrame | None) -> list[dict[str, Any]]:
    """Tasks of the table, and those written in the documents themselves unless the table holds them."""
    listed: list[dict[str, Any]] = [] if table is None else [*table.iter_rows(named=True)]
    held = {(row["document"], row["task_id"]) for row in listed}
    for document in documents.values():
        for clause in document.clauses():
            listed += [
                {
                    "document": document.id, "task_id": task.id, "clause": clause.id, "title": task.text,
                    "unit_code": task.unit, "owner": task.owner, "due": task.due, "every": task.every,
                    "indicator": task.indicator, "evidence": "；".join(task.evidence),
                }
                for task in clause.tasks
                if (document.id, task.id) not in held
            ]  # fmt: skip
    return listed


def reminders(
    documents: Mapping[str, PolicyDocument],
    tasks: pl.DataFrame | None,
    progress: pl.DataFrame | None,
    day: date,
    soon_days: int = SOON_DAYS,
) -> list[Reminder]:
    """Every task as it stands on `day`, the most pressing first. Reports after `day` are not yet known."""
    reports: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    if progress is not None:
        for row in progress.filter(pl.col("reported_on") <= day).sort("reported_on").iter_rows(named=True):
            reports.setdefault((row["document"], row["task_id"]), []).append(row)
    found = [
        _reminder(task, reports.get((task["document"], task["task_id"]), []), day, soon_days)
        for task in _tasks(documents, tasks)
    ]
    return sorted(
        found, key=lambda one: (STATES.index(one.state), one.due or date.max, one.document, one.task_id)
    )


def _reminder(
    task: Mapping[str, Any], reports: Sequence[Mapping[str, Any]], day: date, soon_days: int
) -> Reminder:
    every = task.get("every") or "once"
    done = [row["reported_on"] for row in reports if row["status"] == "done"]
    due, open_cycle = _cycle(task.get("due"), every, done, day)
    last = reports[-1] if reports else None
    blocked = last is not None and last["status"] == "blocked"
    if not open_cycle:
        state = "done"
    elif due is None:
        state = "blocked" if blocked else "no_date"
    elif due < day:
        state = "overdue"
    elif blocked:
        state = "blocked"
    else:
        state = "due_soon" if due - day <= timedelta(days=soon_days) else "open"
    return Reminder(
        task["document"], task.get("clause") or "", task["task_id"], task["title"],
        task.get("unit_code") or "", task.get("owner") or "", due, every, state,
        None if due is None else (due - day).days,
        None if last is None else last["reported_on"], "" if last is None else last["status"],
        task.get("indicator") or "", task.get("evidence") or "",
    )  # fmt: skip


def _cycle(due: date | None, every: str, done: Sequence[date], day: date) -> tuple[date | None, bool]:
    """(the date in question, whether it is still to be met). A yearly task takes its reports in turn: each
    year needs one of its own, made after the year before was due."""
    if due is None:
        return None, not done
    if every != "year":
        return due, not done
    left, date_due, before = [*done], due, date.min
    while True:
        taken = next((reported for reported in left if reported > before), None)
        if taken is None:
            return date_due, True
        left.remove(taken)
        following = _later(due, date_due.year - due.year + 1)
        if date_due >= day:
            return date_due, False
        before, date_due = date_due, following


def table(found: Sequence[Reminder], run: str = "") -> pl.DataFrame:
    """Rows of `policy_reminders`."""
    rows = [
        {
            "run": run, "document": one.document, "task_id": one.task_id, "clause": one.clause,
            "title": one.title, "unit_code": one.unit, "owner": one.owner, "due": one.due,
            "every": one.every, "state": one.state, "days": one.days, "last_reported": one.last_reported,
            "last_status": one.last_status, "indicator": one.indicator, "evidence": one.evidence,
        }
        for one in found
    ]  # fmt: skip
    return POLICY_REMINDERS.conform(pl.DataFrame(rows, schema=POLICY_REMINDERS.schema()))
