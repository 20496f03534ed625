"""What a declaration refers to: are its standards in force, and does it compare in the law's direction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from junheng.model.reason import Finding
from junheng.rules.assessment import Assessment
from junheng.rules.indicator import Indicator, Op, Standard
from junheng.rules.reader import fault
from junheng.rules.resolution import standards_of
from junheng.rules.value import Limit

if TYPE_CHECKING:
    from junheng.rules.book import RuleBook

FITTING: dict[Limit, tuple[Op, ...]] = {"max": ("<=", "<"), "min": (">=", ">"), "below": ("<",)}
"""Comparisons that keep to each kind of limit; targets and definitions may be compared either way."""


def keys_of(reference: Standard, book: RuleBook) -> list[str]:
    """Names of the keys a reference stands for."""
    topic, _, rest = reference.rule.partition(".")
    if not reference.by:
        return [rest]
    ahead = f"{rest}_" if rest else ""
    return [key for key in book.keys(topic) if key.startswith(ahead)]


def unset(declared: Indicator | Assessment, book: RuleBook, days: Sequence[date]) -> list[Finding]:
    """The first reference that no level has set on one of `days`; `date.max` asks what never ends."""
    for day in days:
        for reference in standards_of(declared):
            topic = reference.rule.partition(".")[0]
            if not any(book.set_anywhere(topic, key, day) for key in keys_of(reference, book)):
                code = "indicator.ended" if day == date.max else "indicator.no_entry"
                told = {"entry": declared.id, "value": reference.rule, "day": day.isoformat()}
                return [fault(code, declared.file, declared.line, **told)]
    return []


def ends(declared: Indicator | Assessment) -> tuple[date, date]:
    """The first and last day of a declaration; where none is said, the rules that never end."""
    return declared.valid_from or date.max, declared.valid_until or date.max


def against(declared: Indicator, book: RuleBook) -> list[Finding]:
    """A line compared the wrong way: `<=` with a minimum would call the poorest school met."""
    line = declared.threshold
    if line is None:
        return []
    topic = line.standard.rule.partition(".")[0]
    limits: set[Limit] = {book.limit(topic, key) for key in keys_of(line.standard, book)}
    wrong: list[Limit] = [limit for limit in FITTING if limit in limits and line.op not in FITTING[limit]]
    return [
        fault(
            "indicator.against_limit",
            declared.file,
            declared.line,
            entry=declared.id,
            value=line.op,
            rule=line.standard.rule,
            limit=limit,
            near=FITTING[limit][0],
        )
        for limit in wrong
    ]
