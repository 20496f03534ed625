"""Personal values as they are shown: enough to recognise, not enough to use."""

from __future__ import annotations

STAR = "*"
_SHOWN = 4


def name(value: str) -> str:
    """`张伟` as `张*`, `Ada Byron` as `A*`: the first sign, and one star whatever the length."""
    return f"{value[0]}{STAR}" if value else ""


def number(value: str) -> str:
    """A telephone or identity number by its last four signs; shorter ones not at all."""
    digits = value.strip()
    if not digits:
        return ""
    return f"{STAR * 4}{digits[-_SHOWN:]}" if len(digits) >= 2 * _SHOWN - 1 else STAR * _SHOWN


def email(value: str) -> str:
    """`wang@edu.cn` as `w*@edu.cn`."""
    box, at, domain = value.partition("@")
    return f"{box[:1]}{STAR}{at}{domain}" if at else ""
