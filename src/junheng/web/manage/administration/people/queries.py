"""People of a unit and below, with what an administrator has to know of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Count, Prefetch, Q
from django.http import Http404
from django.utils import timezone

from junheng.model.errors import Refused
from junheng.web.accounts import sealing
from junheng.web.accounts.actions import PHONE
from junheng.web.accounts.models import Grant, User
from junheng.web.accounts.roles import PEOPLE
from junheng.web.house.scope import Scope
from junheng.web.privacy import masking
from junheng.web.units.models import Unit

STATES = ("active", "stopped", "temporary", "locked")
PAGE = 20


@dataclass(frozen=True, slots=True)
class PersonState:
    """A person with what the list says of her."""

    person: User
    locked: bool
    factor: bool


@dataclass(frozen=True, slots=True)
class Known:
    """A person with all her page says."""

    state: PersonState
    grants: Sequence[Grant]
    sessions: int
    identity: str
    phone: str | None
    """The telephone number by its last signs; None for one that cannot be read."""


def listed(scope: Scope, asked: str, state: str) -> Any:
    """People whose unit lies in the scope, by unit and name, those matching what was asked."""
    found = User.objects.for_user(scope.user, PEOPLE).filter(unit__in=Unit.objects.within([scope.unit.path]))
    if asked:
        found = found.filter(
            Q(name__icontains=asked) | Q(username__icontains=asked) | Q(unit__name__icontains=asked)
        )
    return found.filter(_in_state(state)).order_by("unit__path", "username")


def _in_state(state: str) -> Q:
    wanted = {
        "active": Q(is_active=True),
        "stopped": Q(is_active=False),
        "temporary": Q(is_active=True, must_change_password=True),
        "locked": Q(username__in=_locked()),
    }
    return wanted.get(state, Q())


def page(people: Any, number: int) -> list[PersonState]:
    """One page of people with their state."""
    today = timezone.localdate()
    held = Prefetch("grants", Grant.objects.in_force(today).select_related("unit"), to_attr="shown_grants")
    first = (number - 1) * PAGE
    shown = list(people.select_related("unit").prefetch_related(held)[first : first + PAGE])
    locked = set(_locked().filter(username__in=[one.username for one in shown]))
    factors = _with_factor(shown)
    return [PersonState(one, one.username in locked, one.pk in factors) for one in shown]


def counts(scope: Scope) -> dict[str, int]:
    """How many people there are in each state, and in all."""
    by_state = {state: Count("pk", filter=_in_state(state)) for state in STATES[1:]}
    return listed(scope, "", "").aggregate(all=Count("pk"), **by_state)


def one(scope: Scope, username: str) -> User:
    """A person the reader looks after; Http404 for anyone else."""
    found = listed(scope, "", "").select_related("unit").filter(username=username).first()
    if found is None:
        raise Http404
    return found


def known(person: User) -> Known:
    """All that a person's page says."""
    linked = SocialAccount.objects.filter(user=person).first()
    grants = Grant.objects.filter(user=person).select_related("unit", "granted_by").order_by("-pk")
    return Known(
        PersonState(
            person, _locked().filter(username=person.username).exists(), bool(_with_factor([person]))
        ),
        list(grants),
        UserSession.objects.filter(user=person).count(),
        linked.uid if linked else "",
        _masked_phone(person),
    )


def _masked_phone(person: User) -> str | None:
    try:
        return masking.number(sealing.unseal(person.phone_sealed, field=PHONE))
    except Refused:
        return None


def unit_of(scope: Scope, code: str) -> Unit | None:
    """A unit on which the reader may make accounts, by its code or its exact name."""
    units = Unit.objects.for_user(scope.user, PEOPLE).filter(valid_to__isnull=True)
    return units.filter(code=code).first() or units.filter(name=code).first()


def units_offered(scope: Scope) -> list[Unit]:
    """Units the form suggests."""
    return list(Unit.objects.within([scope.unit.path]).filter(valid_to__isnull=True)[:300])


def _locked() -> Any:
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    tries = AccessAttempt.objects.filter(
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=since
    )
    return tries.values_list("username", flat=True)


def _with_factor(people: Sequence[User]) -> set[int]:
    held = Authenticator.objects.filter(user__in=people, type=Authenticator.Type.TOTP)
    return set(held.values_list("user_id", flat=True))
