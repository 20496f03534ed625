"""Warnings as a list: what, where, why, how many pupils; one row a cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from junheng.monitoring.watching import DATA, KINDS, MARGIN, WILL_BREAK, WORSE
from junheng.report import format as fmt
from junheng.report import wording
from junheng.report.content import KeyFigure
from junheng.web.balance.pages import paging
from junheng.web.balance.presenters import parts
from junheng.web.balance.presenters.parts import Section
from junheng.web.balance.warning_queries import Warned
from junheng.web.house.navigation import crumbs, name_of
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Light, Page, Paging, Row
from junheng.web.runs.provenance import provenance
from junheng.web.runs.reading import parameters
from junheng.web.wording import reason, say

FIRST = 5
"""Warnings shown on the board."""
_LIGHTS: dict[str, Any] = {WILL_BREAK: "orange", MARGIN: "yellow", WORSE: "yellow", DATA: "unseen"}


@dataclass(frozen=True, slots=True)
class Filter:
    """A field that narrows a list."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...] = ()


def page(held: Warned) -> Page:
    """The warnings of a unit and those below it."""
    scope = held.scope
    total = sum(held.counts.values())
    return Page(
        title=say("balance.warnings_title", unit=name_of(scope.unit, scope.language)),
        headline=_headline(held, total),
        crumbs=crumbs(scope, "balance:warnings", Crumb(say("balance.tab_warnings"))),
        key_figures=tuple(
            KeyFigure(say(f"balance.kind_{kind}"), fmt.count(count), detail=say(f"balance.kind_{kind}_is"))
            for kind, count in held.counts.items()
        ),
        downloads=(parts.rows_file(scope, held.record.run_id, "monitoring_warnings"),)
        if scope.may("export")
        else (),
        provenance=provenance(scope, held.record),
        tabs=parts.tabs(scope, "warnings"),
        body=(Section("warned", tables=(_table(held, held.rows),)),),
    )


def filters(held: Warned | None) -> tuple[Filter, ...]:
    """By kind."""
    if held is None:
        return ()
    every = ("", say("balance.kind_all"))
    options = (every, *((kind, say(f"balance.kind_{kind}")) for kind in KINDS))
    return (Filter("kind", say("balance.col_kind"), held.kind, options),)


def first(held: Warned | None) -> tuple[Section, ...]:
    """The first few warnings, for the board, and where all of them are."""
    if held is None or not held.rows:
        return ()
    total = sum(held.counts.values())
    table = replace(
        _table(held, held.rows[:FIRST]), caption=say("balance.warnings_first"), note="", paging=None
    )
    every = Anchor(say("balance.warnings_every", count=total), held.scope.url("balance:warnings"))
    return (Section("warned", tables=(table,), more=every),)


def _headline(held: Warned, total: int) -> str:
    unit = name_of(held.scope.unit, held.scope.language)
    if not total:
        return say("balance.warnings_none", unit=unit)
    coming = held.counts[WILL_BREAK]
    code = "balance.warnings_headline" if coming else "balance.warnings_headline_calm"
    return say(code, unit=unit, count=total, breaks=coming, pupils=fmt.count(held.pupils))


def _table(held: Warned, shown: Sequence[Mapping[str, Any]]) -> DataTable:
    head = (
        Head(say("balance.col_kind")),
        Head(say("balance.col_indicator")),
        Head(say("balance.col_unit")),
        Head(say("balance.col_stage")),
        Head(say("balance.col_pupils"), "right"),
        Head(say("balance.col_why")),
    )
    rows = tuple(_row(held, row) for row in shown)
    return DataTable(
        "warned",
        say("balance.warnings"),
        head,
        rows,
        note=say("balance.warnings_note"),
        empty=say("balance.warnings_empty"),
        paging=_paging(held),
    )


def _paging(held: Warned) -> Paging | None:
    def place(number: int) -> str:
        query = f"page={number}" + (f"&kind={held.kind}" if held.kind else "")
        return held.scope.url("balance:warnings", query=query)

    return paging(held.number, held.total, place)


def _row(held: Warned, row: Mapping[str, Any]) -> Row:
    scope = held.scope
    indicator = held.law.indicators.get(row["indicator"])
    unit = scope.register.by_code.get(row["area"])
    name = held.names.get(row["area"], row["area"])
    where: Any = name
    if unit is not None and scope.unit.holds(unit):
        where = Anchor(name, scope.on(unit).url("balance:indicator", indicator=row["indicator"]))
    what: Any = row["indicator"]
    if indicator is not None:
        what = Anchor(
            indicator.name(scope.language), scope.url("balance:indicator", indicator=row["indicator"])
        )
    return Row(
        (
            Light(_LIGHTS[row["kind"]], say(f"balance.kind_{row['kind']}")),
            what,
            where,
            wording.code_name("stage", row["stage"], scope.language) if row["stage"] else fmt.BLANK,
            fmt.count(row["pupils"]),
            Cell(reason(row["reason_code"], parameters(row["reason_parameters"]))),
        ),
        key=row["warning_id"],
    )
