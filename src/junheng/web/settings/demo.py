"""On one's own machine with the example region: no certificate, secrets made at first start."""

from __future__ import annotations

import secrets

from junheng.web.settings.base import *  # noqa: F403
from junheng.web.settings.base import DESK

DEMO = True  # pyright: ignore[reportConstantRedefinition]
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]


def _kept(name: str) -> str:
    """A secret of this demonstration, made once and readable by its owner only."""
    DESK.mkdir(parents=True, exist_ok=True)
    path = DESK / name
    if not path.is_file():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64), encoding="ascii")
    return path.read_text(encoding="ascii")


SECRET_KEY = _kept("demo-secret")
FIELD_KEYS = {"demo": _kept("demo-field-key")}
FIELD_KEY = "demo"
