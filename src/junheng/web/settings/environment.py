"""What an installation is told through its environment, read in one place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """The variable `name`; ImproperlyConfigured when it is required (no default) and absent.

    A secret may lie in a file instead: `<name>_FILE` names it (systemd credentials, container secrets).
    """
    if (file := os.environ.get(f"{name}_FILE")) and name not in os.environ:
        return Path(file).read_text(encoding="utf-8").strip()
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set / 未设置环境变量 {name}")
    return value


def listed(name: str) -> list[str]:
    """A comma-separated variable as a list; empty when absent."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def number(name: str, default: int) -> int:
    """A whole number."""
    value = os.environ.get(name, "")
    if value and not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number / {name} 应为整数")
    return int(value) if value else default


def workspace() -> Path:
    """Folder of the workspace this installation serves."""
    return Path(text("JUNHENG_WORKSPACE")).resolve()


def database(url: str) -> dict[str, Any]:
    """Django's database settings from one address.

    `sqlite:///<path>` or `postgresql://user:password@host:port/name?option=value`.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:] if parts.path.startswith("//") else parts.path),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",  # a writer waits its turn instead of failing half-way
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": {"pool": True, **dict(parse_qsl(parts.query))},
        }
    raise ImproperlyConfigured(
        f"JUNHENG_DATABASE: {parts.scheme!r} is neither sqlite nor postgresql / 只支持 sqlite 与 postgresql"
    )
