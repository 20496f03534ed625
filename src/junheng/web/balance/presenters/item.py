"""One item of an assessment, school by school."""

from __future__ import annotations

from junheng.monitoring.assessment_row import ItemRow
from junheng.monitoring.status import MET, UNMET
from junheng.report import format as fmt
from junheng.web.balance.presenters import parts
from junheng.web.balance.queries import Judged
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Page, Row
from junheng.web.runs.provenance import provenance
from junheng.web.wording import say

_GROUPS = {UNMET: 0, MET: 2}


def page(held: Judged, item: str) -> Page:
    """The item's rows: of the county first, then its parts, then schools in three groups."""
    scope, words, assessment = held.scope, held.words, held.result.assessment
    rows = [row for row in held.result.items if row.item == item]
    own = [row for row in rows if row.level != "school"]
    schools = [row for row in rows if row.level == "school"]
    board = Crumb(assessment.name(scope.language), parts.address(scope, "balance:board", assessment.id))
    tables = [_table(held, "own", say("balance.of_county"), own)] if own else []
    if schools:
        tables.append(_table(held, "schools", say("balance.by_school"), schools))
    return Page(
        title=f"{item} {words.item(item)}",
        headline=_headline(held, item, own, schools),
        crumbs=crumbs(scope, "balance:board", board, Crumb(f"{item} {words.item(item)}")),
        method=parts.method(held),
        provenance=provenance(scope, held.record),
        body=tuple(tables),
    )


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
    texts = [words.stage(row.stage) + words.status(row) for row in whole]
    return say("balance.headline_item", item=name, statuses=fmt.listed(texts, held.scope.language))


def _table(held: Judged, key: str, caption: str, rows: list[ItemRow]) -> DataTable:
    floors = any(row.floor is not None for row in rows)
    head = [
        Head(say("balance.col_unit"), width=3),
        Head(say("balance.col_stage")),
        Head(say("balance.col_value"), "right"),
        Head(say("balance.col_line"), "right"),
        *([Head(say("balance.col_floor"), "right")] if floors else []),
        Head(say("balance.col_status")),
        Head(say("balance.col_missing"), "right"),
        Head(say("balance.col_why"), width=3),
    ]
    ordered = sorted(rows, key=lambda row: (_GROUPS.get(row.status, 1), row.area, row.stage, row.part))
    return DataTable(key, caption, tuple(head), tuple(_row(held, row, floors) for row in ordered))


def _row(held: Judged, row: ItemRow, floors: bool) -> Row:
    words, scope = held.words, held.scope
    unit = scope.register.by_code.get(row.area)
    name = words.part(row) if row.part else words.unit(row.area)
    below = unit is not None and unit.level == "school" and scope.unit.holds(unit)
    card = (
        parts.address(scope.on(unit), "balance:board", held.result.assessment.id)
        if below and unit is not None
        else ""
    )
    return Row(
        (
            Anchor(name, card) if card else name or row.area,
            words.stage(row.stage) or fmt.BLANK,
            words.value(row),
            words.line(row),
            *([words.floor(row)] if floors else []),
            parts.light(held, row),
            words.missing(row.missing_full, row.missing_unit) if row.missing_full else fmt.BLANK,
            Cell(words.why(row)),
        )
    )
