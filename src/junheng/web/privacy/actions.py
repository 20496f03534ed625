"""Showing a sealed value with a purpose, changing keys, and deleting what is due."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from junheng.model.errors import Refused
from junheng.web.accounts import sealing
from junheng.web.accounts.actions import PHONE
from junheng.web.accounts.adapter import FACTOR
from junheng.web.accounts.models import Grant, User
from junheng.web.accounts.roles import AUDIT, PEOPLE, ROLES
from junheng.web.audit.chain import record as audit
from junheng.web.audit.models import AuditEvent
from junheng.web.notices.actions import tell
from junheng.web.notices.models import Notice
from junheng.web.privacy import catalogue
from junheng.web.privacy.retention import actions as retention
from junheng.web.units.models import Unit

UNMASKED = "person.unmasked"
_ALERT = "privacy.notice_unmask_limit"
_rooms: dict[str, Callable[[], int]] = {}
"""What seals anew the values of each room."""
_SEALED_IN_FACTORS = ("secret", "seed")


class TooMany(Refused):
    """The day's limit is reached."""


def unmask_phone(*, person: User, by: User, purpose: str) -> str:
    """The telephone number, once, for a stated purpose. PermissionDenied without `people` on the person's
    unit; Refused without a purpose; TooMany beyond the day's limit, of which the auditors are told."""
    if person.unit is None or not by.may(PEOPLE, person.unit):
        raise PermissionDenied(PEOPLE)
    unit, diff = person.unit, {"field": "phone"}
    with counted_look(by=by, unit=unit, object=person.username, purpose=purpose, diff=diff):
        return sealing.unseal(person.phone_sealed, field=PHONE)


@contextmanager
def counted_look(
    *, by: User, unit: Unit, object: str, purpose: str, diff: Mapping[str, Any]
) -> Iterator[None]:
    """Around showing a masked value: counted by the day and written down with its purpose. Refused without
    one; TooMany beyond the day's limit, of which the auditors are told."""
    if not purpose.strip():
        raise Refused("privacy.purpose_missing", {})
    limit = catalogue.limit("unmask_a_day")
    if _today(by).count() >= limit:
        _alert(by, unit)
        raise TooMany("privacy.unmask_limit", {"limit": limit})
    with transaction.atomic():
        yield
        audit(UNMASKED, by=by, unit=unit, object=object, reason=purpose, diff=diff)


def _today(by: User) -> Any:
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    return AuditEvent.objects.filter(verb=UNMASKED, actor=by.username, at__gte=midnight)


@transaction.atomic
def _alert(by: User, unit: Unit) -> None:
    """Once a day for each person who reached the limit."""
    roles = [name for name, role in ROLES.items() if AUDIT in role.permissions]
    grants = (
        Grant.objects.in_force(timezone.localdate()).filter(role__in=roles).select_related("user", "unit")
    )
    auditors = {grant.user.pk: grant.user for grant in grants if grant.unit.holds(unit)}
    since = timezone.now() - timedelta(days=1)
    said = Notice.objects.filter(code=_ALERT, at__gte=since, parameters__username=by.username)
    if not said.exists():
        tell(to=auditors.values(), code=_ALERT, username=by.username)


def register_sealed(room: str, reseal: Callable[[], int]) -> None:
    """Let a room seal its own values anew when the key changes; called in `AppConfig.ready`."""
    _rooms[room] = reseal


@transaction.atomic
def rotate(*, by: Any) -> int:
    """Seal anew, with the present key and cipher, every value sealed with another; returns how many.

    One transaction: all are readable with the new key, or nothing changed. Refused when one cannot be read.
    """
    changed = 0
    for person in User.objects.select_for_update().exclude(phone_sealed=""):
        if not sealing.is_current(person.phone_sealed):
            opened = sealing.unseal(person.phone_sealed, field=PHONE)
            person.phone_sealed = sealing.seal(opened, field=PHONE)
            person.save()
            changed += 1
    for factor in Authenticator.objects.select_for_update():
        changed += _sealed_anew(factor)
    changed += sum(reseal() for reseal in _rooms.values())
    audit("privacy.keys_rotated", by=by, diff={"values": changed})
    return changed


def _sealed_anew(factor: Authenticator) -> int:
    names = [name for name in _SEALED_IN_FACTORS if not sealing.is_current(factor.data.get(name, ""))]
    for name in names:
        factor.data[name] = sealing.seal(sealing.unseal(factor.data[name], field=FACTOR), field=FACTOR)
    if names:
        factor.save()
    return len(names)


@transaction.atomic
def delete_due(*, by: Any) -> dict[str, int]:
    """Delete or erase everything whose time is over; counts by period. One event says how much of what."""
    done = {one.period.name: one.apply() for one in retention.due()}
    audit("privacy.retention_applied", by=by, diff={"deleted": done})
    return done


@transaction.atomic
def note_incident(*, by: Any, what: str, persons: int, minors: int) -> None:
    """Put an incident with personal data on record: what happened, how many people and minors."""
    diff = {"persons": persons, "minors": minors}
    audit("privacy.incident", by=by, reason=what, diff=diff)
