"""Which runs there are, for lists and for what stands before and after one."""

from __future__ import annotations

from typing import Any

from junheng.web.house.scope import Scope
from junheng.web.runs.models import RunRecord
from junheng.web.runs.reading import seen

ANNUAL, SCENARIO = "year", "scenario"
_PEOPLE = ("made_by", "reviewed_by", "published_by", "verified_by")


def listed(scope: Scope, *, verb: str = "", state: str = "") -> Any:
    """Runs this person may see, newest first, of a verb and in a state if named."""
    found = seen(scope).select_related(*_PEOPLE)
    if verb:
        found = found.filter(verb=verb)
    return found.filter(state=state) if state else found


def one(scope: Scope, run_id: str) -> RunRecord | None:
    """One run with its people, if this person may see it."""
    return seen(scope).select_related(*_PEOPLE).filter(run_id=run_id).first()


def beside(scope: Scope, record: RunRecord, count: int = 3) -> list[RunRecord]:
    """The runs of the same kind made just before and just after this one, newest first."""
    same = seen(scope).filter(verb=record.verb, scenario=record.scenario).exclude(pk=record.pk)
    after = list(same.filter(made_at__gte=record.made_at).order_by("made_at", "id")[:count])
    before = list(same.filter(made_at__lt=record.made_at).order_by("-made_at", "-id")[:count])
    return [*reversed(after), *before]


def counts(scope: Scope) -> dict[str, int]:
    """How many annual runs stand in each state."""
    states = seen(scope).filter(verb=ANNUAL).values_list("state", flat=True)
    return {state: sum(1 for held in states if held == state) for state in RunRecord.STATES}
