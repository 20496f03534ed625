"""Entries as one person sees them at one unit."""

from __future__ import annotations

from django.http import Http404

from junheng.web.accounts.roles import SEE
from junheng.web.admission.models import Entry
from junheng.web.house.scope import Scope


def entries(scope: Scope) -> list[Entry]:
    """Entries of the unit, of those below it and of those above it, latest year first."""
    seen = Entry.objects.for_user(scope.user, scope.permission or SEE).select_related("unit", "moved_by")
    return [one for one in seen if touches(scope, one)]


def entry(scope: Scope, plan_id: str) -> Entry:
    """One of them; Http404 when there is none."""
    for one in entries(scope):
        if one.plan_id == plan_id:
            return one
    raise Http404


def touches(scope: Scope, one: Entry) -> bool:
    """Whether the entry is the scope's: of its unit, below it, or of a unit it belongs to."""
    mine, its = scope.unit.path, one.unit.path
    return mine.startswith(its) or its.startswith(mine)
