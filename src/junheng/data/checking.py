"""Whether typed tables hold together: ranges, keys, references, and rules across rows and tables.

Works on frames with provenance (an import: faults point to Excel rows) and without (`junheng check`: faults
name the key). Types and code lists are already sure by then: `coercion` gives nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from junheng.data import cross_checks, faults
from junheng.data.faults import PROVENANCE, ROW
from junheng.model import INPUTS, Column, Finding, Region, Table

Places = Sequence[tuple[str, str]]
Headings = Mapping[str, Mapping[str, str]]
"""Table -> column -> the user's own heading."""

NOWHERE: Places = ()
_FINER_THAN = 1e-3
"""Of the last decimal kept: what a spreadsheet's own arithmetic leaves is less."""


def check_tables(tables: Mapping[str, pl.DataFrame], region: Region) -> list[Finding]:
    """Every fault and doubt of tables that conform to the model; the gravest first. Pure."""
    return list(faults.findings(check(tables, region)))


def check(
    tables: Mapping[str, pl.DataFrame],
    region: Region,
    places: Places = NOWHERE,
    headings: Headings | None = None,
) -> pl.DataFrame:
    """All faults of `tables` as a frame (see `faults.SCHEMA`)."""
    named = headings or {}
    found: list[pl.DataFrame] = []
    for name, frame in tables.items():
        table = INPUTS[name]
        found += _own_rules(table, frame, places, named.get(name, {}))
        found += _references(table, frame, tables, region, places, named.get(name, {}))
    found += cross_checks.all_rules(tables, region, places, named)
    return faults.gather(found)


def key_text(table: Table) -> pl.Expr:
    """The key of a row in words, for faults that have no row number."""
    return pl.concat_str(
        [pl.col(name).cast(pl.String) for name in table.key], separator=" · ", ignore_nulls=True
    )


def _own_rules(
    table: Table, frame: pl.DataFrame, places: Places, headings: Mapping[str, str]
) -> list[pl.DataFrame]:
    found: list[pl.DataFrame] = []
    for column in table.columns:
        heading = headings.get(column.name, column.zh)
        values = pl.col(column.name)
        parameters: dict[str, pl.Expr | str | int | float] = {
            "column_zh": column.zh,
            "column_en": column.en,
            "key": key_text(table),
        }
        if column.minimum is not None:
            low = frame.filter(values < column.minimum)
            code = "intake.negative" if column.minimum == 0 else "intake.too_small"
            limits = {**parameters, "least": _plain(column.minimum)}
            found.append(
                faults.of_rows(
                    low,
                    code,
                    "error",
                    table=table.name,
                    places=places,
                    heading=heading,
                    field=column.name,
                    value=values,
                    parameters=limits,
                )
            )
        if column.maximum is not None:
            high = frame.filter(values > column.maximum)
            limits = {**parameters, "most": _plain(column.maximum)}
            found.append(
                faults.of_rows(
                    high,
                    "intake.too_large",
                    "error",
                    table=table.name,
                    places=places,
                    heading=heading,
                    field=column.name,
                    value=values,
                    parameters=limits,
                )
            )
        if column.decimals is not None:
            scaled = values * 10**column.decimals
            fine = frame.filter((scaled - scaled.round()).abs() > _FINER_THAN)
            found.append(
                faults.of_rows(
                    fine,
                    "intake.too_fine",
                    "warning",
                    table=table.name,
                    places=places,
                    heading=heading,
                    field=column.name,
                    value=values,
                    parameters={**parameters, "decimals": column.decimals},
                )
            )
        if column.required and ROW not in frame.columns:
            empty = frame.filter(values.is_null())
            found.append(
                faults.of_rows(
                    empty,
                    "intake.required_empty",
                    "error",
                    table=table.name,
                    places=places,
                    heading=heading,
                    field=column.name,
                    parameters=parameters,
                )
            )
    found.append(_duplicates(table, frame, places, headings))
    return found


def _plain(number: float) -> str:
    return f"{int(number):,}" if float(number).is_integer() else str(number)


