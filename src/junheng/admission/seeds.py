"""From the results of the announced events to the seed: nothing else goes in, and nobody types a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from junheng.admission.announcement import RING, Announcement, Source, when
from junheng.admission.plan_ring import from_seed
from junheng.admission.tickets import Seed
from junheng.model.errors import BadData, Refused
from junheng.model.reason import Finding


@dataclass(frozen=True, slots=True)
class EventResult:
    """What a source gave: the event that took place and its numbers, or a round's signature and
    randomness."""

    source: str
    event: str
    numbers: tuple[int, ...] = ()
    signature: str = ""
    randomness: str = ""


@dataclass(frozen=True, slots=True)
class DrawnSeed:
    """A seed with the results it follows from, in the announced order, and when the draw was held; start and
    step of the ring where there is one."""

    draw_id: str
    results: tuple[EventResult, ...]
    drawn_at: str
    seed: Seed
    ring: tuple[int, int] | None = None

    def content(self) -> dict[str, Any]:
        """As it is published."""
        ring = {} if self.ring is None else {"ring": {"start": self.ring[0], "step": self.ring[1]}}
        return ring | {
            "draw_id": self.draw_id,
            "results": [
                {"source": one.source, "event": one.event}
                | (
                    {"signature": one.signature, "randomness": one.randomness}
                    if one.signature
                    else {"numbers": list(one.numbers)}
                )
                for one in self.results
            ],
            "canonical": self.seed.canonical,
            "digest": self.seed.digest.hex(),
            "drawn_at": self.drawn_at,
        }


def seed_of(announced: Announcement, results: Sequence[EventResult], drawn_at: str) -> DrawnSeed:
    """Seed of an announced draw. Refused `admission.seed_sources` when one has no result,
    `admission.seed_early` when the draw is held before an event, and what `Seed` refuses; BadData
    `admission.bad_results` for results of other sources or events, or another count of numbers."""
    given = {result.source: result for result in results}
    missing = [source.name for source in announced.sources if source.name not in given]
    if missing:
        raise Refused("admission.seed_sources", {"sources": ", ".join(missing)})
    found: list[Finding] = []
    known = {source.name for source in announced.sources}
    if len(given) < len(results) or set(given) - known:
        odd = [result.source for result in results if result.source not in known] or [""]
        found += [Finding("admission.result_odd", "error", value=name) for name in odd]
    for source in announced.sources:
        found += _faults(source, given[source.name], announced.receipts)
    if found:
        raise BadData("admission.bad_results", {"count": len(found)}, found)
    for source in announced.sources:
        at = source.time_of(given[source.name].event)
        if when(drawn_at) < when(at):
            about = {"source": source.name, "event": at, "drawn": drawn_at}
            raise Refused("admission.seed_early", about)
    ordered = tuple(given[source.name] for source in announced.sources)
    both = tuple(zip(announced.sources, ordered, strict=True))
    seed = Seed.from_canonical(
        "".join(_seed(source, one).canonical for source, one in both if source.kind != RING)
    )
    ring = None
    if announced.ring:
        balls = [one.numbers for source, one in both if source.kind == RING]
        ring = (balls[0][0], balls[0][1]) if balls else from_seed(seed, announced.draw_id, announced.receipts)
    return DrawnSeed(announced.draw_id, ordered, drawn_at, seed, ring)


def _faults(source: Source, result: EventResult, receipts: int) -> list[Finding]:
    about = {"source": source.name, "event": source.event, "fallback": source.fallback_event or "-"}
    if result.event not in {source.event, source.fallback_event} or not result.event:
        return [Finding("admission.result_event", "error", value=result.event, parameters=about)]
    if source.kind != "drand" and len(result.numbers) != source.count:
        counted = {**about, "count": source.count, "given": len(result.numbers)}
        return [Finding("admission.result_count", "error", parameters=counted)]
    if source.kind == RING and not all(1 <= one <= max(receipts, 1) for one in result.numbers):
        drawn = {**about, "start": result.numbers[0], "step": result.numbers[1], "numbers": receipts}
        return [Finding("admission.ring_drawn", "error", parameters=drawn)]
    return []


def _seed(source: Source, result: EventResult) -> Seed:
    if source.kind == "numbers":
        return Seed.from_lotteries([result.numbers])
    return Seed.from_drand(int(result.event), result.signature, result.randomness)
