"""Grants on a unit and below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from junheng.web.accounts.models import Grant, User
from junheng.web.accounts.roles import GRANTS, ROLES
from junheng.web.house.scope import Scope
from junheng.web.privacy import access
from junheng.web.units.models import Unit

STATES = ("proposed", "current", "coming", "over")
PAGE = 20


@dataclass(frozen=True, slots=True)
class Holder:
    """A person with her grants, as one who grants sees her."""

    person: User
    grants: Sequence[Grant]
    factor: bool


def listed(scope: Scope, asked: str = "", state: str = "", role: str = "") -> Any:
    """Grants on the scope's units: proposals first, then the newest."""
    found = Grant.objects.for_user(scope.user, GRANTS).filter(unit__in=Unit.objects.within([scope.unit.path]))
    if asked:
        found = found.filter(
            Q(user__name__icontains=asked)
            | Q(user__username__icontains=asked)
            | Q(unit__name__icontains=asked)
        )
    if role:
        found = found.filter(role=role)
    return found.filter(_when(state)).order_by("-pk")


def _when(state: str) -> Q:
    today = timezone.localdate()
    over = Q(valid_to__lt=today) | Q(state__in=(Grant.ENDED, Grant.REFUSED))
    wanted = {
        "proposed": Q(state=Grant.PROPOSED),
        "current": Q(state=Grant.CONFIRMED, valid_from__lte=today) & ~over,
        "coming": Q(state=Grant.CONFIRMED, valid_from__gt=today),
        "over": over,
    }
    return wanted.get(state, Q())


def page(grants: Any, number: int) -> list[Grant]:
    """One page of grants."""
    first = (number - 1) * PAGE
    return list(grants.select_related("user", "unit", "granted_by", "confirmed_by")[first : first + PAGE])


def counts(scope: Scope) -> dict[str, int]:
    """How many grants there are by time."""
    return {state: listed(scope, state=state).count() for state in STATES}


def one(scope: Scope, number: int) -> Grant:
    """A grant on the reader's units; Http404 for any other."""
    found = listed(scope).select_related("user", "unit", "granted_by").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def person_named(scope: Scope, username: str) -> User | None:
    """Somebody of the reader's units by account name, or by a name that only one of them has."""
    people = _people(scope).filter(is_active=True)
    found = people.filter(username=username.lower()).first()
    same = list(people.filter(name=username)[:2])
    return found or (same[0] if len(same) == 1 else None)


def people_offered(scope: Scope) -> list[User]:
    """People the form suggests."""
    return list(_people(scope).filter(is_active=True).select_related("unit").order_by("username")[:300])


def units_offered(scope: Scope) -> list[Unit]:
    """Units the form suggests."""
    return list(Unit.objects.within([scope.unit.path]).filter(valid_to__isnull=True)[:300])


def unit_of(scope: Scope, code: str) -> Unit | None:
    """A unit on which the reader grants, by its code or its exact name."""
    units = Unit.objects.for_user(scope.user, GRANTS).filter(valid_to__isnull=True)
    return units.filter(code=code).first() or units.filter(name=code).first()


def holder(scope: Scope, username: str) -> Holder:
    """A person with all her grants on the reader's units; Http404 for anyone else."""
    person = _people(scope).select_related("unit").filter(username=username).first()
    if person is None:
        raise Http404
    grants = Grant.objects.filter(user=person, unit__in=Unit.objects.for_user(scope.user, GRANTS))
    factor = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
    return Holder(person, list(grants.select_related("unit", "granted_by").order_by("-pk")), factor)


def reviewed(scope: Scope) -> list[access.Reviewed]:
    """Grants on the scope's units with what looks wrong."""
    return access.review([scope.unit.path])


def roles_for(unit: Unit) -> list[str]:
    """Roles that may be granted on a unit of this level."""
    return [name for name, role in ROLES.items() if unit.level in role.levels]


def waiting(user: User) -> int:
    """Proposals that this person may confirm or refuse."""
    proposed = Grant.objects.for_user(user, GRANTS).filter(state=Grant.PROPOSED)
    return proposed.exclude(granted_by=user).exclude(user=user).count()


def _people(scope: Scope) -> Any:
    return User.objects.for_user(scope.user, GRANTS)
