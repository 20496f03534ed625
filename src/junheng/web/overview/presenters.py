"""From what was read to the page of a region, a town or whatever has units below it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from junheng.model import TABLES
from junheng.report import format as fmt
from junheng.report.sections import evidence
from junheng.report.sections.warnings import lever_words, reason_words
from junheng.report.suppression import Protection
from junheng.rules import Value
from junheng.web.house.page import (
    Absent,
    Anchor,
    Cell,
    Crumb,
    DataTable,
    Head,
    Island,
    KeyFigure,
    Light,
    Method,
    Page,
    Provenance,
    Row,
)
from junheng.web.house.scope import Scope
from junheng.web.overview import measures
from junheng.web.overview.queries import Below, Overview
from junheng.web.overview.standing import Standing
from junheng.web.wording import say

MOST_RED = 8
MOST_RED_MEETING = 6
NAMED = 3
YEARS_SHOWN = 10
_GROUND = -1e9
"""A value below every class."""


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


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for beside the scope: the measure, the layout, and whether a map can be drawn."""

    measure: str = "balance"
    meeting: bool = False
    polygons: str = ""
    """Address of the polygons; "" when the region has none here."""
    picture: str = ""
    approval: str = ""


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
        if held.worst is None or not held.areas_short or _school_below(held):
            stages = [scope.stage] if scope.stage else list(held.stages_short)
            listed = fmt.listed([_stage(held, one) for one in stages], scope.language)
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
            stage=_stage(held, stage),
            most=fmt.count(most),
        )
    if own.seats and own.ahead:
        return say(
            "overview.head_enough",
            year=year,
            unit=unit,
            stage=say("overview.of_stage", stage=_stage(held, scope.stage)) if scope.stage else "",
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


def _school_below(held: Overview) -> bool:
    """Whether the tightest unit below is a school: a town's shortage is not the sum of its schools'."""
    return any(one.level == "school" for one in held.below)


def _stage(held: Overview, stage: str) -> str:
    return held.words.stage(stage) if held.words is not None else stage


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
        years=_years(held, extra),
        map=_map(held, asked, scale) if asked.polygons else None,
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


def _years(held: Overview, extra: str) -> tuple[tuple[Anchor, bool], ...]:
    assert held.years is not None
    return tuple(
        (
            Anchor(str(year), replace(held.scope, year=year).url("overview:map", query=extra)),
            year == held.years.ahead,
        )
        for year in held.years.forecast[:YEARS_SHOWN]
    )


def legend(scale: measures.Scale, values: list[float | None]) -> tuple[tuple[str, str], ...]:
    """(class of the swatch, word) of the classes in use, lowest first."""
    used = {scale.index(value) for value in values if value is not None}
    return tuple((scale.tones[at].replace("-", ""), scale.words[at]) for at in sorted(used))


def _href(scope: Scope, code: str, extra: str) -> str:
    return scope.url("overview:map", unit=code, query=extra)


def _map(held: Overview, asked: Asked, scale: measures.Scale) -> Island:
    scope = held.scope
    extra = "" if asked.measure == "balance" else f"measure={asked.measure}"
    title = map_title(held, asked.measure)
    areas = [one for one in held.below if one.level != "school"]
    points = [one for one in held.below if one.level == "school" and one.place is not None]
    shapes = areas or [Below(scope.unit.code, held.names[scope.unit.code], scope.unit.level)]

    def value(one: Below) -> dict[str, Any]:
        standing = held.standing[one.code]
        number = measures.value(asked.measure, standing)
        shown = {
            "code": one.code,
            "name": one.name,
            "value": number,
            "text": measures.text(asked.measure, standing),
        }
        if one.code != scope.unit.code:
            shown["href"] = _href(scope, one.code, extra)
        return shown

    words = {
        "none": say("overview.map_no_value"),
        "zoom_in": say("overview.zoom_in"),
        "zoom_out": say("overview.zoom_out"),
        "whole": say("overview.zoom_whole"),
        "gesture": say("overview.gesture"),
        "touch": say("overview.touch"),
    }
    breaks, tones = list(scale.breaks), list(scale.tones)
    if areas:
        values = [value(one) for one in shapes]
    else:  # schools in one town: the town itself stays paper white behind its schools
        values = [{**value(one), "value": _GROUND, "text": ""} for one in shapes]
        breaks, tones = [_GROUND / 2, *breaks], ["paper", *tones]
    spec = {
        "kind": "map",
        "title": title,
        "summary": say("overview.map_summary", areas=len(areas), schools=len(points)),
        "url": asked.polygons,
        "values": values,
        "points": [
            {**value(one), "longitude": one.place[0], "latitude": one.place[1]} for one in points if one.place
        ],
        "scale": {"kind": scale.kind, "breaks": breaks, "tones": tones},
        "words": words,
    }
    note = say("overview.map_approval", number=asked.approval) if asked.approval else ""
    return Island("map", "overview", title, spec, fallback=asked.picture, note=note, height=420)


def map_title(held: Overview, measure: str) -> str:
    """What the map shows."""
    years, language = held.years, held.scope.language
    assert years is not None
    stage = say("overview.map_stage", stage=_stage(held, held.scope.stage)) if held.scope.stage else ""
    place = say("overview.of_schools" if _school_below(held) else "overview.of_places")
    year = years.counted if measure == "pupils" else years.ahead
    return say(
        f"overview.map_{measure}",
        year=fmt.school_year(year, language),
        from_year=years.counted,
        to_year=years.far,
        stage=stage,
        place=place,
    )


def table(held: Overview, extra: str) -> DataTable:
    """The units below, one a row, with the unit itself as the last."""
    scope, own, years = held.scope, held.own, held.years
    assert own is not None and years is not None
    schools = {one.level for one in held.below}
    kind = next(iter(schools)) if len(schools) == 1 else "both"
    head = (
        Head(say("overview.col_name")),
        Head(say("overview.col_pupils"), "right"),
        Head(say("overview.col_line")),
        Head(say("overview.col_seats"), "right"),
        Head(say("overview.col_use"), "right"),
        Head(say("overview.col_balance"), "right"),
        Head(say("overview.col_change"), "right"),
        Head(say("overview.col_red"), "right"),
    )
    rows = [
        Row((Anchor(one.name, _href(scope, one.code, extra)), *_cells(held.standing[one.code])), key=one.code)
        for one in held.below
    ]
    if rows:
        rows.append(Row((Cell(say("overview.total"), bold=True), *_cells(own, toned=False))))
    unit = held.names[scope.unit.code]
    return DataTable(
        "below",
        say("overview.table_below", unit=unit, kinds=say(f"overview.kind_{kind}")),
        head,
        tuple(rows),
        note=say("overview.table_note", counted=years.counted, ahead=years.ahead, far=years.far),
        empty=say("overview.no_below"),
        dense=True,
    )


def _cells(one: Standing, *, toned: bool = True) -> tuple[str | Cell | Light, ...]:
    red = one.warnings.get("red", 0)
    tone = measures.scale("balance", ()).tone(measures.value("balance", one)) if toned else ""
    return (
        fmt.count(one.pupils),
        Cell("", spark=one.line, spark_actual=one.line_counted),
        fmt.count(one.seats),
        fmt.percent(one.utilisation),
        Cell(fmt.signed(one.balance), tone="" if tone == "paper" else tone.replace("-", "")),
        measures.change(one.change),
        Light("red", fmt.count(red)) if red else "",
    )


def red_table(held: Overview, most: int, *, brief: bool = False) -> DataTable:
    """Red warnings with cause and smallest remedy, the region and its towns before schools; `brief` for the
    meeting room: where and why."""
    reds = [row for row in held.warnings if row["level"] == "red"]
    rows = [_warning(held, row) for row in reds[:most]]
    head = (
        Head(say("overview.col_where")),
        Head(say("overview.col_stage")),
        Head(say("overview.col_years")),
        Head(say("overview.col_affected"), "right"),
        Head(say("overview.col_cause")),
        Head(say("overview.col_remedy")),
    )
    if brief:
        head = (head[0], head[3], head[4])
        rows = [replace(row, cells=_briefly(row)) for row in rows]
    return DataTable(
        "red",
        say("overview.red_title", count=len(reds)),
        head,
        tuple(rows),
        note=say("overview.red_total", count=len(reds) - most) if len(reds) > most else "",
        empty=say("overview.red_none"),
    )


def _briefly(row: Row) -> tuple[Any, ...]:
    where, stage, years, affected, cause, _ = row.cells
    sub = f"{stage} {years}"
    text = where.text if isinstance(where, Anchor) else str(where)
    href = where.href if isinstance(where, Anchor) else ""
    return (Anchor(text, href, sub) if href else Cell(text, sub=sub), affected, cause)


def _warning(held: Overview, row: dict[str, Any]) -> Row:
    words = held.words
    assert words is not None
    code = row["unit_code"]
    years = str(row["from_year"] or fmt.BLANK)
    if row["to_year"] is not None and row["to_year"] != row["from_year"]:
        years = f"{row['from_year']}–{row['to_year']}"
    name = held.names.get(code, code)
    return Row(
        (
            Anchor(name, _href(held.scope, code, "")) if code in held.names else name,
            words.stage(row["stage"]) if row["stage"] else fmt.BLANK,
            years,
            fmt.count(row["pupils_affected"]),
            reason_words(words, Protection(), row),
            lever_words(words, row["lever"], row["lever_parameters"]),
        ),
        key=code,
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
        source=rule.source or rule.citation(language),
    )
    return text, "" if rule.sure else evidence.sureness(words, rule)
