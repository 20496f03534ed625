"""A plan in words, and the editor beside it: text with its faults at their lines, numbers, differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from junheng.model.reason import Finding
from junheng.report import format as fmt
from junheng.rules import AdmissionPlan
from junheng.web.admission import plan_text, plans
from junheng.web.admission.plan_queries import Begun, Edited, Shown
from junheng.web.admission.plans import Change, Part, Reading
from junheng.web.admission.presenters import parts
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Light, Page, Row
from junheng.web.wording import reason, say

SPARE_LINES = 60
"""Numbers of lines beyond the text's end, for what is typed there."""
_LINES_NAMED = ("Line", "line")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line (0: the text as a whole) and how it is mended."""

    line: int
    text: str
    grave: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line's number in the margin; `kind` says whether something stands against it."""

    number: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class NumberField:
    """A number of the plan as a field of the form."""

    id: str
    name: str
    label: str
    type: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Words:
    """A plan in words: what stands before the first heading, then headings with rules."""

    title: str
    lead: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs from another version, named in words."""

    title: str
    changes: tuple[Change, ...]
    none: str


@dataclass(frozen=True, slots=True)
class Editor:
    """Everything the editor shows."""

    text: str
    rows: int
    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]
    verdict: Light
    numbers: tuple[NumberField, ...]
    words: Words | None
    differences: tuple[Differences, ...]
    affected: DataTable | None
    row_version: int
    fault: str
    may_save: bool


def page(shown: Shown) -> Page:
    """The plan as everybody reads it."""
    entry, scope, plan = shown.entry, shown.scope, shown.reading.plan
    edit: tuple[Anchor, ...] = ()
    if shown.may_edit:
        edit = (Anchor(say("entry.edit_plan"), scope.url("admission:edit", plan_id=entry.plan_id)),)
    faults, notices = len(shown.reading.faults), len(shown.reading.notices)
    code = "entry.headline_plan_faults" if faults else "entry.headline_plan"
    return Page(
        title=entry.title,
        headline=say(code, title=entry.title, faults=faults),
        lead=say("entry.plan_saved_line", day=shown.saved, digest=entry.plan_digest[:12]),
        crumbs=parts.trail(scope, entry, (say("entry.tab_plan"), "")),
        tabs=parts.tabs(scope, entry, "plan"),
        lights=_lights(faults, notices),
        method=parts.method("plan", "lint", "sure"),
        body={
            "words": words(plan, scope.language) if plan is not None else None,
            "edit": edit,
            "faults": _faults(shown.reading, scope.language),
            "versions": _versions(shown),
        },
    )


def words(plan: AdmissionPlan, language: str) -> Words:
    """A plan in words."""
    lead, told = plans.parts(plan, "en" if language == "en" else "zh")
    return Words(plan.title, lead, told)


def _lights(faults: int, notices: int) -> tuple[Light, ...]:
    first = Light("bad", say("entry.faults", count=faults)) if faults else Light("good", say("entry.sound"))
    return (first, Light("near", say("entry.notices", count=notices))) if notices else (first,)


def _faults(reading: Reading, language: str) -> tuple[Fault, ...]:
    def told(one: Finding, grave: bool) -> Fault:
        text = reason(one.code, one.parameters)
        line = one.row or 0
        for mark in ("：", ": "):
            head, found, rest = text.partition(mark)
            if found and str(line) in head and len(head) < 140:
                text = rest
                break
        return Fault(line, text, grave)

    found = [*(told(one, True) for one in reading.faults), *(told(one, False) for one in reading.notices)]
    return tuple(sorted(found, key=lambda one: (one.line, not one.grave)))


def _versions(shown: Shown) -> DataTable | None:
    if not shown.versions:
        return None
    head = (Head(say("entry.col_saved")), Head(say("entry.col_version_file"), width=2))
    rows = tuple(Row((when, name), key=name) for name, when in shown.versions)
    return DataTable("versions", say("entry.versions"), head, rows, note=say("entry.versions_note"))


def editor(edited: Edited, fault: str = "") -> Page:
    """The editor with the plan in words beside it."""
    entry, scope, reading = edited.entry, edited.scope, edited.reading
    up = (say("entry.tab_plan"), scope.url("admission:plan", plan_id=entry.plan_id))
    faults = len(reading.faults)
    told = _faults(reading, scope.language)
    return Page(
        title=say("entry.editing", title=entry.title),
        headline=say("entry.headline_editing", title=entry.title),
        crumbs=parts.trail(scope, entry, up, (say("entry.edit_plan"), "")),
        tabs=parts.tabs(scope, entry, "plan"),
        lights=_lights(faults, len(reading.notices)),
        method=parts.method("plan", "lint", "sure", "affected"),
        body=Editor(
            text=reading.text,
            rows=max(reading.text.count("\n") + 2, 12),
            lines=_margin(reading.text, told),
            faults=told,
            verdict=_lights(faults, 0)[0],
            numbers=_numbers(reading.text),
            words=words(reading.plan, scope.language) if reading.plan is not None else None,
            differences=_differences(edited),
            affected=_affected(edited),
            row_version=edited.row_version,
            fault=fault,
            may_save=reading.plan is not None,
        ),
    )


def _margin(text: str, faults: Sequence[Fault]) -> tuple[Line, ...]:
    marked: dict[int, str] = {}
    for one in faults:
        if marked.get(one.line) != "grave":
            marked[one.line] = "grave" if one.grave else "notice"
    return tuple(Line(n, marked.get(n, "")) for n in range(1, text.count("\n") + 2 + SPARE_LINES))


def _numbers(text: str) -> tuple[NumberField, ...]:
    types = {"day": "date", "whole": "number", "number": "text", "text": "text"}
    return tuple(
        NumberField(
            f"n-{at}",
            f"number:{one.path}",
            say(
                f"entry.number_{one.part + '_' if one.part and one.name in _SHARED else ''}{one.name}",
                of=one.part,
            ),
            types[one.kind],
            one.value,
            one.line,
        )
        for at, one in enumerate(plan_text.numbers(text))
    )


_SHARED = ("choices",)
"""Names that stand in several parts of a plan and are worded for each."""


def _differences(edited: Edited) -> tuple[Differences, ...]:
    plan = edited.reading.plan
    if plan is None:
        return ()
    found: list[Differences] = []
    for name, other in (("saved", edited.saved), ("template", edited.template)):
        if other is not None:
            changes = tuple(plans.changes(other, plan, edited.scope.language))
            found.append(
                Differences(
                    say(f"entry.differs_{name}", count=len(changes)),
                    changes,
                    say(f"entry.differs_{name}_none"),
                )
            )
    return tuple(found)


def _affected(edited: Edited) -> DataTable | None:
    held, plan = edited.affected, edited.reading.plan
    if held is None or plan is None or edited.saved is None:
        return None
    names = {one.id: one.name for one in (*edited.saved.identities, *plan.identities)} | {
        "": say("entry.nobody")
    }
    head = (
        Head(say("entry.col_identity"), width=2),
        Head(say("entry.col_before"), "right"),
        Head(say("entry.col_after"), "right"),
        Head(say("entry.col_change"), "right"),
    )
    rows: list[Row] = []
    for name in names:
        before, after = held.before.get(name, 0), held.after.get(name, 0)
        if before or after:
            rows.append(
                Row(
                    (names[name], fmt.count(before), fmt.count(after), Cell(fmt.signed(after - before))),
                    key=name or "none",
                )
            )
    note = say("entry.affected_note", moved=fmt.count(held.moved))
    return DataTable("affected", say("entry.affected"), head, tuple(rows), note=note)


def begin(begun: Begun, typed: Mapping[str, str], fault: str = "") -> Page:
    """Where an entry begins: from a shipped plan, one of the region's, or a file that lies there already."""
    scope = begun.scope
    return Page(
        title=say("entry.begin"),
        headline=say("entry.headline_begin"),
        lead=say("entry.begin_lead"),
        crumbs=crumbs(
            scope,
            "admission:index",
            Crumb(say("house.page_admission"), scope.url("admission:index")),
            Crumb(say("entry.begin")),
        ),
        body={"sources": begun.sources, "typed": typed, "fault": fault, "adopting": begun.adopting},
    )
