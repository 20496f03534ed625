"""Small counts of children, protected in what leaves the bureau.

A count from 1 to `minimum - 1` at school, town or grade level is shown as "<10" in the public form. Where a
total is shown beside its parts and only one part is hidden, the next smallest is hidden too (complementary
suppression), since otherwise subtraction gives the first away. Zero stays zero. The bureau's form shows all.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from junheng.report import format as fmt

Audience = Literal["bureau", "public"]
CHILDREN = (
    "pupils",
    "demand",
    "gap",
    "gap_high",
    "idle",
    "width",
    "observed",
    "expected",
    "before",
    "after",
    "children",
)
"""Parameters of reasons and findings that count children or follow from their count."""


@dataclass(frozen=True, slots=True)
class Protection:
    """How counts are shown to whom. `minimum` is the smallest count shown as it is."""

    audience: Audience = "bureau"
    minimum: int = 10

    @property
    def active(self) -> bool:
        """Whether anything is hidden at all."""
        return self.audience == "public"

    @property
    def mark(self) -> str:
        """What stands for a small count."""
        return f"<{self.minimum}"

    def small(self, value: float | None) -> bool:
        """Whether this count alone must be hidden."""
        if not self.active or value is None or math.isnan(value):
            return False
        return 0 < fmt.half_up(value) < self.minimum

    def count(self, value: float | None) -> str:
        """One count of children at fine geography."""
        return self.mark if self.small(value) else fmt.count(value)

    def between(self, low: float | None, high: float | None) -> str:
        """A range of children at fine geography: one mark when both ends are small."""
        if self.small(high):
            return self.mark
        if self.small(low):
            return f"{self.mark} ~ {fmt.count(high)}"
        return fmt.between(low, high)

    def parameters(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Parameters of a sentence with small counts of children replaced by the mark."""
        return {
            name: self.mark
            if name in CHILDREN and isinstance(value, int | float) and self.small(abs(value))
            else value
            for name, value in parameters.items()
        }

    def hidden(self, values: Sequence[float | None], totals: Sequence[Hashable]) -> list[bool]:
        """Which of `values` are hidden when the sum over each of `totals` is published beside them."""
        hide = [self.small(value) for value in values]
        if not self.active:
            return hide
        members: dict[Hashable, list[int]] = {}
        for index, total in enumerate(totals):
            members.setdefault(total, []).append(index)
        for indices in members.values():
            if sum(hide[i] for i in indices) != 1:
                continue
            others = [(values[i], i) for i in indices if not hide[i] and _counted(values[i])]
            if others:
                hide[min(others, key=lambda pair: (pair[0] or 0.0, pair[1]))[1]] = True
        return hide


def _counted(value: float | None) -> bool:
    return value is not None and not math.isnan(value) and value > 0
