"""What a map can be coloured by: class, colour and words of each measure. The classes of the balance are the
report's, so a colour means the same on every page and document."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from junheng.report import format as fmt
from junheng.report.sections.seats import IDLE_STEPS, SHORT_STEPS
from junheng.web.overview.standing import Standing
from junheng.web.wording import say

MEASURES = ("balance", "utilisation", "change", "pupils")
UTILISATION_BREAKS = (0.5, 0.7, 0.85, 1.0)
CHANGE_BREAKS = (-0.2, -0.1, 0.0, 0.1)
BLUES = ("blue-1", "blue-2", "blue-3", "blue-4", "blue-5")
BALANCE_BREAKS = (*(-step for step in reversed(IDLE_STEPS)), 0.0, *SHORT_STEPS[1:])
BALANCE_TONES = ("idle-4", "idle-3", "idle-2", "idle-1", "paper", "short-1", "short-2", "short-3", "short-4")
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Scale:
    """Limits between classes, a colour token and a word for each class, lowest first."""

    kind: str
    breaks: tuple[float, ...]
    tones: tuple[str, ...]
    words: tuple[str, ...]

    def tone(self, value: float | None) -> str:
        """Colour token of a value; "" when it is not known."""
        return "" if value is None else self.tones[self.index(value)]

    def index(self, value: float) -> int:
        """Class of a value, 0 the lowest; a value equal to a limit lies above it."""
        return sum(value >= limit for limit in self.breaks)


def value(measure: str, one: Standing) -> float | None:
    """The number a unit is coloured by. Exactly nothing short is the class without colour."""
    if measure == "balance":
        share = one.balance_share
        return share + _LEAST if share and share > 0 else share if share is None else min(share, -_LEAST)
    if measure == "utilisation":
        return one.utilisation
    return one.change if measure == "change" else None if one.pupils is None else float(one.pupils)


def text(measure: str, one: Standing) -> str:
    """What is read on the map."""
    if measure == "balance":
        return balance(one)
    if measure == "utilisation":
        return fmt.percent(one.utilisation)
    return change(one.change) if measure == "change" else fmt.count(one.pupils)


def balance(one: Standing) -> str:
    """Seats short or to spare, in words."""
    if one.balance is None:
        return fmt.BLANK
    if one.balance > 0:
        return say("overview.short", seats=fmt.count(one.balance))
    return say("overview.spare", seats=fmt.count(-one.balance))


def change(share: float | None) -> str:
    """A change as signed per cent."""
    if share is None:
        return fmt.BLANK
    words = fmt.percent(abs(share), 1)
    return words if fmt.half_up(abs(share), 3) == 0 else f"{'+' if share > 0 else '−'}{words}"


def scale(measure: str, values: Sequence[float | None]) -> Scale:
    """The classes of a measure. Pupils are classed by round numbers that part the units evenly."""
    if measure == "balance":
        return Scale("diverging", BALANCE_BREAKS, BALANCE_TONES, _balance_words())
    if measure == "utilisation":
        tones = ("blue-1", "blue-2", "blue-3", "blue-4", "short-3")
        return Scale("sequential", UTILISATION_BREAKS, tones, _shares(UTILISATION_BREAKS))
    if measure == "change":
        return Scale("sequential", CHANGE_BREAKS, BLUES, _shares(CHANGE_BREAKS, signed=True))
    breaks = _round_breaks([one for one in values if one is not None])
    return Scale("sequential", breaks, BLUES[: len(breaks) + 1], _counts(breaks))


def _balance_words() -> tuple[str, ...]:
    idle = [say("overview.spare_share", share=fmt.percent(step)) for step in reversed(IDLE_STEPS)]
    edges = [fmt.percent(step) for step in SHORT_STEPS]
    short = [say("overview.short_share", low=low, high=high) for low, high in pairwise(edges)]
    return (*idle, say("overview.near"), *short, say("overview.short_most", share=edges[-1]))


def _shares(breaks: Sequence[float], *, signed: bool = False) -> tuple[str, ...]:
    shown = [change(one) if signed else fmt.percent(one) for one in breaks]
    return _between([one.replace(".0%", "%") for one in shown])


def _counts(breaks: Sequence[float]) -> tuple[str, ...]:
    return _between([fmt.count(one) for one in breaks])


def _between(shown: Sequence[str]) -> tuple[str, ...]:
    if not shown:
        return (say("overview.any"),)
    middle = [f"{low} – {high}" for low, high in pairwise(shown)]
    return (say("overview.under", value=shown[0]), *middle, say("overview.from", value=shown[-1]))


def _round_breaks(values: list[float]) -> tuple[float, ...]:
    ordered = sorted(values)
    if len(ordered) < 2 or ordered[0] == ordered[-1]:
        return ()
    step = 10 ** max(math.floor(math.log10(max(ordered[-1] / 5, 1))), 0) / 2
    cuts = [ordered[min(round(len(ordered) * part / 5), len(ordered) - 1)] for part in range(1, 5)]
    return tuple(sorted({round(cut / step) * step for cut in cuts} - {0.0}))
