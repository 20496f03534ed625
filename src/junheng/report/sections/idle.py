"""Seats that stand empty, and the room they give for smaller classes."""

from __future__ import annotations

from typing import Any

import polars as pl

from junheng.report import format as fmt
from junheng.report.content import Block, Cell, Head, Heading, Section, Table, Text
from junheng.report.reading import Reading
from junheng.report.sections.headline import row_at, year_ahead
from junheng.report.suppression import Protection

LEADS = (1, 3, 5, 10, 15)


def section(reading: Reading, _: Protection) -> Section:
    """Empty seats of the region by stage and year, and the smallest class size that fits."""
    say = reading.say
    blocks: list[Block] = []
    years = sorted({year for lead in LEADS if (year := year_ahead(reading, lead)) is not None})
    if reading.base("seat_outlook") is None or not years:
        return Section("idle", say("idle.title"), (Text(say("idle.none"), "absent"),))
    head = (
        Head(say("col.stage"), width=1.2 if reading.language == "zh" else 1.8),
        *(Head(str(year), "right", width=1.3) for year in years),
    )
    rows: list[tuple[str | Cell, ...]] = []
    for stage in reading.seated_stages:
        found = reading.seats(stage)
        cells: list[str | Cell] = [reading.label(stage)]
        for year in years:
            row = row_at(found, year)
            capacity = reading.capacity(row) if row is not None else None
            if row is None or row["gap_p50"] is None or not capacity:
                cells.append(fmt.BLANK)
                continue
            share = fmt.percent(row["demand_p50"] / capacity)
            cells.append(Cell(fmt.count(max(-row["gap_p50"], 0.0)), sub=share))
        rows.append(tuple(cells))
    blocks.append(Table("idle", say("idle.caption"), head, tuple(rows)))
    if words := _schools(reading):
        blocks.append(Text(say("idle.schools", list=fmt.listed(words, reading.language))))
    blocks += _rooms(reading, years)
    return Section("idle", say("idle.title"), tuple(blocks))


def _schools(reading: Reading) -> list[str]:
    frame = reading.base("seat_horizon")
    if frame is None:
        return []
    rows = frame.filter((pl.col("unit_kind") == "school") & pl.col("first_underuse_year").is_not_null())
    words: list[str] = []
    for stage in reading.seated_stages:
        own = rows.filter(pl.col("stage") == stage)
        if own.height:
            first = min(own["first_underuse_year"].to_list())
            words.append(
                reading.say("idle.school_year", stage=reading.stage(stage), count=own.height, year=first)
            )
    return words


def _rooms(reading: Reading, years: list[int]) -> list[Block]:
    say = reading.say
    frame = reading.base("class_size_room")
    if frame is None:
        return [Text(say("room.none"), "absent")]
    regional = frame.filter((pl.col("unit_kind") == "region") & pl.col("feasible"))
    smallest: dict[tuple[str, int], dict[str, Any]] = {}
    for row in regional.sort("size", descending=True).iter_rows(named=True):
        smallest[(row["stage"], row["year"])] = row
    head = (
        Head(say("col.stage"), width=1.2 if reading.language == "zh" else 1.8),
        *(Head(str(year), "right", width=1.3) for year in years),
    )
    stages = [stage for stage in reading.seated_stages if frame.filter(pl.col("stage") == stage).height]
    rows: list[tuple[str | Cell, ...]] = []
    for stage in stages:
        cells: list[str | Cell] = [reading.label(stage)]
        for year in years:
            row = smallest.get((stage, year))
            cells.append(
                say("room.not")
                if row is None
                else Cell(
                    say("room.size", size=row["size"]),
                    sub=say("room.need", classes=fmt.count(row["classes"]), posts=fmt.count(row["posts"])),
                )
            )
        rows.append(tuple(cells))
    if not rows:
        return [Text(say("room.none"), "absent")]
    return [
        Heading(say("room.title")),
        Text(say("room.lead")),
        Table("rooms", say("room.caption"), head, tuple(rows)),
    ]
