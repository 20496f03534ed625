"""Sources of the randomness as they are entered: a few rows, each a public draw of numbers, a round of a
public beacon, or start and step of a ring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from junheng.admission.announcement import CLOCK, KINDS, RING, RING_NUMBERS, Source, moment
from junheng.model.errors import Refused

ROWS = 3
LONGEST = 60
MOST_NUMBERS = 40
_TEXTS = ("name", "kind", "event", "at", "fallback_event", "fallback_at")
_NUMBERS = ("count", "genesis", "period")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row of the form as it stands."""

    number: int
    name: str = ""
    kind: str = "numbers"
    event: str = ""
    at: str = ""
    count: str = ""
    fallback_event: str = ""
    fallback_at: str = ""
    genesis: str = ""
    period: str = ""


def rows(sent: Mapping[str, str], plan: Any = None) -> tuple[SourceRow, ...]:
    """Rows as sent, or as the plan proposes them when nothing was."""
    if any(sent.get(f"name_{number}") for number in range(1, ROWS + 1)):
        return tuple(
            SourceRow(
                number,
                **{name: sent.get(f"{name}_{number}", "").strip()[:LONGEST] for name in (*_TEXTS, *_NUMBERS)},
            )
            for number in range(1, ROWS + 1)
        )
    seeds = plan.draw.seed if plan is not None and plan.draw is not None else ()
    found = [
        SourceRow(
            number,
            name=one.source,
            kind=RING if one.ring else "numbers",
            event=one.event,
            at=_day(one.day),
            count=str(RING_NUMBERS) if one.ring else "",
        )
        for number, one in enumerate(seeds[:ROWS], start=1)
    ]
    return (*found, *(SourceRow(number) for number in range(len(found) + 1, ROWS + 1)))


def sources(shown: tuple[SourceRow, ...]) -> list[dict[str, Any]]:
    """Sources of the filled rows, as an announcement takes them. Refused for a time, kind or number that
    cannot be read, or no row at all."""
    found = [asdict(_source(one)) for one in shown if one.name]
    if not found:
        raise Refused("admission.sources_absent", {})
    return found


def _source(row: SourceRow) -> Source:
    if row.kind not in KINDS:
        raise Refused("draws.source_kind", {"source": row.name})
    if not row.at:
        raise Refused("draws.source_time", {"source": row.name})
    drand = row.kind == "drand"
    return Source(
        name="".join(row.name.split()),
        kind=row.kind,
        event=row.event,
        at=moment(row.at),
        count=_count(row),
        fallback_event=row.fallback_event,
        fallback_at=moment(row.fallback_at) if row.fallback_at else "",
        genesis=_number(row.genesis, row.name) if drand else 0,
        period=_number(row.period, row.name) if drand else 0,
    )


def _count(row: SourceRow) -> int:
    """How many numbers are drawn."""
    known = {"drand": 0, RING: RING_NUMBERS}
    return known[row.kind] if row.kind in known else _number(row.count, row.name, MOST_NUMBERS)


def _number(text: str, source: str, most: int = 4_000_000_000) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 10 or not 0 < int(text) <= most:
        raise Refused("draws.source_count", {"source": source})
    return int(text)


def _day(day: Any) -> str:
    """A day of the plan as a moment one still has to set: its evening."""
    return "" if day is None else f"{day.isoformat()}T21:30"


def local(moment_text: str) -> datetime:
    """A kept moment on the country's clock."""
    found = datetime.fromisoformat(moment_text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(CLOCK)


def args(verb: str, sent: Mapping[str, str]) -> dict[str, Any]:
    """What is proposed: the number of spare receipts, or the sources. Refused for what cannot be read."""
    if verb == "announce":
        return {"sources": sources(rows(sent))}
    if verb in ("assign", "thaw"):
        return {}
    spare = sent.get("spare", "")
    if not spare.isascii() or not spare.isdecimal() or len(spare) > 6:
        raise Refused("draws.spare_odd", {"most": 10_000})
    return {"spare": int(spare)}
