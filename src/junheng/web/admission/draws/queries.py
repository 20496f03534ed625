"""Entries with what was proposed, frozen and drawn of them, as one person sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from junheng.model.errors import BadData
from junheng.rules.admission_plan import AdmissionPlan
from junheng.web.admission import queries as entries
from junheng.web.admission import states
from junheng.web.admission.draws import plans, verbs
from junheng.web.admission.draws.models import Draw, Proposal, Typed
from junheng.web.admission.models import Entry
from junheng.web.admission.readiness import Readiness, readiness
from junheng.web.house.navigation import name_of
from junheng.web.house.scope import Scope
from junheng.web.jobs.models import Job
from junheng.web.jobs.presenters import JobView, job_view
from junheng.web.runs import reading


@dataclass(frozen=True, slots=True)
class Frozen:
    """An entry around its freeze: what is missing, what is proposed, what was frozen and announced."""

    scope: Scope
    entry: Entry
    plan: AdmissionPlan | None
    ready: Readiness
    proposals: tuple[Proposal, ...]
    history: tuple[Proposal, ...]
    draw: Draw | None
    before: tuple[Draw, ...]
    jobs: tuple[JobView, ...]
    names: dict[str, str]

    def proposed(self, verb: str) -> Proposal | None:
        """The open proposal of a verb."""
        return next((one for one in self.proposals if one.verb == verb), None)


@dataclass(frozen=True, slots=True)
class Tried:
    """An entry with its trials: the newest finished one, those under way."""

    scope: Scope
    entry: Entry
    plan: AdmissionPlan | None
    job: Job | None
    jobs: tuple[JobView, ...]
    names: dict[str, str]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A draw at its ceremony: what each person typed in this attempt and the one before."""

    scope: Scope
    entry: Entry
    draw: Draw
    typed: tuple[Typed, ...]
    job: JobView | None
    names: dict[str, str]

    @property
    def attempt(self) -> tuple[Typed, ...]:
        """What was typed in the newest attempt."""
        last = self.typed[-1].attempt if self.typed else 0
        return tuple(one for one in self.typed if one.attempt == last)

    @property
    def mine(self) -> Typed | None:
        """What this person typed in an attempt that is still open."""
        now = self.attempt
        if len(now) != 1:
            return None
        return next((one for one in now if one.by_id == self.scope.user.pk), None)


def entry_of(scope: Scope, plan_id: str) -> Entry:
    """The entry; Http404 for those who do not run it."""
    found = entries.entry(scope, plan_id)
    if not scope.user.may(scope.permission, found.unit):
        raise Http404
    return found


def frozen(scope: Scope, plan_id: str) -> Frozen:
    """Where the entry stands between casework and draw."""
    entry = entry_of(scope, plan_id)
    made = list(entry.proposals.select_related("by", "ended_by", "job__owner", "job__unit")[:20])
    draws = list(
        entry.draws.select_related("frozen_by", "confirmed_by", "announced_by", "announced_confirmed")
    )
    now = [one for one in draws if one.state != Draw.SUPERSEDED]
    return Frozen(
        scope,
        entry,
        _plan(entry),
        readiness(entry) if entry.state in states.CASEWORK else Readiness(),
        tuple(one for one in made if one.state == Proposal.OPEN),
        tuple(one for one in made if one.state != Proposal.OPEN),
        now[0] if now else None,
        tuple(one for one in draws if one.state == Draw.SUPERSEDED),
        _living(scope, entry, (verbs.FREEZE, verbs.ANNOUNCE)),
        names(scope),
    )


def tried(scope: Scope, plan_id: str) -> Tried:
    """The trials of an entry; whoever runs it sees them."""
    entry = entry_of(scope, plan_id)
    done = Job.objects.filter(verb=verbs.TRIAL, state=Job.DONE, args__entry=entry.pk).first()
    others = Entry.objects.filter(unit=entry.unit, stage=entry.stage).exclude(pk=entry.pk)
    return Tried(
        scope,
        entry,
        _plan(entry),
        done,
        _living(scope, entry, (verbs.TRIAL,)),
        names(scope),
        tuple(others.values_list("plan_id", flat=True)),
    )


def held(scope: Scope, plan_id: str) -> Held:
    """The draw that was announced; Http404 before."""
    entry = entry_of(scope, plan_id)
    draw = entry.draws.select_related("job__owner", "job__unit", "announced_by", "announced_confirmed")
    found = draw.exclude(state__in=(Draw.SUPERSEDED, Draw.FROZEN)).first()
    if found is None:
        raise Http404
    typed = tuple(found.typed.select_related("by").order_by("attempt", "id"))
    job = None if found.job is None else job_view(found.job, scope)
    return Held(scope, entry, found, typed, job, names(scope))


def proposal(scope: Scope, plan_id: str, number: int) -> Proposal:
    """One proposal of an entry; Http404 when there is none."""
    found = entry_of(scope, plan_id).proposals.select_related("entry").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def names(scope: Scope) -> dict[str, str]:
    """Names of schools by their id, in the reader's language."""
    return {code: name_of(unit, scope.language) for code, unit in scope.register.by_code.items()}


def schools_of(scope: Scope) -> dict[str, str]:
    """School of each programme of the newest data."""
    frame = reading.table(scope, "admission_programs")
    return {} if frame is None else dict(frame.select("program_id", "school_id").iter_rows())


def pools(scope: Scope, draw: Draw) -> dict[str, str]:
    """Name of each announced pool: its school, with the reserve behind it."""
    own, known = names(scope), schools_of(scope)
    found: dict[str, str] = {}
    for pool in draw.announcement["seats"]:
        program, _, reserve = pool.partition("@")
        name = own.get(known.get(program, "")) or program
        found[pool] = f"{name} · {reserve}" if reserve else name
    return found


def _plan(entry: Entry) -> AdmissionPlan | None:
    try:
        return plans.plan_of(entry)
    except BadData:
        return None


def _living(scope: Scope, entry: Entry, wanted: Sequence[str]) -> tuple[JobView, ...]:
    """Jobs of the entry that go on, and the last one if it failed."""
    found: Any = Job.objects.filter(verb__in=wanted, args__entry=entry.pk).select_related("owner", "unit")[:5]
    rows = list(found)
    shown = [one for one in rows if not one.ended]
    if not shown and rows and rows[0].state in (Job.FAILED, Job.LOST):
        shown = rows[:1]
    return tuple(job_view(one, scope) for one in shown)
