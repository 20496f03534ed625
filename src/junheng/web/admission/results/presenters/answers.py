"""Answers to the offers of a round, and what holding it would do before anybody holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from junheng.model.codes import CODE_LISTS
from junheng.model.reason import Finding
from junheng.report import format as fmt
from junheng.report.content import KeyFigure
from junheng.web.admission import states
from junheng.web.admission.draws.presenters import parts
from junheng.web.admission.results.actions import POLICIES
from junheng.web.admission.results.queries import Answered
from junheng.web.house.page import Anchor, Cell, DataTable, Head, Page, Row
from junheng.web.wording import reason, say

SHOWN = 100
NEWEST = 25
"""Answers shown, the newest first."""


@dataclass(frozen=True, slots=True)
class Form:
    """Recording one answer or a file of them; choosing the rule of the round and proposing it."""

    action: str
    file: str
    hold: str
    answers: tuple[parts.Choice, ...]
    policies: tuple[parts.Choice, ...]
    sent: Mapping[str, str]
    late: str
    open: bool
    may_hold: bool
    number: int


def page(
    held: Answered,
    fault: str = "",
    sent: Mapping[str, str] | None = None,
    findings: Sequence[Finding] = (),
) -> Page:
    """The open round; `findings` are the faults of a file that was not taken."""
    shown = held.shown
    scope, entry = shown.scope, shown.entry
    return Page(
        title=say("results.answers_title", title=entry.title),
        headline=_headline(held),
        lead=_deadline(held),
        crumbs=parts.trail(scope, entry, say("draws.tab_answers")),
        tabs=parts.tabs(scope, entry, "answers"),
        key_figures=_figures(held),
        method=parts.method("results.about_answer", "results.about_policy", "results.about_silence"),
        body=parts.Body(
            jobs=shown.jobs,
            tables=tuple(_tables(held)),
            pending=tuple(
                parts.pending(scope, one, _terms(one)) for one in shown.proposals if one.verb == "round"
            ),
            fault=fault,
            findings=_findings(findings),
            more=_form(held, sent or {}),
        ),
    )


def _findings(found: Sequence[Finding]) -> tuple[str, ...]:
    """Each fault with its row; the last line says how many more there are."""
    told = [
        reason(one.code, one.parameters)
        if one.row is None
        else say("results.at_row", row=one.row, what=reason(one.code, one.parameters))
        for one in found[:SHOWN]
    ]
    more = [say("results.more_faults", count=fmt.count(len(found) - SHOWN))] if len(found) > SHOWN else []
    return (*told, *more)


def _headline(held: Answered) -> str:
    total = sum(held.counts.values())
    if held.preview is not None:
        told = held.preview.summary()
        return say(
            "results.answers_preview", number=held.number, moved=fmt.count(told["moved"]),
            back=fmt.count(told["given_back"]), left=fmt.count(told["vacancies_left"]),
        )  # fmt: skip
    return say(
        "results.answers_headline", number=held.number, count=fmt.count(total), silent=fmt.count(held.silent)
    )


def _deadline(held: Answered) -> str:
    """What no answer means: the rule of the engine, said before it holds."""
    plan = held.shown.standing.found.problem.plan
    return say("results.silence_keeps" if plan.compulsory else "results.silence_leaves")


def _figures(held: Answered) -> tuple[KeyFigure, ...]:
    unit = say("draws.unit_children")
    names = CODE_LISTS["admission_answer"].entries
    at = 0 if held.shown.scope.language == "zh" else 1
    told = [KeyFigure(names[one][at], fmt.count(n), unit) for one, n in held.counts.items()]
    return (*told, KeyFigure(say("results.silent"), fmt.count(held.silent), unit))


def _tables(held: Answered) -> list[DataTable]:
    found: list[DataTable] = []
    if held.preview is not None:
        found += [_moved(held), _vacancies(held)]
        if failed := held.preview.check():
            rows = tuple(Row((one,)) for one in failed)
            found.insert(0, DataTable("failed", say("draws.failed"), (Head(say("draws.col_failed")),), rows))
    found.append(_answers(held))
    if held.shown.standing.rounds:
        found.append(_rounds(held))
    return found


def _moved(held: Answered) -> DataTable:
    shown, frame = held.shown, held.preview.moved
    rows = tuple(
        Row(
            (
                _child(held, row["applicant_id"]),
                shown.program(row["from_program_id"]) or say("results.no_seat_yet"),
                shown.program(row["program_id"]),
                "" if row["choice_rank"] is None else str(row["choice_rank"]),
            )
        )
        for row in frame.head(SHOWN).iter_rows(named=True)
    )
    head = (
        Head(say("results.col_child")),
        Head(say("results.col_from"), width=3),
        Head(say("results.col_to"), width=3),
        Head(say("draws.col_choice"), "right"),
    )
    more = (
        say("results.more_in_file", shown=SHOWN, all=fmt.count(frame.height)) if frame.height > SHOWN else ""
    )
    return DataTable(
        "moved", say("results.would_move"), head, rows, note=more, empty=say("results.nobody_moves")
    )


def _vacancies(held: Answered) -> DataTable:
    frame = held.preview.vacancies.filter(
        (pl.col("given_back") > 0) | (pl.col("filled") > 0) | (pl.col("left") > 0)
    )
    names = ("before", "given_back", "filled", "left")
    rows = tuple(
        Row(
            (
                Cell(held.shown.program(row["program_id"]), sub=row["reserve_id"]),
                *(fmt.count(row[one]) for one in names),
            )
        )
        for row in frame.sort("program_id").iter_rows(named=True)
    )
    head = (
        Head(say("draws.col_program"), width=3),
        *(Head(say(f"results.col_{one}"), "right") for one in names),
    )
    return DataTable("vacancies", say("results.vacancies"), head, rows, empty=say("results.no_vacancy"))


def _answers(held: Answered) -> DataTable:
    names = CODE_LISTS["admission_answer"].entries
    at = 0 if held.shown.scope.language == "zh" else 1
    rows = tuple(
        Row((_child(held, one.child.applicant_id), names[one.answer][at], one.by.name, parts.clock(one.at)))
        for one in held.answers[:NEWEST]
    )
    head = tuple(Head(say(f"results.col_{name}")) for name in ("child", "answer", "by", "at"))
    return DataTable("answers", say("results.answers"), head, rows, empty=say("results.no_answer_yet"))


def _rounds(held: Answered) -> DataTable:
    names = ("moved", "given_back", "left")
    rows = []
    for one in held.shown.standing.rounds:
        told = one.summary()
        counts = (told["moved"], told["given_back"], told["vacancies_left"])
        rows.append(
            Row(
                (
                    say("results.round", number=one.round),
                    say(f"results.policy_{one.policy}"),
                    *(fmt.count(n) for n in counts),
                )
            )
        )
    head = (
        Head(say("results.col_round")),
        Head(say("results.col_policy"), width=2),
        *(Head(say(f"results.col_{name}"), "right") for name in names),
    )
    return DataTable("rounds", say("results.rounds"), head, tuple(rows), note=say("results.rounds_note"))


def _child(held: Answered, who: str) -> Anchor:
    return Anchor(
        who,
        held.shown.scope.url("admission:result_child", plan_id=held.shown.entry.plan_id, applicant_id=who),
    )


def _form(held: Answered, sent: Mapping[str, str]) -> Form:
    shown = held.shown
    address, plan_id = shown.scope.url, shown.entry.plan_id
    names = CODE_LISTS["admission_answer"].entries
    at = 0 if shown.scope.language == "zh" else 1
    may_hold = (
        held.preview is not None
        and not held.preview.check()
        and shown.proposed("round") is None
        and not shown.jobs
    )
    return Form(
        address("admission:answers", plan_id=plan_id),
        address("admission:answers_file", plan_id=plan_id),
        address("admission:round", plan_id=plan_id),
        tuple(parts.Choice(one, text[at], one == sent.get("answer")) for one, text in names.items()),
        tuple(parts.Choice(one, say(f"results.policy_{one}"), one == held.policy) for one in POLICIES),
        sent,
        address("admission:late", plan_id=plan_id) if shown.draw and shown.draw.announcement else "",
        shown.entry.state == states.PUBLISHED,
        may_hold,
        held.number,
    )


def _terms(proposal: Any) -> tuple[tuple[str, str], ...]:
    return (
        (say("results.col_round"), fmt.count(proposal.args["round"])),
        (say("results.col_policy"), say(f"results.policy_{proposal.args['policy']}")),
        (say("results.answers_digest"), parts.digest(proposal.args["answers"][:32])),
    )
