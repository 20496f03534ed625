"""What a county leaves for the totals above it: whole sums of class A, thin school rows for class B.

`sum count ratio share` add up as whole numbers; verbs that look at each unit, and changes between two years,
need the rows once more, with the few columns their indicators read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from junheng.monitoring.facts import Facts
from junheng.monitoring.gathering import Batch
from junheng.monitoring.gini import GROUP
from junheng.monitoring.grouping import UNIT_LEVELS, told_apart
from junheng.monitoring.operands import columns_of
from junheng.rules.grains import GRAINS
from junheng.rules.indicator import Indicator, Verb
from junheng.scale.partitions import COUNTY
from junheng.scale.problem import Made

ADDED: tuple[Verb, ...] = ("sum", "count", "ratio", "share")
"""Class A: what adds up over counties."""
SUMS, ROWS = "_sums", "_rows"
CELLS = ("all_m", "all_w", "all_v", "rows", "missing", "weight_missing", "weighed", "open", "wk")
"""Cells of one indicator that add up, in `_sums` beside its rows inside the scope and left out of it."""
SCALED = {"all_m": "m", "all_w": "w", "all_v": "v", "weight_missing": "v", "wk": "w"}
"""Which of the three scales a cell carries."""
SCALES = ("m", "w", "v")


def above(indicator: Indicator) -> bool:
    """Whether it is reported by county, and so has totals above; results of others have none."""
    return (
        COUNTY in indicator.report
        and not any(name in UNIT_LEVELS for name in indicator.report)
        and indicator.measure != "lookup"
    )


def others(indicator: Indicator) -> tuple[str, ...]:
    """The columns by which it is reported beside the county."""
    return tuple(name for name in indicator.report if name != COUNTY)


def thin(indicators: Iterable[Indicator]) -> dict[str, list[str]]:
    """Grain -> the columns a second pass over its rows reads."""
    found: dict[str, set[str]] = {}
    for one in indicators:
        if above(one) and one.measure not in ADDED:
            read = columns_of(one) | set(others(one)) | set(GRAINS[one.grain].key)
            found.setdefault(one.grain, set()).update(read)
    return {grain: sorted(columns) for grain, columns in sorted(found.items())}


def by_county(
    facts: Mapping[str, Facts],
    indicators: Sequence[Indicator],
    kept: Iterable[tuple[str, Facts]],
    counties: tuple[str, ...],
) -> dict[str, Made]:
    """The hidden tables of each county: `_sums`, and `_rows.<grain>.<year>` for every second pass."""
    made: dict[str, Made] = {county: {} for county in counties}
    for county, rows in _split(_sums(facts, indicators), COUNTY).items():
        if county in made:
            made[county][SUMS] = rows
    columns = thin(indicators)
    for grain, one in kept:
        if grain not in columns:
            continue
        wanted = [name for name in columns[grain] if name in one.frame.columns and name != COUNTY]
        rows = one.frame.select(COUNTY, *wanted)
        for county, part in _split(rows, COUNTY).items():
            if county in made:
                made[county][f"{ROWS}.{grain}.{one.year}"] = part
    return made


def _split(rows: pl.DataFrame, column: str) -> dict[str, pl.DataFrame]:
    held = rows.filter(pl.col(column).is_not_null()).partition_by(column, as_dict=True, maintain_order=True)
    return {str(key): part for (key,), part in held.items()}


def _sums(facts: Mapping[str, Facts], indicators: Sequence[Indicator]) -> pl.DataFrame:
    """One row an indicator, county and further group: its cells, their scales, and the group's columns."""
    runs: dict[tuple[str, tuple[str, ...]], list[Indicator]] = {}
    for one in indicators:
        if above(one) and one.measure in ADDED:
            present = tuple(name for name in one.report if name in facts[one.grain].frame.columns)
            runs.setdefault((one.grain, present), []).append(one)
    parts: list[pl.DataFrame] = []
    for (grain, by), members in runs.items():
        batch = Batch.of(facts[grain].frame, GRAINS[grain].key, members, by)
        sums = batch.sums("polars")
        groups = batch.groups.select(
            GROUP,
            pl.col(told_apart(COUNTY)).alias(COUNTY),
            *(pl.col(told_apart(name)).alias(told_apart(name)) for name in by if name != COUNTY),
        )
        for one in batch.compiled:
            held = [name for name in CELLS if getattr(one.cells, name) in sums.columns]
            rows = sums.select(
                GROUP,
                pl.lit(one.indicator.id).alias("indicator"),
                *(pl.col(getattr(one.cells, name)).alias(name) for name in held),
                pl.col(f"in_{one.scope}").alias("inside"),
                pl.col(f"out_{one.scope}").alias("outside"),
                pl.lit(one.m_decimals).cast(pl.Int64).alias("m"),
                pl.lit(one.w_decimals).cast(pl.Int64).alias("w"),
                pl.lit(one.v_decimals).cast(pl.Int64).alias("v"),
            )
            parts.append(groups.join(rows, on=GROUP, how="inner", maintain_order="left").drop(GROUP))
    if not parts:
        return pl.DataFrame(schema={COUNTY: pl.String})
    return pl.concat(parts, how="diagonal")
