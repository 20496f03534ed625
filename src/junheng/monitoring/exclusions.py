"""Rows left out of an indicator, by the first rule that takes them: how many, their weight, and which."""

from __future__ import annotations

from typing import cast

import polars as pl

from junheng.monitoring.dialect import POLARS
from junheng.monitoring.gathering import Batch
from junheng.monitoring.gini import GROUP
from junheng.monitoring.operands import quantity
from junheng.monitoring.ratio import quotient
from junheng.monitoring.used_rows import EXCLUDED, Compiled, scope_name
from junheng.rules.indicator import Quantity

COLUMNS = (GROUP, "reason", "cite", "n", "weight", "ids")
_KINDS = (pl.Int64, pl.String, pl.String, pl.Int64, pl.Float64, pl.String)
SEPARATOR = ";"


def weight_of(one: Compiled) -> Quantity:
    """The quantity by which the rows of an indicator are weighed in its counts; empty: each counts one."""
    return one.indicator.weight or one.indicator.value.den


def excluded(one: Compiled, batch: Batch) -> pl.DataFrame:
    """g, reason, cite, n, weight, ids of every group and reason that took a row."""
    rules = one.indicator.exclude
    code = batch.local[scope_name(one.scope)]
    taken = (code >= EXCLUDED).fill_null(False)
    if not taken.any():
        return pl.DataFrame(schema=dict(zip(COLUMNS, _KINDS, strict=True)))
    asked = weight_of(one)
    weight, digits = quantity(POLARS, asked, batch.decimals) if asked else (POLARS.lit(1), 0)
    weights = batch.rows.filter(taken).select(GROUP, v=cast("pl.Expr", weight))
    rows = weights.with_columns(code.filter(taken).alias("code"), batch.units.filter(taken).alias("unit"))
    names = [rule.reason for rule in rules]
    cites = [rule.cite.rule if rule.cite else rule.source.doc if rule.source else "" for rule in rules]
    order = list(range(EXCLUDED, EXCLUDED + len(rules)))
    named = rows.with_columns(
        pl.col("code").replace_strict(order, names, return_dtype=pl.String).alias("reason"),
        pl.col("code").replace_strict(order, cites, return_dtype=pl.String).alias("cite"),
    )
    return (
        named.group_by(GROUP, "reason")
        .agg(
            pl.col("cite").sort().first(),
            pl.len().cast(pl.Int64).alias("n"),
            quotient(pl.col("v").sum(), pl.lit(10**digits)).alias("weight"),
            pl.col("unit").sort().str.join(SEPARATOR).alias("ids"),
        )
        .sort(GROUP, "reason")
        .select(COLUMNS)
    )
