"""The paragraph a leader reads if nothing else, and the figures set large beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from junheng.report import format as fmt
from junheng.report.content import KeyFigure
from junheng.report.reading import Reading, once

LEVELS = ("red", "orange", "yellow")
HISTORY = 12
"""Counted years shown in fans and searched for the peak."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Course of a stage: now, the highest year of recent counts and medians, and the end with its range."""

    stage: str
    now: float | None
    peak_year: int
    peak: float
    last: int
    end: float
    low: float
    high: float
    shape: str


@once
def turns(reading: Reading) -> list[Turn]:
    """The course of each stage that has a forecast."""
    found: list[Turn] = []
    for stage in reading.stages:
        rows = [row for row in reading.path(stage) if row["p50"] is not None]
        if not rows:
            continue
        actual = reading.actual(stage)
        points = actual[-HISTORY:] + [(row["year"], row["p50"]) for row in rows]
        peak_year, peak = max(points, key=lambda point: (point[1], -point[0]))
        end = rows[-1]
        shape = (
            "rising"
            if peak_year == end["year"]
            else "past"
            if actual and peak_year <= actual[-1][0]
            else "peak"
        )
        found.append(
            Turn(
                stage,
                actual[-1][1] if actual else None,
                peak_year,
                peak,
                end["year"],
                end["p50"],
                end["p10"],
                end["p90"],
                shape,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Shortage:
    """Sums of town shortages: the worst year, its seats with a range, who is first, which stages."""

    areas: int
    first_year: int
    first_code: str
    first_stage: str
    worst_year: int
    seats: float
    low: float
    high: float
    stages: tuple[str, ...]


def shortage(reading: Reading, stage: str | None = None) -> Shortage | None:
    """Town shortages of one stage or all, from medians of the gap; None when no town is short."""
    frame = reading.base("seat_outlook")
    if frame is None:
        return None
    rows = frame.filter((pl.col("unit_kind") == "area") & pl.col("unit_code").is_in(reading.areas))
    if stage is not None:
        rows = rows.filter(pl.col("stage") == stage)
    short = rows.filter(pl.col("gap_p50") > 0.5).sort("year", "unit_code", "stage")
    if short.is_empty():
        return None
    by_year = (
        short.group_by("year")
        .agg(
            pl.col("gap_p50").sum(),
            pl.col("gap_p10").clip(lower_bound=0).sum(),
            pl.col("gap_p90").sum(),
        )
        .sort(["gap_p50", "year"], descending=[True, False])
    )
    worst = by_year.row(0, named=True)
    at_worst = short.filter(pl.col("year") == worst["year"])
    stages = (
        at_worst.group_by("stage")
        .agg(pl.col("gap_p50").sum())
        .sort(["gap_p50", "stage"], descending=[True, False])
    )
    main = [name for name, seats in stages.iter_rows() if seats >= worst["gap_p50"] * 0.2]
    first = short.row(0, named=True)
    return Shortage(
        short["unit_code"].n_unique(),
        first["year"],
        first["unit_code"],
        first["stage"],
        worst["year"],
        worst["gap_p50"],
        worst["gap_p10"],
        worst["gap_p90"],
        tuple(main),
    )


def idle(reading: Reading, year: int) -> list[tuple[str, float, float]]:
    """(stage, empty seats, share in use) of the region in a year, where a tenth or more stands empty."""
    found: list[tuple[str, float, float]] = []
    for stage in reading.seated_stages:
        row = next((r for r in reading.seats(stage) if r["year"] == year), None)
        capacity = reading.capacity(row) if row is not None else None
        if row is None or row["gap_p50"] is None or not capacity:
            continue
        if -row["gap_p50"] >= 0.1 * capacity:
            found.append((stage, -row["gap_p50"], row["demand_p50"] / capacity))
    return found


def year_ahead(reading: Reading, lead: int) -> int | None:
    """The forecast year `lead` years on, or the last there is."""
    if not reading.future or reading.origin is None:
        return None
    return min(reading.origin + lead, reading.future[-1])


def warnings_by_level(reading: Reading) -> dict[str, int] | None:
    """Warnings by level, or None when seats were not worked out."""
    if reading.source.tables.get("seat_warnings") is None or reading.base("seat_outlook") is None:
        return None
    frame = reading.base("seat_warnings")
    counted = {} if frame is None else dict(frame.group_by("level").len().iter_rows())
    return {level: counted.get(level, 0) for level in LEVELS}


def change(reading: Reading, now: float | None, then: float) -> str:
    """少 43% or 多 5%."""
    if not now:
        return fmt.BLANK
    share = then / now - 1
    return reading.say("head.fewer" if share < 0 else "head.more", share=fmt.percent(abs(share)))


@once
def headline(reading: Reading) -> str:
    """The headline paragraph; <b> marks what is set bold."""
    stop = reading.say("stop")
    if not reading.stages:
        return _only_places(reading) + stop.strip()
    say, language, origin = reading.say, reading.language, reading.origin
    now = sum(actual[-1][1] for stage in reading.stages if (actual := reading.actual(stage)))
    parts = [
        say(
            "head.now",
            year=fmt.school_year(origin, language),
            region=reading.region_name,
            now=fmt.spoken(now, language),
        )
    ]
    courses = turns(reading)
    if courses:
        main = max(courses, key=lambda turn: turn.now or turn.peak)
        parts.append(
            say(
                f"head.{main.shape}",
                stage=reading.stage(main.stage),
                year=main.peak_year,
                last=main.last,
                peak=fmt.spoken(main.peak, language),
                end=fmt.spoken(main.end, language),
                range=fmt.between(main.low, main.high),
                change=change(reading, main.now, main.end),
            )
        )
        if others := [turn for turn in courses if turn is not main and turn.stage != "special"]:
            words = [
                say(
                    "head.other_past" if turn.shape == "past" else "head.other_peak",
                    stage=reading.stage(turn.stage),
                    year=turn.peak_year,
                )
                for turn in others
            ]
            parts[-1] += say("semicolon") + say("head.others", list=fmt.listed(words, language))
    parts += _seats(reading)
    return stop.join(part[:1].upper() + part[1:] for part in parts) + stop.strip()


def _seats(reading: Reading) -> list[str]:
    say, language = reading.say, reading.language
    if reading.base("seat_outlook") is None:
        return []
    parts: list[str] = []
    if found := shortage(reading):
        parts.append(
            say(
                "head.short",
                areas=found.areas,
                year=found.first_year,
                first=reading.name("area", found.first_code)
                + (" " if language == "en" else "")
                + reading.stage(found.first_stage),
                worst=found.worst_year,
                seats=fmt.count(found.seats),
                range=fmt.between(found.low, found.high),
                stages=fmt.listed([reading.stage(stage) for stage in found.stages], language),
            )
        )
    elif reading.areas:
        parts.append(say("head.no_short"))
    else:
        regional = [
            (row["first_short_year_p50"], stage)
            for stage in reading.seated_stages
            for row in reading.horizon(stage).values()
            if row["first_short_year_p50"]
        ]
        if regional:
            year, stage = min(regional)
            parts.append(say("head.short_region", stage=reading.stage(stage), year=year))
    year = year_ahead(reading, 5)
    if year is not None and (empty := idle(reading, year)):
        words = [
            say(
                "head.idle_stage",
                stage=reading.stage(stage),
                seats=fmt.count(seats),
                share=fmt.percent(share),
            )
            for stage, seats, share in empty
        ]
        parts.append(say("head.idle", year=year, list=fmt.listed(words, language)))
    counted = warnings_by_level(reading)
    if counted is not None:
        total = sum(counted.values())
        parts.append(say("head.warnings", count=total, **counted) if total else say("head.no_warnings"))
    return parts


def _only_places(reading: Reading) -> str:
    say = reading.say
    schools = reading.table("schools")
    parts = [
        say("head.areas", count=len(reading.areas)) if reading.areas else "",
        say("head.schools", count=schools.height) if schools is not None else "",
        say("head.bounds") if reading.source.boundaries else "",
    ]
    loaded = fmt.listed(parts, reading.language)
    head = [say("head.places", parts=loaded)] if loaded else []
    return reading.say("stop").join([*head, say("head.no_enrolment")])


def key_figures(reading: Reading) -> tuple[KeyFigure, ...]:
    """Up to six figures: children now, peak, end, largest shortage, empty seats, warnings."""
    if not reading.stages:
        return ()
    say, language = reading.say, reading.language
    now = sum(actual[-1][1] for stage in reading.stages if (actual := reading.actual(stage)))
    figures = [
        KeyFigure(
            say("key.now"),
            fmt.count(now),
            say("unit.pupils"),
            say("key.now_detail", year=fmt.school_year(reading.origin, language)),
        )
    ]
    courses = turns(reading)
    if courses:
        main = max(courses, key=lambda turn: turn.now or turn.peak)
        figures.append(
            KeyFigure(
                say("key.peak", stage=reading.stage(main.stage)),
                str(main.peak_year),
                say("unit.year"),
                say("key.peak_detail", peak=fmt.count(main.peak)),
            )
        )
        end = sum(turn.end for turn in courses)
        figures.append(
            KeyFigure(
                say("key.end", year=courses[0].last),
                fmt.count(end),
                say("unit.pupils"),
                say("key.end_detail", change=change(reading, now, end)),
            )
        )
    if found := shortage(reading):
        figures.append(
            KeyFigure(
                say("key.short"),
                fmt.count(found.seats),
                say("unit.seats"),
                say("key.short_detail", year=found.worst_year, areas=found.areas),
            )
        )
    year = year_ahead(reading, 5)
    if year is not None and (empty := idle(reading, year)):
        figures.append(
            KeyFigure(
                say("key.idle"),
                fmt.count(sum(seats for _, seats, _ in empty)),
                say("unit.seats"),
                say("key.idle_detail", year=year),
            )
        )
    if (counted := warnings_by_level(reading)) is not None:
        lights = tuple((level, f"{say(f'level.{level}')} {counted[level]}") for level in LEVELS)
        figures.append(
            KeyFigure(
                say("key.warnings"), fmt.count(sum(counted.values())), say("unit.warnings"), lights=lights
            )
        )
    return tuple(replace(one, label=one.label[:1].upper() + one.label[1:]) for one in figures)


def named(reading: Reading, codes: list[str], most: int = 3) -> str:
    """Names of areas, cut after `most` with the count of all."""
    names = [reading.name("area", code) for code in codes]
    if len(names) <= most:
        return fmt.listed(names, reading.language)
    return reading.say(
        "seats.and_more",
        names=fmt.listed(names[:most], "zh" if reading.language == "zh" else "en"),
        count=len(names),
    )


def row_at(rows: list[dict[str, Any]], year: int) -> dict[str, Any] | None:
    """The row of a year."""
    return next((row for row in rows if row["year"] == year), None)
