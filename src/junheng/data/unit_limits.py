"""Whose rows an import may touch: a school sends its own rows, a county those of the areas below it.

Rows of other units may stand in the file as long as they say what is already known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from junheng.data import faults
from junheng.model import INPUTS, Region, Table

if TYPE_CHECKING:
    from junheng.data.assembly import Assembly


@dataclass(frozen=True, slots=True)
class Limits:
    """The units that may send: schools by id, areas by code with everything below them."""

    schools: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()


def check(
    limits: Limits,
    tables: Mapping[str, pl.DataFrame],
    old: Mapping[str, pl.DataFrame],
    work: Assembly,
    region: Region,
) -> list[pl.DataFrame]:
    """A fault for each new or changed row of another unit, each row of another unit that a replaced table
    would lose, and a map that would be replaced.

    `tables` carry provenance. A row belongs to the first school or area it names. Where a key is known, the
    row in the workspace says whose it is, too: nobody takes over another's school by naming his own area.
    """
    if region.code in limits.areas:
        return []
    mine = Within(limits, region, tables, old)
    found: list[pl.DataFrame] = []
    if work.boundaries is not None:
        found.append(faults.one("intake.outside_unit_map", file=work.boundaries_file))
    for name, frame in tables.items():
        table, before = INPUTS[name], old.get(name, INPUTS[name].empty())
        column = unit_column(table)
        touched = frame.join(before, on=table.names, how="anti", nulls_equal=True, maintain_order="left")
        known = before.filter(~mine.rows(table)).select(table.key)
        wrong = [
            touched.filter(~mine.rows(table)),
            touched.join(known, on=list(table.key), how="semi", nulls_equal=True, maintain_order="left"),
            *([mine.moved(touched)] if name == "schools" else []),
        ]
        rows = pl.concat(wrong).unique([faults.SOURCE, faults.ROW, *table.key], maintain_order=True)
        field = column or table.key[0]
        found.append(
            faults.of_rows(
                rows,
                "intake.outside_unit",
                "error",
                table=name,
                places=work.places,
                heading=work.headings.get(name, {}).get(field, table.column(field).zh),
                field=field,
                value=pl.col(field),
                parameters={"table_zh": table.zh, "table_en": table.en},
            )
        )
        found.append(_of_the_region(table, touched, before, work))
        if work.mode == "replace":
            lost = known.join(frame, on=list(table.key), how="anti", nulls_equal=True).height
            if lost:
                found.append(
                    faults.one(
                        "intake.outside_unit_lost",
                        table=name,
                        count=lost,
                        table_zh=table.zh,
                        table_en=table.en,
                    )
                )
    return found


def _of_the_region(table: Table, touched: pl.DataFrame, before: pl.DataFrame, work: Assembly) -> pl.DataFrame:
    """Rows in which a unit writes what only the region may, such as a review of its own evidence, and rows
    that bear it already: what was reviewed is not exchanged under its review."""
    kept = [column.name for column in table.columns if column.by_region]
    if not kept:
        return faults.none()
    bears = pl.any_horizontal(pl.col(name).is_not_null() for name in kept)
    known = before.filter(bears).select(table.key)
    judged = touched.join(known, on=list(table.key), how="semi", nulls_equal=True, maintain_order="left")
    rows = pl.concat([touched.filter(bears), judged]).unique(
        [faults.SOURCE, faults.ROW, *table.key], maintain_order=True
    )
    return faults.of_rows(
        rows,
        "intake.region_alone",
        "error",
        table=table.name,
        places=work.places,
        heading=work.headings.get(table.name, {}).get(kept[-1], table.column(kept[-1]).zh),
        field=kept[-1],
        value=pl.col(kept[-1]).cast(pl.String),
        parameters={
            "names": "、".join(table.column(name).zh for name in kept),
            "names_en": ", ".join(kept),
        },
    )


def unit_column(table: Table) -> str:
    """The column that says whose a row is, the first that names a school or an area; empty if none does, or
    if the table is the region's own."""
    if table.by_region:
        return ""
    for column in table.columns:
        if column.references in ("schools.school_id", "areas.area_code"):
            return column.name
        if (table.name, column.name) in (("schools", "school_id"), ("areas", "area_code")):
            return column.name
    return ""


class Within:
    """Schools and areas within the limits; what the workspace says of one goes before the file."""

    def __init__(
        self,
        limits: Limits,
        region: Region,
        tables: Mapping[str, pl.DataFrame],
        old: Mapping[str, pl.DataFrame],
    ) -> None:
        parents = {**_pairs(tables.get("areas"), "parent_code"), **_pairs(old.get("areas"), "parent_code")}
        above = {code: parent or region.code for code, parent in parents.items()}
        self.areas = {code for code in {*above, *limits.areas} if _reaches(code, limits.areas, above)}
        lies_in = {**_pairs(tables.get("schools"), "area_code"), **_pairs(old.get("schools"), "area_code")}
        self.schools = {school for school, area in lies_in.items() if area in self.areas} | limits.schools
        self.old_schools = old.get("schools", INPUTS["schools"].empty())

    def rows(self, table: Table) -> pl.Expr:
        """Whether a row is of a unit within the limits."""
        column = unit_column(table)
        if not column:
            return pl.lit(False)
        references = table.column(column).targets or (f"{table.name}.{column}",)
        inside: set[str] = set()
        for reference in references:
            inside |= self.schools if reference == "schools.school_id" else self.areas
        return pl.col(column).is_in(sorted(inside)).fill_null(False)

    def moved(self, schools: pl.DataFrame) -> pl.DataFrame:
        """Rows of `schools` that put a school into an area outside the limits where it was not before."""
        elsewhere = schools.filter(~pl.col("area_code").is_in(sorted(self.areas)).fill_null(False))
        return elsewhere.join(
            self.old_schools,
            on=["school_id", "area_code"],
            how="anti",
            nulls_equal=True,
            maintain_order="left",
        )


def _pairs(frame: pl.DataFrame | None, column: str) -> dict[str, str]:
    if frame is None:
        return {}
    first = next(iter(frame.columns))
    return dict(frame.select(pl.col(first), pl.col(column).fill_null("")).drop_nulls().iter_rows())


def _reaches(code: str, wanted: frozenset[str], above: Mapping[str, str]) -> bool:
    seen: set[str] = set()
    while code and code not in seen:
        if code in wanted:
            return True
        seen.add(code)
        code = above.get(code, "")
    return False
