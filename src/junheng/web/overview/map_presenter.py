"""The map: what is drawn, its legend, its title, the years beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from junheng.report import format as fmt
from junheng.report.sections.seats import HIDDEN
from junheng.web.house.page import Anchor, Island
from junheng.web.overview import measures
from junheng.web.overview.asked import Asked
from junheng.web.overview.parts import school_below, stage_name, unit_href
from junheng.web.overview.queries import Below, Overview
from junheng.web.wording import say

YEARS_SHOWN = 10
_GROUND = -1e9
"""A value below every class."""


def island(held: Overview, asked: Asked, scale: measures.Scale) -> Island:
    scope = held.scope
    extra = "" if asked.measure == "balance" else f"measure={asked.measure}"
    title = map_title(held, asked.measure)
    areas = [one for one in held.below if one.level != "school"]
    points = [one for one in held.below if one.level == "school" and one.place is not None]
    shapes = areas or [Below(scope.unit.code, held.names[scope.unit.code], scope.unit.level)]

    def value(one: Below) -> dict[str, Any]:
        standing = held.standing[one.code]
        covered = held.protection.small(standing.pupils)
        number = None if covered else measures.value(asked.measure, standing)
        shown = {
            "code": one.code,
            "name": one.name,
            "value": number,
            "text": HIDDEN if covered else measures.text(asked.measure, standing),
        }
        if one.code != scope.unit.code:
            shown["href"] = unit_href(scope, one.code, extra)
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
    stage = say("overview.map_stage", stage=stage_name(held, held.scope.stage)) if held.scope.stage else ""
    place = say("overview.of_schools" if school_below(held) else "overview.of_places")
    year = years.counted if measure == "pupils" else years.ahead
    return say(
        f"overview.map_{measure}",
        year=fmt.school_year(year, language),
        from_year=years.counted,
        to_year=years.far,
        stage=stage,
        place=place,
    )


def legend(scale: measures.Scale, values: list[float | None]) -> tuple[tuple[str, str], ...]:
    """(class of the swatch, word) of the classes in use, lowest first."""
    used = {scale.index(value) for value in values if value is not None}
    return tuple((scale.tones[at].replace("-", ""), scale.words[at]) for at in sorted(used))


def year_links(held: Overview, extra: str) -> tuple[tuple[Anchor, bool], ...]:
    assert held.years is not None
    return tuple(
        (
            Anchor(str(year), replace(held.scope, year=year).url("overview:map", query=extra)),
            year == held.years.ahead,
        )
        for year in held.years.forecast[:YEARS_SHOWN]
    )
