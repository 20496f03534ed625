"""Is the plan being kept: every target of every clause held against the region's figures, with its tasks
and money.

`track` is pure: values, documents and tables in, a frozen answer out; the day is an argument.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

import polars as pl

from junheng.model.tables.policy_outputs import POLICY_TARGETS, TARGET_PROGRESS
from junheng.monitoring import natural_units, policy_status, policy_tasks, spending_rises
from junheng.monitoring.plan_course import Course, course
from junheng.monitoring.plan_projects import deliveries
from junheng.monitoring.policy_tasks import SOON_DAYS, Reminder
from junheng.monitoring.policy_values import Figures, Measured
from junheng.monitoring.spending_rises import Rise
from junheng.rules.indicator import Indicator
from junheng.rules.policies import PolicyDocument, Target

REGION = "region"
COMPUTED, REPORTED = "computed", "reported"
REPORTED_GRAINS = ("result", "unit_count", "survey")


@dataclass(frozen=True, slots=True)
class Progress:
    """One target on one day, for the region (level `region`) or one area of it."""

    document: str
    clause: str
    target: Target
    level: str
    area: str
    course: Course
    short_unit: str
    warned: bool
    judged: bool


@dataclass(frozen=True)
class Tracking:
    """How plans stand on `day`. `.tables` are the declared outputs; `.explain(reference)` one clause or
    target.
    """

    day: date
    area: str
    documents: Mapping[str, PolicyDocument]
    progress: tuple[Progress, ...]
    reminders: tuple[Reminder, ...]
    spending: tuple[Rise, ...]
    clauses: tuple[policy_status.ClauseStatus, ...]
    measured_by: Mapping[str, str]

    @cached_property
    def tables(self) -> dict[str, pl.DataFrame]:
        """policy_clauses, policy_targets, target_progress, policy_reminders, spending_rises."""
        return {
            "policy_clauses": policy_status.table(self.clauses),
            "policy_targets": self._targets(),
            "target_progress": TARGET_PROGRESS.conform(
                pl.DataFrame([_row(one) for one in self.progress], schema=TARGET_PROGRESS.schema())
            ),
            "policy_reminders": policy_tasks.table(self.reminders),
            "spending_rises": spending_rises.table(self.spending),
        }

    def explain(self, reference: str) -> policy_status.ClauseStatus | Progress:
        """A clause (`document/clause`) or a target (`document/clause#target`) as it stands; KeyError if
        unknown.
        """
        name, _, rest = reference.partition("/")
        clause, _, target = rest.partition("#")
        if target:
            for one in self.progress:
                if (one.document, one.clause, one.target.id, one.level) == (name, clause, target, REGION):
                    return one
        else:
            for status in self.clauses:
                if (status.document, status.clause) == (name, clause):
                    return status
        raise KeyError(reference)

    def check(self) -> list[str]:
        """Codes of failed checks: each clause has one status and each target one row for the region."""
        clauses = sum(len(document.clauses()) for document in self.documents.values())
        targets = sum(1 for document in self.documents.values() for _ in document.targets())
        regional = sum(1 for one in self.progress if one.level == REGION)
        return [] if (clauses, targets) == (len(self.clauses), regional) else ["policy.rows_lost"]

    def summary(self) -> dict[str, Any]:
        """Counts of clauses and targets by status, of tasks by state, and whether spending kept rising."""
        counted = [one for one in self.progress if one.level == REGION and one.judged]
        return {
            "day": self.day.isoformat(),
            "clauses": _counts(one.status for one in self.clauses),
            "targets": _counts(one.course.status for one in counted),
            "tasks": _counts(one.state for one in self.reminders),
            "spending_fell": sum(
                1 for one in self.spending if not one.stage and False in (one.total_kept, one.per_pupil_kept)
            ),
        }

    def _targets(self) -> pl.DataFrame:
        rows: list[dict[str, Any]] = []
        known = {
            (one.document, one.clause, one.target.id)
            for one in self.progress
            if one.level == REGION and one.course.measured is not None
        }
        for document in self.documents.values():
            judges = document.judges
            differ = {name: one.differ for one in document.conflicts() for name in one.readings}
            for clause, target in document.targets():
                name = f"{clause.id}#{target.id}"
                rows.append(
                    {
                        "run": "", "document": document.id, "clause": clause.id, "target": target.id,
                        "indicator": target.indicator, "op": target.op, "value": target.value,
                        "unit": target.unit, "basis": target.basis, "by": target.by,
                        "earliest": target.earliest, "hold": target.hold, "force": target.force,
                        "scope": json.dumps(dict(target.scope), ensure_ascii=False, sort_keys=True),
                        "judged_by": judges.get(name, ""), "differs": ";".join(differ.get(name, ())),
                        "measured_by": self.measured_by.get(target.indicator, ""),
                        "has_data": (document.id, clause.id, target.id) in known,
                    }
                )  # fmt: skip
        return POLICY_TARGETS.conform(pl.DataFrame(rows, schema=POLICY_TARGETS.schema()))


def track(
    values: pl.DataFrame | None,
    documents: Mapping[str, PolicyDocument],
    *,
    day: date,
    area: str = "",
    indicators: Mapping[str, Indicator] | None = None,
    projects: pl.DataFrame | None = None,
    tasks: pl.DataFrame | None = None,
    progress: pl.DataFrame | None = None,
    evidence: pl.DataFrame | None = None,
    finance: pl.DataFrame | None = None,
    pupils: pl.DataFrame | None = None,
    soon_days: int = SOON_DAYS,
) -> Tracking:
    """Hold `documents` against the region's figures as they are known on `day`.

    values: rows of `indicator_values` of all years. area: code of the region. projects, tasks
    (`policy_tasks`), progress (`policy_progress`), evidence and finance are the tables of those names;
    pupils has columns area, stage ("" all), year, pupils, the forecast's years included. Absent tables mean
    no data, never zero.
    """
    catalogue = indicators or {}
    held = Figures(values)
    apart = _narrower(documents)
    found: list[Progress] = []
    for document in documents.values():
        for clause, target in document.targets():
            name = f"{clause.id}#{target.id}"
            mine = document.judges.get(name, name) == name
            unclear = target.indicator in apart and "place" in target.scope
            for level, code in ((REGION, ""), *(("area", one) for one in held.areas(target))):
                if level != REGION and code == area:
                    continue
                figures = {} if unclear else held.by_year(target, catalogue.get(target.indicator), code)
                built, coming = deliveries(projects, document, clause, target, day)
                if level != REGION:
                    built, coming = {}, []
                known = any(figure.value is not None for figure in figures.values())
                stands = course(document, target, figures if known else built, day, coming)
                if unclear:
                    stands = replace(stands, reason="policy.scope_not_apart")
                found.append(
                    Progress(
                        document.id, clause.id, target, level, code or area, stands,
                        natural_units.of(target, catalogue.get(target.indicator)),
                        _warned(target, stands, day), mine,
                    )
                )  # fmt: skip
    reminded = policy_tasks.reminders(documents, tasks, progress, day, soon_days)
    money = [] if finance is None else [*spending_rises.rises(finance, _heads(pupils))]
    statuses = policy_status.clauses(
        documents, [one for one in found if one.level == REGION], reminded, evidence
    )
    return Tracking(
        day, area, documents, tuple(found), tuple(reminded), tuple(money), tuple(statuses),
        {name: _how(one) for name, one in catalogue.items()},
    )  # fmt: skip


def _how(indicator: Indicator) -> str:
    return REPORTED if indicator.measure == "lookup" or indicator.grain in REPORTED_GRAINS else COMPUTED


def _narrower(documents: Mapping[str, PolicyDocument]) -> set[str]:
    """Indicators asked both for the whole area and for one place of it: their figures cannot be told
    apart.
    """
    places: dict[str, set[bool]] = {}
    for document in documents.values():
        for _, target in document.targets():
            places.setdefault(target.indicator, set()).add("place" in target.scope)
    return {name for name, kinds in places.items() if len(kinds) > 1}


def _heads(pupils: pl.DataFrame | None) -> pl.DataFrame:
    schema = {"area": pl.String, "stage": pl.String, "year": pl.Int64, "pupils": pl.Float64}
    return pl.DataFrame(schema=schema) if pupils is None else pupils


def _warned(target: Target, stands: Course, day: date) -> bool:
    """The first day of a span of years has passed and the target is not reached."""
    return target.earliest is not None and day > target.earliest and stands.status not in ("reached", "held")


def _counts(words: Any) -> dict[str, int]:
    counted: dict[str, int] = {}
    for word in words:
        counted[word] = counted.get(word, 0) + 1
    return dict(sorted(counted.items()))


def _shown(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _row(one: Progress) -> dict[str, Any]:
    stands, target = one.course, one.target
    figure = stands.measured or Measured(None)
    return {
        "run": "", "document": one.document, "clause": one.clause, "target": target.id,
        "indicator": target.indicator, "level": one.level, "area": one.area, "year": stands.year,
        "value": _shown(figure.value), "num": _shown(figure.num), "den": _shown(figure.den), "op": target.op,
        "wanted": target.value, "unit": target.unit, "by": target.by, "expected": _shown(stands.expected),
        "baseline": _shown(stands.baseline), "baseline_year": stands.baseline_year,
        "step_needed": _shown(stands.step_needed), "step_recent": _shown(stands.step_recent),
        "contracted": _shown(stands.contracted), "short": _shown(figure.short), "short_unit": one.short_unit,
        "n_units": figure.n_units, "n_short": figure.n_short, "n_missing": figure.n_missing,
        "status": stands.status, "reason": stands.reason,
        "reason_parameters": json.dumps(dict(stands.parameters), ensure_ascii=False, sort_keys=True),
        "warned": one.warned, "verified": figure.verified,
    }  # fmt: skip
