"""Rules about what schools have: teachers, areas, classes one by one and the roll of teachers."""

from __future__ import annotations

import polars as pl

from junheng.data import faults
from junheng.data.cross_rules import Headings, Places, Rules, Tables
from junheng.data.stage_pupils import stage_pupils
from junheng.model import INPUTS, Region
from junheng.model.monitoring_codes import ART_SUBJECTS, RECOGNISED
from junheng.model.stages import STAGES_BY_KIND

PARTS = {
    "full_time_teachers": ("degree_teachers", "backbone_teachers", "certified_teachers", "trained_teachers"),
    "staff": ("full_time_teachers", "care_staff"),
    "teaching_area": ("indoor_sports_area",),
    "building_area": ("teaching_area", "activity_area"),
}
"""Columns of school_years no part of which can be more than the whole."""
SPECIALISTS = ("pe_teachers", "music_teachers", "art_teachers")
SHAREABLE = (
    "teaching_area",
    "sports_ground_area",
    "building_area",
    "site_area",
    "equipment_value",
    "multimedia_rooms",
)
"""Columns a school of several stages may share; told apart and shared at once they would count twice."""
TELLTALE = ("teaching_area", "sports_ground_area", "equipment_value")
"""Three measured values that two schools never have in common."""
IDENTITY = r"^\d{17}[\dXx]$"


def all_rules(tables: Tables, region: Region, places: Places, headings: Headings) -> list[pl.DataFrame]:
    """Every rule whose tables are there."""
    rules = _Conditions(tables, region, places, headings)
    found: list[pl.DataFrame] = []
    if "school_years" in tables:
        found += [
            rules.parts_exceed_whole(),
            rules.too_many_specialists(),
            rules.outside_life(),
            rules.stage_not_taught(),
            rules.without_pupils(),
            rules.counted_twice(),
            rules.twins(),
        ]
    if "classes" in tables and "enrolment" in tables:
        found.append(rules.classes_against_grade())
    if "rooms" in tables:
        found.append(rules.use_backwards())
    if "teachers" in tables:
        found.append(rules.identity_as_number())
        if "school_years" in tables:
            found.append(rules.roll_against_counts())
    return found


