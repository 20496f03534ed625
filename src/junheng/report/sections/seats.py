"""Where seats run short: maps by year, and a heat table of towns by year for each stage."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from junheng.report import format as fmt
from junheng.report.content import Block, Cell, Figure, Head, Section, Table, Text
from junheng.report.maps import Panels, Places, Shapes, shapes
from junheng.report.reading import Reading
from junheng.report.sections.headline import named, shortage, year_ahead
from junheng.report.suppression import Protection

MAP_LEADS = (1, 3, 5, 10)
CLASS_EDGES = (0.2, 0.4, 0.6, 0.8)
STRONG = 3
MAP_ROWS = 3
SHORT_STEPS = (0.0, 0.05, 0.15, 0.30)
IDLE_STEPS = (0.10, 0.20, 0.35, 0.50)
LIKELY = 0.5
MOST_AREAS = 60
HIDDEN = "…"


def section(reading: Reading, protection: Protection) -> Section:
    """Lead sentences, map, heat tables; what is missing is said."""
    blocks: list[Block] = []
    stages = [
        stage for stage in reading.seated_stages if reading.seats(stage, "area") or reading.seats(stage)
    ]
    if not stages:
        blocks.append(Text(reading.say("seats.none"), "absent"))
        blocks += _places(reading, protection)
        return Section("seats", reading.say("seats.title"), tuple(blocks))
    if reading.areas:
        blocks.append(Text("".join(_lead(reading, stage) for stage in stages), "lead"))
        blocks += _map(reading, stages, protection)
    blocks += [table for stage in stages if (table := _heat(reading, protection, stage)) is not None]
    blocks.append(Text(_heat_note(reading), "note"))
    return Section("seats", reading.say("seats.title"), tuple(blocks))


def _likely(reading: Reading, stage: str) -> list[str]:
    return sorted(
        {row["unit_code"] for row in reading.seats(stage, "area") if (row["p_short"] or 0) >= LIKELY}
    )


def _lead(reading: Reading, stage: str) -> str:
    say = reading.say
    codes = [code for code in _likely(reading, stage) if code in set(reading.areas)]
    found = shortage(reading, stage)
    if not codes or found is None:
        return say("seats.lead_none", stage=reading.label(stage)) + (" " if reading.language == "en" else "")
    return say(
        "seats.lead_short",
        stage=reading.label(stage),
        areas=named(reading, codes),
        year=found.worst_year,
        seats=fmt.count(found.seats),
    ) + (" " if reading.language == "en" else "")


def _school_points(reading: Reading) -> list[tuple[float, float]]:
    schools = reading.table("schools")
    if schools is None or not {"longitude", "latitude"} <= set(schools.columns):
        return []
    return [(x, y) for x, y in schools.select("longitude", "latitude").drop_nulls().iter_rows()]


def _known(reading: Reading, drawn: Shapes) -> bool:
    return any(code in drawn.rings for code in reading.areas)


def _public_map(reading: Reading, protection: Protection) -> Text | None:
    if protection.active and not reading.source.map_approval:
        return Text(reading.say("seats.map_not_public"), "absent")
    return None


def _note(reading: Reading, text: str) -> str:
    approval = reading.source.map_approval
    return text + (reading.say("seats.map_approval", number=approval) if approval else "")


def _places(reading: Reading, protection: Protection) -> list[Block]:
    """The plain map of areas and schools, when there is nothing to colour it by."""
    if not reading.source.boundaries:
        return []
    if refused := _public_map(reading, protection):
        return [refused]
    drawn = shapes(reading.source.boundaries, _school_points(reading))
    if not drawn.rings:
        return [Text(reading.say("seats.map_unmatched"), "absent")]
    names = {code: reading.name("area", code) for code in drawn.rings}
    title = reading.say("data.places_title", areas=len(drawn.rings), schools=len(drawn.points))
    return [
        Figure(
            "places",
            "places",
            title,
            title,
            Places(drawn, names),
            _note(reading, reading.say("data.places_note")),
        )
    ]


def _map(reading: Reading, stages: list[str], protection: Protection) -> list[Block]:
    if not reading.source.boundaries:
        return [Text(reading.say("seats.map_missing"), "absent")]
    if refused := _public_map(reading, protection):
        return [refused]
    drawn = shapes(reading.source.boundaries)
    if not _known(reading, drawn):
        return [Text(reading.say("seats.map_unmatched"), "absent")]
    years = sorted({year for lead in MAP_LEADS if (year := year_ahead(reading, lead)) is not None})
    by_stage = {stage: _chances(reading, stage, years) for stage in stages}
    ranked = sorted(stages, key=lambda stage: (-_worst(by_stage[stage]), stages.index(stage)))
    chosen = [stage for stage in ranked if _worst(by_stage[stage]) >= CLASS_EDGES[0]][:MAP_ROWS] or ranked[:1]
    chosen.sort(key=stages.index)
    rows = tuple(
        (
            reading.stage(stage),
            tuple((fmt.school_year(year, reading.language), by_stage[stage][year]) for year in years),
        )
        for stage in chosen
    )
    likely = {(stage, year): _count_likely(reading, stage, year) for stage in chosen for year in years}
    (stage, year), most = max(likely.items(), key=lambda item: (item[1], -item[0][1]))
    where = (
        reading.say("seats.map_where", stage=reading.stage(stage), year=year, count=most)
        if most
        else reading.say("seats.map_calm")
    )
    edges = (0.0, *CLASS_EDGES, 1.0)
    words = tuple(f"{fmt.percent(low).rstrip('%')}–{fmt.percent(high)}" for low, high in pairwise(edges))
    spec = Panels(
        drawn,
        rows,
        words,
        reading.say("seats.no_data"),
        {code: reading.name("area", code) for code in drawn.rings},
        STRONG,
    )
    alt = reading.say(
        "seats.map_alt",
        rows=fmt.listed([f"{reading.stage(s)} {y}" for s in chosen for y in years], reading.language),
    )
    return [
        Figure(
            "map",
            "map",
            reading.say("seats.map_title", where=where),
            alt,
            spec,
            _note(reading, reading.say("seats.map_note")),
        )
    ]


def _chances(reading: Reading, stage: str, years: list[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {year: {} for year in years}
    for row in reading.seats(stage, "area"):
        if row["year"] in found and row["p_short"] is not None:
            found[row["year"]][row["unit_code"]] = sum(row["p_short"] >= edge for edge in CLASS_EDGES)
    return found


def _worst(by_year: dict[int, dict[str, int]]) -> float:
    kinds = [kind for classes in by_year.values() for kind in classes.values()]
    return (0.0, *CLASS_EDGES)[max(kinds)] if kinds else 0.0


def _count_likely(reading: Reading, stage: str, year: int) -> int:
    return sum(
        row["year"] == year and (row["p_short"] or 0) >= LIKELY for row in reading.seats(stage, "area")
    )


def tone(gap: float | None, seats: float | None) -> str:
    """Colour class of a gap as a share of seats: short1-4, idle1-4, or none near balance."""
    if gap is None or not seats:
        return "short4" if gap and gap > 0 else ""
    share = gap / seats
    if share > 0:
        return f"short{sum(share > step for step in SHORT_STEPS)}"
    step = sum(-share >= step for step in IDLE_STEPS)
    return f"idle{step}" if step else ""


def _cell(reading: Reading, protection: Protection, row: dict[str, Any] | None) -> str | Cell:
    if row is None or row["gap_p50"] is None:
        return fmt.BLANK
    if row["unit_kind"] == "area" and protection.small(row["demand_p50"]):
        return HIDDEN
    likely = (row["p_short"] or 0) >= LIKELY
    return Cell(fmt.signed(row["gap_p50"]), tone=tone(row["gap_p50"], reading.capacity(row)), bold=likely)


def _heat(reading: Reading, protection: Protection, stage: str) -> Table | None:
    say = reading.say
    by_unit: dict[str, dict[int, dict[str, Any]]] = {}
    for row in reading.seats(stage, "area"):
        by_unit.setdefault(row["unit_code"], {})[row["year"]] = row
    region = {row["year"]: row for row in reading.seats(stage)}
    years = sorted({year for rows in by_unit.values() for year in rows} | set(region))
    codes = [code for code in reading.areas if code in by_unit]
    left_out = 0
    if len(codes) > MOST_AREAS:
        worst = sorted(codes, key=lambda code: -max(row["gap_p50"] or 0 for row in by_unit[code].values()))
        kept = set(worst[:MOST_AREAS])
        left_out = len(codes) - MOST_AREAS
        codes = [code for code in codes if code in kept]
    rows: list[tuple[str | Cell, ...]] = [
        (reading.name("area", code), *(_cell(reading, protection, by_unit[code].get(year)) for year in years))
        for code in codes
    ]
    if region:
        rows.append(
            (
                Cell(say("region_total"), bold=True),
                *(_cell(reading, protection, region.get(year)) for year in years),
            )
        )
    if not rows:
        return None
    head = (Head(say("col.area"), width=2.4), *(Head(str(year), "right", width=0.9) for year in years))
    return Table(
        f"heat-{stage}",
        say("seats.heat_caption", stage=reading.label(stage)),
        head,
        tuple(rows),
        more=say("more_rows", count=left_out, sheet=reading.sheet("seat_outlook")) if left_out else "",
        dense=True,
    )


def _heat_note(reading: Reading) -> str:
    short, idle = (", ".join(fmt.percent(step) for step in steps) for steps in (SHORT_STEPS, IDLE_STEPS))
    return reading.say("seats.heat_note", short=">" + short, idle="≥" + idle)
