"""One unit year by year: the fan, the table, what the change is made of, why it is warned of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import polars as pl

from junheng.model.stages import GRADES
from junheng.report import format as fmt
from junheng.report import wording
from junheng.report.content import Figure
from junheng.report.sections import drivers
from junheng.report.sections.headline import HISTORY
from junheng.report.sections.pupils import QUANTILES
from junheng.report.sections.schools import RANGE_ONLY_UNDER
from junheng.report.sections.seats import HIDDEN, LIKELY, tone
from junheng.web.figures import charts
from junheng.web.forecast import queries
from junheng.web.forecast.presenters import parts, seats, warned
from junheng.web.forecast.presenters.parts import stage_label, stage_name, with_stage
from junheng.web.forecast.presenters.warned import Told
from junheng.web.forecast.queries import Shown
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Island, Page, Row
from junheng.web.runs.provenance import provenance
from junheng.web.wording import say


@dataclass(frozen=True, slots=True)
class Body:
    """The room's own part of the page. `no_causes` says why there is no chart of causes."""

    stages: tuple[tuple[Anchor, bool], ...]
    table: DataTable
    fan: Island | None
    causes: Island | None
    no_causes: str
    grades: Island | None
    warnings: tuple[Told, ...]
    below: Anchor | None


def page(shown: Shown, whence: Shown) -> Page:
    """The unit of `shown`, reached from the unit of `whence`."""
    scope, read, stage = shown.scope, shown.reading, shown.stage
    headline, _ = seats.of_unit(shown, "") if read.own_seats(stage) else (seats.pupils_only(shown), ())
    mine = [row for row in queries.warnings(read) if row["unit_code"] == read.place.code]
    own = [row for row in mine if row["stage"] in (stage, None)]
    ids = [row["rule_id"] for row in (*read.own_seats(stage), *own)]
    causes = causes_figure(shown)
    return Page(
        title=say("seats_page.title", unit=read.place.name),
        headline=headline,
        crumbs=(*crumbs(scope, "forecast:seats", Crumb(say("seats_page.detail"))),),
        lights=parts.lights(queries.counts(own)) if own else (),
        method=parts.method(shown, sorted({one for one in ids if one})),
        provenance=provenance(scope, shown.record),
        tabs=parts.tabs(whence.scope, "seats", len(queries.warnings(whence.reading))),
        body=Body(
            _stages(shown, whence),
            _table(shown),
            seats.fan(shown),
            _causes(shown, causes),
            "" if causes else say(f"seats_page.no_causes_{read.place.kind}"),
            _grades(shown),
            tuple(warned.told(shown, row) for row in own),
            _below(shown),
        ),
    )


def _stages(shown: Shown, whence: Shown) -> tuple[tuple[Anchor, bool], ...]:
    code = shown.scope.unit.code
    return tuple(
        (
            Anchor(
                stage_name(shown.scope, stage),
                with_stage(whence.scope, stage).url("forecast:unit", code=code),
            ),
            stage == shown.stage,
        )
        for stage in shown.reading.own_stages or shown.reading.stages
    )


def _below(shown: Shown) -> Anchor | None:
    """The units one level down, where there are any."""
    if shown.reading.place.kind == "school":
        return None
    kind, codes = shown.reading.children
    text = say(f"seats_page.below_{kind}", count=len(codes))
    return Anchor(text, with_stage(shown.scope, shown.stage).url("forecast:seats")) if codes else None


def _table(shown: Shown) -> DataTable:
    """Pupils, seats and gap by year, each with its range."""
    read, stage = shown.reading, shown.stage
    seats_of = {row["year"]: row for row in read.own_seats(stage)}
    pupils_of = {row["year"]: row for row in read.path(stage)}
    rows = tuple(
        Row(
            (
                Cell(str(year), sub=_band(shown, pupils_of.get(year))),
                _pupils(shown, pupils_of.get(year)),
                *_seats(shown, seats_of.get(year)),
            ),
            key=f"y{year}",
        )
        for year in sorted(set(seats_of) | set(pupils_of))
    )
    head = (
        Head(say("seats_page.col_year")),
        Head(say("seats_page.col_pupils"), "right", say("figures.pupils")),
        Head(say("seats_page.col_seats"), "right", say("seats_page.unit_seats")),
        Head(say("seats_page.col_gap"), "right", say("seats_page.unit_seats")),
        Head(say("seats_page.col_chance"), "right"),
        Head(say("seats_page.col_use"), "right"),
        Head(say("seats_page.col_classes"), "right", say("seats_page.unit_classes")),
    )
    caption = say("seats_page.years_caption", unit=read.place.name, stage=stage_name(shown.scope, stage))
    return DataTable("years", caption, head, rows, note=say("seats_page.years_note"), dense=True)


