"""Scenarios beside the base: what they change, where, and by how much, from the same draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from junheng.report import format as fmt
from junheng.report.charts import Fan
from junheng.report.sections import pupils
from junheng.report.sections.headline import LEVELS
from junheng.web.figures import charts
from junheng.web.figures.unit_reading import UnitReading
from junheng.web.forecast.presenters import heat, parts
from junheng.web.forecast.presenters.comparison_tables import Side, changed, gained
from junheng.web.forecast.presenters.parts import stage_label, stage_name
from junheng.web.forecast.queries import Shown
from junheng.web.house.navigation import crumbs
from junheng.web.house.page import Anchor, Cell, Crumb, DataTable, Head, Island, Page, Row
from junheng.web.runs.provenance import provenance
from junheng.web.wording import say

MOST_LINES = 14


@dataclass(frozen=True, slots=True)
class Body:
    """The room's own part of the page."""

    stages: tuple[tuple[Anchor, bool], ...]
    different: str
    summary: DataTable
    peaks: Island | None
    gained: DataTable | None
    changed: DataTable
    fans: Island | None
    levers: tuple[tuple[str, tuple[str, ...]], ...]


def page(shown: Shown, sides: Sequence[Side], comparable: bool, warnings: int | None) -> Page:
    """`shown` is the base of the first scenario at the unit, for one stage."""
    scope, read = shown.scope, shown.reading
    before = heat.rows_of(read, shown.stage)
    after = [heat.rows_of(side.read, shown.stage) for side in sides]
    ids = sorted(
        {row["rule_id"] for by_year in before.values() for row in by_year.values() if row["rule_id"]}
    )
    return Page(
        title=say("seats_page.compare_title", unit=read.place.name),
        headline=_sentence(shown, sides, before, after),
        crumbs=crumbs(
            scope,
            "forecast:seats",
            Crumb(say("seats_page.tab_scenarios"), scope.url("forecast:scenarios")),
            Crumb(fmt.listed([side.name for side in sides], scope.language)),
        ),
        method=parts.method(shown, ids),
        provenance=provenance(scope, shown.record),
        tabs=parts.tabs(scope, "scenarios", warnings),
        body=Body(
            _stages(shown, sides),
            "" if comparable else say("seats_page.different"),
            _summary(shown, sides, before, after),
            _peaks(shown, sides, before, after),
            gained(shown, sides),
            changed(shown, sides),
            _fans(shown, sides),
            tuple(
                (say("seats_page.levers_of", name=side.name), side.levers) for side in sides if side.levers
            ),
        ),
    )


def _query(sides: Sequence[Side]) -> str:
    return "&".join(f"run={side.record.run_id}" for side in sides)


def _stages(shown: Shown, sides: Sequence[Side]) -> tuple[tuple[Anchor, bool], ...]:
    return tuple(
        (
            Anchor(
                stage_name(shown.scope, stage),
                parts.with_stage(shown.scope, stage).url("forecast:compare", query=_query(sides)),
            ),
            stage == shown.stage,
        )
        for stage in shown.reading.own_stages
    )


def short_in(rows: heat.Lookup, year: int) -> float:
    """Seats short in a year over all units below."""
    return sum(max((by_year.get(year) or {}).get("gap_p50") or 0.0, 0.0) for by_year in rows.values())


def _worst(rows: heat.Lookup) -> tuple[int, float] | None:
    years = sorted({year for by_year in rows.values() for year in by_year})
    if not years:
        return None
    year = max(years, key=lambda one: (short_in(rows, one), -one))
    return year, short_in(rows, year)


def _own_difference(side: Side, stage: str, year: int) -> dict[str, Any] | None:
    if side.difference is None:
        return None
    place = side.read.place
    rows = side.difference.filter(
        (pl.col("unit_kind") == place.kind)
        & (pl.col("unit_code") == place.code)
        & (pl.col("stage") == stage)
        & (pl.col("year") == year)
    )
    return rows.row(0, named=True) if rows.height else None


