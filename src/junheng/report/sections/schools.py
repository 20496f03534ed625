"""Every school with what it has and what comes: by town and code, never ranked."""

from __future__ import annotations

import math
from typing import Any

import polars as pl

from junheng.model.stages import STAGES
from junheng.report import format as fmt
from junheng.report import wording
from junheng.report.content import Cell, Head, Section, Table, Text
from junheng.report.reading import Reading
from junheng.report.suppression import Protection

MOST_ROWS = 400
LEADS = (1, 3, 5)
RANGE_ONLY_UNDER = 20
"""Under this many children a single number says more than is known."""
HISTORY = 8
PATH = 10

Key = tuple[str, str]


def section(reading: Reading, protection: Protection) -> Section:
    """The table of schools, or what is missing for it."""
    say = reading.say
    schools = reading.table("schools")
    if schools is None:
        return Section("schools", say("schools.title"), (Text(say("schools.none"), "absent"),))
    now = _pupils_now(reading)
    if not now:
        return Section("schools", say("schools.title"), (_plain(reading, schools),))
    paths = _paths(reading)
    rows = _rows(reading, protection, schools, now, paths)
    leads = [reading.origin + lead for lead in LEADS if reading.origin is not None and paths]
    head = [
        Head(say("col.area"), width=1.5),
        Head(say("col.school"), width=2.7),
        Head(say("col.stage"), width=0.9),
        Head(say("col.pupils_now", year=reading.origin), "right", width=1.1),
        Head(say("col.seats"), "right", width=1.1),
        *(Head(str(year), "right", width=1.6) for year in leads),
        Head(say("col.trend"), "centre", width=1.4),
        Head(say("col.note"), width=1.9),
    ]
    more = len(rows) - MOST_ROWS
    table = Table(
        "schools",
        say("schools.caption"),
        tuple(head),
        tuple(rows[:MOST_ROWS]),
        note=say("schools.full_note"),
        more=say("more_rows", count=more, sheet=reading.sheet("forecast_enrolment")) if more > 0 else "",
    )
    return Section("schools", say("schools.title"), (Text(say("schools.lead"), "lead"), table))


def _plain(reading: Reading, schools: pl.DataFrame) -> Table:
    say, language = reading.say, reading.language
    held = schools.sort("area_code", "school_id", nulls_last=True)
    rows = [
        (
            reading.name("area", area or fmt.BLANK),
            name or code,
            wording.code_name("school_kind", kind, language),
        )
        for code, name, kind, area in held.select("school_id", "name", "kind", "area_code").iter_rows()
    ]
    head = (
        Head(say("col.area"), width=1.4),
        Head(say("col.school"), width=3),
        Head(say("col.kind"), width=1.2),
    )
    more = len(rows) - MOST_ROWS
    return Table(
        "schools",
        say("schools.plain_caption"),
        head,
        tuple(rows[:MOST_ROWS]),
        more=say("more_rows", count=more, sheet=reading.sheet("schools")) if more > 0 else "",
    )


def _pupils_now(reading: Reading) -> dict[Key, list[tuple[int, float]]]:
    """Counted pupils by school and stage: (year, pupils) of the last years up to the origin."""
    if reading.origin is None or reading.enrolled.is_empty():
        return {}
    frame = (
        reading.enrolled.filter(
            (pl.col("year") <= reading.origin)
            & (pl.col("year") > reading.origin - HISTORY)
            & pl.col("stage").is_not_null()
        )
        .group_by("school_id", "stage", "year")
        .agg(pl.col("pupils").sum())
        .sort("school_id", "stage", "year")
    )
    found: dict[Key, list[tuple[int, float]]] = {}
    for school, stage, year, pupils in frame.iter_rows():
        found.setdefault((school, stage), []).append((year, float(pupils)))
    return {key: rows for key, rows in found.items() if rows[-1][0] == reading.origin}


def _paths(reading: Reading) -> dict[Key, dict[int, dict[str, Any]]]:
    frame = reading.base("forecast_enrolment")
    found: dict[Key, dict[int, dict[str, Any]]] = {}
    if frame is None or reading.origin is None:
        return found
    rows = (
        frame.filter(
            (pl.col("unit_kind") == "school")
            & (pl.col("grade") == "all")
            & (pl.col("year") > reading.origin)
            & (pl.col("year") <= reading.origin + PATH)
        )
        .select("unit_code", "stage", "year", "p10", "p50", "p90", "censored")
        .sort("unit_code", "stage", "year")
    )
    for row in rows.iter_rows(named=True):
        found.setdefault((row["unit_code"], row["stage"]), {})[row["year"]] = row
    return found


def _rows(
    reading: Reading,
    protection: Protection,
    schools: pl.DataFrame,
    now: dict[Key, list[tuple[int, float]]],
    paths: dict[Key, dict[int, dict[str, Any]]],
) -> list[tuple[str | Cell, ...]]:
    area_of = dict(schools.select("school_id", "area_code").iter_rows())
    keys = sorted(now, key=lambda key: (area_of.get(key[0]) or "", key[0], STAGES.index(key[1])))
    seats = _seats(reading)
    counts = [now[key][-1][1] for key in keys]
    hidden = protection.hidden(counts, [(area_of.get(school), stage) for school, stage in keys])
    horizons = {stage: reading.horizon(stage, "school") for stage in STAGES}
    leads = [reading.origin + lead for lead in LEADS if reading.origin is not None and paths]
    rows: list[tuple[str | Cell, ...]] = []
    for key, pupils, hide in zip(keys, counts, hidden, strict=True):
        school, stage = key
        path = paths.get(key, {})
        line = [value for _, value in now[key]] + [path[year]["p50"] for year in sorted(path)]
        shown = hide or any(protection.small(value) for value in line)
        rows.append(
            (
                reading.name("area", area_of.get(school) or fmt.BLANK),
                reading.name("school", school),
                reading.stage(stage),
                _hidden(protection, pupils) if hide else fmt.count(pupils),
                fmt.count(seats.get(key)),
                *(_forecast(protection, path.get(year)) for year in leads),
                Cell("") if shown else Cell("", spark=tuple(line), spark_actual=len(now[key])),
                _note(reading, horizons[stage].get(school), path),
            )
        )
    return rows


def _hidden(protection: Protection, pupils: float) -> str:
    return protection.mark if protection.small(pupils) else "…"


def _forecast(protection: Protection, row: dict[str, Any] | None) -> str | Cell:
    if row is None or row["p50"] is None or math.isnan(row["p50"]):
        return fmt.BLANK
    span = protection.between(row["p10"], row["p90"])
    if row["p50"] < RANGE_ONLY_UNDER:
        return span
    return Cell(fmt.count(row["p50"]), sub=span)


def _seats(reading: Reading) -> dict[Key, float]:
    found: dict[Key, float] = {}
    for stage in reading.seated_stages:
        for row in reading.seats(stage, "school"):
            if (capacity := reading.capacity(row)) is not None:
                found.setdefault((row["unit_code"], stage), capacity)
    return found


def _note(reading: Reading, horizon: dict[str, Any] | None, path: dict[int, dict[str, Any]]) -> str:
    parts: list[str] = []
    if horizon is not None and horizon["first_short_year_p50"]:
        parts.append(reading.say("schools.short_from", year=horizon["first_short_year_p50"]))
    if horizon is not None and horizon["first_underuse_year"]:
        parts.append(reading.say("schools.idle_from", year=horizon["first_underuse_year"]))
    if any(row["censored"] for row in path.values()):
        parts.append(reading.say("schools.full"))
    return reading.say("semicolon").join(parts)
