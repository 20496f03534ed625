"""Who else runs admission here: the second of two people."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from junheng.web.accounts.models import Grant
from junheng.web.accounts.roles import ROLES
from junheng.web.units import tree


def holders(permission: str, unit: Any, besides: Any = None) -> list[Any]:
    """People with a permission on a unit, from wherever above it."""
    roles = [name for name, role in ROLES.items() if permission in role.permissions]
    grants = Grant.objects.in_force(timezone.localdate()).filter(
        role__in=roles, unit__path__in=tree.ancestors(unit.path)
    )
    found = {grant.user.pk: grant.user for grant in grants.select_related("user")}
    if besides is not None:
        found.pop(besides.pk, None)
    return list(found.values())
