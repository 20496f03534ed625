"""Quantities and conditions of a declaration as narwhals expressions over scaled whole numbers.

Every number enters the engines as Int64, multiplied by ten to the power of its column's decimals, so that
sums are exact in any row order on any engine and comparisons with a line multiply across instead of dividing.
Conditions are three-valued: a blank cell makes them null, never false.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl

from junheng.model.errors import BadData
from junheng.model.reason import Finding
from junheng.monitoring.dialect import Words
from junheng.rules.indicator import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Indicator,
    Literals,
    Not,
    Operand,
    Quantity,
    Standard,
)

DECIMALS = (2, 4, 6)
"""Decimals a measured number may carry: money and areas two; finer ones where the data need them."""
_CLOSE = 1e-6

Decimals = Mapping[str, int]
"""Decimals by which each numeric column of a frame is scaled; text columns are absent."""


def exact(number: float | int) -> Fraction:
    """The decimal fraction a number was written as: 4.2 is 42/10, not its nearest binary neighbour."""
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def columns_of(indicator: Indicator) -> set[str]:
    """Every column of the facts an indicator reads beside the groups it is reported by."""
    named = {term.column for term in _terms(indicator)}
    conditions = [one.when for one in indicator.exclude]
    conditions += [one for one in (indicator.where, indicator.value.condition) if one is not None]
    conditions += [term.when for term in _terms(indicator) if term.when is not None]
    for condition in conditions:
        named |= _read_by(condition)
    return named | ({indicator.split} if indicator.split else set())


def _terms(indicator: Indicator) -> Quantity:
    value = indicator.value
    return (*value.num, *value.den, *value.column, *indicator.weight)


def _read_by(condition: Condition) -> set[str]:
    named: set[str] = set()
    for one in _comparisons(condition):
        named.add(one.column)
        standards = (one.operand.standard, one.operand.times, one.operand.per)
        named |= {name for name in (one.operand.column, *(s.by for s in standards if s)) if name}
    return named


def _comparisons(condition: Condition) -> Iterator[Comparison]:
    if isinstance(condition, Comparison):
        yield condition
    elif isinstance(condition, Not):
        yield from _comparisons(condition.part)
    else:
        for part in condition.parts:
            yield from _comparisons(part)


def scaled(frame: pl.DataFrame, columns: Sequence[str]) -> tuple[pl.DataFrame, Decimals]:
    """(`columns` of `frame` as the engines take them, their decimals): whole numbers, flags as 0 and 1,
    texts.

    A NaN is a blank. Dates become ISO texts. BadData where a column is absent, where two columns of the frame
    differ by case only, or where a number is finer than six decimals or beyond what 64 bits hold exactly.
    """
    _refuse_case_twins(frame)
    decimals: dict[str, int] = {}
    taken: list[pl.Expr] = []
    for name in columns:
        if name not in frame.columns:
            raise BadData("monitoring.column_missing", {"column": name, "known": ", ".join(frame.columns)})
        kind = frame.schema[name]
        if isinstance(kind, pl.String | pl.Categorical | pl.Enum):
            taken.append(pl.col(name).cast(pl.String))
        elif isinstance(kind, pl.Null):
            decimals[name] = 0
            taken.append(pl.col(name).cast(pl.Int64))
        elif isinstance(kind, pl.Date | pl.Datetime):
            taken.append(pl.col(name).dt.to_string("iso"))
        elif kind.is_float():
            decimals[name] = decimals_needed(frame[name])
            taken.append((pl.col(name).fill_nan(None) * 10 ** decimals[name]).round(0).cast(pl.Int64))
        else:
            decimals[name] = 0
            taken.append(pl.col(name).cast(pl.Int64))
    return frame.select(taken), decimals


def decimals_needed(values: pl.Series) -> int:
    """The scale of a column, one of DECIMALS. BadData where a number is finer than six decimals or too large
    for it."""
    held = values.drop_nulls().to_numpy()
    held = held[~np.isnan(held)]
    if not len(held):
        return DECIMALS[0]
    for digits in DECIMALS:
        wide = held * 10.0**digits
        with np.errstate(invalid="ignore"):  # infinity less itself is no number, and refused
            away = float(np.abs(wide - np.rint(wide)).max())
        if away < _CLOSE:
            if float(np.abs(wide).max()) >= 2**53:
                break
            return digits
    raise BadData(
        "monitoring.column_unsuited",
        {"column": values.name},
        [
            Finding(
                "monitoring.column_unsuited", "error", column=values.name, parameters={"column": values.name}
            )
        ],
    )


def _refuse_case_twins(frame: pl.DataFrame) -> None:
    lowered = [name.lower() for name in frame.columns]
    if twins := sorted({name for name in frame.columns if lowered.count(name.lower()) > 1}):
        raise BadData("monitoring.case_twins", {"columns": ", ".join(twins)})


def quantity(words: Words, terms: Quantity, decimals: Decimals) -> tuple[nw.Expr, int]:
    """(the sum of the terms as Int64, its decimals). A blank term makes it blank, unless ruled out by
    `when`."""
    digits = max(decimals[term.column] for term in terms)
    parts: list[nw.Expr] = []
    for term in terms:
        part = words.col(term.column) * (term.sign * 10 ** (digits - decimals[term.column]))
        if term.when is not None:
            holds = condition(words, term.when, decimals)
            part = words.when(holds).then(part).otherwise(words.when(~holds).then(words.lit(0)))
        parts.append(part)
    return reduce(lambda one, other: one + other, parts), digits


def condition(words: Words, asked: Condition, decimals: Decimals) -> nw.Expr:
    """`asked` as a Boolean expression, null where a blank leaves it open."""
    if isinstance(asked, Comparison):
        return _comparison(words, asked, decimals)
    if isinstance(asked, Not):
        return ~condition(words, asked.part, decimals)
    parts = [condition(words, part, decimals) for part in asked.parts]
    if isinstance(asked, AllOf):
        return reduce(lambda one, other: one & other, parts)
    assert isinstance(asked, AnyOf)
    return reduce(lambda one, other: one | other, parts)


def _comparison(words: Words, asked: Comparison, decimals: Decimals) -> nw.Expr:
    operand, column = asked.operand, words.col(asked.column)
    if asked.op == "known":
        wanted = operand.literals[0] if operand.literals else True
        return ~column.is_null() if wanted else column.is_null()
    if asked.column not in decimals:
        return _text(words, asked, column)
    if asked.op in ("in", "not_in"):
        found = reduce(
            lambda one, other: one | other,
            [
                _against(words, asked.column, "eq", Operand(literals=(one,)), decimals)
                for one in operand.literals
            ],
        )
        return found if asked.op == "in" else ~found
    return _against(words, asked.column, asked.op, operand, decimals)


def _text(words: Words, asked: Comparison, column: nw.Expr) -> nw.Expr:
    texts = [_spelled(one) for one in asked.operand.literals]
    if asked.operand.column:
        return _ordered(column, asked.op, words.col(asked.operand.column))
    if asked.op in ("in", "not_in"):
        found = reduce(lambda one, other: one | other, [column == text for text in texts])
        return found if asked.op == "in" else ~found
    return _ordered(column, asked.op, words.lit(texts[0]))


def _spelled(literal: Literals) -> str:
    return literal if isinstance(literal, str) else str(literal)


def _against(words: Words, name: str, op: str, operand: Operand, decimals: Decimals) -> nw.Expr:
    """A number against a number, multiplied across: column x denominators op numerators."""
    left, right = words.col(name), words.lit(10 ** decimals[name])
    if operand.literals:
        value = exact(_number(operand.literals[0]))
        left, right = left * value.denominator, words.lit(value.numerator * 10 ** decimals[name])
    elif operand.standard is not None:
        above, below = _of_standard(words, operand.standard)
        left, right = left * below, above * 10 ** decimals[name]
    else:
        left = left * 10 ** decimals[operand.column]
        right = words.col(operand.column) * 10 ** decimals[name]
    if operand.times is not None:
        above, below = _of_standard(words, operand.times)
        left, right = left * below, right * above
    if operand.per is not None:
        above, below = _of_standard(words, operand.per)
        left, right = left * above, right * below
    return _ordered(left, op, right)


def _number(literal: Literals) -> float | int:
    if isinstance(literal, str):
        raise BadData("monitoring.not_a_number", {"value": literal})
    return int(literal) if isinstance(literal, bool) else literal


def _of_standard(words: Words, standard: Standard) -> tuple[nw.Expr, int]:
    """(numerator, common denominator) of a standard for each row; null where no rule is in force."""
    fractions = {
        group: exact(value.value) for group, value in standard.values.items() if value.value is not None
    }
    below = math.lcm(*(value.denominator for value in fractions.values())) if fractions else 1
    if not standard.by:
        return words.lit(int(fractions[""] * below) if fractions else None, words.whole), below
    chosen: nw.Expr = words.lit(None, words.whole)
    for group, value in fractions.items():
        chosen = (
            words.when(words.col(standard.by) == group).then(words.lit(int(value * below))).otherwise(chosen)
        )
    return chosen, below


def _ordered(left: nw.Expr, op: str, right: nw.Expr) -> nw.Expr:
    match op:
        case "eq":
            return left == right
        case "ne":
            return left != right
        case "lt":
            return left < right
        case "le":
            return left <= right
        case "gt":
            return left > right
        case _:
            return left >= right
