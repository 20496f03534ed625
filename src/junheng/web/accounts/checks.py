"""What an installation must not be started with."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from junheng.web.accounts.sealing import CIPHERS

_LEAST_KEY = 32
_LOCAL = {"127.0.0.1", "localhost", "[::1]"}


@register("security")
def field_keys(**_: Any) -> list[CheckMessage]:
    """Keys of personal fields are long enough, and the cipher is one we have."""
    found: list[CheckMessage] = []
    for key_id, key in settings.FIELD_KEYS.items():
        if len(key) < _LEAST_KEY or "." in key_id:
            hint = f"at least {_LEAST_KEY} random characters, no full stop in the id"
            found.append(
                Error(f"The key {key_id!r} of personal fields is too weak.", hint, id="accounts.E001")
            )
    if settings.FIELD_CIPHER not in CIPHERS:
        found.append(Error(f"JUNHENG_FIELD_CIPHER is none of {', '.join(CIPHERS)}.", id="accounts.E002"))
    return found


@register("security")
def demonstration_stays_at_home(**_: Any) -> list[CheckMessage]:
    """Only a demonstration offers the second factor without demanding it, and only on this machine."""
    if settings.DEMO and not set(settings.ALLOWED_HOSTS) <= _LOCAL:
        return [Error("A demonstration answers on this machine only.", id="accounts.E003")]
    return []
