"""Rules across rows and tables: what each cell alone cannot tell."""

from __future__ import annotations

import polars as pl

from junheng.data import (
    cross_checks_admission,
    cross_checks_conditions,
    cross_checks_reports,
    faults,
    unit_guards,
)
from junheng.data.cross_rules import Headings, Places, Rules, Tables
from junheng.model import Region
from junheng.model.stages import GRADES, KINDERGARTEN_GRADES, STAGES_BY_KIND, stage_of

JUMP = 10.0
"""A count that grows or shrinks tenfold in a year is a slip of the pen until somebody says otherwise."""
JUMP_FROM = 50
TOTAL_TOLERANCE = 0.005
CROWDED_CLASS = 120
"""No room holds more children; above this, pupils or classes were mistyped."""


def all_rules(tables: Tables, region: Region, places: Places, headings: Headings) -> list[pl.DataFrame]:
    """Every rule whose tables are there."""
    rules = _Rules(tables, region, places, headings)
    found: list[pl.DataFrame] = []
    if "enrolment" in tables:
        found += [
            rules.grade_outside_kind(),
            rules.outside_life(),
            rules.parts_exceed_whole(),
            rules.class_sizes(),
            rules.jumps("enrolment", "pupils", ("school_id", "grade")),
        ]
    if "births" in tables:
        found.append(rules.jumps("births", "births", ("area_code", "month", "basis")))
    if "area_enrolment" in tables:
        found += [
            rules.jumps("area_enrolment", c, ("area_code", "stage"))
            for c in ("entrants", "pupils", "graduates")
        ]
        found.append(rules.area_totals())
    if "schools" in tables:
        found += [rules.life_backwards(), rules.same_name()]
    if "areas" in tables:
        found.append(rules.circular_areas())
    for room in (cross_checks_conditions, cross_checks_reports, unit_guards, cross_checks_admission):
        found += room.all_rules(tables, region, places, headings)
    return found


