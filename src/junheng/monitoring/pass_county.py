"""From an assessment, its tables and a forecast to the county the shortest way to pass is worked out for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np
import polars as pl

from junheng.model.errors import Refused
from junheng.monitoring.assessment_logic import exact, line
from junheng.monitoring.assessment_result import OF_COUNTY, OF_SCHOOL, AssessmentResult
from junheng.monitoring.assessment_row import ItemRow
from junheng.monitoring.facts import facts
from junheng.monitoring.pass_levers import SPLITTABLE, Place, moves, priced, rows_of
from junheng.monitoring.pass_problem import HUNDREDTH, County, Future, Ints, Unit
from junheng.monitoring.quality_balance import ruled
from junheng.monitoring.school_facts import SHARED
from junheng.monitoring.split_stages import weights
from junheng.monitoring.status import MET, UNMET
from junheng.rules import Standards

NOW, CENTRAL, UPPER = "now", "central", "upper"
PATHS = {CENTRAL: "p50", UPPER: "p90"}
"""Path of a future -> column of the forecast."""
BASE = "base"
Heads = Mapping[tuple[str, str], int]
"""Pupils by (school, stage)."""


@dataclass(frozen=True, slots=True)
class PassItem:
    """A resource item: its id, its indicator, what levers call it, whether it comes in whole people or
    rooms."""

    id: str
    indicator: str
    code: str
    whole: bool
    unit: str


@dataclass(frozen=True, eq=False)
class PassCase:
    """The county with what its rows are called: items in order, lever rows by id, whether levers have
    prices."""

    county: County
    items: tuple[PassItem, ...]
    levers: Mapping[str, Mapping[str, Any]]
    priced: bool


def pass_case(
    tables: Mapping[str, pl.DataFrame],
    assessed: AssessmentResult,
    levers: pl.DataFrame | None,
    law: Standards,
    years: Sequence[int] = (),
    scenario: str = BASE,
) -> PassCase:
    """Items, schools and coefficients of the assessment, its levers, and the futures the plan must hold
    under.

    Refused when the assessment has no school rule, no school to judge, or the forecast lacks a year asked
    for.
    """
    rule = assessed.assessment.school_rule
    if rule is None:
        raise Refused("monitoring.plan.no_school_rule", {"assessment": assessed.assessment.id})
    rows = [row for row in assessed.items if row.level == OF_SCHOOL and row.kind == OF_SCHOOL]
    items = _items(assessed, rows, law)
    units = _units(rows)
    if not units or not items:
        raise Refused(
            "monitoring.plan.no_schools", {"assessment": assessed.assessment.id, "year": assessed.year}
        )
    futures = [(Future(assessed.year, NOW), _heads_now(assessed))]
    futures += _forecast(tables.get("forecast_enrolment"), years, assessed.year, scenario)
    places = _places(tables, assessed, law, items, [heads for _, heads in futures])
    pupils = np.array(
        [[heads.get((unit.school, unit.stage), 0) for unit in units] for _, heads in futures], dtype=np.int64
    )
    have, known = _amounts(rows, items, units, places, len(futures))
    listed = rows_of(levers)
    least = rule.at_least.of() if rule.at_least else None
    share = rule.floor.of() if rule.floor else None
    county = County(
        items=tuple(item.id for item in items),
        units=units,
        futures=tuple(future for future, _ in futures),
        pupils=pupils,
        have=have,
        known=known,
        need=_needs(rows, items, law),
        floor_share=line(share.number) if share is not None else Fraction(0),
        resting=len(items) - int(least.number) if least is not None else 0,
        cv_limit=_limits(assessed, items, law),
        moves=moves(
            listed,
            units,
            {code: held.place for code, held in places.items()},
            {item.code: i for i, item in enumerate(items)},
            len(futures),
            priced(levers),
        ),
    )
    return PassCase(county, items, {str(row["lever_id"]): row for row in listed}, priced(levers))


def _items(assessed: AssessmentResult, rows: Sequence[ItemRow], law: Standards) -> tuple[PassItem, ...]:
    names = {row.item: row.missing_unit for row in rows if row.missing_unit}
    out: list[PassItem] = []
    for item in ruled(assessed.assessment):
        indicator = law.indicator(item.parts[0].indicator)
        people = indicator.value.factor != 1
        code = indicator.id.rsplit("_per_", 1)[0]
        out.append(PassItem(item.id, indicator.id, code, people, names.get(item.id, "")))
    return tuple(out)


def _units(rows: Sequence[ItemRow]) -> tuple[Unit, ...]:
    pairs = sorted({(row.area, row.stage) for row in rows if row.den})
    blocks = {school: n for n, school in enumerate(dict.fromkeys(school for school, _ in pairs))}
    return tuple(Unit(school, stage, blocks[school]) for school, stage in pairs)


def _needs(
    rows: Sequence[ItemRow], items: Sequence[PassItem], law: Standards
) -> dict[tuple[int, str], Fraction]:
    """Hundredths a pupil by item and stage; a line the law does not draw asks nothing."""
    out: dict[tuple[int, str], Fraction] = {}
    for i, item in enumerate(items):
        factor = Fraction(law.indicator(item.indicator).value.factor)
        lines = {row.stage: row.threshold for row in rows if row.item == item.id}
        for stage in {row.stage for row in rows}:
            threshold = lines.get(stage)
            out[i, stage] = Fraction(0) if threshold is None else line(threshold) / factor * HUNDREDTH
    return out


def _limits(
    assessed: AssessmentResult, items: Sequence[PassItem], law: Standards
) -> dict[tuple[int, str], Fraction]:
    """The line of each coefficient whose amounts are those of a resource item."""
    amounts = [law.indicator(item.indicator).value.num for item in items]
    out: dict[tuple[int, str], Fraction] = {}
    for row in assessed.items:
        if row.level != OF_COUNTY or not row.indicator or row.threshold is None:
            continue
        indicator = law.indicator(row.indicator)
        if indicator.measure == "cv" and indicator.value.num in amounts:
            out[amounts.index(indicator.value.num), row.stage] = line(row.threshold)
    return out


def _heads_now(assessed: AssessmentResult) -> Heads:
    return {
        (school.school_id, stage): held.pupils
        for school in assessed.schools.values()
        for stage, held in school.stages.items()
        if held.pupils is not None
    }


def _forecast(
    table: pl.DataFrame | None, years: Sequence[int], now: int, scenario: str
) -> list[tuple[Future, Heads]]:
    """Pupils by school and stage in each later year, central and upper, rounded up."""
    out: list[tuple[Future, Heads]] = []
    for year in sorted(set(years)):
        if year <= now:
            continue
        rows = (
            table.filter(
                (pl.col("unit_kind") == OF_SCHOOL)
                & (pl.col("grade") == "all")
                & (pl.col("year") == year)
                & (pl.col("scenario") == scenario)
            )
            if table is not None
            else pl.DataFrame()
        )
        if rows.is_empty():
            raise Refused("monitoring.plan.no_forecast", {"year": year, "scenario": scenario})
        for path, column in PATHS.items():
            pairs = zip(rows["unit_code"], rows["stage"], rows[column], strict=True)
            out.append(
                (Future(year, path), {(code, stage): ceil(value or 0) for code, stage, value in pairs})
            )
    return out


@dataclass(frozen=True, slots=True)
class _Held:
    """A place with the hundredths its stages share, by code."""

    place: Place
    shared: Mapping[str, int]


def _places(
    tables: Mapping[str, pl.DataFrame],
    assessed: AssessmentResult,
    law: Standards,
    items: Sequence[PassItem],
    heads: Sequence[Heads],
) -> dict[str, _Held]:
    frame = facts(tables, "school_stage", assessed.year, assessed.region, law)
    shared_rows: dict[str, dict[str, Any]] = {}
    years = tables.get("school_years")
    if years is not None:
        wanted = years.filter((pl.col("year") == assessed.year) & (pl.col("stage") == SHARED))
        shared_rows = {row["school_id"]: row for row in wanted.iter_rows(named=True)}
    staged = weights(law)
    out: dict[str, _Held] = {}
    for (code,), group in frame.group_by("school_id", maintain_order=True):
        school, stages = str(code), [str(stage) for stage in group["stage"]]
        shared = _shared(shared_rows.get(school), items, law)
        shares: dict[tuple[str, str], tuple[Fraction, ...]] = {}
        for stage in stages:
            share = tuple(_share(school, stage, stages, staged, one) for one in heads)
            shares |= {(stage, what): share for what in shared if what in SPLITTABLE}
        having = {
            (row["stage"], item.code): int(row[item.code])
            for row in group.iter_rows(named=True)
            for item in items
            if item.code in group.columns and row[item.code] is not None
        }
        staff = {
            row["stage"]: int(row["full_time_teachers"])
            for row in group.iter_rows(named=True)
            if row.get("full_time_teachers") is not None
        }
        areas = tuple(
            str(group[name][0])
            for name in ("area_code", "town", "county", "region")
            if name in group.columns and group[name][0]
        )
        out[school] = _Held(Place(school, areas, shares, staff, having), shared)
    return out


def _shared(row: Mapping[str, Any] | None, items: Sequence[PassItem], law: Standards) -> dict[str, int]:
    """Hundredths of each item in the row of what stages share; terms with conditions stay as split today."""
    if row is None:
        return {}
    out: dict[str, int] = {}
    for item in items:
        terms = [t for t in law.indicator(item.indicator).value.num if t.when is None]
        held = [(t.sign, row.get(t.column)) for t in terms]
        if any(value is not None for _, value in held):
            out[item.code] = sum(sign * round(value * HUNDREDTH) for sign, value in held if value is not None)
    return out


def _share(
    school: str,
    stage: str,
    stages: Sequence[str],
    staged: Mapping[tuple[str, bool], Fraction],
    heads: Heads,
) -> Fraction:
    has_primary = "primary" in stages
    parts = {s: staged.get((s, has_primary), Fraction(0)) * heads.get((school, s), 0) for s in stages}
    total = sum(parts.values(), Fraction(0))
    return parts[stage] / total if total else Fraction(0)


def _amounts(
    rows: Sequence[ItemRow],
    items: Sequence[PassItem],
    units: Sequence[Unit],
    places: Mapping[str, _Held],
    futures: int,
) -> tuple[Ints, np.ndarray[Any, np.dtype[np.bool_]]]:
    """Hundredths by future, item and unit. Parts of what is shared are taken a hundredth low: parts are
    rounded when they are split, and the plan must hold however they round."""
    held = {(row.item, row.area, row.stage): row for row in rows}
    have = np.zeros((futures, len(items), len(units)), dtype=np.int64)
    known = np.zeros((len(items), len(units)), dtype=np.bool_)
    for i, item in enumerate(items):
        for u, unit in enumerate(units):
            row = held.get((item.id, unit.school, unit.stage))
            if row is None or row.num is None or row.status not in (MET, UNMET):
                continue
            known[i, u] = True
            now = int(exact(row.num) * HUNDREDTH)
            place = places[unit.school]
            share = place.place.shares.get((unit.stage, item.code))
            for k in range(futures):
                moved = 0 if share is None else floor((share[k] - share[0]) * place.shared[item.code])
                have[k, i, u] = max(now + moved - (share is not None and now > 0), 0)
    return have, known
