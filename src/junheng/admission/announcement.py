"""What is announced before the randomness exists: commitment, rules of the draw, sources and their events.

The draw's id ends in the digest of everything else announced, and every ticket depends on that id: an
announcement that is changed or re-dated afterwards belongs to another draw with other tickets.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import Any, Literal, get_args

from junheng.model.errors import BadData, Refused
from junheng.model.reason import Finding

FORMAT = "junheng-admission-1"
RING = "ring"
KINDS: tuple[str, ...] = ("numbers", "drand", RING)
RING_NUMBERS = 2
"""A source of a ring gives its start and its step, in this order, and nothing to the seed."""
PROGRAMME = "programme"
CLOCK = timezone(timedelta(hours=8))
"""The country's one clock, for times written without their offset."""
PUBLIC_MECHANISMS = Literal["da", "ia", "parallel", "sd"]
"""Mechanisms whose outcome the public cut-offs prove."""
_NAME = re.compile(r"^[^\s/\\]{1,60}$")
_ID_DIGITS = 32


def moment(text: str) -> str:
    """A time as it is written everywhere: to the second, with its offset. Refused `admission.time_odd`."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused("admission.time_odd", {"value": text}) from None
    if "T" not in text and " " not in text.strip():
        raise Refused("admission.time_odd", {"value": text})
    return (found if found.tzinfo else found.replace(tzinfo=CLOCK)).isoformat(timespec="seconds")


def when(text: str) -> datetime:
    """A time written by `moment`."""
    return datetime.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class Source:
    """A public source and the event of it: a draw of `count` numbers, start and step of a ring, or the round
    (`event`) of a drand network with its `genesis` (seconds of the epoch) and `period` (seconds). The
    fallback is used only when the event does not take place."""

    name: str
    kind: str
    event: str
    at: str
    count: int = 0
    fallback_event: str = ""
    fallback_at: str = ""
    genesis: int = 0
    period: int = 0

    def time_of(self, event: str) -> str:
        """When an announced event takes place. KeyError for one not announced."""
        times = {self.fallback_event: self.fallback_at, self.event: self.at} if event else {}
        return times[event]


@dataclass(frozen=True)
class Announcement:
    """Everything that is fixed before the event; `draw` names stage and year, `digests` are those of what is
    handed out to verify with. `ring`: tickets deal numbers, and start and step (of the source of that kind,
    else from the seed) give the order. `lottery` `programme`: a ticket for each child at each programme."""

    draw: str
    mechanism: str
    bands: tuple[int, ...]
    scope: str
    root: str
    receipts: int
    seats: Mapping[str, int]
    spare_receipts: tuple[str, ...]
    sources: tuple[Source, ...]
    frozen_at: str
    announced_at: str
    digests: Mapping[str, str] = field(default_factory=dict[str, str])
    software: str = ""
    ring: bool = False
    lottery: str = ""

    @cached_property
    def draw_id(self) -> str:
        """Name and digest of everything announced."""
        return f"{self.draw}-{hashlib.sha256(canonical(self._said())).hexdigest()[:_ID_DIGITS]}"

    def _said(self) -> dict[str, Any]:
        said = asdict(self)
        for name in ("ring", "lottery"):  # a draw without them is written as it always was
            if not said[name]:
                del said[name]
        return {**said, "seats": dict(sorted(self.seats.items())), "format": FORMAT}

    def content(self) -> dict[str, Any]:
        """As it is published."""
        return {**self._said(), "draw_id": self.draw_id}


def canonical(content: Mapping[str, Any]) -> bytes:
    """The one writing of an announcement that is hashed: keys sorted, no blanks, UTF-8."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def announce(**said: Any) -> Announcement:
    """An announcement that can be kept. BadData `admission.bad_announcement` with every fault: names or
    times that cannot be read, no source, an event that is not after the announcement, a fallback before
    its event, a round of drand at another time, numbers of none, a mechanism the public files cannot
    prove."""
    announced = Announcement(**said)
    found = [*_faults(announced)]
    if found:
        raise BadData("admission.bad_announcement", {"count": len(found)}, found)
    return announced


