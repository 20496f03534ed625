"""How statuses add up and how a figure is held against its line, exactly."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import floor

from junheng.monitoring.status import MET, NOT_COMPUTABLE, NOT_EXAMINED, UNMET

FOUND, NOT_FOUND = "found", "not_found"
UNKNOWN = (NOT_COMPUTABLE, NOT_EXAMINED)
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


def exact(number: float) -> Fraction:
    """A counted quantity with at most two decimals (people, rooms, square metres, yuan) as a fraction."""
    return Fraction(round(number * _HUNDREDTHS), _HUNDREDTHS)


def line(number: float) -> Fraction:
    """A number of the law as it is written: 4.2 is 42/10, not the nearest binary float."""
    return Fraction(repr(number))


def most_pupils(have: Fraction, per_pupil: Fraction) -> int:
    """The most pupils `have` can hold at `per_pupil` each."""
    return floor(have / per_pupil)
