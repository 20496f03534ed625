"""公示: the masked list with its days; objections and answers; what stands in the way of the freeze."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils import timezone

from junheng.report import format as fmt
from junheng.web.admission import states
from junheng.web.admission.models import Child, Objection
from junheng.web.admission.presenters import parts
from junheng.web.admission.publicity_queries import SHOWN, Objected, Posted
from junheng.web.house.navigation import name_of
from junheng.web.house.page import (
    Absent,
    Cell,
    DataTable,
    Download,
    Head,
    Light,
    Page,
    Paging,
    Row,
)
from junheng.web.privacy import masking
from junheng.web.wording import say

PUBLISHES_CLASS = "full"
"""Only a plan that publishes everything shows a child's class beside her receipt."""


def page(posted: Posted) -> Page:
    """The list."""
    entry, scope = posted.held.entry, posted.held.scope
    downloads: tuple[Download, ...] = ()
    if scope.may("export") and posted.found and posted.whole:
        downloads = (
            Download(say("entry.take_list"), scope.url("admission:publicity_file", plan_id=entry.plan_id)),
        )
    absent = None
    if not posted.sums:
        absent = Absent(say("entry.nobody_checked"), say("entry.nobody_checked_text"))
    tables = (_sums(posted), _list(posted)) if posted.found else (_sums(posted),)
    return Page(
        title=say("entry.tab_publicity"),
        headline=_headline(posted),
        lead=say("entry.publicity_lead"),
        crumbs=parts.trail(scope, entry, (say("entry.tab_publicity"), "")),
        tabs=parts.tabs(scope, entry, "publicity"),
        downloads=downloads,
        absent=absent,
        method=parts.method("publicity", "names", "small"),
        body={"tables": () if absent else tables},
    )


def _headline(posted: Posted) -> str:
    entry = posted.held.entry
    count = fmt.count(sum(posted.sums.values()))
    if entry.publicity_from is None or entry.publicity_to is None:
        return say("entry.headline_unset", title=entry.title, count=count)
    return say(
        "entry.headline_publicity",
        title=entry.title,
        count=count,
        first=entry.publicity_from.isoformat(),
        last=entry.publicity_to.isoformat(),
    )


def _sums(posted: Posted) -> DataTable:
    """Children by identity, small counts hidden."""
    head = (
        Head(say("entry.col_identity"), width=2),
        Head(say("entry.children"), "right", say("entry.children_unit")),
    )
    hidden = suppressed(posted.sums, posted.least)
    names = {one.id: one.name for one in posted.plan.identities} if posted.plan is not None else {}
    rows = tuple(
        Row(
            (
                names.get(name, say("entry.nobody")),
                say("entry.hidden") if name in hidden else fmt.count(count),
            ),
            key=name or "none",
        )
        for name, count in sorted(
            posted.sums.items(), key=lambda one: list(names).index(one[0]) if one[0] in names else 99
        )
    )
    return DataTable("sums", say("entry.sums"), head, rows, note=say("entry.sums_note", least=posted.least))


def suppressed(sums: Mapping[str, int], least: int) -> set[str]:
    """Which counts are not told: small ones, and so that none follows from the total, the next one too."""
    hidden = {name for name, count in sums.items() if count < least}
    if len(hidden) == 1 and len(sums) > 1:
        rest = [(count, name) for name, count in sums.items() if name not in hidden]
        hidden.add(min(rest)[1])
    return hidden


