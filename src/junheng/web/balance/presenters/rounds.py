"""Rounds of the county, and the form that opens one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from junheng.report import format as fmt
from junheng.web.balance.models import AssessmentRound
from junheng.web.balance.presenters import parts
from junheng.web.balance.presenters.round import run_name, state_name
from junheng.web.balance.rounds.queries import Listed
from junheng.web.house.navigation import crumbs, name_of
from junheng.web.house.page import Anchor, Crumb, DataTable, Head, Page, Row
from junheng.web.wording import say


@dataclass(frozen=True, slots=True)
class Body:
    """The list, and what a round may be opened from: (value, words, chosen)."""

    table: DataTable
    action: str
    choices: tuple[tuple[str, str, bool], ...]
    reason: str
    fault: str
    hint: str


def page(held: Listed, fault: str = "", sent: Mapping[str, str] | None = None) -> Page:
    """Every round, newest year first."""
    scope, sent = held.scope, sent or {}
    unit = name_of(held.county, scope.language)
    opens = scope.url("balance:rounds") if held.open_from else ""
    choices = tuple(
        (
            f"{one.id} {run.run_id}",
            f"{one.name(scope.language)} · {run_name(scope, run)}",
            sent.get("what") == f"{one.id} {run.run_id}",
        )
        for one, run in held.open_from
    )
    return Page(
        title=say("balance.rounds_title"),
        headline=say("balance.rounds_headline", unit=unit, count=len(held.rounds)),
        lead=say("balance.rounds_lead"),
        crumbs=crumbs(scope, "balance:board", Crumb(say("balance.tab_rounds"))),
        tabs=parts.tabs(scope, "rounds"),
        body=Body(_table(held), opens, choices, sent.get("reason", ""), fault, _hint(held)),
    )


def _hint(held: Listed) -> str:
    """Why nothing can be opened, to those who could."""
    return "" if held.open_from else say("balance.rounds_nothing_to_open")


def _table(held: Listed) -> DataTable:
    head = (
        Head(say("balance.chosen"), width=4),
        Head(say("balance.year"), width=2),
        Head(say("balance.col_state"), width=2),
        Head(say("balance.col_run"), width=2),
        Head(say("balance.col_moved"), width=2),
    )
    rows = tuple(_row(held, one) for one in held.rounds)
    return DataTable("rounds", say("balance.rounds_title"), head, rows, empty=say("balance.rounds_none"))


def _row(held: Listed, one: AssessmentRound) -> Row:
    scope = held.scope
    assessment = held.assessments.get(one.assessment)
    name = assessment.name(scope.language) if assessment is not None else one.assessment
    return Row(
        (
            Anchor(name, scope.url("balance:round", round=one.pk)),
            fmt.school_year(one.year, scope.language),
            state_name(assessment, one.state, scope.language),
            one.run_id,
            parts.day(one.moved_at),
        ),
        key=f"round-{one.pk}",
    )
