"""What every rule across rows and tables needs: the tables, and a fault put at its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from junheng.data import faults
from junheng.model import INPUTS, Region

Places = Sequence[tuple[str, str]]
Headings = Mapping[str, Mapping[str, str]]
Tables = Mapping[str, pl.DataFrame]


class Rules:
    """Rules over the tables of one region; `faults` words a fault of each row given."""

    def __init__(self, tables: Tables, region: Region, places: Places, headings: Headings) -> None:
        self.tables, self.region, self.places, self.headings = tables, region, places, headings

    def faults(
        self,
        rows: pl.DataFrame,
        code: str,
        severity: str,
        table: str,
        column: str,
        value: pl.Expr | None = None,
        **parameters: pl.Expr | str | float,
    ) -> pl.DataFrame:
        """One fault a row, at `column`, whose value it shows unless another is given."""
        declared = INPUTS[table]
        key = pl.concat_str(
            [pl.col(k).cast(pl.String) for k in declared.key if k in rows.columns],
            separator=" · ",
            ignore_nulls=True,
        )
        heading = self.headings.get(table, {}).get(column, declared.column(column).zh)
        return faults.of_rows(
            rows,
            code,
            severity,
            table=table,
            places=self.places,
            heading=heading,
            field=column,
            value=value if value is not None else pl.col(column),
            parameters={
                "key": key,
                "column_zh": declared.column(column).zh,
                "column_en": declared.column(column).en,
                **parameters,
            },
        )
