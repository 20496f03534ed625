"""Which units weigh most on a group's value, and by how much; and which rows are missing and come first to
mend.

cv: the unit's share of the variance, sums to 1. ratio, share, mean: what it lacks to its own line in natural
units (teachers, ㎡, yuan, children), sums to the group's gap. gini, theil: the value less the value without
it.
"""

from __future__ import annotations

import polars as pl

from junheng.monitoring.engines import begun, beside, worked
from junheng.monitoring.gathering import BY_GAP, Batch
from junheng.monitoring.gini import GROUP, ROW
from junheng.monitoring.ratio import quotient
from junheng.monitoring.used_rows import Compiled

ABOVE, BELOW, MISSING = "above", "below", "missing"
NO_SPREAD = 1e-6
"""A coefficient this small is rounding; nobody contributes to it."""
COLUMNS = (GROUP, ROW, "x", "contribution", "direction")
NOBODY = pl.DataFrame(
    schema=dict(zip(COLUMNS, (pl.Int64, pl.Int64, pl.Float64, pl.Float64, pl.String), strict=True))
)


def worst(one: Compiled, batch: Batch, judged: pl.DataFrame, most: int) -> pl.DataFrame:
    """Up to `most` missing rows and up to `most` contributors of each group: g, rank, row, x, contribution,
    direction. Missing ones come first, the heaviest before the lighter."""
    parts = [_missing(one, batch, most)]
    verb = one.indicator.measure
    if verb == "cv":
        parts.append(_leading(_variance(one, batch, judged), most))
    elif verb in BY_GAP and one.indicator.threshold is not None:
        parts.append(_leading(_gap(one, batch, judged), most))
    elif verb in ("gini", "theil"):
        parts.append(_leading(_left_out(one, batch), most))
    found = [part for part in parts if part.height] or parts[:1]
    rank = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(GROUP).alias("rank")
    if len(found) == 1:  # in order of group already
        return found[0].with_columns(rank)
    return pl.concat(found).with_columns(rank).sort(GROUP, "rank")


def _used(one: Compiled, batch: Batch) -> pl.LazyFrame:
    """g, row, m, w of used rows."""
    cells = one.cells
    weight = pl.col(cells.w) if cells.w in batch.local.columns else pl.lit(1, pl.Int64)
    chosen = begun(batch.local).select(GROUP, ROW, pl.col(cells.m).alias("m"), weight.alias("w"))
    return chosen.filter(pl.col("m").is_not_null())


def _missing(one: Compiled, batch: Batch, most: int) -> pl.DataFrame:
    cells = one.cells
    if not batch.local[cells.k].sum():
        return NOBODY
    gone = begun(batch.local).filter(pl.col(cells.k) == 1)
    ordered = gone.sort([GROUP, cells.vk, ROW], descending=[False, True, False], nulls_last=False)
    none = pl.lit(None, pl.Float64)
    return worked(
        ordered.group_by(GROUP, maintain_order=True)
        .head(most)
        .select(GROUP, ROW, none.alias("x"), none.alias("contribution"), pl.lit(MISSING).alias("direction"))
    )


def _leading(rows: pl.LazyFrame, most: int) -> pl.DataFrame:
    """The `most` rows of each group with the largest contribution, the ties in order of key."""
    ordered = rows.filter(pl.col("contribution") > 0).sort(
        [GROUP, "contribution", ROW], descending=[False, True, False]
    )
    return worked(ordered.group_by(GROUP, maintain_order=True).head(most).select(COLUMNS))


def _with_totals(one: Compiled, batch: Batch) -> pl.LazyFrame:
    used = _used(one, batch)
    totals = used.group_by(GROUP).agg(pl.col("m").sum().alias("all_m"), pl.col("w").sum().alias("all_w"))
    factor = float(one.scale.factor)
    x = quotient(pl.col("m"), pl.col("w"))
    return used.join(totals, on=GROUP, how="left", maintain_order="left").with_columns(
        (x * factor).alias("x"), quotient(pl.col("all_m"), pl.col("all_w")).alias("mean"), x.alias("own")
    )


def _direction() -> pl.Expr:
    return (
        pl.when(pl.col("own") >= pl.col("mean"))
        .then(pl.lit(ABOVE))
        .otherwise(pl.lit(BELOW))
        .alias("direction")
    )


def _variance(one: Compiled, batch: Batch, judged: pl.DataFrame) -> pl.LazyFrame:
    m, w, mean = pl.col("m").cast(pl.Float64), pl.col("w").cast(pl.Float64), pl.col("mean")
    part = quotient((m - w * mean) ** 2, w * mean * pl.col("all_m").cast(pl.Float64))
    spread = pl.when(pl.col("value") > NO_SPREAD).then(pl.col("value") ** 2)
    rows = _with_totals(one, batch)
    squared = beside(judged.select(GROUP, spread.alias("squared")), rows)
    return rows.join(squared, on=GROUP, how="left", maintain_order="left").with_columns(
        quotient(part, pl.col("squared")).alias("contribution"), _direction()
    )


def _gap(one: Compiled, batch: Batch, judged: pl.DataFrame) -> pl.LazyFrame:
    """T x den - num, or the other way round where the line is a ceiling, in units of the numerator."""
    threshold = one.indicator.threshold
    assert threshold is not None
    ceiling = threshold.op in ("<=", "<")
    factor = float(one.scale.factor)
    rows = _used(one, batch)
    line = beside(judged.select(GROUP, "threshold"), rows)
    rows = rows.join(line, on=GROUP, how="left", maintain_order="left")
    needed = pl.col("threshold") * pl.col("w").cast(pl.Float64) / factor
    lacking = (needed - pl.col("m").cast(pl.Float64)) / 10**one.m_decimals
    own = quotient(pl.col("m"), pl.col("w")) * factor
    return rows.with_columns(
        own.alias("x"),
        (-lacking if ceiling else lacking).alias("contribution"),
        pl.lit(ABOVE if ceiling else BELOW).alias("direction"),
    )


def _left_out(one: Compiled, batch: Batch) -> pl.LazyFrame:
    """What leaving one unit out takes from Gini or Theil, from running sums instead of n recomputations."""
    rows = _with_totals(one, batch).sort(GROUP, "own", ROW)
    m, w = pl.col("m").cast(pl.Float64), pl.col("w").cast(pl.Float64)
    all_m, all_w = pl.col("all_m").cast(pl.Float64), pl.col("all_w").cast(pl.Float64)
    if one.indicator.measure == "theil":
        part = m * pl.when(pl.col("m") > 0).then(pl.col("own")).otherwise(1.0).log()
        whole = _in_order(part)
        value = quotient(whole, all_m) - quotient(all_m, all_w).log()
        rest = quotient(whole - part, all_m - m) - quotient(all_m - m, all_w - w).log()
    else:
        running, weight = m.cum_sum().over(GROUP), w.cum_sum().over(GROUP)
        own_area = w * (2 * running - m)
        area = _in_order(own_area)
        value = 1 - quotient(area, all_m * all_w)
        rest = 1 - quotient(area - own_area - 2 * m * (all_w - weight), (all_m - m) * (all_w - w))
    change = pl.when(all_m > m).then(value - rest)
    return rows.with_columns(change.fill_nan(None).alias("contribution"), _direction())


def _in_order(part: pl.Expr) -> pl.Expr:
    """The sum of a group's parts, added one by one in order of rows: the same on any number of threads."""
    return part.cum_sum().last().over(GROUP)
