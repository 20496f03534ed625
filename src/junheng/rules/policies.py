"""Policy documents as data: clauses, duties, numeric targets and what delivers them. `rules.policies()`.

The files lie in `rules/policies/*.yaml`; a workspace's own plan lies in its `rules/policies/` in the same
form, with a yearly `path` and `tasks` added where it has them. `policies_reader` reads them. Titles and gists
are our own words.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Literal

from junheng.rules.value import Verified

Force = Literal["must", "strive", "encourage"]
"""必须; 力争; 鼓励、探索. Only `must` can be missed."""
Operator = Literal[">=", ">", "<=", "<", "==", "up", "down"]
"""`up` and `down` belong to `direction`: better than the baseline, no number."""
Basis = Literal["stock", "flow", "per_unit", "frequency", "coverage", "monotone", "direction"]
Hold = Literal["at_date", "every_year"]
Kind = Literal["indicator", "verb", "command", "page", "case"]
Scope = Mapping[str, str | tuple[str, ...]]

FORCES: tuple[Force, ...] = ("must", "strive", "encourage")
OPERATORS: tuple[Operator, ...] = (">=", ">", "<=", "<", "==", "up", "down")
BASES: tuple[Basis, ...] = ("stock", "flow", "per_unit", "frequency", "coverage", "monotone", "direction")
HOLDS: tuple[Hold, ...] = ("at_date", "every_year")
KINDS: tuple[Kind, ...] = ("indicator", "verb", "command", "page", "case")
SCOPE_KEYS = ("area", "stage", "ownership", "each", "period", "kind", "group", "grade", "place")
"""area: whose figure (province, city, county …); each: judged for each school, class, teacher …; period: per
day, week, term, school year; kind, group, place: which schools, people, locations, in one word of ours."""


@dataclass(frozen=True, slots=True)
class Target:
    """One number of a clause. `value` is in `unit` (a share as a fraction); None only with a direction.

    `by` is the last day it may be reached, `earliest` the first of a span of years (warn then, fail at `by`).
    """

    id: str
    indicator: str
    op: Operator
    value: float | None
    unit: str
    by: date | None
    scope: Scope
    basis: Basis
    hold: Hold
    force: Force
    earliest: date | None = None
    since: date | None = None
    paragraph: int | None = None
    nth_number: int | None = None
    baseline: float | None = None
    baseline_on: date | None = None
    path: Mapping[int, float] = field(default_factory=dict[int, float])
    note: str = ""
    line: int = 0

    @property
    def numeric(self) -> bool:
        """Whether the text gives a number; a direction gives none."""
        return self.value is not None

    def met_by(self, measured: float) -> bool:
        """Whether `measured`, in the same unit, meets the target; a direction never does."""
        if self.value is None:
            return False
        return {
            ">=": measured >= self.value,
            ">": measured > self.value,
            "<=": measured <= self.value,
            "<": measured < self.value,
            "==": measured == self.value,
        }.get(self.op, False)


@dataclass(frozen=True, slots=True)
class Measure:
    """Something to be done, with its clock: `due` is a date, or month and day if it returns `every` year."""

    id: str
    text: str
    due: str = ""
    every: str = ""
    actor: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A task of a region's own plan: who must have done what by when."""

    id: str
    text: str
    unit: str
    owner: str = ""
    due: date | None = None
    every: str = "once"
    indicator: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """What in Junheng delivers a clause: an indicator id, a public verb (`forecast.seats`), a command
    (`forecast seats`), a page or a case type. It may name only what exists; a test resolves each."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What must be attached where nothing can be measured."""

    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One unit of a document: its gist in our words, who must do it with what force, and its targets."""

    document: str
    id: str
    title: str
    gist: str
    force: Force
    actors: tuple[str, ...]
    rooms: tuple[str, ...]
    targets: tuple[Target, ...] = ()
    measures: tuple[Measure, ...] = ()
    tasks: tuple[Task, ...] = ()
    delivered_by: tuple[Delivery, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    line: int = 0

    @property
    def missing_rooms(self) -> tuple[str, ...]:
        """Rooms that have a part in it and do not exist yet. 督 tracks tasks and evidence, so it is not
        asked.
        """
        return tuple(room for room in self.rooms if room != "supervision" and not exists(room))

    @property
    def standing(self) -> str:
        """What Junheng does about the clause, before any data.

        `delivered`: what `delivered_by` names does it, and every room that has a part exists; `partly`: it
        does some of it, `missing_rooms` do not exist yet; `tracked`: only its targets, or its measures with
        clock and evidence, are followed; `open`: nothing yet.
        """
        if self.delivered_by:
            return "partly" if self.missing_rooms else "delivered"
        return "tracked" if self.targets or self.measures or self.tasks else "open"


@cache
def exists(room: str) -> bool:
    """Whether a room of Junheng has been built; nothing of it is imported."""
    return importlib.util.find_spec(f"junheng.{room}") is not None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Several readings of one target that differ; judged by the stricter until a person settles it."""

    document: str
    id: str
    readings: tuple[str, ...]
    differ: tuple[str, ...]
    judged_by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """One document with its clauses in order."""

    id: str
    title: str
    issuer: str
    number: str
    issued: date | None
    period: tuple[date | None, date | None]
    verified: Verified
    file: str
    local: bool
    all_clauses: tuple[Clause, ...] = ()
    all_conflicts: tuple[Conflict, ...] = ()
    linked: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    judges: Mapping[str, str] = field(default_factory=dict[str, str])
    """`clause#target` of every reading -> the reading it is judged by."""

    def clauses(self, room: str = "") -> tuple[Clause, ...]:
        """All clauses, or those in which `room` has a part."""
        return tuple(clause for clause in self.all_clauses if not room or room in clause.rooms)

    def clause(self, clause_id: str) -> Clause:
        """One clause by its id; KeyError when the document has none of that name."""
        for clause in self.all_clauses:
            if clause.id == clause_id:
                return clause
        raise KeyError(clause_id)

    def targets(self) -> Iterator[tuple[Clause, Target]]:
        """Every target with its clause, in order."""
        for clause in self.all_clauses:
            for target in clause.targets:
                yield clause, target

    def target(self, reference: str) -> Target:
        """A target by `clause#target`; KeyError when there is none."""
        clause_id, _, target_id = reference.partition("#")
        for target in self.clause(clause_id).targets:
            if target.id == target_id:
                return target
        raise KeyError(reference)

    def conflicts(self) -> tuple[Conflict, ...]:
        """Readings of one target that differ, for a person to settle."""
        return self.all_conflicts
