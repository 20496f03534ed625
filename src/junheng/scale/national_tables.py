"""The tables of a synthetic province beside its areas and schools, drawn from its schools."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.model.stages import grades_of, stages_of_kind
from junheng.scale.partitions import COUNTY

if TYPE_CHECKING:
    from junheng.scale.national import Drawn

_BLANK = 0.002
"""Share of a school's figures that nobody reported."""
_PUPILS_A_GRADE = {"primary": 75.0, "junior": 150.0, "senior": 160.0, "special": 9.0}
_CLASS = {"primary": 40.0, "junior": 44.0, "senior": 46.0, "special": 8.0}
_SPECIAL_GRADES = tuple(f"G{grade:02d}" for grade in range(1, 10))
_POINT_GRADES = 4
_PEOPLE = {
    "full_time_teachers": 0.064, "degree_teachers": 0.062, "backbone_teachers": 0.0135, "pe_teachers": 0.0048,
    "music_teachers": 0.0032, "art_teachers": 0.0032, "staff": 0.07, "counsellors": 0.0016,
}  # fmt: skip
"""People for each pupil of a stage, on average."""
_LACKING = {"certified_teachers": 0.0002, "trained_teachers": 0.001}
"""Share of teachers without a certificate, or without their hours of training."""
_THINGS = {
    "teaching_area": 5.9, "indoor_sports_area": 0.35, "sports_ground_area": 9.6, "extra_sports_area": 0.0,
    "building_area": 9.5, "site_area": 24.0, "equipment_value": 2900.0, "multimedia_rooms": 0.029,
}  # fmt: skip
"""What a pupil has on average; schools of several stages report it together."""
_WHOLE = ("multimedia_rooms",)
_FEW = ("counsellors",)
Named = tuple[str, pl.DataFrame]


def of_schools(drawn: Drawn, schools: pl.DataFrame) -> Iterator[Named]:
    """enrolment, classes, rooms, school_years and the finance rows of single schools."""
    enrolment = _enrolment(drawn)
    staged = (
        enrolment.group_by(COUNTY, "school", "school_id", "stage", maintain_order=True)
        .agg(pl.col("pupils").sum(), pl.col("classes").sum())
        .sort("school", "stage")
    )
    whole = staged.group_by(COUNTY, "school", "school_id", maintain_order=True).agg(
        pl.col("pupils").sum(), pl.col("classes").sum()
    )
    yield "enrolment", enrolment.drop("school", "stage")
    yield "classes", _classes(enrolment)
    yield "rooms", _rooms(drawn, whole)
    yield "school_years", _school_years(drawn, staged, whole)
    yield "finance", pl.concat([_of_units(drawn, whole), _of_areas(drawn, schools, whole)])


def of_counties(drawn: Drawn) -> Iterator[Named]:
    """reported_counts and external_results."""
    yield "reported_counts", _reported(drawn)
    yield "external_results", _results(drawn)


def _enrolment(drawn: Drawn) -> pl.DataFrame:
    """One row a school and grade, with the number of the school (`school`) and the stage beside."""
    random = drawn.random
    size = random.lognormal(0.0, 0.6, len(drawn.ids))
    parts: list[pl.DataFrame] = []
    for kind in sorted(set(drawn.kinds.tolist())):
        members = np.flatnonzero(drawn.kinds == kind)
        for stage in stages_of_kind(kind):
            grades = _SPECIAL_GRADES if stage == "special" else grades_of(stage)
            mean, small = _PUPILS_A_GRADE[stage], 0.06 if kind == "218" else 1.0
            if kind == "218":
                grades = grades[:_POINT_GRADES]
            drawn_size = (
                size[members, None] * mean * small * random.lognormal(0, 0.08, (len(members), len(grades)))
            )
            parts.append(_grades(drawn, members, stage, grades, np.maximum(1, np.round(drawn_size))))
    return pl.concat(parts).sort("school", "grade")


def _grades(
    drawn: Drawn, members: NDArray[np.int64], stage: str, grades: tuple[str, ...], pupils: NDArray[np.float64]
) -> pl.DataFrame:
    random, count = drawn.random, pupils.astype(np.int64).ravel()
    school = np.repeat(members, len(grades))
    largest = _CLASS[stage] * random.uniform(0.8, 1.12, len(members))
    classes = np.ceil(count / np.repeat(largest, len(grades))).astype(np.int64)
    return pl.DataFrame(
        {
            COUNTY: drawn.county.gather(pl.Series(school)),
            "school": school,
            "school_id": drawn.ids[school],
            "stage": np.full(len(count), stage),
            "year": np.full(len(count), drawn.year),
            "grade": np.tile(np.array(grades), len(members)),
            "pupils": count,
            "classes": classes,
            "boarders": random.binomial(count, 0.06),
            "migrant_pupils": random.binomial(count, 0.09),
        }
    )


