"""学位供需: the sentence, the heat table, the fan."""

from __future__ import annotations

from dataclasses import dataclass

from junheng.report import format as fmt
from junheng.report.charts import Fan
from junheng.report.content import Figure
from junheng.report.sections import pupils
from junheng.report.sections.headline import shortage, turns
from junheng.web.figures import charts
from junheng.web.forecast import queries
from junheng.web.forecast.presenters import heat, parts, warned
from junheng.web.forecast.presenters.heat import Lookup, Window
from junheng.web.forecast.presenters.parts import stage_name
from junheng.web.forecast.presenters.warned import Told
from junheng.web.forecast.queries import Held, Shown
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, DataTable, Island, Page
from junheng.web.house.scope import Scope
from junheng.web.runs.provenance import provenance
from junheng.web.wording import say

URGENT = 3
"""Warnings told in full under the table."""


@dataclass(frozen=True, slots=True)
class Body:
    """The room's own part of the page."""

    table: DataTable | None
    stages: tuple[tuple[Anchor, bool], ...]
    measures: tuple[tuple[Anchor, bool], ...]
    before: Anchor | None
    years: str
    after: Anchor | None
    fan: Island | None
    bars: Island | None
    detail: Anchor | None
    urgent: tuple[Told, ...]
    all_warnings: Anchor | None


def page(shown: Shown, at: Window) -> Page:
    """Where, when and how many seats are short below this unit."""
    scope, read = shown.scope, shown.reading
    rows = heat.rows_of(read, shown.stage)
    headline, links = sentence(shown, rows)
    warnings = queries.warnings(read)
    before, years, after = heat.years_paging(shown, rows, at)
    ids = {row["rule_id"] for by_year in rows.values() for row in by_year.values()}
    of_stage = [row for row in warnings if row["stage"] == shown.stage]
    return Page(
        title=say("seats_page.title", unit=read.place.name),
        headline=headline,
        links=links,
        crumbs=crumbs(scope, "forecast:seats"),
        lights=parts.lights(queries.counts(of_stage)) if rows else (),
        method=parts.method(shown, sorted(one for one in ids if one)),
        provenance=provenance(scope, shown.record),
        tabs=parts.tabs(scope, "seats", len(warnings)),
        body=Body(
            heat.table(shown, rows, at) if rows else None,
            heat.stages(shown, at),
            heat.measures(shown, at),
            before,
            years,
            after,
            fan(shown),
            heat.bars(shown, rows),
            Anchor(
                say("seats_page.to_unit", unit=read.place.name),
                scope.url("forecast:unit", code=scope.unit.code),
            )
            if rows
            else None,
            tuple(warned.told(shown, row) for row in of_stage[:URGENT]),
            Anchor(
                say("seats_page.all_warnings", count=len(of_stage)),
                parts.with_stage(scope, shown.stage).url("forecast:warnings"),
            )
            if len(of_stage) > URGENT
            else None,
        ),
    )


def empty(scope: Scope, held: Held, current: str = "seats") -> Page:
    """The page when there is no run to show."""
    return Page(
        title=say("seats_page.title", unit=held.place.name),
        headline=say("seats_page.none_headline", unit=held.place.name),
        crumbs=crumbs(scope, "forecast:seats"),
        absent=parts.absent(scope, held),
        tabs=parts.tabs(scope, current),
    )


def sentence(shown: Shown, rows: Lookup) -> tuple[str, tuple[str, ...]]:
    """The headline with the addresses its numbers lead to."""
    scope, read, stage = shown.scope, shown.reading, shown.stage
    if not read.own_seats(stage):
        return pupils_only(shown), ()
    if read.place.kind == "region" and read.areas:
        return _of_areas(shown, rows)
    return of_unit(shown, scope.url("forecast:unit", code=scope.unit.code))


