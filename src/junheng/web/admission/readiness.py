"""What still stands in the way of a freeze: one list, for the page before the freeze, for the freeze itself,
and for whoever proposes or confirms it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.utils import timezone

from junheng.admission.plan_inputs import inputs
from junheng.admission.plan_tables import faults
from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.rules import AdmissionPlan
from junheng.web.admission import plans, states
from junheng.web.admission.draws import casework
from junheng.web.admission.models import Child, Entry, Objection

POINTS = ("plan", "publicity", "children", "checked", "facts", "objections", "tables", "twice")
"""Conditions of a freeze, in the order they are shown."""


@dataclass(frozen=True, slots=True)
class Point:
    """One condition: whether it is met, and its number; of publicity the last day."""

    code: str
    met: bool
    count: int = 0
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Readiness:
    """All conditions, with what the open ones are about: faults of the tables the run will read, or why they
    cannot be read at all; numbers of children whose fixed number stands more than once."""

    points: tuple[Point, ...] = ()
    faults: Sequence[Finding] = ()
    unreadable: str = ""
    twice: Sequence[str] = ()

    @property
    def open(self) -> tuple[Point, ...]:
        """Conditions not met."""
        return tuple(point for point in self.points if not point.met)


def readiness(entry: Entry) -> Readiness:
    """How far an entry is from its freeze, looked at now."""
    read = plans.of(entry)
    rows = list(entry.children.values_list("applicant_id", "state", "facts", "row"))
    staying = [row for row in rows if row[1] != Child.WITHDRAWN]
    pending = sum(one.get("state") == Child.PENDING for _, _, facts, _ in staying for one in facts.values())
    unchecked = sum(state != Child.BUREAU_CHECKED for _, state, _, _ in staying)
    objections = entry.objections.filter(state=Objection.OPEN).count()
    wrong, unreadable = _tables(entry, read.plan)
    twice = _twice(staying)
    last = entry.publicity_to
    over = entry.state == states.PUBLICITY and last is not None and last < timezone.localdate()
    counts = {
        "plan": len(read.faults),
        "checked": unchecked,
        "facts": pending,
        "objections": objections,
        "tables": len(wrong) or int(bool(unreadable)),
        "twice": len(twice),
    }
    points = {code: Point(code, count == 0, count) for code, count in counts.items()}
    points["publicity"] = Point("publicity", over, day=last)
    points["children"] = Point("children", bool(staying), len(staying))
    return Readiness(tuple(points[code] for code in POINTS), wrong, unreadable, twice)


def _tables(entry: Entry, plan: AdmissionPlan | None) -> tuple[Sequence[Finding], str]:
    """(faults of the tables the run will read, code of what keeps them from being read at all)."""
    if plan is None:
        return (), ""
    try:
        return faults(inputs(casework.tables(entry), plan, entry.plan_id), plan), ""
    except BadData as error:
        return error.findings, error.code
    except pl.exceptions.PolarsError:
        return (), "entry.tables_unreadable"


def _twice(children: Sequence[tuple[str, str, Any, Mapping[str, Any]]]) -> list[str]:
    """First number of each child whose fixed number stands more than once."""
    seen = Counter(str(row.get("identity_code") or "") for _, _, _, row in children)
    found: dict[str, str] = {}
    for applicant, _, _, row in children:
        identity = str(row.get("identity_code") or "")
        if identity and seen[identity] > 1:
            found.setdefault(identity, applicant)
    return list(found.values())
