"""Change against a base year: difference or share of the base, over all units or the same units in both
years.

Each year is summed by itself from its own rows. Units that came and units that went are counted; without a
base there is no change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from junheng.monitoring import boundary
from junheng.monitoring.gathering import Batch
from junheng.monitoring.gini import GROUP
from junheng.monitoring.grouping import LABELS
from junheng.monitoring.operands import exact
from junheng.monitoring.status import MET, NO_THRESHOLD, NOT_COMPUTABLE, UNMET, holds, rounded_line
from junheng.monitoring.used_rows import COUNTING
from junheng.rules.indicator import Base, Indicator, Verb

UNIT = "unit"


@dataclass(frozen=True)
class Pair:
    """What is counted in each of the two years, and the facts of each: (this year, base year)."""

    counted: Indicator
    frames: tuple[pl.DataFrame, pl.DataFrame]
    has_base: bool


def counted_in_base(one: Indicator, year: int) -> int:
    """The base year of an indicator of change."""
    base = one.base or Base()
    return base.year if base.year is not None else year - base.years


def of_two_years(
    now: pl.DataFrame, then: pl.DataFrame | None, one: Indicator, by: Sequence[str], key: Sequence[str]
) -> Pair:
    """The facts of both years; with a matched panel only units that are used in both."""
    value = one.value
    verb: Verb = "ratio" if value.den else "count" if value.condition is not None else "sum"
    counted = replace(one, measure=verb, threshold=None)
    before = now.clear() if then is None else then
    if (one.base or Base()).panel == "matched":
        both = _used(now, counted, by, key).join(_used(before, counted, by, key), on=UNIT, how="semi")
        now, before = (
            _named(frame, key).join(both, on=UNIT, how="semi").drop(UNIT) for frame in (now, before)
        )
    return Pair(counted, (now, before), then is not None and not then.is_empty())


def _named(frame: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    spelled = [pl.col(name).cast(pl.String).fill_null("") for name in key]
    return frame.with_columns(pl.concat_str(spelled, separator="/").alias(UNIT))


def _used(frame: pl.DataFrame, counted: Indicator, by: Sequence[str], key: Sequence[str]) -> pl.DataFrame:
    batch = Batch.of(frame, key, [counted], by)
    used = batch.local[batch.compiled[0].cells.m].is_not_null()
    return _named(frame, key).select(UNIT).filter(used)


def changed(
    one: Indicator, pair: Pair, batches: Sequence[Batch], sums: Sequence[pl.DataFrame]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(result rows, groups): the value of this year less that of the base year, or its share of the base.

    num is this year's value and den the base year's; rows and weights are this year's, missing rows of either
    year count as missing.
    """
    names = sorted({row for batch in batches for row in batch.groups.select(LABELS).iter_rows()})
    labels = pl.DataFrame(names, schema=list(LABELS), orient="row").with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias(GROUP)
    )
    years = [_by_label(batch, table) for batch, table in zip(batches, sums, strict=True)]
    panels = [_units_by_label(batch) for batch in batches]
    rows = [
        _row(one, pair, [year.get(name) for year in years], [panel.get(name, set()) for panel in panels])
        for name in names
    ]
    schema = {
        "value": pl.Float64, "num": pl.Float64, "den": pl.Float64, "n_used": pl.Int64, "n_missing": pl.Int64,
        "threshold": pl.Float64, "op": pl.String, "margin": pl.Float64, "status": pl.String,
        "status_reason": pl.String, "flags": pl.String,
    }  # fmt: skip
    found = pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias(GROUP), pl.lit(one.source.verified).alias("verified")
    )
    return found, labels


def _by_label(batch: Batch, sums: pl.DataFrame) -> dict[tuple[str, ...], tuple[Fraction | None, int, int]]:
    """(value, rows used, rows missing) of each group that holds rows of the question."""
    compiled = batch.compiled[0]
    cells = compiled.cells
    found: dict[tuple[str, ...], tuple[Fraction | None, int, int]] = {}
    labels = batch.groups.select(GROUP, *LABELS).rows()
    by_group = {row[0]: tuple(row[1:]) for row in labels}
    for row in sums.iter_rows(named=True):
        used = row[cells.rows]
        den = 1 if compiled.indicator.measure in COUNTING else row[cells.all_w]
        value = Fraction(row[cells.all_m], den) * compiled.scale.factor if used and den else None
        found[by_group[row[GROUP]]] = (value, used, row[cells.missing])
    return found


def _units_by_label(batch: Batch) -> dict[tuple[str, ...], set[str]]:
    cells = batch.compiled[0].cells
    frame = pl.DataFrame({GROUP: batch.local[GROUP], UNIT: batch.units}).filter(
        batch.local[cells.m].is_not_null()
    )
    labels = {row[0]: tuple(row[1:]) for row in batch.groups.select(GROUP, *LABELS).rows()}
    found: dict[tuple[str, ...], set[str]] = {}
    for group, unit in frame.iter_rows():
        found.setdefault(labels[group], set()).add(unit)
    return found


def _row(
    one: Indicator,
    pair: Pair,
    years: Sequence[tuple[Fraction | None, int, int] | None],
    panels: Sequence[set[str]],
) -> tuple[object, ...]:
    (now, used, missing), (then, _, gone) = (year or (None, 0, 0) for year in years)
    percent = (one.base or Base()).percent
    value: Fraction | None = None
    if now is not None and then is not None and not (percent and then == 0):
        value = (now - then) / then if percent else now - then
    flags = [
        f"{name}={count}"
        for name, count in (("entries", len(panels[0] - panels[1])), ("exits", len(panels[1] - panels[0])))
        if count
    ]
    if missing + gone:
        flags.append("incomplete")
    line = one.threshold.of() if one.threshold else None
    at = None if line is None or line.value is None else exact(line.value)
    op = one.threshold.op if one.threshold else ""
    margin: Fraction | None = None
    if value is not None and at is not None:
        margin = at - value if op in ("<=", "<") else value - at
    if value is None:
        reason = (
            "no_base" if not pair.has_base or then is None else "no_value" if now is not None else "no_rows"
        )
        status = NOT_COMPUTABLE
    elif missing + gone and not one.missing.max_share_of_weight:
        status, reason = NOT_COMPUTABLE, "missing"
    elif at is None or one.threshold is None:
        status, reason = NO_THRESHOLD, "no_line"
    else:
        moved = None if one.compare_at is None else rounded_line(one.threshold.op, at, one.compare_at)
        how, edge = moved or (one.threshold.op, at)
        status, reason = (MET if holds(how, boundary.sign(value - edge)) else UNMET), "compared"
    numbers = [None if number is None else float(number) for number in (value, now, then)]
    return (
        *numbers, used, missing + gone, None if at is None else float(at), op,
        None if margin is None else float(margin), status, reason, ";".join(flags),
    )  # fmt: skip
