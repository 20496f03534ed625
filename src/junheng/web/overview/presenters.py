"""From what was read to the page of a region, a town or whatever has units below it."""

from __future__ import annotations

from dataclasses import dataclass

from junheng.model import TABLES
from junheng.report import format as fmt
from junheng.report.sections import evidence
from junheng.rules import Value
from junheng.web.house.page import (
    Absent,
    Anchor,
    Crumb,
    DataTable,
    Island,
    KeyFigure,
    Method,
    Page,
    Provenance,
)
from junheng.web.overview import measures
from junheng.web.overview.asked import Asked
from junheng.web.overview.list_presenter import red_table, table
from junheng.web.overview.map_presenter import island, legend, year_links
from junheng.web.overview.parts import school_below, stage_name
from junheng.web.overview.queries import Overview
from junheng.web.wording import say

MOST_RED = 8
MOST_RED_MEETING = 5
NAMED = 3


@dataclass(frozen=True, slots=True)
class Body:
    """The page's own part: choosers, map with its legend, the table beside it, red warnings."""

    measures: tuple[tuple[Anchor, bool], ...]
    years: tuple[tuple[Anchor, bool], ...]
    map: Island | None
    map_absent: str
    legend: tuple[tuple[str, str], ...]
    table: DataTable
    red: DataTable
    more: Anchor | None
    up: Anchor | None
    layout: Anchor


def page(held: Overview, asked: Asked, crumbs: tuple[Crumb, ...], about: Provenance | None) -> Page:
    """The page of one unit."""
    scope = held.scope
    title = say("overview.title")
    if held.record is None or held.years is None or held.own is None:
        return Page(title, say("overview.head_none"), crumbs=crumbs, absent=absent(held), provenance=about)
    if not held.own.alive and not held.below:
        text = say("overview.head_no_unit", unit=held.names[scope.unit.code])
        return Page(title, text, crumbs=crumbs, absent=absent(held), provenance=about)
    return Page(
        title,
        headline(held),
        crumbs=crumbs,
        key_figures=key_figures(held),
        method=method(held),
        provenance=about,
        body=_body(held, asked, crumbs),
        links=(about.href,) if about else (),
    )


def absent(held: Overview) -> Absent:
    """Why there is nothing to see, and where to go."""
    scope = held.scope
    if held.record is not None:
        unit = held.names.get(scope.unit.code, scope.unit.name)
        text, action = say("overview.none_unit_text", unit=unit), "data:index"
    elif held.data_held:
        text, action = say("overview.none_text"), "manage:reports"
    else:
        text, action = say("overview.none_data_text"), "data:index"
    word = say("overview.to_runs" if action == "manage:reports" else "overview.to_data")
    return Absent(say("overview.none_title"), text, (Anchor(word, scope.url(action)),))


def headline(held: Overview) -> str:
    """The one sentence: short of how many seats and where, or enough."""
    scope, own, years = held.scope, held.own, held.years
    assert own is not None and years is not None
    unit = held.names[scope.unit.code]
    year = fmt.school_year(years.ahead, scope.language)
    if own.short and own.short > 0:
        seats, between = fmt.count(own.short), fmt.between(own.short_low, own.short_high)
        if held.worst is None or not held.areas_short or school_below(held):
            stages = [scope.stage] if scope.stage else list(held.stages_short)
            listed = fmt.listed([stage_name(held, one) for one in stages], scope.language)
            return say(
                "overview.head_short_own", year=year, unit=unit, seats=seats, range=between, stages=listed
            )
        code, stage, most = held.worst
        return say(
            "overview.head_short",
            year=year,
            unit=unit,
            seats=seats,
            range=between,
            places=_named(held, held.areas_short),
            worst=held.names[code],
            stage=stage_name(held, stage),
            most=fmt.count(most),
        )
    if own.seats and own.ahead:
        return say(
            "overview.head_enough",
            year=year,
            unit=unit,
            stage=say("overview.of_stage", stage=stage_name(held, scope.stage)) if scope.stage else "",
            pupils=fmt.count(own.ahead[1]),
            seats=fmt.count(own.seats),
            share=fmt.percent(own.utilisation),
        )
    if own.ahead:
        low, middle, high = own.ahead
        return say(
            "overview.head_pupils",
            year=year,
            unit=unit,
            pupils=fmt.count(middle),
            range=fmt.between(low, high),
        )
    counted = fmt.school_year(years.counted, scope.language)
    return say("overview.head_counted", year=counted, unit=unit, pupils=fmt.count(own.pupils))


