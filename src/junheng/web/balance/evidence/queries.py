"""Evidence as one person sees it at one unit: what is asked for, what was brought, what the data hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.http import Http404, HttpRequest

from junheng.model.stages import stages_of_kind
from junheng.monitoring.assessment_basis import COMPULSORY
from junheng.monitoring.assessment_evidence import Examined, examine
from junheng.rules import Standards
from junheng.rules.assessment import Assessment
from junheng.web.balance.evidence import pieces
from junheng.web.balance.evidence.demands import Demand, demands, reaches
from junheng.web.balance.evidence.pieces import Piece
from junheng.web.balance.models import Evidence
from junheng.web.balance.queries import FIRST
from junheng.web.house.scope import Scope
from junheng.web.jobs.queries import mine
from junheng.web.runs import reading
from junheng.web.runs.models import RunRecord
from junheng.web.workspace import book, region

VERB = "take_evidence"
STATES = ("missing", "given", "returned", "decided")


@dataclass(frozen=True, slots=True)
class Known:
    """Where evidence of one assessment and year stands at a unit. `subject` is the unit items are shown for:
    the county for those who see it, the school itself; None for a town, which only has its schools."""

    scope: Scope
    record: RunRecord | None
    law: Standards
    assessment: Assessment
    choices: tuple[tuple[str, str], ...]
    year: int
    years: tuple[int, ...]
    demands: tuple[Demand, ...]
    subject: Any
    found: Sequence[Piece]
    table: pl.DataFrame | None

    def current(self, demand: Demand, unit: Any) -> Piece | None:
        """What a unit has brought for an item and not replaced."""
        for one in self.found:
            if one.row.current and one.row.item == demand.code and one.row.unit.code == unit.code:
                return one
        return None

    def earlier(self, demand: Demand, unit: Any) -> list[Piece]:
        """What a unit had brought for an item before, newest first."""
        return [
            one
            for one in self.found
            if not one.row.current and one.row.item == demand.code and one.row.unit.code == unit.code
        ]

    def in_data(self, demand: Demand, unit: Any) -> Examined:
        """What the newest version of the data proves."""
        return examine(self.table, self.assessment.id, demand.code, unit.code, self.year)

    def rows(self, demand: Demand, unit: Any) -> list[dict[str, Any]]:
        """Rows of the data that were not brought here."""
        if self.table is None:
            return []
        ours = {one.row.evidence_id for one in self.found}
        held = self.table.filter(
            (pl.col("assessment") == self.assessment.id)
            & (pl.col("item") == demand.code)
            & (pl.col("unit_code") == unit.code)
            & (pl.col("year") == self.year)
        ).sort("evidence_id")
        return [row for row in held.to_dicts() if row["evidence_id"] not in ours]

    def by_schools(self, demand: Demand) -> list[Piece]:
        """Current pieces of schools for an item, by their place in the tree."""
        held = [
            one
            for one in self.found
            if one.row.current and one.row.item == demand.code and one.row.unit.level == "school"
        ]
        return sorted(held, key=lambda one: one.row.unit.path)

    @property
    def query(self) -> str:
        """What keeps assessment and year on the next page."""
        return f"assessment={self.assessment.id}&year={self.year}"


def known(request: HttpRequest, scope: Scope) -> Known | None:
    """The assessment and year asked for by `?assessment=&year=`, the year judged last by default; None where
    no assessment asks for documents. Http404 for others."""
    asked = request.GET
    return _known(scope, asked.get("assessment", ""), asked.get("year", ""))


def of_piece(scope: Scope, row: Evidence) -> Known:
    """What a piece belongs to; Http404 when its assessment is in force no more."""
    held = _known(scope, row.assessment, str(row.year))
    if held is None:
        raise Http404
    return held


def _known(scope: Scope, assessment: str, asked: str) -> Known | None:
    record = reading.current_once(scope)
    judged = (record.origin_year if record is not None else None) or scope.year
    years = tuple(sorted({judged, judged + 1, scope.year}, reverse=True))
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else judged
    if year not in years and not Evidence.objects.filter(year=year).exists():
        raise Http404
    law = book().at(date(year, 9, 1), region())
    stages = stages_of(scope)
    held = {
        name: one
        for name, one in law.assessments.items()
        if demands(one) and (stages is None or reaches(one, law.indicators, stages))
    }
    name = assessment or (FIRST if FIRST in held else next(iter(held), ""))
    if not name:
        return None
    if name not in held:
        raise Http404
    choices = tuple((one, held[one].name(scope.language)) for one in held)
    found = pieces.inside(scope.unit.path, assessment=name, year=year)
    return Known(
        scope, record, law, held[name], choices, year, tuple(sorted({*years, year}, reverse=True)),
        demands(held[name]), subject(scope), found, reading.table(scope, "evidence"),
    )  # fmt: skip


def subject(scope: Scope) -> Any:
    """The unit whose items a scope shows."""
    if scope.unit.level == "school":
        return scope.unit
    return scope.register.by_code.get(region().code) if reading.sees_whole_region(scope) else None


def stages_of(scope: Scope) -> tuple[str, ...] | None:
    """Stages of the scope's school; None for a unit that is no school, or one nobody has described."""
    if scope.unit.level != "school":
        return None
    kinds = _kinds(scope)
    return stages_of_kind(kinds[scope.unit.code] or "") if scope.unit.code in kinds else None


