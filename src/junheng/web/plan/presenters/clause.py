"""One clause: its targets with their path, its measures, what to attach, its tasks, what delivers it."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch

from junheng.monitoring.plan_tracking import Progress
from junheng.monitoring.policy_status import ClauseStatus
from junheng.report import format as fmt
from junheng.rules.policies import Clause, Delivery, Measure
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Light, Page, Row
from junheng.web.plan.presenters import parts, path, task_list, words
from junheng.web.plan.presenters.path import Way
from junheng.web.plan.queries import Ledger
from junheng.web.wording import reason, say

PAGES = {
    "forecast": "forecast:seats",
    "monitoring": "balance:board",
    "monitoring.plan_to_pass": "balance:pass",
    "monitoring.watch": "balance:warnings",
    "monitoring.track": "plan:index",
    "policy": "plan:index",
    "report": "manage:reports",
    "data": "data:index",
    "rules": "manage:rules",
}
"""Where a verb or command, or the rest of its room, is seen."""


def page(held: Ledger, document: str, name: str, reviewed: list[dict[str, Any]]) -> Page:
    """The clause with everything that belongs to it."""
    clause, scope = held.clause(document, name), held.scope
    stands = next(one for one in held.statuses(document) if one.clause == name)
    found = path.ways(held, held.progress(document, name)) if held.whole else []
    title = f"{clause.id} {clause.title}"
    up = Crumb(held.document(document).title, scope.url("plan:document", document=document))
    return Page(
        title=title,
        headline=_headline(held, clause, stands),
        lead=clause.gist,
        lights=(parts.clause_light(stands.status),) if held.whole else (),
        crumbs=crumbs(scope, "plan:index", up, Crumb(title)),
        method=parts.method(held),
        provenance=parts.provenance(held),
        body=parts.Body(
            islands=path.islands(held, found),
            tables=_tables(held, clause, stands, found, reviewed),
        ),
    )


def _headline(held: Ledger, clause: Clause, stands: ClauseStatus) -> str:
    title = f"{clause.id} {clause.title}"
    if not held.whole:
        return say("plan.headline_clause_unit", title=title, force=reason(f"policy.force_{clause.force}"))
    status = reason(f"policy.status_{stands.status}")
    return say(
        "plan.headline_clause", title=title, status=status, why=words.begun(words.why_clause(held, stands))
    )


def _tables(
    held: Ledger, clause: Clause, stands: ClauseStatus, ways: list[Way], reviewed: list[dict[str, Any]]
) -> tuple[DataTable, ...]:
    tasks = [one for one in held.tasks if (one.document, one.clause) == (clause.document, clause.id)]
    progress = held.progress(clause.document, clause.id)
    found = [_targets(held, progress)] if progress else []
    found += [path.table(held, ways)] if ways else []
    found += [_measures(held, clause)] if clause.measures else []
    if stands.evidence or reviewed:
        found.append(_evidence(stands, reviewed))
    if tasks:
        found.append(task_list.table(held, tasks, "tasks", say("plan.tasks_of_clause")))
    return (*found, _delivered(held, clause))


def _targets(held: Ledger, progress: list[Progress]) -> DataTable:
    head = [
        Head(say("plan.col_indicator"), width=3),
        Head(say("plan.col_wanted"), "right"),
        Head(say("plan.col_by")),
        Head(say("plan.col_scope"), width=2),
    ]
    if held.whole:
        head += [
            Head(say("plan.col_now"), "right"),
            Head(say("plan.col_expected"), "right"),
            Head(say("plan.col_missing"), "right"),
            Head(say("plan.col_status")),
            Head(say("plan.col_why"), width=3),
        ]
    rows = tuple(_target(held, one) for one in progress)
    return DataTable("targets", say("plan.targets"), tuple(head), rows, note=say("plan.targets_note"))


def _target(held: Ledger, one: Progress) -> Row:
    target, stands = one.target, one.course
    force = reason(f"policy.force_{target.force}")
    name = Cell(
        words.indicator_name(held, target.indicator),
        sub=force if one.judged else say("plan.not_judged", force=force),
    )
    cells: list[str | Cell | Light] = [
        name, words.wanted(target), words.by(target), words.scope(held, target),
    ]  # fmt: skip
    if held.whole:
        year = "" if stands.year is None else say("plan.in_year", year=stands.year)
        cells += [
            Cell(words.now(held, one), sub=year),
            words.amount(stands.expected, words.unit_of(held, target)),
            words.missing(one),
            parts.target_light(stands.status),
            words.why(one),
        ]
    return Row(tuple(cells), key=target.id)


def _measures(held: Ledger, clause: Clause) -> DataTable:
    head = (
        Head(say("plan.col_measure"), width=4),
        Head(say("plan.col_actor"), width=2),
        Head(say("plan.col_due")),
        Head(say("plan.col_evidence"), width=2),
    )
    rows = tuple(_measure(held, one) for one in clause.measures)
    return DataTable("measures", say("plan.measures"), head, rows)


def _measure(held: Ledger, one: Measure) -> Row:
    language = held.scope.language
    due = " ".join(part for part in (say("plan.every_year") if one.every == "year" else "", one.due) if part)
    return Row(
        (
            Cell(one.text),
            fmt.listed(one.actor, language) or fmt.BLANK,
            due or fmt.BLANK,
            fmt.listed(one.evidence, language) or fmt.BLANK,
        ),
        key=one.id,
    )


def _evidence(stands: ClauseStatus, reviewed: list[dict[str, Any]]) -> DataTable:
    """What is to be attached, then what the data hold: only what a reviewer confirmed counts."""
    head = (
        Head(say("plan.col_evidence"), width=4),
        Head(say("plan.col_state")),
        Head(say("plan.col_provided")),
    )
    wanted = [Row((name, Light("unseen", say("plan.to_attach")), fmt.BLANK)) for name in stands.evidence]
    held = [
        Row(
            (
                Cell(row["file_name"] or row["evidence_id"], sub=row["evidence_id"]),
                Light("good", say("plan.confirmed"))
                if row["outcome"] == "confirmed"
                else Light("unseen", say("plan.report_not_examined")),
                "" if row["provided_on"] is None else row["provided_on"].isoformat(),
            )
        )
        for row in reviewed
    ]
    return DataTable("evidence", say("plan.evidence"), head, (*wanted, *held), note=say("plan.evidence_note"))


def _delivered(held: Ledger, clause: Clause) -> DataTable:
    head = (Head(say("plan.col_delivered"), width=3), Head(say("plan.col_kind")))
    rows = tuple(
        Row((_link(held, one), say(f"plan.kind_{one.kind}"))) for one in clause.delivered_by
    )  # fmt: skip
    note = words.rooms(held, clause)
    return DataTable(
        "delivered", say("plan.delivered"), head, rows, note=note, empty=say("plan.nothing_delivers")
    )


def _link(held: Ledger, one: Delivery) -> str | Anchor:
    if one.kind == "indicator":
        name = words.indicator_name(held, one.name)
        known = one.name in held.held.law_indicators
        return _anchor(held, name, "balance:indicator", indicator=one.name) if known else name
    verb = one.name.replace(" ", ".")
    view = PAGES.get(verb) or PAGES.get(verb.partition(".")[0], "")
    return _anchor(held, one.name, view) if view else one.name


def _anchor(held: Ledger, text: str, view: str, **where: str) -> str | Anchor:
    """A link where the page exists."""
    try:
        return Anchor(text, held.scope.url(view, **where))
    except NoReverseMatch:
        return text
