"""What the pages on reports, runs, rules and health show, read."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

from junheng.data.runs import Run
from junheng.model.errors import JunhengError
from junheng.report.sections import evidence
from junheng.report.suppression import Protection
from junheng.web.accounts import roles
from junheng.web.audit.models import AuditCheck
from junheng.web.figures.unit_reading import place, unit_reading
from junheng.web.files.models import StoredFile
from junheng.web.files.protection import report_audience
from junheng.web.house import health as house_health
from junheng.web.house.scope import Scope
from junheng.web.jobs.models import Job, WorkerBeat
from junheng.web.manage.administration.duties import administration_duties
from junheng.web.manage.presenters.landing import Entry
from junheng.web.runs import forms_of_report, reading
from junheng.web.runs.models import RunRecord
from junheng.web.workspace import book, region, workspace

LEVELS = ("red", "orange", "yellow")


@dataclass(frozen=True, slots=True)
class Opened:
    """A run with its stored record, or why that cannot be opened."""

    record: RunRecord
    run: Run | None = None
    fault: JunhengError | None = None
    version: Any = None
    rows: Mapping[str, int | None] = field(default_factory=dict[str, "int | None"])
    """Rows of each output table inside the scope; None for a table that is not what the record says."""
    citations: Sequence[Any] = ()
    topics: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, "tuple[str, str]"])
    """Names of standards, zh and en, by topic."""
    can_make: bool = False


def opened(scope: Scope, record: RunRecord) -> Opened:
    """The run with everything its page shows."""
    try:
        held = reading.run(record.run_id)
        version = workspace().store.holding(forms_of_report.inputs_of(held))
        rows = {name: _rows(scope, record, name) for name in held.record.outputs}
        return Opened(
            record,
            held,
            version=version,
            rows=rows,
            citations=forms_of_report.citations(record),
            topics=_topics(),
            can_make=forms_of_report.can_make(record),
        )
    except JunhengError as fault:
        return Opened(record, fault=fault)


def _topics() -> dict[str, tuple[str, str]]:
    held = book()
    here = held.at(timezone.localdate(), region())
    return {topic: (here[topic].zh, here[topic].en) for topic in held.topics()}


def _rows(scope: Scope, record: RunRecord, name: str) -> int | None:
    try:
        frame = reading.read(scope, record, name, scenario=scenario_of(record))
    except JunhengError:
        return None
    return 0 if frame is None else frame.height


def scenario_of(record: RunRecord) -> str:
    """The scenario whose rows a run is about."""
    return record.scenario or reading.BASE


def levels(scope: Scope, record: RunRecord) -> dict[str, int] | None:
    """Warnings by level inside the scope; None for a run whose table cannot be read or that has none."""
    try:
        frame = reading.read(scope, record, "seat_warnings", scenario=scenario_of(record))
    except JunhengError:
        return None
    if frame is None:
        return None
    counted = dict(frame.group_by("level").len().iter_rows())
    return {level: counted.get(level, 0) for level in LEVELS}


@dataclass(frozen=True, slots=True)
class Headline:
    """A run's first numbers for one unit: stage → column → number, and warnings by level."""

    stages: Mapping[str, Mapping[str, Any]]
    warnings: Mapping[str, int]
    last_year: int | None


def may_choose_form(scope: Scope) -> bool:
    """Whether this person sees the bureau's form of a report, and so may ask for the public one instead."""
    return report_audience(scope) == "bureau"