def whole(scope: Scope) -> bool:
    """Whether the scope shows the county's own items."""
    return scope.unit.level != "school" and subject(scope) is not None


def required(held: Known) -> Any:
    """The unit something is brought for; Http404 at a town, which brings nothing."""
    if held.subject is None:
        raise Http404
    return held.subject


def asked_of(held: Known) -> list[Demand]:
    """What is asked of the scope's subject, or of the schools of a town."""
    level = "school" if held.subject is None else held.subject.level
    if level == "school":
        return [one for one in held.demands if one.concerns(level)]
    return list(held.demands)


def demand(held: Known, code: str) -> Demand:
    """One of what is asked; Http404 when there is none of the name, or it is not asked of such a unit."""
    for one in asked_of(held):
        if one.code == code:
            return one
    raise Http404


def schools(held: Known) -> list[Any]:
    """Schools with a compulsory stage below the scope: those of whom items by school are asked."""
    kinds = _kinds(held.scope)
    return [
        unit
        for unit in held.scope.register.within(held.scope.unit.path)
        if unit.level == "school"
        and unit.valid_to is None
        and set(stages_of_kind(kinds.get(unit.code) or "")) & set(COMPULSORY)
    ]


def _kinds(scope: Scope) -> Mapping[str, str]:
    """Kind of each school inside the scope."""
    frame = reading.table(scope, "schools")
    return {} if frame is None else dict(frame.select("school_id", "kind").iter_rows())


def piece(scope: Scope, number: int) -> Piece:
    """One piece of the scope; Http404 when there is none, or it is another unit's."""
    for one in pieces.inside(scope.unit.path, pk=number):
        return one
    raise Http404


def items(scope: Scope, about: Iterable[tuple[str, int, str]]) -> dict[tuple[str, int, str], tuple[str, str]]:
    """(item with its requirement, name of the assessment) by assessment, year and code."""
    found: dict[tuple[str, int, str], tuple[str, str]] = {}
    laws: dict[int, Standards] = {}
    for name, year, code in about:
        law = laws.setdefault(year, book().at(date(year, 9, 1), region()))
        assessment = law.assessments.get(name)
        if assessment is None:
            found[name, year, code] = (code, name)
            continue
        asked = {one.code: one for one in demands(assessment)}
        text = f"{code} {asked[code].name(scope.language)}" if code in asked else code
        found[name, year, code] = (text, assessment.name(scope.language))
    return found


def underway(scope: Scope) -> list[Any]:
    """Jobs of this person that take evidence into the data and have not ended."""
    return [job for job in mine(scope.user) if job.verb == VERB and not job.ended]
