"""Faults as a frame: a million bad cells stay one table until somebody wants to read them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from junheng.model import Finding

SCHEMA: dict[str, type[pl.DataType]] = {
    "code": pl.String,
    "severity": pl.String,
    "table": pl.String,
    "file": pl.String,
    "sheet": pl.String,
    "row": pl.Int64,
    "column": pl.String,
    "value": pl.String,
    "parameters": pl.String,
}
"""One row a fault; `row` counts as Excel does, `column` is the user's own heading, `parameters` is JSON."""

ROW, SOURCE, HEADING = "__row", "__source", "__heading"
"""Hidden columns that follow every row from the file to its fault: Excel row, number of the source, and,
where one source column became many rows, the heading the value came from."""

SHOWN = 120
"""Characters of a faulty value that are kept to show."""

PROVENANCE = (ROW, SOURCE, HEADING)

OWN_HEADING = frozenset(
    {
        "grade",
        "year",
        "pupils",
        "classes",
        "boarders",
        "migrant_pupils",
        "births",
        "persons",
        "entrants",
        "graduates",
    }
)
"""Columns whose values may come from many columns of the user's: their faults name the one they came from."""

_ORDER = {"error": 0, "warning": 1, "note": 2}


def none() -> pl.DataFrame:
    """No fault."""
    return pl.DataFrame(schema=SCHEMA)


def one(
    code: str,
    severity: str = "error",
    *,
    table: str = "",
    file: str = "",
    sheet: str = "",
    row: int | None = None,
    column: str = "",
    value: str = "",
    **parameters: Any,
) -> pl.DataFrame:
    """A single fault, of a file or a whole table."""
    place = {"file": file, "sheet": sheet, "table": table, "row": row}  # file-wide sentences name them
    record = {
        "code": code,
        "severity": severity,
        "table": table,
        "file": file,
        "sheet": sheet,
        "row": row,
        "column": column,
        "value": value,
        "parameters": json.dumps({**place, **parameters}, ensure_ascii=False, default=str),
    }
    return pl.DataFrame([record], schema=SCHEMA)


def of_findings(found: Iterable[Finding]) -> pl.DataFrame:
    """Findings, as an error carries them, back into a frame."""
    records = [
        {
            **{name: getattr(finding, name) for name in SCHEMA if name != "parameters"},
            "parameters": json.dumps(dict(finding.parameters), ensure_ascii=False, default=str),
        }
        for finding in found
    ]
    return pl.DataFrame(records, schema=SCHEMA)


def of_rows(
    rows: pl.DataFrame,
    code: str,
    severity: str,
    *,
    table: str,
    places: Sequence[tuple[str, str]],
    heading: str = "",
    field: str = "",
    value: pl.Expr | None = None,
    parameters: Mapping[str, pl.Expr | str | int | float] | None = None,
) -> pl.DataFrame:
    """One fault for each row of `rows` (already filtered to the bad ones).

    `places` lists (file, sheet) by source number, `field` is our column and `heading` the user's. Rows
    without provenance (a table checked in the
    workspace) get an empty place.
    """
    if rows.is_empty():
        return none()
    fields = [
        value.alias(name) if isinstance(value, pl.Expr) else pl.lit(value).alias(name)
        for name, value in (parameters or {}).items()
    ]
    names = rows.columns
    shown = pl.lit(heading)
    if HEADING in names and field in OWN_HEADING:
        shown = pl.col(HEADING).fill_null(heading)
    return rows.select(
        pl.lit(code).alias("code"),
        pl.lit(severity).alias("severity"),
        pl.lit(table).alias("table"),
        _place(names, [file for file, _ in places]).alias("file"),
        _place(names, [sheet for _, sheet in places]).alias("sheet"),
        (pl.col(ROW) if ROW in names else pl.lit(None)).cast(pl.Int64).alias("row"),
        shown.alias("column"),
        (value if value is not None else pl.lit(""))
        .cast(pl.String)
        .fill_null("")
        .str.head(SHOWN)
        .alias("value"),
        (pl.struct(fields).struct.json_encode() if fields else pl.lit("{}")).alias("parameters"),
    )


def _place(columns: Sequence[str], labels: Sequence[str]) -> pl.Expr:
    if SOURCE not in columns:
        return pl.lit("")
    numbers = list(range(len(labels)))
    return pl.col(SOURCE).replace_strict(numbers, list(labels), default="", return_dtype=pl.String)


def gather(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """All faults, the gravest first, then by place."""
    kept = [part for part in parts if part.height]
    if not kept:
        return none()
    rank = pl.col("severity").replace_strict(_ORDER, return_dtype=pl.Int8)
    return pl.concat(kept).sort(
        rank, "file", "sheet", "row", "column", "code", "value", nulls_last=True, maintain_order=True
    )


def errors(faults: pl.DataFrame) -> int:
    """How many faults forbid the import."""
    return int((faults["severity"] == "error").sum())


def findings(faults: pl.DataFrame, most: int | None = None) -> tuple[Finding, ...]:
    """Faults as findings; `most` bounds how many are made into objects."""
    rows = faults if most is None else faults.head(most)
    return tuple(
        Finding(
            code=row["code"],
            severity=row["severity"],
            table=row["table"],
            file=row["file"],
            sheet=row["sheet"],
            row=row["row"],
            column=row["column"],
            value=row["value"],
            parameters=json.loads(row["parameters"]),
        )
        for row in rows.iter_rows(named=True)
    )
