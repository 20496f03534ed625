"""Finds the numerals of a policy text, so that a test can ask whether each has been accounted for."""

from __future__ import annotations

import re
from fractions import Fraction

NUMERAL = re.compile(
    r"\d+(?:[.:∶]\d+)?[百千万亿]*%?"
    r"|[〇零一二三四五六七八九十百千万亿两]+"
    r"|半|倍|全免费|全覆盖|全面覆盖|双覆盖|覆盖全|全部|所有|绝大多数|班班|每|只增不减"
    r"|(?:高于|低于)(?!\d)"  # a comparison without a number of its own
    r"|(?<![平人生])均(?![衡等])"  # 各区均有, not 平均 人均 生均 均衡 均等
)
"""Arabic and Chinese numerals with their multiplier, and words that stand for a number or a comparison."""

_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_DIGITS = {one: value for value, one in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def paragraphs(text: str) -> list[str]:
    """The lines that are not blank; the first is paragraph 1."""
    return [line for line in text.splitlines() if line.strip()]


def numerals(paragraph: str) -> list[str]:
    """Every numeral of a paragraph in order; the first is number 1."""
    return NUMERAL.findall(paragraph)


def value(numeral: str) -> Fraction | None:
    """The number a numeral says: 95% is 95/100, 1.64万 is 16400, 1∶500 is 500; None for a word."""
    arabic = re.fullmatch(r"(\d+(?:\.\d+)?)([百千万亿]*)(%?)", numeral)
    if arabic:
        number = Fraction(arabic[1])
        for unit in arabic[2]:
            number *= _UNITS[unit]
        return number / 100 if arabic[3] else number
    ratio = re.fullmatch(r"(\d+)[:∶](\d+)", numeral)
    if ratio:
        return Fraction(int(ratio[2]), int(ratio[1]))
    return _chinese(numeral)


def _chinese(numeral: str) -> Fraction | None:
    if not set(numeral) <= _DIGITS.keys() | _UNITS.keys():
        return None
    if not set(numeral) & _UNITS.keys():
        return Fraction("".join(str(_DIGITS[one]) for one in numeral))
    total = digit = 0
    for one in numeral:
        if one in _DIGITS:
            digit = _DIGITS[one]
        else:
            total, digit = total + (digit or 1) * _UNITS[one], 0
    return Fraction(total + digit)
