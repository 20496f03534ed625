"""A school as an assessment knows it: what it is, and the pupils and classes of each stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from junheng.model.region import Region

COMPULSORY = ("primary", "junior")


@dataclass(frozen=True, slots=True)
class StageOfSchool:
    """One stage a school teaches; None is unknown, never 0."""

    pupils: int | None
    classes: int | None
    migrant_pupils: int | None


@dataclass(frozen=True, slots=True)
class School:
    """A school with its stages."""

    school_id: str
    name: str
    kind: str
    ownership: str
    urban_rural: str
    boarding: bool | None
    opened_year: int | None
    system: str = "63"
    stages: Mapping[str, StageOfSchool] = field(default_factory=dict[str, StageOfSchool])


def schools_of(units: pl.DataFrame, region: Region) -> dict[str, School]:
    """School id -> school, in order, from rows of the grain school_stage."""
    found: dict[str, dict[str, Any]] = {}
    for row in units.sort("school_id", "stage").iter_rows(named=True):
        about = found.setdefault(row["school_id"], {"row": row, "stages": {}})
        about["stages"][row["stage"]] = StageOfSchool(
            row.get("pupils"), row.get("classes"), row.get("migrant_pupils")
        )
    return {
        code: School(
            school_id=code,
            name=str(held["row"].get("school_name") or code),
            kind=str(held["row"].get("school_kind") or ""),
            ownership=str(held["row"].get("ownership") or ""),
            urban_rural=str(held["row"].get("urban_rural") or ""),
            boarding=held["row"].get("boarding"),
            opened_year=held["row"].get("opened_year"),
            system=str(held["row"].get("school_system") or region.school_system),
            stages=held["stages"],
        )
        for code, held in found.items()
    }