def _sentence(shown: Shown, sides: Sequence[Side], before: heat.Lookup, after: Sequence[heat.Lookup]) -> str:
    stage, worst = shown.stage, _worst(before)
    if worst is None:
        return say("seats_page.head_nothing", unit=shown.reading.place.name)
    year, short = worst
    lefts = [short_in(rows, year) for rows in after]
    best = min(range(len(sides)), key=lambda place: (lefts[place], place))
    side, left = sides[best], lefts[best]
    facts: dict[str, Any] = {"unit": shown.reading.place.name, "stage": stage_name(shown.scope, stage)}
    if short < 0.5 and left < 0.5:
        last = max(year for by_year in before.values() for year in by_year)
        change = _own_difference(side, stage, last) or {}
        return say(
            "seats_page.compare_none_short",
            name=side.name,
            year=last,
            change=fmt.signed(change.get("p50")),
            range=_span(change.get("p10"), change.get("p90")),
            **facts,
        )
    change = _own_difference(side, stage, year) or {}
    levels = [_levels(one) for one in (shown.reading, side.read)]
    if (
        len(sides) == 1
        and fmt.half_up(short) == fmt.half_up(left)
        and not fmt.half_up(change.get("waiting_p50") or 0.0)
    ):
        return say(
            "seats_page.compare_one_nothing", name=side.name, year=year, after=fmt.count(left), **facts
        )
    one = "compare_one_same" if levels[0]["red"] == levels[1]["red"] else "compare_one"
    return say(
        f"seats_page.{one}" if len(sides) == 1 else "seats_page.compare_many",
        name=side.name,
        year=year,
        before=fmt.count(short),
        after=fmt.count(left),
        waiting=fmt.count(change.get("waiting_p50")),
        range=_span(change.get("waiting_p10"), change.get("waiting_p90")),
        red_before=fmt.count(levels[0]["red"]),
        red_after=fmt.count(levels[1]["red"]),
        **facts,
    )


def _span(low: float | None, high: float | None) -> str:
    return fmt.between(low, high)


def _levels(read: UnitReading) -> dict[str, int]:
    frame = read.base("seat_warnings")
    found = {} if frame is None else dict(frame.group_by("level").len().iter_rows())
    return {level: found.get(level, 0) for level in LEVELS}


def _summary(
    shown: Shown, sides: Sequence[Side], before: heat.Lookup, after: Sequence[heat.Lookup]
) -> DataTable:
    """One row for the base and each scenario."""
    worst = _worst(before)
    year = worst[0] if worst else None
    last = max((year for by_year in before.values() for year in by_year), default=None)
    base = _summary_row(
        say("seats_page.base"), shown.reading, before, year, None, None, _levels(shown.reading)
    )
    rows = [base]
    for side, found in zip(sides, after, strict=True):
        change = _own_difference(side, shown.stage, year) if year else None
        end = _own_difference(side, shown.stage, last) if last else None
        rows.append(_summary_row(side.name, side.read, found, year, change, end, _levels(side.read)))
    head = (
        Head(say("seats_page.col_scenario")),
        Head(say("seats_page.col_first"), "right"),
        Head(say("seats_page.col_short_in", year=year or ""), "right", say("seats_page.unit_seats")),
        Head(say("seats_page.col_waiting"), "right", say("figures.pupils")),
        Head(say("seats_page.col_pupils_more", year=last or ""), "right", say("figures.pupils")),
        *(Head(say(f"seats_page.col_{level}"), "right") for level in LEVELS),
    )
    caption = say(
        "seats_page.compare_caption",
        unit=shown.reading.place.name,
        stage=stage_name(shown.scope, shown.stage),
    )
    return DataTable("summary", caption, head, tuple(rows), note=say("seats_page.compare_note"))


def _summary_row(
    name: str,
    read: UnitReading,
    rows: heat.Lookup,
    year: int | None,
    change: dict[str, Any] | None,
    end: dict[str, Any] | None,
    levels: dict[str, int],
) -> Row:
    firsts = [
        one for by_year in rows.values() for one, row in by_year.items() if (row["gap_p50"] or 0.0) > 0.5
    ]
    waiting: str | Cell = fmt.BLANK
    more: str | Cell = fmt.BLANK
    if change is not None:
        waiting = Cell(
            fmt.signed(change["waiting_p50"]), sub=_span(change["waiting_p10"], change["waiting_p90"])
        )
    if end is not None:
        more = Cell(fmt.signed(end["p50"]), sub=_span(end["p10"], end["p90"]))
    return Row(
        (
            Cell(name, bold=change is None and end is None),
            str(min(firsts)) if firsts else say("seats_page.never"),
            fmt.count(short_in(rows, year)) if year else fmt.BLANK,
            waiting,
            more,
            *(fmt.count(levels[level]) for level in LEVELS),
        )
    )


