"""Sentences of this application's pages."""

MESSAGES: dict[str, tuple[str, str]] = {}
