"""The warnings list: red and orange one by one with reason and remedy, yellow by kind when there are many."""

from __future__ import annotations

from typing import Any

from junheng.report import format as fmt
from junheng.report import wording
from junheng.report.content import Block, Cell, Head, Section, Table, Text
from junheng.report.reading import Reading
from junheng.report.sections.headline import LEVELS
from junheng.report.suppression import Protection

MOST_WARNINGS = 80
FEW = 15
"""Up to this many yellow warnings are listed one by one."""
NAMED = 5
KINDS = ("region", "area", "school")


def section(reading: Reading, protection: Protection) -> Section:
    """Warnings by level, first year and code."""
    say = reading.say
    if reading.base("seat_outlook") is None:
        return Section("warnings", say("warn.title"), (Text(say("warn.no_table"), "absent"),))
    frame = reading.base("seat_warnings")
    if frame is None:
        return Section("warnings", say("warn.title"), (Text(say("warn.none"), "lead"),))
    rows = sorted(frame.iter_rows(named=True), key=_place)
    urgent = [row for row in rows if row["level"] in ("red", "orange")]
    rest = [row for row in rows if row["level"] not in ("red", "orange")]
    listed = rows if len(rest) <= FEW else urgent
    blocks: list[Block] = [Text(say("warn.lead"), "lead")]
    if listed:
        blocks.append(_list(reading, protection, listed))
    if rest and listed is urgent:
        blocks.append(_grouped(reading, rest))
    return Section("warnings", say("warn.title"), tuple(blocks))


def _place(row: dict[str, Any]) -> tuple[Any, ...]:
    """Order of warnings: level, the region and its towns before schools, first year, code."""
    level = LEVELS.index(row["level"]) if row["level"] in LEVELS else len(LEVELS)
    kind = KINDS.index(row["unit_kind"]) if row["unit_kind"] in KINDS else len(KINDS)
    return (level, kind, row["from_year"] or 0, row["unit_code"], row["warning_id"])


def _list(reading: Reading, protection: Protection, rows: list[dict[str, Any]]) -> Table:
    say = reading.say
    shown = rows[:MOST_WARNINGS]
    stage = 0.9 if reading.language == "zh" else 1.6
    head = (
        Head(say("col.level"), width=1.1),
        Head(say("col.unit"), width=2.0),
        Head(say("col.stage"), width=stage),
        Head(say("col.years"), width=1.8),
        Head(say("col.probability"), "right", width=1.3),
        Head(say("col.affected"), "right", width=1.1),
        Head(say("col.reason"), width=4.6),
        Head(say("col.lever"), width=2.6),
        Head(say("col.left"), "right", width=1.3),
    )
    left = len(rows) - len(shown)
    return Table(
        "warnings",
        say("warn.caption", count=len(rows)),
        head,
        tuple(_row(reading, protection, row) for row in shown),
        more=say("more_rows", count=left, sheet=reading.sheet("seat_warnings")) if left else "",
    )


def _grouped(reading: Reading, rows: list[dict[str, Any]]) -> Table:
    """Yellow warnings by kind and stage: too many to read one by one."""
    say = reading.say
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["kind"] or "", row["stage"] or ""), []).append(row)
    body: list[tuple[str | Cell, ...]] = []
    ranked = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    for (kind, stage), members in ranked:
        units = list(dict.fromkeys((row["unit_kind"], row["unit_code"]) for row in members))
        names = [reading.name(*unit) for unit in units[:NAMED]]
        words = fmt.listed(names, "zh" if reading.language == "zh" else "en")
        if len(units) > NAMED:
            words = say("warn.and_more", names=words, count=len(units))
        code = f"report.kind.{kind}"
        body.append(
            (
                Cell(say("level.yellow"), light="yellow"),
                wording.say(code, reading.language) if wording.has(code) else kind,
                reading.stage(stage) if stage else fmt.BLANK,
                fmt.count(len(members)),
                str(min(row["from_year"] or 0 for row in members) or fmt.BLANK),
                words,
            )
        )
    head = (
        Head(say("col.level"), width=0.8),
        Head(say("col.kind_of_warning"), width=1.6),
        Head(say("col.stage"), width=0.9),
        Head(say("col.count"), "right", width=0.8),
        Head(say("col.first"), "right", width=0.9),
        Head(say("col.where"), width=5),
    )
    caption = say("warn.grouped", count=len(rows))
    return Table(
        "warnings-yellow",
        caption,
        head,
        tuple(body),
        note=say("warn.grouped_note", sheet=reading.sheet("seat_warnings")),
    )


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
        reason_words(reading, protection, row),
        lever_words(reading, row["lever"], row["lever_parameters"]),
        fmt.percent(row["residual_p"]) if row["lever"] else fmt.BLANK,
    )


def reason_words(reading: Reading, protection: Protection, row: dict[str, Any]) -> str:
    """Why, with the two largest causes behind it."""
    held = wording.parameters_of(row["reason_parameters"])
    drivers = held.pop("drivers", None) or []
    if row["unit_kind"] != "region":
        held = protection.parameters(held)
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
    """A remedy in words: the room's own sentence where there is one, else its name with its numbers. One that
    does not close the matter is said to ease it only."""
    if not lever:
        return reading.say("warn.no_lever")
    held = wording.parameters_of(parameters)
    if held.pop("closes", True) is False:
        return reading.say("warn.eases", lever=_lever_named(reading, lever, held))
    return _lever_named(reading, lever, held)


def _lever_named(reading: Reading, lever: str, held: dict[str, Any]) -> str:
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
