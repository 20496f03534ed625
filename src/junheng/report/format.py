"""Numbers, ranges and dates as a reader of Chinese or English expects them; rounding is half up."""

from __future__ import annotations

import math
from collections.abc import Iterable

from junheng.model.reason import Language

BLANK = "—"
_WAN = 10_000
_WAN_FROM = 100_000


def half_up(value: float, decimals: int = 0) -> float:
    """`value` rounded half away from zero; the tiny term undoes binary representation (2.675 is 2.68)."""
    scale = 10**decimals
    return math.copysign(math.floor(abs(value) * scale + 0.5 + 1e-9), value) / scale + 0.0


def missing(value: float | None) -> bool:
    """Whether there is no number to show."""
    return value is None or math.isnan(value)


def count(value: float | None) -> str:
    """A whole number with thousands commas, as in tables."""
    if value is None or math.isnan(value):
        return BLANK
    return f"{int(half_up(value)):,}".replace("-", "−")


def spoken(value: float | None, language: Language = "zh") -> str:
    """A whole number for a sentence: Chinese in 万 with one decimal from 100,000."""
    if value is None or math.isnan(value):
        return BLANK
    if language == "zh" and abs(value) >= _WAN_FROM:
        return f"{half_up(value / _WAN, 1):,.1f} 万"
    return count(value)


def signed(value: float | None) -> str:
    """A change: always with its sign."""
    if value is None or math.isnan(value):
        return BLANK
    whole = int(half_up(value))
    return f"+{whole:,}" if whole > 0 else count(whole)


def between(low: float | None, high: float | None) -> str:
    """A range from low to high, whole numbers."""
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return BLANK
    if low < 0 or high < 0:
        return f"{count(low)} ~ {count(high)}"
    return f"{count(low)}–{count(high)}"


def percent(share: float | None, decimals: int = 0) -> str:
    """A share as per cent. What is not quite certain never shows as 0 % or 100 %."""
    if share is None or math.isnan(share):
        return BLANK
    least = 10.0**-decimals
    value = half_up(share * 100, decimals)
    if value <= 0 < share:
        return f"<{least:.{decimals}f}%"
    if value >= 100 > share * 100:
        return f">{100 - least:.{decimals}f}%"
    return f"{value:.{decimals}f}%"


def decimal(value: float | None, decimals: int) -> str:
    """A number with fixed decimals."""
    if value is None or math.isnan(value):
        return BLANK
    return f"{half_up(value, decimals):,.{decimals}f}".replace("-", "−")


def plain(value: float | int | str | None) -> str:
    """A value of a standard: whole numbers without decimals, others as they stand."""
    if value is None:
        return BLANK
    if isinstance(value, float):
        return count(value) if value.is_integer() else f"{value:g}"
    return count(value) if isinstance(value, int) else value


def school_year(year: int | None, language: Language = "zh") -> str:
    """2027 is 2027—2028 学年, in English 2027–28."""
    if year is None:
        return BLANK
    return f"{year}—{year + 1} 学年" if language == "zh" else f"{year}–{(year + 1) % 100:02d}"


def listed(parts: Iterable[str], language: Language = "zh") -> str:
    """Words in a row: with 、 in Chinese; commas and a final "and" in English."""
    words = [part for part in parts if part]
    if language == "zh":
        return "、".join(words)
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} and {words[-1]}"


def numeral(number: int, language: Language = "zh") -> str:
    """Number of a section: 一、二、 … in Chinese, 1, 2 in English (1 to 99)."""
    if language == "en":
        return str(number)
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{digits[tens]}十")
    return head + (digits[ones] if ones else "")
