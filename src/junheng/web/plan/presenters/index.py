"""Every document known here, with what has become of its clauses."""

from __future__ import annotations

from collections import Counter

from junheng.monitoring.policy_status import STATUSES
from junheng.report import format as fmt
from junheng.report.content import KeyFigure
from junheng.rules.policies import PolicyDocument
from junheng.web.house.navigation import crumbs, name_of
from junheng.web.house.page import Absent, Anchor, Cell, DataTable, Head, Page, Row
from junheng.web.plan.presenters import parts, task_list
from junheng.web.plan.queries import Ledger
from junheng.web.wording import reason, say

PRESSING = ("overdue", "blocked", "due_soon")


def page(held: Ledger) -> Page:
    """Documents with their clauses by status; below, the tasks that press."""
    scope = held.scope
    pressing = [one for one in held.tasks if one.state in PRESSING]
    tables = [_documents(held)]
    if pressing:
        tables.append(task_list.table(held, pressing, "pressing", say("plan.pressing")))
    return Page(
        title=say("plan.title", unit=name_of(scope.unit, scope.language)),
        headline=_headline(held),
        links=_links(held),
        crumbs=crumbs(scope, "plan:index"),
        key_figures=_figures(held) if held.whole else (),
        tabs=parts.tabs(held, "index"),
        downloads=parts.downloads(held, "clauses") if held.whole else (),
        method=parts.method(held),
        provenance=parts.provenance(held),
        absent=_absent(held),
        body=parts.Body(tables=tuple(tables)),
    )


def _absent(held: Ledger) -> Absent | None:
    """Before the first run clauses have no figures."""
    if held.record is not None or not held.whole:
        return None
    scope = held.scope
    start = (Anchor(say("plan.to_start"), scope.url("forecast:start")),) if scope.may("forecast") else ()
    return Absent(say("plan.no_run_title"), say("plan.no_run_text"), start)


def _headline(held: Ledger) -> str:
    states = Counter(one.state for one in held.tasks)
    if not held.whole:
        name = name_of(held.scope.unit, held.scope.language)
        counts = {"tasks": len(held.tasks), "overdue": states["overdue"], "done": states["done"]}
        return say("plan.headline_unit" if held.tasks else "plan.headline_unit_none", unit=name, **counts)
    clauses = Counter(one.status for one in held.held.tracking.clauses)
    return say(
        "plan.headline",
        documents=len(held.documents),
        clauses=fmt.count(sum(clauses.values())),
        **{status: clauses[status] for status in STATUSES},
        overdue=states["overdue"],
    )


def _links(held: Ledger) -> tuple[str, ...]:
    """Where the numbers of the headline lead: those of tasks to the tasks."""
    late = held.scope.url("plan:tasks", query="state=overdue")
    if held.whole:
        return (*("" for _ in STATUSES), late)
    every, done = held.scope.url("plan:tasks"), held.scope.url("plan:tasks", query="state=done")
    return (every, late, done) if held.tasks else ()


def _figures(held: Ledger) -> tuple[KeyFigure, ...]:
    clauses = Counter(one.status for one in held.held.tracking.clauses)
    total = say("plan.of_clauses", count=fmt.count(sum(clauses.values())))
    return tuple(
        KeyFigure(
            reason(f"policy.status_{status}"), fmt.count(clauses[status]), say("plan.unit_clauses"), total
        )
        for status in STATUSES
    )


def _documents(held: Ledger) -> DataTable:
    head = [
        Head(say("plan.col_document"), width=4),
        Head(say("plan.col_period")),
        Head(say("plan.col_clauses"), "right"),
    ]
    if held.whole:
        head += [Head(_short(status), "right") for status in STATUSES]
        head.append(Head(say("plan.col_conflicts"), "right"))
    head += [Head(reason("policy.standing_open"), "right"), Head(say("plan.col_sure"))]
    rows = tuple(_document(held, one) for one in held.documents.values())
    note = say("plan.documents_note")
    return DataTable(
        "documents", say("plan.documents"), tuple(head), rows, note=note, empty=say("plan.no_documents")
    )


def _short(status: str) -> str:
    """A status as a heading."""
    return (
        say("plan.short_not_measurable") if status == "not_measurable" else reason(f"policy.status_{status}")
    )


def _document(held: Ledger, one: PolicyDocument) -> Row:
    counts = Counter(status.status for status in held.statuses(one.id))
    address = held.scope.url("plan:document", document=one.id)
    source = " · ".join(
        part for part in (one.issuer, one.number, say("plan.own") if one.local else "") if part
    )
    cells: list[str | Cell | Anchor] = [
        Anchor(one.title, address, sub=source), parts.period(one), fmt.count(len(one.clauses())),
    ]  # fmt: skip
    if held.whole:
        cells += [_count(held, one, status, counts[status]) for status in STATUSES]
        cells.append(fmt.count(len(one.conflicts())))
    cells += [fmt.count(sum(clause.standing == "open" for clause in one.clauses())), parts.sure(one)]
    return Row(tuple(cells), key=one.id)


def _count(held: Ledger, one: PolicyDocument, status: str, count: int) -> str | Anchor:
    if not count:
        return fmt.count(0)
    return Anchor(
        fmt.count(count), held.scope.url("plan:document", query=f"status={status}", document=one.id)
    )
