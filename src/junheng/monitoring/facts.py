"""One frame for each grain: a row a unit, the declared columns in natural units, its areas, its pupils.

A blank stays null and 0 stays 0: a sum over grades or stages with a blank among them is blank. Numbers of
people, areas and money are floats with at most two decimals, exact when multiplied by 100.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from junheng.model import INPUTS
from junheng.model.errors import Refused
from junheng.model.reason import Finding
from junheng.model.region import Region
from junheng.monitoring import school_facts, unit_facts
from junheng.monitoring.places import lineage
from junheng.rules import Standards
from junheng.rules.grains import AREAS, GRAINS, Grain
from junheng.rules.indicator import Indicator

Tables = Mapping[str, pl.DataFrame]
YEAR_OF = "year_of_facts"
"""Column of the year a row belongs to in facts of several years; `year` may be that of an older result."""


@dataclass(frozen=True)
class Facts:
    """The rows of one grain in one year, in order of key, with what was doubted on the way.

    areas: every area with the areas above it, for groups nobody reported on. In the facts of several `years`
    (`joined`) the column YEAR_OF says which one a row belongs to, and `year` is the last.
    """

    grain: str
    year: int
    frame: pl.DataFrame
    areas: pl.DataFrame
    findings: tuple[Finding, ...] = ()
    years: tuple[int, ...] = ()

    @staticmethod
    def joined(years: Sequence[Facts]) -> Facts:
        """The facts of several years, in order of year, of one grain and one set of areas."""
        marked = [one.frame.with_columns(pl.lit(one.year, pl.Int32).alias(YEAR_OF)) for one in years]
        frame = pl.concat(marked, how="diagonal")
        return replace(years[-1], frame=frame, years=tuple(one.year for one in years))

    def of_year(self, year: int) -> Facts:
        """The rows of one of several years, still marked with it."""
        return replace(self, year=year, years=(year,), frame=self.frame.filter(pl.col(YEAR_OF) == year))

    def units(self, indicator: Indicator, by: Sequence[str]) -> pl.DataFrame:
        """Every group a report `by` these columns could show: areas, and the stages the line
        speaks of, one "" where it speaks of none. No row when the groups are told apart by anything else."""
        areas = [name for name in by if name in AREAS]
        if not areas or any(name not in (*AREAS, "stage") for name in by):
            return pl.DataFrame(schema=dict.fromkeys(by, pl.String))
        finest = max(areas, key=AREAS.index)
        places = self.areas.select(areas).filter(pl.col(finest).is_not_null()).unique()
        if "stage" not in by:
            return places.select(by)
        stages = pl.DataFrame({"stage": stages_of_line(indicator) or [""]}, schema={"stage": pl.String})
        return places.join(stages, how="cross").select(by)


def stages_of_line(indicator: Indicator) -> list[str]:
    """The stages for which the indicator's line is set one by one."""
    threshold = indicator.threshold
    by_stage = threshold is not None and threshold.standard.by == "stage"
    return sorted(threshold.standard.values) if threshold is not None and by_stage else []


def facts(tables: Tables, grain: str, year: int, region: Region | None, law: Standards) -> pl.DataFrame:
    """The frame of `gathered`."""
    return gathered(tables, grain, year, region, law).frame


def gathered(tables: Tables, grain: str, year: int, region: Region | None, law: Standards) -> Facts:
    """The facts of a grain in a school year; Refused for a grain nobody declared.

    Every column the grain offers is there, null where the tables hold nothing of it.
    """
    return Ground.of(tables, region).facts(grain, year, law)


@dataclass(frozen=True)
class Ground:
    """Tables as facts are made of: declared columns alone, and where each area lies. Facts are kept, as long
    as the ground is, by what the law says of them."""

    tables: Tables
    places: pl.DataFrame
    region: Region | None
    kept: dict[tuple[Any, ...], Facts] = field(default_factory=dict[tuple[Any, ...], Facts], repr=False)

    @staticmethod
    def of(tables: Tables, region: Region | None) -> Ground:
        """The ground of a region's tables."""
        held = {name: _lowered(name, frame) for name, frame in tables.items() if name in INPUTS}
        return Ground(held, lineage(held, region), region)

    def facts(self, grain: str, year: int, law: Standards) -> Facts:
        """`gathered` on this ground."""
        if grain not in GRAINS:
            raise Refused("monitoring.grain_unknown", {"grain": grain, "known": ", ".join(GRAINS)})
        key = (grain, year, _law_of_facts(law))
        if key not in self.kept:
            frame, findings = MAKERS[grain](self.tables, year, self.region, law, self.places)
            whole = _complete(frame, GRAINS[grain])
            self.kept[key] = Facts(grain, year, whole, self.places, tuple(findings))
        return self.kept[key]


def _lowered(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The table with every declared column, missing ones null; other columns do not concern a fact."""
    table = INPUTS[name]
    present = {column.lower(): column for column in frame.columns}
    return frame.select(
        (pl.col(present[c.name]) if c.name in present else pl.lit(None)).cast(c.polars_type).alias(c.name)
        for c in table.columns
    )


def _complete(frame: pl.DataFrame, grain: Grain) -> pl.DataFrame:
    """Every column the grain offers, in order of key; what no table gave is null."""
    kinds: dict[str, Any] = {
        grain.renamed.get(column.name, column.name): column.polars_type
        for table in grain.tables
        if table in INPUTS
        for column in INPUTS[table].columns
    }
    absent = sorted(grain.columns() - set(frame.columns))
    filled = frame.with_columns(pl.lit(None, kinds.get(name, pl.Float64)).alias(name) for name in absent)
    return filled.sort([name for name in grain.key if name in filled.columns], maintain_order=True)


Maker = Callable[
    [Tables, int, "Region | None", Standards, pl.DataFrame], "tuple[pl.DataFrame, list[Finding]]"
]
STANDARDS = ("small_school", "split_weights", "teacher_degrees", "training")
"""What facts ask the law: how many pupils a small school is reckoned to have, by which weights stages share,
what counts of teachers out of the roll of teachers rest on."""


def _law_of_facts(law: Standards) -> tuple[object, ...]:
    """STANDARDS in numbers: two laws with the same make the same facts."""
    return tuple((topic, key, law[topic].get(key)) for topic in STANDARDS for key in law[topic])


MAKERS: dict[str, Maker] = {
    "school_stage": school_facts.by_stage,
    "school": school_facts.by_school,
    "kindergarten": school_facts.kindergartens,
    "class": school_facts.classes,
    "room": school_facts.rooms,
    "teacher": school_facts.teachers,
    "finance": unit_facts.finance,
    "unit_count": unit_facts.reported_counts,
    "result": unit_facts.external_results,
    "survey": unit_facts.surveys,
    "area": unit_facts.areas,
}
"""How the rows of each grain are made."""
