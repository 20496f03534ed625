"""A school's card: each item with value, line and floor, what is missing, and how many pupils it can hold."""

from __future__ import annotations

from junheng.monitoring.assessment_row import ItemRow
from junheng.report import format as fmt
from junheng.report.assessment.card import card
from junheng.web.balance.presenters import parts
from junheng.web.balance.presenters.parts import Section
from junheng.web.balance.queries import Judged
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Cell, DataTable, Head, Page, Row
from junheng.web.runs.provenance import provenance
from junheng.web.wording import say


def page(held: Judged) -> Page:
    """The card of the school that is the scope's unit."""
    scope, words, result = held.scope, held.words, held.result
    code = scope.unit.code
    rows = [row for row in result.items if row.area == code]
    lines = card(result, held.law.indicators, code, scope.language) if code in result.schools else []
    verdicts = [row for row in result.results if row.area == code]
    return Page(
        title=say("balance.title", unit=words.unit(code), assessment=result.assessment.name(scope.language)),
        headline=lines[0] if lines and verdicts else say("balance.not_judged", unit=words.unit(code)),
        crumbs=crumbs(scope, "balance:board"),
        lights=tuple(parts.light(held, row) for row in verdicts),
        method=parts.method(held),
        provenance=provenance(scope, held.record),
        downloads=parts.downloads(held),
        tabs=parts.tabs(scope, "board"),
        body=_body(held, rows),
    )


def _body(held: Judged, rows: list[ItemRow]) -> tuple[Section, ...]:
    """The items of the school's own verdict, then what else of it counts for the county."""
    rule = held.result.assessment.school_rule
    own = [row for row in rows if rule is not None and row.group == rule.group]
    others = [row for row in rows if row not in own]
    tables = [
        *([_table(held, "card", say("balance.card"), own, say("balance.card_note"))] if own else []),
        *([_table(held, "others", say("balance.card_others"), others)] if others else []),
    ]
    return (Section("card", tables=tuple(tables)),) if tables else ()


def _table(held: Judged, key: str, caption: str, rows: list[ItemRow], note: str = "") -> DataTable:
    words = held.words
    head = (
        Head(say("balance.col_item"), width=3),
        Head(say("balance.col_stage")),
        Head(say("balance.col_value"), "right"),
        Head(say("balance.col_line"), "right"),
        Head(say("balance.col_floor"), "right"),
        Head(say("balance.col_status")),
        Head(say("balance.col_missing"), "right"),
        Head(say("balance.col_most"), "right"),
    )
    shown = [
        Row(
            (
                Cell(f"{row.item} {words.item(row.item)}", sub=words.part(row) if row.part else ""),
                words.stage(row.stage) or fmt.BLANK,
                words.value(row),
                words.line(row),
                words.floor(row),
                parts.light(held, row),
                words.missing(row.missing_full, row.missing_unit) if row.missing_full else fmt.BLANK,
                fmt.count(row.most_pupils),
            )
        )
        for row in sorted(rows, key=lambda row: (parts.stage_place(row.stage), row.item, row.part))
    ]
    return DataTable(key, caption, head, tuple(shown), note=note)
