"""Why the numbers change: causes of the change by stage, summing to the whole."""

from __future__ import annotations

import polars as pl

from junheng.report import format as fmt
from junheng.report import wording
from junheng.report.charts import Drivers
from junheng.report.content import Figure, Grid, Section, Text
from junheng.report.reading import Reading
from junheng.report.suppression import Protection

ORDER = (
    "births",
    "young_migration",
    "migration",
    "yield",
    "progression",
    "flows",
    "housing",
    "policy",
    "scope",
)


def section(reading: Reading, _: Protection) -> Section:
    """One panel a stage for the change from the origin to the last year decomposed."""
    say = reading.say
    frame = reading.base("forecast_drivers")
    own = None if frame is None else frame.filter(pl.col("unit_kind") == "region")
    if own is None or own.is_empty():
        return Section("drivers", say("why.title"), (Text(say("why.none"), "absent"),))
    last = max(own["to_year"].to_list())
    own = own.filter(pl.col("to_year") == last)
    first = min(own["from_year"].to_list())
    figures = [
        figure
        for stage in reading.stages
        if (figure := causes(reading, own.filter(pl.col("stage") == stage), stage)) is not None
    ]
    lead = Text(say("why.lead", from_year=first, to_year=last), "lead")
    return Section("drivers", say("why.title"), (lead, Grid(tuple(figures))))


def causes(reading: Reading, rows: pl.DataFrame, stage: str) -> Figure | None:
    """Causes of the change of one unit and stage (`rows` of one from-year and to-year) as bars; None when
    nothing changes."""
    say, language = reading.say, reading.language
    found = {
        component: (low, middle, high)
        for component, low, middle, high in rows.select(
            "component", "pupils_p10", "pupils_p50", "pupils_p90"
        ).iter_rows()
        if middle is not None and fmt.half_up(middle) != 0
    }
    if not found:
        return None
    known = [name for name in ORDER if name in found] + sorted(name for name in found if name not in ORDER)
    bars = tuple(
        (
            wording.name_of_word(name, language),
            low if low is not None else middle,
            middle,
            high if high is not None else middle,
        )
        for name in known
        for low, middle, high in [found[name]]
    )
    from_year, to_year = rows["from_year"][0], rows["to_year"][0]
    total = sum(bar[2] for bar in bars)
    whole = _change(reading, stage, from_year, to_year)
    if whole is not None and fmt.half_up(whole) != fmt.half_up(total):
        rest = whole - total  # medians of parts do not add up to the median of the whole
        bars, total = (*bars, (say("why.rest"), rest, rest, rest)), whole
    largest = sorted(bars, key=lambda bar: -abs(bar[2]))[:3]
    parts = [say("why.part", name=bar[0], value=fmt.signed(bar[2])) for bar in largest]
    title = say(
        "why.figure",
        stage=reading.label(stage),
        from_year=from_year,
        to_year=to_year,
        total=fmt.signed(total),
        parts=fmt.listed(parts, language),
    )
    every = fmt.listed([say("why.part", name=bar[0], value=fmt.signed(bar[2])) for bar in bars], language)
    return Figure(f"why-{stage}", "drivers", title, every, Drivers(bars, (say("why.total"), total)))


def _change(reading: Reading, stage: str, from_year: int, to_year: int) -> float | None:
    """Median of a year less the count of another, as shown elsewhere; None when either is not known."""
    counted = dict(reading.actual(stage)).get(from_year)
    then = next((row["p50"] for row in reading.path(stage) if row["year"] == to_year), None)
    return None if counted is None or then is None else then - counted
