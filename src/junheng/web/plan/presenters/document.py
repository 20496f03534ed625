"""A document clause by clause: how each stands, what it asks, what delivers it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from urllib.parse import urlencode

from junheng.monitoring.policy_status import STATUSES, ClauseStatus
from junheng.report import format as fmt
from junheng.rules.policies import Clause, PolicyDocument
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Light, Page, Row
from junheng.web.plan.presenters import parts, words
from junheng.web.plan.queries import Ledger
from junheng.web.wording import reason, say

ASKED = ("status", "room", "actor")


def asked(query: Mapping[str, str]) -> dict[str, str]:
    """What the person chose: status, room, responsible."""
    return {name: query.get(name, "")[:80] for name in ASKED}


def chosen(
    held: Ledger, document: PolicyDocument, wanted: Mapping[str, str]
) -> list[tuple[Clause, ClauseStatus]]:
    """Clauses as filtered, in the document's order."""
    pairs = zip(document.clauses(), held.statuses(document.id), strict=True)
    status = wanted["status"] if held.whole else ""
    return [
        (clause, stands)
        for clause, stands in pairs
        if (not status or stands.status == status)
        and (not wanted["room"] or wanted["room"] in clause.rooms)
        and (not wanted["actor"] or wanted["actor"] in clause.actors)
    ]


def page(held: Ledger, name: str, wanted: Mapping[str, str]) -> Page:
    """The clauses with a choice of them, then readings that differ."""
    document, scope = held.document(name), held.scope
    shown = chosen(held, document, wanted)
    tables = [_clauses(held, document, shown)]
    if document.conflicts():
        tables.append(_conflicts(held, document))
    query = urlencode({"document": name, **{key: value for key, value in wanted.items() if value}})
    return Page(
        title=document.title,
        headline=_headline(held, document),
        links=_links(held, document),
        lead=_source(document),
        crumbs=crumbs(scope, "plan:index", Crumb(document.title)),
        tabs=parts.tabs(held, "index"),
        downloads=parts.downloads(held, "clauses", query) if held.whole else (),
        method=parts.method(held),
        provenance=parts.provenance(held),
        body=parts.Body(filters=_filters(held, document, wanted), tables=tuple(tables)),
    )


def _headline(held: Ledger, document: PolicyDocument) -> str:
    count = len(document.clauses())
    if not held.whole:
        return say("plan.headline_document_unit", title=document.title, clauses=count)
    counts = Counter(one.status for one in held.statuses(document.id))
    numbers = {status: counts[status] for status in STATUSES}
    return say("plan.headline_document", title=document.title, clauses=count, **numbers)


def _links(held: Ledger, document: PolicyDocument) -> tuple[str, ...]:
    """Where the numbers of the headline lead: the clauses of each status."""
    if not held.whole:
        return ()
    address = held.scope.url
    return tuple(address("plan:document", query=f"status={one}", document=document.id) for one in STATUSES)


def _source(document: PolicyDocument) -> str:
    issued = "" if document.issued is None else document.issued.isoformat()
    told = " · ".join(part for part in (document.issuer, document.number, issued) if part)
    return say("plan.source", source=told, period=parts.period(document), sure=parts.sure(document))


def _filters(held: Ledger, document: PolicyDocument, wanted: Mapping[str, str]) -> tuple[parts.Filter, ...]:
    clauses = document.clauses()
    statuses = [(one, reason(f"policy.status_{one}")) for one in STATUSES]
    rooms = sorted({room for clause in clauses for room in clause.rooms})
    actors = Counter(actor for clause in clauses for actor in clause.actors)
    found = [
        parts.choice("room", wanted["room"], [(one, words.room(one)) for one in rooms]),
        parts.choice("actor", wanted["actor"], [(actor, actor) for actor, _ in actors.most_common()]),
    ]
    return (parts.choice("status", wanted["status"], statuses), *found) if held.whole else tuple(found)


def _clauses(held: Ledger, document: PolicyDocument, shown: list[tuple[Clause, ClauseStatus]]) -> DataTable:
    head = [Head(say("plan.col_clause"), width=3), Head(say("plan.col_actor"), width=2)]
    if held.whole:
        head += [Head(say("plan.col_status")), Head(say("plan.col_why"), width=4)]
    else:
        head.append(Head(say("plan.col_targets"), width=4))
    head.append(Head(say("plan.col_delivered"), width=2))
    return DataTable(
        "clauses",
        say("plan.clauses_of", title=document.title),
        tuple(head),
        tuple(_row(held, clause, stands) for clause, stands in shown),
        note=say("plan.clauses_shown", shown=len(shown), all=len(document.clauses())),
        empty=say("plan.no_clause_fits"),
    )


def _row(held: Ledger, clause: Clause, stands: ClauseStatus) -> Row:
    address = held.scope.url("plan:clause", document=clause.document, clause=clause.id)
    actors = fmt.listed(clause.actors, held.scope.language) or fmt.BLANK
    cells: list[str | Cell | Anchor | Light] = [
        Anchor(f"{clause.id} {clause.title}", address, sub=clause.gist),
        Cell(actors, sub=reason(f"policy.force_{clause.force}")),
    ]
    if held.whole:
        cells += [parts.clause_light(stands.status), words.why_clause(held, stands)]
    else:
        cells.append(words.asked(held, clause) or fmt.BLANK)
    cells.append(words.standing(clause))
    return Row(tuple(cells), key=clause.id)


def _conflicts(held: Ledger, document: PolicyDocument) -> DataTable:
    head = (
        Head(say("plan.col_readings"), width=3),
        Head(say("plan.col_differ")),
        Head(say("plan.col_judged")),
        Head(say("plan.col_note"), width=4),
    )
    language = held.scope.language
    rows = tuple(
        Row(
            (
                parts.joined(held, (_reading(held, document, one) for one in conflict.readings)),
                fmt.listed([say(f"plan.differ_{name}") for name in conflict.differ], language),
                conflict.judged_by,
                Cell(conflict.note),
            ),
            key=conflict.id,
        )
        for conflict in document.conflicts()
    )
    return DataTable("conflicts", say("plan.conflicts"), head, rows, note=say("plan.conflicts_note"))


def _reading(held: Ledger, document: PolicyDocument, reference: str) -> str:
    target = document.target(reference)
    return f"{reference} {words.indicator_name(held, target.indicator)} {words.wanted(target)}"
