"""Where a unit lies: the area of every level it belongs to, from the table of areas."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from junheng.model.region import Region
from junheng.rules.grains import AREAS

_DIGITS = {"province": 2, "city": 4, "county": 6}
"""Leading digits of a national division code that name the area above."""
_TOWN_DIGITS = 9


def lineage(tables: Mapping[str, pl.DataFrame], region: Region | None) -> pl.DataFrame:
    """area_code, area_level and one column for each of AREAS: codes, null where the area has none above.

    What the table does not say follows from a code of the national form, else from the region itself.
    """
    rows: dict[str, tuple[str, str]] = {}
    for name in ("schools",):
        if name in tables:
            rows.update({code: ("", "") for code in tables[name]["area_code"].unique().to_list() if code})
    if "areas" in tables:
        columns = tables["areas"].select("area_code", "level", "parent_code")
        rows.update({code: (level or "", above or "") for code, level, above in columns.iter_rows()})
    known = [(code, rows[code][0], _levels(code, rows, region)) for code in sorted(rows)]
    return pl.DataFrame(
        [(code, level, *(levels.get(area) for area in AREAS)) for code, level, levels in known],
        schema={"area_code": pl.String, "area_level": pl.String, **dict.fromkeys(AREAS, pl.String)},
        orient="row",
    )


def _levels(code: str, rows: Mapping[str, tuple[str, str]], region: Region | None) -> dict[str, str]:
    found: dict[str, str] = {AREAS[0]: ""}
    at, seen = code, set[str]()
    while at and at not in seen:
        seen.add(at)
        level, above = rows.get(at, ("", ""))
        if level:
            found.setdefault(level, at)
        at = above
    if region is not None and region.code:
        for level, length in _DIGITS.items():
            if len(region.code) >= length:
                found.setdefault(level, region.code[:length])
    if code.isdigit() and len(code) >= _TOWN_DIGITS:
        found.setdefault("county", code[: _DIGITS["county"]])
    county = found.get("county", "")
    if county.isdigit():
        found.setdefault("city", county[: _DIGITS["city"]])
        found.setdefault("province", county[: _DIGITS["province"]])
    return found