class _Conditions(Rules):
    def parts_exceed_whole(self) -> pl.DataFrame:
        """More backbone teachers than teachers, more indoor sports rooms than rooms."""
        rows, declared = self.tables["school_years"], INPUTS["school_years"]
        return faults.gather(
            self.faults(
                rows.filter(pl.col(part) > pl.col(whole)),
                "intake.more_than_whole",
                "error",
                "school_years",
                part,
                whole=pl.col(whole),
                whole_zh=declared.column(whole).zh,
                whole_en=declared.column(whole).en,
            )
            for whole, parts in PARTS.items()
            for part in parts
        )

    def too_many_specialists(self) -> pl.DataFrame:
        """PE, music and art teachers together more than teachers."""
        rows = self.tables["school_years"].with_columns(
            pl.sum_horizontal(SPECIALISTS, ignore_nulls=True).alias("__sum")
        )
        return self.faults(
            rows.filter(pl.col("__sum") > pl.col("full_time_teachers")),
            "intake.specialists_exceed",
            "error",
            "school_years",
            "pe_teachers",
            pl.col("__sum"),
            whole=pl.col("full_time_teachers"),
        )

    def outside_life(self) -> pl.DataFrame:
        """Conditions of a year in which the school is not open."""
        if "schools" not in self.tables:
            return faults.none()
        life = self.tables["schools"].select("school_id", "opened_year", "closed_year").unique("school_id")
        rows = self.tables["school_years"].join(life, on="school_id", how="inner")
        early = rows.filter(pl.col("year") < pl.col("opened_year"))
        late = rows.filter(pl.col("year") >= pl.col("closed_year"))
        where = ("warning", "school_years", "year")
        return faults.gather(
            [
                self.faults(early, "intake.conditions_before_opening", *where, limit=pl.col("opened_year")),
                self.faults(late, "intake.conditions_after_closing", *where, limit=pl.col("closed_year")),
            ]
        )

    def stage_not_taught(self) -> pl.DataFrame:
        """A stage the school's kind does not teach, or `shared` in a school of one stage."""
        if "schools" not in self.tables:
            return faults.none()
        taught = [(kind, stage) for kind, stages in STAGES_BY_KIND.items() for stage in stages]
        taught += [(kind, "shared") for kind, stages in STAGES_BY_KIND.items() if len(stages) > 1]
        allowed = pl.DataFrame(taught, schema=["kind", "stage"], orient="row")
        schools = self.tables["schools"].select("school_id", "kind").drop_nulls().unique("school_id")
        rows = self.tables["school_years"].filter(pl.col("stage").is_not_null())
        lost = rows.join(schools, on="school_id", how="inner", maintain_order="left").join(
            allowed, on=["kind", "stage"], how="anti", maintain_order="left"
        )
        shared = pl.col("stage") == "shared"
        where = ("error", "school_years", "stage")
        return faults.gather(
            [
                self.faults(lost.filter(shared), "intake.shared_by_one_stage", *where),
                self.faults(lost.filter(~shared), "intake.stage_not_taught", *where, kind=pl.col("kind")),
            ]
        )

    def without_pupils(self) -> pl.DataFrame:
        """Conditions of a stage and year in which no pupil is known, in a year that has been counted."""
        pupils = stage_pupils(self.tables, self.region)
        counted = pupils["year"].unique().to_list()
        rows = self.tables["school_years"].filter(
            (pl.col("stage") != "shared") & pl.col("year").is_in(counted)
        )
        keys = ["school_id", "stage", "year"]
        beside = rows.join(
            pupils.select(*keys, pl.col("pupils").alias("__pupils")),
            on=keys,
            how="left",
            maintain_order="left",
        )
        where = ("warning", "school_years", "stage")
        return faults.gather(
            [
                self.faults(
                    beside.filter(pl.col("__pupils").is_null()), "intake.conditions_no_pupils", *where
                ),
                self.faults(beside.filter(pl.col("__pupils") == 0), "intake.conditions_nought", *where),
            ]
        )

    def counted_twice(self) -> pl.DataFrame:
        """What the stages have, given once more as shared."""
        rows, keys = self.tables["school_years"], ["school_id", "year"]
        parts = rows.filter(pl.col("stage") != "shared")
        whole = rows.filter(pl.col("stage") == "shared")
        found: list[pl.DataFrame] = []
        for column in SHAREABLE:
            sums = parts.group_by(keys).agg(
                pl.col(column).sum().alias("__sum"), pl.col(column).count().alias("__count")
            )
            both = whole.join(sums, on=keys, how="inner", maintain_order="left").filter(
                (pl.col("__count") > 0) & (pl.col(column) > 0)
            )
            found.append(
                self.faults(
                    both.filter((pl.col(column) - pl.col("__sum")).abs() < 0.01),
                    "intake.shared_counted_twice",
                    "error",
                    "school_years",
                    column,
                )
            )
        return faults.gather(found)

    def twins(self) -> pl.DataFrame:
        """Two schools with the same measured values: one campus counted twice, or a row copied."""
        rows = self.tables["school_years"].filter(pl.all_horizontal(pl.col(c) > 0 for c in TELLTALE))
        same = ["year", "stage", *TELLTALE]
        twins = rows.filter(pl.struct(same).is_duplicated()).with_columns(
            pl.col("school_id").unique().sort().str.join("、").over(same).alias("__schools")
        )
        return self.faults(
            twins,
            "intake.twin_conditions",
            "warning",
            "school_years",
            "school_id",
            schools=pl.col("__schools"),
        )

    def classes_against_grade(self) -> pl.DataFrame:
        """Classes of a grade that do not add up to its enrolment, in pupils or in number."""
        keys = ["school_id", "year", "grade"]
        plain = pl.col("mixed_age").fill_null(False).any().not_()
        sums = self.tables["classes"].group_by(keys, maintain_order=True)
        sums = sums.agg(pl.all().exclude(keys).first(), *_totals(), plain.alias("__plain"))
        mixed = sums.filter(~pl.col("__plain")).select("school_id", "year").unique()
        known = self.tables["enrolment"].select(
            *keys, pl.col("pupils").alias("__pupils"), pl.col("classes").alias("__classes")
        )
        beside = sums.join(known, on=keys, how="inner", maintain_order="left").join(
            mixed, on=["school_id", "year"], how="anti", maintain_order="left"
        )
        wrong = beside.filter(pl.col("__sum") != pl.col("__pupils"))
        uneven = beside.filter(
            (pl.col("__sum") == pl.col("__pupils")) & (pl.col("__count") != pl.col("__classes"))
        )
        return faults.gather(
            [
                self.faults(
                    wrong,
                    "intake.classes_sum_off",
                    "warning",
                    "classes",
                    "pupils",
                    pl.col("__sum"),
                    grade=pl.col("grade"),
                    pupils=pl.col("__pupils"),
                ),
                self.faults(
                    uneven,
                    "intake.classes_count_off",
                    "warning",
                    "classes",
                    "class_id",
                    pl.col("__count"),
                    grade=pl.col("grade"),
                    classes=pl.col("__classes"),
                ),
            ]
        )

    def use_backwards(self) -> pl.DataFrame:
        """A room given up before it was taken into use."""
        rows = self.tables["rooms"].filter(pl.col("year_to") < pl.col("year_from"))
        return self.faults(
            rows, "intake.room_backwards", "error", "rooms", "year_to", limit=pl.col("year_from")
        )

    def identity_as_number(self) -> pl.DataFrame:
        """An identity card where a number of our own belongs; the value is not repeated."""
        rows = self.tables["teachers"].filter(pl.col("teacher_id").str.contains(IDENTITY))
        hidden = pl.col("teacher_id").str.slice(0, 4) + "…"
        return self.faults(
            rows.with_columns(hidden.alias("teacher_id")),
            "intake.identity_as_number",
            "error",
            "teachers",
            "teacher_id",
        )

    def roll_against_counts(self) -> pl.DataFrame:
        """Counts of a school that differ from its roll of teachers."""
        keys = ["school_id", "stage", "year"]
        full = self.tables["teachers"].filter(pl.col("employment").fill_null("post") != "part_time")
        subject = pl.col("subject")
        counts = full.group_by(keys).agg(
            pl.len().cast(pl.Int64).alias("full_time_teachers"),
            _known("backbone_level", pl.col("backbone_level").is_in(RECOGNISED)).alias("backbone_teachers"),
            _known("subject", subject == "pe").alias("pe_teachers"),
            _known("subject", subject == "music").alias("music_teachers"),
            _known("subject", subject.is_in(ART_SUBJECTS)).alias("art_teachers"),
            _known("certified", pl.col("certified")).alias("certified_teachers"),
        )
        beside = self.tables["school_years"].join(
            counts, on=keys, how="inner", suffix="__roll", maintain_order="left"
        )
        return faults.gather(
            self.faults(
                beside.filter(pl.col(column) != pl.col(f"{column}__roll")),
                "intake.roll_differs",
                "warning",
                "school_years",
                column,
                roll=pl.col(f"{column}__roll"),
            )
            for column in counts.columns
            if column not in keys
        )


def _totals() -> list[pl.Expr]:
    return [pl.col("pupils").sum().alias("__sum"), pl.len().cast(pl.Int64).alias("__count")]


def _known(column: str, condition: pl.Expr) -> pl.Expr:
    """How many meet the condition; null when the column is blank for anyone, for then nobody knows."""
    return pl.when(pl.col(column).null_count() == 0).then(condition.sum().cast(pl.Int64))
