"""Drawings without inline styles, which a strict content security policy forbids."""

from __future__ import annotations

import re

_STYLE = re.compile(r' style="([^"]*)"')
_KEPT = (
    "fill",
    "fill-opacity",
    "fill-rule",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "opacity",
    "text-anchor",
    "font-size",
    "font-weight",
)


def without_styles(svg: str) -> str:
    """The drawing with every style property as an attribute of its own. The type is the page's."""
    return _STYLE.sub(lambda match: _attributes(match.group(1)), svg)


def _attributes(style: str) -> str:
    found: list[str] = []
    for part in style.split(";"):
        name, _, value = part.partition(":")
        name, value = name.strip(), value.strip()
        if name in _KEPT and value:
            found.append(f'{name}="{value.removesuffix("px")}"')
    return "".join(f" {one}" for one in found)
