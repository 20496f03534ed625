"""Judges counties by an official assessment: items, evidence, conditions, vetoes, verdict.

The assessment is data; what no verb can say is a named check. Everything that is not known stays unknown and
never passes; one failure decides whatever else is missing. Counties under one law are judged together, each
as if it were alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from junheng.model import OUTPUTS
from junheng.model.errors import Refused
from junheng.model.region import Region
from junheng.monitoring import quality_balance
from junheng.monitoring.assessment_basis import schools_of
from junheng.monitoring.assessment_evidence import examined
from junheng.monitoring.assessment_frames import AT, COUNTY, EXCEPTION, ITEM, PLAIN, RESULT
from junheng.monitoring.assessment_ground import Ground
from junheng.monitoring.assessment_items import Ways
from junheng.monitoring.assessment_readings import Readings, citations
from junheng.monitoring.assessment_result import AssessmentResult
from junheng.monitoring.assessment_row import ExceptionRow, ItemRow, ResultRow
from junheng.monitoring.assessment_verdict import failed_checks, verdicts
from junheng.monitoring.facts import Ground as FactsGround
from junheng.monitoring.measuring import measure_facts
from junheng.monitoring.result import EXCLUDED, VALUES, Measurement
from junheng.rules import Standards, Value
from junheng.rules.assessment import Assessment

UNITS = "school_stage"
"""Grain of the units a school rule judges."""
Tables = Mapping[str, pl.DataFrame]


def assess(
    tables: Tables,
    assessment: Assessment,
    *,
    year: int,
    law: Standards,
    region: Region,
    files: Mapping[str, str] | None = None,
    state: str = "",
    data_version: str = "",
    measured: Measurement | None = None,
) -> AssessmentResult:
    """The county `region` in the school year that begins in `year`, by `assessment` (`law.assessment(id)`).

    Tables of several counties are read for this one alone: schools whose areas belong to it.
    `files` maps names of evidence files to the SHA-256 they have today (None: nobody looked). `state` is
    where the official procedure stands, the first state by default. measured: what `measure` said of these
    tables, this year and this law, where it is at hand. Refused for a state or a check nobody knows.
    """
    judged = assess_counties(
        tables, assessment, {region.code: region}, year=year, law=law, files=files, state=state,
        data_version=data_version, measured=measured,
    )  # fmt: skip
    return judged.of(region.code)


def assess_counties(
    tables: Tables,
    assessment: Assessment,
    regions: Mapping[str, Region],
    *,
    year: int,
    law: Standards,
    files: Mapping[str, str] | None = None,
    state: str = "",
    data_version: str = "",
    measured: Measurement | None = None,
    ground: FactsGround | None = None,
) -> CountiesAssessed:
    """`assess` for all `regions` (counties by code, under one law) in one go; the rows are those of each
    alone. Of several counties each school must lie in one of them. ground: that of the tables, where facts
    were already made of them."""
    known = [one.id for one in assessment.workflow]
    if state and state not in known:
        raise Refused("monitoring.assess.unknown_state", {"state": state, "known": ", ".join(known)})
    only = next(iter(regions.values())) if len(regions) == 1 else None
    indicators = {name: law.indicator(name) for name in assessment.indicators()}
    ground = FactsGround.of(tables, only) if ground is None else ground
    if measured is None:
        grains = sorted({one.grain for one in indicators.values()})
        facts = {grain: ground.facts(grain, year, law) for grain in grains}
        measured = measure_facts(facts, indicators, year=year, data_version=data_version)
    found = {
        name: rows.filter(pl.col("indicator").is_in(list(indicators)) & (pl.col("year") == year))
        for name, rows in measured.tables.items()
    }
    units = _units(ground.facts(UNITS, year, law).frame, regions)
    basis = Ground(ground.tables, year, regions, law, units, files)
    readings = Readings(found[VALUES], found[EXCLUDED], indicators)
    pupils = units.select(
        COUNTY, pl.col("school_id").alias("area"), "stage", pl.col("pupils").cast(pl.Int64)
    ).unique([COUNTY, "area", "stage"], keep="last", maintain_order=True)  # fmt: skip
    schools = quality_balance.judge_schools(assessment, readings, pupils)
    ways = Ways(assessment, basis, readings, examined(tables.get("evidence"), assessment.id, year, files))
    items = ways.rows(schools)
    here = state or (known[0] if known else "")
    own = verdicts(assessment, basis.counties, items, schools.results, here, data_version)
    return CountiesAssessed(
        assessment, year, law, regions, here, units, indicators=readings.indicators, measured=found,
        items=items, results=pl.concat([own, schools.results]),
        exceptions=pl.concat([schools.exceptions, *ways.exceptions]),
    )  # fmt: skip


def _units(frame: pl.DataFrame, regions: Mapping[str, Region]) -> pl.DataFrame:
    """Open stages of schools of the counties; of a single county all, where no area says what lies in it."""
    held = frame.filter(pl.col("status") == "open")
    inside = held.filter(pl.col(COUNTY).is_in(list(regions)))
    if inside.is_empty() and len(regions) == 1:
        return held.with_columns(pl.lit(next(iter(regions))).alias(COUNTY))
    return inside


@dataclass(frozen=True)
class CountiesAssessed:
    """Counties judged together; frozen. The frames hold rows of all, told apart by `county`."""

    assessment: Assessment
    year: int
    law: Standards
    regions: Mapping[str, Region]
    state: str
    units: pl.DataFrame
    indicators: Mapping[str, Any]
    measured: Mapping[str, pl.DataFrame]
    items: pl.DataFrame
    results: pl.DataFrame
    exceptions: pl.DataFrame

    def tables(self) -> dict[str, pl.DataFrame]:
        """assessment_items, assessment_results, assessment_exceptions: in order of county and key, `county`
        before the declared columns."""
        return {
            name: _declared(name, frame, self.assessment.id, self.year)
            for name, frame in (
                ("assessment_items", self.items),
                ("assessment_results", self.results),
                ("assessment_exceptions", self.exceptions),
            )
        }

    def check(self) -> list[str]:
        """Names of what does not hold, each once."""
        failed = failed_checks(self.assessment, self.items, self.results)
        return failed["check"].unique(maintain_order=True).to_list()

    def of(self, county: str) -> AssessmentResult:
        """One county, with its schools and citations."""
        held = pl.col(COUNTY) == county
        region = self.regions[county]
        items = tuple(
            ItemRow(*row) for row in _records(self.items.filter(held).sort(AT, maintain_order=True), ITEM)
        )
        cited = self._citations(items)
        return AssessmentResult(
            assessment=self.assessment,
            region=region,
            year=self.year,
            state=self.state,
            items=items,
            results=tuple(ResultRow(*row) for row in _records(self.results.filter(held), RESULT)),
            exceptions=tuple(ExceptionRow(*row) for row in _records(self.exceptions.filter(held), EXCEPTION)),
            schools=schools_of(self.units.filter(held), region),
            citations=tuple(cited),
            topics={one.topic: (self.law[one.topic].zh, self.law[one.topic].en) for one in cited},
            measured=dict(self.measured),
        )

    def _citations(self, items: Iterable[ItemRow]) -> list[Value]:
        """Every standard the rows rest on, in order of first use, each with where it comes from."""
        named = list(dict.fromkeys(one for row in items for one in row.rule_ids.split(";") if one))
        found = {value.rule_id: value for value in citations(self.indicators.values())}
        topics = frozenset(self.law.topics())
        for rule_id in named:
            topic, _, rest = rule_id.partition(".")
            key = rest.partition("@")[0]
            if rule_id not in found and topic in topics:
                value = self.law[topic].values.get(key)
                if value is not None and value.in_force:
                    found[value.rule_id] = value
        return [found[one] for one in named if one in found]


def _records(frame: pl.DataFrame, kind: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
    """The cells of each row in the order in which the kind declares them."""
    columns = [frame[name].to_list() for name in kind]
    if "reason_parameters" in kind:
        at = list(kind).index("reason_parameters")
        columns[at] = [dict[str, Any]() if text == PLAIN else json.loads(text) for text in columns[at]]
    return zip(*columns, strict=True)


def _declared(name: str, frame: pl.DataFrame, assessment: str, year: int) -> pl.DataFrame:
    table = OUTPUTS[name]
    same = {"run": pl.lit(""), "assessment": pl.lit(assessment), "year": pl.lit(year)}
    columns = [same.get(c.name, pl.col(c.name)).cast(c.polars_type).alias(c.name) for c in table.columns]
    return frame.select(COUNTY, *columns).sort(COUNTY, *table.key, maintain_order=True)
