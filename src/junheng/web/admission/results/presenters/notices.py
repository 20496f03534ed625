"""Notices for many: kind, school and form, the blanks of the letter, files that wait to be fetched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from junheng.report import format as fmt
from junheng.web.admission.draws.presenters import parts
from junheng.web.admission.results.notices.kinds import BLANKS, FORMS, KINDS, LONGEST, NOWHERE
from junheng.web.admission.results.notices.queries import Printing
from junheng.web.files.models import StoredFile
from junheng.web.house.page import Anchor, Cell, DataTable, Head, Light, Page, Row
from junheng.web.wording import reason, say

FAILED = ("failed", "lost", "cancelled")


@dataclass(frozen=True, slots=True)
class Blank:
    """A field of the letter."""

    name: str
    label: str
    hint: str
    value: str


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked for; `told` why it cannot be asked for now."""

    action: str
    kinds: tuple[parts.Choice, ...]
    schools: tuple[parts.Choice, ...]
    forms: tuple[parts.Choice, ...]
    blanks: tuple[Blank, ...]
    most: int
    told: str = ""


def page(held: Printing, fault: str = "", sent: Mapping[str, str] | None = None) -> Page:
    """The papers of an entry."""
    entry = held.entry
    count = max(held.counts.values(), default=0)
    return Page(
        title=say("results.notices_title", title=entry.title),
        headline=say("results.notices_headline", count=fmt.count(count)),
        lead=say("results.notices_lead"),
        crumbs=parts.trail(held.scope, entry, say("draws.tab_notices")),
        tabs=parts.tabs(held.scope, entry, "notices"),
        method=parts.method("results.about_paper", "results.about_slip", "results.about_kept"),
        body=parts.Body(
            jobs=held.jobs,
            tables=(_files(held),) if held.files else (),
            fault=fault or (reason(held.fault.code, held.fault.parameters) if held.fault else ""),
            more=_form(held, sent or {}),
        ),
    )


def _form(held: Printing, sent: Mapping[str, str]) -> Form:
    chosen = sent.get("kind") or next((kind for kind in KINDS if held.counts.get(kind)), "")
    kinds = [
        (kind, say("results.kind_of", kind=say(f"results.kind_{kind}"), count=fmt.count(held.counts[kind])))
        for kind in KINDS
        if held.counts.get(kind)
    ]
    told = "" if held.may else say("results.notices_no_right")
    return Form(
        held.scope.url("admission:notices", plan_id=held.entry.plan_id),
        tuple(parts.Choice(kind, text, kind == chosen) for kind, text in kinds),
        tuple(parts.Choice(one, _school(held, one), one == sent.get("school")) for one in held.schools),
        tuple(parts.Choice(one, say(f"results.form_{one}"), one == sent.get("form")) for one in FORMS),
        tuple(
            Blank(one, say(f"results.blank_{one}"), say(f"results.blank_{one}_hint"), sent.get(one, ""))
            for one in BLANKS
        ),
        LONGEST,
        say("results.notices_go_on") if held.jobs else told,
    )


def _school(held: Printing, school: str) -> str:
    return say("results.no_school_at_all") if school == NOWHERE else held.schools.get(school, school)


def _files(held: Printing) -> DataTable:
    head = (
        Head(say("files.col_name"), width=2),
        Head(say("results.col_paper"), width=2),
        Head(say("draws.col_state")),
        Head(say("results.col_papers"), "right"),
        Head(say("files.col_made")),
        Head(say("files.col_until")),
    )
    rows = tuple(_file(held, one) for one in held.files)
    return DataTable("files", say("results.files"), head, rows, note=say("results.files_note"))


def _file(held: Printing, one: StoredFile) -> Row:
    ready = one.ready_at is not None
    name: Anchor | str = one.name
    if ready:
        name = Anchor(one.name, held.scope.url("files:stored", token=one.token))
    school = one.wanted["school"]
    place = _school(held, school) if school else say("results.every_school")
    about = Cell(say(f"results.kind_{one.wanted['kind']}"), sub=place)
    failed = held.states.get(one.job_id or 0) in FAILED
    light = (
        Light("good", say("files.state_ready"))
        if ready
        else Light("bad", say("files.state_failed"))
        if failed
        else Light("unseen", say("files.state_making"))
    )
    return Row(
        (name, about, light, fmt.count(one.rows), parts.clock(one.created_at), parts.clock(one.expires_at))
    )
