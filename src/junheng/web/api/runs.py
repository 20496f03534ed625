"""Runs the caller may see, and rows of their tables."""

from __future__ import annotations

from typing import Any, Literal

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from junheng.model import OUTPUTS
from junheng.web.api.asking import Code, OfUnit, Paged, Rows, Stage, Year, closed, page, scope_of
from junheng.web.api.problems import DECLARED
from junheng.web.api.tables import Nothing, answer, seen_as
from junheng.web.files.contents import Wanted as Content
from junheng.web.files.contents import contents
from junheng.web.house.scope import Scope
from junheng.web.runs import queries, reading
from junheng.web.runs.models import RunRecord

router = Router(tags=["runs"])


class RunOut(Schema):
    """A run: what it is, how far it has come, what it was made from."""

    run: str
    verb: str = Field(description="year: annual run; scenario")
    scenario: str
    origin_year: int | None = Field(description="Last school year counted")
    state: str = Field(description="draft, reviewed, published or superseded")
    data_version: str
    made_at: str
    published_at: str | None
    verdict: str = Field(description="holds, differs, or empty while nobody has computed it again")


class RunDetail(RunOut):
    """A run with its record."""

    software: str
    seed: int
    rules: str = Field(description="Digest of the rules")
    options: dict[str, Any]
    inputs: dict[str, str] = Field(description="Digest of each input")
    outputs: dict[str, str] = Field(description="Digest of each table")


class Runs(Schema):
    """A page of runs, newest first."""

    count: int
    items: list[RunOut]


class Wanted(Paged):
    """Which runs."""

    verb: Literal["", "year", "scenario"] = ""
    state: Literal["", "draft", "reviewed", "published", "superseded"] = ""


class WantedRows(OfUnit):
    """Which rows of a run's table."""

    stage: Stage | None = None
    year: Year | None = None
    kind: Literal["", "region", "area", "school"] = Field("", description="Rows of this kind of unit")
    scenario: str = Field("", max_length=100, description="Scenario; without one, the run's own")


@router.get("", response={200: Runs, **DECLARED}, summary="Runs you may see, newest first")
def runs(request: HttpRequest, asked: Query[Wanted]) -> Any:
    """Published ones; drafts too for those who forecast."""
    closed(request, Wanted)
    found = queries.listed(scope_of(request, ""), verb=asked.verb, state=asked.state)
    return {"count": found.count(), "items": [told(one) for one in page(found, asked)]}


@router.get("/{run}", response={200: RunDetail, **DECLARED}, summary="One run with its record")
def run(request: HttpRequest, run: str) -> Any:
    """409 when its stored record was altered."""
    closed(request, Nothing)
    record = found(scope_of(request, ""), run)
    held = reading.run(record.run_id).record
    return {
        **told(record),
        "software": held.software,
        "seed": held.seed,
        "rules": held.rules,
        "options": dict(held.options),
        "inputs": dict(held.inputs),
        "outputs": dict(held.outputs),
    }


@router.get("/{run}/tables/{table}", response={200: Rows, **DECLARED}, summary="Rows of a run's table")
def run_rows(request: HttpRequest, run: str, table: str, asked: Query[WantedRows]) -> Any:
    """Within the unit, of one scenario. 409 when the stored table was altered."""
    closed(request, WantedRows)
    scope = scope_of(request, asked.unit)
    filters = {"stage": asked.stage, "year": asked.year, "unit_kind": asked.kind}
    return table_of(scope, found(scope, run), table, asked, filters, asked.scenario)


def table_of(
    scope: Scope, record: RunRecord, table: str, asked: OfUnit, filters: dict[str, Any], scenario: str = ""
) -> dict[str, Any]:
    """A page of one of a run's tables, kept to the values given by column."""
    if table not in OUTPUTS:
        raise Http404
    held = contents(scope, Content(record.run_id, table, "json", scenario=scenario), seen_as(scope))
    return answer(held, asked, filters, {"unit_kind": "kind"})


def found(scope: Scope, run: str) -> RunRecord:
    """A run by its id; Http404 for one the caller may not see."""
    record = queries.one(scope, run.replace("\x00", ""))
    if record is None:
        raise Http404
    return record


def told(one: RunRecord) -> dict[str, Any]:
    """A run as the API tells of it."""
    return {
        "run": one.run_id,
        "verb": one.verb,
        "scenario": one.scenario,
        "origin_year": one.origin_year,
        "state": one.state,
        "data_version": one.data_version,
        "made_at": one.made_at.isoformat(),
        "published_at": one.published_at.isoformat() if one.published_at else None,
        "verdict": one.verdict,
    }


def chosen(scope: Scope, run: Code) -> RunRecord:
    """The run named, or the one the pages show; Http404 when there is none."""
    record = found(scope, run) if run else reading.current(scope)
    if record is None:
        raise Http404
    return record
