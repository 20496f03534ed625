"""The only numbers that leave for the public: fixed slices by area and stage, each cell protected once, here.

Pages, CSV and JSON are written from these rows and nothing else, so what is hidden on a page is hidden in
every file. A count of children hidden because it is small shows as "<10"; one hidden because the first could
be worked out from it shows as "…".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from junheng.model.stages import STAGES
from junheng.report.reading import Reading
from junheng.report.sections.headline import row_at
from junheng.report.suppression import Protection

LEADS = (1, 3, 5, 10)
TIGHT = 0.5
"""Probability of a shortage from which a place is called tight."""
LEAST_SHORT = 0.5
WHOLE_REGION = ""
ONLY_REGION = ("special",)
"""Stages shown for the whole region only: so few schools that an area would be one school."""
OTHER = "…"
"""What stands for a cell hidden to protect another."""


@dataclass(frozen=True, slots=True)
class Count:
    """Children of an area (or `WHOLE_REGION`) in a stage and year; numbers are None when hidden."""

    area: str
    stage: str
    year: int
    expected: bool
    value: float | None
    low: float | None
    high: float | None
    hidden: str
    """"" when shown, else what stands for it."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Seats of an area in a stage and year; use and balance are None when demand is hidden."""

    area: str
    stage: str
    year: int
    seats: float | None
    utilisation: float | None
    balance: float | None
    hidden: str


@dataclass(frozen=True, slots=True)
class Tight:
    """An area and stage expected to be short in the years from `first` to `last`, by `most` at most."""

    area: str
    stage: str
    first: int
    last: int
    most: float | None
    hidden: str


@dataclass(frozen=True, slots=True)
class School:
    """A school by name; no number of its pupils."""

    area: str
    name: str
    kind: str
    ownership: str


@dataclass(frozen=True, slots=True)
class Slices:
    """All that is published."""

    counted: int
    years: tuple[int, ...]
    stages: tuple[str, ...]
    areas: tuple[str, ...]
    pupils: tuple[Count, ...]
    seats: tuple[Seat, ...]
    tight: tuple[Tight, ...]
    schools: tuple[School, ...]
    school_counts: tuple[tuple[str, str, int], ...]
    """(area or whole region, stage, schools with pupils)."""

    def count(self, area: str, stage: str, year: int) -> Count | None:
        """The cell of an area, stage and year."""
        return next(
            (one for one in self.pupils if (one.area, one.stage, one.year) == (area, stage, year)), None
        )

    def seat(self, area: str, stage: str) -> Seat | None:
        """Seats of an area and stage in the first year ahead."""
        return next((one for one in self.seats if (one.area, one.stage) == (area, stage)), None)


def slices(reading: Reading, protection: Protection) -> Slices:
    """Everything that is published, protected. ValueError unless the protection is the public one."""
    if not protection.active:
        raise ValueError("the public pages are written with the public protection")
    counted = reading.origin or 0
    future = set(reading.future)
    years = tuple(counted + lead for lead in LEADS if counted + lead in future)
    areas = tuple(reading.areas)
    stages = tuple(reading.stages)
    cells = [*_counted(reading, protection, areas, stages, counted)]
    for year in years:
        cells += _expected(reading, protection, areas, stages, year)
    covered = {(one.area, one.stage) for one in cells if one.hidden}
    return Slices(
        counted,
        years,
        stages,
        areas,
        tuple(cells),
        tuple(_seats(reading, protection, areas, years[0] if years else 0, covered)),
        tuple(_tight(reading, protection, areas, covered)),
        tuple(_schools(reading)),
        tuple(_school_counts(reading, areas, stages, counted)),
    )


Triple = tuple[float | None, float | None, float | None]


def _protected(
    protection: Protection, areas: Sequence[str], stages: Sequence[str], values: dict[tuple[str, str], Triple]
) -> dict[tuple[str, str], str]:
    """What stands for each hidden cell. A stage's areas are published beside their total, and the stages'
    totals beside the sum of all: both sums are guarded."""
    marks: dict[tuple[str, str], str] = {}
    for stage in stages:
        keys = [(area, stage) for area in areas if (area, stage) in values]
        _mark(protection, keys, values, marks)
    _mark(
        protection,
        [(WHOLE_REGION, stage) for stage in stages if (WHOLE_REGION, stage) in values],
        values,
        marks,
    )
    for stage in stages:  # a total that is hidden may not be added up from its areas
        if (WHOLE_REGION, stage) in marks:
            for area in areas:
                if (area, stage) in values:
                    marks.setdefault((area, stage), OTHER)
    return marks


def _mark(
    protection: Protection,
    keys: list[tuple[str, str]],
    values: dict[tuple[str, str], Triple],
    marks: dict[tuple[str, str], str],
) -> None:
    amounts = [values[key][0] for key in keys]
    hidden = protection.hidden(amounts, ["total"] * len(keys))
    for key, amount, hide in zip(keys, amounts, hidden, strict=True):
        if hide:
            marks[key] = protection.mark if protection.small(amount) else OTHER


def _cells(
    protection: Protection,
    areas: Sequence[str],
    stages: Sequence[str],
    values: dict[tuple[str, str], Triple],
    year: int,
    expected: bool,
) -> list[Count]:
    marks = _protected(protection, areas, stages, values)
    found: list[Count] = []
    for (area, stage), (middle, low, high) in values.items():
        mark = marks.get((area, stage), "")
        small_end = protection.small(low) or protection.small(high)
        found.append(
            Count(
                area,
                stage,
                year,
                expected,
                None if mark else middle,
                None if mark or small_end else low,
                None if mark or small_end else high,
                mark,
            )
        )
    return found


