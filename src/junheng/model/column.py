"""How one table is declared: the single source for reading, checking, templates, synthesis and reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

Kind = Literal["code", "text", "integer", "number", "year", "month", "share", "date", "flag"]
"""`code` is an identifier or a member of a code list: a string from the first byte, never a number."""

POLARS_TYPES: dict[str, type[pl.DataType]] = {
    "code": pl.String,
    "text": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "year": pl.Int32,
    "month": pl.Int32,
    "share": pl.Float64,
    "date": pl.Date,
    "flag": pl.Boolean,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a declared table.

    `minimum` and `maximum` are inclusive. `codes` names a list in `junheng.model.codes`. `references` is
    "table.column" of the key this value must exist in, or in `or_references`, or be one of the words `beside`
    it. `decimals` is how many a number is kept to where sums must be exact. `by_region` columns are written
    by the region's bureau alone, never by the school or town that sends the row. `aliases` are
    headings seen in offices' own tables; they feed the drafting of mapping files and nothing else.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    about_zh: str
    about_en: str
    unit: str = ""
    required: bool = False
    codes: str = ""
    minimum: float | None = None
    maximum: float | None = None
    references: str = ""
    or_references: str = ""
    beside: tuple[str, ...] = ()
    example: str = ""
    aliases: tuple[str, ...] = ()
    personal: bool = False
    decimals: int | None = None
    by_region: bool = False

    @property
    def polars_type(self) -> type[pl.DataType]:
        """The Polars type in which the column is held and stored."""
        return POLARS_TYPES[self.kind]

    @property
    def targets(self) -> tuple[str, ...]:
        """Every "table.column" the value may exist in; empty when it names no row of another table."""
        return tuple(target for target in (self.references, self.or_references) if target)


@dataclass(frozen=True, slots=True)
class Table:
    """One declared table. `key` columns identify a row; `role` says who writes it. Rows of a `by_region`
    table may name schools and towns, but only the region's bureau writes them."""

    name: str
    zh: str
    en: str
    about_zh: str
    about_en: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    role: Literal["input", "output"] = "input"
    by_region: bool = False

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len({name.lower() for name in names}) != len(names):
            raise ValueError(f"{self.name}: column names repeat (engines differ on case, silently)")
        if missing := [name for name in self.key if name not in names]:
            raise ValueError(f"{self.name}: key columns not declared: {missing}")

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError when the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    @property
    def names(self) -> list[str]:
        """Column names in declared order."""
        return [column.name for column in self.columns]

    @property
    def required(self) -> list[str]:
        """Columns that may not be empty."""
        return [column.name for column in self.columns if column.required]

    @property
    def of_persons(self) -> bool:
        """Whether a row is about one person: the key itself is personal."""
        return any(self.column(name).personal for name in self.key)

    def schema(self) -> dict[str, type[pl.DataType]]:
        """Polars schema in declared order."""
        return {column.name: column.polars_type for column in self.columns}

    def empty(self) -> pl.DataFrame:
        """A frame with every declared column and no row."""
        return pl.DataFrame(schema=self.schema())

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`frame` in declared column order and types, sorted by key; undeclared columns are refused."""
        if extra := [name for name in frame.columns if name not in self.names]:
            raise ValueError(f"{self.name}: undeclared columns {extra}")
        columns = [
            (pl.col(c.name) if c.name in frame.columns else pl.lit(None)).cast(c.polars_type).alias(c.name)
            for c in self.columns
        ]
        return frame.select(columns).sort(list(self.key), maintain_order=True)
