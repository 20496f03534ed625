"""Tasks of plans that wait for somebody, and the days they are due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from junheng.web.accounts.roles import EXAMINE, FILL, SEE
from junheng.web.house.calendar import SCHOOL_YEAR_MONTH
from junheng.web.notices.todo import Occasion, Todo
from junheng.web.plan.queries import Ledger, ledger

PRESSING = ("overdue", "due_soon", "blocked")
SHOWN = 10


def mine(scope: Any, today: date) -> Iterable[Todo]:
    """For who fills: her unit's own tasks near or past their date. For who examines: how many of the units
    below are overdue, and how many reports wait to be examined."""
    if not scope.may(SEE) or not (scope.may(FILL) or scope.may(EXAMINE)):
        return
    held = ledger(scope)
    if scope.may(FILL):
        yield from _own(held)
    if scope.may(EXAMINE):
        yield from _examining(held)


def _own(held: Ledger) -> Iterable[Todo]:
    scope = held.scope
    own = [
        one
        for one in held.tasks
        if one.state in PRESSING and held.responsible(one) == scope.unit and not held.waiting(one)
    ]
    for one in own[:SHOWN]:
        yield Todo(
            f"plan.todo_{one.state}",
            scope.url("plan:task", document=one.document, task=one.task_id),
            due=one.due,
            parameters={"title": one.title},
            unit=scope.unit.name,
            action="plan.todo_report",
        )


def _examining(held: Ledger) -> Iterable[Todo]:
    scope = held.scope
    below = [one for one in held.tasks if held.responsible(one) != scope.unit]
    late = [one for one in below if one.state == "overdue" and not held.waiting(one)]
    if late:
        yield Todo(
            "plan.todo_late",
            scope.url("plan:tasks", query="state=overdue"),
            due=min(one.due for one in late if one.due),
            parameters={"count": len(late)},
            unit=scope.unit.name,
            action="plan.todo_look",
            count=len(late),
        )
    waiting = [one for one in held.reports if one.awaits and held.may_examine(one)]
    if waiting:
        yield Todo(
            "plan.todo_examine",
            scope.url("plan:tasks", query="state=waiting"),
            parameters={"count": len(waiting)},
            unit=scope.unit.name,
            action="plan.todo_look",
            count=len(waiting),
        )


def year(scope: Any, today: date) -> Iterable[Occasion]:
    """Days of the scope's school year on which its own tasks are due."""
    if not scope.may(SEE):
        return
    for one in ledger(scope).tasks:
        if one.due is not None and _school_year(one.due) == scope.year and one.state != "done":
            href = scope.url("plan:task", document=one.document, task=one.task_id)
            yield Occasion(one.due, "plan.occasion_due", {"title": one.title}, href)


def _school_year(day: date) -> int:
    return day.year if day.month >= SCHOOL_YEAR_MONTH else day.year - 1
