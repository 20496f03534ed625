"""One item of an assessment: the county, how it went, how schools stand to the line, each school."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from junheng.monitoring.assessment_row import ItemRow
from junheng.monitoring.status import MET, UNMET
from junheng.report import format as fmt
from junheng.web.balance.pages import ROWS, asked_page, paging
from junheng.web.balance.presenters import course, parts, spread, weights
from junheng.web.balance.presenters.parts import Section
from junheng.web.balance.queries import Judged
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Cell, Crumb, DataTable, Head, Page, Row
from junheng.web.runs.provenance import provenance
from junheng.web.wording import say

_ORDER = {UNMET: 0, MET: 2}


def page(held: Judged, item: str, about: weights.About, over_years: course.Values, asked: str) -> Page:
    """The item's rows: of the county first, then its parts, then schools in three groups."""
    scope, words, assessment = held.scope, held.words, held.result.assessment
    rows = [row for row in held.result.items if row.item == item]
    own = [row for row in rows if row.level != "school"]
    schools = [row for row in rows if row.level == "school"]
    number = asked_page(asked, len(schools))
    board = Crumb(assessment.name(scope.language), parts.address(scope, "balance:board", assessment.id))
    return Page(
        title=f"{item} {words.item(item)}",
        headline=_headline(held, item, own, schools),
        crumbs=crumbs(scope, "balance:board", board, Crumb(f"{item} {words.item(item)}")),
        downloads=parts.downloads(held),
        method=parts.method(held),
        provenance=provenance(scope, held.record),
        tabs=parts.tabs(scope, "board"),
        body=(
            *_tables(held, "own", say("balance.of_county"), _ordered(own)),
            *course.sections(held, over_years),
            *weights.contributors(held, about),
            *spread.sections(held, schools),
            *_schools(held, item, _ordered(schools), number),
            *weights.left_out(held, item, about),
        ),
    )


def indicators(held: Judged, item: str) -> set[str]:
    """The indicators an item is judged by."""
    return {row.indicator for row in held.whole.items if row.item == item and row.indicator}


def _headline(held: Judged, item: str, own: list[ItemRow], schools: list[ItemRow]) -> str:
    name = f"{item} {held.words.item(item)}"
    if schools:
        return say(
            "balance.headline_item_schools",
            item=name,
            judged=len(schools),
            unmet=sum(row.status == UNMET for row in schools),
            unknown=sum(row.status not in (MET, UNMET) for row in schools),
        )
    whole = [row for row in own if not row.part] or own
    words = held.words
    whole = sorted(whole, key=lambda row: parts.stage_place(row.stage))
    gap = "" if held.scope.language == "zh" else " "
    texts = [f"{words.stage(row.stage)}{gap}{words.status(row)}".strip() for row in whole]
    return say("balance.headline_item", item=name, statuses=fmt.listed(texts, held.scope.language))


def _tables(held: Judged, key: str, caption: str, rows: list[ItemRow]) -> tuple[Section, ...]:
    return (Section("own", tables=(_table(held, key, caption, rows),)),) if rows else ()


def _schools(held: Judged, item: str, rows: list[ItemRow], number: int) -> tuple[Section, ...]:
    """A page of the schools."""
    if not rows:
        return ()
    assessment = held.result.assessment.id

    def place(page: int) -> str:
        return held.scope.url("balance:item", item=item, query=f"assessment={assessment}&page={page}")

    shown = rows[(number - 1) * ROWS : number * ROWS]
    table = _table(held, "schools", say("balance.by_school"), shown)
    return (Section("own", tables=(replace(table, paging=paging(number, len(rows), place)),)),)


def _ordered(rows: list[ItemRow]) -> list[ItemRow]:
    """Not met, unknown, met; within a group by code."""
    return sorted(
        rows, key=lambda row: (_ORDER.get(row.status, 1), row.area, parts.stage_place(row.stage), row.part)
    )


def _table(held: Judged, key: str, caption: str, rows: list[ItemRow]) -> DataTable:
    head = (
        Head(say("balance.col_unit")),
        Head(say("balance.col_stage")),
        Head(say("balance.col_value"), "right"),
        Head(say("balance.col_line"), "right"),
        Head(say("balance.col_floor"), "right"),
        Head(say("balance.col_status")),
        Head(say("balance.col_missing"), "right"),
        Head(say("balance.col_why")),
    )
    note = say("balance.schools_note") if key == "schools" else ""
    return DataTable(key, caption, head, tuple(_row(held, row) for row in rows), note=note)


def _row(held: Judged, row: ItemRow) -> Row:
    words = held.words
    name: Any = (
        words.part(row) or row.area if row.part else parts.school(held, row.area, words.unit(row.area))
    )
    return Row(
        (
            name,
            words.stage(row.stage) or fmt.BLANK,
            words.value(row),
            words.line(row),
            words.floor(row),
            parts.light(held, row),
            words.missing(row.missing_full, row.missing_unit) if row.missing_full else fmt.BLANK,
            Cell(words.note(row)),
        )
    )
