"""One thing asked of one unit: what was brought, what became of it, and the forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from junheng.report import format as fmt
from junheng.web.accounts.roles import EXAMINE, FILL
from junheng.web.balance.evidence.demands import OF_SCHOOL, Demand
from junheng.web.balance.evidence.pieces import Piece
from junheng.web.balance.evidence.queries import Known, schools
from junheng.web.balance.models import Evidence
from junheng.web.balance.presenters import evidence_parts as own
from junheng.web.balance.presenters import parts
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Page, Row
from junheng.web.house.shelf import BEGINNINGS, LIMIT_BYTES
from junheng.web.wording import say


@dataclass(frozen=True, slots=True)
class Choice:
    """A radio or a button."""

    value: str
    text: str
    chosen: bool = False
    style: str = ""


@dataclass(frozen=True, slots=True)
class Examination:
    """A piece that waits, and where it is decided. `spoiled` says why it can only be sent back."""

    told: str
    action: str
    row_version: int
    verdicts: tuple[Choice, ...]
    spoiled: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Where what is current may be taken back."""

    action: str
    row_version: int


@dataclass(frozen=True, slots=True)
class Body:
    """What the page shows and lets this person do; `action` is empty where she only reads."""

    lines: tuple[tuple[str, str], ...]
    tables: tuple[DataTable, ...]
    fault: str
    examination: Examination | None
    action: str
    claims: tuple[Choice, ...]
    note: str
    accept: str
    file_hint: str
    again: bool
    withdrawal: Withdrawal | None


def page(held: Known, demand: Demand, fault: str = "", sent: Mapping[str, str] | None = None) -> Page:
    """The item at the scope's unit."""
    scope, unit = held.scope, held.subject
    name = own.named(demand, held)
    piece = held.current(demand, unit) if unit is not None else None
    _, text = own.light_of(piece)
    if piece is None and unit is not None and (rows := held.rows(demand, unit)):
        text = say("balance.standing_in_tables", count=len(rows))
    up = Crumb(say("balance.tab_evidence"), scope.url("balance:evidence", query=held.query))
    where = own.unit_name(held, unit if unit is not None else scope.unit)
    return Page(
        title=name,
        headline=say("balance.evidence_item_headline", unit=where, item=name, standing=text)
        if unit is not None
        else say("balance.evidence_item_town", unit=where, item=name),
        lead=_opinion(piece),
        crumbs=crumbs(scope, "balance:board", up, Crumb(name)),
        tabs=parts.tabs(scope, "evidence"),
        method=own.method(held),
        body=_body(held, demand, piece, fault, sent or {}),
    )


def _opinion(piece: Piece | None) -> str:
    """What the reviewer wants, where something is wanted."""
    if (
        piece is None
        or not piece.row.opinion
        or piece.row.state not in (Evidence.RETURNED, Evidence.REJECTED)
    ):
        return ""
    row = piece.row
    who = row.reviewed_by.name if row.reviewed_by is not None else fmt.BLANK
    on = parts.day(row.reviewed_at) if row.reviewed_at is not None else fmt.BLANK
    return say("balance.opinion_of", opinion=row.opinion, who=who, on=on)


def _body(held: Known, demand: Demand, piece: Piece | None, fault: str, sent: Mapping[str, str]) -> Body:
    scope, unit = held.scope, held.subject
    user = scope.user
    fills = unit is not None and user.may(FILL, unit) and demand.concerns(unit.level)
    examines = piece is not None and piece.awaits and user.may(EXAMINE, unit) and piece.row.by_id != user.pk
    return Body(
        lines=_lines(held, demand),
        tables=tuple(_tables(held, demand)),
        fault=fault,
        examination=_examination(held, piece) if examines and piece is not None else None,
        action=own.address(held, demand) if fills else "",
        claims=tuple(
            Choice(one, say(f"balance.claim_{one}"), sent.get("claim", demand.claims[0]) == one)
            for one in demand.claims
        ),
        note=sent.get("note", ""),
        accept=",".join(f".{form}" for form in BEGINNINGS),
        file_hint=say("balance.file_hint", forms=" ".join(BEGINNINGS), most=fmt.count(LIMIT_BYTES / 1024**2)),
        again=piece is not None,
        withdrawal=Withdrawal(
            scope.url("balance:evidence_withdraw", piece=piece.row.pk, query=held.query),
            piece.row.row_version,
        )
        if fills and piece is not None
        else None,
    )


