"""Making and ending tokens, each for one's own grants only."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from junheng.data.digest import bytes_digest
from junheng.model.errors import Refused
from junheng.web.accounts.roles import ROLES, SEE
from junheng.web.api.models import ApiToken
from junheng.web.audit.chain import record as audit

PREFIX = "jh_"
SHOWN = 9
TOUCH = timedelta(hours=1)
"""How often at most a token's last use is written down."""


@transaction.atomic
def create(*, by: Any, grant: int, name: str, valid_to: date) -> tuple[ApiToken, str]:
    """A token for one of the person's own grants, with the key itself, which is shown once and kept nowhere.

    Refused for a grant that is not hers today or opens nothing to read, a role that needs a second factor,
    a day that is over or too far off, or without a name.
    """
    held = next((one for one in by.current_grants() if one.pk == grant), None)
    if held is None or SEE not in ROLES[held.role].permissions or ROLES[held.role].sensitive:
        raise Refused("api.no_such_grant", {})
    last = timezone.localdate() + timedelta(days=settings.API_TOKEN_DAYS)
    if held.valid_to is not None:
        last = min(last, held.valid_to)
    if not timezone.localdate() <= valid_to <= last:
        raise Refused("api.wrong_day", {"last": last.isoformat()})
    if not name.strip():
        raise Refused("api.name_needed", {})
    if sum(token.open for token in ApiToken.objects.for_user(by)) >= settings.API_TOKENS_A_PERSON:
        raise Refused("api.too_many_tokens", {"limit": settings.API_TOKENS_A_PERSON})
    key = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=by,
        grant=held,
        name=name.strip()[:60],
        beginning=key[:SHOWN],
        digest=digest(key),
        valid_to=valid_to,
    )
    audit(
        "token.created",
        by=by,
        unit=held.unit,
        object=f"{token.pk} {token.name}",
        diff={"role": held.role, "valid_to": valid_to.isoformat()},
    )
    return token, key


@transaction.atomic
def end(*, token: ApiToken, by: Any) -> ApiToken:
    """End one's own token at once. Refused when it has ended."""
    held = ApiToken.objects.for_user(by).select_for_update().get(pk=token.pk)
    if held.ended_at is not None:
        raise Refused("api.token_ended", {"name": held.name})
    held.ended_at = timezone.now()
    held.save()
    audit("token.ended", by=by, unit=held.grant.unit, object=f"{held.pk} {held.name}")
    return held


def touch(*, token: ApiToken) -> None:
    """Write down that a token is in use, at most once an hour."""
    now = timezone.now()
    if token.used_at is None or now - token.used_at > TOUCH:
        ApiToken.objects.filter(pk=token.pk).update(used_at=now)


def digest(key: str) -> str:
    """What is kept of a key: it is random, so a plain digest does."""
    return bytes_digest(key.encode())