class _Rules(Rules):
    def grade_outside_kind(self) -> pl.DataFrame:
        """A grade the school's kind does not teach, under the school's own system."""
        if "schools" not in self.tables:
            return faults.none()
        schools = self.tables["schools"].select(
            "school_id",
            "kind",
            pl.col("school_system").fill_null(self.region.school_system).alias("__system"),
        )
        taught = [
            (kind, system, grade)
            for kind, stages in STAGES_BY_KIND.items()
            for system in ("63", "54")
            for grade in GRADES
            if "special" in stages or stage_of(grade, system) in stages
        ]
        allowed = pl.DataFrame(taught, schema=["kind", "__system", "grade"], orient="row").with_columns(
            pl.lit(True).alias("__taught")
        )
        rows = (
            self.tables["enrolment"]
            .filter(pl.col("pupils") > 0)
            .join(
                schools.filter(pl.col("kind").is_not_null()).unique("school_id"), on="school_id", how="inner"
            )
            .join(allowed, on=["kind", "__system", "grade"], how="left")
            .filter(pl.col("__taught").is_null() & pl.col("grade").is_not_null())
        )
        attached = pl.col("grade").is_in(KINDERGARTEN_GRADES)
        once = rows.filter(~attached).with_columns(pl.len().over("school_id", "grade").alias("__years"))
        # a school may have been of another kind in earlier years; what it teaches now must fit what it is now
        newest = self.tables["enrolment"].group_by("school_id").agg(pl.col("year").max().alias("__newest"))
        once = once.join(newest, on="school_id", how="left")
        once = once.sort("school_id", "grade", "year", descending=[False, False, True], maintain_order=True)
        once = once.unique(["school_id", "grade"], keep="first", maintain_order=True)
        now = pl.col("year") == pl.col("__newest")
        other = faults.gather(
            [
                self.faults(
                    once.filter(rows_of), "intake.grade_outside_kind", severity, "enrolment", "grade",
                    kind=pl.col("kind"), years=pl.col("__years"),
                )
                for severity, rows_of in (("error", now), ("warning", ~now))
            ]
        )  # fmt: skip
        small = rows.filter(attached)
        note = self.faults(
            small.head(1),
            "intake.attached_kindergarten",
            "note",
            "enrolment",
            "grade",
            count=pl.lit(small.height),
            schools=pl.lit(small["school_id"].n_unique()),
        )
        return faults.gather([other, note])

    def outside_life(self) -> pl.DataFrame:
        """Pupils before a school opens or after it closes."""
        if "schools" not in self.tables:
            return faults.none()
        life = self.tables["schools"].select("school_id", "opened_year", "closed_year").unique("school_id")
        rows = self.tables["enrolment"].filter(pl.col("pupils") > 0).join(life, on="school_id", how="inner")
        early = rows.filter(pl.col("year") < pl.col("opened_year"))
        late = rows.filter(pl.col("year") >= pl.col("closed_year"))
        return faults.gather(
            [
                self.faults(
                    early,
                    "intake.before_opening",
                    "warning",
                    "enrolment",
                    "year",
                    limit=pl.col("opened_year"),
                ),
                self.faults(
                    late, "intake.after_closing", "warning", "enrolment", "year", limit=pl.col("closed_year")
                ),
            ]
        )

    def parts_exceed_whole(self) -> pl.DataFrame:
        """Boarders or migrant children more than pupils."""
        rows = self.tables["enrolment"]
        return faults.gather(
            self.faults(
                rows.filter(pl.col(part) > pl.col("pupils")),
                "intake.part_exceeds_whole",
                "error",
                "enrolment",
                part,
                pupils=pl.col("pupils"),
            )
            for part in ("boarders", "migrant_pupils")
        )

    def class_sizes(self) -> pl.DataFrame:
        """Pupils without a class, or more to a class than a room can hold."""
        rows = self.tables["enrolment"].filter(pl.col("classes").is_not_null())
        none = rows.filter((pl.col("pupils") > 0) & (pl.col("classes") == 0))
        many = rows.filter((pl.col("classes") > 0) & (pl.col("pupils") > CROWDED_CLASS * pl.col("classes")))
        return faults.gather(
            [
                self.faults(
                    none,
                    "intake.pupils_without_class",
                    "warning",
                    "enrolment",
                    "classes",
                    pupils=pl.col("pupils"),
                ),
                self.faults(
                    many, "intake.class_too_full", "warning", "enrolment", "pupils", classes=pl.col("classes")
                ),
            ]
        )

    def jumps(self, table: str, column: str, series: tuple[str, ...]) -> pl.DataFrame:
        """A count ten times or a tenth of the year before."""
        rows = self.tables[table].filter(pl.col(column) > 0)
        if rows.is_empty():
            return faults.none()
        keys = list(series)
        before = rows.select(*keys, (pl.col("year") + 1).alias("year"), pl.col(column).alias("__before"))
        beside = rows.join(before.unique([*keys, "year"]), on=[*keys, "year"], how="inner")
        small, large = pl.min_horizontal(column, "__before"), pl.max_horizontal(column, "__before")
        odd = beside.filter((large >= JUMP * small) & (large >= JUMP_FROM))
        return self.faults(
            odd, "intake.jump", "warning", table, column, before=pl.col("__before"), after=pl.col(column)
        )

    def area_totals(self) -> pl.DataFrame:
        """The region's stated total of a stage against the schools' sum."""
        totals = self.tables["area_enrolment"].filter(
            (pl.col("area_code") == self.region.code) & (pl.col("pupils") > 0)
        )
        if totals.is_empty() or "enrolment" not in self.tables:
            return faults.none()
        stages = {grade: stage_of(grade, self.region.school_system) for grade in GRADES}
        sums = (
            self.tables["enrolment"]
            .with_columns(
                pl.col("grade").replace_strict(stages, return_dtype=pl.String, default=None).alias("stage")
            )
            .group_by("year", "stage")
            .agg(pl.col("pupils").sum().alias("__sum"))
        )
        rows = totals.join(sums, on=["year", "stage"], how="inner")
        off = rows.filter((pl.col("pupils") - pl.col("__sum")).abs() > TOTAL_TOLERANCE * pl.col("pupils"))
        return self.faults(
            off,
            "intake.total_off",
            "warning",
            "area_enrolment",
            "pupils",
            stated=pl.col("pupils"),
            sum=pl.col("__sum"),
        )

    def life_backwards(self) -> pl.DataFrame:
        """Closed before opened."""
        rows = self.tables["schools"].filter(pl.col("closed_year") < pl.col("opened_year"))
        return self.faults(
            rows,
            "intake.closed_before_opened",
            "error",
            "schools",
            "closed_year",
            limit=pl.col("opened_year"),
        )

    def same_name(self) -> pl.DataFrame:
        """Two ids, one name, one area: mostly one school with a new code."""
        rows = self.tables["schools"].filter(pl.col("name").is_not_null() & pl.col("closed_year").is_null())
        twins = rows.filter(pl.struct("name", "area_code", "kind").is_duplicated())
        return self.faults(twins, "intake.same_name", "warning", "schools", "name")

    def circular_areas(self) -> pl.DataFrame:
        """An area that lies, over its parents, in itself."""
        areas = self.tables["areas"].filter(pl.col("parent_code").is_not_null())
        parents = dict(zip(areas["area_code"].to_list(), areas["parent_code"].to_list(), strict=True))
        circular: list[str] = []
        for start in parents:
            seen, here = {start}, parents.get(start)
            while here is not None and here not in seen:
                seen.add(here)
                here = parents.get(here)
            if here == start:
                circular.append(start)
        return self.faults(
            areas.filter(pl.col("area_code").is_in(circular)),
            "intake.circular_area",
            "error",
            "areas",
            "parent_code",
        )
