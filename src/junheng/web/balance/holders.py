"""Who holds a permission for a unit: at the unit itself, or from anywhere above."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from junheng.web.accounts.models import Grant
from junheng.web.accounts.roles import FILL, ROLES
from junheng.web.units import tree


def holders(permission: str, unit: Any) -> Iterable[Any]:
    """People with the permission on the unit; who fills is asked at the unit itself."""
    roles = [name for name, role in ROLES.items() if permission in role.permissions]
    paths = [unit.path] if permission == FILL else tree.ancestors(unit.path)
    grants = Grant.objects.in_force(timezone.localdate()).filter(
        role__in=roles, unit__path__in=paths, user__is_active=True
    )
    return {grant.user.pk: grant.user for grant in grants.select_related("user")}.values()
