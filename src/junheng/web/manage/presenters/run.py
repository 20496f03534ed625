"""The page every number leads to: what went into a run, what came out, who answers for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from junheng.report import format as fmt
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Absent, Anchor, Cell, Crumb, DataTable, Download, Head, Light, Page, Row
from junheng.web.house.scope import Scope
from junheng.web.manage.people_at import maker, moment, who_when
from junheng.web.manage.presenters.parts import state_light, table_name, tabs, verb_name, verdict_light
from junheng.web.manage.queries import Doubt, Opened
from junheng.web.runs.forms_of_report import FORMS
from junheng.web.runs.models import RunRecord
from junheng.web.runs.reading import withheld
from junheng.web.wording import reason, say

DIGEST = 12
_SEVERITY = {"error": "bad", "warning": "near", "note": "unseen"}


@dataclass(frozen=True, slots=True)
class RunBody:
    """The room's own part of a run's page."""

    facts: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, Cell, str], ...]
    """Made, reviewed, published: name, who and when, the reason given."""
    inputs: DataTable
    outputs: DataTable
    tables: tuple[DataTable, ...]
    verdict: str
    verify: str = ""
    verifying: str = ""
    review: str = ""
    publish: str = ""
    held_back: str = ""
    """Why the next step is not this person's to take."""


def run(
    scope: Scope,
    opened: Opened,
    beside: Sequence[RunRecord],
    doubts: Sequence[Doubt],
    verifying: str = "",
) -> Page:
    """The page of one run. `verifying` is the address of the job that computes it again."""
    record = opened.record
    made = crumbs(scope, "manage:reports", Crumb(record.run_id))
    if opened.run is None:
        return damaged(scope, opened)
    held = opened.run.record
    return Page(
        record.run_id,
        _headline(record, scope),
        crumbs=made,
        tabs=tabs(scope, "runs"),
        lead=say("manage.run_lead", software=held.software),
        lights=(state_light(record), verdict_light(record)),
        downloads=_downloads(scope, record),
        body=RunBody(
            facts=_facts(scope, opened),
            steps=_steps(record),
            inputs=_inputs(scope, opened),
            outputs=_outputs(scope, opened),
            tables=(
                _standards(scope, opened),
                _doubts(scope, opened, doubts),
                _beside(scope, record, beside),
            ),
            verdict=_verdict(record),
            verify=""
            if verifying or not scope.may("forecast")
            else scope.url("manage:verify", run_id=record.run_id),
            verifying=verifying,
            **_next(scope, record),
        ),
    )


def damaged(scope: Scope, opened: Opened) -> Page:
    """A run whose files are not what its record says: nothing of it is shown."""
    fault = opened.fault
    text = reason(fault.code, fault.parameters) if fault is not None else ""
    return Page(
        opened.record.run_id,
        say("manage.run_damaged", run=opened.record.run_id),
        crumbs=crumbs(scope, "manage:reports", Crumb(opened.record.run_id)),
        tabs=tabs(scope, "runs"),
        lights=(state_light(opened.record), Light("bad", say("manage.verdict_differs"))),
        absent=Absent(
            say("manage.run_damaged_title"), text, (Anchor(say("manage.tab_runs"), scope.url("manage:runs")),)
        ),
    )


def _headline(record: RunRecord, scope: Scope) -> str:
    return say(
        f"manage.run_headline_{record.state}",
        verb=verb_name(record),
        year=fmt.school_year(record.origin_year, scope.language),
        at=moment(record.published_at or record.reviewed_at or record.made_at),
        who=next(
            (p.name for p in (record.published_by, record.reviewed_by, record.made_by) if p),
            say("manage.command_line"),
        ),
    )


def _downloads(scope: Scope, record: RunRecord) -> tuple[Download, ...]:
    if record.verb != "year":
        return ()
    forms = FORMS if scope.may("export") else ("html",)
    return tuple(
        Download(say(f"files.form_{form}"), scope.url("files:report", run_id=record.run_id, form=form))
        for form in forms
    )


