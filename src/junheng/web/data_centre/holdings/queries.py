"""What the workspace holds, inside a scope."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from junheng.data import check_tables
from junheng.data.admission_retention import ABOUT_CHILDREN
from junheng.data.versions import Version
from junheng.model import INPUTS, Finding, Table
from junheng.web.house.scope import Scope
from junheng.web.runs import reading
from junheng.web.units.models import Unit
from junheng.web.workspace import FRAMES, region, workspace

SHOWN_ROWS = 50


@dataclass(frozen=True, slots=True)
class Holding:
    """One input table inside the scope: its rows, the years they span, the version that last changed it."""

    table: Table
    rows: int
    first_year: int | None = None
    last_year: int | None = None
    version: str = ""
    at: str = ""


def holdings(scope: Scope) -> list[Holding]:
    """Every input table this person may see, those without a row too, in declared order."""
    changes = last_changes(workspace().versions())
    found: list[Holding] = []
    for name, table in INPUTS.items():
        if name in ABOUT_CHILDREN and reading.withheld(scope, name):
            continue
        frame = reading.table(scope, name)
        if frame is None or frame.is_empty():
            found.append(Holding(table, 0))
            continue
        first, last = _years(frame)
        version = changes.get(name)
        found.append(
            Holding(
                table, frame.height, first, last, version.id if version else "", version.at if version else ""
            )
        )
    return found


def last_changes(versions: Iterable[Version]) -> dict[str, Version]:
    """By table, the version since which it is as it is now."""
    changed: dict[str, Version] = {}
    before: Mapping[str, Any] = {}
    for version in versions:
        for name, held in version.tables.items():
            if name not in before or before[name].digest != held.digest:
                changed[name] = version
        before = version.tables
    return changed


def rows(scope: Scope, table: str, number: int) -> tuple[pl.DataFrame, int]:
    """One page of a table's rows in the scope (of the scope's year where the table has years, the newest
    first where that year has none), and how many there are."""
    frame = reading.table(scope, table)
    if frame is None:
        return INPUTS[table].empty(), 0
    if "year" in frame.columns:
        this_year = frame.filter(pl.col("year") == scope.year)
        frame = this_year if this_year.height else frame.sort("year", descending=True, maintain_order=True)
    return frame.slice((number - 1) * SHOWN_ROWS, SHOWN_ROWS), frame.height


def _years(frame: pl.DataFrame) -> tuple[int | None, int | None]:
    if "year" not in frame.columns:
        return None, None
    first, last = frame["year"].min(), frame["year"].max()
    return (int(first), int(last)) if first is not None and last is not None else (None, None)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Doubt:
    """One finding about the data held and the unit whose row it is (None: the region's)."""

    finding: Finding
    unit: Unit | None


def doubts(scope: Scope) -> list[Doubt]:
    """What the checks doubt in the rows inside the scope, the gravest first."""
    version = reading.newest_version()
    if version is None:
        return []
    whole = FRAMES.get(("doubts", version.id, *sorted(t.digest for t in version.tables.values())), _check)
    units = {unit.code: unit for unit in Unit.objects.within([scope.unit.path])}
    everything = region().code in units
    found: list[Doubt] = []
    for row in whole.iter_rows(named=True):
        unit = units.get(row["unit"])
        if unit is None and not everything:
            continue
        finding = Finding(
            row["code"],
            row["severity"],
            table=row["table"],
            column=row["column"],
            value=row["value"],
            parameters=reading.parameters(row["parameters"]),
        )
        found.append(Doubt(finding, unit))
    return found


def _check() -> pl.DataFrame:
    """Findings about the newest version as a frame, each with the code of the unit it names first."""
    tables = workspace().tables()
    known = set()
    for name, column in (("schools", "school_id"), ("areas", "area_code")):
        if name in tables:
            known |= set(tables[name][column].to_list())
    rows = [
        {
            "code": one.code,
            "severity": one.severity,
            "table": one.table,
            "column": one.column,
            "value": one.value,
            "parameters": json.dumps(dict(one.parameters), ensure_ascii=False, default=str),
            "unit": _named(one, known),
        }
        for one in check_tables(tables, region())
    ]
    schema: Any = dict.fromkeys(
        ("code", "severity", "table", "column", "value", "parameters", "unit"), pl.String
    )
    return pl.DataFrame(rows, schema=schema)


def _named(finding: Finding, known: set[str]) -> str:
    """The school or area a finding speaks of: the first word of its key that is one."""
    words = [finding.value, *(str(value) for value in finding.parameters.values())]
    for text in words:
        for word in text.replace("，", " ").replace(",", " ").replace("、", " ").replace("/", " ").split():
            if word in known:
                return word
    return ""


def own_rows(scope: Scope, table: str) -> pl.DataFrame:
    """Rows of the scope's units in the scope's year, for a template to begin with."""
    frame = reading.table(scope, table)
    if frame is None:
        return INPUTS[table].empty()
    return frame.filter(pl.col("year") == scope.year) if "year" in frame.columns else frame


def names_in(rows: pl.DataFrame) -> dict[str, str]:
    """Names of the units a few rows speak of."""
    return names_in_all([rows])


def names_in_all(frames: Iterable[pl.DataFrame]) -> dict[str, str]:
    """Names of the units the rows of several tables speak of."""
    codes = {
        str(value)
        for rows in frames
        for column in rows.columns
        if column.endswith(("school_id", "area_code", "parent_code"))
        for value in rows[column].drop_nulls().unique().to_list()
    }
    return names_of(codes)


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Names of units by code."""
    wanted = set(codes)
    return dict(Unit.objects.filter(code__in=wanted).values_list("code", "name")) if wanted else {}
