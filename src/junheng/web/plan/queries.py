"""The ledger as one person sees it at one unit: documents, clauses, tasks, spending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.http import Http404
from django.utils import timezone

from junheng import monitoring
from junheng.model import INPUTS
from junheng.monitoring import plan_inputs, policy_tasks
from junheng.monitoring.plan_tracking import Progress, Tracking
from junheng.monitoring.policy_status import ClauseStatus
from junheng.monitoring.policy_tasks import Reminder
from junheng.monitoring.policy_values import Figures
from junheng.rules.indicator import Indicator
from junheng.rules.policies import Clause, PolicyDocument
from junheng.web.accounts.roles import COLLECT, EXAMINE, FILL
from junheng.web.house.scope import Scope
from junheng.web.plan import reports
from junheng.web.plan.models import TaskReport
from junheng.web.plan.reports import Reported
from junheng.web.runs import reading
from junheng.web.runs.models import RunRecord
from junheng.web.workspace import book, region, workspace

REGIONS_OWN = ("finance", "projects", "evidence", "enrolment", "schools", "areas")
"""Tables that tracking reads beside tasks and progress, for those who see the whole region."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """What was worked out of a run, the tables and the day; the same for everyone who sees the same."""

    tracking: Tracking
    law_indicators: Mapping[str, Indicator]
    figures: Figures
    progress: pl.DataFrame | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """`whole`: the person sees the region, so clauses have a status; others see the documents and their own
    tasks. `tasks` are those of the scope's unit and below, `reports` likewise. `version` is of the tables."""

    scope: Scope
    record: RunRecord | None
    held: Tracked
    whole: bool
    tasks: tuple[Reminder, ...]
    reports: tuple[Reported, ...]
    by_task: Mapping[tuple[str, str], Sequence[Reported]]
    version: str

    @property
    def documents(self) -> Mapping[str, PolicyDocument]:
        """Documents known here, by id."""
        return self.held.tracking.documents

    @property
    def day(self) -> date:
        """The day everything is held against."""
        return self.held.tracking.day

    def document(self, name: str) -> PolicyDocument:
        """A document by its id; Http404 when there is none."""
        if name not in self.documents:
            raise Http404
        return self.documents[name]

    def clause(self, document: str, name: str) -> Clause:
        """A clause by its id; Http404 when there is none."""
        try:
            return self.document(document).clause(name)
        except KeyError:
            raise Http404 from None

    def statuses(self, document: str) -> list[ClauseStatus]:
        """How the clauses of a document stand, in order."""
        return [one for one in self.held.tracking.clauses if one.document == document]

    def progress(self, document: str, clause: str) -> list[Progress]:
        """How the targets of a clause stand for the region."""
        return [
            one
            for one in self.held.tracking.progress
            if (one.document, one.clause, one.level) == (document, clause, "region")
        ]

    def task(self, document: str, task_id: str) -> Reminder:
        """A task of the scope; Http404 when there is none, or it is another unit's."""
        for one in self.tasks:
            if (one.document, one.task_id) == (document, task_id):
                return one
        raise Http404

    def reports_of(self, task: Reminder) -> Sequence[Reported]:
        """Reports of a task made here, newest first."""
        return self.by_task.get((task.document, task.task_id), ())

    def rows_of(self, task: Reminder) -> list[dict[str, Any]]:
        """Reports of a task that stand in the data, newest first."""
        ours = {one.row.reported_on for one in self.reports_of(task)}
        if self.held.progress is None:
            return []
        rows = self.held.progress.filter(
            (pl.col("document") == task.document) & (pl.col("task_id") == task.task_id)
        ).sort("reported_on", descending=True)
        return [row for row in rows.to_dicts() if row["reported_on"] not in ours]

    def waiting(self, task: Reminder) -> bool:
        """Whether the unit has reported the task done and nobody has examined it yet."""
        found = [one for one in self.reports_of(task) if one.standing != reports.RETURNED]
        return bool(found) and found[0].row.status == "done" and found[0].awaits

    def responsible(self, task: Reminder) -> Any:
        """The unit in charge; None when the tree does not know it."""
        return self.scope.register.by_code.get(task.unit or region().code)

    def may_report(self, task: Reminder) -> bool:
        """Whether this person reports for the task's unit: it itself, or who collects from above."""
        unit = self.responsible(task)
        user = self.scope.user
        return unit is not None and (user.may(FILL, unit) or user.may(COLLECT, unit))

    def may_examine(self, one: Reported) -> bool:
        """Whether this person examines the report, and did not report it herself."""
        return self.scope.user.may(EXAMINE, one.row.unit) and one.row.by_id != self.scope.user.pk


