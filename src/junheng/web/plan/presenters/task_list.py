"""Tasks of plans: who must have done what by when, and how it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from junheng.monitoring.policy_tasks import STATES, Reminder
from junheng.report import format as fmt
from junheng.web.house.navigation import crumbs, name_of
from junheng.web.house.page import Absent, Anchor, Cell, DataTable, Head, Page, Row
from junheng.web.plan.presenters import parts
from junheng.web.plan.queries import Ledger
from junheng.web.wording import reason, say

WAITING = "waiting"
"""A filter beside the states: reports that nobody has examined."""
ASKED = ("state", "document", "unit")


def asked(query: Mapping[str, str]) -> dict[str, str]:
    """What the person chose: state, document, unit."""
    return {name: query.get(name, "")[:80] for name in ASKED}


def chosen(held: Ledger, wanted: Mapping[str, str]) -> list[Reminder]:
    """Tasks as filtered, the most pressing first."""
    waiting = {(one.row.document, one.row.task_id) for one in held.reports if one.awaits}
    return [
        one
        for one in held.tasks
        if (
            not wanted["state"]
            or one.state == wanted["state"]
            or (wanted["state"] == WAITING and (one.document, one.task_id) in waiting)
        )
        and (not wanted["document"] or one.document == wanted["document"])
        and (not wanted["unit"] or one.unit == wanted["unit"])
    ]


def page(held: Ledger, wanted: Mapping[str, str]) -> Page:
    """The tasks of the unit and of those below it."""
    scope = held.scope
    shown = chosen(held, wanted)
    query = urlencode({key: value for key, value in wanted.items() if value})
    return Page(
        title=say("plan.tasks_title", unit=name_of(scope.unit, scope.language)),
        headline=_headline(held),
        links=_links(held),
        crumbs=crumbs(scope, "plan:tasks"),
        tabs=parts.tabs(held, "tasks"),
        downloads=parts.downloads(held, "tasks", query) if held.tasks else (),
        method=parts.method(held),
        provenance=parts.provenance(held),
        absent=_absent(held),
        body=parts.Body(
            filters=_filters(held, wanted) if held.tasks else (),
            tables=(table(held, shown, "tasks", say("plan.tasks")),) if held.tasks else (),
        ),
    )


def _absent(held: Ledger) -> Absent | None:
    if held.tasks:
        return None
    if not held.whole:
        return Absent(say("plan.no_tasks_title"), say("plan.no_tasks_unit"))
    to_data = Anchor(say("plan.to_data"), held.scope.url("data:index"))
    return Absent(say("plan.no_tasks_title"), say("plan.no_tasks_text"), (to_data,))


def _headline(held: Ledger) -> str:
    states = Counter(one.state for one in held.tasks)
    waiting = sum(one.awaits for one in held.reports)
    name = name_of(held.scope.unit, held.scope.language)
    if not held.tasks:
        return say("plan.headline_unit_none", unit=name)
    return say(
        "plan.headline_tasks",
        unit=name,
        count=len(held.tasks),
        waiting=waiting,
        **{one: states[one] for one in STATES},
    )


def _links(held: Ledger) -> tuple[str, ...]:
    """Where the numbers of the headline lead: the tasks of each state."""
    states = (*STATES, WAITING) if held.tasks else ()
    return tuple(held.scope.url("plan:tasks", query=f"state={one}") for one in states)


def _filters(held: Ledger, wanted: Mapping[str, str]) -> tuple[parts.Filter, ...]:
    there = {one.state for one in held.tasks}
    states = [(one, reason(f"policy.task_{one}")) for one in STATES if one in there]
    documents = dict.fromkeys(one.document for one in held.tasks)
    units = {one.unit: parts.unit_name(held, one) for one in held.tasks if one.unit}
    found = [
        parts.choice("state", wanted["state"], [*states, (WAITING, say("plan.waiting"))]),
        parts.choice(
            "document", wanted["document"], [(one, parts.document_title(held, one)) for one in documents]
        ),
    ]
    if len(units) > 1:
        found.append(parts.choice("unit", wanted["unit"], sorted(units.items())))
    return tuple(found)


def table(held: Ledger, tasks: Sequence[Reminder], key: str, caption: str) -> DataTable:
    """Tasks with unit, owner, date, state and what was said last."""
    head = (
        Head(say("plan.col_task"), width=4),
        Head(say("plan.col_unit"), width=2),
        Head(say("plan.col_owner")),
        Head(say("plan.col_due")),
        Head(say("plan.col_state")),
        Head(say("plan.col_last")),
        Head(say("plan.col_evidence"), width=2),
    )
    return DataTable(
        key, caption, head, tuple(_row(held, one) for one in tasks), empty=say("plan.no_task_fits")
    )


def _row(held: Ledger, one: Reminder) -> Row:
    address = held.scope.url("plan:task", document=one.document, task=one.task_id)
    last = fmt.BLANK if one.last_reported is None else one.last_reported.isoformat()
    status = reason(f"plan.status_{one.last_status}") if one.last_status else ""
    return Row(
        (
            Anchor(
                one.title,
                address,
                sub=f"{parts.document_title(held, one.document)} {one.clause} · {one.task_id}",
            ),
            parts.unit_name(held, one),
            one.owner or fmt.BLANK,
            Cell(due(one), sub=say("plan.every_year") if one.every == "year" else ""),
            parts.task_cell(held, one),
            Cell(last, sub=status),
            one.evidence or fmt.BLANK,
        ),
        key=f"{one.document}-{one.task_id}",
    )


def due(one: Reminder) -> str:
    """The date a task is held to."""
    return fmt.BLANK if one.due is None else one.due.isoformat()
