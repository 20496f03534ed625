"""What the address asks for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for beside the scope: the measure, the layout, and whether a map can be drawn."""

    measure: str = "balance"
    meeting: bool = False
    polygons: str = ""
    """Address of the polygons; "" when the region has none here."""
    picture: str = ""
    approval: str = ""