def _named(held: Overview, codes: tuple[str, ...]) -> str:
    names = [held.names[code] for code in codes[:NAMED]]
    listed = fmt.listed(names, "zh" if len(codes) > NAMED else held.scope.language)
    return say("overview.places_more", names=listed, count=len(codes)) if len(codes) > NAMED else listed


def key_figures(held: Overview) -> tuple[KeyFigure, ...]:
    """Pupils, schools, seats, red warnings; and for the year ahead pupils and seats short."""
    own, years = held.own, held.years
    assert own is not None and years is not None
    counted, ahead = years.counted, years.ahead
    tally = own.warnings
    low, middle, high = own.ahead or (None, None, None)
    short = (
        say("overview.detail_short", year=ahead, range=fmt.between(own.short_low, own.short_high))
        if own.short
        else say("overview.detail_none_short", year=ahead)
    )
    return (
        KeyFigure(
            say("overview.key_pupils"),
            fmt.count(own.pupils),
            say("overview.unit_pupils"),
            say("overview.detail_counted", year=counted),
        ),
        KeyFigure(
            say("overview.key_schools"),
            fmt.count(own.schools),
            say("overview.unit_schools"),
            say("overview.detail_schools", year=counted),
        ),
        KeyFigure(
            say("overview.key_seats"),
            fmt.count(own.seats),
            say("overview.unit_seats"),
            say("overview.detail_seats", year=ahead, share=fmt.percent(own.utilisation)),
        ),
        KeyFigure(
            say("overview.key_red"),
            fmt.count(tally.get("red", 0)),
            say("overview.unit_warnings"),
            say("overview.detail_warnings", orange=tally.get("orange", 0), yellow=tally.get("yellow", 0)),
        ),
        KeyFigure(
            say("overview.key_ahead"),
            fmt.count(middle),
            say("overview.unit_pupils"),
            say("overview.detail_ahead", year=ahead, range=fmt.between(low, high)),
        ),
        KeyFigure(
            say("overview.key_short"),
            fmt.count(own.short),
            say("overview.unit_seats") if own.short is not None else "",
            short if own.short is not None else fmt.BLANK,
        ),
    )


def _body(held: Overview, asked: Asked, crumbs: tuple[Crumb, ...]) -> Body:
    scope = held.scope
    values = [measures.value(asked.measure, held.standing[one.code]) for one in held.below]
    scale = measures.scale(asked.measure, values)
    extra = "" if asked.measure == "balance" else f"measure={asked.measure}"
    most = MOST_RED_MEETING if asked.meeting else MOST_RED
    red = red_table(held, most, brief=asked.meeting)
    up = next((crumb for crumb in reversed(crumbs[:-1]) if crumb.href), None)
    return Body(
        measures=tuple(
            (
                Anchor(
                    say(f"overview.measure_{one}"),
                    scope.url("overview:map", query="" if one == "balance" else f"measure={one}"),
                ),
                one == asked.measure,
            )
            for one in measures.MEASURES
        ),
        years=year_links(held, extra),
        map=island(held, asked, scale) if asked.polygons else None,
        map_absent="" if asked.polygons else say("overview.map_none"),
        legend=legend(scale, values),
        table=table(held, extra),
        red=red,
        more=Anchor(say("overview.red_more"), scope.url("forecast:seats")),
        up=Anchor(say("overview.up"), up.href) if up else None,
        layout=Anchor(
            say("overview.layout_page" if asked.meeting else "overview.layout_meeting"),
            scope.url(
                "overview:map",
                query="&".join(filter(None, [extra, "" if asked.meeting else "layout=meeting"])),
            ),
        ),
    )


def method(held: Overview) -> Method:
    """口径 of the page."""
    years = held.years
    assert years is not None
    terms = ("pupils", "ahead", "seats", "short", "use", "change", "red")
    parameters = {"excluded": held.excluded, "from_year": years.counted, "to_year": years.far}
    return Method(
        tuple(
            (say(f"overview.method_{term}_term"), say(f"overview.method_{term}", **parameters))
            for term in terms
        ),
        tuple((_table_name(held, name), version, day) for name, version, day in held.sources),
        tuple(_citation(held, rule) for rule in held.rules),
    )


def _table_name(held: Overview, name: str) -> str:
    return held.words.sheet(name) if held.words is not None and name in TABLES else name


def _citation(held: Overview, rule: Value) -> tuple[str, str]:
    language, words = held.scope.language, held.words
    assert words is not None
    text = say(
        "overview.standard",
        name=evidence.standard_name(words, rule),
        value=f"{fmt.plain(rule.value)} {evidence.unit(rule, language)}".strip(),
        source=rule.rule_id if language == "en" else rule.source or rule.citation(language),
    )
    return text, "" if rule.sure else evidence.sureness(words, rule)