def _facts(scope: Scope, opened: Opened) -> tuple[tuple[str, str], ...]:
    assert opened.run is not None
    held = opened.run.record
    options = {
        name: value
        for name, value in held.options.items()
        if name in ("origin_year", "years", "draws", "scenario", "audience", "language")
        and value not in (None, "")
    }
    pairs = [(say(f"manage.option_{name}"), _option(name, value, scope)) for name, value in options.items()]
    return (
        (say("manage.fact_data"), opened.record.data_version or fmt.BLANK),
        *pairs,
        (say("manage.fact_seed"), str(held.seed)),
        (say("manage.fact_software"), held.software),
        (say("manage.fact_rules"), held.rules[:DIGEST]),
    )


def _option(name: str, value: Any, scope: Scope) -> str:
    if name == "origin_year":
        return fmt.school_year(value, scope.language)
    if name in ("audience", "language"):
        return say(f"manage.option_{name}_{value}")
    return fmt.count(value) if isinstance(value, int) else str(value)


def _steps(record: RunRecord) -> tuple[tuple[str, Cell, str], ...]:
    return (
        (say("manage.col_made"), maker(record), ""),
        (say("manage.col_reviewed"), who_when(record.reviewed_by, record.reviewed_at), record.review_reason),
        (
            say("manage.col_published"),
            who_when(record.published_by, record.published_at),
            record.publish_reason,
        ),
    )


def _verdict(record: RunRecord) -> str:
    who = record.verified_by.name if record.verified_by else fmt.BLANK
    if record.verdict == RunRecord.HOLDS:
        return say("manage.verdict_holds_text", at=moment(record.verified_at), who=who)
    if record.verdict == RunRecord.DIFFERS:
        cause = reason(record.verdict_cause.get("code", ""), record.verdict_cause.get("parameters", {}))
        return say("manage.verdict_differs_text", at=moment(record.verified_at), who=who, cause=cause)
    return say("manage.verdict_none_text")


def _next(scope: Scope, record: RunRecord) -> dict[str, str]:
    """The step this person may take now, or why not."""
    here = {"run_id": record.run_id}
    if record.state == RunRecord.DRAFT:
        return {"review": scope.url("manage:review", **here)} if scope.may("forecast") else {}
    if record.state == RunRecord.REVIEWED and scope.may("publish"):
        if record.reviewed_by_id == scope.user.pk:
            return {"held_back": say("runs.two_people", run=record.run_id)}
        return {"publish": scope.url("manage:publish", **here)}
    return {}


def _inputs(scope: Scope, opened: Opened) -> DataTable:
    assert opened.run is not None
    version = opened.version
    rows: list[Row] = []
    for name, digest in opened.run.record.inputs.items():
        stored = version.tables.get(name) if version else None
        rows.append(
            Row(
                (
                    table_name(name, scope.language),
                    Cell(version.id, sub=_day(version.at)) if stored else fmt.BLANK,
                    fmt.count(stored.rows) if stored else fmt.BLANK,
                    digest[:DIGEST],
                    fmt.BLANK
                    if stored is None or withheld(scope, name)
                    else _export(scope, "input", name, version.id),
                )
            )
        )
    head = (
        Head(say("house.method_table")),
        Head(say("house.method_version")),
        Head(say("manage.col_rows"), "right"),
        Head(say("manage.col_digest")),
        Head(say("house.downloads")),
    )
    note = say("manage.inputs_gone") if version is None else ""
    return DataTable("inputs", say("manage.inputs_caption"), head, tuple(rows), note=note)


def _day(at: str) -> str:
    return at[:10]


def _export(scope: Scope, source: str, name: str, version: str = "") -> Anchor | str:
    if not scope.may("export"):
        return fmt.BLANK
    query = f"version={version}" if version else None
    place = scope.url("files:table", source=source, table=name, form="xlsx", query=query)
    return Anchor(say("files.form_xlsx"), place)