def _band(shown: Shown, row: dict[str, Any] | None) -> str:
    band = None if row is None else row["band"]
    return wording.say(f"report.band.{band}", shown.scope.language) if band else ""


def _pupils(shown: Shown, row: dict[str, Any] | None) -> str | Cell:
    if row is None or row["p50"] is None:
        return fmt.BLANK
    span = shown.protection.between(row["p10"], row["p90"])
    return span if row["p50"] < RANGE_ONLY_UNDER else Cell(fmt.count(row["p50"]), sub=span)


def _seats(shown: Shown, row: dict[str, Any] | None) -> tuple[str | Cell, ...]:
    if row is None or row["gap_p50"] is None:
        return (fmt.BLANK,) * 5
    if shown.protection.small(row["demand_p50"]):
        return (HIDDEN,) * 5
    capacity = shown.reading.capacity(row)
    span = say("seats_page.signed_range", low=fmt.signed(row["gap_p10"]), high=fmt.signed(row["gap_p90"]))
    likely = (row["p_short"] or 0.0) >= LIKELY
    return (
        fmt.count(capacity),
        Cell(fmt.signed(row["gap_p50"]), sub=span, tone=tone(row["gap_p50"], capacity), bold=likely),
        fmt.percent(row["p_short"]),
        fmt.percent(row["utilisation"]),
        fmt.count(None if row["classes_needed"] is None else math.ceil(row["classes_needed"])),
    )


def causes_figure(shown: Shown) -> Figure | None:
    """What the change to the last year decomposed is made of."""
    rows = _drivers(shown)
    return None if rows is None else drivers.causes(shown.reading, rows, shown.stage)


def _drivers(shown: Shown) -> pl.DataFrame | None:
    frame = shown.reading.own("forecast_drivers", pl.col("stage") == shown.stage)
    if frame is None:
        return None
    kept = frame.filter(pl.col("to_year") == pl.col("to_year").max())
    return kept if kept.height else None


def _causes(shown: Shown, figure: Figure | None) -> Island | None:
    rows = _drivers(shown)
    if figure is None or rows is None:
        return None
    first, last = int(rows["from_year"][0]), int(rows["to_year"][0])
    counted = dict(shown.reading.actual(shown.stage)).get(first)
    if counted is None:
        return None
    spec = charts.waterfall(figure, (first, counted), last)
    note = say("seats_page.causes_note")
    height = 60 + 26 * len(figure.spec.rows)
    return Island("chart", "causes", figure.title, spec, seats.still(shown, "causes"), note, height)


def _grades(shown: Shown) -> Island | None:
    """Small fans of the grades, on one scale."""
    read, stage = shown.reading, shown.stage
    frame = read.own("forecast_enrolment", (pl.col("stage") == stage) & (pl.col("grade") != "all"))
    if frame is None or read.origin is None:
        return None
    counted: dict[str, list[tuple[int, float]]] = {}
    held = read.enrolled.filter((pl.col("stage") == stage) & (pl.col("year") <= read.origin))
    for grade, year, pupils in (
        held.group_by("grade", "year").agg(pl.col("pupils").sum()).sort("year").iter_rows()
    ):
        counted.setdefault(grade, []).append((year, float(pupils)))
    panels: list[dict[str, Any]] = []
    first, last = read.origin, read.origin
    for grade in [one for one in GRADES if one in set(frame["grade"].to_list())]:
        rows = [
            row
            for row in frame.filter(pl.col("grade") == grade).sort("year").iter_rows(named=True)
            if row["p50"] is not None and row["year"] > read.origin
        ]
        actual = counted.get(grade, [])[-HISTORY:]
        if not rows:
            continue
        first = min([first, *(year for year, _ in actual)])
        last = max(last, rows[-1]["year"])
        filled = [
            {name: row["p50"] if row[name] is None else row[name] for name in QUANTILES} for row in rows
        ]
        panels.append(
            {
                "title": wording.code_name("grade", grade, shown.scope.language),
                "text": fmt.count(rows[-1]["p50"]),
                "actual": charts.dated(actual),
                "ahead": charts.ahead([row["year"] for row in rows], filled),
            }
        )
    if len(panels) < 2 or shown.protection.active:
        return None
    title = say("seats_page.grades_title", stage=stage_label(shown.scope, stage), last=last)
    spec = {
        "kind": "multiples",
        "title": title,
        "unit": say("figures.pupils"),
        "summary": title,
        "years": charts.years(first, last),
        "panels": panels,
        "words": charts.words(),
    }
    return Island("chart", "grades", title, spec, height=260)
