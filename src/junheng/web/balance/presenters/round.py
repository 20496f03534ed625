"""One round: where it stands, what is frozen with it, what changed since, how it came here, the next step."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from junheng.monitoring.assessment_row import ItemRow
from junheng.report import format as fmt
from junheng.report.content import KeyFigure
from junheng.rules.assessment import Assessment, State
from junheng.web.balance.models import RoundStep
from junheng.web.balance.presenters import parts
from junheng.web.balance.queries import Judged
from junheng.web.balance.rounds.frozen import Change
from junheng.web.balance.rounds.queries import Move, Opened
from junheng.web.balance.rounds.workflow import state_of
from junheng.web.files.protection import audience
from junheng.web.house.navigation import crumbs, name_of
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Download, Head, Light, Page, Row
from junheng.web.house.scope import Scope
from junheng.web.house.shelf import BEGINNINGS, LIMIT_BYTES
from junheng.web.runs.models import RunRecord
from junheng.web.wording import say

DIGEST = 16


@dataclass(frozen=True, slots=True)
class Stop:
    """A state on the way: past, here or ahead."""

    text: str
    when: str
    place: str


@dataclass(frozen=True, slots=True)
class Target:
    """A step to choose."""

    value: str
    text: str
    told: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Body:
    """What the page shows and lets this person do; `action` is empty where the step is not hers."""

    stops: tuple[Stop, ...]
    lines: tuple[tuple[str, str], ...]
    tables: tuple[DataTable, ...]
    warning: str
    fault: str
    action: str
    waits: str
    row_version: int
    targets: tuple[Target, ...]
    runs: tuple[tuple[str, str, bool], ...]
    reason: str
    accept: str
    file_hint: str


def page(held: Opened, fault: str = "", sent: Mapping[str, str] | None = None) -> Page:
    """The round."""
    scope, language = held.scope, held.scope.language
    name = held.assessment.name(language)
    year = fmt.school_year(held.round.year, language)
    title = f"{name} {year}"
    return Page(
        title=title,
        headline=say(
            "balance.round_headline",
            unit=name_of(held.round.unit, language),
            year=year,
            assessment=name,
            state=state_name(held.assessment, held.round.state, language),
            on=parts.day(held.round.moved_at),
        ),
        crumbs=crumbs(
            scope,
            "balance:board",
            Crumb(say("balance.tab_rounds"), scope.url("balance:rounds")),
            Crumb(title),
        ),
        lights=_lights(held),
        key_figures=_figures(held.held),
        downloads=_downloads(held),
        tabs=parts.tabs(scope, "rounds"),
        method=parts.method(held.held) if held.held is not None else None,
        body=_body(held, fault, sent or {}),
    )


def state_name(assessment: Assessment | None, state: str, language: str) -> str:
    """A state in words; its id where the rules know it no more."""
    found = state_of(assessment, state) if assessment is not None else None
    return state if found is None else (found.zh if language == "zh" else found.en)


def run_name(scope: Scope, run: RunRecord) -> str:
    """A run as one chooses it: number, year, state."""
    year = fmt.school_year(run.origin_year, scope.language) if run.origin_year else fmt.BLANK
    return f"{run.run_id} · {year} · {say(f'runs.state_{run.state}')}"


def _lights(held: Opened) -> tuple[Light, ...]:
    found: list[Light] = []
    if held.held is not None and held.held.county is not None:
        found.append(parts.light(held.held, held.held.county))
    kind, text = ("good", "balance.round_intact") if held.intact else ("bad", "balance.round_altered")
    return (*found, Light(kind, say(text)))  # type: ignore[arg-type]


def _figures(held: Judged | None) -> tuple[KeyFigure, ...]:
    county = held.county if held is not None else None
    if county is None:
        return ()
    of = say("balance.figure_of", of=county.n_items)
    counts = {"met": county.n_met, "unmet": county.n_unmet, "unknown": county.n_unknown}
    return tuple(
        KeyFigure(say(f"balance.figure_{name}"), fmt.count(count), of) for name, count in counts.items()
    )


def _downloads(held: Opened) -> tuple[Download, ...]:
    """The official report of the frozen run, for those who work for the county."""
    scope = held.scope
    if held.held is None or not scope.may("export") or audience(scope, "export") != "bureau":
        return ()
    return tuple(
        Download(
            say(f"balance.take_{form}"), scope.url("balance:round_report", round=held.round.pk, form=form)
        )
        for form in ("docx", "xlsx")
    )


def _body(held: Opened, fault: str, sent: Mapping[str, str]) -> Body:
    scope, round_ = held.scope, held.round
    waits = held.waits_for
    chosen = sent.get("target", held.moves[0].target.id if held.moves else "")
    return Body(
        stops=_stops(held),
        lines=_lines(held),
        tables=(*_changes(held), _history(held)),
        warning="" if held.intact else say("balance.round_altered_text"),
        fault=fault,
        action=scope.url("balance:round_move", round=round_.pk) if held.moves else "",
        waits=say("balance.round_waits", unit=name_of(waits, scope.language)) if waits is not None else "",
        row_version=round_.row_version,
        targets=tuple(_target(held, one, chosen) for one in held.moves),
        runs=_runs(held, sent),
        reason=sent.get("reason", ""),
        accept=",".join(f".{form}" for form in BEGINNINGS),
        file_hint=say("balance.file_hint", forms=" ".join(BEGINNINGS), most=fmt.count(LIMIT_BYTES / 1024**2)),
    )


def _target(held: Opened, one: Move, chosen: str) -> Target:
    code = "balance.move_on" if one.onward else "balance.move_back"
    state = state_name(held.assessment, one.target.id, held.scope.language)
    told = say("balance.move_freezes") if one.target.frozen else ""
    return Target(one.target.id, say(code, state=state), told, one.target.id == chosen)


def _runs(held: Opened, sent: Mapping[str, str]) -> tuple[tuple[str, str, bool], ...]:
    """Runs to freeze: the one frozen now first."""
    known = {run.run_id: run for one in held.moves for run in one.runs}
    if not known:
        return ()
    chosen = sent.get("run", "") or next(iter(known))
    found = [(one.run_id, run_name(held.scope, one), one.run_id == chosen) for one in known.values()]
    if held.round.run_id not in known:
        kept = say("balance.run_kept", run=held.round.run_id)
        found.append((held.round.run_id, kept, held.round.run_id == chosen))
    return tuple(found)


def _stops(held: Opened) -> tuple[Stop, ...]:
    language = held.scope.language
    entered: dict[str, str] = {}
    for one in held.steps:
        entered.setdefault(one.target, parts.day(one.at))
    states = _way(held.assessment, {*entered, held.round.state})
    order = [one.id for one in states]
    here = order.index(held.round.state) if held.round.state in order else -1
    found: list[Stop] = []
    for place, one in enumerate(states):
        where = "here" if place == here else "past" if place < here and one.id in entered else "ahead"
        found.append(Stop(one.name(language), entered.get(one.id, "") if where != "ahead" else "", where))
    return tuple(found)


def _way(assessment: Assessment, entered: Collection[str]) -> list[State]:
    """States of the usual way, and those entered off it, in the order of the rules."""
    usual: list[str] = []
    place = assessment.workflow[0] if assessment.workflow else None
    while place is not None and place.id not in usual:
        usual.append(place.id)
        place = state_of(assessment, place.then[0]) if place.then else None
    return [one for one in assessment.workflow if one.id in usual or one.id in entered]


def _lines(held: Opened) -> tuple[tuple[str, str], ...]:
    round_ = held.round
    version = held.held.record.data_version if held.held is not None else ""
    return (
        (
            say("balance.line_run"),
            f"{round_.run_id} · {say('balance.data_version', version=version or fmt.BLANK)}",
        ),
        (say("balance.line_digest"), f"{round_.digest[:DIGEST]}…"),
        (say("balance.line_frozen"), parts.day(held.frozen_at)),
        (say("balance.line_since"), _since(held)),
    )


def _since(held: Opened) -> str:
    """What has become of it since, in a sentence."""
    told: list[str] = []
    if held.now is not None:
        told.append(
            say(
                "balance.since_run",
                run=held.now.record.run_id,
                items=len(held.changes),
                schools=held.schools_changed,
            )
        )
    else:
        told.append(say("balance.since_no_run"))
    if held.evidence_changed:
        told.append(say("balance.since_evidence", count=held.evidence_changed))
    return "".join(told) if held.scope.language == "zh" else " ".join(told)


def _changes(held: Opened) -> tuple[DataTable, ...]:
    if held.now is None or held.held is None:
        return ()
    head = (
        Head(say("balance.col_item"), width=4),
        Head(say("balance.col_stage")),
        Head(say("balance.col_frozen"), width=2),
        Head(say("balance.col_now"), width=2),
        Head(say("balance.col_why"), width=4),
    )
    rows = tuple(_change(held.held, held.now, one) for one in held.changes)
    return (
        DataTable(
            "changes", say("balance.changes"), head, rows, empty=say("balance.changes_none"),
        ),
    )  # fmt: skip


def _change(then: Judged, now: Judged, one: Change) -> Row:
    words = now.words
    return Row(
        (
            Cell(f"{one.item} {words.item(one.item)}"),
            words.stage(one.stage) or fmt.BLANK,
            _light(then, one.before),
            _light(now, one.after),
            Cell(words.note(one.after) if one.after is not None else fmt.BLANK),
        ),
        key=f"{one.item}-{one.stage}",
    )


def _light(held: Judged, row: ItemRow | None) -> Light | str:
    return fmt.BLANK if row is None else parts.light(held, row)


def _history(held: Opened) -> DataTable:
    head = (
        Head(say("balance.col_when")),
        Head(say("balance.col_step"), width=3),
        Head(say("balance.col_who"), width=2),
        Head(say("balance.col_reason_given"), width=3),
        Head(say("balance.col_document"), width=2),
        Head(say("balance.col_run"), width=2),
    )
    rows = tuple(_step(held, one) for one in held.steps)
    return DataTable("history", say("balance.history"), head, rows)


def _step(held: Opened, one: RoundStep) -> Row:
    scope, language = held.scope, held.scope.language
    target = state_name(held.assessment, one.target, language)
    text = say("balance.step_opened", state=target)
    if one.source:
        text = say(
            "balance.step_moved", source=state_name(held.assessment, one.source, language), target=target
        )
    document: Cell | Anchor = Cell(fmt.BLANK)
    if one.file:
        told = say("balance.digest_alone", digest=one.sha256[:12])
        document = Anchor(one.file, scope.url("balance:round_document", step=one.pk), sub=told)
    return Row(
        (
            parts.day(one.at),
            Cell(text),
            Cell(one.by.name, sub=name_of(one.unit, language)),
            Cell(one.reason),
            document,
            Cell(one.run_id, sub=f"{one.digest[:12]}…"),
        ),
        key=f"step-{one.pk}",
    )
