"""Rounds as one person sees them at the county or above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import Http404

from junheng.rules.assessment import Assessment, State
from junheng.web.balance import queries
from junheng.web.balance.evidence import pieces
from junheng.web.balance.models import AssessmentRound, RoundStep
from junheng.web.balance.queries import Judged
from junheng.web.balance.rounds import frozen, workflow
from junheng.web.balance.rounds.frozen import Change
from junheng.web.house.scope import Scope
from junheng.web.runs import reading
from junheng.web.runs.models import RunRecord
from junheng.web.units import tree
from junheng.web.workspace import book, region


@dataclass(frozen=True, slots=True)
class Listed:
    """Rounds of the county, and what a new one may be opened from: (assessment, run), for who may."""

    scope: Scope
    county: Any
    rounds: Sequence[AssessmentRound]
    assessments: dict[str, Assessment]
    open_from: tuple[tuple[Assessment, RunRecord], ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A step this person may take now, for which unit, and the runs that may be frozen with it."""

    target: State
    unit: Any
    onward: bool
    runs: tuple[RunRecord, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """One round. `held` is the frozen run's assessment, `now` that of the run shown today where it is
    another; `intact` whether the frozen rows still come to their digest. `waits_for` is the unit whose step
    is next."""

    scope: Scope
    round: AssessmentRound
    assessment: Assessment
    steps: Sequence[RoundStep]
    held: Judged | None
    now: Judged | None
    intact: bool
    changes: tuple[Change, ...]
    schools_changed: int
    evidence_changed: int
    moves: tuple[Move, ...]
    waits_for: Any

    @property
    def state(self) -> State | None:
        """Where it stands, by the rules of today."""
        return workflow.state_of(self.assessment, self.round.state)

    @property
    def frozen_at(self) -> Any:
        """When the run was frozen."""
        return self.steps[0].at


def county(scope: Scope) -> Any:
    """The county's unit, for those who see all of it; Http404 for others."""
    found = scope.register.by_code.get(region().code)
    if found is None or not reading.sees_whole_region(scope):
        raise Http404
    return found


def listed(scope: Scope) -> Listed:
    """Every round of the county, newest year first."""
    unit = county(scope)
    rows = list(AssessmentRound.objects.for_user(scope.user).filter(unit=unit))
    known = {name: one for name, one in _law(scope.year).items() if one.workflow}
    for row in rows:
        known |= {row.assessment: one} if (one := _law(row.year).get(row.assessment)) else {}
    choices: list[tuple[Assessment, RunRecord]] = []
    if workflow.may(scope.user, scope.register, unit, "county") is not None:
        opened = {(row.assessment, row.year) for row in rows}
        for name, one in known.items():
            found = [
                run for run in frozen.runs(name) if one.workflow and (name, run.origin_year) not in opened
            ]
            choices += [(one, run) for run in found]
    return Listed(scope, unit, rows, known, tuple(choices))


def opened(scope: Scope, number: int) -> Opened:
    """One round with its history; Http404 when there is none."""
    unit = county(scope)
    row = AssessmentRound.objects.for_user(scope.user).filter(pk=number, unit=unit).first()
    assessment = _law(row.year).get(row.assessment) if row is not None else None
    if row is None or assessment is None:
        raise Http404
    record = RunRecord.objects.filter(run_id=row.run_id).first()
    held = queries.every(scope, record).get(row.assessment) if record is not None else None
    current = reading.current_once(scope)
    now = None
    if current is not None and record is not None and current.run_id != record.run_id:
        now = queries.every(scope, current).get(row.assessment)
    steps = list(row.steps.select_related("by", "unit"))
    since = steps[0].at
    touched = [
        one
        for one in pieces.inside(unit.path, assessment=row.assessment, year=row.year)
        if one.row.at > since or (one.row.reviewed_at is not None and one.row.reviewed_at > since)
    ]
    following = workflow.following(assessment, row.state)
    here = workflow.state_of(assessment, row.state)
    return Opened(
        scope, row, assessment, steps, held, now,
        record is not None and frozen.digest(record, row.assessment) == row.digest,
        frozen.changes(held, now) if held is not None and now is not None else (),
        frozen.schools_changed(held, now) if held is not None and now is not None else 0,
        len(touched),
        _moves(scope, unit, row, assessment),
        workflow.acting(scope.register, unit, workflow.office(here, following[0]))
        if here is not None and following
        else None,
    )  # fmt: skip


def reported(held: Opened) -> Judged:
    """The frozen run's assessment in the state of the round, as its official report shows it. Http404 where
    the run is gone."""
    if held.held is None:
        raise Http404
    whole = replace(held.held.whole, state=held.round.state)
    return replace(held.held, scope=held.scope, whole=whole)


def _moves(scope: Scope, unit: Any, row: AssessmentRound, assessment: Assessment) -> tuple[Move, ...]:
    here = workflow.state_of(assessment, row.state)
    if here is None:
        return ()
    found: list[Move] = []
    for target in workflow.following(assessment, row.state):
        level = workflow.office(here, target)
        acting = workflow.may(scope.user, scope.register, unit, level)
        if acting is None:
            continue
        choices = frozen.runs(row.assessment, row.year) if level == "county" and target.frozen else []
        onward = workflow.goes_on(assessment, here.id, target.id) or target.id == here.id
        found.append(Move(target, acting, onward, tuple(choices)))
    return tuple(found)


def step(scope: Scope, number: int) -> RoundStep:
    """A step of a round inside the scope, for its document; Http404 otherwise."""
    inside = {"round__unit__path__gte": scope.unit.path, "round__unit__path__lt": tree.after(scope.unit.path)}
    found = RoundStep.objects.filter(pk=number, **inside).exclude(file="").first()
    if found is None or not reading.sees_whole_region(scope):
        raise Http404
    return found


def _law(year: int) -> dict[str, Assessment]:
    return dict(book().at(date(year, 9, 1), region()).assessments)
