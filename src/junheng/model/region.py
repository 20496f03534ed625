"""What a region says about itself in `region.toml`."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Region:
    """A bureau's region.

    `code` is the national division code (2, 4 or 6 digits, 9 for a street). `synthetic` regions are declared
    so wherever their figures show. `map_approval` is the approval number (审图号) of its map; without
    it no boundary is shown to the public. `above` names the city and the province over it by their codes.
    `assumptions` holds local numbers the region states itself
    (name -> value), each shown with its origin.
    """

    code: str
    name: str
    name_en: str = ""
    bureau: str = ""
    school_system: str = "63"
    synthetic: bool = False
    map_approval: str = ""
    assumptions: dict[str, float] = field(default_factory=dict[str, float])
    above: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def lineage(self) -> tuple[str, ...]:
        """Codes whose standards apply, from the nation ("") down to this region."""
        lengths = [length for length in (2, 4, 6, 9) if length <= len(self.code)]
        return ("", *(self.code[:length] for length in lengths))