def _of_areas(shown: Shown, rows: Lookup) -> tuple[str, tuple[str, ...]]:
    scope, read, stage = shown.scope, shown.reading, shown.stage
    found = shortage(read, stage)
    name = stage_name(scope, stage)
    if found is None:
        last = max(heat.horizon(read, stage, rows))
        return say("seats_page.head_none", unit=read.place.name, stage=name, last=last), ()
    left = sum(max(by_year[found.worst_year]["gap_shared"] or 0.0, 0.0) for by_year in rows.values())
    text = say(
        "seats_page.head_areas",
        year=found.worst_year,
        count=found.areas,
        areas=fmt.count(found.areas),
        stage=name,
        seats=fmt.count(found.seats),
        range=fmt.between(found.low, found.high),
        first=found.first_year,
        where=read.name("area", found.first_code),
        left=fmt.count(left),
    )
    whole = scope.url("forecast:unit", code=scope.unit.code)
    return text, (whole, scope.url("forecast:unit", code=found.first_code), whole)


def of_unit(shown: Shown, href: str) -> tuple[str, tuple[str, ...]]:
    """First year short, how many, range, and what is left when neighbours share; or how much stands empty."""
    scope, read, stage = shown.scope, shown.reading, shown.stage
    own = [row for row in read.own_seats(stage) if row["gap_p50"] is not None]
    name = stage_name(scope, stage)
    if not own:
        return say("seats_page.head_unknown", unit=read.place.name, stage=name), ()
    worst = max(own, key=lambda row: (row["gap_p50"], -row["year"]))
    short = [row["year"] for row in own if row["gap_p50"] > 0.5]
    facts = {
        "unit": read.place.name,
        "stage": name,
        "year": worst["year"],
        "seats": fmt.count(worst["gap_p50"]),
        "range": fmt.between(max(worst["gap_p10"], 0.0), worst["gap_p90"]),
        "last": own[-1]["year"],
    }
    if short:
        left = fmt.count(max(worst["gap_shared"] or 0.0, 0.0))
        code = "head_school" if read.place.kind == "school" else "head_unit"
        return say(f"seats_page.{code}", first=short[0], left=left, **facts), (href, href, href)
    idle = min(own, key=lambda row: row["gap_p50"])
    if (worst["p_short"] or 0.0) >= parts.MAYBE:
        return say("seats_page.head_maybe", chance=fmt.percent(worst["p_short"]), **facts), (href, href)
    return say(
        "seats_page.head_idle",
        idle=fmt.count(-idle["gap_p50"]),
        idle_year=idle["year"],
        share=fmt.percent(idle["utilisation"]),
        **facts,
    ), (href,)


def pupils_only(shown: Shown) -> str:
    """The course of the stage, when its seats are not known."""
    course = next((turn for turn in turns(shown.reading) if turn.stage == shown.stage), None)
    figure = pupils.fan(shown.reading, shown.stage, course)
    if figure is None:
        return say("seats_page.head_nothing", unit=shown.reading.place.name)
    return say("seats_page.head_no_seats", course=figure.title)


def fan_figure(shown: Shown) -> Figure | None:
    """The fan of the unit and stage: what the chart and the still picture are both drawn from."""
    course = next((turn for turn in turns(shown.reading) if turn.stage == shown.stage), None)
    figure = pupils.fan(shown.reading, shown.stage, course)
    if figure is None or _small(shown, figure.spec):
        return None
    return figure


def _small(shown: Shown, spec: Fan) -> bool:
    """Whether a drawing would give small counts away to someone from whom they are kept."""
    values = [value for _, value in spec.actual] + [row["p50"] for row in spec.rows]
    return any(shown.protection.small(value) for value in values)


def fan(shown: Shown) -> Island | None:
    """The fan as an island with its still picture."""
    figure = fan_figure(shown)
    if figure is None:
        return None
    spec: Fan = figure.spec
    note = say("seats_page.fan_note") if spec.rows else ""
    return Island("chart", "fan", figure.title, charts.fan(figure), still(shown, "fan"), note, 320)


def still(shown: Shown, name: str) -> str:
    """Address of a still picture: it names all the picture depends on, and may be kept for ever."""
    scope = parts.with_stage(shown.scope, shown.stage)
    query = f"run={shown.record.run_id}&language={shown.scope.language}"
    return scope.url("forecast:still", code=scope.unit.code, figure=name, query=query)
