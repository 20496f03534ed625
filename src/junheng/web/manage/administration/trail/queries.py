"""Events of the audit trail as one may see them from a unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date

from junheng.web.audit.models import AuditEvent, AuditHead
from junheng.web.audit.verbs import all_verbs
from junheng.web.house.scope import Scope
from junheng.web.units import tree
from junheng.web.units.models import Unit
from junheng.web.workspace import region

PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: person (acting or concerned), verb or its first part, days."""

    person: str = ""
    verb: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def anything(self) -> bool:
        """Whether the list is narrowed."""
        return bool(self.person or self.verb or self.first or self.last)


def asked(request: HttpRequest) -> Asked:
    """The filters of the request; what is not a day counts as not given."""
    return Asked(
        request.GET.get("person", "").strip()[:60],
        request.GET.get("verb", "")[:60],
        _day(request.GET.get("first", "")),
        _day(request.GET.get("last", "")),
    )


def events(scope: Scope, wanted: Asked) -> Any:
    """Events of the scope's units, newest first; those of no unit (sign-in, installation) belong to the
    whole region and what stands above it."""
    path = scope.unit.path
    here = Q(unit_path__gte=path, unit_path__lt=tree.after(path))
    own = Unit.objects.filter(code=region().code).values_list("path", flat=True).first() or path
    found = AuditEvent.objects.filter(here | Q(unit_path="") if own.startswith(path) else here)
    if wanted.person:
        found = found.filter(Q(actor=wanted.person) | Q(object=wanted.person))
    if wanted.verb:
        found = found.filter(Q(verb=wanted.verb) | Q(verb__startswith=f"{wanted.verb}."))
    if wanted.first:
        found = found.filter(at__gte=_midnight(wanted.first))
    if wanted.last:
        found = found.filter(at__lt=_midnight(wanted.last + timedelta(days=1)))
    return found.order_by("-seq")


def page(found: Any, number: int) -> list[AuditEvent]:
    """One page of events."""
    first = (number - 1) * PAGE
    return list(found[first : first + PAGE])


def units_of(shown: Sequence[AuditEvent]) -> dict[str, Unit]:
    """Units by path, of the events shown."""
    return {unit.path: unit for unit in Unit.objects.filter(path__in={event.unit_path for event in shown})}


def head() -> AuditHead | None:
    """Number and digest of the last event."""
    return AuditHead.objects.filter(pk=1).first()


def verbs() -> list[str]:
    """Verbs to choose from."""
    return all_verbs()


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
