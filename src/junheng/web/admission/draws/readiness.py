"""What still stands in the way of a freeze, counted from the casework."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from junheng.web.admission import states
from junheng.web.admission.models import Child, Objection


@dataclass(frozen=True, slots=True)
class Point:
    """One condition of the freeze: whether it is met, and its numbers."""

    code: str
    met: bool
    count: int = 0
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Readiness:
    """All conditions, and the children by state."""

    points: tuple[Point, ...]
    children: dict[str, int]

    @property
    def open(self) -> tuple[Point, ...]:
        """Conditions not met."""
        return tuple(point for point in self.points if not point.met)


def readiness(entry: Any) -> Readiness:
    """How far an entry is from its freeze."""
    rows = entry.children.values_list("state", "facts")
    counts: Counter[str] = Counter()
    pending = 0
    for state, facts in rows:
        counts[state] += 1
        if state != Child.WITHDRAWN:
            pending += sum(one.get("state") == Child.PENDING for one in facts.values())
    staying = sum(counts.values()) - counts[Child.WITHDRAWN]
    unchecked = staying - counts[Child.BUREAU_CHECKED]
    objections = entry.objections.filter(state=Objection.OPEN).count()
    today = timezone.localdate()
    over = entry.publicity_to is not None and entry.publicity_to < today
    points = (
        Point("publicity", entry.state == states.PUBLICITY and over, day=entry.publicity_to),
        Point("children", staying > 0, staying),
        Point("checked", unchecked == 0, unchecked),
        Point("facts", pending == 0, pending),
        Point("objections", objections == 0, objections),
    )
    return Readiness(points, dict(counts))
