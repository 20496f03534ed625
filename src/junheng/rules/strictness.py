"""A rule of a lower level may only be stricter than the one above it, by the kind of limit."""

from __future__ import annotations

from collections.abc import Sequence

from junheng.model.reason import Finding
from junheng.rules.entries import Entry
from junheng.rules.messages import MESSAGES
from junheng.rules.reader import fault
from junheng.rules.value import as_strict


def above(entry: Entry, entries: Sequence[Entry]) -> Entry | None:
    """The rule of a higher level in force when `entry` begins: the most specific one with a value."""
    begins, code = entry.value.from_date, entry.value.region
    latest: dict[int, Entry] = {}
    for other in entries:
        if other.rank >= entry.rank or (other.value.region and not _covers(other.value.region, code, entry)):
            continue
        if begins is None or other.value.from_date is None or other.value.from_date > begins:
            continue
        held = latest.get(other.rank)
        if held is None or held.value.from_date is None or held.value.from_date < other.value.from_date:
            latest[other.rank] = other
    for rank in sorted(latest, reverse=True):
        if latest[rank].value.in_force:
            return latest[rank]
    return None


def _covers(region: str, code: str, entry: Entry) -> bool:
    """A workspace's rule without a code may stand under any region's: only the nation is sure to be above."""
    return bool(code) and code.startswith(region)


def faults(entries: Sequence[Entry]) -> list[Finding]:
    """Every entry of one key that is laxer than the level above it on the day it begins."""
    found: list[Finding] = []
    for entry in entries:
        value, parent = entry.value, above(entry, entries)
        if parent is None or value.limit in ("target", "none"):
            continue
        label = f"{value.topic} {value.from_date}"
        if value.value is None:
            continue  # ends the rule of its own level; the level above then holds again
        bound = parent.value.number
        if not as_strict(value.limit, value.value, bound):
            words = MESSAGES["bound_min" if value.limit == "min" else "bound_max"]
            found.append(
                fault(
                    "laxer",
                    entry.file,
                    entry.line,
                    entry=label,
                    key=value.key,
                    value=value.value,
                    expected=f"{bound:g}",
                    rule_id=parent.value.rule_id,
                    bound=words[0],
                    bound_en=words[1],
                )
            )
    return found
