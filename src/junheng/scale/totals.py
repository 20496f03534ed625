"""Provinces and nation from what the counties left: sums of class A, a second pass over rows for class B.

Every total is judged by the law of its own level. A province with a county that failed has no totals, and
neither has the nation then: half a sum is no sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from junheng.model import OUTPUTS
from junheng.model.errors import Refused, VerificationFailed
from junheng.monitoring.change import counted_in_base
from junheng.monitoring.facts import Facts, gathered
from junheng.monitoring.gathering import MOST, Batch
from junheng.monitoring.gini import GROUP
from junheng.monitoring.grouping import LABELS, labelled, told_apart
from junheng.monitoring.judging import judged
from junheng.monitoring.measuring import measure_facts
from junheng.monitoring.operands import exact
from junheng.monitoring.ratio import Scale
from junheng.monitoring.used_rows import Compiled
from junheng.rules import Standards
from junheng.rules.grains import AREAS, GRAINS
from junheng.rules.indicator import Indicator
from junheng.scale.group_sums import ADDED, CELLS, ROWS, SCALED, SCALES, SUMS, above, others
from junheng.scale.partitions import COUNTY
from junheng.scale.problem import Tables

PROVINCE = "province"
EXCLUDED = "indicator_excluded"
_EXACT = 10**6
"""Weights of excluded rows are added as whole millionths, in any order."""


def totals(
    counties: Sequence[Tables], chosen: Sequence[Indicator], law: Standards, year: int, province: str = ""
) -> dict[str, pl.DataFrame]:
    """The three indicator tables of a province, or of the nation where `province` is empty, from the hidden
    and published tables of its counties. VerificationFailed when rows are not conserved."""
    members = [one for one in chosen if above(one)]
    parts: dict[str, list[pl.DataFrame]] = {
        name: [OUTPUTS[name].empty()] for name in OUTPUTS if name in _TABLES
    }
    sums = [one[SUMS] for one in counties if SUMS in one]
    if sums:
        rows = pl.concat(sums, how="diagonal")
        for one in members:
            if one.measure in ADDED:
                parts["indicator_values"].append(_added(one, rows, law, year, province))
    second = _second_pass(counties, [one for one in members if one.measure not in ADDED], year, province)
    for name in ("indicator_values", "indicator_worst"):
        parts[name].append(second[name])
    parts[EXCLUDED].append(_excluded(counties, members, province))
    return {
        name: OUTPUTS[name].conform(pl.concat(held, how="diagonal_relaxed")) for name, held in parts.items()
    }


_TABLES = ("indicator_values", EXCLUDED, "indicator_worst")


def _added(one: Indicator, rows: pl.DataFrame, law: Standards, year: int, province: str) -> pl.DataFrame:
    """Result rows of an indicator of class A from the sums of the counties, added as whole numbers."""
    mine = rows.filter(pl.col("indicator") == one.id)
    if mine.is_empty():
        return OUTPUTS["indicator_values"].empty()
    rest = [name for name in others(one) if told_apart(name) in mine.columns]
    scales = {name: int(mine[name].max()) for name in SCALES}  # pyright: ignore[reportArgumentType]
    cells = [name for name in CELLS if name in mine.columns and mine[name].null_count() < mine.height]
    finest = [
        pl.col(name) * 10 ** (scales[SCALED[name]] - pl.col(SCALED[name])) if name in SCALED else pl.col(name)
        for name in cells
    ]
    same = mine.with_columns(finest)
    largest = same.select(pl.col(cells).abs().cast(pl.Float64).sum()).row(0)
    if max(largest) * 100 >= MOST:
        raise Refused("monitoring.too_large", {"indicators": one.id})
    keys = [told_apart(name) for name in rest]
    counted = [*cells, "inside", "outside"]
    added = same.group_by(keys).agg(pl.col(counted).sum()) if keys else same.select(pl.col(counted).sum())
    by = ((PROVINCE,) if province else ()) + tuple(rest)
    named = labelled(added.with_columns(pl.lit(province).alias(told_apart(PROVINCE))), by)
    groups = named.with_row_index(GROUP).with_columns(pl.col(GROUP).cast(pl.Int64))
    batch, compiled = _stand_in(one, groups, law, year, scales)
    held = groups.select(GROUP, *(pl.col(name).alias(getattr(compiled.cells, name)) for name in cells))
    kept = groups["rows"] + groups["missing"] + groups["outside"]
    if (kept != groups["inside"]).any():
        raise VerificationFailed("scale.check_failed", {"checks": f"conservation:{one.id}"})
    found = next(judged([compiled], batch, held)).filter(groups["inside"] > 0)
    return _put(found.join(groups.select(GROUP, *LABELS), on=GROUP, maintain_order="left"), one, year)


def _stand_in(
    one: Indicator, groups: pl.DataFrame, law: Standards, year: int, scales: Mapping[str, int]
) -> tuple[Batch, Compiled]:
    """A batch without rows whose sums have these scales: all that judging sums asks for."""
    frame = gathered({}, one.grain, year, None, law).frame
    batch = Batch.of(frame, GRAINS[one.grain].key, [one], ())
    compiled = replace(
        batch.compiled[0],
        scale=Scale.of(scales["m"], scales["w"], exact(one.value.factor)),
        m_decimals=scales["m"],
        w_decimals=scales["w"],
        v_decimals=scales["v"],
    )
    return replace(batch, groups=groups, compiled=(compiled,)), compiled


def _put(rows: pl.DataFrame, one: Indicator, year: int) -> pl.DataFrame:
    whole = rows.with_columns(
        pl.lit("").alias("run"),
        pl.lit("").alias("data_version"),
        pl.lit(one.id).alias("indicator"),
        pl.lit(one.rule_version).alias("rule_version"),
        pl.lit(year).alias("year"),
    )
    table = OUTPUTS["indicator_values"]
    return table.conform(whole.select([name for name in whole.columns if name in table.names]))


def _second_pass(
    counties: Sequence[Tables], members: Sequence[Indicator], year: int, province: str
) -> dict[str, pl.DataFrame]:
    """Indicators that look at each unit, over the thin rows of all counties."""
    moved = [replace(one, report=((PROVINCE,) if province else ()) + others(one)) for one in members]
    facts = {grain: _rows(counties, grain, year, province) for grain in sorted({one.grain for one in moved})}
    earlier: dict[tuple[str, int], Facts] = {}
    for one in moved:
        if one.measure == "change":
            base = counted_in_base(one, year)
            earlier[(one.grain, base)] = _rows(counties, one.grain, base, province)
    result = measure_facts(facts, moved, year=year, earlier=earlier)
    if failed := result.check():
        raise VerificationFailed("scale.check_failed", {"checks": ", ".join(failed)})
    return dict(result.tables)


def _rows(counties: Sequence[Tables], grain: str, year: int, province: str) -> Facts:
    name = f"{ROWS}.{grain}.{year}"
    parts = [one[name] for one in counties if name in one]
    frame = pl.concat(parts).with_columns(pl.lit(province).alias(PROVINCE)) if parts else pl.DataFrame()
    areas = pl.DataFrame(schema=dict.fromkeys(("area_code", "area_level", *AREAS), pl.String))
    return Facts(grain, year, frame, areas)


def _excluded(counties: Sequence[Tables], members: Sequence[Indicator], province: str) -> pl.DataFrame:
    """Rows left out by reason, added over the counties; which units they are stands with each county."""
    table = OUTPUTS[EXCLUDED]
    asked = [one.id for one in members]
    parts = [one[EXCLUDED] for one in counties if EXCLUDED in one]
    rows = (
        pl.concat(parts).filter((pl.col("level") == COUNTY) & pl.col("indicator").is_in(asked))
        if parts
        else None
    )
    if rows is None or rows.is_empty():
        return table.empty()
    keys = ["run", "indicator", "year", "stage", "group", "reason", "cite"]
    weight = (pl.col("weight") * _EXACT).round(0).cast(pl.Int64)
    complete = pl.when(pl.col("weight").null_count() == 0).then(weight.sum() / _EXACT).alias("weight")
    added = rows.group_by(keys).agg(pl.col("n").sum(), complete)
    return table.conform(
        added.with_columns(
            pl.lit(PROVINCE if province else AREAS[0]).alias("level"), pl.lit(province).alias("area")
        )
    )
