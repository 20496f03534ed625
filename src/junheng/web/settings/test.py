"""For the test run: quick password hashing, everything else as in the demonstration."""

from __future__ import annotations

from junheng.web.settings.base import *  # noqa: F403

DEMO = False  # pyright: ignore[reportConstantRedefinition]
DEBUG = False
SECRET_KEY = "test-only-" + "0123456789abcdef" * 4
FIELD_KEYS = {"test": "test-only-field-key-" + "0123456789abcdef" * 2}
FIELD_KEY = "test"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
