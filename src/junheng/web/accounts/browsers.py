"""What a browser calls itself, made short enough to recognise one's own."""

from __future__ import annotations

import re

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Version", "Safari"),
)
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "HarmonyOS", "OpenHarmony", "Linux")
_LONGEST = 60


def browser(agent: str) -> str:
    """`Chrome 128 · Windows`; what is not known stays as it is, cut."""
    named = next(
        (
            f"{name} {found[1]}"
            for mark, name in _BROWSERS
            if (found := re.search(rf"{mark}[A-Za-z]*/(\d+)", agent))
        ),
        "",
    )
    system = next((name for name in _SYSTEMS if name in agent), "")
    return " · ".join(part for part in (named, system) if part) or agent[:_LONGEST]
