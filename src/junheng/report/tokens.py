"""Colours and sizes, read from the one stylesheet, so that pages, charts and documents cannot drift apart."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

STYLESHEET = Path(__file__).parent / "templates" / "style.css"


@cache
def stylesheet() -> str:
    """The report's stylesheet."""
    return STYLESHEET.read_text(encoding="utf-8")


@cache
def tokens() -> dict[str, str]:
    """Custom properties of the stylesheet by name without dashes in front."""
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6})\s*;", stylesheet()))


def colour(name: str) -> str:
    """A colour token, as #RRGGBB. KeyError when the stylesheet has none of that name."""
    return tokens()[name]


def ramp(name: str, steps: int) -> list[str]:
    """Colour tokens `name-1` to `name-<steps>`."""
    return [colour(f"{name}-{step}") for step in range(1, steps + 1)]
