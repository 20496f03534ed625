"""Late arrivals: who took which spare receipt, what a second person has to check, the form for one more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from junheng.report import format as fmt
from junheng.web.admission import child_form
from junheng.web.admission.casework import LINK
from junheng.web.admission.draws.models import LateChild
from junheng.web.admission.draws.presenters import parts
from junheng.web.admission.presenters import child_papers
from junheng.web.admission.presenters.child import particular_of, value_of
from junheng.web.admission.results.late_queries import LateHeld
from junheng.web.admission.standings import kinds_of
from junheng.web.house.page import Anchor, Cell, DataTable, Head, Light, Page, Row
from junheng.web.privacy import masking
from junheng.web.wording import say

LIGHTS: Mapping[str, Any] = {
    LateChild.OPEN: "near",
    LateChild.TAKEN: "good",
    LateChild.REFUSED: "none",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A late arrival that waits for its second person, with everything she has to check."""

    title: str
    told: str
    terms: tuple[tuple[str, str], ...]
    action: str
    row_version: int
    may: bool


@dataclass(frozen=True, slots=True)
class LateForm:
    """The form, as of a registration, and the document."""

    action: str
    open: bool
    waiting: tuple[Waiting, ...]
    groups: tuple[tuple[str, tuple[child_form.Field, ...], str], ...]
    programs: tuple[tuple[str, tuple[child_form.Program, ...]], ...]
    faults: tuple[tuple[str, str, str], ...]
    document_no: str
    answers: str


def page(
    held: LateHeld, typed: Mapping[str, str], faults: Mapping[str, str], fault: str = "", document: str = ""
) -> Page:
    """Every late arrival of an entry."""
    shown = held.shown
    left = len(held.spare) - len(held.rows)
    return Page(
        title=say("results.late_title", title=shown.entry.title),
        headline=say("results.late_headline", used=fmt.count(len(held.rows)), left=fmt.count(left)),
        lead=say("results.late_lead" if left else "results.late_none_left"),
        crumbs=parts.trail(shown.scope, shown.entry, say("draws.tab_answers"), say("results.late_crumb")),
        tabs=parts.tabs(shown.scope, shown.entry, "answers"),
        method=parts.method("results.about_spare", "draws.about_two"),
        body=parts.Body(tables=(_table(held),), fault=fault, more=_form(held, typed, faults, document)),
    )


def _table(held: LateHeld) -> DataTable:
    rows = tuple(
        Row(
            (
                fmt.count(one.number),
                one.receipt,
                _who(held, one),
                one.document_no,
                Cell(one.by.name, sub=parts.clock(one.at)),
                Cell(one.ended_by.name, sub=parts.clock(one.ended_at)) if one.ended_by else fmt.BLANK,
                Light(LIGHTS[one.state], say(f"results.late_{one.state}")),
                _result(held, one, where),
            ),
            key=str(one.number),
        )
        for one, where in held.rows
    )
    names = ("number", "receipt", "child", "document", "by", "approved", "state", "where")
    head = tuple(Head(say(f"results.col_{name}"), "right" if name == "number" else "left") for name in names)
    note = say("results.late_note")
    return DataTable("late", say("results.late"), head, rows, note=note, empty=say("results.late_nobody"))


def _who(held: LateHeld, one: LateChild) -> Any:
    if one.round is None:
        return one.applicant_id
    scope, plan_id = held.shown.scope, held.shown.entry.plan_id
    address = scope.url("admission:result_child", plan_id=plan_id, applicant_id=one.applicant_id)
    return Anchor(one.applicant_id, address)


def _result(held: LateHeld, one: LateChild, where: str) -> Any:
    if one.round is None:
        return say("results.late_next") if one.state == LateChild.TAKEN else fmt.BLANK
    place = held.shown.program(where) or say("results.place_waiting")
    return Cell(place, sub=say("results.round", number=one.round))


def _form(held: LateHeld, typed: Mapping[str, str], faults: Mapping[str, str], document: str) -> LateForm:
    scope, plan_id = held.shown.scope, held.shown.entry.plan_id
    made = child_form.fields(typed, held.around, None, faults)
    labels = {field.name: field.label for fields in made.values() for field in fields}
    groups = tuple(
        (child_papers.title_of(held.around, name), _unbound(fields), child_papers.list_of(name))
        for name, fields in made.items()
    )
    return LateForm(
        scope.url("admission:late", plan_id=plan_id),
        len(held.spare) > len(held.rows) or any(one.state == LateChild.REFUSED for one, _ in held.rows),
        tuple(_waiting(held, one) for one, _ in held.rows if one.state == LateChild.OPEN),
        groups,
        tuple((name, tuple(programs)) for name, programs in child_papers.program_lists(held.around)),
        tuple((name, labels.get(name, name), text) for name, text in faults.items()),
        document,
        scope.url("admission:answers", plan_id=plan_id),
    )


def _unbound(fields: tuple[child_form.Field, ...]) -> tuple[child_form.Field, ...]:
    """Without the binding of twins: a spare receipt has a ticket of its own and shares none."""
    return tuple(one for one in fields if one.name != LINK)


def _waiting(held: LateHeld, one: LateChild) -> Waiting:
    told, plan, scope = one.filled, held.around.plan, held.shown.scope
    terms = [(say("child.name"), masking.name(one.name) or fmt.BLANK)]
    terms += [
        (say(f"child.{name}"), particular_of(held.around, scope, name, str(told["row"][name])))
        for name in child_form.columns(plan)
        if told["row"].get(name)
    ]
    kinds = kinds_of(plan)
    terms += [
        (plan.words.get(name, name), value_of(held.around, scope, kinds.get(name, "text"), str(value)))
        for name, value in told["facts"].items()
    ]
    for batch, programs in told["choices"].items():
        named = "、".join(held.shown.program(program) for program in programs)
        terms.append((say(f"child.list_{batch}"), named))
    terms.append((say("results.col_document"), one.document_no))
    return Waiting(
        say("results.late_waiting", who=one.applicant_id, receipt=one.receipt),
        say("results.late_told", who=one.by.name, when=parts.clock(one.at)),
        tuple(terms),
        scope.url("admission:late_decide", plan_id=held.shown.entry.plan_id, number=one.number),
        one.row_version,
        one.by_id != scope.user.pk,
    )
