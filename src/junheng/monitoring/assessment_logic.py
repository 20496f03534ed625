"""How statuses add up and how a figure is held against its line, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import ceil, floor

from junheng.monitoring.status import MET, NOT_COMPUTABLE, NOT_EXAMINED, UNMET
from junheng.rules.value import VERIFIED

FOUND, NOT_FOUND = "found", "not_found"
UNKNOWN = (NOT_COMPUTABLE, NOT_EXAMINED)
_SURENESS = {name: place for place, name in enumerate(("original", "second-hand", "unverified"))}
_HUNDREDTHS = 100


def conjunction(statuses: Iterable[str]) -> str:
    """Kleene's and: one `unmet` decides, `met` needs all; of what is unknown a figure that cannot be computed
    is named before evidence nobody examined. Nothing to judge is `not_examined`, never `met`."""
    held = list(statuses)
    if UNMET in held:
        return UNMET
    if held and all(one == MET for one in held):
        return MET
    return NOT_COMPUTABLE if any(one not in (MET, NOT_EXAMINED) for one in held) else NOT_EXAMINED


def school_passes(statuses: Sequence[str], floors: Sequence[str], at_least: int) -> tuple[str, str]:
    """(status, reason) of a school: at least `at_least` items met and every item at or over its floor.

    What is known decides as soon as it can: more failures than allowed, or one item under its floor, is
    `unmet` whatever is missing; with anything missing that could still change the answer it stays unknown.
    """
    if UNMET in floors:
        return UNMET, "under_floor"
    failures = sum(one == UNMET for one in statuses)
    if failures > len(statuses) - at_least:
        return UNMET, "too_few_items"
    if sum(one == MET for one in statuses) >= at_least and all(one == MET for one in floors):
        return MET, "all_met" if not failures else "enough_items"
    return NOT_COMPUTABLE, "items_unknown"


def exact(number: float) -> Fraction:
    """A counted quantity with at most two decimals (people, rooms, square metres, yuan) as a fraction."""
    return Fraction(round(number * _HUNDREDTHS), _HUNDREDTHS)


def line(number: float) -> Fraction:
    """A number of the law as it is written: 4.2 is 42/10, not the nearest binary float."""
    return Fraction(repr(number))


def compare(value: Fraction, op: str, than: Fraction) -> bool:
    """Whether `value op than` holds."""
    return {
        ">=": value >= than,
        "<=": value <= than,
        ">": value > than,
        "<": value < than,
        "==": value == than,
    }[op]


def still_missing(have: Fraction, pupils: Fraction, per_pupil: Fraction, *, whole: bool) -> Fraction:
    """What must be added so that `have / pupils >= per_pupil`: whole people and rooms, or hundredths, never
    rounded below what is needed; 0 where nothing is missing."""
    short = per_pupil * pupils - have
    if short <= 0:
        return Fraction(0)
    return Fraction(ceil(short)) if whole else Fraction(ceil(short * _HUNDREDTHS), _HUNDREDTHS)


def most_pupils(have: Fraction, per_pupil: Fraction) -> int:
    """The most pupils `have` can hold at `per_pupil` each."""
    return floor(have / per_pupil)


def less_sure(marks: Iterable[str]) -> str:
    """The least sure of several marks; `ours` where nothing of the law stands behind any; "" for none."""
    held = [one for one in marks if one in VERIFIED]
    of_law = [one for one in held if one in _SURENESS]
    return max(of_law, key=lambda one: _SURENESS[one]) if of_law else ("ours" if held else "")
