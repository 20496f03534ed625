"""Who may decide over whom: 三员分立, two people for sensitive roles, nobody over herself or above."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone

from junheng.model.errors import Refused
from junheng.web.accounts.models import Grant, User
from junheng.web.accounts.roles import GRANTS, PEOPLE, ROLES, Role
from junheng.web.units.models import Unit


def look_after(by: User, person: User) -> None:
    """Whether `by` answers for this account. PermissionDenied outside her units; Refused for her own account
    and for a person who holds a role on a unit outside them: her password would open more than she may."""
    if person.unit is None or not by.may(PEOPLE, person.unit):
        raise PermissionDenied(PEOPLE)
    if person.pk == by.pk:
        raise Refused("accounts.own_account", {})
    above = [grant for grant in _open_grants(person) if not by.may(PEOPLE, grant.unit)]
    if above:
        raise Refused("accounts.holds_above", {"name": person.name, "unit": above[0].unit.name})


def grantable(by: User, person: User, role: str, unit: Unit, first: date, last: date | None) -> Role:
    """The role, when `by` may grant it. PermissionDenied without `grants` on the unit; Refused for herself,
    a stopped account, the wrong level, a time that is over, a grant there is already, a second
    administration."""
    if not by.may(GRANTS, unit):
        raise PermissionDenied(GRANTS)
    held = ROLES.get(role)
    if held is None:
        raise Refused("accounts.unknown_role", {"role": role})
    if person.pk == by.pk:
        raise Refused("accounts.grant_to_self", {})
    if not person.is_active:
        raise Refused("accounts.person_stopped", {"name": person.name})
    if unit.level not in held.levels:
        raise Refused("accounts.wrong_level", {"unit": unit.name})
    if last is not None and (last < first or last < timezone.localdate()):
        raise Refused("accounts.wrong_period", {})
    for grant in _open_grants(person):
        if grant.role == role and grant.unit_id == unit.pk and _overlap(grant, first, last):
            raise Refused("accounts.granted_already", {"name": person.name, "unit": unit.name})
    if held.sensitive:
        separate(person, role)
    return held


def separate(person: User, role: str) -> None:
    """Refused when the person already holds, or is proposed for, another of the three administrations."""
    for grant in _open_grants(person):
        if ROLES[grant.role].sensitive and grant.role != role:
            raise Refused("accounts.three_administrators", {"name": person.name})


def last_of_its_kind(grant: Grant) -> bool:
    """Whether nobody else would hold the grant's administration over its unit: then nobody could mend it."""
    if not ROLES[grant.role].sensitive:
        return False
    others = Grant.objects.in_force(timezone.localdate()).filter(role=grant.role, user__is_active=True)
    return not any(
        other.unit.holds(grant.unit) for other in others.exclude(pk=grant.pk).select_related("unit")
    )


def granters(unit: Unit, *, besides: Any) -> list[User]:
    """People who hold `grants` on the unit, those in `besides` left out."""
    roles = [name for name, role in ROLES.items() if GRANTS in role.permissions]
    grants = Grant.objects.in_force(timezone.localdate()).filter(role__in=roles, user__is_active=True)
    found = {
        grant.user.pk: grant.user for grant in grants.select_related("user", "unit") if grant.unit.holds(unit)
    }
    return [person for key, person in found.items() if key not in {one.pk for one in besides}]


def _open_grants(person: User) -> list[Grant]:
    """Grants proposed or confirmed that are not over."""
    today = timezone.localdate()
    open_states = Q(state__in=(Grant.PROPOSED, Grant.CONFIRMED))
    not_over = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    found = Grant.objects.filter(open_states, not_over, user=person, role__in=list(ROLES))
    return list(found.select_related("unit"))


def _overlap(grant: Grant, first: date, last: date | None) -> bool:
    begins_before = grant.valid_to is None or grant.valid_to >= first
    return begins_before and (last is None or grant.valid_from <= last)
