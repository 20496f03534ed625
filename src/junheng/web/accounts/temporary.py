"""Passwords for the first sign-in: random, readable over the telephone, to be changed at once."""

from __future__ import annotations

import secrets

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # without l, o, 0 and 1, which are mistaken for each other
_GROUPS, _GROUP = 4, 4


def temporary_password() -> str:
    """Four groups of four: 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
