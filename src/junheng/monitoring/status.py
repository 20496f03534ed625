"""Three-valued statuses: how a value is held against its line, how statuses add up, how a value is shown.

A comparison is decided by the sign of (value - line), found exactly near the line. What is not examined or
not computable is unknown: it never passes and never fails by itself (Kleene).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

from junheng.rules.indicator import Op

Status = Literal["met", "unmet", "not_computable", "not_examined", "no_threshold"]
MET: Status = "met"
UNMET: Status = "unmet"
NOT_COMPUTABLE: Status = "not_computable"
NOT_EXAMINED: Status = "not_examined"
NO_THRESHOLD: Status = "no_threshold"
STATUSES: tuple[Status, ...] = (MET, UNMET, NOT_COMPUTABLE, NOT_EXAMINED, NO_THRESHOLD)
MOST_DIGITS = 12
"""Beyond these decimals a difference is said in words, not in digits."""


def truth(status: Status) -> bool | None:
    """met is true, unmet false, anything else unknown."""
    return True if status == MET else False if status == UNMET else None


def status_of(holds: bool | None) -> Status:
    """The status of a truth value; unknown is not_computable."""
    return NOT_COMPUTABLE if holds is None else MET if holds else UNMET


def negation(status: Status) -> Status:
    """met and unmet change places, the unknown stays as it is."""
    return UNMET if status == MET else MET if status == UNMET else status


def all_met(statuses: Iterable[Status]) -> Status:
    """One unmet decides; a met needs all; unknown otherwise. Nothing asked is met."""
    return at_least(None, statuses)


def any_met(statuses: Iterable[Status]) -> Status:
    """One met decides; unmet needs all; unknown otherwise."""
    return at_least(1, statuses)


def at_least(least: int | None, statuses: Iterable[Status]) -> Status:
    """At least `least` are met (None: all): decided as soon as the unknown ones cannot change it."""
    held = list(statuses)
    wanted = len(held) if least is None else least
    if held.count(MET) >= wanted:
        return MET
    if len(held) - held.count(UNMET) < wanted:
        return UNMET
    unknown = [one for one in held if one not in (MET, UNMET)]
    return NOT_EXAMINED if all(one == NOT_EXAMINED for one in unknown) else NOT_COMPUTABLE


def holds(op: Op, sign: int) -> bool:
    """Whether `value op line`, given the sign of value - line."""
    match op:
        case ">=":
            return sign >= 0
        case "<=":
            return sign <= 0
        case ">":
            return sign > 0
        case "<":
            return sign < 0
        case _:
            return sign == 0


def rounded_line(op: Op, line: Fraction, decimals: int) -> tuple[Op, Fraction] | None:
    """(op, line) to hold an exact value against, so that the answer is that of its half-up rounding.

    The rounded value is at least the line exactly when the value is at least half a last digit below the next
    printable number. None for an equality, which rounding turns into a span.
    """
    unit = 10**decimals
    if op in (">=", "<"):
        edge = Fraction(2 * math.ceil(line * unit) - 1, 2 * unit)
        return op, edge
    if op in (">", "<="):
        edge = Fraction(2 * math.floor(line * unit) + 1, 2 * unit)
        return (">=" if op == ">" else "<"), edge
    return None


def half_up(value: float, decimals: int) -> str:
    """The value at so many decimals, halves away from zero: 0.125 at two is 0.13 and 2.5 at none is 3."""
    return str(Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def shown(
    value: float | None, decimals: int, line: float | None = None, op: Op = ">=", met: bool | None = None
) -> str:
    """The value as printed: one more digit at a time until its side of the line can be seen.

    0.4504 against at most 0.45 prints 0.4504, not 0.450. A value equal to its line prints as the line does.
    """
    if value is None:
        return "–"
    if line is None or met is None:
        return half_up(value, decimals)
    target = Fraction(repr(line))
    for digits in range(decimals, MOST_DIGITS + 1):
        text = half_up(value, digits)
        printed = Fraction(text)
        if holds(op, (printed > target) - (printed < target)) == met:
            return text
    return half_up(value, decimals)
