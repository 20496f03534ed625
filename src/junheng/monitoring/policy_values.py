"""What a target is held against: its indicator's values by year, rolled up to the region and unit by unit.

A region's share or ratio is the sum of its parts' numerators over the sum of their denominators, never a
mean of theirs. Numbers are exact fractions of the decimals written in the tables, so that a value on the
line is on it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

from junheng.rules.grains import AREAS
from junheng.rules.indicator import Indicator
from junheng.rules.policies import Target

WIDE = ("region", *AREAS)
"""Levels of areas; every other level is a unit (school, teacher, class) of its own."""
STATISTICS_MONTH = 9
"""School statistics of a year are taken in its autumn; a fiscal year has ended by its own 31 December."""
SUMMED = ("ratio", "share")
QUOTIENT = 1e-12
"""Relative difference within which a value is the quotient of its numerator and denominator."""
READ = ["indicator", "year", "level", "area", "stage", "value", "num", "den", "verified"]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """One year's figure: value with its parts, and for targets judged unit by unit how many fall short.

    `short` is what is missing to the target in natural units (people, schools, seats …), `n_short` the units
    short of it, `n_missing` the units or areas without a figure. `worst` says the value is the worst of
    several.
    """

    value: Fraction | None
    num: Fraction | None = None
    den: Fraction | None = None
    short: Fraction | None = None
    n_units: int = 0
    n_short: int = 0
    n_missing: int = 0
    worst: bool = False
    verified: str = ""


def exact(number: float) -> Fraction:
    """The decimal a float was written as."""
    return Fraction(repr(float(number)))


def statistics_year(day: date) -> int:
    """The last year whose autumn statistics exist on `day`."""
    return day.year if day.month >= STATISTICS_MONTH else day.year - 1


def meets(target: Target, value: Fraction) -> bool:
    """Whether a value meets the target's number; 达到, 不低于 include it, 超过 excludes it."""
    if target.value is None:
        return False
    line = exact(target.value)
    return {
        ">=": value >= line, ">": value > line, "<=": value <= line, "<": value < line, "==": value == line,
    }[target.op]  # fmt: skip


class Figures:
    """Indicator values by indicator and area, read once; `by_year` is a target's figure of each year."""

    def __init__(self, values: pl.DataFrame | None) -> None:
        self._region: dict[str, list[Row]] = {}
        self._areas: dict[str, dict[str, list[Row]]] = {}
        if values is None or values.is_empty():
            return
        missing = [pl.lit(None).alias(name) for name in READ if name not in values.columns]
        for row in values.with_columns(missing).select(READ).iter_rows(named=True):
            self._region.setdefault(row["indicator"], []).append(row)
            if row["level"] in AREAS and row["area"]:
                self._areas.setdefault(row["indicator"], {}).setdefault(row["area"], []).append(row)

    def areas(self, target: Target) -> list[str]:
        """Areas below the region for which the target's indicator has figures of their own."""
        return sorted(self._areas.get(target.indicator, {}))

    def by_year(self, target: Target, indicator: Indicator | None, area: str = "") -> dict[int, Measured]:
        """The target's figure of each year. `area` "" is the whole region, otherwise one area of it."""
        held = (
            self._areas.get(target.indicator, {}).get(area, [])
            if area
            else self._region.get(target.indicator, [])
        )
        years: dict[int, list[Row]] = {}
        for row in _in_scope(held, target):
            if row["year"] is not None:
                years.setdefault(int(row["year"]), []).append(row)
        found: dict[int, Measured] = {}
        for year, rows in sorted(years.items()):
            units = [row for row in rows if row["level"] not in WIDE]
            found[year] = _unit_by_unit(units, target) if units else _rolled(rows, target, indicator)
        return found


def _in_scope(rows: Sequence[Row], target: Target) -> Sequence[Row]:
    """Rows of the target's stages; rows of all stages together only where no stage stands apart."""
    stages = target.scope.get("stage", ())
    wanted = (stages,) if isinstance(stages, str) else stages
    apart = [row for row in rows if (row["stage"] in wanted if wanted else not row["stage"])]
    if apart:
        return apart
    return [row for row in rows if not row["stage"]] if wanted else rows


