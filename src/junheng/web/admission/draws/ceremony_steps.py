"""The steps of a ceremony in order, and from when each may be shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from junheng.admission.announcement import when

COMMITMENT, EVENTS, NUMBERS, SEED, TICKETS, PLACEMENT, CHECKS, END = (
    "commitment",
    "events",
    "numbers",
    "seed",
    "tickets",
    "placement",
    "checks",
    "end",
)
STEPS = (COMMITMENT, EVENTS, NUMBERS, SEED, TICKETS, PLACEMENT, CHECKS, END)


def due(draw: Any) -> datetime | None:
    """When the last of the announced events takes place."""
    times = [when(one["at"]) for one in draw.announcement.get("sources", ())]
    return max(times) if times else None


def open_now(step: str, draw: Any, now: datetime) -> bool:
    """Whether a step may be shown: numbers after the events, the seed once it is made, the rest once it is
    worked out."""
    if step in (COMMITMENT, EVENTS):
        return True
    if step == NUMBERS:
        last = due(draw)
        return last is not None and now >= last
    if step in (SEED, TICKETS):
        return bool(draw.canonical)
    return bool(draw.outcome)
