"""Tables: how each is declared, and rows of the region's own."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from junheng.model import INPUTS, TABLES, Table
from junheng.report.suppression import Audience
from junheng.web.api.asking import Code, OfUnit, Rows, Stage, Year, closed, rows, scope_of
from junheng.web.api.problems import DECLARED, refused
from junheng.web.files.contents import INPUT, Contents, contents
from junheng.web.files.contents import Wanted as Content
from junheng.web.files.protection import audience
from junheng.web.house.scope import Scope

router = Router(tags=["tables"])


class ColumnOut(Schema):
    """A column as declared."""

    name: str
    kind: str = Field(description="code, text, integer, number, year, month, share, date or flag")
    zh: str
    en: str
    about_zh: str
    about_en: str
    unit: str
    required: bool
    codes: str = Field(description="Name of the list of its codes, if it has one")


class TableOut(Schema):
    """A table as declared."""

    name: str
    zh: str
    en: str
    about_zh: str
    about_en: str
    role: str = Field(description="input: the region's own; output: computed by a run")
    key: list[str]
    columns: list[ColumnOut]


class Tables(Schema):
    """All declared tables."""

    count: int
    items: list[TableOut]


class Wanted(OfUnit):
    """Which rows of an input table."""

    year: Year | None = Field(None, description="School year, by the year it begins in")
    school: Code = Field("", description="Rows of this school")
    area: Code = Field("", description="Rows of this area")
    stage: Stage | None = None
    version: Code = Field("", description="Data version; without one, the newest")


class Nothing(Schema):
    """No parameters."""


@router.get("", response={200: Tables, **DECLARED}, summary="Every table as declared")
def tables(request: HttpRequest) -> Any:
    """Names, columns, units and what one row is."""
    closed(request, Nothing)
    return {"count": len(TABLES), "items": [_declared(table) for table in TABLES.values()]}


@router.get("/{table}", response={200: TableOut, **DECLARED}, summary="One table as declared")
def table(request: HttpRequest, table: str) -> Any:
    """Its columns in order."""
    closed(request, Nothing)
    if table not in TABLES:
        raise Http404
    return _declared(TABLES[table])


@router.get("/{table}/rows", response={200: Rows, **DECLARED}, summary="Rows of an input table")
def table_rows(request: HttpRequest, table: str, asked: Query[Wanted]) -> Any:
    """Within the unit. A filter the table has no column for is 422."""
    closed(request, Wanted)
    if table not in INPUTS:
        raise Http404
    scope = scope_of(request, asked.unit)
    held = contents(scope, Content(INPUT, table, "json", version=asked.version), seen_as(scope))
    chosen = {"year": asked.year, "school_id": asked.school, "area_code": asked.area, "stage": asked.stage}
    named = {"year": "year", "school_id": "school", "area_code": "area", "stage": "stage"}
    return answer(held, asked, chosen, named)


def seen_as(scope: Scope) -> Audience:
    """Whether small counts are protected for this caller, as in files."""
    return audience(scope, scope.permission)


def answer(held: Contents, asked: OfUnit, chosen: dict[str, Any], named: dict[str, str]) -> dict[str, Any]:
    """A page of rows, kept to the values chosen by column. `named` gives the parameter of each column."""
    wanted = {name: value for name, value in chosen.items() if value not in (None, "")}
    if missing := [name for name in wanted if name not in held.frame.columns]:
        raise refused({named.get(name, name): "api.no_such_filter" for name in missing})
    frame = (
        held.frame.filter([pl.col(name) == value for name, value in wanted.items()]) if wanted else held.frame
    )
    return rows(frame, asked, held.table.key)


def _declared(table: Table) -> dict[str, Any]:
    names = ("name", "kind", "zh", "en", "about_zh", "about_en", "unit", "required", "codes")
    return {
        "name": table.name,
        "zh": table.zh,
        "en": table.en,
        "about_zh": table.about_zh,
        "about_en": table.about_en,
        "role": table.role,
        "key": list(table.key),
        "columns": [{name: getattr(column, name) for name in names} for column in table.columns],
    }