def _classes(enrolment: pl.DataFrame) -> pl.DataFrame:
    """The pupils of each grade over its classes, as evenly as whole numbers go."""
    count = enrolment["classes"].to_numpy()
    row = np.repeat(np.arange(enrolment.height), count)
    number = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    pupils = enrolment["pupils"].to_numpy()
    size = pupils[row] // count[row] + (number < pupils[row] % count[row])
    of_row = enrolment[row]
    return of_row.select(COUNTY, "school_id", "year", "grade").with_columns(
        pl.Series("pupils", size),
        pl.format("{}-{}", pl.col("grade"), pl.Series(number + 1).cast(pl.String).str.zfill(2)).alias(
            "class_id"
        ),
    )


def _rooms(drawn: Drawn, whole: pl.DataFrame) -> pl.DataFrame:
    """Music and art rooms: most schools have one for every twelve classes, some one fewer."""
    random, parts = drawn.random, list[pl.DataFrame]()
    for kind, mean in (("music", 104.0), ("art", 98.0)):
        asked = np.ceil(whole["classes"].to_numpy() / 12).astype(np.int64)
        held = np.maximum(0, asked - (random.random(whole.height) < 0.15))
        row = np.repeat(np.arange(whole.height), held)
        number = np.arange(len(row)) - np.repeat(np.cumsum(held) - held, held)
        parts.append(
            whole[row]
            .select(COUNTY, "school_id")
            .with_columns(
                pl.format(kind + "-{}", pl.Series(number + 1)).alias("room_id"),
                pl.lit(kind).alias("kind"),
                pl.Series("area", np.round(mean * random.lognormal(0, 0.04, len(row)), 2)),
            )
        )
    return pl.concat(parts)