def ledger(scope: Scope) -> Ledger:
    """The ledger today. Worked out once for each run, data version, day and state of the reports."""
    record = reading.current(scope)
    newest = reading.newest_version()
    version = newest.id if newest is not None else ""
    found = reports.inside(scope)
    day, whole = timezone.localdate(), reading.sees_whole_region(scope)

    def make(own: Scope) -> Tracked:
        return _tracked(own, record, found, day, whole)

    parts = (day, version, reports.stamp(found))
    held = make(scope) if record is None else reading.kept(scope, record, "plan", make, *parts)
    mine = own_tasks(scope, held.tracking.reminders, whole)
    by_task: dict[tuple[str, str], list[Reported]] = {}
    for one in found:
        by_task.setdefault((one.row.document, one.row.task_id), []).append(one)
    return Ledger(scope, record, held, whole, tuple(mine), tuple(found), by_task, version)


def own_tasks(scope: Scope, tasks: Sequence[Reminder], whole: bool) -> list[Reminder]:
    """Tasks of the scope's unit and of those below it."""
    if whole:
        return list(tasks)
    codes = {unit.code for unit in scope.register.within(scope.unit.path)}
    return [one for one in tasks if one.unit in codes]


def _tracked(
    scope: Scope, record: RunRecord | None, found: Sequence[Reported], day: date, whole: bool
) -> Tracked:
    law = book().at(day, region())
    documents = law.policies
    named = plan_inputs.indicators_of(documents, law)
    tasks, table = reading.table(scope, "policy_tasks"), reading.table(scope, "policy_progress")
    progress = reports.merged(table, found)
    given: dict[str, Any] = {}
    values = None
    if whole:
        tables = {name: frame for name in REGIONS_OWN if (frame := reading.table(scope, name)) is not None}
        if record is not None:
            wanted = pl.col("indicator").is_in(list(named))
            values = reading.read(scope, record, "indicator_values", where=wanted)
            ahead = reading.read(scope, record, "forecast_enrolment")
        else:
            ahead = None
        heads = plan_inputs.with_forecast(plan_inputs.pupils_of(tables, region()), ahead, region().code)
        given = {name: tables.get(name) for name in ("projects", "evidence", "finance")} | {"pupils": heads}
    tracking = monitoring.track(
        values, documents, day=day, area=region().code, indicators=named, tasks=tasks, progress=progress,
        **given,
    )  # fmt: skip
    return Tracked(tracking, law.indicators, Figures(values), table)


def reviewed(held: Ledger, document: str, clause: str) -> list[dict[str, Any]]:
    """Evidence of a clause in the data, for those who see the whole region."""
    frame = reading.table(held.scope, "evidence") if held.whole else None
    if frame is None:
        return []
    rows = frame.filter((pl.col("assessment") == document) & (pl.col("item") == clause))
    return rows.select(INPUTS["evidence"].names).sort("evidence_id").to_dicts()


def report(scope: Scope, number: int) -> Reported:
    """One report of the scope; Http404 when there is none, or it is another unit's."""
    for one in reports.inside(scope):
        if one.row.pk == number:
            return one
    raise Http404


def tasks_of_region(day: date) -> list[Reminder]:
    """Every task of the region on a day, for the timer that reminds: nobody looks at these."""
    store = workspace().store
    newest = store.find()
    held = {} if newest is None else newest.tables
    tables = {
        name: store.table(name, held[name]) for name in ("policy_tasks", "policy_progress") if name in held
    }
    found = [reports.read(row) for row in TaskReport.objects.select_related("unit", "by")]
    progress = reports.merged(tables.get("policy_progress"), found)
    documents = book().at(day, region()).policies
    waiting = {
        (one.row.document, one.row.task_id) for one in found if one.awaits and one.row.status == "done"
    }
    every = policy_tasks.reminders(documents, tables.get("policy_tasks"), progress, day)
    return [one for one in every if (one.document, one.task_id) not in waiting]
