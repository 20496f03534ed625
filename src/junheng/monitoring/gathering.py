"""From rows to group sums: one plan for many indicators at once, on any engine.

The plan marks each row's scope, takes what each indicator uses, sums by group, sets the sums beside the rows
for the verbs that look at each unit, and sums once more. Two passes over the rows, however many indicators.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, cast

import narwhals.stable.v2 as nw
import polars as pl

from junheng.model.errors import Refused
from junheng.monitoring import gini, quantile, theil, weighted_cv
from junheng.monitoring.dialect import POLARS, Words
from junheng.monitoring.engines import Engine, collected, lent, words_of, worked
from junheng.monitoring.facts import YEAR_OF
from junheng.monitoring.gini import GROUP, ROW
from junheng.monitoring.grouping import STAGE, labelled, told_apart
from junheng.monitoring.operands import DECIMALS, Decimals, columns_of, exact, scaled
from junheng.monitoring.ratio import Aggregate, Pass, joined, ratio
from junheng.monitoring.used_rows import EXCLUDED, OUTSIDE, Compiled, Scope, compiled, scope_code, scope_name
from junheng.rules.indicator import Indicator

MOST = 2.0**62
"""Sums of whole numbers must stay below this, or 64 bits could overflow unnoticed."""
WITH_MEAN = ("cv", "theil")
BY_GAP = ("ratio", "share", "mean")
"""Verbs whose units are told by what each lacks to its own line."""


@dataclass(frozen=True)
class Batch:
    """Indicators of one grain and one grouping on one frame of facts.

    groups: one row a group in order, `g` its number. rows: what the engines get: g, row and the columns read,
    as whole numbers, flags as 0 and 1, or texts. units: what each row is called in lists of units.
    """

    indicators: tuple[Indicator, ...]
    by: tuple[str, ...]
    groups: pl.DataFrame
    rows: pl.DataFrame
    units: pl.Series
    decimals: Decimals
    scopes: tuple[Scope, ...]
    compiled: tuple[Compiled, ...]

    @staticmethod
    def of(
        facts: pl.DataFrame, key: Sequence[str], indicators: Sequence[Indicator], by: Sequence[str]
    ) -> Batch:
        """Number the groups and rows of `facts` and compile the indicators on its columns."""
        wanted = sorted(set[str]().union(*(columns_of(one) for one in indicators)))
        frame, decimals = scaled(facts, wanted)
        years = [YEAR_OF] if YEAR_OF in facts.columns else []
        keys = [*(told_apart(name) for name in by), *years]
        labels = [pl.col(name).cast(pl.String).fill_null("").alias(told_apart(name)) for name in by]
        spelled = [pl.col(k).cast(pl.String).fill_null("") for k in key]
        numbered = facts.select(*labels, *years, pl.concat_str(spelled, separator="/").alias("unit"))
        named = [part for part, name in zip(spelled, key, strict=True) if name != STAGE] or spelled
        if keys:
            groups = labelled(numbered.select(keys).unique(), by).with_row_index(GROUP)
            g = numbered.join(groups, on=keys, how="left", maintain_order="left")[GROUP]
        else:
            one = pl.DataFrame({GROUP: [0] if facts.height else []}, schema={GROUP: pl.UInt32})
            groups = labelled(one, by)
            g = pl.Series(GROUP, [0] * facts.height, dtype=pl.UInt32)
        units = numbered["unit"]
        if units.is_sorted():
            place = pl.Series(ROW, range(facts.height), dtype=pl.Int64)
        else:
            place = units.rank("ordinal").cast(pl.Int64).alias(ROW)
        scopes: list[Scope] = []
        made: list[Compiled] = []
        for number, one in enumerate(indicators):
            scope: Scope = (one.where, one.exclude)
            if scope not in scopes:
                scopes.append(scope)
            made.append(compiled(POLARS, one, number, scopes.index(scope), decimals))
        rows = frame.with_columns(g.cast(pl.Int64), place)
        batch = Batch(
            tuple(indicators),
            tuple(by),
            groups.with_columns(pl.col(GROUP).cast(pl.Int64)),
            rows,
            facts.select(pl.concat_str(named, separator="/").alias("unit")).to_series(),
            decimals,
            tuple(scopes),
            tuple(made),
        )
        batch.refuse_overflow()
        return batch

    def finer(self) -> list[Indicator]:
        """Indicators that make floats of single rows while a number is finer than a hundredth: the scale of a
        column is that of all its rows, so that rows of another year would move a last bit."""
        if all(digits <= DECIMALS[0] for digits in self.decimals.values()):
            return []
        return [one.indicator for one in self.compiled if one.by_unit or one.indicator.measure in BY_GAP]

    def refuse_overflow(self) -> None:
        """Refused where a sum of products could leave 64 bits; a column alone was held to its size before."""
        sizes = self.rows.select(
            [pl.col(name).abs().cast(pl.Float64).sum() for name in self.decimals if name in self.rows.columns]
        )
        largest = max((float(value or 0) for value in (sizes.row(0) if sizes.width else ())), default=0.0)
        products = [one for one in self.compiled if one.product]
        if largest * 100 >= MOST or (products and self._largest_product(products) >= MOST):
            raise Refused(
                "monitoring.too_large", {"indicators": ", ".join(one.id for one in self.indicators)}
            )

    def _largest_product(self, products: Sequence[Compiled]) -> float:
        whole = POLARS.number
        sizes = [
            (one.factors[0].cast(whole) * one.factors[1].cast(whole)).abs().sum().alias(one.cells.m)
            for one in products
            if one.factors
        ]
        return max(float(value or 0) for value in self.rows.select(cast("list[pl.Expr]", sizes)).row(0))

    def _in(self, words: Words) -> tuple[Compiled, ...]:
        """The indicators compiled in the words of an engine."""
        if words is POLARS:
            return self.compiled
        places = ((n, self.scopes.index((one.where, one.exclude))) for n, one in enumerate(self.indicators))
        return tuple(compiled(words, self.indicators[n], n, scope, self.decimals) for n, scope in places)

    def marked(self, frame: nw.LazyFrame[Any], words: Words) -> nw.LazyFrame[Any]:
        """Rows with the scopes and every indicator's columns."""
        scopes = [
            scope_code(words, scope, self.decimals).alias(scope_name(n))
            for n, scope in enumerate(self.scopes)
        ]
        splits = sorted({one.split for one in self.indicators if one.split})
        used = [expression.alias(name) for one in self._in(words) for name, expression in one.rows().items()]
        kept = [GROUP, ROW, *(scope_name(n) for n in range(len(self.scopes))), *splits]
        return frame.with_columns(*scopes).select(*kept, *used)

    @cached_property
    def local(self) -> pl.DataFrame:
        """The marked rows, worked by Polars: for lists of units and exact comparisons."""
        return worked(self.marked(lent(self.rows, "polars", None), POLARS))

    def sums(self, engine: Engine, session: Any = None) -> pl.DataFrame:
        """One row a group in order of g: every indicator's totals and second sums, worked by the engine."""
        words = words_of(engine)
        if engine == "polars":
            marked = lent(self.local, "polars", None)
        else:
            marked = self.marked(lent(self.rows, engine, session), words)
        totals = self._totals(marked, words)
        second = self._second(marked, totals, words)
        return self._filled(
            collected(totals if second is None else totals.join(second, on=GROUP, how="left"))
        )

    def _totals(self, marked: nw.LazyFrame[Any], words: Words) -> nw.LazyFrame[Any]:
        inside = [
            (words.col(scope_name(n)) != OUTSIDE).cast(words.whole).alias(f"in_{n}")
            for n in range(len(self.scopes))
        ]
        left_out = [
            (words.col(scope_name(n)) >= EXCLUDED).cast(words.whole).alias(f"out_{n}")
            for n in range(len(self.scopes))
        ]
        flags = [f"{side}_{n}" for n in range(len(self.scopes)) for side in ("in", "out")]
        gathered = [expression for one in self._in(words) for expression in one.totals()]
        return (
            marked.with_columns(*inside, *left_out)
            .group_by(GROUP)
            .agg(*gathered, *(words.col(name).sum().alias(name) for name in flags))
        )

    def _second(
        self, marked: nw.LazyFrame[Any], totals: nw.LazyFrame[Any], words: Words
    ) -> nw.LazyFrame[Any] | None:
        asked = [one for one in self.compiled if one.by_unit]
        if not asked:
            return None
        beside: list[nw.Expr] = []
        for one in asked:
            cells = one.cells
            beside += [words.col(cells.all_m), words.col(cells.rows)]
            if one.indicator.measure in WITH_MEAN:
                beside.append(ratio(words, words.col(cells.all_m), words.col(cells.all_w)).alias(cells.mean))
            else:
                beside.append(words.col(cells.all_w))
        own = [name for one in asked for name in (one.cells.m, one.cells.w)]
        splits = sorted({one.indicator.split for one in asked if one.indicator.split})
        rows = marked.select(GROUP, ROW, *splits, *own).join(
            totals.select(GROUP, *beside), on=GROUP, how="left"
        )
        whole = joined(*(over_rows(words, one) for one in asked))
        for step in whole.steps:
            rows = rows.with_columns(*(expression.alias(name) for name, expression in step.items()))
        return rows.group_by(GROUP).agg(
            *(_gathered(words, name, how) for name, how in whole.aggregates.items())
        )

    @staticmethod
    def _filled(sums: pl.DataFrame) -> pl.DataFrame:
        """Sums over no used row are null in SQL and 0 in Polars: 0 everywhere; `rows` says there was none."""
        whole = [name for name, kind in sums.schema.items() if kind == pl.Int64]
        return sums.with_columns(pl.col(whole).fill_null(0))


def over_rows(words: Words, one: Compiled) -> Pass:
    """What the indicator's verb asks of the rows once the totals of their group stand beside them."""
    indicator, cells = one.indicator, one.cells
    match indicator.measure:
        case "cv":
            return weighted_cv.over_rows(words, cells)
        case "gini":
            return gini.over_rows(words, cells)
        case "theil":
            return theil.over_rows(words, cells, indicator.split)
        case "quantile":
            return quantile.over_rows(words, cells, q_of(indicator), weighted=bool(indicator.weight))
        case _:
            kind = indicator.range or "max_min"
            return quantile.range_rows(words, cells, kind, weighted=bool(indicator.weight))


def q_of(indicator: Indicator) -> Fraction:
    """The quantile asked for; the median where none is said."""
    return Fraction(1, 2) if indicator.q is None else exact(indicator.q)


def _gathered(words: Words, name: str, how: Aggregate) -> nw.Expr:
    column = words.col(name)
    found = {"sum": column.sum, "max": column.max, "min": column.min, "count": column.count}[how]()
    return found.alias(name)
