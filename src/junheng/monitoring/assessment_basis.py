"""What the checks of an assessment read: schools by stage, tables of one year, standards of the day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from junheng.model.region import Region
from junheng.model.stages import stages_of_kind
from junheng.rules import Standards, Value

COMPULSORY = ("primary", "junior")
RURAL = ("210", "220")
"""Urban-rural codes of townships and villages (乡中心区, 村庄)."""


@dataclass(frozen=True, slots=True)
class StageOfSchool:
    """One stage a school teaches; None is unknown, never 0."""

    pupils: int | None
    classes: int | None
    migrant_pupils: int | None


@dataclass(frozen=True, slots=True)
class School:
    """A school with its stages. `special`: a special school, judged by none of the items by stage."""

    school_id: str
    name: str
    kind: str
    ownership: str
    urban_rural: str
    boarding: bool | None
    opened_year: int | None
    system: str = "63"
    stages: Mapping[str, StageOfSchool] = field(default_factory=dict[str, StageOfSchool])

    @property
    def special(self) -> bool:
        return stages_of_kind(self.kind) == ("special",)

    @property
    def rural(self) -> bool:
        return self.urban_rural in RURAL

    def total(self, what: str, stages: Sequence[str] = COMPULSORY) -> int | None:
        """Pupils, classes or migrant pupils of the given stages; None as soon as one is unknown."""
        held = [getattr(self.stages[stage], what) for stage in stages if stage in self.stages]
        return None if not held or None in held else sum(held)


@dataclass(frozen=True)
class Basis:
    """The frozen ground of one assessment. `units` are rows of the grain school_stage, open in the year."""

    tables: Mapping[str, pl.DataFrame]
    year: int
    region: Region
    law: Standards
    units: pl.DataFrame
    files: Mapping[str, str] | None = None

    @cached_property
    def schools(self) -> tuple[School, ...]:
        """Schools with pupils of a compulsory or the special stage, in order of their id."""
        found: dict[str, dict[str, Any]] = {}
        for row in self.units.sort("school_id", "stage").iter_rows(named=True):
            about = found.setdefault(row["school_id"], {"row": row, "stages": {}})
            about["stages"][row["stage"]] = StageOfSchool(
                row.get("pupils"), row.get("classes"), row.get("migrant_pupils")
            )
        return tuple(
            School(
                school_id=code,
                name=str(held["row"].get("school_name") or code),
                kind=str(held["row"].get("school_kind") or ""),
                ownership=str(held["row"].get("ownership") or ""),
                urban_rural=str(held["row"].get("urban_rural") or ""),
                boarding=held["row"].get("boarding"),
                opened_year=held["row"].get("opened_year"),
                system=str(held["row"].get("school_system") or self.region.school_system),
                stages=held["stages"],
            )
            for code, held in found.items()
        )

    def compulsory(self) -> Iterator[School]:
        """Schools with pupils in a compulsory stage (a stage without pupils is an exception)."""
        for school in self.schools:
            if not school.special and any(
                stage in school.stages and school.stages[stage].pupils != 0 for stage in COMPULSORY
            ):
                yield school

    def rows(self, table: str, **equal: Any) -> list[dict[str, Any]]:
        """Rows of a table, of this year where it has years, with the columns given equal."""
        frame = self.tables.get(table)
        if frame is None:
            return []
        if "year" in frame.columns and "year" not in equal:
            equal["year"] = self.year
        for name, value in equal.items():
            frame = frame.filter(pl.col(name) == value)
        return list(frame.iter_rows(named=True))

    def amount(self, unit: str, item: str, year: int | None = None, basis: str = "") -> float | None:
        """The finance figure of a unit: the row of all stages, else the sum of its stages; of two bases the
        one asked for, else the final account before the budget. None where nobody reported it."""
        held = self._finance.get((unit, item, self.year if year is None else year), {})
        for one in (basis,) if basis else ("final", "budget"):
            stages = held.get(one)
            if stages:
                return stages[""] if "" in stages else sum(stages.values())
        return None

    @cached_property
    def _finance(self) -> dict[tuple[str, str, int], dict[str, dict[str, float]]]:
        found: dict[tuple[str, str, int], dict[str, dict[str, float]]] = {}
        frame = self.tables.get("finance")
        if frame is None:
            return found
        for row in frame.iter_rows(named=True):
            if row["amount"] is None:
                continue
            by_basis = found.setdefault((row["unit_code"], row["item"], row["year"]), {})
            by_basis.setdefault(row["basis"] or "", {})[row["stage"] or ""] = row["amount"]
        return found

    def value(self, topic: str, key: str) -> Value | None:
        """A number of the law on the day, None where no rule is in force or the topic lacks the key."""
        held = self.law[topic]
        value = held.values.get(key)
        return value if value is not None and value.in_force else None

    def chosen(self, topic: str, key: str) -> bool:
        """Whether a local choice written as a number (1 yes, 0 no) is taken; no where nobody chose."""
        value = self.value(topic, key)
        return value is not None and value.number > 0
