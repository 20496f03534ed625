"""The verbs that run over counties: measuring, assessing, and any room's verb from tables to a result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import polars as pl

from junheng.model import OUTPUTS
from junheng.model.errors import BadData, Refused, VerificationFailed
from junheng.model.region import Region
from junheng.monitoring.assessment import UNITS, assess_counties
from junheng.monitoring.facts import Facts, Ground
from junheng.monitoring.grouping import UNIT_LEVELS
from junheng.monitoring.measuring import facts_of, measure_facts
from junheng.monitoring.operands import DECIMALS, columns_of, decimals_needed
from junheng.rules import Standards, load
from junheng.rules.grains import AREAS
from junheng.rules.indicator import Indicator
from junheng.scale import group_sums
from junheng.scale.partitions import COUNTY
from junheng.scale.problem import Law, Made, Tables

HEADLINE: tuple[str, ...] = tuple(load().assumption("headline_indicators")["indicators"])
"""Ids of the indicators a nation is shown first."""
_VALUES = "indicator_values"


@dataclass(frozen=True)
class Measure:
    """`monitoring.measure` by county: the indicators named, HEADLINE by default, as each declares its report.

    details: also who was left out and who weighs most.
    """

    indicators: tuple[str, ...] = HEADLINE
    details: bool = True
    name: str = "measure"
    together: bool = True

    def chosen(self, law: Standards) -> list[Indicator]:
        """The indicators in order of id; Refused where there is no such indicator on the day."""
        return [law.indicator(one) for one in sorted(set(self.indicators))]

    def version(self, law: Standards) -> str:
        """Digest of the declarations with the standards they resolve to."""
        versions = [f"{one.id}={one.rule_version}" for one in self.chosen(law)]
        return _digest([self.name, self.details, versions])

    def counties(
        self, asked: Mapping[str, Tables], year: int, law: Law, names: Mapping[str, str]
    ) -> dict[str, Made]:
        """Counties under one law go through one plan; those with figures finer than a hundredth go
        with their like, because the scale of a column is that of all its rows."""
        groups: dict[str, list[str]] = {}
        for county, tables in asked.items():
            held = law.of(county)
            fine = _fineness(tables, _read(self.chosen(held))) if len(asked) > 1 else ""
            groups.setdefault(f"{self.version(held)}/{fine}", []).append(county)
        made: dict[str, Made] = {}
        for counties in groups.values():
            made |= self._together({one: asked[one] for one in counties}, year, law.of(counties[0]))
        return made

    def _together(self, asked: Mapping[str, Tables], year: int, law: Standards) -> dict[str, Made]:
        tables = _joined(asked)
        chosen = self.chosen(law)
        facts, earlier = facts_of(Ground.of(tables, None), chosen, year, law)
        _refuse_strangers(asked, facts)
        measured = measure_facts(facts, chosen, year=year, earlier=earlier, details=self.details)
        if failed := measured.check():
            raise VerificationFailed("scale.check_failed", {"checks": ", ".join(failed)})
        owners = _owners(facts)
        made: dict[str, Made] = {county: {} for county in asked}
        for name, rows in measured.tables.items():
            for county, part in _told_apart(name, rows, owners, tuple(asked)).items():
                made[county][name] = part
        kept = [*facts.items(), *((grain, one) for (grain, _), one in earlier.items())]
        for county, hidden in group_sums.by_county(facts, chosen, kept, tuple(asked)).items():
            made[county] |= hidden
        return made


@dataclass(frozen=True)
class Assess:
    """`monitoring.assess` by county: one official assessment, items, results, exceptions and indicators."""

    assessment: str = "quality_balance"
    name: str = "assess"
    together: bool = True

    def version(self, law: Standards) -> str:
        """Digest of the assessment and of the indicators it asks for."""
        asked = law.assessment(self.assessment)
        versions = [f"{one}={law.indicator(one).rule_version}" for one in sorted(asked.indicators())]
        return _digest([self.name, self.assessment, asked.rule_version, versions])

    def counties(
        self, asked: Mapping[str, Tables], year: int, law: Law, names: Mapping[str, str]
    ) -> dict[str, Made]:
        """Counties under one law are judged together, as they are measured together."""
        held = {county: law.of(county) for county in asked}
        read = {id(one): _read(self._indicators(one)) for one in held.values()}
        groups: dict[tuple[int, str], list[str]] = {}
        for county, tables in asked.items():
            own = id(held[county])
            fine = _fineness(tables, read[own]) if len(asked) > 1 else ""
            groups.setdefault((own, fine), []).append(county)
        made: dict[str, Made] = {}
        for counties in groups.values():
            some = {one: asked[one] for one in counties}
            made |= self._together(some, year, held[counties[0]], names)
        return made

    def _indicators(self, law: Standards) -> list[Indicator]:
        return [law.indicator(one) for one in law.assessment(self.assessment).indicators()]

    def _together(
        self, asked: Mapping[str, Tables], year: int, law: Standards, names: Mapping[str, str]
    ) -> dict[str, Made]:
        tables = _joined(asked)
        chosen = self._indicators(law)
        ground = Ground.of(tables, None)
        facts, earlier = facts_of(ground, chosen, year, law)
        _refuse_strangers(asked, {UNITS: ground.facts(UNITS, year, law)})
        measured = measure_facts(facts, chosen, year=year, earlier=earlier)
        if failed := measured.check():
            raise VerificationFailed("scale.check_failed", {"checks": ", ".join(failed)})
        regions = {county: Region(county, names.get(county, county)) for county in asked}
        judged = assess_counties(
            tables,
            law.assessment(self.assessment),
            regions,
            year=year,
            law=law,
            measured=measured,
            ground=ground,
        )
        if failed := judged.check():
            raise VerificationFailed("scale.check_failed", {"checks": ", ".join(failed)})
        owners = _owners(facts)
        made: dict[str, Made] = {county: {} for county in asked}
        for name, rows in judged.tables().items():
            mine = rows.partition_by(COUNTY, as_dict=True, include_key=False)
            for county in asked:
                made[county][name] = mine.get((county,), OUTPUTS[name].empty())
        for name, rows in measured.tables.items():
            for county, part in _told_apart(name, rows, owners, tuple(asked)).items():
                made[county][name] = part
        return made


class Result(Protocol):
    """What a room's verb answers; tables are declared ones."""

    @property
    def tables(self) -> Mapping[str, pl.DataFrame]:
        """Its declared tables."""
        ...

    def check(self) -> Sequence[str]:
        """Names of failed checks."""
        ...


