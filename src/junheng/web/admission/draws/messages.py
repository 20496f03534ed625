"""Sentences of the freeze and the draw."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {}
