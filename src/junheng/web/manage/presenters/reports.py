"""The list of annual reports and the list of all runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from junheng.report import format as fmt
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Absent, Anchor, Cell, Crumb, DataTable, Head, Page, Paging, Row
from junheng.web.house.scope import Scope
from junheng.web.manage.people_at import maker, moment, who_when
from junheng.web.manage.presenters.parts import scenario_name, state_light, tabs, verb_name, verdict_light
from junheng.web.runs.forms_of_report import FORMS
from junheng.web.runs.models import RunRecord
from junheng.web.wording import say


@dataclass(frozen=True, slots=True)
class Reports:
    """The table, and which form of the report its links lead to; `choices` are offered where there is one."""

    table: DataTable
    audience: str
    language: str
    choices: bool


def reports(
    scope: Scope,
    records: Sequence[RunRecord],
    levels: Mapping[str, Mapping[str, int] | None],
    paging: Paging,
    chosen: tuple[str, str],
    *,
    choices: bool,
) -> Page:
    """Annual reports, each with its state, who answers for it and four forms. `chosen` is the audience and
    language of the forms; only those who may see the bureau's have a choice."""
    page_crumbs = crumbs(scope, "manage:reports", Crumb(say("house.page_reports")))
    title = say("house.page_reports")
    if not records:
        return Page(
            title,
            say("manage.no_reports_headline"),
            crumbs=page_crumbs,
            tabs=tabs(scope, "reports"),
            absent=_absent(scope),
        )
    table = DataTable(
        "reports",
        say("manage.reports_caption"),
        (
            Head(say("manage.col_run")),
            Head(say("manage.col_origin")),
            Head(say("manage.col_state")),
            Head(say("manage.col_warnings"), "right"),
            Head(say("manage.col_made")),
            Head(say("manage.col_reviewed")),
            Head(say("manage.col_published")),
            *(Head(say(f"files.form_{form}"), "centre") for form in FORMS),
        ),
        tuple(_report_row(scope, record, levels.get(record.run_id), chosen) for record in records),
        paging=paging,
        note=say("manage.reports_note"),
    )
    return Page(
        title,
        _headline(scope, records),
        crumbs=page_crumbs,
        tabs=tabs(scope, "reports"),
        body=Reports(table, *chosen, choices),
    )


def _report_row(
    scope: Scope, record: RunRecord, levels: Mapping[str, int] | None, chosen: tuple[str, str]
) -> Row:
    forms = (_form_link(scope, record, form, chosen) for form in FORMS)
    return Row(
        (
            Anchor(record.run_id, scope.url("manage:run", run_id=record.run_id), sub=record.data_version),
            fmt.school_year(record.origin_year, scope.language),
            state_light(record),
            warnings_text(levels),
            maker(record),
            who_when(record.reviewed_by, record.reviewed_at),
            who_when(record.published_by, record.published_at),
            *forms,
        ),
        key=record.run_id,
    )


def _form_link(scope: Scope, record: RunRecord, form: str, chosen: tuple[str, str]) -> Anchor | str:
    if form != "html" and not scope.may("export"):
        return fmt.BLANK
    word = say("files.open" if form == "html" else "files.take")
    query = "&".join(
        f"{name}={value}" for name, value in zip(("audience", "language"), chosen, strict=True) if value
    )
    return Anchor(word, scope.url("files:report", run_id=record.run_id, form=form, query=query or None))


def warnings_text(levels: Mapping[str, int] | None) -> str:
    """Red, orange and yellow in one cell."""
    if levels is None:
        return fmt.BLANK
    return " · ".join(fmt.count(levels[level]) for level in ("red", "orange", "yellow"))


def _headline(scope: Scope, records: Sequence[RunRecord]) -> str:
    published = next((one for one in records if one.state == RunRecord.PUBLISHED), None)
    waiting = sum(one.state in (RunRecord.DRAFT, RunRecord.REVIEWED) for one in records)
    if published is None:
        return say("manage.reports_none_published", waiting=waiting)
    code = "manage.reports_headline_waiting" if waiting else "manage.reports_headline"
    return say(
        code,
        year=fmt.school_year(published.origin_year, scope.language),
        at=moment(published.published_at),
        waiting=waiting,
    )


def _absent(scope: Scope) -> Absent:
    if scope.may("forecast"):
        action = (Anchor(say("manage.start_run"), scope.url("forecast:start")),)
        return Absent(say("manage.no_runs_title"), say("manage.no_runs_text"), action)
    return Absent(say("manage.no_published_title"), say("manage.no_published_text"))


def runs(scope: Scope, records: Sequence[RunRecord], paging: Paging, verb: str, state: str) -> Page:
    """Every run: annual and scenarios."""
    table = DataTable(
        "runs",
        say("manage.runs_caption"),
        (
            Head(say("manage.col_run")),
            Head(say("manage.col_verb")),
            Head(say("manage.col_origin")),
            Head(say("manage.col_data")),
            Head(say("manage.col_state")),
            Head(say("manage.col_verdict")),
            Head(say("manage.col_made")),
        ),
        tuple(
            Row(
                (
                    Anchor(one.run_id, scope.url("manage:run", run_id=one.run_id)),
                    Cell(verb_name(one), sub=one.title or scenario_name(one)),
                    fmt.school_year(one.origin_year, scope.language),
                    one.data_version or fmt.BLANK,
                    state_light(one),
                    verdict_light(one),
                    maker(one),
                ),
                key=one.run_id,
            )
            for one in records
        ),
        paging=paging,
        empty=say("manage.no_runs_match") if verb or state else say("manage.no_runs_title"),
    )
    return Page(
        say("manage.tab_runs"),
        say("manage.runs_headline", count=fmt.count(paging.count)),
        crumbs=crumbs(scope, "manage:reports", Crumb(say("manage.tab_runs"))),
        tabs=tabs(scope, "runs"),
        body=table,
    )
