"""What each clause of a policy has become: met, on course, off course, without data, or not measurable.

A clause is as good as its worst judged target (off course before no data before on course before met).
Without a target it stands on its reviewed evidence and its tasks; without those it is not measurable, and
says what to attach.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from junheng.model.tables.policy_outputs import POLICY_CLAUSES
from junheng.monitoring.policy_tasks import Reminder
from junheng.rules.policies import Clause, PolicyDocument

if TYPE_CHECKING:
    from junheng.monitoring.plan_tracking import Progress

STATUSES = ("met", "on_course", "off_course", "no_data", "not_measurable")
OF_TARGET: dict[str, str] = {
    "reached": "met", "held": "met", "on_course": "on_course", "not_due": "on_course",
    "off_course": "off_course", "missed": "off_course", "strive": "off_course",
    "no_baseline": "no_data", "no_data": "no_data",
}  # fmt: skip
WORST_FIRST = ("off_course", "no_data", "on_course", "met")


@dataclass(frozen=True, slots=True)
class ClauseStatus:
    """One clause on the region's data, with why and what is still to be attached."""

    document: str
    clause: str
    position: int
    title: str
    force: str
    rooms: tuple[str, ...]
    standing: str
    delivered_by: tuple[str, ...]
    status: str
    reason: str
    targets: Mapping[str, str] = field(default_factory=dict[str, str])
    n_targets: int = 0
    n_met: int = 0
    n_off: int = 0
    n_no_data: int = 0
    tasks_overdue: int = 0
    evidence: tuple[str, ...] = ()


def clauses(
    documents: Mapping[str, PolicyDocument],
    progress: Sequence[Progress],
    reminders: Sequence[Reminder],
    evidence: pl.DataFrame | None,
) -> list[ClauseStatus]:
    """The status of every clause of every document, in order."""
    targets: dict[tuple[str, str], list[Progress]] = {}
    for one in progress:
        targets.setdefault((one.document, one.clause), []).append(one)
    tasks: dict[tuple[str, str], list[Reminder]] = {}
    for reminder in reminders:
        tasks.setdefault((reminder.document, reminder.clause), []).append(reminder)
    shown = _reviewed(evidence)
    return [
        _status(
            clause, position, targets.get((document.id, clause.id), []),
            tasks.get((document.id, clause.id), []), shown.get((document.id, clause.id), []),
        )
        for document in documents.values()
        for position, clause in enumerate(document.clauses(), start=1)
    ]  # fmt: skip


def _reviewed(evidence: pl.DataFrame | None) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    """Evidence by (document, clause); only what a reviewer confirmed says anything."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    if evidence is not None:
        for row in evidence.filter(pl.col("outcome") == "confirmed").iter_rows(named=True):
            found.setdefault((row["assessment"], row["item"]), []).append(row)
    return found


def _status(
    clause: Clause,
    position: int,
    progress: Sequence[Progress],
    tasks: Sequence[Reminder],
    evidence: Sequence[Mapping[str, Any]],
) -> ClauseStatus:
    judged = [one for one in progress if one.judged] or list(progress)
    words = [OF_TARGET[one.course.status] for one in judged]
    overdue = sum(1 for task in tasks if task.state == "overdue")
    if judged:
        status = next(word for word in WORST_FIRST if word in words)
        reason = judged[words.index(status)].course.reason
    else:
        status, reason = _without_targets(tasks, overdue, evidence)
    return ClauseStatus(
        clause.document, clause.id, position, clause.title, clause.force, clause.rooms, clause.standing,
        tuple(f"{one.kind}:{one.name}" for one in clause.delivered_by), status, reason,
        {one.target.id: one.course.status for one in progress}, len(judged), words.count("met"),
        words.count("off_course"), words.count("no_data"), overdue, _to_attach(clause),
    )  # fmt: skip


def _without_targets(
    tasks: Sequence[Reminder], overdue: int, evidence: Sequence[Mapping[str, Any]]
) -> tuple[str, str]:
    claims = {row["claim"] for row in evidence}
    if "unmet" in claims:
        return "off_course", "policy.evidence_unmet"
    if overdue:
        return "off_course", "policy.tasks_overdue"
    if "met" in claims:
        return "met", "policy.evidence_met"
    if tasks:
        return ("met", "policy.tasks_done") if all(one.state == "done" for one in tasks) else (
            "on_course", "policy.tasks_going",
        )  # fmt: skip
    return "not_measurable", "policy.attach_evidence"


def _to_attach(clause: Clause) -> tuple[str, ...]:
    """Files to attach: those of the clause and of its measures, each once, in order."""
    names = [one.name for one in clause.evidence if one.kind == "file" and one.name]
    names += [name for measure in clause.measures for name in measure.evidence]
    return tuple(dict.fromkeys(names))


def table(statuses: Sequence[ClauseStatus]) -> pl.DataFrame:
    """Rows of `policy_clauses`."""
    rows = [
        {
            "run": "", "document": one.document, "clause": one.clause, "position": one.position,
            "title": one.title, "force": one.force, "rooms": ";".join(one.rooms), "standing": one.standing,
            "delivered_by": ";".join(one.delivered_by), "status": one.status, "reason": one.reason,
            "reason_parameters": json.dumps(
                {
                    "targets": one.n_targets, "met": one.n_met, "off": one.n_off, "no_data": one.n_no_data,
                    "overdue": one.tasks_overdue, "evidence": "；".join(one.evidence),
                },
                ensure_ascii=False, sort_keys=True,
            ),
            "n_targets": one.n_targets, "n_met": one.n_met, "n_off": one.n_off, "n_no_data": one.n_no_data,
            "measurable": bool(one.n_targets), "has_data": one.n_targets > one.n_no_data,
            "tasks_overdue": one.tasks_overdue, "evidence": ";".join(one.evidence),
        }
        for one in statuses
    ]  # fmt: skip
    return POLICY_CLAUSES.conform(pl.DataFrame(rows, schema=POLICY_CLAUSES.schema()))
