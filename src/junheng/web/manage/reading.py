"""From a request to what a page shows: runs by page and filter, rows by sort, a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.http import Http404, HttpRequest
from django.utils import timezone

from junheng.model.errors import JunhengError
from junheng.web.house.page import Paging
from junheng.web.house.scope import Scope
from junheng.web.jobs.tasks import address
from junheng.web.manage import queries
from junheng.web.runs import queries as run_queries
from junheng.web.runs import reading
from junheng.web.runs.models import RunRecord
from junheng.web.units.models import Unit

PAGE = 20
ROWS = 50
Decision = Callable[..., RunRecord]


def found(scope: Scope, run_id: str) -> RunRecord:
    """The run of this id; Http404 for one this person may not see."""
    record = run_queries.one(scope, run_id)
    if record is None:
        raise Http404
    return record


def filters(request: HttpRequest) -> tuple[str, str]:
    """Verb and state asked for; Http404 for words there are not."""
    verb, state = request.GET.get("verb", ""), request.GET.get("state", "")
    if verb not in ("", run_queries.ANNUAL, run_queries.SCENARIO) or state not in ("", *RunRecord.STATES):
        raise Http404
    return verb, state


def form_asked(request: HttpRequest) -> tuple[str, str]:
    """Audience and language of the reports asked for; Http404 for words there are not."""
    audience, chosen = request.GET.get("audience", ""), request.GET.get("language", "")
    if audience not in ("", "public") or chosen not in ("", "zh", "en"):
        raise Http404
    return audience, chosen


def page_of_runs(
    request: HttpRequest, scope: Scope, *, verb: str = "", state: str = ""
) -> tuple[list[RunRecord], Paging]:
    """One page of runs, newest first."""
    records = run_queries.listed(scope, verb=verb, state=state)
    paging = paging_of(request, records.count(), PAGE)
    first = (paging.number - 1) * PAGE
    return list(records[first : first + PAGE]), paging


def paging_of(request: HttpRequest, count: int, size: int) -> Paging:
    """Where the page asked for stands; Http404 beyond the last."""
    pages = max(1, -(-count // size))
    asked = request.GET.get("page", "1")
    if not asked.isdecimal() or not 1 <= int(asked) <= pages:
        raise Http404
    number = int(asked)

    def at(other: int) -> str:
        query = request.GET.copy()
        query["page"] = str(other)
        return f"?{query.urlencode()}"

    return Paging(
        number, pages, count, at(number - 1) if number > 1 else "", at(number + 1) if number < pages else ""
    )


@dataclass(frozen=True, slots=True)
class RunShown:
    """What the page of a run needs."""

    opened: queries.Opened
    beside: Sequence[RunRecord]
    doubts: Sequence[queries.Doubt]
    verifying: str


def run_shown(scope: Scope, run_id: str) -> RunShown:
    """A run with its neighbours, doubts and the job that computes it again."""
    record = found(scope, run_id)
    opened = queries.opened(scope, record)
    job = queries.verifying(record) if scope.may("forecast") else None
    whole = opened.run is not None and opened.rows.get("forecast_findings") is not None
    doubts = queries.doubts(scope, record) if whole else []
    return RunShown(opened, run_queries.beside(scope, record), doubts, address(job) if job else "")


@dataclass(frozen=True, slots=True)
class RowsShown:
    """One page of a table's rows, units' names, and addresses that sort."""

    record: RunRecord
    frame: pl.DataFrame
    names: dict[str, str]
    paging: Paging
    sorts: dict[str, str]


def rows_shown(request: HttpRequest, scope: Scope, run_id: str, table: str) -> RowsShown:
    """Rows inside the scope, sorted by a column (`sort=column` or `sort=-column`). Http404 for a table the
    run does not have, a sort by no column, a table that is not what the run's record says."""
    record = found(scope, run_id)
    try:
        frame = reading.read(scope, record, table, scenario=queries.scenario_of(record))
    except JunhengError as error:
        raise Http404 from error
    if frame is None:
        raise Http404
    if scope.stage and "stage" in frame.columns:
        frame = frame.filter(pl.col("stage") == scope.stage)
    sort = request.GET.get("sort", "")
    if sort:
        if sort.lstrip("-") not in frame.columns:
            raise Http404
        frame = frame.sort(
            sort.lstrip("-"), descending=sort.startswith("-"), nulls_last=True, maintain_order=True
        )
    paging = paging_of(request, frame.height, ROWS)
    shown = frame.slice((paging.number - 1) * ROWS, ROWS)
    return RowsShown(record, shown, unit_names(shown), paging, _sorts(request, frame, sort))


def _sorts(request: HttpRequest, frame: pl.DataFrame, sort: str) -> dict[str, str]:
    """Addresses that sort by a column: upwards, and downwards where it is sorted upwards already."""
    query = request.GET.copy()
    query.pop("page", None)
    found: dict[str, str] = {}
    for name in frame.columns:
        query["sort"] = f"-{name}" if sort == name else name
        found[name] = f"?{query.urlencode()}"
    return found


def unit_names(frame: pl.DataFrame) -> dict[str, str]:
    """Names of the units a frame names, by code."""
    columns = [name for name in ("unit_code", "area_code", "school_id") if name in frame.columns]
    codes = {code for name in columns for code in frame[name].drop_nulls().unique().to_list()}
    return dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))


@dataclass(frozen=True, slots=True)
class Compared:
    """Two runs with their first numbers and, of each input, whether it is the same."""

    one: RunRecord
    other: RunRecord
    mine: queries.Headline
    theirs: queries.Headline
    inputs: Mapping[str, bool]


def compared(scope: Scope, run_id: str, other_id: str) -> Compared:
    """Two runs this person may see. Http404 when one cannot be read."""
    one, other = found(scope, run_id), found(scope, other_id)
    try:
        here, there = (reading.run(record.run_id).record.inputs for record in (one, other))
        mine, theirs = queries.headline(scope, one), queries.headline(scope, other)
    except JunhengError as error:
        raise Http404 from error
    inputs = {name: here.get(name) == there.get(name) for name in sorted({*here, *there})}
    return Compared(one, other, mine, theirs, inputs)


def day_asked(request: HttpRequest) -> date:
    """The day of `day=2027-09-01`, today without one; Http404 when it is no day."""
    text: Any = request.GET.get("day", "")
    try:
        return date.fromisoformat(text) if text else timezone.localdate()
    except ValueError as error:
        raise Http404 from error
