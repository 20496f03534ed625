"""指标库: every definition in force, what it rests on, and the unit's latest value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from junheng.monitoring.status import MET, UNMET
from junheng.report import format as fmt
from junheng.report import wording
from junheng.rules.grains import GRAINS
from junheng.rules.indicator import Indicator
from junheng.web.balance.indicator_queries import Listed
from junheng.web.balance.pages import paging
from junheng.web.balance.presenters import parts
from junheng.web.balance.presenters.parts import Section
from junheng.web.balance.presenters.warnings import Filter
from junheng.web.house.navigation import crumbs, name_of
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Page, Paging, Row
from junheng.web.runs.provenance import provenance
from junheng.web.wording import say


def page(held: Listed) -> Page:
    """The list asked for."""
    scope = held.scope
    return Page(
        title=say("balance.tab_indicators"),
        headline=say(
            "balance.indicators_headline",
            unit=name_of(scope.unit, scope.language),
            count=held.every,
            measured=held.measured,
        ),
        crumbs=crumbs(scope, "balance:indicators", Crumb(say("balance.tab_indicators"))),
        downloads=(parts.rows_file(scope, held.record.run_id, "indicator_values"),)
        if held.record is not None and held.measured and scope.may("export")
        else (),
        provenance=provenance(scope, held.record) if held.record is not None else None,
        tabs=parts.tabs(scope, "indicators"),
        body=(Section("listed", tables=(_table(held),)),),
    )


def filters(held: Listed) -> tuple[Filter, ...]:
    """By words, kind of rows, and whether there is a value."""
    language = held.scope.language
    grains = tuple((name, grain_name(name, language)) for name in held.grains)
    known = tuple((value, say(f"balance.measured_{value}")) for value in ("yes", "no"))
    every = ("", say("balance.kind_all"))
    return (
        Filter("q", say("balance.search"), held.query),
        Filter("grain", say("balance.col_grain"), held.grain, (every, *grains)),
        Filter("measured", say("balance.col_measured"), held.known, (every, *known)),
    )


def grain_name(name: str, language: str) -> str:
    """What kind of rows."""
    grain = GRAINS[name]
    return grain.zh if language == "zh" else grain.en


def _table(held: Listed) -> DataTable:
    head = (
        Head(say("balance.col_indicator")),
        Head(say("balance.col_grain")),
        Head(say("balance.col_latest", year=held.year)),
        Head(say("balance.col_status")),
        Head(say("balance.col_source")),
    )
    rows = tuple(_row(held, one) for one in held.shown)
    caption = say("balance.indicators_caption", count=held.total)
    empty = say("balance.indicators_empty")
    return DataTable("listed", caption, head, rows, empty=empty, paging=_paging(held))


def _row(held: Listed, one: Indicator) -> Row:
    language = held.scope.language
    rows = sorted(held.values.get(one.id, ()), key=lambda row: parts.stage_place(row["stage"]))
    texts = [f"{_stage(row, language)}{parts.number(one, row['value'])}" for row in rows]
    source = f"{one.source.doc} {one.source.clause}".strip()
    return Row(
        (
            Anchor(one.name(language), held.scope.url("balance:indicator", indicator=one.id), one.id),
            grain_name(one.grain, language),
            Cell(" · ".join(texts) or fmt.BLANK),
            status(rows),
            Cell(source or fmt.BLANK),
        )
    )


def status(rows: Any) -> Any:
    """The worst of several statuses; a dash where there is no line."""
    found = [row["status"] for row in rows]
    if UNMET in found:
        return Cell(say("balance.status_unmet"), light="bad")
    if MET in found:
        return Cell(say("balance.status_met"), light="good")
    return fmt.BLANK


def _stage(row: Mapping[str, Any], language: Any) -> str:
    return f"{wording.code_name('stage', row['stage'], language)} " if row["stage"] else ""


def _paging(held: Listed) -> Paging | None:
    chosen = {"q": held.query, "grain": held.grain, "measured": held.known}
    kept = {name: value for name, value in chosen.items() if value}

    def place(number: int) -> str:
        return held.scope.url("balance:indicators", query=urlencode({**kept, "page": number}))

    return paging(held.number, held.total, place)