def _counted(
    reading: Reading, protection: Protection, areas: Sequence[str], stages: Sequence[str], year: int
) -> list[Count]:
    rows = reading.enrolled.filter(pl.col("year") == year)
    values: dict[tuple[str, str], Triple] = {}
    for stage in stages:
        actual = dict(reading.actual(stage))
        if year in actual:
            values[WHOLE_REGION, stage] = (actual[year], None, None)
    by_area = rows.group_by("area_code", "stage").agg(pl.col("pupils").sum()).iter_rows()
    known = {(area, stage): float(pupils) for area, stage, pupils in by_area}
    for stage in stages:
        if stage not in ONLY_REGION:
            for area in areas:
                values[area, stage] = (known.get((area, stage), 0.0), None, None)
    return _cells(protection, areas, stages, values, year, expected=False)


def _expected(
    reading: Reading, protection: Protection, areas: Sequence[str], stages: Sequence[str], year: int
) -> list[Count]:
    frame = reading.base("forecast_enrolment")
    values: dict[tuple[str, str], Triple] = {}
    for stage in stages:
        row = row_at(reading.path(stage), year)
        if row is not None and row["p50"] is not None:
            values[WHOLE_REGION, stage] = (row["p50"], row["p10"], row["p90"])
    if frame is not None:
        rows = frame.filter(pl.col("unit_kind") == "area", pl.col("grade") == "all", pl.col("year") == year)
        for row in rows.iter_rows(named=True):
            if row["unit_code"] in areas and row["stage"] in stages and row["stage"] not in ONLY_REGION:
                values[row["unit_code"], row["stage"]] = (row["p50"], row["p10"], row["p90"])
    return _cells(protection, areas, stages, values, year, expected=True)


def _seats(
    reading: Reading, protection: Protection, areas: Sequence[str], year: int, covered: set[tuple[str, str]]
) -> list[Seat]:
    """Seats are no children, but seats with their use are: where the pupils of an area are hidden
    (`covered`), so is what their seats are used by."""
    values: dict[tuple[str, str], Triple] = {}
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for stage in reading.seated_stages:
        for kind in ("region", "area"):
            for row in reading.seats(stage, kind):
                area = WHOLE_REGION if kind == "region" else row["unit_code"]
                if row["year"] == year and (kind == "region" or area in areas) and stage not in ONLY_REGION:
                    rows[area, stage] = row
                    values[area, stage] = (row["demand_p50"], None, None)
    marks = _protected(protection, areas, reading.seated_stages, values)
    found: list[Seat] = []
    for (area, stage), row in rows.items():
        mark = marks.get((area, stage), OTHER if (area, stage) in covered else "")
        found.append(
            Seat(
                area,
                stage,
                year,
                reading.capacity(row),
                None if mark else row["utilisation"],
                None if mark else row["gap_p50"],
                mark,
            )
        )
    return found


def _tight(
    reading: Reading, protection: Protection, areas: Sequence[str], covered: set[tuple[str, str]]
) -> list[Tight]:
    """Areas and stages with a likely shortage, from the first such year to the last."""
    found: list[Tight] = []
    for area in areas:
        for stage in reading.seated_stages:
            if stage in ONLY_REGION:
                continue
            rows = [
                row
                for row in reading.seats(stage, "area")
                if row["unit_code"] == area
                and (row["p_short"] or 0) >= TIGHT
                and (row["gap_p50"] or 0) > LEAST_SHORT
            ]
            if not rows:
                continue
            most = max(row["gap_p50"] for row in rows)
            small = protection.small(most) or any(protection.small(row["demand_p50"]) for row in rows)
            mark = protection.mark if small else OTHER if (area, stage) in covered else ""
            years = [row["year"] for row in rows]
            found.append(Tight(area, stage, min(years), max(years), None if mark else most, mark))
    return found


def _schools(reading: Reading) -> list[School]:
    frame = reading.table("schools")
    if frame is None:
        return []
    rows = frame.sort("area_code", "school_id")
    year = reading.origin or 0
    if {"opened_year", "closed_year"} <= set(rows.columns):
        rows = rows.filter(
            pl.col("closed_year").is_null() | (pl.col("closed_year") > year),
            pl.col("opened_year").is_null() | (pl.col("opened_year") <= year),
        )
    return [
        School(row["area_code"] or "", row["name"], row["kind"] or "", row.get("ownership") or "")
        for row in rows.iter_rows(named=True)
    ]


def _school_counts(
    reading: Reading, areas: Sequence[str], stages: Sequence[str], year: int
) -> list[tuple[str, str, int]]:
    rows = reading.enrolled.filter((pl.col("year") == year) & (pl.col("pupils") > 0))
    counted = rows.group_by("area_code", "stage").agg(pl.col("school_id").n_unique()).iter_rows()
    known = {(area, stage): int(n) for area, stage, n in counted}
    found: list[tuple[str, str, int]] = []
    for stage in [one for one in STAGES if one in stages]:
        found += [(area, stage, known.get((area, stage), 0)) for area in areas]
        total = rows.filter(pl.col("stage") == stage)["school_id"].n_unique()
        found.append((WHOLE_REGION, stage, int(total)))
    return found
