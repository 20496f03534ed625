"""Sentences of scenarios, their comparison and the start of a run."""

MESSAGES: dict[str, tuple[str, str]] = {}
