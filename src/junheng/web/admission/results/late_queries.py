"""Late arrivals of an entry as their page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from junheng.web.admission import child_queries
from junheng.web.admission.child_form import Around
from junheng.web.admission.draws.models import LateChild
from junheng.web.admission.results import queries
from junheng.web.admission.results.queries import Shown
from junheng.web.house.scope import Scope


@dataclass(frozen=True, slots=True)
class LateHeld:
    """The page of late arrivals: its rows with where each child is now, and what the form is filled in
    against."""

    shown: Shown
    rows: tuple[tuple[LateChild, str], ...]
    spare: tuple[str, ...]
    around: Around
    casework: Any


def arrivals(scope: Scope, plan_id: str) -> LateHeld:
    """Late arrivals, newest first; Http404 for who does not run the entry and before the draw."""
    shown = _shown(scope, plan_id)
    held, around = child_queries.registering(scope, plan_id)
    if shown.draw is None or not shown.draw.announcement:
        raise Http404
    where = dict(shown.standing.now.select("applicant_id", "program_id").iter_rows())
    rows = LateChild.objects.filter(entry=shown.entry).select_related("by", "ended_by", "child")
    told = tuple((one, where.get(one.applicant_id) or "") for one in rows)
    return LateHeld(shown, told, tuple(shown.draw.announcement["spare_receipts"]), around, held)


def one(scope: Scope, plan_id: str, number: int) -> LateChild:
    """One late arrival; Http404 when there is none."""
    entry = _shown(scope, plan_id).entry
    found = LateChild.objects.filter(entry=entry, number=number).first()
    if found is None:
        raise Http404
    return found


def _shown(scope: Scope, plan_id: str) -> Shown:
    shown = queries.shown(scope, plan_id)
    if not shown.runs:
        raise Http404
    return shown
