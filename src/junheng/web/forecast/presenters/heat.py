"""Units by years: short red, idle blue, as a table one can read and as bars for the worst year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from junheng.report import format as fmt
from junheng.report.sections.headline import shortage
from junheng.report.sections.seats import HIDDEN, IDLE_STEPS, LIKELY, SHORT_STEPS, tone
from junheng.web.figures import charts
from junheng.web.figures.unit_reading import UnitReading
from junheng.web.forecast.presenters.parts import stage_label, stage_name, with_stage
from junheng.web.forecast.queries import Shown
from junheng.web.house.page import Anchor, Cell, DataTable, Head, Island, Paging, Row
from junheng.web.wording import say

Measure = Literal["gap", "chance", "use"]
MEASURES: tuple[Measure, ...] = ("gap", "chance", "use")
YEARS_SHOWN = 8
ROWS_SHOWN = 40
BARS_SHOWN = 14
CHANCE_STEPS = (0.2, 0.5, 0.8, 0.95)

Lookup = dict[str, dict[int, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of the heat table is looked at: first year, measure, page of rows."""

    first: int = 0
    measure: Measure = "gap"
    page: int = 1


def window(asked: Any) -> Window:
    """From a query string; what makes no sense is passed over."""
    measure: Any = asked.get("show", "gap")
    return Window(
        _number(asked.get("from", "")),
        measure if measure in MEASURES else "gap",
        max(1, _number(asked.get("page", ""))),
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def rows_of(read: UnitReading, stage: str) -> Lookup:
    """Seat outlook of the units one level below, by code and year; of a school, its own."""
    frame = read.base("seat_outlook")
    kind, codes = read.children
    if frame is None:
        return {}
    held = frame.filter(
        (pl.col("unit_kind") == kind) & pl.col("unit_code").is_in(codes) & (pl.col("stage") == stage)
    ).sort("unit_code", "year")
    found: Lookup = {}
    for row in held.iter_rows(named=True):
        found.setdefault(row["unit_code"], {})[row["year"]] = row
    return found


def horizon(read: UnitReading, stage: str, rows: Lookup) -> list[int]:
    """Every year the seats of this stage are known for."""
    own = {row["year"] for row in read.own_seats(stage)}
    return sorted({year for by_year in rows.values() for year in by_year} | own)


def shown_years(years: list[int], at: Window) -> list[int]:
    """The years of the window: from the one asked for, as many as fit."""
    start = next((place for place, year in enumerate(years) if year >= at.first), 0)
    return years[start : start + YEARS_SHOWN]


def table(shown: Shown, rows: Lookup, at: Window) -> DataTable:
    """The heat table: one row a unit, one column a year, the unit itself at the foot."""
    read, scope, stage = shown.reading, shown.scope, shown.stage
    every = horizon(read, stage, rows)
    years = shown_years(every, at)
    kind, _ = read.children
    if read.place.kind == "school":
        return _of_stages(shown, years, at)
    codes = _ordered(rows, kind)
    pages = max(1, -(-len(codes) // ROWS_SHOWN))
    number = min(at.page, pages)
    body = [
        Row(
            (
                Anchor(read.name(kind, code), _address(shown, kind, code)),
                *(_cell(shown, rows[code].get(year), at.measure) for year in years),
            ),
            key=code,
        )
        for code in codes[(number - 1) * ROWS_SHOWN : number * ROWS_SHOWN]
    ]
    own = {row["year"]: row for row in read.own_seats(stage)}
    if own:
        total = say("seats_page.total_net" if at.measure == "gap" else "seats_page.total")
        whole = Anchor(total, scope.url("forecast:unit", code=read.place.code))
        body.append(
            Row((whole, *(_cell(shown, own.get(year), at.measure) for year in years)), key=read.place.code)
        )
    head = (Head(say(f"seats_page.col_{kind}")), *(Head(str(year), "right") for year in years))
    return DataTable(
        "heat",
        say(f"seats_page.caption_{at.measure}", stage=stage_label(scope, stage)),
        head,
        tuple(body),
        note=_note(at.measure),
        paging=_paging(shown, at, number, pages, len(codes)) if pages > 1 else None,
        dense=True,
    )


def _of_stages(shown: Shown, years: list[int], at: Window) -> DataTable:
    """A school's own table: one row a stage."""
    read, scope = shown.reading, shown.scope
    body: list[Row] = []
    for stage in read.own_stages:
        by_year = {row["year"]: row for row in read.own_seats(stage)}
        href = with_stage(scope, stage).url("forecast:unit", code=read.place.code)
        cells = (_cell(shown, by_year.get(year), at.measure) for year in years)
        body.append(Row((Anchor(stage_label(scope, stage), href), *cells), key=stage))
    head = (Head(say("seats_page.col_stage")), *(Head(str(year), "right") for year in years))
    caption = say(f"seats_page.caption_{at.measure}", stage=read.place.name)
    return DataTable("heat", caption, head, tuple(body), note=_note(at.measure), dense=True)


def _ordered(rows: Lookup, kind: str) -> list[str]:
    """Areas in order of code; schools with the largest shortage first, since most of them have none."""
    if kind == "area":
        return sorted(rows)
    return sorted(rows, key=lambda code: (-max(row["gap_p50"] or 0.0 for row in rows[code].values()), code))


def _address(shown: Shown, kind: str, code: str) -> str:
    """An area opens its own table of schools, a school its detail."""
    if kind == "school":
        return shown.scope.url("forecast:unit", code=code)
    below = with_stage(shown.scope, shown.stage)
    return below.url("forecast:seats", unit=code)


def _cell(shown: Shown, row: dict[str, Any] | None, measure: Measure) -> str | Cell:
    if row is None or row["gap_p50"] is None:
        return fmt.BLANK
    if shown.protection.small(row["demand_p50"]):
        return HIDDEN
    read = shown.reading
    likely = (row["p_short"] or 0.0) >= LIKELY
    if measure == "chance":
        step = sum((row["p_short"] or 0.0) >= edge for edge in CHANCE_STEPS)
        return Cell(fmt.percent(row["p_short"]), tone=f"short{step}" if step else "", bold=likely)
    if measure == "use":
        return Cell(
            fmt.percent(row["utilisation"]), tone=tone(row["gap_p50"], read.capacity(row)), bold=likely
        )
    return Cell(fmt.signed(row["gap_p50"]), tone=tone(row["gap_p50"], read.capacity(row)), bold=likely)


def _note(measure: Measure) -> str:
    if measure == "chance":
        return say("seats_page.note_chance", steps=", ".join(fmt.percent(step) for step in CHANCE_STEPS))
    short, idle = (", ".join(fmt.percent(step) for step in steps) for steps in (SHORT_STEPS, IDLE_STEPS))
    return say("seats_page.note_gap", short=">" + short, idle="≥" + idle)


def _query(at: Window, **changes: Any) -> str:
    held = {"from": at.first or "", "show": "" if at.measure == "gap" else at.measure, **changes}
    return "&".join(f"{name}={value}" for name, value in held.items() if value not in ("", None))


def _paging(shown: Shown, at: Window, number: int, pages: int, count: int) -> Paging:
    def to(page: int) -> str:
        if not 1 <= page <= pages:
            return ""
        return shown.scope.url("forecast:seats", query=_query(at, page=page))

    return Paging(number, pages, count, to(number - 1), to(number + 1))


def measures(shown: Shown, at: Window) -> tuple[tuple[Anchor, bool], ...]:
    """What the cells may show."""
    scope = shown.scope
    return tuple(
        (
            Anchor(
                say(f"seats_page.measure_{one}"),
                scope.url("forecast:seats", query=_query(at, show="" if one == "gap" else one)),
            ),
            one == at.measure,
        )
        for one in MEASURES
    )


def stages(shown: Shown, at: Window) -> tuple[tuple[Anchor, bool], ...]:
    """The stages that have seats here."""
    return tuple(
        (
            Anchor(
                _assumed(shown, stage),
                with_stage(shown.scope, stage).url("forecast:seats", query=_query(at)),
            ),
            stage == shown.stage,
        )
        for stage in shown.reading.own_stages
    )


def _assumed(shown: Shown, stage: str) -> str:
    """Name of a stage; the one nobody chose says why it is shown."""
    name = stage_name(shown.scope, stage)
    return say("seats_page.assumed", stage=name) if shown.assumed and stage == shown.stage else name


def years_paging(shown: Shown, rows: Lookup, at: Window) -> tuple[Anchor | None, str, Anchor | None]:
    """Earlier years, the years shown, later years."""
    every = horizon(shown.reading, shown.stage, rows)
    years = shown_years(every, at)
    if not years:
        return None, "", None
    start = every.index(years[0])

    def to(place: int, code: str) -> Anchor:
        return Anchor(
            say(f"seats_page.{code}"),
            shown.scope.url("forecast:seats", query=_query(at, **{"from": every[place]})),
        )

    before = to(max(0, start - YEARS_SHOWN), "years_before") if start else None
    after = to(start + YEARS_SHOWN, "years_after") if start + YEARS_SHOWN < len(every) else None
    return before, say("seats_page.years", first=years[0], last=years[-1]), after


def worst_year(shown: Shown, rows: Lookup) -> int | None:
    """The year in which the units together lack most; failing any, the last of the window's first page."""
    found = shortage(shown.reading, shown.stage)
    if found is not None:
        return found.worst_year
    totals: dict[int, float] = {}
    for by_year in rows.values():
        for year, row in by_year.items():
            totals[year] = totals.get(year, 0.0) + max(row["gap_p50"] or 0.0, 0.0)
    if not totals:
        return None
    return max(totals, key=lambda year: (totals[year], -year)) if any(totals.values()) else max(totals)


def bars(shown: Shown, rows: Lookup) -> Island | None:
    """Who lacks how many seats in the worst year, with ranges; rows and bars answer to each other."""
    year = worst_year(shown, rows)
    if year is None or len(rows) < 2:
        return None
    kind, _ = shown.reading.children
    found = [(code, row) for code, by_year in rows.items() if (row := by_year.get(year)) is not None]
    found = [(code, row) for code, row in found if row["gap_p50"] is not None]
    found.sort(key=lambda pair: (-pair[1]["gap_p50"], pair[0]))
    kept, left = found[:BARS_SHOWN], len(found) - BARS_SHOWN
    short = sum(row["gap_p50"] > 0.5 for _, row in found)
    title = say(
        "seats_page.bars_title" if short else "seats_page.bars_title_none",
        year=year,
        count=short,
        unit=say(f"seats_page.unit_{kind}"),
        stage=stage_label(shown.scope, shown.stage),
    )
    items = [
        {
            "label": shown.reading.name(kind, code),
            "key": code,
            "href": shown.scope.url("forecast:unit", code=code),
            **charts.change(row["gap_p50"]),
            "low": round(row["gap_p10"], 1),
            "high": round(row["gap_p90"], 1),
            "range": fmt.between(row["gap_p10"], row["gap_p90"]),
            "strong": (row["p_short"] or 0.0) >= LIKELY,
        }
        for code, row in kept
    ]
    spec = {
        "kind": "bars",
        "title": title,
        "unit": say("figures.seats"),
        "summary": title,
        "tones": "short",
        "items": items,
        "words": {"range": say("figures.range")},
    }
    note = say("seats_page.bars_more", count=left) if left > 0 else ""
    return Island("chart", "bars", title, spec, note=note, height=40 + 22 * len(items))