@dataclass(frozen=True)
class Each:
    """Any room's verb, county by county: `work(tables, year, law, region)` -> a result.

    work must be a function of a module, so that other processes find it. options: whatever decides its answer
    beside the tables and the standards, as the versions of the indicators it asks for.
    """

    name: str
    work: Callable[[Tables, int, Standards, Region], Result]
    options: str = ""
    together: bool = False

    def version(self, law: Standards) -> str:
        """Digest of the function's name and the options; the standards count by themselves."""
        return _digest([self.name, self.work.__module__, self.work.__qualname__, self.options])

    def counties(
        self, asked: Mapping[str, Tables], year: int, law: Law, names: Mapping[str, str]
    ) -> dict[str, Made]:
        """One county after the other."""
        made: dict[str, Made] = {}
        for county, tables in asked.items():
            result = self.work(tables, year, law.of(county), Region(county, names.get(county, county)))
            made[county] = _checked(result.tables, result.check())
        return made


def named(verb: str) -> Measure | Assess:
    """The verb of that name; Refused otherwise."""
    known: dict[str, Measure | Assess] = {one.name: one for one in (Measure(), Assess())}
    if verb not in known:
        raise Refused("scale.verb_unknown", {"verb": verb, "known": ", ".join(known)})
    return known[verb]


def _checked(tables: Mapping[str, pl.DataFrame], failed: Sequence[str]) -> Made:
    if failed:
        raise VerificationFailed("scale.check_failed", {"checks": ", ".join(failed)})
    return dict(tables)


