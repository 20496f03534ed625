"""预警清单: every warning, gravest or most pressing first, with its reason and the smallest remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from junheng.report import format as fmt
from junheng.report import wording
from junheng.report.sections.headline import LEVELS
from junheng.web.forecast import queries
from junheng.web.forecast.presenters import parts, warned
from junheng.web.forecast.presenters.parts import stage_name
from junheng.web.forecast.presenters.warned import Told
from junheng.web.forecast.queries import Shown
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Download, Head, Page, Paging, Row
from junheng.web.runs.provenance import provenance
from junheng.web.wording import say

SORTS = ("level", "deadline", "pupils")
ROWS_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Asked:
    """Which warnings, in which order."""

    level: str = ""
    kind: str = ""
    area: str = ""
    sort: str = "level"
    page: int = 1

    def query(self, **changes: Any) -> str:
        """As a query string, with some of it changed."""
        held = {"level": self.level, "kind": self.kind, "area": self.area, "sort": self.sort, **changes}
        return urlencode({name: value for name, value in held.items() if value and value != "level"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter: its field, label and options (value, words, chosen)."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Body:
    """The room's own part of the page."""

    filters: tuple[Choice, ...]
    action: str
    table: DataTable


def asked(given: Any) -> Asked:
    """From a query string; what makes no sense is passed over."""
    sort, page = given.get("sort", ""), given.get("page", "")
    level = given.get("level", "")
    return Asked(
        level if level in LEVELS else "",
        given.get("kind", "")[:40],
        given.get("area", "")[:40],
        sort if sort in SORTS else "level",
        max(1, int(page)) if page.isdecimal() and len(page) < 6 else 1,
    )


def chosen(shown: Shown, rows: Sequence[dict[str, Any]], want: Asked) -> list[dict[str, Any]]:
    """The warnings asked for, in the order asked for."""
    stage = shown.scope.stage
    area_of = _areas(shown)
    kept = [
        row
        for row in rows
        if (not want.level or row["level"] == want.level)
        and (not want.kind or row["kind"] == want.kind)
        and (not stage or row["stage"] == stage)
        and (not want.area or want.area in (row["unit_code"], area_of.get(row["unit_code"])))
    ]
    if want.sort == "deadline":
        kept.sort(key=lambda row: (warned.deadline(row) or 9999, row["from_year"] or 9999, queries.rank(row)))
    elif want.sort == "pupils":
        kept.sort(key=lambda row: (-(row["pupils_affected"] or 0.0), queries.rank(row)))
    return kept


def _areas(shown: Shown) -> dict[str, str]:
    schools = shown.reading.table("schools")
    return {} if schools is None else dict(schools.select("school_id", "area_code").iter_rows())


