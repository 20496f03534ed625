"""Pupils by stage: a fan for each, and the same numbers as a table."""

from __future__ import annotations

import math

from junheng.report import format as fmt
from junheng.report.charts import Fan
from junheng.report.content import Block, Cell, Figure, Grid, Head, Section, Table, Text
from junheng.report.reading import Reading
from junheng.report.sections.headline import HISTORY, Turn, change, row_at, turns, year_ahead
from junheng.report.suppression import Protection

LEADS = (1, 3, 5, 10, 15)
QUANTILES = ("p2_5", "p10", "p25", "p50", "p75", "p90", "p97_5")


def section(reading: Reading, _: Protection) -> Section:
    """Fans by stage with their strips, then the table."""
    blocks: list[Block] = []
    courses = {turn.stage: turn for turn in turns(reading)}
    figures = [
        figure for stage in reading.stages if (figure := fan(reading, stage, courses.get(stage))) is not None
    ]
    if courses:
        blocks.append(Text(reading.say("pupils.lead"), "lead"))
    else:
        blocks.append(Text(reading.say("pupils.none"), "absent"))
    if figures:
        blocks.append(Grid(tuple(figures)))
    if courses:
        blocks += [Text(reading.say("pupils.births"), "note"), _table(reading)]
    return Section("pupils", reading.say("pupils.title"), tuple(blocks))


def _title(reading: Reading, stage: str, turn: Turn | None) -> str:
    name = reading.label(stage)
    if turn is None:
        year, now = reading.actual(stage)[-1]
        return reading.say("fan.actual", stage=name, year=year, now=fmt.count(now))
    return reading.say(
        f"fan.{turn.shape}",
        stage=name,
        year=turn.peak_year,
        last=turn.last,
        peak=fmt.count(turn.peak),
        end=fmt.count(turn.end),
        change=change(reading, turn.now, turn.end),
    )


def fan(reading: Reading, stage: str, turn: Turn | None) -> Figure | None:
    """The fan of a stage: counts, forecast, seats, its course as title; None when nothing can be drawn."""
    say = reading.say
    actual = reading.actual(stage)
    rows = [row for row in reading.path(stage) if row["p50"] is not None]
    if not actual and not rows:
        return None
    capacities = [(row["year"], reading.capacity(row)) for row in reading.seats(stage)]
    seats = [
        (year, capacity) for year, capacity in capacities if capacity is not None and math.isfinite(capacity)
    ]
    words = {name: say(f"fan.{name}") for name in ("high", "middle", "low", "seats", "counted")}
    words |= {band: say(f"band.{band}") for band in ("known", "partly", "assumption")}
    words["peak"] = say("fan.peak_mark")
    title = _title(reading, stage, turn)
    spec = Fan(
        actual=tuple(actual[-HISTORY:]),
        years=tuple(row["year"] for row in rows),
        rows=tuple(
            {name: row["p50"] if row[name] is None else row[name] for name in QUANTILES} for row in rows
        ),
        bands=tuple(row["band"] or "partly" for row in rows),
        seats=tuple(seats),
        words=words,
    )
    first, now = actual[-1] if actual else (rows[0]["year"], rows[0]["p50"])
    span = fmt.between(turn.low, turn.high) if turn else fmt.BLANK
    alt = say("fan.alt", title=title, range=span, origin=first, now=fmt.count(now))
    return Figure(f"fan-{stage}", "fan", title, alt, spec)


def _table(reading: Reading) -> Table:
    say = reading.say
    years = sorted({year for lead in LEADS if (year := year_ahead(reading, lead)) is not None})
    head = [
        Head(say("col.stage"), width=1.2 if reading.language == "zh" else 1.8),
        Head(say("col.now", year=reading.origin), "right"),
    ]
    head += [Head(say("col.year", year=year), "right", width=1.5) for year in years]
    rows: list[tuple[str | Cell, ...]] = []
    for stage in reading.stages:
        path = reading.path(stage)
        actual = reading.actual(stage)
        cells: list[str | Cell] = [reading.label(stage), fmt.count(actual[-1][1] if actual else None)]
        for year in years:
            row = row_at(path, year)
            cells.append(
                fmt.BLANK
                if row is None
                else Cell(fmt.count(row["p50"]), sub=fmt.between(row["p10"], row["p90"]))
            )
        rows.append(tuple(cells))
    return Table("pupils", say("pupils.caption"), tuple(head), tuple(rows), note=say("pupils.total_note"))