def _digest(parts: list[Any]) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _joined(asked: Mapping[str, Tables]) -> dict[str, pl.DataFrame]:
    """The tables of several counties as one set; areas above them stand once."""
    names = {name for tables in asked.values() for name in tables}
    whole = {name: pl.concat([one[name] for one in asked.values() if name in one]) for name in sorted(names)}
    if "areas" in whole:
        whole["areas"] = whole["areas"].unique("area_code", keep="first", maintain_order=True)
    return whole


def _read(chosen: Sequence[Indicator]) -> set[str]:
    """Columns of the tables whose numbers the indicators read; sums of money stand in `amount` there."""
    spent = {"amount"} if any(one.grain == "finance" for one in chosen) else set[str]()
    return set[str]().union(spent, *(columns_of(one) for one in chosen))


def _fineness(tables: Tables, columns: set[str]) -> str:
    """Which of these numbers have more than two decimals, and how many, by table and year.

    The scale of a column in a batch is that of its finest number: counties that need the same scales give
    together what each gives alone. BadData where a number is finer than any scale.
    """
    found: list[str] = []
    for table, frame in tables.items():
        floats = [name for name, kind in frame.schema.items() if kind.is_float() and name in columns]
        if not floats or not frame.height:
            continue
        years = frame.partition_by("year", as_dict=True) if "year" in frame.columns else {("",): frame}
        found += [
            f"{table}.{year}.{name}={digits}"
            for (year,), rows in years.items()
            for name in floats
            if (digits := decimals_needed(rows[name])) > DECIMALS[0]
        ]
    return " ".join(sorted(found))


def _refuse_strangers(asked: Mapping[str, Tables], facts: Mapping[str, Facts]) -> None:
    """BadData where a school of a county's tables does not lie in it: it would be counted nowhere."""
    lies: dict[str, str] = {}
    for one in facts.values():
        if {"school_id", COUNTY} <= set(one.frame.columns):
            lies |= dict(one.frame.select("school_id", COUNTY).unique().iter_rows())
    for county, tables in asked.items():
        schools = tables["schools"]["school_id"].to_list() if "schools" in tables else []
        away = [school for school in schools if lies.get(school, county) != county]
        if away:
            about = {"county": county, "count": len(away), "school": away[0]}
            raise BadData("scale.school_elsewhere", about)


def _owners(facts: Mapping[str, Facts]) -> dict[str, pl.DataFrame]:
    """Level -> (area, owner): the county each reported unit lies in."""
    parts: dict[str, list[pl.DataFrame]] = {}
    for one in facts.values():
        columns = [name for name in (*UNIT_LEVELS, *AREAS) if name in one.frame.columns and name != AREAS[0]]
        for column in columns:
            pairs = one.frame.select(
                pl.col(column).cast(pl.String).alias("area"), pl.col(COUNTY).alias("owner")
            ).drop_nulls()
            parts.setdefault(UNIT_LEVELS.get(column, column), []).append(pairs.unique())
    return {level: pl.concat(held).unique("area", maintain_order=True) for level, held in parts.items()}


def _told_apart(
    name: str, rows: pl.DataFrame, owners: Mapping[str, pl.DataFrame], counties: tuple[str, ...]
) -> dict[str, pl.DataFrame]:
    """The rows of each county, in order. Rows of areas above the counties, which the table of areas brings
    along, are not theirs; BadData where a row of several counties has no owner."""
    empty = rows.clear()
    found: dict[str, list[pl.DataFrame]] = {county: [] for county in counties}
    for (level,), part in rows.partition_by("level", as_dict=True, maintain_order=True).items():
        if level == COUNTY:
            owned = part.filter(pl.col("area") != "").with_columns(pl.col("area").alias("owner"))
        elif len(counties) == 1:
            owned = part.with_columns(pl.lit(counties[0]).alias("owner"))
        else:
            owned = part.join(owners[str(level)], on="area", how="left", maintain_order="left")
            if owned["owner"].null_count():
                raise BadData("scale.unlike_output", {"table": name})
        for (owner,), mine in owned.partition_by("owner", as_dict=True, maintain_order=True).items():
            if owner in found:
                found[str(owner)].append(mine.drop("owner"))
    return {county: OUTPUTS[name].conform(pl.concat([empty, *held])) for county, held in found.items()}
