"""What is typed at a ceremony, and both typings side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from junheng.admission.announcement import RING
from junheng.web.admission.draws.presenters import parts
from junheng.web.admission.draws.queries import Held
from junheng.web.wording import say

RING_PARTS = ("start", "step")


@dataclass(frozen=True, slots=True)
class Field:
    """What is typed of one source."""

    number: int
    name: str
    events: tuple[parts.Choice, ...]
    boxes: tuple[tuple[str, str], ...]
    beacon: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One source as both typed it: each number of the first and of the second with whether the other has
    it."""

    name: str
    event: str
    pairs: tuple[tuple[tuple[str, bool], tuple[str, bool]], ...]
    alike: bool


def fields(draw: Any) -> tuple[Field, ...]:
    """The boxes of every announced source."""
    found: list[Field] = []
    for number, one in enumerate(draw.announcement["sources"]):
        events = [parts.Choice(one["event"], one["event"])]
        if one["fallback_event"]:
            events.append(
                parts.Choice(one["fallback_event"], say("draws.fallback", event=one["fallback_event"]))
            )
        beacon = one["kind"] == "drand"
        boxes = (
            (
                (f"signature_{number}", say("draws.signature")),
                (f"randomness_{number}", say("draws.randomness")),
            )
            if beacon
            else tuple((f"n_{number}_{at}", _label(one, at)) for at in range(one["count"]))
        )
        found.append(Field(number, one["name"], tuple(events), boxes, beacon))
    return tuple(found)


def _label(source: Mapping[str, Any], at: int) -> str:
    """What a box of a source is for: a number, or start and step of the ring."""
    if source["kind"] == RING:
        return say(f"draws.ring_{RING_PARTS[at]}", source=source["name"])
    return say("draws.number_of", source=source["name"], at=at + 1)


def compared(held: Held) -> tuple[Compared, ...]:
    """Both typings of an attempt, source by source."""
    if len(held.attempt) != 2:
        return ()
    first, second = held.attempt
    rings = {one["name"] for one in held.draw.announcement["sources"] if one["kind"] == RING}
    both = zip(first.results, second.results, strict=True)
    return tuple(_pair(one, other, one["source"] in rings) for one, other in both)


def _pair(one: Mapping[str, Any], other: Mapping[str, Any], ring: bool) -> Compared:
    mine, its = _texts(one), _texts(other)
    pairs = tuple(zip(_held_against(mine, its), _held_against(its, mine), strict=True))
    if ring:  # start is held against start, step against step
        pairs = tuple(((a, a == b), (b, a == b)) for a, b in zip(mine, its, strict=True))
    same_event = one["event"] == other["event"]
    event = one["event"] if same_event else f"{one['event']} / {other['event']}"
    return Compared(one["source"], event, pairs, same_event and mine == its)


def _held_against(mine: list[str], its: list[str]) -> list[tuple[str, bool]]:
    """Numbers of one person, each with whether the other typed it as well."""
    left = list(its)
    found: list[tuple[str, bool]] = []
    for one in mine:
        both = one in left
        if both:
            left.remove(one)
        found.append((one, both))
    return found


def _texts(result: Mapping[str, Any]) -> list[str]:
    if "numbers" in result:
        return [str(number) for number in result["numbers"]]
    return [str(result.get("signature", ""))[:16], str(result.get("randomness", ""))[:16]]
