"""Indicators and facts made for the tests of measuring, and the slow honest answer of every verb."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import polars as pl

from junheng.monitoring.facts import Facts
from junheng.monitoring.measuring import measure_facts
from junheng.monitoring.result import Measurement
from junheng.rules.indicator import (
    Comparison,
    Indicator,
    Measured,
    Op,
    Operand,
    Source,
    Standard,
    Term,
    Threshold,
)
from junheng.rules.value import Value


def value(number: float | None, key: str = "line") -> Value:
    return Value("test", key, number, "1", f"test.{key}@2020-01-01", "S", "D", "", "max", "second-hand", None)


def line(op: Op, number: float) -> Threshold:
    return Threshold(op, Standard("test.line", "", {"": value(number)}))


def terms(*columns: str) -> tuple[Term, ...]:
    return tuple(Term(column) for column in columns)


def over(num: str = "x", den: str = "pupils", factor: float = 1) -> Measured:
    return Measured(num=terms(num), den=terms(den), factor=factor)


def is_at_least(column: str, number: float) -> Comparison:
    return Comparison(column, "ge", Operand((number,)))


def indicator(measure: str, measured: Measured, **more: Any) -> Indicator:
    given: dict[str, Any] = {
        "id": measure, "zh": "甲", "en": "A", "why_zh": "", "why_en": "", "source": Source("D"),
        "grain": "school_stage", "report": ("county", "stage"),
    }  # fmt: skip
    return Indicator(**(given | {"measure": measure, "value": measured} | more))


def facts(**columns: Any) -> Facts:
    """Facts of schools of one county and stage unless told otherwise."""
    count = len(next(iter(columns.values())))
    held = {
        "school_id": [f"s{n:03d}" for n in range(count)],
        "stage": ["primary"] * count,
        "county": ["c"] * count,
    }
    return Facts("school_stage", 2026, pl.DataFrame(held | columns, strict=False), pl.DataFrame())


def measured(held: Facts, *indicators: Indicator, **more: Any) -> Measurement:
    return measure_facts({"school_stage": held}, indicators, year=2026, **more)


def row(held: Facts, one: Indicator, **more: Any) -> dict[str, Any]:
    """The only result row of one indicator."""
    values = measured(held, one, **more).tables["indicator_values"]
    assert values.height == 1
    return values.row(0, named=True)


def cv(x: list[int], p: list[int]) -> float:
    """√(Σp(X - X̄)²/Σp) / X̄ in fractions until the root."""
    mean = Fraction(sum(x), sum(p))
    variance = sum(w * (Fraction(a, w) - mean) ** 2 for a, w in zip(x, p, strict=True)) / sum(p)
    return math.sqrt(variance / mean**2)


def gini(x: list[int], p: list[int]) -> float:
    """Σ Σ wᵢwⱼ|Xᵢ - Xⱼ| / (2 W² X̄), the mean difference, by another road than the Lorenz curve."""
    mean = Fraction(sum(x), sum(p))
    units = [(Fraction(a, w), w) for a, w in zip(x, p, strict=True)]
    total = sum(w * v * abs(a - b) for a, w in units for b, v in units)
    return float(total / (2 * sum(p) ** 2 * mean))


def theil(x: list[int], p: list[int]) -> float:
    """Σ (m/M) ln(X/X̄) by math.fsum."""
    total, weight = sum(x), sum(p)
    return math.fsum(a / total * math.log(a * weight / (w * total)) for a, w in zip(x, p, strict=True) if a)


def quantile(x: list[int], p: list[int], q: Fraction) -> float:
    """Hyndman and Fan's seventh in fractions."""
    held = sorted(Fraction(a, w) for a, w in zip(x, p, strict=True))
    place = (len(held) - 1) * q
    low = int(place)
    high = min(low + 1, len(held) - 1)
    return float(held[low] + (held[high] - held[low]) * (place - low))
