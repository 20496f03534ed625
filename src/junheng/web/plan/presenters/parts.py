"""Parts the pages of this room share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from junheng.model import TABLES
from junheng.monitoring.policy_tasks import Reminder
from junheng.report import format as fmt
from junheng.rules.policies import PolicyDocument
from junheng.web.house.navigation import name_of
from junheng.web.house.page import Anchor, Cell, DataTable, Download, Island, Light, Method, Provenance
from junheng.web.plan.queries import Ledger
from junheng.web.runs.provenance import provenance as of_run
from junheng.web.wording import reason, say

Kind = Literal["good", "near", "bad", "unseen", "none", "red", "orange", "yellow"]
CLAUSES: dict[str, Kind] = {
    "met": "good", "on_course": "near", "off_course": "bad", "no_data": "none", "not_measurable": "unseen",
}  # fmt: skip
TARGETS: dict[str, Kind] = {
    "reached": "good", "held": "good", "on_course": "near", "not_due": "near", "strive": "near",
    "off_course": "bad", "missed": "bad", "no_baseline": "none", "no_data": "none",
}  # fmt: skip
TASKS: dict[str, Kind] = {
    "overdue": "red", "blocked": "orange", "due_soon": "yellow", "open": "none", "done": "good",
    "no_date": "unseen",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice above a table: `options` are (value, text, chosen)."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Body:
    """What stands below the headline: choices, figures, tables, notes, links, in this order."""

    filters: tuple[Filter, ...] = ()
    islands: tuple[Island, ...] = ()
    tables: tuple[DataTable, ...] = ()
    notes: tuple[str, ...] = ()
    action: Any = None


def tabs(held: Ledger, here: str) -> tuple[tuple[Anchor, bool], ...]:
    """Documents, tasks, spending."""
    pages = (("index", "plan:index"), ("tasks", "plan:tasks"), ("spending", "plan:spending"))
    return tuple(
        (Anchor(say(f"plan.tab_{name}"), held.scope.url(view)), name == here) for name, view in pages
    )


def choice(name: str, chosen: str, options: list[tuple[str, str]]) -> Filter:
    """A filter with "all" before its options."""
    every = [("", say("plan.all")), *options]
    return Filter(
        name, say(f"plan.filter_{name}"), tuple((value, text, value == chosen) for value, text in every)
    )


def clause_light(status: str) -> Light:
    """A clause's status by shape and word."""
    return Light(CLAUSES[status], reason(f"policy.status_{status}"))


def target_light(status: str) -> Light:
    """A target's status by shape and word."""
    return Light(TARGETS[status], reason(f"policy.target_{status}"))


def task_cell(held: Ledger, task: Reminder) -> Cell:
    """A task's state by shape and word, the days to its date or past it, and that a report waits."""
    said: list[str] = []
    if task.days is not None and task.state != "done":
        said.append(say("plan.days_past" if task.days < 0 else "plan.days_left", days=abs(task.days)))
    if held.waiting(task):
        said.append(say("plan.waiting"))
    return Cell(reason(f"policy.task_{task.state}"), sub=joined(held, said), light=TASKS[task.state])


def joined(held: Ledger, parts: Iterable[str]) -> str:
    """Clauses of one sentence, as the language parts them."""
    return ("；" if held.scope.language == "zh" else "; ").join(parts)


def unit_name(held: Ledger, task: Reminder) -> str:
    """The responsible unit's name; its code where the tree does not know it."""
    unit = held.responsible(task)
    return task.unit if unit is None else name_of(unit, held.scope.language)


def document_title(held: Ledger, name: str) -> str:
    """A document's title; its id when only the table of tasks knows it."""
    return held.documents[name].title if name in held.documents else name


def sure(document: PolicyDocument) -> str:
    """How sure the text is, in a word."""
    if document.local and document.verified == "ours":
        return say("plan.sure_own")
    return reason(f"report.verified.{document.verified}")


def period(document: PolicyDocument) -> str:
    """From when to when a document holds."""
    first, last = document.period
    return f"{first.isoformat() if first else ''}—{last.isoformat() if last else ''}".strip("—") or fmt.BLANK


def provenance(held: Ledger) -> Provenance | None:
    """The run the figures are of."""
    return None if held.record is None else of_run(held.scope, held.record)


def method(held: Ledger) -> Method:
    """How statuses come about, which tables they rest on, and how sure each document is."""
    names = ("status", "values", "done", "readings", "small")
    entries = tuple((say(f"plan.method_{name}"), say(f"plan.method_{name}_text")) for name in names)
    zh = held.scope.language == "zh"
    tables = ("policy_tasks", "policy_progress", "projects", "finance", "enrolment")
    sources = tuple(
        (TABLES[name].zh if zh else TABLES[name].en, held.version or fmt.BLANK, held.day.isoformat())
        for name in tables
    )
    cited = tuple(
        (f"{one.title} {one.number}".strip(), "" if one.verified == "original" else sure(one))
        for one in held.documents.values()
    )
    return Method(entries, sources, cited)


def downloads(held: Ledger, what: str, query: str = "") -> tuple[Download, ...]:
    """The table as a workbook and as CSV, for those who may take files."""
    if not held.scope.may("export"):
        return ()
    return tuple(
        Download(
            say(f"plan.take_{form}"), held.scope.url("plan:export", query=query or None, what=what, form=form)
        )
        for form in ("xlsx", "csv")
    )
