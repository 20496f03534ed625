"""Settings of a run as typed, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from junheng.report import format as fmt
from junheng.web.forecast.scenario_draft import AHEAD, DRAWS, SEEDS, whole
from junheng.web.wording import say

NAMES = ("origin", "years", "draws", "seed")


def begun(options: Mapping[str, int]) -> dict[str, str]:
    """The form as it is first seen."""
    return {name: str(options[name]) for name in NAMES}


def read(posted: Mapping[str, Any]) -> dict[str, str]:
    """What was typed."""
    return {name: str(posted.get(name, "")).strip() for name in NAMES}


def check(typed: Mapping[str, str], origins: Sequence[int]) -> tuple[dict[str, int], dict[str, str]]:
    """(numbers, faults by field)."""
    numbers: dict[str, int] = {}
    faults: dict[str, str] = {}
    for name, allowed in (("years", AHEAD), ("draws", DRAWS), ("seed", SEEDS)):
        value = whole(typed[name])
        if value is None or value not in allowed:
            faults[name] = say(
                "seats_page.fault_number", low=fmt.count(allowed[0]), high=fmt.count(allowed[-1])
            )
        else:
            numbers[name] = value
    origin = whole(typed["origin"])
    if origin is None or origin not in origins:
        faults["origin"] = say("seats_page.fault_year", first=min(origins), last=max(origins))
    else:
        numbers["origin"] = origin
    return numbers, faults
