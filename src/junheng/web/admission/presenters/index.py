"""The entries of a region, where each stands and what comes next; plan files that have no entry yet."""

from __future__ import annotations

from junheng.report import format as fmt
from junheng.web.admission import states
from junheng.web.admission.models import Child
from junheng.web.admission.presenters import parts
from junheng.web.admission.queries import Held, Listed
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Absent, Anchor, Cell, DataTable, Head, Light, Page, Row
from junheng.web.wording import say

COUNTED = (Child.REGISTERED, Child.PAPERS_MISSING, Child.SCHOOL_CHECKED, Child.BUREAU_CHECKED)


def page(listed: Listed) -> Page:
    """The list."""
    scope = listed.scope
    begin = Anchor(say("entry.begin"), scope.url("admission:begin"))
    absent = None
    if not listed.entries and not listed.files:
        actions = (begin,) if listed.may_begin else ()
        text = say("entry.none_text" if listed.may_begin else "entry.none_text_others")
        absent = Absent(say("entry.none"), text, actions)
    tables = [_entries(listed)] if listed.entries else []
    if listed.files:
        tables.append(_files(listed))
    return Page(
        title=say("house.page_admission"),
        headline=_headline(listed),
        crumbs=crumbs(scope, "admission:index"),
        absent=absent,
        method=parts.method("states", "counts") if listed.entries else None,
        body={"tables": tuple(tables), "begin": begin if listed.may_begin else None},
    )


def _headline(listed: Listed) -> str:
    if not listed.entries:
        return say("entry.headline_none")
    waiting = sum(_open(one) for one in listed.entries)
    if waiting:
        return say("entry.headline_waiting", count=len(listed.entries), waiting=fmt.count(waiting))
    return say("entry.headline", count=len(listed.entries))


def _open(held: Held) -> int:
    """Children who wait for this person's check."""
    if held.entry.state not in states.CASEWORK:
        return 0
    mine = (Child.SCHOOL_CHECKED,) if held.runs else (Child.REGISTERED, Child.PAPERS_MISSING)
    return sum(held.counts.get(state, 0) for state in mine)


def _entries(listed: Listed) -> DataTable:
    head = [
        Head(say("entry.col_entry"), width=3),
        Head(say("entry.col_stage")),
        Head(say("entry.col_state")),
        *(Head(say(f"child.state_{state}"), "right") for state in COUNTED),
        Head(say("entry.col_next"), width=2),
    ]
    rows = tuple(_entry(listed, one) for one in listed.entries)
    return DataTable("entries", say("entry.entries"), tuple(head), rows, note=say("entry.entries_note"))


def _entry(listed: Listed, held: Held) -> Row:
    entry, scope = held.entry, listed.scope
    shown = held.runs or held.takes_part
    counts = [fmt.count(held.counts.get(state, 0)) if shown else fmt.BLANK for state in COUNTED]
    href = scope.url("admission:entry", plan_id=entry.plan_id)
    return Row(
        (
            Anchor(entry.title, href, sub=f"{entry.plan_id} · {entry.year}"),
            say(f"entry.stage_{entry.stage}"),
            Light(parts.LIGHTS[entry.state], say(f"entry.state_{entry.state}")),
            *counts,
            next_step(held),
        ),
        key=entry.plan_id,
    )


def next_step(held: Held) -> str | Cell:
    """What comes next, for whoever runs the entry or takes part in it."""
    state = held.entry.state
    if state == states.DRAFT and held.runs:
        faults = len(held.reading.faults)
        return say("entry.next_mend", count=faults) if faults else say("entry.next_open")
    if state in states.CASEWORK and not held.runs and held.takes_part:
        waiting = _open(held)
        return say("entry.next_school", count=waiting) if waiting else say("entry.next_wait")
    return say(f"entry.next_{state}")


def _files(listed: Listed) -> DataTable:
    head = (
        Head(say("entry.col_file"), width=3),
        Head(say("entry.col_check"), width=3),
        Head(say("entry.col_next")),
    )
    rows: list[Row] = []
    for name, reading in listed.files.items():
        plan = reading.plan
        title = plan.title if plan is not None else name
        faults = len(reading.faults)
        light = (
            Light("bad", say("entry.faults", count=faults)) if faults else Light("good", say("entry.sound"))
        )
        href = listed.scope.url("admission:begin", query=f"from={name}")
        rows.append(Row((Cell(title, sub=f"{name}.yaml"), light, Anchor(say("entry.adopt"), href)), key=name))
    return DataTable("files", say("entry.files"), head, tuple(rows), note=say("entry.files_note"))