def _outputs(scope: Scope, opened: Opened) -> DataTable:
    assert opened.run is not None
    run_id = opened.record.run_id
    rows: list[Row] = []
    for name, digest in opened.run.record.outputs.items():
        count = opened.rows.get(name)
        if count is None:
            rows.append(
                Row(
                    (
                        table_name(name, scope.language),
                        Light("bad", say("manage.table_changed")),
                        digest[:DIGEST],
                        "",
                    )
                )
            )
            continue
        link = scope.url("manage:table", run_id=run_id, table=name)
        rows.append(
            Row(
                (
                    Anchor(table_name(name, scope.language), link),
                    fmt.count(count),
                    digest[:DIGEST],
                    _export(scope, run_id, name),
                )
            )
        )
    head = (
        Head(say("house.method_table")),
        Head(say("manage.col_rows"), "right"),
        Head(say("manage.col_digest")),
        Head(say("house.downloads")),
    )
    note = say("manage.outputs_note", unit=scope.unit.name)
    return DataTable("outputs", say("manage.outputs_caption"), head, tuple(rows), note=note)


def _standards(scope: Scope, opened: Opened) -> DataTable:
    rows: list[Row] = []
    seen: set[tuple[str, Any]] = set()
    for one in sorted(opened.citations, key=lambda one: (one.verified == "ours", one.rule_id)):
        if one.value is None or (one.rule_id, one.value) in seen:
            continue
        seen.add((one.rule_id, one.value))
        rows.append(
            Row(
                (
                    Cell(_standard(opened, one, scope.language), sub=one.rule_id),
                    value_of(one, scope.language),
                    source_of(one, scope.language),
                    sureness(one, scope.language),
                )
            )
        )
    head = (
        Head(say("manage.col_standard")),
        Head(say("manage.col_value"), "right"),
        Head(say("manage.col_source")),
        Head(say("manage.col_sure")),
    )
    empty = say("manage.no_citations")
    return DataTable("standards", say("manage.standards_caption"), head, tuple(rows), empty=empty)


def _standard(opened: Opened, one: Any, language: str) -> str:
    """Topic and what it applies to: a key's name alone (a stage) does not say which standard it is."""
    topic = opened.topics.get(one.topic, ("", ""))[0 if language == "zh" else 1]
    name = one.zh if language == "zh" else one.en
    return " · ".join(part for part in (topic, name) if part)


def source_of(value: Any, language: str) -> str:
    """Document and article, without the mark of sureness, which has its own column."""
    if value.verified == "ours":
        note = value.note_zh if language == "zh" else value.note_en
        return note or value.sureness(language)
    return say("manage.listed").join(part for part in (value.source, value.article) if part)


def value_of(one: Any, language: str) -> str:
    """A standard's value with its unit in the reader's language."""
    chinese, _, english = one.unit.partition(" ")
    return f"{fmt.plain(one.value)} {chinese if language == 'zh' else english or chinese}".strip()


def sureness(one: Any, language: Any) -> Light:
    """How sure a standard is, by shape and word."""
    kind = {"original": "good", "ours": "none"}.get(one.verified, "near")
    return Light(kind, one.sureness(language))  # type: ignore[arg-type]


def _doubts(scope: Scope, opened: Opened, doubts: Sequence[Doubt]) -> DataTable:
    rows = tuple(
        Row(
            (
                Light(_SEVERITY[one.severity], say(f"manage.severity_{one.severity}")),  # type: ignore[arg-type]
                one.what,
                one.where,
                fmt.count(one.count),
            )
        )
        for one in doubts
    )
    head = (
        Head(say("manage.col_severity")),
        Head(say("manage.col_doubt")),
        Head(say("manage.col_where")),
        Head(say("manage.col_count"), "right"),
    )
    return DataTable("doubts", say("manage.doubts_caption"), head, rows, empty=say("manage.no_doubts"))


def _beside(scope: Scope, record: RunRecord, beside: Sequence[RunRecord]) -> DataTable:
    rows = tuple(
        Row(
            (
                Anchor(one.run_id, scope.url("manage:run", run_id=one.run_id)),
                state_light(one),
                one.data_version or fmt.BLANK,
                moment(one.made_at),
                Anchor(
                    say("manage.compare"),
                    scope.url("manage:difference", run_id=record.run_id, other=one.run_id),
                ),
            )
        )
        for one in beside
    )
    head = (
        Head(say("manage.col_run")),
        Head(say("manage.col_state")),
        Head(say("manage.col_data")),
        Head(say("manage.col_made")),
        Head(say("manage.col_difference")),
    )
    return DataTable("beside", say("manage.beside_caption"), head, rows, empty=say("manage.none_beside"))
