"""The map as a still picture, drawn by the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from junheng.report.content import Figure
from junheng.report.maps import Panels, shapes
from junheng.web.overview import measures
from junheng.web.overview.map_presenter import map_title
from junheng.web.overview.queries import Overview
from junheng.web.wording import say


def picture(held: Overview, measure: str, polygons: Mapping[str, Any]) -> Figure | None:
    """Units below coloured like the map in the browser; None without polygons or a run."""
    if held.own is None or not polygons["features"]:
        return None
    coded = [one for one in held.below if one.level != "school"]
    places = [one.place for one in held.below if one.level == "school" and one.place]
    values = {one.code: measures.value(measure, held.standing[one.code]) for one in coded}
    if not coded:
        values = {held.scope.unit.code: measures.value(measure, held.own)}
    scale = measures.scale(measure, list(values.values()))
    used = sorted({scale.index(value) for value in values.values() if value is not None})
    classes = {code: used.index(scale.index(value)) for code, value in values.items() if value is not None}
    title = map_title(held, measure)
    spec = Panels(
        shapes(polygons, places),
        (("", (("", classes),)),),
        tuple(scale.words[at] for at in used),
        say("overview.map_no_value"),
        held.names,
        0,
        tones=tuple(scale.tones[at] for at in used),
    )
    return Figure("overview-map", "map", title, say("overview.picture_alt", title=title), spec)
