"""What is asked to be shown by documents, and how each stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from junheng.monitoring.assessment_evidence import Examined
from junheng.monitoring.status import MET, UNMET
from junheng.report import format as fmt
from junheng.web.accounts.roles import IMPORT
from junheng.web.balance.evidence.demands import OF_SCHOOL, Demand
from junheng.web.balance.evidence.pieces import Piece
from junheng.web.balance.evidence.queries import STATES, Known, asked_of, schools
from junheng.web.balance.evidence.taking import Taking
from junheng.web.balance.models import Evidence
from junheng.web.balance.presenters import evidence_parts as own
from junheng.web.balance.presenters import parts
from junheng.web.balance.presenters.warnings import Filter
from junheng.web.house.navigation import crumbs, name_of
from junheng.web.house.page import Absent, Anchor, Cell, Crumb, DataTable, Head, KeyFigure, Page, Row
from junheng.web.house.scope import Scope
from junheng.web.jobs.presenters import JobView
from junheng.web.wording import say


@dataclass(frozen=True, slots=True)
class Body:
    """The list. `take` leads to taking the desk's evidence into the data, where it differs and one may."""

    tables: tuple[DataTable, ...]
    take: Anchor | None
    jobs: tuple[JobView, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing asked of one unit, with what was brought."""

    demand: Demand
    unit: Any
    piece: Piece | None
    rows: Sequence[Mapping[str, Any]]
    proved: Examined

    @property
    def state(self) -> str:
        """missing, given, returned or decided: what filters by. What came with the data tables and was
        examined there is decided."""
        if self.piece is None:
            return "decided" if self.rows and self.proved.status in (MET, UNMET) else "missing"
        if self.piece.awaits:
            return "given"
        return "returned" if self.piece.row.state == Evidence.RETURNED else "decided"


def page(held: Known, state: str, taking: Taking | None, jobs: tuple[JobView, ...]) -> Page:
    """Everything asked of the scope's unit, in the order of the assessment."""
    scope = held.scope
    lines = list(_lines(held))
    shown = [one for one in lines if state not in STATES or one.state == state]
    title = say("balance.evidence_title", assessment=held.assessment.name(scope.language))
    counts = {name: sum(one.state == name for one in lines) for name in STATES}
    headline = "balance.evidence_headline" if _counts(held) else "balance.evidence_headline_support"
    return Page(
        title=title,
        headline=say(headline, **_told(held), asked=len(lines), **counts),
        lead=say("balance.evidence_lead_school") if held.subject is None or _school(held) else "",
        crumbs=crumbs(scope, "balance:board", Crumb(say("balance.tab_evidence"))),
        key_figures=tuple(
            KeyFigure(say(f"balance.state_{name}"), fmt.count(counts[name])) for name in STATES
        ),
        tabs=parts.tabs(scope, "evidence"),
        method=own.method(held),
        body=Body((_table(held, shown),), _take(held, taking), jobs),
    )


def empty(scope: Scope) -> Page:
    """Where no assessment asks for documents."""
    text = say("balance.evidence_nothing_asked")
    return Page(
        title=text, headline=text, crumbs=crumbs(scope, "balance:board"), tabs=parts.tabs(scope, "evidence"),
        absent=Absent(text, say("balance.evidence_nothing_asked_text")),
    )  # fmt: skip


def filters(held: Known, state: str) -> tuple[Filter, ...]:
    """Assessment, year, where it stands."""
    years = tuple((str(one), fmt.school_year(one, held.scope.language)) for one in held.years)
    states = (
        ("", say("balance.state_all")),
        *((name, say(f"balance.state_{name}")) for name in STATES),
    )
    return (
        Filter("assessment", say("balance.chosen"), held.assessment.id, held.choices),
        Filter("year", say("balance.year"), str(held.year), years),
        Filter("state", say("balance.col_standing"), state if state in STATES else "", states),
    )


def _told(held: Known) -> dict[str, Any]:
    return {
        "unit": name_of(held.scope.unit, held.scope.language),
        "year": fmt.school_year(held.year, held.scope.language),
    }


def _counts(held: Known) -> bool:
    """Whether anything shown decides an item by itself; a school may have only what supports the county."""
    return not _school(held) or any(one.counts(OF_SCHOOL) for one in asked_of(held))


def _school(held: Known) -> bool:
    return held.subject is not None and held.subject.level == OF_SCHOOL


def _lines(held: Known) -> Iterator[Line]:
    """The county's items, its schools' for items asked of schools; a town has its schools' alone."""
    if held.subject is not None:
        for one in asked_of(held):
            if _school(held) or one.level != OF_SCHOOL:
                yield _line(held, one, held.subject, held.current(one, held.subject))
    if not _school(held):
        expected = {unit.code: unit for unit in schools(held)}
        for one in held.demands:
            if one.level != OF_SCHOOL and held.subject is not None:
                continue
            brought = {piece.row.unit.code: piece for piece in held.by_schools(one)}
            units = expected if one.level == OF_SCHOOL else {}
            units = units | {code: piece.row.unit for code, piece in brought.items()}
            for code, unit in units.items():
                yield _line(held, one, unit, brought.get(code))


def _line(held: Known, demand: Demand, unit: Any, piece: Piece | None) -> Line:
    return Line(demand, unit, piece, held.rows(demand, unit), held.in_data(demand, unit))


def _table(held: Known, lines: list[Line]) -> DataTable:
    several = any(one.unit is not held.subject for one in lines)
    counted = _counts(held)
    head = (
        Head(say("balance.col_asked"), width=4),
        *((Head(say("balance.col_unit"), width=2),) if several else ()),
        Head(say("balance.col_reviewed"), width=2),
        *((Head(say("balance.col_in_data")),) if counted else ()),
        Head(say("balance.col_claim")),
        Head(say("balance.col_file"), width=3),
    )
    return DataTable(
        "evidence",
        say("balance.evidence_table"),
        head,
        tuple(_row(held, one, several=several, counted=counted) for one in lines),
        note=say("balance.evidence_note"),
        empty=say("balance.evidence_none"),
    )


def _row(held: Known, line: Line, *, several: bool, counted: bool) -> Row:
    demand, piece = line.demand, line.piece
    where = {"unit": line.unit} if several and line.unit.level == OF_SCHOOL else {}
    name = Anchor(own.named(demand, held), own.address(held, demand, **where), sub=_sub(held, line))
    return Row(
        (
            name,
            *((own.unit_name(held, line.unit),) if several else ()),
            own.reviewed(piece) if piece is not None or not line.rows else own.reviewed_row(line.rows[-1]),
            *((own.proved(demand, line.proved),) if counted else ()),
            own.claim(piece) if piece is not None else _claimed_otherwise(line),
            own.file(held, piece) if piece is not None else _brought_otherwise(held, line),
        ),
        key=f"{demand.code}-{line.unit.code}" if several and line.unit.level == OF_SCHOOL else demand.code,
    )


def _claimed_otherwise(line: Line) -> str:
    return own.claimed(str(line.rows[-1]["claim"])) if line.rows else fmt.BLANK


def _brought_otherwise(held: Known, line: Line) -> Cell:
    """Rows that came with the data tables."""
    if not line.rows:
        return Cell(fmt.BLANK)
    names = [row["file_name"] or row["evidence_id"] for row in line.rows]
    return Cell(fmt.listed(names, held.scope.language), sub=say("balance.from_tables"))


def _sub(held: Known, line: Line) -> str:
    told = [own.group(line.demand, held)]
    supporting = [] if _school(held) else held.by_schools(line.demand)
    if line.unit.level != OF_SCHOOL and supporting:
        told.append(say("balance.supported", count=len(supporting)))
    if not line.demand.counts(line.unit.level):
        told.append(say("balance.supports"))
    if line.demand.measured:
        told.append(say("balance.also_measured"))
    return " · ".join(told)


def _take(held: Known, taking: Taking | None) -> Anchor | None:
    if taking is None or not taking.anything or not held.scope.may(IMPORT):
        return None
    count = len(taking.new) + len(taking.changed) + len(taking.dropped)
    return Anchor(say("balance.take_open", count=count), held.scope.url("balance:evidence_take"))