def _school_years(drawn: Drawn, staged: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
    """People by stage; things by stage in schools of one, in a row of their own where stages share them."""
    random = drawn.random
    several = whole.filter(
        pl.col("school_id").is_in(
            staged.filter(pl.col("school").is_duplicated())["school_id"].unique().implode()
        )
    )
    own = staged.join(several.select("school_id"), on="school_id", how="anti", maintain_order="left")
    shared = several.with_columns(pl.lit("shared").alias("stage"))
    people = _held(drawn, staged, _PEOPLE)
    things = _held(drawn, pl.concat([own, shared.select(own.columns)]), _THINGS)
    rows = people.join(
        things, on=["school_id", "stage"], how="full", coalesce=True, maintain_order="left_right"
    )
    rows = rows.sort("school_id", "stage").with_columns(
        pl.coalesce(COUNTY, f"{COUNTY}_right").alias(COUNTY), pl.lit(drawn.year).alias("year")
    )
    blanks = [
        pl.when(pl.Series(random.random(rows.height) >= _BLANK)).then(pl.col(name)).alias(name)
        for name in ("backbone_teachers", "equipment_value", "teaching_area")
    ]
    return rows.with_columns(blanks)


def _held(drawn: Drawn, units: pl.DataFrame, means: dict[str, float]) -> pl.DataFrame:
    """What each unit has: its pupils times the mean, more in richer schools; never more of a kind of teacher
    than teachers."""
    random = drawn.random
    pupils = units["pupils"].to_numpy().astype(np.float64)
    wealth = drawn.wealth[units["school"].to_numpy()]
    held: dict[str, NDArray[np.float64]] = {}
    for name, mean in means.items():
        amount = pupils * mean * wealth * random.lognormal(0, 0.1, len(pupils))
        whole = name in _PEOPLE or name in _WHOLE
        held[name] = (
            np.ceil(amount) if whole and name not in _FEW else np.floor(amount) if whole else amount.round(2)
        )
    if "full_time_teachers" in held:
        teachers = (
            held["full_time_teachers"] + held["pe_teachers"] + held["music_teachers"] + held["art_teachers"]
        )
        held["full_time_teachers"] = teachers
        for name in ("degree_teachers", "backbone_teachers"):
            held[name] = np.minimum(held[name], teachers)
        for name, share in _LACKING.items():
            held[name] = teachers - random.binomial(teachers.astype(np.int64), share)
        held["staff"] = np.maximum(held["staff"], teachers)
    return units.select(COUNTY, "school_id", "stage").with_columns(
        pl.Series(name, values) for name, values in held.items()
    )


def _of_units(drawn: Drawn, whole: pl.DataFrame) -> pl.DataFrame:
    """Public funds and funds for training of each school."""
    spent = np.round(whole["pupils"].to_numpy() * 900.0 * drawn.random.lognormal(0.1, 0.1, whole.height), 2)
    trained = np.round(spent * drawn.random.uniform(0.048, 0.08, whole.height), 2)
    items = (("public_funds", spent), ("training_funds", trained))
    return pl.concat(
        [
            _money(whole.select(COUNTY, pl.col("school_id").alias("unit_code")), item, amount, drawn.year)
            for item, amount in items
        ]
    )


def _of_areas(drawn: Drawn, schools: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
    """Averages of pay, money for special needs and the budget of each county."""
    random = drawn.random
    pupils = (
        pl.DataFrame({COUNTY: list(drawn.counties)})
        .join(
            whole.group_by(COUNTY).agg(pl.col("pupils").sum()), on=COUNTY, how="left", maintain_order="left"
        )
        .fill_null(0)
    )
    special = schools.filter(pl.col("kind") == "513").join(whole, on="school_id")
    needs = pupils.join(
        special.group_by(COUNTY).agg(pl.col("pupils").sum().alias("special")), on=COUNTY, how="left",
        maintain_order="left",
    ).fill_null(0)  # fmt: skip
    count = len(drawn.counties)
    paid = np.round(random.uniform(80_000, 150_000, count), 2)
    items = (
        (
            "public_budget_education",
            np.round(pupils["pupils"].to_numpy() * random.uniform(12e3, 22e3, count), 2),
        ),
        ("special_needs_funds", np.round(needs["special"].to_numpy() * random.uniform(6e3, 8e3, count), 2)),
        ("civil_servant_pay_average", paid),
        ("teacher_pay_average", np.round(paid * random.uniform(0.97, 1.15, count), 2)),
    )
    units = pl.DataFrame({COUNTY: list(drawn.counties), "unit_code": list(drawn.counties)})
    years = (drawn.year - 1, drawn.year)
    return pl.concat([_money(units, item, amount, year) for item, amount in items for year in years])


def _money(units: pl.DataFrame, item: str, amount: NDArray[np.float64], year: int) -> pl.DataFrame:
    return units.with_columns(
        pl.lit("").alias("stage"),
        pl.lit(year).alias("year"),
        pl.lit(item).alias("item"),
        pl.lit("budget").alias("basis"),
        pl.Series("amount", amount),
    )


_REPORTED = {
    "exchange": ("", 0.11), "exchange_backbone": ("", 0.21), "quota_share": ("", 0.55),
    "migrant_public": ("", 0.93), "retention_a": ("", 0.985), "retention_b": ("", 0.98),
    "disabled_enrolment": ("", 0.97), "nearby_enrolment": ("primary", 0.999),
}  # fmt: skip


def _reported(drawn: Drawn) -> pl.DataFrame:
    count = len(drawn.counties)
    parts: list[pl.DataFrame] = []
    for measure, (stage, mean) in _REPORTED.items():
        whole = drawn.random.integers(200, 5000, count)
        part = np.minimum(whole, np.round(whole * mean * drawn.random.normal(1, 0.01, count))).astype(
            np.int64
        )
        parts.append(
            pl.DataFrame(
                {
                    COUNTY: list(drawn.counties), "unit_code": list(drawn.counties),
                    "stage": [stage] * count, "year": [drawn.year] * count, "measure": [measure] * count,
                    "numerator": part, "denominator": whole,
                }
            )
        )  # fmt: skip
    return pl.concat(parts)


def _results(drawn: Drawn) -> pl.DataFrame:
    """What others established; one county in twenty is not yet established."""
    random, count = drawn.random, len(drawn.counties)
    about = (
        ("quality_monitoring_level", "primary", random.integers(2, 5, count).astype(np.float64)),
        ("quality_monitoring", "primary", np.round(random.uniform(0.05, 0.2, count), 3)),
        ("public_recognition", "", np.round(random.uniform(0.8, 0.98, count), 3)),
        ("basic_balance_years", "", random.integers(1, 9, count).astype(np.float64)),
    )
    parts = [
        pl.DataFrame(
            {
                COUNTY: list(drawn.counties), "unit_code": list(drawn.counties), "result": [name] * count,
                "stage": [stage] * count, "year": [drawn.year] * count, "value": values,
                "document": ["synthetic"] * count,
            }
        ).filter(pl.Series(random.random(count) >= 0.05))
        for name, stage, values in about
    ]  # fmt: skip
    return pl.concat(parts)
