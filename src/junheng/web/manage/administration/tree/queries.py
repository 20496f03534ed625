"""The tree around a unit: what stands above it, and what directly below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404

from junheng.web.accounts.models import User
from junheng.web.accounts.roles import PEOPLE
from junheng.web.house.scope import Scope
from junheng.web.units import tree
from junheng.web.units.models import Unit
from junheng.web.workspace import region

PAGE = 30


@dataclass(frozen=True, slots=True)
class Around:
    """A unit's lineage from the top, the units directly below it, how many stand below each and in all, and
    how many people work there."""

    above: Sequence[Unit]
    below: Sequence[Unit]
    count: int
    children: Counter[str]
    people: Counter[str]
    region_path: str
    existing: int


def below(scope: Scope, asked: str) -> list[Unit]:
    """Units directly below the scope's unit; any depth when something is asked for."""
    found = Unit.objects.within([scope.unit.path]).exclude(pk=scope.unit.pk)
    if asked:
        letters = asked.lower()
        found = found.filter(
            Q(name__icontains=asked) | Q(code__startswith=asked) | Q(initials__contains=letters)
        )
        return list(found)
    depth = len(scope.unit.path) + tree.STEP
    return [unit for unit in found if len(unit.path) == depth]


def around(scope: Scope, found: Sequence[Unit], number: int) -> Around:
    """What one page of the tree shows."""
    first = (number - 1) * PAGE
    shown = found[first : first + PAGE]
    above = list(Unit.objects.filter(path__in=tree.ancestors(scope.unit.path)))
    existing = Unit.objects.within([scope.unit.path]).filter(valid_to__isnull=True).exclude(pk=scope.unit.pk)
    paths = list(existing.values_list("path", flat=True))
    children = Counter(tree.parent(path) for path in paths)
    staff = User.objects.filter(unit__in=[*above, *shown], is_active=True)
    people = Counter(staff.values_list("unit__path", flat=True))
    own = Unit.objects.filter(code=region().code).values_list("path", flat=True).first() or ""
    return Around(above, shown, len(found), children, people, own, len(paths))


def named(scope: Scope, code: str) -> Unit:
    """A unit above the region, for whoever looks after the region's people; Http404 for any other."""
    own = Unit.objects.filter(code=region().code).first()
    found = Unit.objects.filter(code=code).first()
    if own is None or found is None or found.pk == own.pk or not found.holds(own):
        raise Http404
    if not scope.user.may(PEOPLE, own):
        raise Http404
    return found