def page(shown: Shown, want: Asked) -> Page:
    """The list of warnings of this unit and all below it."""
    scope, read = shown.scope, shown.reading
    every = queries.warnings(read)
    kept = chosen(shown, every, want)
    pages = max(1, -(-len(kept) // ROWS_SHOWN))
    number = min(want.page, pages)
    on_page = kept[(number - 1) * ROWS_SHOWN : number * ROWS_SHOWN]
    headline, links = _sentence(shown, every)
    ids = sorted({row["rule_id"] for row in on_page if row["rule_id"]})
    return Page(
        title=say("seats_page.warnings_title", unit=read.place.name),
        headline=headline,
        links=links,
        crumbs=crumbs(scope, "forecast:seats", Crumb(say("seats_page.tab_warnings"))),
        lights=parts.lights(queries.counts(kept)),
        downloads=_downloads(shown, want) if kept and scope.may("export") else (),
        method=parts.method(shown, ids),
        provenance=provenance(scope, shown.record),
        tabs=parts.tabs(scope, "warnings", len(every)),
        body=Body(
            _filters(shown, every, want),
            scope.url("forecast:warnings").partition("?")[0],
            _table(
                shown, on_page, want, Paging(number, pages, len(kept), *_pages(shown, want, number, pages))
            ),
        ),
    )


def _pages(shown: Shown, want: Asked, number: int, pages: int) -> tuple[str, str]:
    def to(page: int) -> str:
        return shown.scope.url("forecast:warnings", query=want.query(page=page)) if 1 <= page <= pages else ""

    return to(number - 1), to(number + 1)


def _downloads(shown: Shown, want: Asked) -> tuple[Download, ...]:
    query = want.query()
    return tuple(
        Download(
            say(f"seats_page.export_{form}"),
            shown.scope.url("forecast:warnings_export", form=form, query=query),
        )
        for form in ("xlsx", "csv")
    )


def _sentence(shown: Shown, rows: Sequence[dict[str, Any]]) -> tuple[str, tuple[str, ...]]:
    """How many are red, where, and which no single remedy closes in time."""
    unit, counted = shown.reading.place.name, queries.counts(rows)
    if not rows:
        return say("seats_page.warnings_none", unit=unit), ()
    red = [row for row in rows if row["level"] == "red"]
    if not red:
        numbers = {level: fmt.count(counted[level]) for level in LEVELS}
        return say("seats_page.warnings_no_red", unit=unit, **numbers), ()
    open_ended = sum(not wording.parameters_of(row["lever_parameters"]).get("closes") for row in red)
    where = fmt.listed(
        [
            say(f"seats_page.warned_{kind}", count=fmt.count(count))
            for kind in ("area", "school")
            if (count := len({row["unit_code"] for row in red if row["unit_kind"] == kind}))
        ],
        shown.scope.language,
    )
    text = say(
        "seats_page.warnings_red" if open_ended else "seats_page.warnings_red_closed",
        unit=unit,
        count=fmt.count(len(red)),
        where=where or unit,
        open=fmt.count(open_ended),
    )
    link = shown.scope.url("forecast:warnings", query=Asked(level="red").query())
    return text, (link,)


def _filters(shown: Shown, rows: Sequence[dict[str, Any]], want: Asked) -> tuple[Choice, ...]:
    scope, read = shown.scope, shown.reading
    kinds = sorted({row["kind"] for row in rows if row["kind"]})
    stages = [stage for stage in read.seated_stages if any(row["stage"] == stage for row in rows)]
    levels = {level: wording.say(f"report.level.{level}", scope.language) for level in LEVELS}
    found = [
        _choice("level", "level", levels, want.level),
        _choice("kind", "kind", {kind: warned.kind_name(shown, kind) for kind in kinds}, want.kind),
        _choice("stage", "stage", {stage: stage_name(scope, stage) for stage in stages}, scope.stage),
    ]
    if read.areas:
        found.append(
            _choice("area", "area", {code: read.name("area", code) for code in read.areas}, want.area)
        )
    orders = {sort: say(f"seats_page.sort_{sort}") for sort in SORTS}
    found.append(_choice("sort", "sort", orders, want.sort, everything=False))
    return tuple(found)


def _choice(name: str, label: str, options: dict[str, str], held: str, *, everything: bool = True) -> Choice:
    first = (("", say("seats_page.filter_all"), not held),) if everything else ()
    rest = tuple((value, words, value == held) for value, words in options.items())
    return Choice(name, say(f"seats_page.filter_{label}"), (*first, *rest))


def _table(shown: Shown, rows: Sequence[dict[str, Any]], want: Asked, paging: Paging) -> DataTable:
    head = (
        Head(say("seats_page.col_level")),
        Head(say("seats_page.col_unit")),
        Head(say("seats_page.col_when")),
        Head(say("seats_page.col_affected"), "right", say("figures.pupils")),
        Head(say("seats_page.col_reason")),
        Head(say("seats_page.col_remedy")),
    )
    body = tuple(_row(warned.told(shown, row), row["warning_id"]) for row in rows)
    return DataTable(
        "warnings",
        say(f"seats_page.warnings_caption_{want.sort}", count=fmt.count(paging.count)),
        head,
        body,
        note=say("seats_page.warnings_note"),
        empty=say("seats_page.warnings_empty"),
        paging=paging if paging.pages > 1 else None,
    )


def _row(one: Told, key: str) -> Row:
    rule = say("seats_page.rule_marked", rule=one.rule, sure=one.sure) if one.sure else one.rule
    remedy = _joined(say("seats_page.left", left=one.left) if one.left else "", one.by)
    return Row(
        (
            one.light,
            Anchor(one.unit.text, one.unit.href, _joined(one.stage, one.kind)),
            Cell(one.years, sub=one.chance and say("seats_page.chance_of", chance=one.chance)),
            one.pupils,
            Cell(one.reason, sub=rule),
            Cell(one.remedy, sub=remedy),
        ),
        key=key,
    )


def _joined(*words: str) -> str:
    return " · ".join(word for word in words if word)
