"""From a request to a scope and a page of rows: closed parameters, sorting by known columns, short pages."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Any

import polars as pl
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from ninja import Schema
from pydantic import Field

from junheng.model.stages import STAGES
from junheng.web.accounts.roles import SEE
from junheng.web.api.problems import refused
from junheng.web.house.calendar import school_year
from junheng.web.house.scope import Scope
from junheng.web.units.models import Unit
from junheng.web.wording import language

MOST = 200
PER_PAGE = 100
Code = Annotated[str, Field(max_length=40, pattern=r"^[0-9A-Za-z_-]*$")]
Year = Annotated[int, Field(ge=1990, le=2100)]
Stage = Annotated[str, Field(pattern="^(" + "|".join(STAGES) + ")$")]
Value = str | int | float | bool | None


class Paged(Schema):
    """Which page, and how long."""

    page: int = Field(1, ge=1, le=1_000_000, description="Page, from 1")
    page_size: int = Field(PER_PAGE, ge=1, le=MOST, description=f"Rows a page, at most {MOST}")


class OfUnit(Paged):
    """Rows of a unit and those below it."""

    unit: Code = Field("", description="Unit's code; without one, the highest unit you may see")
    sort: str = Field("", max_length=60, description="Column to sort by; with a dash in front, downwards")


class Rows(Schema):
    """A page of rows. Go on while page × page_size is below count."""

    count: int = Field(description="Rows in all")
    items: list[dict[str, Value]]


def closed(request: HttpRequest, *known: type[Schema]) -> None:
    """422 for parameters nobody declared, and for one given twice."""
    names = {name for schema in known for name in schema.model_fields}
    faults = {name[:60]: "api.unknown_parameter" for name in request.GET if name not in names}
    twice = {name: "api.given_twice" for name in names if len(request.GET.getlist(name)) > 1}
    if faults or twice:
        raise refused({**faults, **twice})


def scope_of(request: HttpRequest, unit: str, permission: str = SEE) -> Scope:
    """The caller's view of a unit; of her highest one without a code. Http404 outside her units;
    PermissionDenied where she lacks the permission."""
    user: Any = request.user
    if not unit:
        roots = user.roots(permission)
        if not roots:
            raise PermissionDenied(permission)
        found = Unit.objects.filter(path=min(roots, key=lambda path: (len(path), path))).first()
    else:
        found = Unit.objects.filter(code=unit).first()
    if found is None:
        raise Http404
    if not user.may(permission, found):
        if any(grant.unit.holds(found) for grant in user.current_grants()):
            raise PermissionDenied(permission)
        raise Http404
    return Scope(user, found, school_year(), permission, language=language())


def rows(frame: pl.DataFrame, asked: OfUnit, order: Sequence[str]) -> dict[str, Any]:
    """One page of a frame, sorted as asked and always in full order, so that pages never overlap. 422 for a
    column the frame does not have."""
    column = asked.sort.removeprefix("-")
    if asked.sort and column not in frame.columns:
        raise refused({"sort": "api.unknown_column"})
    keys = [name for name in order if name in frame.columns and name != column]
    by = [column, *keys] if column else keys
    down = [asked.sort.startswith("-") and name == column for name in by]
    ordered = frame.sort(by, descending=down, nulls_last=True, maintain_order=True) if by else frame
    shown = ordered.slice((asked.page - 1) * asked.page_size, asked.page_size)
    return {"count": frame.height, "items": [plain(row) for row in shown.iter_rows(named=True)]}


def page(items: Sequence[Any], asked: Paged) -> Iterable[Any]:
    """One page of a list or query."""
    first = (asked.page - 1) * asked.page_size
    return items[first : first + asked.page_size]


def plain(row: dict[str, Any]) -> dict[str, Value]:
    """A row as JSON has it: days as text, numbers that are none as null."""
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Value:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
