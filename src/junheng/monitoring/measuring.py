"""Measures indicators: facts in, one plan a grain and grouping, result tables out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from junheng import rules
from junheng.model import OUTPUTS
from junheng.model.column import Table
from junheng.model.reason import Finding
from junheng.model.region import Region
from junheng.monitoring.change import changed, counted_in_base, of_two_years
from junheng.monitoring.contributors import worst
from junheng.monitoring.engines import Engine, opened
from junheng.monitoring.exclusions import excluded
from junheng.monitoring.facts import Facts, gathered, stages_of_line
from junheng.monitoring.gathering import Batch
from junheng.monitoring.gini import GROUP, ROW
from junheng.monitoring.grouping import LABELS, STAGE, UNIT_LEVELS, labelled, told_apart
from junheng.monitoring.judging import judged, parts_of, without_rows
from junheng.monitoring.result import Measurement
from junheng.rules import Standards
from junheng.rules.grains import GRAINS
from junheng.rules.indicator import Indicator

WORST = 5
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
    asked = {one.grain for one in chosen}
    facts = {grain: gathered(tables, grain, year, region, held) for grain in sorted(asked)}
    earlier: dict[tuple[str, int], Facts] = {}
    for one in chosen:
        if one.measure == "change":
            base = counted_in_base(one, year)
            if (one.grain, base) not in earlier:
                earlier[(one.grain, base)] = gathered(tables, one.grain, base, region, held)
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
    tell = progress or (lambda *_args, **_more: None)
    findings = [finding for one in facts.values() for finding in one.findings]
    runs = _runs(chosen, facts, by, findings)
    shelf = _Shelf(year, data_version)
    with opened(engine, session) as lender:
        for done, ((grain, columns), members) in enumerate(runs.items()):
            tell("monitoring.measuring", done, len(runs))
            held = facts[grain]
            plain = [one for one in members if one.measure != "change"]
            if plain:
                _measured(held, plain, columns, engine, lender, details, shelf)
            for one in members:
                if one.measure == "change":
                    then = (earlier or {}).get((grain, counted_in_base(one, year)))
                    _changed(held, then, one, columns, engine, lender, shelf)
        tell("monitoring.measuring", len(runs), len(runs))
    return Measurement(
        tables=shelf.tables(),
        indicators={one.id: one for one in chosen},
        year=year,
        engine=engine,
        broken=tuple(shelf.broken),
        findings=tuple(findings),
    )


def _listed(indicators: Mapping[str, Indicator] | Iterable[Indicator]) -> list[Indicator]:
    listed = list(indicators.values() if isinstance(indicators, Mapping) else indicators)
    return sorted(listed, key=lambda one: one.id)


def _runs(
    chosen: Sequence[Indicator],
    facts: Mapping[str, Facts],
    by: Sequence[str] | None,
    findings: list[Finding],
) -> dict[tuple[str, tuple[str, ...]], list[Indicator]]:
    """Indicators that go through one plan together: those of one grain and one grouping."""
    runs: dict[tuple[str, tuple[str, ...]], list[Indicator]] = {}
    for one in chosen:
        wanted = tuple(by) if by is not None else one.report
        columns = facts[one.grain].frame.columns
        if any(name in UNIT_LEVELS and name not in columns for name in wanted):
            parameters = {"indicator": one.id, "by": ", ".join(wanted)}
            findings.append(Finding("monitoring.not_by_unit", "note", parameters=parameters))
            continue
        applying = tuple(name for name in wanted if name in columns)
        runs.setdefault((one.grain, applying), []).append(one)
    return runs


def _measured(
    facts: Facts,
    members: Sequence[Indicator],
    by: tuple[str, ...],
    engine: Engine,
    session: Any,
    details: bool,
    shelf: _Shelf,
) -> None:
    batch = Batch.of(facts.frame, GRAINS[members[0].grain].key, members, by)
    sums = batch.sums(engine, session)
    for one in batch.compiled:
        values = judged(one, batch, sums)
        inside = sums[f"in_{one.scope}"] > 0
        values = values.filter(inside)
        shelf.values(one.indicator, values, batch.groups)
        if one.indicator.split:
            for name, rows in parts_of(one, sums).items():
                named = batch.groups.with_columns(pl.lit(f"{one.indicator.split}={name}").alias("group"))
                shelf.values(one.indicator, rows.filter(inside), named)
        if one.indicator.grain in REPORTED:
            told = batch.groups.join(values.select(GROUP), on=GROUP, how="semi")
            shelf.absent(one.indicator, facts.units(one.indicator, by), told, by)
        out = sums[f"out_{one.scope}"]
        kept = sums[one.cells.rows] + sums[one.cells.missing] + out
        if (kept != sums[f"in_{one.scope}"]).any():
            shelf.broken.append(f"conservation:{one.indicator.id}")
        if details:
            shelf.excluded(one.indicator, excluded(one, batch), batch.groups)
            ranked = worst(one, batch, values, WORST)
            shelf.worst(one.indicator, ranked, batch)


def _changed(
    now: Facts,
    then: Facts | None,
    one: Indicator,
    by: tuple[str, ...],
    engine: Engine,
    session: Any,
    shelf: _Shelf,
) -> None:
    key = GRAINS[one.grain].key
    pair = of_two_years(now.frame, None if then is None else then.frame, one, by, key)
    batches = [Batch.of(frame, key, [pair.counted], by) for frame in pair.frames]
    sums = [batch.sums(engine, session) for batch in batches]
    shelf.values(one, *changed(one, pair, batches, sums))


@dataclass
class _Shelf:
    """Result rows as they come, put into the declared tables at the end."""

    year: int
    data_version: str

    def __post_init__(self) -> None:
        self.parts: dict[str, list[pl.DataFrame]] = {
            "indicator_values": [],
            "indicator_excluded": [],
            "indicator_worst": [],
        }
        self.broken: list[str] = []

    def _put(self, name: str, one: Indicator, rows: pl.DataFrame, groups: pl.DataFrame) -> None:
        self.parts[name].append(
            rows.join(groups.select(GROUP, *LABELS), on=GROUP, how="left", maintain_order="left")
            .drop(GROUP)
            .with_columns(pl.lit(one.id).alias("indicator"))
        )

    def values(self, one: Indicator, rows: pl.DataFrame, groups: pl.DataFrame) -> None:
        """Rows of `indicator_values`."""
        self._put(
            "indicator_values", one, rows.with_columns(pl.lit(one.rule_version).alias("rule_version")), groups
        )

    def absent(self, one: Indicator, units: pl.DataFrame, groups: pl.DataFrame, by: Sequence[str]) -> None:
        """Units nobody reported a figure for."""
        if not by:
            return
        known = list(by) if stages_of_line(one) else [name for name in by if name != STAGE]
        named = units.rename({name: told_apart(name) for name in by})
        keys = [told_apart(name) for name in known]
        gone = named.join(groups.select(keys), on=keys, how="anti") if keys else named
        if gone.is_empty():
            return
        rows = labelled(gone, by).with_row_index(GROUP).with_columns(pl.col(GROUP).cast(pl.Int64))
        self.values(one, without_rows(one, rows), rows)

    def excluded(self, one: Indicator, rows: pl.DataFrame, groups: pl.DataFrame) -> None:
        """Rows of `indicator_excluded`."""
        self._put("indicator_excluded", one, rows, groups)

    def worst(self, one: Indicator, rows: pl.DataFrame, batch: Batch) -> None:
        """Rows of `indicator_worst`, units by name."""
        names = pl.DataFrame({ROW: batch.rows[ROW], "school": batch.units})
        self._put("indicator_worst", one, rows.join(names, on=ROW, how="left").drop(ROW), batch.groups)

    def tables(self) -> dict[str, pl.DataFrame]:
        """The declared tables, each in order of its key."""
        return {name: self._table(OUTPUTS[name], parts) for name, parts in self.parts.items()}

    def _table(self, table: Table, parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
        if not parts:
            return table.empty()
        whole = pl.concat(parts, how="diagonal").with_columns(
            pl.lit("").alias("run"),
            pl.lit(self.year).alias("year"),
            pl.lit(self.data_version).alias("data_version"),
        )
        kept = whole.select([name for name in whole.columns if name in table.names])
        return table.conform(kept)
