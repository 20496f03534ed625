"""The warnings list, empty seats, and the room for smaller classes."""

from __future__ import annotations

from typing import Any

import polars as pl

from junheng.report import format as fmt
from junheng.report import wording
from junheng.report.content import Block, Cell, Head, Heading, Section, Table, Text
from junheng.report.reading import Reading
from junheng.report.sections.headline import LEVELS, row_at, year_ahead
from junheng.report.suppression import Protection

MOST_WARNINGS = 80
LEADS = (1, 3, 5, 10, 15)


def section(reading: Reading, protection: Protection) -> Section:
    """Warnings by level, first year and code."""
    say = reading.say
    if reading.base("seat_outlook") is None:
        return Section("warnings", say("warn.title"), (Text(say("warn.no_table"), "absent"),))
    frame = reading.base("seat_warnings")
    if frame is None:
        return Section("warnings", say("warn.title"), (Text(say("warn.none"), "lead"),))
    order = {level: index for index, level in enumerate(LEVELS)}
    rows = sorted(
        frame.iter_rows(named=True),
        key=lambda row: (
            order.get(row["level"], 9),
            row["from_year"] or 0,
            row["unit_code"],
            row["warning_id"],
        ),
    )
    shown = rows[:MOST_WARNINGS]
    head = (
        Head(say("col.level"), width=0.9),
        Head(say("col.unit"), width=1.9),
        Head(say("col.stage"), width=0.9),
        Head(say("col.years"), width=1.2),
        Head(say("col.probability"), "right", width=0.9),
        Head(say("col.affected"), "right", width=1.0),
        Head(say("col.reason"), width=4.2),
        Head(say("col.lever"), width=2.2),
        Head(say("col.left"), "right", width=0.9),
    )
    table = Table(
        "warnings",
        say("warn.caption", count=len(rows)),
        head,
        tuple(_row(reading, protection, row) for row in shown),
        more=say("more_rows", count=len(rows) - len(shown), sheet=reading.sheet("seat_warnings"))
        if len(rows) > len(shown)
        else "",
    )
    return Section("warnings", say("warn.title"), (Text(say("warn.lead"), "lead"), table))


def _row(reading: Reading, protection: Protection, row: dict[str, Any]) -> tuple[str | Cell, ...]:
    say = reading.say
    level = row["level"] if row["level"] in LEVELS else "yellow"
    years = str(row["from_year"] or fmt.BLANK)
    if row["to_year"] is not None and row["to_year"] != row["from_year"]:
        years = f"{row['from_year']}–{row['to_year']}"
    return (
        Cell(say(f"level.{level}"), light=level),
        reading.name(row["unit_kind"], row["unit_code"]),
        reading.stage(row["stage"]) if row["stage"] else fmt.BLANK,
        years,
        fmt.percent(row["probability"]),
        protection.count(row["pupils_affected"]),
        _reason(reading, row),
        lever_words(reading, row["lever"], row["lever_parameters"]),
        fmt.percent(row["residual_p"]) if row["lever"] else fmt.BLANK,
    )


def _reason(reading: Reading, row: dict[str, Any]) -> str:
    """Why, with the two largest causes behind it."""
    held = wording.parameters_of(row["reason_parameters"])
    drivers = held.pop("drivers", None) or []
    sentence = wording.reason(row["reason_code"] or "", held, reading.language, reading.unit)
    causes = [
        reading.say(
            "why.part",
            name=wording.name_of_word(one["component"], reading.language),
            value=fmt.signed(one["pupils"]),
        )
        for one in drivers
        if isinstance(one, dict) and one.get("component") and fmt.half_up(one.get("pupils") or 0.0) != 0
    ]
    if not causes:
        return sentence
    return sentence + reading.say("warn.causes", list=fmt.listed(causes, reading.language))


def lever_words(reading: Reading, lever: str | None, parameters: str | None) -> str:
    """A remedy in words: the room's own sentence where there is one, else its name with its numbers."""
    if not lever:
        return reading.say("warn.no_lever")
    held = wording.parameters_of(parameters)
    for code in (f"forecast.lever.{lever}", f"lever.{lever}.words", f"lever_{lever}"):
        if wording.has(code):
            words = wording.reason(code, held, reading.language, reading.unit)
            year = held.get("from_year")
            return words + reading.say("warn.lever_year", year=year) if year else words
    name = wording.name_of_word(lever, reading.language)
    details: list[str] = []
    for key, value in held.items():
        unit = wording.name_of_word(key, reading.language)
        if isinstance(value, str):
            details.append(reading.unit(value))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            word = f"report.quantity.{key}"
            number = str(value) if "year" in key else fmt.count(float(value))
            details.append(
                wording.say(word, reading.language, value=number) if wording.has(word) else f"{unit} {number}"
            )
    return (
        reading.say("lever_with", lever=name, detail=fmt.listed(details, reading.language))
        if details
        else name
    )


def idle_section(reading: Reading, _: Protection) -> Section:
    """Empty seats of the region by stage and year, and the smallest class size that fits."""
    say = reading.say
    blocks: list[Block] = []
    years = sorted({year for lead in LEADS if (year := year_ahead(reading, lead)) is not None})
    if reading.base("seat_outlook") is None or not years:
        return Section("idle", say("idle.title"), (Text(say("idle.none"), "absent"),))
    head = (Head(say("col.stage"), width=1.2), *(Head(str(year), "right", width=1.3) for year in years))
    rows: list[tuple[str | Cell, ...]] = []
    for stage in reading.seated_stages:
        found = reading.seats(stage)
        cells: list[str | Cell] = [reading.stage(stage)]
        for year in years:
            row = row_at(found, year)
            if row is None or row["gap_p50"] is None or not row["seats_standard"]:
                cells.append(fmt.BLANK)
                continue
            share = fmt.percent(row["demand_p50"] / row["seats_standard"])
            cells.append(Cell(fmt.count(max(-row["gap_p50"], 0.0)), sub=share))
        rows.append(tuple(cells))
    blocks.append(Table("idle", say("idle.caption"), head, tuple(rows)))
    if words := _idle_schools(reading):
        blocks.append(Text(say("idle.schools", list=fmt.listed(words, reading.language))))
    blocks += _rooms(reading, years)
    return Section("idle", say("idle.title"), tuple(blocks))


def _idle_schools(reading: Reading) -> list[str]:
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
    head = (Head(say("col.stage"), width=1.2), *(Head(str(year), "right", width=1.3) for year in years))
    stages = [stage for stage in reading.seated_stages if frame.filter(pl.col("stage") == stage).height]
    rows: list[tuple[str | Cell, ...]] = []
    for stage in stages:
        cells: list[str | Cell] = [reading.stage(stage)]
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