def read_announcement(text: str) -> Announcement:
    """An announcement from its published form. Refused `admission.announcement_changed` when its id does not
    fit or it cannot be read."""
    try:
        content = json.loads(text)
        given = content.pop("draw_id")
        content.pop("format")
        content |= {
            "bands": tuple(content["bands"]),
            "spare_receipts": tuple(content["spare_receipts"]),
            "sources": tuple(Source(**source) for source in content["sources"]),
        }
        announced = Announcement(**content)
        if announced.draw_id != given:
            raise ValueError(given)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused("admission.announcement_changed") from None
    return announced


def _faults(said: Announcement) -> list[Finding]:
    found: list[Finding] = []

    def fault(code: str, value: object = "", **about: object) -> None:
        found.append(Finding(code, "error", value=str(value), parameters=about))

    for name in (said.draw, *((said.scope,) if said.scope else ())):
        if not _NAME.fullmatch(name):
            fault("admission.draw_name", name)
    if said.mechanism not in get_args(PUBLIC_MECHANISMS):
        known = ", ".join(get_args(PUBLIC_MECHANISMS))
        fault("admission.draw_mechanism", said.mechanism, known=known)
    if said.mechanism == "parallel" and not said.bands:
        fault("admission.bands_needed")
    if said.bands and said.mechanism != "parallel":
        fault("admission.bands_unused", mechanism=said.mechanism)
    if all(source.kind == RING for source in said.sources):
        fault("admission.sources_absent")
    rings = [source.name for source in said.sources if source.kind == RING]
    if len(rings) > said.ring:
        fault("admission.ring_unused" if not said.ring else "admission.ring_sources", ", ".join(rings))
    if said.lottery not in ("", PROGRAMME):
        fault("admission.lottery_unknown", said.lottery, known=PROGRAMME)
    if said.lottery and (said.ring or said.mechanism == "sd"):
        fault("admission.lottery_ring" if said.ring else "admission.lottery_sd")
    if when(said.announced_at) < when(said.frozen_at):
        fault("admission.announced_early", said.announced_at, frozen=said.frozen_at)
    names = [source.name for source in said.sources]
    for source in said.sources:
        about = {"source": source.name}
        if not source.name or not source.event or names.count(source.name) > 1:
            fault("admission.source_odd", source.event, **about)
        if when(source.at) <= when(said.announced_at):
            fault("admission.event_early", source.at, announced=said.announced_at, **about)
        if bool(source.fallback_event) != bool(source.fallback_at) or (
            source.fallback_at and when(source.fallback_at) <= when(source.at)
        ):
            fault("admission.fallback_odd", source.fallback_at, at=source.at, **about)
        found.extend(_odd_kind(source))
    return found


def _odd_kind(source: Source) -> Sequence[Finding]:
    about = {"source": source.name}
    if source.kind not in KINDS:
        known = {**about, "known": ", ".join(KINDS)}
        return [Finding("admission.source_kind", "error", value=source.kind, parameters=known)]
    if source.kind == RING:
        odd = source.count != RING_NUMBERS
        return [Finding("admission.ring_count", "error", parameters=about)] if odd else []
    if source.kind == "numbers":
        few = source.count < 1
        return [Finding("admission.source_count", "error", parameters=about)] if few else []
    return [
        Finding("admission.round_time", "error", value=event, parameters={**about, "at": at})
        for event, at in ((source.event, source.at), (source.fallback_event, source.fallback_at))
        if event and at and not _round_at(source, event, at)
    ]


def _round_at(source: Source, event: str, at: str) -> bool:
    """Whether a round of drand falls on its stated time, to the second."""
    if not (event.isascii() and event.isdigit()) or source.period < 1:
        return False
    return source.genesis + (int(event) - 1) * source.period == int(when(at).timestamp())
