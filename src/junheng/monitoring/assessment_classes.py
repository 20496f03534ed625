"""Single classes against the limit of their stage, of all schools at once."""

from __future__ import annotations

import polars as pl

from junheng.model.stages import stage_of
from junheng.monitoring.assessment_basis import COMPULSORY
from junheng.monitoring.assessment_checks import Checked, of_schools, outcome
from junheng.monitoring.assessment_frames import PLAIN, cited, parameters, quoted
from junheng.monitoring.assessment_ground import Ground
from junheng.monitoring.assessment_logic import line
from junheng.monitoring.status import MET


def class_sizes(ground: Ground) -> Checked:
    """班额: every single class within the limit of its stage.

    Where classes are not listed one by one the grade's average still proves a failure (some class is at
    least as large), but never a success.
    """
    classes, enrolment = _graded(ground, "classes"), _graded(ground, "enrolment")
    parts = [
        _classes_of_stage(ground, classes, enrolment, stage, place) for place, stage in enumerate(COMPULSORY)
    ]
    return Checked(pl.concat(parts).sort("at", maintain_order=True).drop("at"))


def _classes_of_stage(
    ground: Ground, classes: pl.DataFrame, enrolment: pl.DataFrame, stage: str, place: int
) -> pl.DataFrame:
    """One row for each school with pupils of the stage, its place among all in `at`."""
    schools = ground.compulsory.with_row_index("at").with_columns(pl.col("at") * len(COMPULSORY) + place)
    mine = schools.filter(pl.col(f"has_{stage}") & pl.col(f"pupils_{stage}").ne_missing(0))
    limit = ground.value("class_size", stage)
    if limit is None:
        return of_schools(mine, stage=stage, op="<=", **outcome(pl.lit("no_rule"), MET, (), pl.lit(PLAIN)))
    heads, most = pl.col("pupils"), line(limit.number)
    over = heads > limit.number
    listed = (
        classes.filter(_of_stage(classes, stage))
        .group_by("area")
        .agg(
            pl.len().cast(pl.Int64).alias("listed"),
            heads.count().cast(pl.Int64).alias("known"),
            heads.max().cast(pl.Int64).alias("largest"),
            over.sum().cast(pl.Int64).alias("over"),
        )
    )
    crowded = (
        enrolment.filter(_of_stage(enrolment, stage))
        .filter((pl.col("classes") > 0) & (heads * most.denominator > pl.col("classes") * most.numerator))
        .unique("area", keep="first", maintain_order=True)
        .select("area", "grade", heads.alias("grade_pupils"), pl.col("classes").alias("grade_classes"))
    )
    held = mine.join(listed, on="area", how="left", maintain_order="left").join(
        crowded, on="area", how="left", maintain_order="left"
    )
    expected, known = pl.col(f"classes_{stage}"), pl.col("known").fill_null(0)
    count = pl.col("listed").fill_null(0)
    missing = pl.max_horizontal(expected.fill_null(0), count) - known
    averaged = pl.col("grade").is_not_null()
    reason = (
        pl.when(pl.col("over") > 0)
        .then(pl.lit("classes_over"))
        .when(averaged)
        .then(pl.lit("average_over"))
        .when(count == 0)
        .then(pl.lit("classes_not_listed"))
        .when((known < count) | (expected > count).fill_null(value=False))
        .then(pl.lit("some_classes_unknown"))
        .otherwise(pl.lit("classes_within"))
    )
    average = pl.col("grade_pupils") / pl.col("grade_classes")
    says = {
        "classes_over": parameters(count=pl.col("over"), largest=pl.col("largest"), limit=limit.number),
        "average_over": parameters(
            grade=quoted(pl.col("grade")),
            pupils=pl.col("grade_pupils"),
            classes=pl.col("grade_classes"),
            limit=limit.number,
        ),
        "some_classes_unknown": parameters(count=missing),
        "classes_within": parameters(largest=pl.col("largest"), limit=limit.number),
    }
    told = pl.lit(PLAIN)
    for name, text in says.items():
        told = pl.when(pl.col("status_reason") == name).then(text).otherwise(told)
    is_now = pl.col("status_reason")
    failing = pl.when(is_now == "classes_over").then(pl.col("over")).when(is_now == "average_over").then(1)
    return of_schools(
        held.with_columns(reason.alias("status_reason")),
        stage=stage,
        op="<=",
        threshold=limit.number,
        n_units=pl.when(count > 0).then(count).otherwise(expected),
        value=pl.when(is_now == "average_over").then(average).otherwise(pl.col("largest")),
        n_unmet=failing.when(is_now == "classes_within").then(0),
        n_unknown=pl.when(is_now == "some_classes_unknown").then(missing),
        flags=pl.when(is_now == "average_over").then(pl.lit("average")).otherwise(pl.lit("")),
        **outcome(is_now, "classes_within", ("classes_over", "average_over"), told),
        **cited((limit,)),
    )


def _graded(ground: Ground, table: str) -> pl.DataFrame:
    """The rows of a table of grades of the year, in order; the school in `area`, with its `system`."""
    wanted = ("grade", "pupils", "classes") if table == "enrolment" else ("grade", "pupils")
    frame = ground.of_year(table)
    if frame is None:
        texts, numbers = ("area", "grade", "system"), ("pupils", "classes")
        return pl.DataFrame(schema=dict.fromkeys(texts, pl.String) | dict.fromkeys(numbers, pl.Int64))
    return frame.select(pl.col("school_id").alias("area"), *wanted).join(
        ground.schools.select("area", "system"), on="area", maintain_order="left"
    )


def _of_stage(rows: pl.DataFrame, stage: str) -> pl.Expr:
    """Which rows of `_graded` belong to a stage, by their grade and the years its school's system has."""
    pairs = rows.select("grade", "system").unique().drop_nulls().filter(pl.col("grade") != "")
    grades: dict[str, list[str]] = {}
    for grade, system in pairs.iter_rows():
        if stage_of(grade, system) == stage:
            grades.setdefault(system, []).append(grade)
    some = [(pl.col("system") == system) & pl.col("grade").is_in(held) for system, held in grades.items()]
    return pl.any_horizontal(some) if some else pl.lit(value=False)
