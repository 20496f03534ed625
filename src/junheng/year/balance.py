"""Indicators and official assessments of the year, and the indicators of the years before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from junheng import monitoring
from junheng.model import Finding, Region
from junheng.monitoring.measuring import measure_years
from junheng.monitoring.result import Measurement
from junheng.monitoring.watching import Watch
from junheng.rules import RuleBook, Standards

YEARS = 4
"""School years measured: the last one and those its trend and the steps of a plan are held against."""
BASES = ("school_years", "classes", "rooms", "teachers", "finance", "reported_counts", "external_results")
"""Any of these tables makes there be something to measure beyond pupils."""
COUNTY = "county"
COUNTY_DIGITS = 6
PERSONS = ("teacher",)
"""Levels of single persons: their rows stay where the tables are and enter no run."""


@dataclass(frozen=True, slots=True)
class Balance:
    """Output tables, findings and checks that failed."""

    tables: dict[str, pl.DataFrame] = field(default_factory=dict[str, pl.DataFrame])
    findings: tuple[Finding, ...] = ()
    failed: tuple[str, ...] = ()


def balance(
    tables: Mapping[str, pl.DataFrame],
    book: RuleBook,
    region: Region,
    year: int,
    tell: Callable[..., None],
    forecast: pl.DataFrame | None = None,
) -> Balance | None:
    """What the law of each year says of it; assessments are judged for a county alone, and warnings look at
    what `forecast` (rows of `forecast_enrolment`) brings. None when no table but those of pupils and places
    is filled."""
    if not any(name in tables and tables[name].height for name in BASES):
        return None
    years = range(year - YEARS + 1, year + 1)
    tell("year.measuring", year=f"{years[0]}–{year}")
    laws = {past: book.at(date(past, 9, 1), region) for past in years}
    measured = measure_years(tables, laws, region=region)
    failed = measured.check()
    found = dict(measured.tables)
    tell("year.watching")
    watched = _watched(found["indicator_values"], laws[year], forecast)
    found |= watched.tables
    failed += watched.check()
    if _is_county(region, tables):
        tell("year.assessing")
        judged = _assessed(tables, laws[year], region, year, measured)
        found |= judged.tables
        failed += judged.failed
    impersonal = {
        name: frame.filter(~pl.col("level").is_in(PERSONS))
        for name, frame in found.items()
        if "level" in frame.columns
    }
    return Balance(found | impersonal, measured.findings, tuple(failed))


def _watched(values: pl.DataFrame, law: Standards, forecast: pl.DataFrame | None) -> Watch:
    """Warnings about units; what is about single persons stays where the tables are."""
    units = values.filter(~pl.col("level").is_in(PERSONS))
    return monitoring.watch(units, law.indicators, forecast=forecast)


def _assessed(
    tables: Mapping[str, pl.DataFrame], law: Standards, region: Region, year: int, measured: Measurement
) -> Balance:
    parts: dict[str, list[pl.DataFrame]] = {}
    failed: list[str] = []
    for name in sorted(law.assessments):
        result = monitoring.assess(
            tables, law.assessments[name], year=year, law=law, region=region, measured=measured
        )
        failed += result.check()
        for table, frame in result.tables.items():
            if table.startswith("assessment_"):
                parts.setdefault(table, []).append(frame)
    return Balance({name: pl.concat(frames) for name, frames in parts.items()}, (), tuple(failed))


def _is_county(region: Region, tables: Mapping[str, pl.DataFrame]) -> bool:
    """Whether the region is one county: a wider one is assessed county by county."""
    areas = tables.get("areas")
    below: Sequence[str] = []
    if areas is not None and "level" in areas.columns:
        below = areas.filter(pl.col("level") == COUNTY)["area_code"].to_list()
    return len(region.code) >= COUNTY_DIGITS and not [code for code in below if code != region.code]
