"""Who may do what: every grant in force, proposed or forgotten, with what looks wrong about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.utils import timezone

from junheng.web.accounts.models import Grant
from junheng.web.accounts.roles import ROLES
from junheng.web.privacy import catalogue

LEAVER, NO_FACTOR, UNUSED, NEVER, ENDS_SOON, PROPOSED = (
    "leaver",
    "no_factor",
    "unused",
    "never",
    "ends_soon",
    "proposed",
)
FLAGS = (LEAVER, NO_FACTOR, UNUSED, NEVER, ENDS_SOON, PROPOSED)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A grant and what is to be looked at, the gravest first."""

    grant: Grant
    flags: tuple[str, ...]


def review(paths: Sequence[str] | None = None) -> list[Reviewed]:
    """Every grant that is confirmed or proposed and not over, flagged ones first; only on units below `paths`
    where they are given."""
    today, now = timezone.localdate(), timezone.now()
    stale = now - timedelta(days=catalogue.limit("unused_days"))
    soon = today + timedelta(days=catalogue.limit("ends_soon_days"))
    secured = set(
        Authenticator.objects.filter(type=Authenticator.Type.TOTP).values_list("user_id", flat=True)
    )
    open_ones = Grant.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today),
        state__in=(Grant.CONFIRMED, Grant.PROPOSED),
        role__in=list(ROLES),
    ).select_related("user", "unit")
    found: list[Reviewed] = []
    for grant in open_ones:
        if paths is not None and not any(grant.unit.path.startswith(path) for path in paths):
            continue
        person = grant.user
        flags = {
            LEAVER: not person.is_active,
            NO_FACTOR: ROLES[grant.role].needs_factor and person.pk not in secured,
            NEVER: person.last_login is None and grant.granted_at < stale,
            UNUSED: person.last_login is not None and person.last_login < stale,
            ENDS_SOON: grant.valid_to is not None and grant.valid_to <= soon,
            PROPOSED: grant.state == Grant.PROPOSED,
        }
        found.append(Reviewed(grant, tuple(name for name in FLAGS if flags[name])))
    found.sort(key=lambda one: (_rank(one), one.grant.unit.path, one.grant.user.username, one.grant.pk))
    return found


def _rank(one: Reviewed) -> int:
    return min((FLAGS.index(flag) for flag in one.flags), default=len(FLAGS))
