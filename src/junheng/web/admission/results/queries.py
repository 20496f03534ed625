"""Results as one person sees them: all of them for who runs admission, a school's own once published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.http import Http404

from junheng.data.admission_folder import PUBLISHED
from junheng.model.errors import JunhengError
from junheng.web.accounts.roles import ADMIT, REGISTER
from junheng.web.admission import queries as entries
from junheng.web.admission import states
from junheng.web.admission.draws import queries as draws
from junheng.web.admission.draws import verbs as draw_verbs
from junheng.web.admission.draws.folders import folder_of
from junheng.web.admission.draws.models import Draw, Proposal
from junheng.web.admission.models import Answer, Child, Entry, Override
from junheng.web.admission.results import late_rows
from junheng.web.admission.results import standing as standings
from junheng.web.admission.results.actions import digest_of_answers, next_round
from junheng.web.admission.results.standing import Standing
from junheng.web.admission.results.verbs import PUBLISH, ROUND
from junheng.web.audit.models import AuditEvent
from junheng.web.house.scope import Scope
from junheng.web.jobs.models import Job
from junheng.web.jobs.presenters import JobView, job_view
from junheng.web.wording import say

PAGE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry after its draw. `runs` is whether the person runs it; `own` are the programmes a school may
    see, None for everything. `fault` says why the sealed files give no result."""

    scope: Scope
    entry: Entry
    draw: Draw | None
    held: Standing | None
    runs: bool
    own: frozenset[str] | None
    names: dict[str, str]
    schools: dict[str, str]
    proposals: tuple[Proposal, ...]
    jobs: tuple[JobView, ...]
    least: int
    published: bool
    fault: tuple[str, dict[str, Any]] | None = None

    @property
    def standing(self) -> Standing:
        """The result; Http404 while there is none."""
        if self.held is None:
            raise Http404
        return self.held

    def program(self, program_id: str | None) -> str:
        """A programme by the name of its school."""
        if not program_id:
            return ""
        return self.names.get(self.schools.get(program_id, ""), "") or program_id

    def named(self, sentence: str) -> str:
        """A sentence with the names of schools in place of programmes' ids."""
        for program_id in sorted(self.schools, key=len, reverse=True):
            if program_id in sentence:
                sentence = sentence.replace(program_id, self.program(program_id))
        return sentence

    def proposed(self, verb: str) -> Proposal | None:
        """The open proposal of a verb."""
        return next((one for one in self.proposals if one.verb == verb), None)


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers of the round that is open now, and what holding it would do."""

    shown: Shown
    number: int
    answers: tuple[Answer, ...]
    counts: dict[str, int]
    silent: int
    preview: Any
    policy: str
    digest: str


@dataclass(frozen=True, slots=True)
class OneChild:
    """One child's result: masked name, what she holds, her waiting places, her override."""

    shown: Shown
    child: Child
    row: dict[str, Any]
    receipt: str
    ticket: str
    place: int
    told: str
    enough: tuple[str, ...]
    waiting: tuple[tuple[str, int], ...]
    override: Override | None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Overridden:
    """Overrides of an entry with what each does to others."""

    shown: Shown
    rows: tuple[tuple[Override, Any], ...]


@dataclass(frozen=True, slots=True)
class Sunshine:
    """Everything the report for supervision tells, from the audit trail since the freeze."""

    shown: Shown
    since: Any
    looks: tuple[tuple[str, str, int], ...]
    events: tuple[AuditEvent, ...]
    overrides: tuple[Override, ...]
    proposals: tuple[Proposal, ...]
    draws: tuple[Draw, ...]


def shown(scope: Scope, plan_id: str) -> Shown:
    """The entry with its result; Http404 before the draw, and for a school before publication."""
    entry = entries.entry(scope, plan_id)
    runs = scope.user.may(ADMIT, entry.unit)
    late = (states.PUBLISHED, states.CLOSED) if not runs else (states.FROZEN, *states.STATES[5:])
    if entry.state not in late:
        raise Http404
    draw = entry.draws.exclude(state=Draw.SUPERSEDED).first()
    held, fault = None, None
    if draw is not None and draw.state == Draw.HELD:
        try:
            held = standings.standing(entry)
        except JunhengError as error:
            fault = (error.code, dict(error.parameters))
    schools = {} if held is None else dict(
        held.found.problem.tables["programs"].select("program_id", "school_id").iter_rows())  # fmt: skip
    proposals = entry.proposals.select_related("by", "ended_by").filter(state=Proposal.OPEN) if runs else ()
    return Shown(
        scope,
        entry,
        draw,
        held,
        runs,
        None if runs else _own(scope, schools),
        draws.names(scope),
        schools,
        tuple(proposals),
        _jobs(scope, entry) if runs else (),
        standings.least(entry),
        folder_of(plan_id).path(PUBLISHED, "manifest.json").is_file(),
        fault,
    )


def answered(scope: Scope, plan_id: str, policy: str = "") -> Answered:
    """Answers to the offers of the round that is open, and who would move."""
    page = _run(scope, plan_id)
    held, entry = page.standing, page.entry
    number = next_round(entry)
    rows = tuple(Answer.objects.filter(entry=entry, round=number).select_related("child", "by"))
    counts = {one: sum(row.answer == one for row in rows) for one in Answer.ANSWERS}
    said = {row.child.applicant_id for row in rows}
    seated = held.last.assignment.filter(pl.col("program_id").is_not_null())["applicant_id"].to_list()
    after = held.found.problem.plan.after
    own = after.second_round if after is not None else "none"
    chosen: Any = policy or (own if own != "none" else "waiting_list")
    preview = None
    came = late_rows.waiting(entry)
    if (rows or came) and entry.state == states.PUBLISHED:
        from junheng import admission  # noqa: PLC0415 - the engine only where a round is looked at

        said_so = standings.answers_of(entry, number)
        joins = late_rows.joining(entry, held.found, came, number)
        preview = admission.second_round(held.last, said_so, chosen, number, late=joins)
    silent = sum(one not in said for one in seated)
    return Answered(page, number, rows, counts, silent, preview, chosen, digest_of_answers(entry, number))


