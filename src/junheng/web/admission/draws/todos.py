"""What waits around a draw: for a second person, for the announcement, for the published numbers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from junheng.web.accounts.roles import ADMIT
from junheng.web.admission import states
from junheng.web.admission.draws.ceremony_steps import due
from junheng.web.admission.draws.models import Draw, Proposal
from junheng.web.admission.draws.source_form import local
from junheng.web.house.calendar import SCHOOL_YEAR_MONTH
from junheng.web.notices.todo import Occasion, Todo

PAGES = {"publish": "admission:results", "round": "admission:answers"}


def mine(scope: Any, today: date) -> Iterable[Todo]:
    """For who runs admission: proposals of others, freezes to announce, events that are over."""
    if not scope.may(ADMIT):
        return
    inside = {"entry__unit__path__startswith": scope.unit.path}
    waiting = Proposal.objects.filter(state=Proposal.OPEN, **inside).exclude(by=scope.user)
    for one in waiting.select_related("entry"):
        yield _todo(
            scope,
            "confirm",
            PAGES.get(one.verb, "admission:freeze"),
            one.entry,
            verb=f"draws.verb_{one.verb}",
        )
    living = Draw.objects.filter(state__in=(Draw.FROZEN, Draw.ANNOUNCED), **inside)
    for draw in living.select_related("entry"):
        if draw.state == Draw.FROZEN and draw.entry.state == states.FROZEN and draw.facts.get("draw"):
            yield _todo(scope, "announce", "admission:freeze", draw.entry)
        elif draw.state == Draw.ANNOUNCED and (last := due(draw)) is not None and last <= timezone.now():
            yield _todo(scope, "numbers", "admission:ceremony", draw.entry, due=last.date())


def year(scope: Any, today: date) -> Iterable[Occasion]:
    """Days of the announced events in the scope's school year."""
    if not scope.may(ADMIT):
        return
    draws = Draw.objects.filter(entry__unit__path__startswith=scope.unit.path).exclude(announcement={})
    for draw in draws.exclude(state=Draw.SUPERSEDED).select_related("entry"):
        for one in draw.announcement["sources"]:
            day = local(one["at"]).date()
            if (day.year if day.month >= SCHOOL_YEAR_MONTH else day.year - 1) != scope.year:
                continue
            about = {"title": draw.entry.title, "source": one["name"], "event": one["event"]}
            href = scope.url("admission:ceremony", plan_id=draw.entry.plan_id)
            yield Occasion(day, "draws.occasion_event", about, href)


def _todo(scope: Any, what: str, view: str, entry: Any, due: date | None = None, **parameters: Any) -> Todo:
    return Todo(
        f"draws.todo_{what}",
        scope.url(view, plan_id=entry.plan_id),
        due=due,
        parameters={"title": entry.title, **parameters},
        unit=scope.unit.name,
        action="draws.todo_open",
    )