def _duplicates(
    table: Table, frame: pl.DataFrame, places: Places, headings: Mapping[str, str]
) -> pl.DataFrame:
    required = [name for name in table.key if name in table.required]
    rows = frame.filter(pl.all_horizontal(pl.col(required).is_not_null())) if required else frame
    if (
        not rows.height
        or not (repeated := rows.select(pl.struct(table.key).is_duplicated()).to_series()).any()
    ):
        return faults.none()
    twins = rows.filter(repeated)
    values = [name for name in table.names if name not in table.key]
    first_row = pl.col(ROW).min().over(table.key) if ROW in twins.columns else pl.lit(0)
    same = pl.struct(values).n_unique().over(table.key) == 1 if values else pl.lit(True)
    twins = twins.with_columns(first_row.alias("__first"), same.alias("__same"))
    if ROW in twins.columns:  # the first of each stays without fault unless the others differ from it
        twins = twins.filter(
            ~(
                pl.col("__same")
                & (pl.col(ROW) == pl.col("__first"))
                & (pl.int_range(pl.len()).over(table.key) == 0)
            )
        )
    parts = [
        faults.of_rows(
            twins.filter(pl.col("__same") if same_rows else ~pl.col("__same")),
            code,
            "error",
            table=table.name,
            places=places,
            heading=headings.get(table.key[0], table.column(table.key[0]).zh),
            field=table.key[0],
            value=pl.col(table.key[0]),
            parameters={
                "key": key_text(table),
                "first": pl.col("__first"),
                "names": "、".join(table.column(k).zh for k in table.key),
                "names_en": ", ".join(table.key),
            },
        )
        for code, same_rows in (("intake.duplicate_row", True), ("intake.duplicate_key", False))
    ]
    return faults.gather(parts)


def _references(
    table: Table,
    frame: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame],
    region: Region,
    places: Places,
    headings: Mapping[str, str],
) -> list[pl.DataFrame]:
    found: list[pl.DataFrame] = []
    for column in table.columns:
        if not column.references:
            continue
        targets = [name.split(".")[0] for name in column.targets]
        known = _known(column, tables, region)
        allowed = [*known, *column.beside]
        lost = frame.filter(pl.col(column.name).is_not_null() & ~pl.col(column.name).is_in(allowed))
        if lost.is_empty():
            continue
        parameters: dict[str, pl.Expr | str | int | float] = {
            "target_zh": "”或“".join(INPUTS[target].zh for target in targets),
            "target_en": " or ".join(targets),
            "column_zh": column.zh,
            "column_en": column.en,
        }
        heading = headings.get(column.name, column.zh)
        if all(target not in tables or tables[target].is_empty() for target in targets):
            one = lost.head(1)
            parameters["count"] = lost.height
            code = "intake.reference_table_missing"
        elif ROW in lost.columns and lost[ROW].null_count():
            parameters["count"] = lost.height
            one, code = lost.sort(ROW, nulls_last=False), "intake.reference_lost"
        else:
            one, code = lost, "intake.unknown_reference"
        shorn = pl.col(column.name).replace_strict(
            _without_zeros(known), default=None, return_dtype=pl.String
        )
        one = one.with_columns(shorn.alias("__meant"))
        for rows, told in (
            (one.filter(pl.col("__meant").is_null()), code),
            (one.filter(pl.col("__meant").is_not_null()), "intake.leading_zeros_lost"),
        ):
            found.append(
                faults.of_rows(
                    rows,
                    told,
                    "error",
                    table=table.name,
                    places=places,
                    heading=heading,
                    field=column.name,
                    value=pl.col(column.name),
                    parameters={**parameters, "meant": pl.col("__meant")},
                )
            )
    return found


def _known(column: Column, tables: Mapping[str, pl.DataFrame], region: Region) -> pl.Series:
    """Every key the column may name, the region's own code among the areas."""
    known = pl.Series([], dtype=pl.String)
    for name in column.targets:
        target, target_column = name.split(".")
        if target in tables:
            known = known.append(tables[target][target_column].drop_nulls().unique())
        if target == "areas":
            known = known.append(pl.Series([region.code], dtype=pl.String))
    return known


def _without_zeros(known: pl.Series) -> dict[str, str]:
    """Known codes as Excel would have them had it taken them for numbers: 001902 becomes 1902."""
    return {code.lstrip("0"): code for code in known.to_list() if code.startswith("0")}


def without_provenance(frame: pl.DataFrame) -> pl.DataFrame:
    """The declared columns only."""
    return frame.drop(name for name in PROVENANCE if name in frame.columns)