def _peak(by_year: dict[int, dict[str, Any]]) -> float | None:
    gaps = [row["gap_p50"] for row in by_year.values() if row["gap_p50"] is not None]
    return max(gaps) if gaps else None


def _peaks(
    shown: Shown, sides: Sequence[Side], before: heat.Lookup, after: Sequence[heat.Lookup]
) -> Island | None:
    """Largest shortage of each unit, before and after: a dumbbell for one scenario, slopes for more."""
    kind, _ = shown.reading.children
    found: list[tuple[str, list[float | None]]] = []
    for code, by_year in before.items():
        values = [_peak(by_year), *(_peak(rows.get(code, {})) for rows in after)]
        if values[0] is not None:
            found.append((code, values))
    moved = [pair for pair in found if any((one or 0.0) > 0.5 for one in pair[1])] or [
        (code, values)
        for code, values in found
        if any(one is not None and abs(one - (values[0] or 0.0)) >= 1 for one in values[1:])
    ]
    if not moved:
        return None
    moved.sort(key=lambda pair: (-(pair[1][0] or 0.0), pair[0]))
    moved = moved[:MOST_LINES]
    changes = any(one is not None and abs(one - (v[0] or 0.0)) >= 1 for _, v in moved for one in v[1:])
    if not changes:
        return None
    title = say("seats_page.peaks_title", stage=stage_label(shown.scope, shown.stage))
    shared: dict[str, Any] = {"title": title, "unit": say("figures.seats"), "summary": title}
    if len(sides) == 1:
        items = [
            {
                "label": shown.reading.name(kind, code),
                "key": code,
                "before": charts.change(values[0] or 0.0),
                "after": charts.change(values[1] or 0.0),
                "change": fmt.signed((values[1] or 0.0) - (values[0] or 0.0)),
            }
            for code, values in moved
            if values[1] is not None
        ]
        words = {"before": say("seats_page.base"), "after": sides[0].name}
        spec = {"kind": "dumbbell", **shared, "items": items, "words": words}
    else:
        lines = [
            {
                "label": shown.reading.name(kind, code),
                "key": code,
                "points": [None if one is None else charts.change(one) for one in values],
                "strong": (values[0] or 0.0) > 0.5,
            }
            for code, values in moved
        ]
        columns = [{"text": say("seats_page.base")}, *({"text": side.name} for side in sides)]
        spec = {"kind": "slope", **shared, "columns": columns, "lines": lines}
    return Island("chart", "peaks", title, spec, height=60 + 24 * len(moved))


def _fans(shown: Shown, sides: Sequence[Side]) -> Island | None:
    """Pupils and seats under each, on one scale."""
    panels: list[dict[str, Any]] = []
    years: list[int] = []
    for name, read in ((say("seats_page.base"), shown.reading), *((side.name, side.read) for side in sides)):
        figure = pupils.fan(read, shown.stage, None) if read.actual(shown.stage) else None
        if figure is None:
            continue
        spec: Fan = figure.spec
        years += [*(year for year, _ in spec.actual), *spec.years]
        panels.append(
            {
                "title": name,
                "text": fmt.count(spec.rows[-1]["p50"]) if spec.rows else "",
                "actual": charts.dated(spec.actual),
                "ahead": charts.ahead(spec.years, spec.rows),
                "lines": charts.seats(spec),
            }
        )
    if len(panels) < 2:
        return None
    title = say(
        "seats_page.fans_title", unit=shown.reading.place.name, stage=stage_name(shown.scope, shown.stage)
    )
    spec_of = {
        "kind": "multiples",
        "title": title,
        "unit": say("figures.pupils"),
        "summary": title,
        "years": charts.years(min(years), max(years)),
        "panels": panels,
        "words": charts.words(),
    }
    return Island("chart", "fans", title, spec_of, height=260)
