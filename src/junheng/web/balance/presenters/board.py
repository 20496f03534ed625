"""The board of an assessment: every item, then the schools that do not pass yet."""

from __future__ import annotations

from junheng.monitoring.assessment_row import ItemRow, ResultRow
from junheng.monitoring.status import MET, UNMET
from junheng.report import format as fmt
from junheng.report.assessment.headline import headline
from junheng.report.content import KeyFigure
from junheng.web.balance.presenters import parts
from junheng.web.balance.queries import Judged
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Absent, Anchor, Cell, DataTable, Head, Light, Page, Row
from junheng.web.house.scope import Scope
from junheng.web.runs.provenance import provenance
from junheng.web.wording import say

CONDITIONS = ("precondition", "veto")
OF_COUNTY, OF_SCHOOL = "county", "school"


def page(held: Judged) -> Page:
    """What is met, what is not, and by how much; the county's items for those who see it, schools for all."""
    scope, words = held.scope, held.words
    county = held.county
    tables = [_schools(held)] if _school_rows(held) else []
    if county is not None:
        groups = [group.id for group in held.result.assessment.groups]
        tables = [table for group in (*groups, *CONDITIONS) if (table := _items(held, group)).rows] + tables
    return Page(
        title=say("balance.title", unit=_name(held), assessment=held.result.assessment.name(scope.language)),
        headline=headline(words) if county is not None else _of_schools(held),
        crumbs=crumbs(scope, "balance:board"),
        lights=(_verdict(held, county),) if county is not None else (),
        key_figures=_figures(held, county),
        method=parts.method(held),
        provenance=provenance(scope, held.record),
        tabs=parts.tabs(held),
        body=tuple(tables),
    )


def empty(scope: Scope) -> Page:
    """The page before a run judged anything here."""
    data = Anchor(say("balance.to_data"), scope.url("data:index"))
    start = (Anchor(say("balance.to_start"), scope.url("forecast:start")),) if scope.may("forecast") else ()
    return Page(
        title=say("balance.none_title"),
        headline=say("balance.none_title"),
        crumbs=crumbs(scope, "balance:board"),
        absent=Absent(say("balance.none_title"), say("balance.none_text"), (data, *start)),
    )


def _name(held: Judged) -> str:
    unit = held.scope.unit
    return unit.name_en if held.scope.language == "en" and unit.name_en else unit.name


def _verdict(held: Judged, county: ResultRow) -> Light:
    return parts.light(held, county)


def _figures(held: Judged, county: ResultRow | None) -> tuple[KeyFigure, ...]:
    schools = _school_rows(held)
    found: list[KeyFigure] = []
    if county is not None:
        counts = {"met": county.n_met, "unmet": county.n_unmet, "unknown": county.n_unknown}
        found += [
            KeyFigure(
                say(f"balance.figure_{name}"), fmt.count(count), say("balance.figure_of", of=county.n_items)
            )
            for name, count in counts.items()
        ]
    if schools:
        passing = sum(row.status == MET for row in schools)
        found.append(
            KeyFigure(
                say("balance.figure_schools"), fmt.count(passing), say("balance.figure_of", of=len(schools))
            )
        )
    return tuple(found)


def _of_schools(held: Judged) -> str:
    rows = _school_rows(held)
    return say(
        "balance.headline_schools",
        unit=_name(held),
        assessment=held.result.assessment.name(held.scope.language),
        judged=len(rows),
        met=sum(row.status == MET for row in rows),
        unmet=sum(row.status == UNMET for row in rows),
    )


def _items(held: Judged, group: str) -> DataTable:
    """The county's rows of a group, item by item, the line they are held against, and what is missing."""
    words = held.words
    rows = [
        row
        for row in held.result.items
        if row.level == OF_COUNTY and row.group == group and not row.part and row.kind != "beside"
    ]
    head = (
        Head(say("balance.col_item"), width=3),
        Head(say("balance.col_stage")),
        Head(say("balance.col_value"), "right"),
        Head(say("balance.col_line"), "right"),
        Head(say("balance.col_status")),
        Head(say("balance.col_why"), width=3),
    )
    return DataTable(f"items-{group}", words.group(group), head, tuple(_item(held, row) for row in rows))


def _item(held: Judged, row: ItemRow) -> Row:
    words = held.words
    name = f"{row.item} {words.item(row.item)}"
    href = parts.address(held.scope, "balance:item", held.result.assessment.id, item=row.item)
    return Row(
        (
            Anchor(name, href),
            words.stage(row.stage) or fmt.BLANK,
            words.value(row),
            words.line(row),
            parts.light(held, row),
            Cell(_why(held, row)),
        ),
        key=f"{row.item}-{row.stage}",
    )


def _why(held: Judged, row: ItemRow) -> str:
    words = held.words
    missing = words.missing(row.missing_full, row.missing_unit) if row.missing_full else ""
    return "；".join(part for part in (words.why(row), missing) if part and part != fmt.BLANK)


def _school_rows(held: Judged) -> list[ResultRow]:
    return [row for row in held.result.results if row.level == OF_SCHOOL]


_GROUPS = {UNMET: 0, MET: 2}


def _schools(held: Judged) -> DataTable:
    """Schools in three groups — not passing, unknown, passing — and within a group by code: no ranking."""
    words = held.words
    rows = sorted(_school_rows(held), key=lambda row: (_GROUPS.get(row.status, 1), row.area, row.stage))
    head = (
        Head(say("balance.col_school"), width=3),
        Head(say("balance.col_stage")),
        Head(say("balance.col_pupils"), "right"),
        Head(say("balance.col_passed"), "right"),
        Head(say("balance.col_status")),
        Head(say("balance.col_why"), width=3),
    )
    units = held.scope.register.by_code
    shown: list[Row] = []
    for row in rows:
        unit = units.get(row.area)
        name = words.unit(row.area)
        own = held.scope.on(unit) if unit is not None and held.scope.unit.holds(unit) else None
        card = parts.address(own, "balance:board", held.result.assessment.id) if own is not None else ""
        shown.append(
            Row(
                (
                    Anchor(name, card) if card else name,
                    words.stage(row.stage),
                    fmt.count(row.pupils),
                    f"{row.n_met}/{row.n_items}",
                    parts.light(held, row),
                    Cell(words.why(row)),
                )
            )
        )
    return DataTable("schools", say("balance.schools"), head, tuple(shown), note=say("balance.schools_note"))
