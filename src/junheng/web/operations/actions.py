"""What running a demonstration may change."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from junheng.model.errors import Refused
from junheng.web.accounts.models import User
from junheng.web.accounts.temporary import temporary_password
from junheng.web.audit.chain import record as audit


@transaction.atomic
def renew_passwords(*, usernames: Sequence[str]) -> dict[str, str]:
    """New passwords for the accounts of a demonstration, by account name; only there (Refused elsewhere)."""
    if not settings.DEMO:
        raise Refused("serve.demo_only", {})
    passwords: dict[str, str] = {}
    for person in User.objects.select_for_update().filter(username__in=usernames):
        passwords[person.username] = temporary_password()
        person.set_password(passwords[person.username])
        person.session_number += 1
        person.save()
        audit("person.password_set", by="installation", unit=person.unit, object=person.username)
    return passwords