def _fraction(value: Any) -> Fraction | None:
    return None if value is None or not math.isfinite(value) else exact(value)


def _parts(row: Mapping[str, Any]) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """(value, num, den) of a row; where the value is the quotient of its parts it is made exactly that, and
    where it is not (a factor, a difference) the parts say nothing of it."""
    value, num, den = _fraction(row["value"]), _fraction(row["num"]), _fraction(row["den"])
    if value is None:
        return None, num, den
    if num is None or not den:
        return value, None, None
    quotient = num / den
    if math.isclose(float(quotient), float(value), rel_tol=QUOTIENT, abs_tol=QUOTIENT):
        return quotient, num, den
    return value, None, None


def _rolled(rows: Sequence[Mapping[str, Any]], target: Target, indicator: Indicator | None) -> Measured:
    parts = [_parts(row) for row in rows]
    known = [(value, num, den) for value, num, den in parts if value is not None]
    n, missing, sure = len(parts), len(parts) - len(known), _least_sure(rows)
    if not known:
        return Measured(None, n_units=n, n_missing=missing, verified=sure)
    verb = "" if indicator is None else indicator.measure
    divided = [(num, den) for _, num, den in known if num is not None and den is not None]
    if verb in SUMMED and len(divided) == len(known):
        num = sum((one for one, _ in divided), Fraction(0))
        den = sum((one for _, one in divided), Fraction(0))
        return Measured(num / den, num, den, _short(target, num, den), n, 0, missing, False, sure)
    heads = [value for value, _, _ in known]
    if n == 1 or verb in ("sum", "count") or target.basis == "flow":
        total = sum(heads, Fraction(0))
        return Measured(total, None, None, _whole_short(target, total), n, 0, missing, False, sure)
    value = max(heads) if target.op in ("<=", "<", "down") else min(heads)
    short = sum(1 for head in heads if not meets(target, head)) if target.value is not None else 0
    return Measured(value, None, None, None, n, short, missing, True, sure)


def _unit_by_unit(rows: Sequence[Mapping[str, Any]], target: Target) -> Measured:
    """Every unit must meet the number; the value shown is the worst one, the shortfall their sum."""
    values: list[Fraction] = []
    gap, short, missing = Fraction(0), 0, 0
    for row in rows:
        value, num, den = _parts(row)
        if value is None and den == 0 and num and target.op in ("<=", "<"):
            short, gap = short + 1, gap + (_short(target, num, den) or 0)  # nobody at all for these pupils
        elif value is None:
            missing += 1
        else:
            values.append(value)
            if not meets(target, value):
                if num is None or den is None:
                    lacking = _whole_short(target, value)
                else:
                    lacking = _short(target, num, den)
                short, gap = short + 1, gap + (lacking or 0)
    worst = (max(values) if target.op in ("<=", "<") else min(values)) if values else None
    return Measured(worst, None, None, gap, len(rows), short, missing, True, _least_sure(rows))


def _whole_short(target: Target, value: Fraction) -> Fraction | None:
    """What is missing where the figure is itself a count; a share without its parts misses nothing
    countable.
    """
    return None if target.unit == "share" else _short(target, value, Fraction(1))


def _short(target: Target, num: Fraction, den: Fraction) -> Fraction | None:
    """What is missing to the target in natural units; whole people, schools and the like are rounded up.

    One X for every k Y (`<=` k, per unit): ⌈Y/k⌉ − X. Otherwise line × den − num, 0 when the target is met.
    """
    if target.value is None:
        return None
    line = exact(target.value)
    if target.basis == "per_unit" and target.op in ("<=", "<"):
        return Fraction(max(0, math.ceil(num / line) - den)) if line else None
    gap = line * den - num if target.op in (">=", ">", "==") else num - line * den
    if gap < 0 or (gap == 0 and target.op in (">=", "<=", "==")):
        return Fraction(0)
    if target.unit in ("share", "people", "schools", "kindergartens", "seats", "times", "groups"):
        return Fraction(math.floor(gap) + 1 if target.op in (">", "<") else math.ceil(gap))
    return gap


def _least_sure(rows: Sequence[Mapping[str, Any]]) -> str:
    order = ("unverified", "ours", "second-hand", "original")
    held = {row["verified"] for row in rows}
    return next((word for word in order if word in held), "")
