"""Sentences of the results."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {}