def headline(scope: Scope, record: RunRecord) -> Headline:
    """Peak, shortage and last year by stage for the scope's unit. JunhengError for a damaged run."""
    here = place(scope)
    own = (pl.col("unit_kind") == here.kind) & (pl.col("unit_code") == here.code)
    scenario = scenario_of(record)
    horizon = reading.read(scope, record, "seat_horizon", scenario=scenario, where=own)
    pupils = reading.read(
        scope, record, "forecast_enrolment", scenario=scenario, where=own & (pl.col("grade") == "all")
    )
    stages: dict[str, dict[str, Any]] = {}
    for row in horizon.iter_rows(named=True) if horizon is not None else ():
        stages.setdefault(row["stage"], {}).update(
            {name: row[name] for name in ("peak_year", "peak_demand", "first_short_year_p50", "peak_gap")}
        )
    last = None
    if pupils is not None and pupils.height:
        last = int(pupils["year"].max())  # type: ignore[arg-type]
        for row in pupils.filter(pl.col("year") == last).iter_rows(named=True):
            stages.setdefault(row["stage"], {})["last"] = row["p50"]
    return Headline(stages, levels(scope, record) or dict.fromkeys(LEVELS, 0), last)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A kind of finding in a run: how grave, what, an example of where, how many."""

    severity: str
    what: str
    where: str
    count: int


def doubts(scope: Scope, record: RunRecord) -> list[Doubt]:
    """What the run found odd in the data of the scope, by kind, gravest and most frequent first."""
    frame = reading.read(scope, record, "forecast_findings")
    if frame is None or frame.is_empty():
        return []
    reader = unit_reading(scope, record)
    protection = Protection()
    kinds: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        told = evidence.of_forecast(reader, protection, row)
        kinds.setdefault((told["severity"], told["code"]), []).append(told)
    ordered = sorted(kinds.items(), key=lambda kind: (evidence.SEVERITIES.index(kind[0][0]), -len(kind[1])))
    return [Doubt(key[0], told[0]["what"], told[0]["where"], len(told)) for key, told in ordered]


def verifying(record: RunRecord) -> Job | None:
    """The job that computes this run again right now, if one is under way."""
    running = Job.objects.filter(verb="verify", state__in=(Job.WAITING, Job.RUNNING))
    return next((job for job in running if job.args.get("run") == record.run_id), None)


@dataclass(frozen=True, slots=True)
class Rule:
    """A topic of the rule book on a day: what holds nationally and here, by key."""

    topic: str
    zh: str
    en: str
    values: Sequence[Any]
    here: Sequence[Any]


def rules(day: date) -> list[Rule]:
    """Every topic on a day, with the values in force for the nation and for this region."""
    held = book()
    nation, here = held.at(day), held.at(day, region())
    found: list[Rule] = []
    for topic in held.topics():
        at_large, local = nation[topic], here[topic]
        found.append(
            Rule(
                topic, local.zh, local.en, [at_large[key] for key in at_large], [local[key] for key in local]
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Health:
    """State of the installation: what must hold by name, beats of workers, disk, last times, jobs."""

    checks: Mapping[str, bool]
    beats: Sequence[Any]
    disk_free: int
    disk_total: int
    last_verification: Any
    jobs: Mapping[str, int]


def health() -> Health:
    """What the operators' page shows, now."""
    usage = shutil.disk_usage(settings.WORKSPACE)
    week = timezone.now() - timedelta(days=7)
    states = (Job.WAITING, Job.RUNNING)
    ended = (Job.FAILED, Job.LOST)
    shown = Q(state__in=states) | Q(state__in=ended, ended_at__gte=week)
    counted = dict(Job.objects.filter(shown).order_by().values_list("state").annotate(Count("pk")))
    return Health(
        checks=house_health.checks(),
        beats=list(WorkerBeat.objects.order_by("worker")),
        disk_free=usage.free,
        disk_total=usage.total,
        last_verification=AuditCheck.objects.order_by("-at").first(),
        jobs={state: counted.get(state, 0) for state in (*states, *ended)},
    )


def rules_digest() -> str:
    """Digest of the rules in force here."""
    return book().digest()


def duties(scope: Scope) -> list[tuple[str, list[Entry]]]:
    """What this person looks after here, by part, with counts."""
    parts: list[tuple[str, list[Entry]]] = administration_duties(scope)
    if scope.may(roles.OPERATE):
        lost = Job.objects.for_user(scope.user, roles.OPERATE).filter(state__in=(Job.FAILED, Job.LOST))
        recent = lost.filter(ended_at__gte=timezone.now() - timedelta(days=7)).count()
        parts.append(("operate", [Entry("health", "manage:health"), Entry("jobs", "jobs:list", recent)]))
    if scope.may(roles.SEE):
        entries = [Entry("rules", "manage:rules", len(book().topics())), Entry("tokens", "tokens:mine")]
        if scope.may(roles.EXPORT):
            entries.append(Entry("exports", "files:mine", StoredFile.objects.for_user(scope.user).count()))
        parts.append(("own", entries))
    return parts
