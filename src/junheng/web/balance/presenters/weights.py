"""Who weighs most in the unit's value of an item, and whom it leaves out, with the rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from junheng.report import format as fmt
from junheng.rules.indicator import Exclusion, Indicator
from junheng.web.balance.presenters import parts
from junheng.web.balance.presenters.parts import Section
from junheng.web.balance.queries import Judged
from junheng.web.house.page import Cell, DataTable, Head, Row
from junheng.web.wording import say

NAMED = 12
"""Names of units left out that stand in a row before they are only counted."""


@dataclass(frozen=True, slots=True)
class About:
    """Rows of `indicator_worst` and `indicator_excluded` of the item's indicators."""

    worst: Sequence[Mapping[str, Any]]
    excluded: Sequence[Mapping[str, Any]]


def contributors(held: Judged, about: About) -> tuple[Section, ...]:
    """Schools by their share in the unit's value."""
    if not about.worst:
        return ()
    head = (
        Head(say("balance.col_school")),
        Head(say("balance.col_stage")),
        Head(say("balance.col_ratio"), "right"),
        Head(say("balance.col_share"), "right"),
        Head(say("balance.col_direction")),
    )
    rows = tuple(_contributor(held, row) for row in _by_stage(about.worst))
    note = say("balance.worst_note")
    table = DataTable("worst", say("balance.worst"), head, rows, note=note)
    return (Section("worst", tables=(table,)),)


def _by_stage(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(rows, key=lambda row: (row["stage"] or "", row["rank"]))


def _contributor(held: Judged, row: Mapping[str, Any]) -> Row:
    words = held.words
    value = row["x"] * factor(held.law.indicators.get(row["indicator"])) if row["x"] is not None else None
    shown = fmt.BLANK if value is None else f"{value:,.4g}"
    return Row(
        (
            parts.school(held, row["school"], words.unit(row["school"])),
            words.stage(row["stage"] or "") or fmt.BLANK,
            shown,
            fmt.percent(row["contribution"], 1),
            say(f"balance.direction_{row['direction']}"),
        )
    )


def factor(indicator: Indicator | None) -> float:
    """By what single figures are multiplied before they are shown."""
    return indicator.value.factor if indicator is not None else 1


def left_out(held: Judged, item: str, about: About) -> tuple[Section, ...]:
    """Units not counted in an indicator by its rules, and those an assessment judges otherwise."""
    tables = [_excluded(held, about.excluded)] if about.excluded else []
    otherwise = [row for row in held.result.exceptions if row.item in ("", item)]
    if otherwise and _concerned(held, item):
        tables.append(_exceptions(held, otherwise))
    if not tables:
        return ()
    count = sum(len(table.rows) for table in tables)
    return (Section("left-out", say("balance.left_out", count=count), tables=tuple(tables)),)


def _concerned(held: Judged, item: str) -> bool:
    return any(row.item == item and row.level == "school" for row in held.result.items)


def _excluded(held: Judged, rows: Sequence[Mapping[str, Any]]) -> DataTable:
    head = (
        Head(say("balance.col_reason")),
        Head(say("balance.col_stage")),
        Head(say("balance.col_count"), "right"),
        Head(say("balance.col_units")),
        Head(say("balance.col_rule")),
    )
    return DataTable("excluded", say("balance.excluded"), head, tuple(_out(held, row) for row in rows))


def _out(held: Judged, row: Mapping[str, Any]) -> Row:
    words = held.words
    codes = [code for code in (row["ids"] or "").split(";") if code]
    units = [words.unit(code) for code in codes[:NAMED]]
    more = ["…"] if len(codes) > NAMED else []
    rule = exclusion(held.law.indicators.get(row["indicator"]), row["reason"])
    return Row(
        (
            reason(rule, row["reason"], held.scope.language),
            words.stage(row["stage"] or "") or fmt.BLANK,
            fmt.count(row["n"]),
            Cell(fmt.listed([*units, *more], held.scope.language)),
            Cell(cited(rule, held.scope.language)),
        )
    )


def exclusion(indicator: Indicator | None, code: str) -> Exclusion | None:
    """The rule that leaves rows out under this code."""
    rules = indicator.exclude if indicator is not None else ()
    return next((one for one in rules if one.reason == code), None)


def reason(rule: Exclusion | None, code: str, language: Any) -> str:
    """Why, as the rule words it; its code where it does not."""
    return ((rule.zh if language == "zh" else rule.en) if rule is not None else "") or code


def cited(rule: Exclusion | None, language: Any) -> str:
    """The text the rule rests on."""
    if rule is None:
        return fmt.BLANK
    if rule.cite is not None:
        return next((value.citation(language) for value in rule.cite.values.values()), rule.cite.rule)
    return rule.source.doc if rule.source is not None else fmt.BLANK


def _exceptions(held: Judged, rows: Sequence[Any]) -> DataTable:
    words = held.words
    head = (
        Head(say("balance.col_school")),
        Head(say("balance.col_stage")),
        Head(say("balance.col_pupils"), "right"),
        Head(say("balance.col_reason")),
        Head(say("balance.col_sure")),
    )
    shown = tuple(
        Row(
            (
                parts.school(held, row.area, words.unit(row.area)),
                words.stage(row.stage) or fmt.BLANK,
                fmt.count(row.pupils),
                words.reason(row.reason),
                words.sure(row.verified),
            )
        )
        for row in rows
    )
    return DataTable("exceptions", say("balance.exceptions"), head, shown)
