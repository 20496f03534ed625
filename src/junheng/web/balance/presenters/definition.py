"""One indicator: its definition in words as the rules say it, and the values of the unit by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from junheng.model.codes import CODE_LISTS
from junheng.monitoring.status import MET, UNMET
from junheng.report import format as fmt
from junheng.report import wording
from junheng.rules.formula import lines
from junheng.web.balance.indicator_queries import One
from junheng.web.balance.presenters import parts
from junheng.web.balance.presenters.catalogue import status
from junheng.web.balance.presenters.course import SIGN
from junheng.web.balance.presenters.parts import Section
from junheng.web.house.navigation import crumbs, name_of
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Page, Row
from junheng.web.runs.provenance import provenance
from junheng.web.wording import say

_ORDER = {UNMET: 0, MET: 2}


def page(held: One) -> Page:
    """The definition first, then what it gives here."""
    scope, indicator = held.scope, held.indicator
    name = indicator.name(scope.language)
    told = tuple((say(f"balance.told_{code}"), text) for code, text in lines(indicator, scope.language))
    other = f" {indicator.en}" if scope.language == "zh" else ""
    body = [
        *_values(held),
        Section("told", lines=((say("balance.told_id"), f"{indicator.id}{other}"), *told)),
    ]
    if scope.unit.level != "school":
        body += _schools(held)
    return Page(
        title=name,
        headline=_headline(held, name),
        crumbs=crumbs(
            scope,
            "balance:indicators",
            Crumb(say("balance.tab_indicators"), scope.url("balance:indicators")),
            Crumb(name),
        ),
        downloads=(parts.rows_file(scope, held.record.run_id, "indicator_values"),)
        if held.record is not None and held.own and scope.may("export")
        else (),
        provenance=provenance(scope, held.record) if held.record is not None else None,
        tabs=parts.tabs(scope, "indicators"),
        body=tuple(body),
    )


def _headline(held: One, name: str) -> str:
    unit = name_of(held.scope.unit, held.scope.language)
    last = max((row["year"] for row in held.own), default=None)
    latest = [
        row for row in held.own if row["year"] == last and not row["group"] and row["value"] is not None
    ]
    if not latest:
        return say("balance.value_none", unit=unit, indicator=name)
    latest.sort(key=lambda row: parts.stage_place(row["stage"]))
    gap = "" if held.scope.language == "zh" else " "
    texts = [
        f"{_stage(held, row)}{gap}<b>{parts.number(held.indicator, row['value'])}</b>{_judged(row)}"
        for row in latest
    ]
    return say(
        "balance.value_is",
        unit=unit,
        indicator=name,
        year=fmt.school_year(last, held.scope.language),
        values=fmt.listed(texts, held.scope.language),
    )


def _judged(row: Mapping[str, Any]) -> str:
    if row["status"] not in (MET, UNMET):
        return ""
    return say("balance.in_brackets", text=say(f"balance.status_{row['status']}"))


def _values(held: One) -> list[Section]:
    if not held.own:
        return []
    rows = tuple(_row(held, row, str(row["year"])) for row in _newest_first(held))
    head = (Head(say("balance.col_year")), *_heads())
    table = DataTable("values", say("balance.values"), head, rows, note=say("balance.values_note"))
    return [Section("values", tables=(table,))]


def _schools(held: One) -> list[Section]:
    if not held.schools:
        return []
    ordered = sorted(held.schools, key=lambda row: (_ORDER.get(row["status"], 1), row["area"], row["stage"]))
    rows = tuple(_row(held, row, _school(held, row["area"])) for row in ordered)
    head = (Head(say("balance.col_school")), *_heads())
    note = say("balance.schools_note")
    table = DataTable("schools", say("balance.by_school"), head, rows, note=note)
    return [Section("values", tables=(table,))]


def _school(held: One, code: str) -> Anchor | str:
    name = held.names.get(code, code)
    unit = held.scope.register.by_code.get(code)
    if unit is None or not held.scope.unit.holds(unit):
        return name
    return Anchor(name, held.scope.on(unit).url("balance:indicator", indicator=held.indicator.id))


def _heads() -> tuple[Head, ...]:
    return (
        Head(say("balance.col_stage")),
        Head(say("balance.col_group")),
        Head(say("balance.col_value"), "right"),
        Head(say("balance.col_bounds"), "right"),
        Head(say("balance.col_line"), "right"),
        Head(say("balance.col_status")),
        Head(say("balance.col_used"), "right"),
        Head(say("balance.col_lacking"), "right"),
    )


def _row(held: One, row: Mapping[str, Any], first: Any) -> Row:
    one = held.indicator
    bounds = fmt.BLANK
    if row["n_missing"] and row["low"] is not None and row["high"] is not None:
        bounds = f"{parts.number(one, row['low'])}–{parts.number(one, row['high'])}"
    line = fmt.BLANK
    if row["threshold"] is not None:
        line = f"{SIGN.get(row['op'] or '', '')}{parts.number(one, row['threshold'])}"
    return Row(
        (
            first,
            _stage(held, row) or fmt.BLANK,
            _group(row["group"] or "", held.scope.language),
            parts.number(one, row["value"]),
            bounds,
            line,
            status((row,)),
            Cell(fmt.count(row["n_used"])),
            Cell(fmt.count(row["n_missing"])),
        )
    )


def _group(group: str, language: Any) -> str:
    """`urban_rural=220` in words where the code list has them."""
    column, _, code = group.partition("=")
    if not code:
        return group or fmt.BLANK
    if code in ("between", "within"):
        return say(f"balance.group_{code}")
    return wording.code_name(column, code, language) if column in CODE_LISTS else code


def _stage(held: One, row: Mapping[str, Any]) -> str:
    return wording.code_name("stage", row["stage"], held.scope.language) if row["stage"] else ""


def _newest_first(held: One) -> list[Mapping[str, Any]]:
    return sorted(
        held.own, key=lambda row: (-row["year"], parts.stage_place(row["stage"]), row["group"] or "")
    )
