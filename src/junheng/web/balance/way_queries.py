"""The way to pass as it was last worked out, and what a new calculation starts from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.db.models import Q

from junheng.model import INPUTS
from junheng.rules import Standards
from junheng.web.balance.warning_queries import names
from junheng.web.house.scope import Scope
from junheng.web.jobs.models import Job
from junheng.web.jobs.presenters import JobView, job_views
from junheng.web.runs import reading
from junheng.web.runs.actions import region_unit
from junheng.web.workspace import book, region

VERB = "pass_plan"
FOLDER = "plans"
LEVERS = "improvement_levers"
RULED = "quality_balance"
"""The assessment a county works towards."""


@dataclass(frozen=True, slots=True)
class Way:
    """The newest plan: `summary` of the whole county for those who see it, measures and gaps of the units a
    person sees. `allowed` whether she may see plans at all."""

    scope: Scope
    allowed: bool
    job: Job | None
    summary: Mapping[str, Any]
    measures: pl.DataFrame
    gaps: pl.DataFrame
    names: Mapping[str, str]
    law: Standards | None
    whole: bool
    newest: str
    underway: tuple[JobView, ...]
    may_start: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """What a calculation starts from."""

    scope: Scope
    year: int
    levers: tuple[Mapping[str, Any], ...]
    assessment: str
    assessment_name: str
    underway: tuple[JobView, ...]


def shown(scope: Scope) -> Way:
    """The newest finished plan of the region. Plans are the county's own: who sees the county sees them, at
    every unit below it."""
    unit = region_unit()
    allowed = unit is not None and scope.user.may("see", unit)
    whole = reading.sees_whole_region(scope)
    jobs = list(Job.objects.filter(verb=VERB, state=Job.DONE)[:1]) if allowed else []
    waiting = list(_waiting(scope)) if allowed else []
    job = jobs[0] if jobs else None
    folder = Path(settings.DESK) / job.args["report"] if job is not None else None
    if folder is None or not (folder / "summary.json").is_file():
        job, folder = None, None
    summary: Mapping[str, Any] = json.loads((folder / "summary.json").read_bytes()) if folder else {}
    newest = reading.newest_version()
    return Way(
        scope=scope,
        allowed=allowed,
        job=job,
        summary=summary,
        measures=_read(scope, folder, "pass_plan"),
        gaps=_read(scope, folder, "pass_gaps"),
        names=names(scope),
        law=_law(summary.get("year")),
        whole=whole,
        newest=newest.id if newest else "",
        underway=job_views(waiting, scope),
        may_start=scope.may("forecast") and unit is not None and scope.user.may("forecast", unit),
    )


def begun(scope: Scope) -> Begun:
    """The levers of the workspace and the year it would be worked out for."""
    frame = reading.table(scope, LEVERS)
    years = reading.table(scope, "school_years")
    held: Any = years["year"].max() if years is not None and years.height else None
    year = int(held) if held is not None else scope.year
    law = _law(year)
    name = (
        law.assessments[RULED].name(scope.language) if law is not None and RULED in law.assessments else RULED
    )
    rows = tuple(frame.sort("lever_id").to_dicts()) if frame is not None else ()
    waiting = job_views(list(_waiting(scope)), scope)
    return Begun(scope, year, rows, RULED, name, waiting)


def empty_levers() -> pl.DataFrame:
    """No levers, with their columns."""
    return INPUTS[LEVERS].empty()


def _waiting(scope: Scope) -> Any:
    living = Q(state=Job.WAITING) | Q(state=Job.RUNNING)
    return Job.objects.for_user(scope.user).filter(living, verb=VERB).select_related("owner", "unit")[:3]


def _law(year: Any) -> Standards | None:
    return None if year is None else book().at(date(int(year), 9, 1), region())


def _read(scope: Scope, folder: Path | None, name: str) -> pl.DataFrame:
    place = folder / f"{name}.parquet" if folder is not None else None
    if place is None or not place.is_file():
        return pl.DataFrame()
    return reading.within(pl.read_parquet(place), scope)
