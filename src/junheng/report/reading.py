"""Reads what a report is made from: names, actual history, rows of the base scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, Self, TypeVar

import polars as pl

from junheng.model import TABLES, Finding, Region
from junheng.model.reason import Language
from junheng.model.stages import STAGES, grades_of
from junheng.report import wording
from junheng.rules import Value

BASE = "base"
SPECIAL_KINDS = ("511", "512", "513", "514", "519")


@dataclass(frozen=True, slots=True)
class ReportInput:
    """All that a report is made from.

    `tables` holds the region's input tables and the run's output tables by name; any may be absent.
    `boundaries` is GeoJSON whose features carry `area_code` (or `code`, or an id). `run` describes the run:
    id, origin_year, seed, draws, software, rules_digest and inputs (table -> digest). `map_approval` is the
    approval number (审图号) without which the public form shows no boundaries.
    """

    region: Region
    tables: Mapping[str, pl.DataFrame]
    boundaries: Mapping[str, Any] | None = None
    findings: Sequence[Finding] = ()
    run: Mapping[str, Any] = field(default_factory=dict[str, Any])
    citations: Sequence[Value] = ()
    map_approval: str = ""

    @classmethod
    def of_year(
        cls,
        result: Any,
        inputs: Mapping[str, pl.DataFrame],
        *,
        boundaries: Mapping[str, Any] | None = None,
        run: Mapping[str, Any] | None = None,
        map_approval: str = "",
    ) -> Self:
        """From the result of a year (`junheng.year`) and the tables it was run on."""
        about = {**result.options, "origin_year": result.origin_year, "rules_digest": result.rules_digest}
        return cls(
            region=result.region,
            tables={**inputs, **result.tables},
            boundaries=boundaries,
            findings=result.findings,
            run={**about, **(run or {})},
            citations=result.citations,
            map_approval=map_approval or result.region.map_approval,
        )


Worked = TypeVar("Worked")


def once(work: Callable[[Reading], Worked]) -> Callable[[Reading], Worked]:
    """Let `work` be done once for each reading: headline, figures and tables all ask for it."""

    @wraps(work)
    def held(reading: Reading) -> Worked:
        done = reading.done
        if work.__name__ not in done:
            done[work.__name__] = work(reading)
        return done[work.__name__]

    return held


class Reading:
    """Views of one `ReportInput` in one language, each read once."""

    def __init__(self, source: ReportInput, language: Language) -> None:
        self.source = source
        self.language: Language = language
        self.done: dict[str, Any] = {}
        """What `once` keeps."""

    def say(self, code: str, **parameters: Any) -> str:
        """A sentence of the report's own catalogue."""
        return wording.say(f"report.{code}", self.language, **parameters)

    def table(self, name: str) -> pl.DataFrame | None:
        """The table, or None when it is absent or empty."""
        frame = self.source.tables.get(name)
        return None if frame is None or frame.is_empty() else frame

    def base(self, name: str) -> pl.DataFrame | None:
        """Rows of the base scenario, or None."""
        frame = self.table(name)
        if frame is not None and "scenario" in frame.columns:
            frame = frame.filter(pl.col("scenario") == BASE)
        return None if frame is None or frame.is_empty() else frame

    @cached_property
    def origin(self) -> int | None:
        """The last school year counted."""
        stated = self.source.run.get("origin_year")
        if stated is not None:
            return int(stated)
        return max(self.history["year"].to_list(), default=None) if self.history.height else None

    @cached_property
    def region_name(self) -> str:
        region = self.source.region
        return region.name if self.language == "zh" or not region.name_en else region.name_en

    @cached_property
    def _names(self) -> dict[tuple[str, str], str]:
        code = self.source.region.code
        names = {(kind, code): self.region_name for kind in ("region", "area")}
        for kind, table, key in (("area", "areas", "area_code"), ("school", "schools", "school_id")):
            if (frame := self.table(table)) is not None:
                names |= {(kind, one): name for one, name in frame.select(key, "name").iter_rows()}
        return names

    def name(self, unit_kind: str, unit_code: str) -> str:
        """Name of a region, area or school; its code when nobody named it."""
        return self._names.get((unit_kind, unit_code)) or unit_code

    def unit(self, code: str) -> str:
        """Name of whatever carries this code: a school, an area or the region; the code itself otherwise."""
        for kind in ("school", "area", "region"):
            if (name := self._names.get((kind, code))) is not None:
                return name
        return code

    def sheet(self, table: str) -> str:
        """Name of a declared table, which is also its sheet in the workbook."""
        return TABLES[table].zh if self.language == "zh" else TABLES[table].en

    def stage(self, stage: str) -> str:
        """Name of a stage."""
        return wording.code_name("stage", stage, self.language)

    def label(self, stage: str) -> str:
        """Name of a stage where it begins a line."""
        name = self.stage(stage)
        return name[:1].upper() + name[1:]

    @cached_property
    def enrolled(self) -> pl.DataFrame:
        """school_id, area_code, year, stage, grade, pupils, classes: counted pupils with their stage."""
        schema = {
            "school_id": pl.String,
            "area_code": pl.String,
            "year": pl.Int32,
            "stage": pl.String,
            "grade": pl.String,
            "pupils": pl.Int64,
            "classes": pl.Int64,
        }
        enrolment, schools = self.table("enrolment"), self.table("schools")
        if enrolment is None or schools is None:
            return pl.DataFrame(schema=schema)
        default = self.source.region.school_system
        stages = pl.DataFrame(
            [
                (system, grade, stage)
                for system in ("63", "54")
                for stage in STAGES
                for grade in grades_of(stage, system)
            ],
            schema=["system", "grade", "stage"],
            orient="row",
        )
        about = schools.select(
            "school_id",
            "area_code",
            _column(schools, "school_system").fill_null(default).alias("system"),
            pl.col("kind").is_in(SPECIAL_KINDS).alias("special"),
        )
        joined = enrolment.join(about, on="school_id", how="left").with_columns(
            pl.col("system").fill_null(default)
        )
        joined = joined.join(stages, on=["system", "grade"], how="left").with_columns(
            pl.when(pl.col("special")).then(pl.lit("special")).otherwise(pl.col("stage")).alias("stage")
        )
        if "classes" not in joined.columns:
            joined = joined.with_columns(pl.lit(None, dtype=pl.Int64).alias("classes"))
        return joined.select(list(schema)).filter(pl.col("pupils").is_not_null())

    @cached_property
    def history(self) -> pl.DataFrame:
        """stage, year, pupils of the whole region, from schools or, failing them, from area totals."""
        if self.enrolled.height:
            frame = self.enrolled.group_by("stage", "year").agg(pl.col("pupils").sum())
        elif (areas := self.table("area_enrolment")) is not None:
            code = self.source.region.code
            own = areas.filter(pl.col("area_code") == code)
            frame = own if own.height else areas.filter(pl.col("pupils").is_not_null())
            frame = frame.group_by("stage", "year").agg(pl.col("pupils").sum())
        else:
            frame = pl.DataFrame(schema={"stage": pl.String, "year": pl.Int32, "pupils": pl.Int64})
        return frame.drop_nulls().sort("stage", "year")

    def actual(self, stage: str) -> list[tuple[int, float]]:
        """(year, pupils) counted for a stage up to the origin year, in order."""
        rows = self.history.filter(pl.col("stage") == stage)
        return [
            (y, float(p))
            for _, y, p in rows.select("stage", "year", "pupils").iter_rows()
            if self.origin is None or y <= self.origin
        ]

    @cached_property
    def _regional(self) -> pl.DataFrame | None:
        frame = self.base("forecast_enrolment")
        if frame is None:
            return None
        return frame.filter((pl.col("unit_kind") == "region") & (pl.col("grade") == "all")).sort(
            "stage", "year"
        )

    def path(self, stage: str) -> list[dict[str, Any]]:
        """Forecast rows of the region for a stage, in order of year, after the origin."""
        if self._regional is None:
            return []
        rows = self._regional.filter(pl.col("stage") == stage)
        if self.origin is not None:
            rows = rows.filter(pl.col("year") > self.origin)
        return list(rows.iter_rows(named=True))

    @cached_property
    def stages(self) -> list[str]:
        """Stages there is anything to say about, in order of schooling."""
        found = set(self.history["stage"].to_list())
        if self._regional is not None:
            found |= set(self._regional["stage"].to_list())
        return [stage for stage in STAGES if stage in found]

    def seats(self, stage: str, unit_kind: str = "region") -> list[dict[str, Any]]:
        """Seat outlook rows of a stage for a kind of unit, by unit and year."""
        frame = self.base("seat_outlook")
        if frame is None:
            return []
        rows = frame.filter((pl.col("unit_kind") == unit_kind) & (pl.col("stage") == stage))
        return list(rows.sort("unit_code", "year").iter_rows(named=True))

    @staticmethod
    def capacity(row: dict[str, Any]) -> float | None:
        """Seats a row's gap is measured against: demand less gap, else the standard seats."""
        demand, gap = row["demand_p50"], row["gap_p50"]
        if demand is None or gap is None:
            return row["seats_standard"]
        return max(demand - gap, 0.0)

    def horizon(self, stage: str, unit_kind: str = "region") -> dict[str, dict[str, Any]]:
        """Seat horizon rows of a stage by unit code."""
        frame = self.base("seat_horizon")
        if frame is None:
            return {}
        rows = frame.filter((pl.col("unit_kind") == unit_kind) & (pl.col("stage") == stage))
        return {row["unit_code"]: row for row in rows.iter_rows(named=True)}

    @cached_property
    def seated_stages(self) -> list[str]:
        """Stages the seat outlook speaks of."""
        frame = self.base("seat_outlook")
        found = set() if frame is None else set(frame["stage"].to_list())
        return [stage for stage in STAGES if stage in found]

    @cached_property
    def future(self) -> list[int]:
        """School years looked ahead to, in order."""
        frame = self.base("forecast_enrolment")
        if frame is None:
            frame = self.base("seat_outlook")
        if frame is None:
            return []
        return sorted(y for y in frame["year"].unique().to_list() if self.origin is None or y > self.origin)

    @cached_property
    def areas(self) -> list[str]:
        """Area codes shown in tables and maps, in order: where schools stand, else the finest level."""
        frame = self.table("areas")
        if frame is None:
            return []
        inside = frame.filter(pl.col("area_code") != self.source.region.code)
        schools = self.table("schools")
        used = set() if schools is None else set(schools["area_code"].drop_nulls().to_list())
        chosen = [code for code in inside["area_code"].to_list() if code in used]
        if chosen:
            levels = set(inside.filter(pl.col("area_code").is_in(chosen))["level"].to_list())
            chosen = inside.filter(pl.col("level").is_in(levels))["area_code"].to_list()
        return sorted(chosen or inside["area_code"].to_list())


def _column(frame: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name) if name in frame.columns else pl.lit(None, dtype=pl.String)
