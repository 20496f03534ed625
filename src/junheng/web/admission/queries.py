"""Entries as one person sees them at one unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.http import Http404

from junheng.web.accounts.roles import ADMIT, REGISTER, SEE
from junheng.web.admission import plans
from junheng.web.admission.models import Child, Entry, Objection
from junheng.web.admission.plans import Reading
from junheng.web.admission.registering import VERB
from junheng.web.house.scope import Scope
from junheng.web.jobs.models import Job
from junheng.web.jobs.presenters import JobView, job_view
from junheng.web.runs.actions import region_unit


@dataclass(frozen=True, slots=True)
class Held:
    """An entry with what this person may do: `runs` it (admit), takes part with her school (register).
    `counts`: children she may see by state."""

    scope: Scope
    entry: Entry
    runs: bool
    takes_part: bool
    counts: Mapping[str, int]

    @property
    def staying(self) -> int:
        """Children who did not withdraw."""
        return sum(self.counts.values()) - self.counts.get(Child.WITHDRAWN, 0)

    @property
    def reading(self) -> Reading:
        """The plan as saved last."""
        return plans.of(self.entry)


@dataclass(frozen=True, slots=True)
class Listed:
    """Every entry of the scope, and, for who runs admission, plan files that have none."""

    scope: Scope
    entries: tuple[Held, ...]
    files: Mapping[str, Reading]
    may_begin: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """An entry as its own page shows it."""

    held: Held
    objections: int
    job: JobView | None
    waiting: Mapping[str, int] = field(default_factory=dict[str, int])


def entries(scope: Scope) -> list[Entry]:
    """Entries of the unit, of those below it and of those above it, latest year first."""
    seen = Entry.objects.for_user(scope.user, scope.permission or SEE).select_related("unit", "moved_by")
    return [one for one in seen if touches(scope, one)]


def entry(scope: Scope, plan_id: str) -> Entry:
    """One of them; Http404 when there is none."""
    for one in entries(scope):
        if one.plan_id == plan_id:
            return one
    raise Http404


def own_entry(scope: Scope, plan_id: str) -> Entry:
    """One that this person runs; Http404 for everyone else."""
    found = entry(scope, plan_id)
    if not scope.user.may(ADMIT, found.unit):
        raise Http404
    return found


def touches(scope: Scope, one: Entry) -> bool:
    """Whether the entry is the scope's: of its unit, below it, or of a unit it belongs to."""
    mine, its = scope.unit.path, one.unit.path
    return mine.startswith(its) or its.startswith(mine)


def held(scope: Scope, one: Entry, counts: Mapping[int, Mapping[str, int]] | None = None) -> Held:
    """The entry with what this person may do with it."""
    known = children_by_state(scope, [one]) if counts is None else counts
    return Held(
        scope,
        one,
        scope.user.may(ADMIT, one.unit),
        scope.user.may(REGISTER, scope.unit),
        known.get(one.pk, {}),
    )


def children_by_state(scope: Scope, listed: Sequence[Entry]) -> dict[int, dict[str, int]]:
    """By entry, children of the scope this person may see, by state."""
    rows = Child.objects.for_user(scope.user).filter(entry__in=listed)
    rows = within(scope, rows).order_by().values("entry", "state").annotate(n=Count("pk"))
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["entry"], {})[row["state"]] = row["n"]
    return found


def within(scope: Scope, rows: Any) -> Any:
    """Of children those who register inside the scope's unit; all where the unit holds the whole entry."""
    if scope.unit.level == "school":
        return rows.filter(school=scope.unit)
    if scope.unit.level == "area":
        return rows.filter(school__path__startswith=scope.unit.path)
    return rows


def listed(scope: Scope) -> Listed:
    """The list of entries."""
    found = entries(scope)
    counts = children_by_state(scope, found)
    region = region_unit()
    may_begin = region is not None and scope.user.may(ADMIT, region) and region.pk == scope.unit.pk
    files: dict[str, Reading] = {}
    if may_begin:
        taken = {one.plan_id for one in found}
        files = {name: plans.reading(text, name) for name, text in plans.own().items() if name not in taken}
    return Listed(scope, tuple(held(scope, one, counts) for one in found), files, may_begin)


def desk(scope: Scope, plan_id: str) -> Desk:
    """One entry with what stands open."""
    one = held(scope, entry(scope, plan_id))
    job = None
    if one.runs:
        jobs = Job.objects.filter(verb=VERB, args__entry=one.entry.pk).select_related("owner", "unit")
        newest = jobs.order_by("-pk").first()
        job = job_view(newest, scope) if newest is not None and newest.state != Job.DONE else None
    objections = Objection.objects.filter(entry=one.entry, state=Objection.OPEN).count() if one.runs else 0
    return Desk(one, objections, job)
