"""Result rows as they come, indicator by indicator, put into the declared tables at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from junheng.model import OUTPUTS
from junheng.model.column import Table
from junheng.monitoring.contributors import worst
from junheng.monitoring.exclusions import excluded
from junheng.monitoring.facts import YEAR_OF, Facts, stages_of_line
from junheng.monitoring.gathering import Batch
from junheng.monitoring.gini import GROUP, ROW
from junheng.monitoring.grouping import LABELS, STAGE, labelled, told_apart
from junheng.monitoring.judging import without_rows
from junheng.monitoring.used_rows import Compiled
from junheng.rules.indicator import Indicator

WORST = 5
"""Contributors told of each group, and as many missing rows."""
VALUES, EXCLUDED, CONTRIBUTORS = "indicator_values", "indicator_excluded", "indicator_worst"


@dataclass
class Shelf:
    """The parts of the three tables. year: that of rows which name none; details are told of it alone."""

    year: int
    data_version: str = ""
    parts: dict[str, list[pl.DataFrame]] = field(default_factory=dict[str, list[pl.DataFrame]])
    broken: list[str] = field(default_factory=list[str])

    def values(self, one: Indicator, rows: pl.DataFrame, year: int | None = None) -> None:
        """Rows of `indicator_values` with their labels; `year` where the rows do not say it."""
        if YEAR_OF in rows.columns:
            rows = rows.rename({YEAR_OF: "year"})
        elif year is not None:
            rows = _with(rows, "year", pl.Series([year], dtype=pl.Int32))
        rows = _with(rows, "rule_version", pl.Series([one.rule_version]))
        self._put(VALUES, one, rows)

    def absent(self, one: Indicator, facts: Facts, groups: pl.DataFrame, by: Sequence[str]) -> None:
        """Units nobody reported a figure for: those that are not among `groups`."""
        if not by:
            return
        units = facts.units(one, by)
        known = list(by) if stages_of_line(one) else [name for name in by if name != STAGE]
        named = units.rename({name: told_apart(name) for name in by})
        keys = [told_apart(name) for name in known]
        if YEAR_OF in groups.columns:
            years = pl.DataFrame({YEAR_OF: facts.years}, schema={YEAR_OF: groups.schema[YEAR_OF]})
            named, keys = named.join(years, how="cross"), [*keys, YEAR_OF]
        gone = named.join(groups.select(keys), on=keys, how="anti") if keys else named
        if not gone.is_empty():
            rows = labelled(gone, by).with_row_index(GROUP).with_columns(pl.col(GROUP).cast(pl.Int64))
            told = rows.select(name for name in (*LABELS, YEAR_OF) if name in rows.columns)
            self.values(one, without_rows(one, rows).hstack(told))

    def details(self, one: Compiled, batch: Batch, values: pl.DataFrame) -> None:
        """Rows of `indicator_excluded`, and of `indicator_worst` with units by name, of the shelf's year."""
        groups = batch.groups
        if YEAR_OF in groups.columns:
            groups = groups.filter(pl.col(YEAR_OF) == self.year)
        labels = groups.select(GROUP, *LABELS)
        if one.indicator.exclude:
            out = excluded(one, batch).join(labels, on=GROUP, maintain_order="left")
            self._put(EXCLUDED, one.indicator, out)
        ranked = worst(one, batch, values, WORST)
        if not ranked.is_empty():
            names = pl.DataFrame({ROW: batch.rows[ROW], "school": batch.units})
            named = ranked.join(labels, on=GROUP, maintain_order="left").join(names, on=ROW, how="left")
            self._put(CONTRIBUTORS, one.indicator, named.drop(ROW))

    def _put(self, name: str, one: Indicator, rows: pl.DataFrame) -> None:
        if rows.height:
            self.parts.setdefault(name, []).append(_with(rows, "indicator", pl.Series([one.id])))

    def tables(self) -> dict[str, pl.DataFrame]:
        """The declared tables, each in order of its key."""
        return {name: self._table(OUTPUTS[name]) for name in (VALUES, EXCLUDED, CONTRIBUTORS)}

    def _table(self, table: Table) -> pl.DataFrame:
        parts = self.parts.get(table.name, [])
        if not parts:
            return table.empty()
        whole = pl.concat(parts, how="diagonal")
        year = pl.lit(self.year, pl.Int32)
        whole = whole.with_columns(
            pl.lit("").alias("run"),
            (pl.col("year").fill_null(year) if "year" in whole.columns else year).alias("year"),
            pl.lit(self.data_version).alias("data_version"),
        )
        return table.conform(whole.select([name for name in whole.columns if name in table.names]))


def _with(rows: pl.DataFrame, name: str, value: pl.Series) -> pl.DataFrame:
    """`rows` with a column that says the same in every row; no plan is made for it."""
    return rows.hstack([value.new_from_index(0, rows.height).alias(name)])
