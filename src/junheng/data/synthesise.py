"""Frames made from a declaration alone: they conform, refer and repeat no key, and mean nothing.

For tests, template examples and trying out a table that was just declared. A county that hangs together is
made from a recipe (`junheng.data.examples`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from junheng.model import INPUTS, Column, Table
from junheng.model.codes import CODE_LISTS

Known = Mapping[str, list[Any]]
"""Values that exist already, by "table.column"."""

_LEAST_OF_KIND = {"year": 2000.0, "month": 0.0, "share": 0.0, "number": 0.0, "integer": 0.0}
_MOST_OF_KIND = {"year": 2025.0, "month": 12.0, "share": 1.0, "number": 100.0, "integer": 500.0}
_FIRST_DAY = date(2020, 9, 1)
_TRUE = "是"


def example_row(table: Table) -> dict[str, Any]:
    """The declaration's own example, typed; a column without one is None."""
    return {column.name: typed(column, column.example) for column in table.columns}


def typed(column: Column, text: str) -> Any:
    """A declared example as a value of the column's type; empty text is None."""
    if not text:
        return None
    if column.kind in ("code", "text"):
        return text
    if column.kind == "flag":
        return text == _TRUE
    if column.kind == "date":
        return date.fromisoformat(text)
    return int(text) if column.kind in ("integer", "year", "month") else float(text)


def tables(rows: int = 8, seed: int = 1) -> dict[str, pl.DataFrame]:
    """Every input table with up to `rows` rows each, referring to one another."""
    known: dict[str, list[Any]] = {}
    made: dict[str, pl.DataFrame] = {}
    for name, table in INPUTS.items():
        made[name] = frame(table, rows, seed, known)
        for column in made[name].columns:
            known[f"{name}.{column}"] = made[name][column].drop_nulls().unique(maintain_order=True).to_list()
    return made


def frame(table: Table, rows: int, seed: int, known: Known | None = None) -> pl.DataFrame:
    """Up to `rows` random rows of one table, fewer where the key has fewer values; same seed, same frame.

    A column that refers to another table draws from `known`, or from the declared example without one.
    """
    random = np.random.default_rng([seed, *table.name.encode()])
    made: dict[tuple[Any, ...], dict[str, Any]] = {}
    for number in range(1, rows + 1):
        row = {column.name: _value(table, column, number, random, known or {}) for column in table.columns}
        made.setdefault(tuple(row[name] for name in table.key), row)
    return table.conform(pl.DataFrame(list(made.values()), schema=table.schema()))


def _value(table: Table, column: Column, number: int, random: np.random.Generator, known: Known) -> Any:
    needed = column.required or column.name in table.key
    if not needed and random.random() < 0.25:
        return None
    if column.references and not column.references.startswith(f"{table.name}."):
        targets = [value for name in column.targets for value in known.get(name, [])]
        return _pick(targets or [column.example], random)
    if column.references:  # to a row of its own table: left to the owner, who knows the order
        return None
    if column.codes:
        return _pick(sorted(CODE_LISTS[column.codes].entries), random)
    if column.kind == "code":
        return f"{column.example or column.name}-{number}"
    if column.kind == "text":
        return f"{column.example or column.zh}{number}"
    if column.kind == "flag":
        return bool(random.integers(2))
    if column.kind == "date":
        return _FIRST_DAY + timedelta(days=int(random.integers(2000)))
    return _number(column, random)


def _number(column: Column, random: np.random.Generator) -> int | float:
    least, most = _LEAST_OF_KIND[column.kind], _MOST_OF_KIND[column.kind]
    if column.minimum is not None:
        least = max(least, column.minimum)
    if column.maximum is not None:
        most = min(most, column.maximum)
    if column.kind in ("share", "number"):
        return round(float(random.uniform(least, most)), 4)
    return int(random.integers(int(least), int(most) + 1))


def _pick(values: list[Any], random: np.random.Generator) -> Any:
    return values[int(random.integers(len(values)))]
