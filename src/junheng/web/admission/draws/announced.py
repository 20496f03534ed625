"""Announcements and event results as they stand in the database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from junheng.admission.announcement import Announcement, read_announcement
from junheng.admission.seeds import EventResult


def read(draw: Any) -> Announcement:
    """What was announced of a draw. Refused `admission.announcement_changed` when it does not fit its id."""
    return read_announcement(json.dumps(draw.announcement))


def results(kept: Sequence[Mapping[str, Any]]) -> list[EventResult]:
    """Results of events as they were typed."""
    return [
        EventResult(
            source=one["source"],
            event=one["event"],
            numbers=tuple(one.get("numbers", ())),
            signature=one.get("signature", ""),
            randomness=one.get("randomness", ""),
        )
        for one in kept
    ]
