"""Measures indicators: facts in, one plan a grain and grouping, result tables out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from junheng import rules
from junheng.model.reason import Finding
from junheng.model.region import Region
from junheng.monitoring.change import changed, counted_in_base, of_two_years
from junheng.monitoring.engines import Engine, opened
from junheng.monitoring.facts import YEAR_OF, Facts, Ground
from junheng.monitoring.gathering import Batch
from junheng.monitoring.grouping import LABELS, UNIT_LEVELS
from junheng.monitoring.judging import judged, parts_of
from junheng.monitoring.result import Measurement
from junheng.monitoring.result_rows import Shelf
from junheng.rules import Standards
from junheng.rules.grains import GRAINS
from junheng.rules.indicator import Indicator

REPORTED = ("unit_count", "result", "survey", "finance")
"""Grains whose rows are reported one by one: an area without a row is shown as one without a figure."""
Tables = Mapping[str, pl.DataFrame]
Step = Callable[..., None]


def measure(
    tables: Tables,
    indicators: Mapping[str, Indicator] | Iterable[Indicator],
    *,
    year: int,
    by: Sequence[str] | None = None,
    engine: Engine = "polars",
    region: Region | None = None,
    law: Standards | None = None,
    details: bool = True,
    data_version: str = "",
    session: Any = None,
    progress: Step | None = None,
) -> Measurement:
    """Every indicator on the tables of the school year that begins in `year`, by its own `report` or by `by`.

    by: columns of the grain, as county, town, school_id, stage; those a grain lacks do not apply to it, and
    an indicator whose rows are no single units is left out of a report by unit. Every level is worked out
    from rows. engine: where rows are worked; the values are equal to the bit (Theil: to 1e-12). law: the
    standards of the day for the split of shared resources; those of 1 September of `year` by default.
    details: also who was left out and who weighs most. session: a DuckDB connection or Spark session to use
    and leave open.

    BadData where a table lacks a column or holds what no sum can take; Refused for an engine that is not
    there.
    """
    chosen = _listed(indicators)
    held = law if law is not None else rules.at(date(year, 9, 1), region)
    facts, earlier = facts_of(Ground.of(tables, region), chosen, year, held)
    return measure_facts(
        facts,
        chosen,
        year=year,
        by=by,
        engine=engine,
        earlier=earlier,
        details=details,
        data_version=data_version,
        session=session,
        progress=progress,
    )


def measure_facts(
    facts: Mapping[str, Facts],
    indicators: Mapping[str, Indicator] | Iterable[Indicator],
    *,
    year: int,
    by: Sequence[str] | None = None,
    engine: Engine = "polars",
    earlier: Mapping[tuple[str, int], Facts] | None = None,
    details: bool = True,
    data_version: str = "",
    session: Any = None,
    progress: Step | None = None,
) -> Measurement:
    """`measure` on facts already gathered, by grain; `earlier` holds those of base years by (grain, year)."""
    chosen = _listed(indicators)
    findings = [finding for one in facts.values() for finding in one.findings]
    runs = _runs([(one, facts[one.grain]) for one in chosen], by, findings)
    shelf = Shelf(year, data_version)
    with opened(engine, session) as lender:
        _worked(runs, {year: earlier or {}}, engine, lender, details, shelf, progress)
    return Measurement(
        tables=shelf.tables(),
        indicators={one.id: one for one in chosen},
        year=year,
        engine=engine,
        broken=tuple(shelf.broken),
        findings=tuple(findings),
    )


def measure_years(
    tables: Tables,
    laws: Mapping[int, Standards],
    *,
    region: Region | None = None,
    progress: Step | None = None,
) -> Measurement:
    """Every indicator of each year's law on the tables of that year: the rows of `measure` year by year, in
    one plan for the years in which an indicator is declared alike.

    Who was left out, who weighs most, and what was doubted on the way is told of the last year alone.
    """
    ground, last = Ground.of(tables, region), max(laws)
    facts: dict[tuple[str, int], Facts] = {}
    earlier: dict[int, Mapping[tuple[str, int], Facts]] = {}
    alike: dict[tuple[str, str, int], tuple[Indicator, list[int]]] = {}
    for year in sorted(laws):
        chosen = _listed(laws[year].indicators)
        now, earlier[year] = facts_of(ground, chosen, year, laws[year])
        facts |= {(grain, year): one for grain, one in now.items()}
        for one in chosen:
            apart = year if one.measure == "change" else 0
            alike.setdefault((one.id, one.rule_version, apart), (one, []))[1].append(year)
    joined = {
        (grain, years): Facts.joined([facts[grain, year] for year in years])
        for grain, years in {(one.grain, tuple(years)) for one, years in alike.values()}
    }
    findings = [finding for (_, year), one in facts.items() if year == last for finding in one.findings]
    runs = _runs([(one, joined[one.grain, tuple(years)]) for one, years in alike.values()], None, findings)
    shelf = Shelf(last)
    _worked(runs, earlier, "polars", None, True, shelf, progress)
    return Measurement(
        tables=shelf.tables(),
        indicators=dict(laws[last].indicators),
        year=last,
        engine="polars",
        broken=tuple(shelf.broken),
        findings=tuple(findings),
    )


def facts_of(
    ground: Ground, chosen: Iterable[Indicator], year: int, law: Standards
) -> tuple[dict[str, Facts], dict[tuple[str, int], Facts]]:
    """(facts of the year by grain, facts of base years by grain and year) that the indicators ask for."""
    listed = list(chosen)
    bases = {(one.grain, counted_in_base(one, year)) for one in listed if one.measure == "change"}
    now = {grain: ground.facts(grain, year, law) for grain in sorted({one.grain for one in listed})}
    return now, {(grain, base): ground.facts(grain, base, law) for grain, base in sorted(bases)}


def _listed(indicators: Mapping[str, Indicator] | Iterable[Indicator]) -> list[Indicator]:
    listed = list(indicators.values() if isinstance(indicators, Mapping) else indicators)
    return sorted(listed, key=lambda one: one.id)


@dataclass(frozen=True)
class _Run:
    """Indicators that go through one plan together: those of the same facts and one grouping."""

    facts: Facts
    by: tuple[str, ...]
    members: list[Indicator]


def _runs(
    asked: Sequence[tuple[Indicator, Facts]], by: Sequence[str] | None, findings: list[Finding]
) -> list[_Run]:
    runs: dict[tuple[int, tuple[str, ...]], _Run] = {}
    for one, facts in asked:
        wanted = tuple(by) if by is not None else one.report
        columns = facts.frame.columns
        if any(name in UNIT_LEVELS and name not in columns for name in wanted):
            parameters = {"indicator": one.id, "by": ", ".join(wanted)}
            findings.append(Finding("monitoring.not_by_unit", "note", parameters=parameters))
            continue
        applying = tuple(name for name in wanted if name in columns)
        runs.setdefault((id(facts), applying), _Run(facts, applying, [])).members.append(one)
    return list(runs.values())


def _worked(
    runs: Sequence[_Run],
    earlier: Mapping[int, Mapping[tuple[str, int], Facts]],
    engine: Engine,
    session: Any,
    details: bool,
    shelf: Shelf,
    progress: Step | None,
) -> None:
    tell = progress or (lambda *_args, **_more: None)
    for done, run in enumerate(runs):
        tell("monitoring.measuring", done, len(runs))
        plain = [one for one in run.members if one.measure != "change"]
        if plain:
            _measured(replace(run, members=plain), engine, session, details, shelf)
        for one in run.members:
            if one.measure == "change":
                then = earlier[run.facts.year].get((one.grain, counted_in_base(one, run.facts.year)))
                _changed(run.facts, then, one, run.by, engine, session, shelf)
    tell("monitoring.measuring", len(runs), len(runs))


def _measured(run: _Run, engine: Engine, session: Any, details: bool, shelf: Shelf) -> None:
    facts, members = run.facts, run.members
    batch = Batch.of(facts.frame, GRAINS[members[0].grain].key, members, run.by)
    if len(facts.years) > 1 and (apart := batch.finer()):
        for year in facts.years:
            _measured(_Run(facts.of_year(year), run.by, apart), engine, session, details, shelf)
        if rest := [one for one in members if one not in apart]:
            _measured(replace(run, members=rest), engine, session, details, shelf)
        return
    sums = batch.sums(engine, session)
    told = batch.groups.select(name for name in (*LABELS, YEAR_OF) if name in batch.groups.columns)
    for one, values in zip(batch.compiled, judged(batch.compiled, batch, sums), strict=True):
        inside = sums[f"in_{one.scope}"] > 0
        everywhere = inside.all()
        rows = values.hstack(told)
        rows = rows if everywhere else rows.filter(inside)
        shelf.values(one.indicator, rows)
        if one.indicator.split:
            for name, part in parts_of(one, sums).items():
                group = pl.lit(f"{one.indicator.split}={name}").alias("group")
                shelf.values(one.indicator, part.hstack(told).with_columns(group).filter(inside))
        if one.indicator.grain in REPORTED:
            groups = batch.groups if everywhere else batch.groups.filter(inside)
            shelf.absent(one.indicator, facts, groups, run.by)
        out = sums[f"out_{one.scope}"]
        kept = sums[one.cells.rows] + sums[one.cells.missing] + out
        if (kept != sums[f"in_{one.scope}"]).any():
            shelf.broken.append(f"conservation:{one.indicator.id}")
        if details:
            shelf.details(one, batch, values)


def _changed(
    now: Facts,
    then: Facts | None,
    one: Indicator,
    by: tuple[str, ...],
    engine: Engine,
    session: Any,
    shelf: Shelf,
) -> None:
    key = GRAINS[one.grain].key
    pair = of_two_years(now.frame, None if then is None else then.frame, one, by, key)
    batches = [Batch.of(frame, key, [pair.counted], by) for frame in pair.frames]
    sums = [batch.sums(engine, session) for batch in batches]
    rows, groups = changed(one, pair, batches, sums)
    shelf.values(one, rows.hstack(groups.select(LABELS)), now.year)
