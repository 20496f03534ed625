"""One child's result: what she holds, why, what would have been enough, where she waits."""

from __future__ import annotations

from collections.abc import Iterator

from junheng.report import format as fmt
from junheng.web.accounts.roles import EXPORT
from junheng.web.admission.draws.presenters import parts
from junheng.web.admission.results.presenters.children import how
from junheng.web.admission.results.queries import OneChild
from junheng.web.house.page import Anchor, Cell, DataTable, Download, Head, Page, Row
from junheng.web.privacy import masking
from junheng.web.wording import say


def page(held: OneChild) -> Page:
    """The page one opens while a family is on the telephone."""
    shown, row = held.shown, held.row
    scope, entry = shown.scope, shown.entry
    who = held.child.applicant_id
    where = shown.program(row["program_id"])
    code = "results.child_headline" if where else "results.child_headline_none"
    return Page(
        title=say("results.child_title", who=who),
        headline=say(code, who=who, where=where, how=how(row)),
        lead=say("results.child_lead"),
        crumbs=parts.trail(scope, entry, say("draws.tab_results"), who),
        tabs=parts.tabs(scope, entry, "results"),
        method=parts.method("results.about_look", "results.about_enough"),
        downloads=tuple(_papers(held)),
        body=parts.Body(tables=tuple(_tables(held))),
    )


def _papers(held: OneChild) -> Iterator[Download]:
    """The notice and the receipt slip, for who may take files."""
    scope, plan_id = held.shown.scope, held.shown.entry.plan_id
    if not scope.may(EXPORT) or held.late:
        return
    for what in ("notice", "slip"):
        for form in ("pdf", "docx"):
            at = {"plan_id": plan_id, "applicant_id": held.child.applicant_id, "what": what, "form": form}
            yield Download(say(f"results.paper_{what}_{form}"), scope.url("admission:result_paper", **at))


def _tables(held: OneChild) -> list[DataTable]:
    shown, row = held.shown, held.row
    facts = [
        (say("results.col_child"), Cell(held.child.applicant_id, sub=masking.name(held.child.name))),
        (say("results.col_receipt"), held.receipt),
        (
            say("results.col_ticket"),
            Cell(
                held.ticket[:32],
                sub=say("results.in_order", place=fmt.count(held.place)) if held.place else "",
            ),
        ),
        (say("results.col_school"), held.child.school.name if held.child.school else fmt.BLANK),
        (say("results.col_where"), shown.program(row["program_id"]) or fmt.BLANK),
        (
            say("results.col_metres"),
            fmt.BLANK if row["metres"] is None else say("results.metres", metres=fmt.count(row["metres"])),
        ),
    ]
    found = [
        DataTable(
            "child",
            say("results.child_facts"),
            (Head(""), Head("", width=3)),
            tuple(Row(one) for one in facts),
        ),
        _lines(
            "reasons",
            say("results.reasons"),
            [shown.named(line) for line in held.told.splitlines() if line.strip()],
        ),
    ]
    if held.enough:
        found.append(
            _lines(
                "enough",
                say("results.enough"),
                [shown.named(line) for line in held.enough],
                say("results.enough_note"),
            )
        )
    if held.waiting:
        rows = tuple(Row((shown.program(program), fmt.count(place))) for program, place in held.waiting)
        head = (Head(say("draws.col_program"), width=3), Head(say("results.col_position"), "right"))
        found.append(DataTable("waits", say("results.waits"), head, rows))
    if held.override is not None:
        one = held.override
        address = shown.scope.url("admission:overrides", plan_id=shown.entry.plan_id)
        signed = one.approved_by.name if one.approved_by else say("results.unsigned")
        rows = (Row((Anchor(one.document_no, address), shown.program(one.program_id), one.by.name, signed)),)
        head = tuple(Head(say(f"results.col_{name}")) for name in ("document", "where", "by", "approved"))
        found.append(DataTable("hand", say("results.how_PLACED_BY_HAND"), head, rows))
    return found


def _lines(key: str, caption: str, lines: list[str], note: str = "") -> DataTable:
    return DataTable(key, caption, (Head(""),), tuple(Row((line,)) for line in lines), note=note)
