"""Schools by items, each a light with its value: first those that do not pass, then the others folded."""

from __future__ import annotations

from dataclasses import replace

from junheng.monitoring.assessment_row import ItemRow, ResultRow
from junheng.monitoring.status import MET, UNMET
from junheng.report import format as fmt
from junheng.web.balance.pages import ROWS, asked_page, paging
from junheng.web.balance.presenters import parts
from junheng.web.balance.presenters.parts import Section
from junheng.web.balance.queries import Judged
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Light, Page, Row
from junheng.web.runs.provenance import provenance
from junheng.web.wording import say

OF_SCHOOL = "school"
FIXED = 4
"""Columns before those of the items."""
_ORDER = {UNMET: 0, MET: 2}


def results(held: Judged) -> list[ResultRow]:
    """Verdicts on schools: not passing, unknown, passing; within a group by code: this is no ranking."""
    rows = [row for row in held.result.results if row.level == OF_SCHOOL]
    return sorted(rows, key=lambda row: (_ORDER.get(row.status, 1), row.area, row.stage))


def sections(held: Judged) -> tuple[Section, ...]:
    """Schools that do not pass, and where all of them stand."""
    rows = results(held)
    if not rows:
        return ()
    wanting = [row for row in rows if row.status != MET]
    table = _table(held, "wanting", say("balance.schools_wanting"), wanting[:ROWS])
    assessment = held.result.assessment.id
    every = Anchor(
        say("balance.schools_every", count=len(rows)),
        parts.address(held.scope, "balance:schools", assessment),
    )
    return (Section("matrix", tables=(table,), more=every),)


def page(held: Judged, asked: str) -> Page:
    """Every school by every item of its verdict."""
    scope, rows = held.scope, results(held)
    assessment = held.result.assessment
    number = asked_page(asked, len(rows))
    shown = rows[(number - 1) * ROWS : number * ROWS]
    table = _table(held, "schools", say("balance.schools"), shown)

    def place(page: int) -> str:
        return scope.url("balance:schools", query=f"assessment={assessment.id}&page={page}")

    board = Crumb(assessment.name(scope.language), parts.address(scope, "balance:board", assessment.id))
    return Page(
        title=say("balance.schools"),
        headline=say(
            "balance.headline_schools",
            unit=held.named,
            assessment=assessment.name(scope.language),
            judged=len(rows),
            met=sum(row.status == MET for row in rows),
            unmet=sum(row.status == UNMET for row in rows),
        ),
        crumbs=crumbs(scope, "balance:board", board, Crumb(say("balance.schools"))),
        downloads=parts.downloads(held),
        method=parts.method(held),
        provenance=provenance(scope, held.record),
        tabs=parts.tabs(scope, "board"),
        body=(Section("matrix", tables=(replace(table, paging=paging(number, len(rows), place)),)),),
    )


def _codes(held: Judged) -> list[str]:
    """The items a school's verdict rests on."""
    rule = held.result.assessment.school_rule
    return [item.id for item in held.result.assessment.items if rule is not None and item.group == rule.group]


def _legend(held: Judged, codes: list[str]) -> str:
    return ("；" if held.scope.language == "zh" else "; ").join(
        f"{code} {held.words.item(code)}" for code in codes
    )


def _table(held: Judged, key: str, caption: str, rows: list[ResultRow]) -> DataTable:
    codes = _codes(held)
    cells = {
        (row.area, row.stage, row.item): row
        for row in held.result.items
        if row.level == OF_SCHOOL and not row.part and row.item in codes
    }
    note = say("balance.matrix_note", items=_legend(held, codes))
    words = held.words
    assessment = held.result.assessment.id
    head = (
        Head(say("balance.col_school")),
        Head(say("balance.col_stage")),
        Head(say("balance.col_pupils"), "right"),
        Head(say("balance.col_status")),
        *(Head(code) for code in codes),
    )
    links = {
        place: parts.address(held.scope, "balance:item", assessment, item=code)
        for place, code in enumerate(codes, FIXED)
    }
    shown = tuple(
        Row(
            (
                parts.school(held, row.area, words.unit(row.area)),
                words.stage(row.stage),
                fmt.count(row.pupils),
                _verdict(held, row),
                *(_cell(held, cells.get((row.area, row.stage, code))) for code in codes),
            )
        )
        for row in rows
    )
    empty = say("balance.schools_none_wanting")
    return DataTable(key, caption, head, shown, note=note, empty=empty, sorts=links, dense=True)


def _verdict(held: Judged, row: ResultRow) -> Cell:
    light = parts.light(held, row)
    return Cell(light.text, sub=f"{row.n_met}/{row.n_items}", light=light.kind)


def _cell(held: Judged, row: ItemRow | None) -> Cell | Light:
    if row is None:
        return Light("none", say("balance.not_asked"))
    light = parts.light(held, row)
    return Cell(light.text, sub=held.words.value(row), light=light.kind)
