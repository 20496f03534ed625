"""Sentences of this application's pages, joined from its parts."""

from __future__ import annotations

from junheng.web.forecast import scenario_messages, seat_messages

MESSAGES: dict[str, tuple[str, str]] = {**seat_messages.MESSAGES, **scenario_messages.MESSAGES}
