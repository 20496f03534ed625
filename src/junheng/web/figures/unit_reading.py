"""A run read for one unit of the tree: the report's own reading, through the one door, for any unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import polars as pl

from junheng.report.reading import BASE, Reading, ReportInput
from junheng.web.house.navigation import name_of
from junheng.web.house.scope import Scope
from junheng.web.runs import reading
from junheng.web.runs.models import RunRecord
from junheng.web.workspace import region

UnitKind = Literal["region", "area", "school"]


class ScopedTables(Mapping[str, pl.DataFrame]):
    """Input tables of a run's data version and the run's outputs for one scenario, inside a scope; each read
    when asked for, once. A scenario's rows are called `base`, so that what reads a base reads them."""

    def __init__(self, scope: Scope, record: RunRecord, scenario: str = BASE) -> None:
        self._scope, self._record, self._scenario = scope, record, scenario
        self._outputs = reading.run(record.run_id).record.outputs
        self._held: dict[str, pl.DataFrame | None] = {}

    def __getitem__(self, name: str) -> pl.DataFrame:
        if name not in self._held:
            self._held[name] = self._read(name)
        found = self._held[name]
        if found is None:
            raise KeyError(name)
        return found

    def _read(self, name: str) -> pl.DataFrame | None:
        if name not in self._outputs:
            return reading.table(self._scope, name, self._record.data_version or None)
        return self.narrowed(name, None)

    def narrowed(self, name: str, where: pl.Expr | None) -> pl.DataFrame | None:
        """Rows of an output table that also satisfy `where`; None when the run has no such table."""
        frame = reading.read(self._scope, self._record, name, scenario=self._scenario, where=where)
        if frame is not None and self._scenario != BASE and "scenario" in frame.columns:
            frame = frame.with_columns(scenario=pl.lit(BASE))
        return frame

    def __iter__(self) -> Iterator[str]:
        return iter(self._outputs)

    def __len__(self) -> int:
        return len(self._outputs)


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as the tables name it."""

    kind: UnitKind
    code: str
    name: str


def place(scope: Scope) -> Place:
    """The scope's unit as tables name it: the region for itself and all above it."""
    unit = scope.unit
    if unit.level == "school":
        return Place("school", unit.code, name_of(unit, scope.language))
    if reading.sees_whole_region(scope):
        own = region()
        named = own.name if scope.language == "zh" or not own.name_en else own.name_en
        return Place("region", own.code, named)
    return Place("area", unit.code, name_of(unit, scope.language))


def unit_reading(scope: Scope, record: RunRecord, scenario: str = BASE) -> UnitReading:
    """The reading of a run for the scope's unit; the same one for all who see the same."""
    return reading.kept(scope, record, "reading", lambda own: UnitReading(own, record, scenario), scenario)


class UnitReading(Reading):
    """What the report reads of the region, read of one unit: its counts, its forecast, its seats."""

    def __init__(self, scope: Scope, record: RunRecord, scenario: str = BASE) -> None:
        self.scoped = ScopedTables(scope, record, scenario)
        self.place = place(scope)
        about = reading.run(record.run_id).record
        facts = {**about.options, "id": record.run_id, "seed": about.seed, "software": about.software}
        super().__init__(ReportInput(region(), self.scoped, run=facts), scope.language)
        self._bases: dict[str, pl.DataFrame | None] = {}

    def base(self, name: str) -> pl.DataFrame | None:
        """Rows of the scenario read, or None when there are none; looked up once."""
        if name not in self._bases:
            frame = self.table(name)
            self._bases[name] = None if frame is None or frame.is_empty() else frame
        return self._bases[name]

    @cached_property
    def region_name(self) -> str:
        """Name of the unit read: it stands where the report names the region."""
        return self.place.name

    @cached_property
    def _regional(self) -> pl.DataFrame | None:
        frame = self.own("forecast_enrolment", pl.col("grade") == "all")
        return None if frame is None else frame.sort("stage", "year")

    def own(self, name: str, where: pl.Expr | None = None) -> pl.DataFrame | None:
        """The unit's own rows of an output table, or None when there are none."""
        mine = (pl.col("unit_kind") == self.place.kind) & (pl.col("unit_code") == self.place.code)
        frame = self.scoped.narrowed(name, mine if where is None else mine & where)
        return None if frame is None or frame.is_empty() else frame

    @cached_property
    def _outlook(self) -> pl.DataFrame | None:
        return self.own("seat_outlook")

    def own_seats(self, stage: str) -> list[dict[str, Any]]:
        """The unit's seat outlook for a stage, in order of year."""
        if self._outlook is None:
            return []
        rows = self._outlook.filter(pl.col("stage") == stage).sort("year")
        return list(rows.iter_rows(named=True))

    def seats(self, stage: str, unit_kind: str = "region") -> list[dict[str, Any]]:
        """Seat outlook rows of a stage: the unit's own where the report means the region."""
        return self.own_seats(stage) if unit_kind == "region" else super().seats(stage, unit_kind)

    @cached_property
    def own_stages(self) -> list[str]:
        """Stages in which the unit itself has seats."""
        found = set() if self._outlook is None else set(self._outlook["stage"].to_list())
        return [stage for stage in self.stages if stage in found] or [
            stage for stage in self.seated_stages if stage in found
        ]

    @cached_property
    def children(self) -> tuple[UnitKind, list[str]]:
        """Kind and codes of the units one level below: areas, else schools; in order of code."""
        if self.place.kind == "school":
            return "school", [self.place.code]
        areas = self.table("areas")
        outlook = self.base("seat_outlook")
        seated = pl.DataFrame(schema=["unit_kind", "unit_code"]) if outlook is None else outlook
        if areas is not None:
            inside = areas.filter(pl.col("area_code") != self.place.code)
            below = inside.filter(pl.col("parent_code") == self.place.code)["area_code"].to_list()
            if not below and self.place.kind == "region":
                below = super().areas
            with_seats = set(seated.filter(pl.col("unit_kind") == "area")["unit_code"].to_list())
            if kept := sorted(set(below) & with_seats):
                return "area", kept
        schools = seated.filter(pl.col("unit_kind") == "school")["unit_code"].unique().to_list()
        return "school", sorted(schools)

    @cached_property
    def areas(self) -> list[str]:
        """Areas one level below, over which shortages are summed."""
        kind, codes = self.children
        return codes if kind == "area" else []