def _list(posted: Posted) -> DataTable:
    shows = _shows_class(posted)
    head = [
        Head(say("child.applicant_id"), width=2),
        Head(say("child.name")),
        Head(say("child.school"), width=2),
    ]
    head += [Head(say("entry.col_identity"))] if shows else []
    rows = tuple(Row(tuple(_cells(posted, one, shows)), key=one.applicant_id) for one in posted.children)
    pages = max(1, -(-posted.found // SHOWN))
    at = posted.number
    paging = Paging(
        at, pages, posted.found, f"?page={at - 1}" if at > 1 else "", f"?page={at + 1}" if at < pages else ""
    )
    return DataTable(
        "publicity",
        say("entry.publicity_list"),
        tuple(head),
        rows,
        note=say("entry.publicity_note"),
        paging=paging,
    )


def _shows_class(posted: Posted) -> bool:
    plan = posted.plan
    return plan is not None and plan.after is not None and plan.after.publish == PUBLISHES_CLASS


def _cells(posted: Posted, child: Child, shows: bool) -> list[str]:
    language = posted.held.scope.language
    school = name_of(child.school, language) if child.school is not None else say("child.no_school")
    cells = [child.applicant_id, masking.name(child.name) or fmt.BLANK, school]
    if shows:
        cells.append(_class(posted, child))
    return cells


def _class(posted: Posted, child: Child) -> str:
    """A child's identity where it may be shown beside her number: never a protected one, nor a rare one."""
    given = posted.given.get(child.applicant_id)
    if given is None or posted.plan is None or not given.identity:
        return fmt.BLANK
    identity = posted.plan.identity(given.identity)
    if identity.protected or given.identity in suppressed(posted.sums, posted.least):
        return fmt.BLANK
    return identity.name


def frame(posted: Posted) -> pl.DataFrame:
    """The list as a file holds it, as masked as on the page."""
    shows = _shows_class(posted)
    head = [say("child.applicant_id"), say("child.name"), say("child.school")]
    head += [say("entry.col_identity")] if shows else []
    rows = [_cells(posted, one, shows) for one in posted.children]
    return pl.DataFrame(
        {name: [row[at] for row in rows] for at, name in enumerate(head)},
        schema=dict.fromkeys(head, pl.String),
    )


def objections(objected: Objected, typed: Mapping[str, str], fault: str = "") -> Page:
    """Objections with their answers, and the form to note one."""
    entry, scope = objected.held.entry, objected.held.scope
    waiting = [one for one in objected.objections if one.state == Objection.OPEN]
    done = [one for one in objected.objections if one.state != Objection.OPEN]
    plan = objected.plan
    facts = [(name, plan.words.get(name, name)) for name in plan.facts()] if plan is not None else []
    return Page(
        title=say("entry.tab_objections"),
        headline=say("entry.headline_objections", open=len(waiting), all=len(objected.objections)),
        lead=say("entry.objections_lead"),
        crumbs=parts.trail(scope, entry, (say("entry.tab_objections"), "")),
        tabs=parts.tabs(scope, entry, "objections"),
        method=parts.method("objections"),
        body={
            "fault": fault,
            "typed": typed,
            "facts": facts,
            "open_now": entry.state in states.CASEWORK,
            "waiting": tuple(_waiting(objected, one) for one in waiting),
            "tables": (_answered(objected, done),) if done else (),
            "note": scope.url("admission:objections", plan_id=entry.plan_id),
        },
    )


def _waiting(objected: Objected, one: Objection) -> dict[str, Any]:
    scope, entry = objected.held.scope, objected.held.entry
    about, href = say("entry.objection_general"), ""
    if one.child is not None:
        about = one.child.applicant_id
        href = scope.url("admission:child", plan_id=entry.plan_id, child=one.child.pk)
    return {
        "number": one.pk,
        "text": one.text,
        "about": about,
        "href": href,
        "fact": _fact(objected, one),
        "told": say("entry.objection_told", who=one.from_whom or fmt.BLANK, by=one.by.name, at=_at(one.at)),
        "row_version": one.row_version,
        "action": scope.url("admission:objection", plan_id=entry.plan_id, objection=one.pk),
    }


def _fact(objected: Objected, one: Objection) -> str:
    if not one.fact or objected.plan is None:
        return one.fact
    return objected.plan.words.get(one.fact, one.fact)


def _at(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def _answered(objected: Objected, done: list[Objection]) -> DataTable:
    head = (
        Head(say("entry.col_objection"), width=3),
        Head(say("entry.col_about")),
        Head(say("entry.col_state")),
        Head(say("entry.col_answer"), width=3),
        Head(say("entry.col_answered"), width=2),
    )
    rows: list[Row] = []
    for one in done:
        about = one.child.applicant_id if one.child is not None else say("entry.objection_general")
        kind: parts.Kind = "near" if one.state == Objection.UPHELD else "good"
        who = one.answered_by.name if one.answered_by is not None else ""
        when = _at(one.answered_at) if one.answered_at is not None else ""
        rows.append(
            Row(
                (
                    Cell(one.text, sub=one.from_whom),
                    Cell(about, sub=_fact(objected, one)),
                    Light(kind, say(f"entry.objection_{one.state}")),
                    one.answer,
                    Cell(who, sub=when),
                ),
                key=str(one.pk),
            )
        )
    return DataTable("answered", say("entry.answered"), head, tuple(rows))
