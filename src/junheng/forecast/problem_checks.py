"""What a forecast refuses, all at once, and what it doubts but uses."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from junheng.data import check_tables
from junheng.model import INPUTS, Region
from junheng.model.reason import Finding

Tables = Mapping[str, pl.DataFrame]


def check(tables: Tables, region: Region) -> tuple[list[Finding], list[Finding]]:
    """(faults that stop the forecast, doubts it goes on with).

    The rules are those of intake, so that a table fed by hand is refused for what a file would be
    refused for.
    """
    if "enrolment" not in tables and "area_enrolment" not in tables:
        return [Finding("enrolment_empty", "error", "enrolment", parameters={"year": ""})], []
    declared = {name: frame for name, frame in tables.items() if name in INPUTS}
    shape = [fault for name, frame in declared.items() for fault in _types(name, frame)]
    if shape:
        return shape, []
    found = check_tables({name: _conformed(name, frame) for name, frame in declared.items()}, region)
    faults = [finding for finding in found if finding.severity == "error"]
    return faults, [finding for finding in found if finding.severity != "error"]


def _conformed(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    table = INPUTS[name]
    return table.conform(frame.select([column for column in table.names if column in frame.columns]))


def _types(name: str, frame: pl.DataFrame) -> list[Finding]:
    """Columns missing or of a type that has lost something: a number for an identifier, text for a year."""
    faults: list[Finding] = []
    table = INPUTS[name]
    for column in table.columns:
        here = {"table": name, "column": column.name}
        if column.name not in frame.columns:
            if column.required or column.name in table.key:
                faults.append(Finding("column_missing", "error", name, column=column.name, parameters=here))
            continue
        held = frame.schema[column.name]
        if held == pl.Null:
            continue
        if column.kind == "code" and held.is_numeric():
            faults.append(Finding("identifier_is_number", "error", name, column=column.name, parameters=here))
        elif column.kind in ("year", "month", "integer", "number", "share") and not held.is_numeric():
            example = next((str(value) for value in frame[column.name].drop_nulls().head(1)), "")
            code = "year_not_mapped" if column.kind == "year" else "not_a_number"
            faults.append(
                Finding(
                    code,
                    "error",
                    name,
                    column=column.name,
                    value=example,
                    parameters={**here, "value": example},
                )
            )
        elif column.kind in ("year", "month", "integer") and held.is_float():
            broken = frame[column.name].drop_nulls().filter(frame[column.name].drop_nulls() % 1 != 0)
            if broken.len():
                value = str(broken[0])
                faults.append(
                    Finding("fractional", "error", name, column=column.name, value=value,
                            parameters={**here, "value": value, "count": broken.len()})
                )  # fmt: skip
    return faults