def child(scope: Scope, plan_id: str, applicant_id: str) -> OneChild:
    """One child's result with its explanation; Http404 for a child the entry does not have."""
    page = _run(scope, plan_id)
    held = page.standing
    found = Child.objects.filter(entry=page.entry, applicant_id=applicant_id).select_related("school").first()
    rows = held.now.filter(pl.col("applicant_id") == applicant_id).to_dicts()
    if found is None or not rows:
        raise Http404
    tickets = held.result.tickets.filter(pl.col("applicant_id") == applicant_id)["ticket"].to_list()
    receipt = held.found.receipts.get(applicant_id) or late_rows.receipts(page.entry).get(applicant_id, "")
    late = not tickets and held.found.draw is not None
    waits = held.waiting.filter(pl.col("applicant_id") == applicant_id)
    ticket = dict(held.found.draw.spare).get(receipt, "") if late and held.found.draw else ""
    return OneChild(
        page,
        found,
        rows[0],
        receipt,
        str(tickets[0]) if tickets else ticket,
        int((held.result.tickets["ticket"] <= tickets[0]).sum()) if tickets else 0,
        say("results.late_told_child") if late else held.result.explain(applicant_id, scope.language),
        () if late else tuple(held.result.enough(applicant_id, scope.language)),
        tuple(waits.select("program_id", "position").iter_rows()),
        Override.objects.filter(entry=page.entry, child=found).select_related("by", "approved_by").first(),
        late,
    )


def overridden(scope: Scope, plan_id: str) -> Overridden:
    """Overrides, newest first, each unsigned one with its effect."""
    page = _run(scope, plan_id)
    rows = Override.objects.filter(entry=page.entry).select_related("child", "by", "approved_by")
    return Overridden(page, tuple((one, effect_of(page, one)) for one in rows))


def effect_of(page: Shown, one: Override) -> Any:
    """What an unsigned override would do to others; None once it holds."""
    if one.approved_by_id is not None:
        return None
    return standings.effect(page.standing, one.child.applicant_id, one.program_id)


def override(scope: Scope, plan_id: str, number: int) -> Override:
    """One override of the entry; Http404 when there is none."""
    found = (
        Override.objects.filter(entry=_run(scope, plan_id).entry, pk=number).select_related("entry").first()
    )
    if found is None:
        raise Http404
    return found


def sunshine(scope: Scope, plan_id: str) -> Sunshine:
    """Who looked at whom and what was changed since the freeze."""
    entry = draws.entry_of(scope, plan_id)
    made = list(
        entry.draws.select_related(
            "frozen_by", "confirmed_by", "announced_by", "announced_confirmed"
        ).order_by("number")
    )
    if not made:
        raise Http404
    frozen = entry.proposals.filter(verb="freeze", state=Proposal.CONFIRMED).order_by("ended_at").first()
    since = frozen.ended_at if frozen is not None else None
    events = AuditEvent.objects.filter(object__startswith=plan_id).order_by("seq")
    if since is not None:
        events = events.filter(at__gte=since)
    listed = list(events)
    looks: dict[tuple[str, str], int] = {}
    for event in listed:
        if event.verb in LOOKS:
            key = (event.actor, event.object.removeprefix(plan_id).strip())
            looks[key] = looks.get(key, 0) + 1
    page = Shown(
        scope, entry, made[-1], None, True, None, {}, {}, (), (), standings.least(entry),
        folder_of(plan_id).path(PUBLISHED, "manifest.json").is_file(),
    )  # fmt: skip
    return Sunshine(
        page,
        since,
        tuple((who, whom, n) for (who, whom), n in sorted(looks.items())),
        tuple(one for one in listed if one.verb not in LOOKS),
        tuple(
            Override.objects.filter(entry=entry).select_related("child", "by", "approved_by").order_by("pk")
        ),
        tuple(entry.proposals.select_related("by", "ended_by").order_by("pk")),
        tuple(made),
    )


LOOKS = ("admission.result_looked", "admission.child_looked", "admission.child_revealed")
"""Verbs of the trail that say somebody looked at one child."""


def _run(scope: Scope, plan_id: str) -> Shown:
    page = shown(scope, plan_id)
    if not page.runs:
        raise Http404
    return page


def _own(scope: Scope, schools: dict[str, str]) -> frozenset[str]:
    """Programmes of the schools inside the scope where the person takes registrations."""
    if not scope.may(REGISTER):
        raise Http404
    inside = {unit.code for unit in scope.register.within(scope.unit.path)}
    return frozenset(program for program, school in schools.items() if school in inside)


def _jobs(scope: Scope, entry: Entry) -> tuple[JobView, ...]:
    wanted: Sequence[str] = (PUBLISH, ROUND, draw_verbs.DRAW, draw_verbs.ASSIGN)
    found = list(
        Job.objects.filter(verb__in=wanted, unit=entry.unit)
        .select_related("owner", "unit")
        .order_by("-id")[:8]
    )
    mine = [one for one in found if one.args.get("entry") == entry.pk]
    living = [one for one in mine if not one.ended]
    if not living and mine and mine[0].state in (Job.FAILED, Job.LOST):
        living = mine[:1]
    return tuple(job_view(one, scope) for one in living)
