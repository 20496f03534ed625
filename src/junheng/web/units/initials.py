"""First letters of a Chinese name's pinyin, by which the picker finds a unit."""

from __future__ import annotations


def initials(name: str) -> str:
    """`广州荔湾` as `gzlw`; letters and digits stay as they are, all in lower case."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its dictionary takes a second, few processes need it

    parts = lazy_pinyin(name, style=Style.FIRST_LETTER)
    return "".join(char for char in "".join(parts).lower() if char.isalnum())[:100]