def _lines(held: Known, demand: Demand) -> tuple[tuple[str, str], ...]:
    unit = held.subject
    asked = "balance.asked_of_schools" if demand.level == OF_SCHOOL else "balance.asked_of_county"
    found = [
        (say("balance.line_requirement"), _requirement(held, demand)),
        (
            say("balance.line_place"),
            f"{held.assessment.name(held.scope.language)} · {own.group(demand, held)}",
        ),
        (say("balance.line_year"), fmt.school_year(held.year, held.scope.language)),
        (say("balance.line_asked_of"), say(asked)),
    ]
    if unit is not None:
        proved = held.in_data(demand, unit)
        text = own.proved(demand, proved).text
        because = own.why(proved)
        found.append((say("balance.line_in_data"), f"{text} · {because}" if because else text))
    return tuple(found)


def _requirement(held: Known, demand: Demand) -> str:
    name = demand.name(held.scope.language)
    return say("balance.must_not_be", what=name) if demand.claims[0] == Evidence.NOT_FOUND else name


def _tables(held: Known, demand: Demand) -> list[DataTable]:
    found: list[DataTable] = []
    if held.subject is not None:
        found.append(_pieces(held, demand))
    if held.subject is None or held.subject.level != OF_SCHOOL:
        table = _schools(held, demand)
        if table.rows or demand.level == OF_SCHOOL:
            found.append(table)
    return found


def _pieces(held: Known, demand: Demand) -> DataTable:
    unit = held.subject
    current = held.current(demand, unit)
    head = (
        Head(say("balance.col_brought")),
        Head(say("balance.col_reviewed"), width=3),
        Head(say("balance.col_claim")),
        Head(say("balance.col_file"), width=3),
        Head(say("balance.col_note"), width=2),
    )
    pieces = ([current] if current is not None else []) + held.earlier(demand, unit)
    rows = [_piece(held, one) for one in pieces] + [_row(row) for row in held.rows(demand, unit)]
    return DataTable(
        "pieces", say("balance.pieces"), head, tuple(rows), note=say("balance.pieces_note"),
        empty=say("balance.pieces_none"),
    )  # fmt: skip


def _piece(held: Known, piece: Piece) -> Row:
    row = piece.row
    when = Cell(parts.day(row.at), sub="" if row.current else say("balance.replaced"))
    cells = (when, own.reviewed(piece), own.claim(piece), own.file(held, piece), row.note or fmt.BLANK)
    return Row(cells, key=row.evidence_id)


def _row(row: Mapping[str, Any]) -> Row:
    """A row that came with the data tables."""
    return Row(
        (
            Cell(str(row["provided_on"] or fmt.BLANK), sub=str(row["provided_by"] or "")),
            own.reviewed_row(row),
            own.claimed(str(row["claim"])),
            Cell(str(row["file_name"] or fmt.BLANK), sub=str(row["evidence_id"])),
            Cell(fmt.BLANK),
        )
    )


def _schools(held: Known, demand: Demand) -> DataTable:
    """What schools brought: all of them where the item is asked of each."""
    head = (
        Head(say("balance.col_school"), width=2),
        Head(say("balance.col_reviewed"), width=3),
        Head(say("balance.col_claim")),
        Head(say("balance.col_file"), width=3),
    )
    brought = {one.row.unit.code: one for one in held.by_schools(demand)}
    units = {one.row.unit.code: one.row.unit for one in brought.values()}
    if demand.level == OF_SCHOOL:
        units = {unit.code: unit for unit in schools(held)} | units
    rows: list[Row] = []
    for code, unit in units.items():
        piece = brought.get(code)
        name = Anchor(own.unit_name(held, unit), own.address(held, demand, unit=unit))
        claim = own.claim(piece) if piece is not None else fmt.BLANK
        file = own.file(held, piece) if piece is not None else fmt.BLANK
        rows.append(Row((name, own.reviewed(piece), claim, file), key=f"school-{code}"))
    note = "balance.schools_count_note" if demand.level == OF_SCHOOL else "balance.schools_support_note"
    return DataTable("schools", say("balance.pieces_schools"), head, tuple(rows), note=say(note))


def _examination(held: Known, piece: Piece) -> Examination:
    row = piece.row
    told = say("balance.examine_told", who=row.by.name, on=parts.day(row.at), claim=own.claim(piece))
    verdicts: list[Choice] = []
    if piece.sound:
        verdicts.append(Choice("confirmed", say(f"balance.outcome_{row.claim}"), style="primary"))
        contrary = {Evidence.MET: Evidence.UNMET, Evidence.NOT_FOUND: Evidence.FOUND}.get(row.claim)
        if contrary:
            verdicts.append(Choice("rejected", say(f"balance.outcome_{contrary}"), style="danger"))
    verdicts.append(Choice("returned", say("balance.send_back")))
    spoiled = "" if piece.sound else say(f"balance.file_{piece.file}")
    action = held.scope.url("balance:evidence_review", piece=row.pk, query=held.query)
    return Examination(told, action, row.row_version, tuple(verdicts), spoiled)
