"""What a code list is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodeList:
    """`entries` maps each allowed code to its (Chinese, English) name."""

    name: str
    zh: str
    en: str
    source: str
    entries: dict[str, tuple[str, str]]
