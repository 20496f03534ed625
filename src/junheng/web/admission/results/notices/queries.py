"""Notices of an entry: what can be printed now, for which schools, what was made and is still there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from django.http import Http404

from junheng.model.errors import JunhengError
from junheng.web.accounts.roles import EXPORT
from junheng.web.admission import states
from junheng.web.admission.draws import queries as draws
from junheng.web.admission.draws.folders import folder_of
from junheng.web.admission.draws.models import Draw
from junheng.web.admission.models import Entry
from junheng.web.admission.results import standing as standings
from junheng.web.admission.results.notices.kinds import NOWHERE, OF_RESULT, RECEIPT, RESULT
from junheng.web.admission.results.standing import Standing
from junheng.web.admission.results.verbs import NOTICES
from junheng.web.admission.results.work import elsewhere
from junheng.web.files.models import StoredFile
from junheng.web.house.scope import Scope
from junheng.web.jobs.models import Job
from junheng.web.jobs.presenters import JobView, job_view

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Printing:
    """What can be printed: papers by kind, each for how many children; `schools` by their id with name;
    `files` the person's own that are still there, newest first, with states of jobs that make them."""

    scope: Scope
    entry: Entry
    counts: Mapping[str, int]
    schools: Mapping[str, str]
    files: tuple[StoredFile, ...]
    states: Mapping[int, str]
    jobs: tuple[JobView, ...]
    may: bool
    fault: JunhengError | None = None


def printing(scope: Scope, plan_id: str) -> Printing:
    """The papers of an entry; Http404 before the freeze and for those who do not run it."""
    entry = draws.entry_of(scope, plan_id)
    if not states.reached(entry.state, states.FROZEN) or not folder_of(plan_id).exists:
        raise Http404
    fault: JunhengError | None = None
    counts: dict[str, int] = {}
    try:
        counts = _counts(entry)
    except JunhengError as error:
        fault = error
    names = draws.names(scope)
    files = StoredFile.objects.for_user(scope.user).filter(kind=StoredFile.LETTERS, wanted__plan_id=plan_id)
    shown = tuple(files.filter(unit=scope.unit)[:SHOWN])
    jobs = Job.objects.filter(pk__in=[file.job_id for file in shown if file.ready_at is None])
    rows = list(jobs.select_related("owner", "unit"))
    return Printing(
        scope,
        entry,
        counts,
        {one: names.get(one, one) for one in _schools(entry)},
        shown,
        {job.pk: job.state for job in rows},
        tuple(job_view(job, scope) for job in rows if not job.ended),
        scope.may(EXPORT),
        fault,
    )


def living(scope: Scope, entry: Entry) -> bool:
    """Whether the person's papers of this entry are being made."""
    rows = Job.objects.filter(verb=NOTICES, owner=scope.user, args__entry=entry.pk)
    return rows.filter(state__in=(Job.WAITING, Job.RUNNING)).exists()


def drawn(entry: Entry) -> bool:
    """Whether there is a result to write about."""
    return entry.draws.filter(state=Draw.HELD).exists()


def children_of(entry: Entry, kind: str, school: str) -> set[str]:
    """Children who get this paper, of a school where one is named: those who sit there, without a seat those
    who registered there, and for receipt slips all who registered there; `NOWHERE` those of no school."""
    named = pl.col("school_id") == school
    own = pl.lit(True) if not school else pl.col("school_id").is_null() if school == NOWHERE else named
    people = folder_of(entry.plan_id).tables()["applicants"].select("applicant_id", "school_id")
    if kind == RECEIPT:
        return set(people.filter(own)["applicant_id"].to_list())
    held = standings.standing(entry)
    programs = held.found.problem.tables["programs"].select("program_id", seat="school_id")
    rows = (
        papers(held).join(programs, on="program_id", how="left").join(people, on="applicant_id", how="left")
    )
    rows = rows.with_columns(pl.coalesce("seat", "school_id").alias("school_id")).filter(own)
    if kind != RESULT:
        rows = rows.filter(pl.col("kind") == kind)
    return set(rows["applicant_id"].to_list())


def papers(held: Standing) -> pl.DataFrame:
    """(applicant_id, program_id, kind): the notice each child gets from where she stands now, as
    `report.admission.notice_rows.result_notices` writes them."""
    since = elsewhere(held)
    rows = held.result.assignment.select("applicant_id", "program_id", "state", "batch")
    if since is None:
        rows = rows.with_columns(moved=pl.lit(False), to=pl.lit(None, pl.String))
    else:
        now = since.select("applicant_id", to="program_id", moved=pl.lit(True))
        rows = rows.join(now, on="applicant_id", how="left").with_columns(pl.col("moved").fill_null(False))
    moved = pl.col("moved") & ~pl.col("to").eq_missing(pl.col("program_id"))
    kind = (
        pl.when(moved).then(pl.when(pl.col("to").is_null()).then(pl.lit("not_admitted")).otherwise(pl.lit("admission")))
        .when((pl.col("state") == "placed") & (pl.col("batch") == "placement")).then(pl.lit("placement"))
        .when(pl.col("state") == "placed").then(pl.lit("admission"))
        .when(pl.col("state") == "waiting").then(pl.lit("waiting"))
        .otherwise(pl.lit("not_admitted"))
    )  # fmt: skip
    seat = pl.when(moved).then("to").otherwise("program_id")
    return rows.select("applicant_id", seat.alias("program_id"), kind.alias("kind"))


def _counts(entry: Entry) -> dict[str, int]:
    """Papers of each kind; of results only once there is one."""
    slips = {RECEIPT: folder_of(entry.plan_id).tables()["applicants"].height}
    if not drawn(entry):
        return slips
    kinds = papers(standings.standing(entry))["kind"]
    counts = dict(kinds.value_counts().iter_rows())
    return {RESULT: kinds.len(), **{kind: counts.get(kind, 0) for kind in OF_RESULT[1:]}, **slips}


def _schools(entry: Entry) -> list[str]:
    tables = folder_of(entry.plan_id).tables()
    listed = [tables["admission_programs"]["school_id"], tables["applicants"]["school_id"]]
    found = {one or NOWHERE for column in listed for one in column.to_list()}
    return sorted(found, key=lambda one: (one == NOWHERE, one))
