"""What the example's schools have agrees with itself, and is uneven enough to be worth mending."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest

from junheng.data.stage_pupils import stage_pupils

LAST = 2025
LINES = {
    "primary": (4.2, 1.0, 0.9, 4.5, 7.5, 2000.0, 2.3),
    "junior": (5.3, 1.0, 0.9, 5.8, 10.2, 2500.0, 2.4),
}
CV_LINE = {"primary": 0.50, "junior": 0.45}
FLOOR = 0.85
WEIGHTS = {
    ("primary", "junior"): {"primary": 1.0, "junior": 1.1},
    ("primary", "junior", "senior"): {"primary": 1.0, "junior": 1.1, "senior": 1.32},
    ("junior", "senior"): {"junior": 1.0, "senior": 1.2},
}
COUNTED = ("full_time_teachers", "backbone_teachers", "certified_teachers", "trained_teachers")


@pytest.fixture(scope="module")
def last(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return tables["school_years"].filter(pl.col("year") == LAST)


@pytest.fixture(scope="module")
def pupils(tables: dict[str, pl.DataFrame], recipe: Any) -> dict[tuple[str, str], int]:
    rows = stage_pupils(tables, recipe.region).filter((pl.col("year") == LAST) & (pl.col("pupils") > 0))
    return {(s, stage): n for s, stage, n in rows.select("school_id", "stage", "pupils").iter_rows()}


@pytest.fixture(scope="module")
def units(recipe: Any, last: pl.DataFrame, pupils: dict[tuple[str, str], int]) -> dict[str, Any]:
    """stage -> (pupils, seven items a unit), worked out afresh with plain arithmetic."""
    rows = {(row["school_id"], row["stage"]): row for row in last.iter_rows(named=True)}
    found: dict[str, list[tuple[int, list[float]]]] = {stage: [] for stage in LINES}
    for school in recipe.schools:
        for stage in LINES:
            n = pupils.get((school.id, stage), 0)
            if not n or (school.kind == "218" and n < 50):
                continue
            row, shared = rows[school.id, stage], rows.get((school.id, "shared"))
            part = 1.0
            if shared:
                weight = WEIGHTS[school.stages]
                whole = sum(weight[s] * pupils[school.id, s] for s in school.stages)
                part = weight[stage] * n / whole
            has = {k: v or 0 for k, v in (shared or row).items() if isinstance(v, float | int)}
            arts = sum(row[c] or 0 for c in ("pe_teachers", "music_teachers", "art_teachers"))
            arts += row["visiting_pe_art_teachers"] or 0
            grounds = ("sports_ground_area", "indoor_sports_area", "extra_sports_area")
            found[stage].append(
                (
                    n,
                    [
                        row["degree_teachers"] * 100 / n,
                        row["backbone_teachers"] * 100 / n,
                        arts * 100 / n,
                        (has["teaching_area"] - has["indoor_sports_area"]) * part / n,
                        sum(has[c] for c in grounds) * part / n,
                        has["equipment_value"] * part / n,
                        has["multimedia_rooms"] * part * 100 / n,
                    ],
                )
            )
    return found


def test_every_stage_with_pupils_has_conditions_and_only_those(
    last: pl.DataFrame, pupils: dict[tuple[str, str], int]
) -> None:
    rows = last.filter(pl.col("stage") != "shared").select("school_id", "stage").rows()
    assert set(rows) == set(pupils) and len(rows) == len(pupils)


def test_schools_of_several_stages_share_their_buildings(last: pl.DataFrame, recipe: Any) -> None:
    several = {s.id for s in recipe.schools if len(s.stages) > 1 and s.open_in(LAST)}
    assert set(last.filter(pl.col("stage") == "shared")["school_id"]) == several and len(several) >= 8
    apart = last.filter(pl.col("school_id").is_in(several) & (pl.col("stage") != "shared"))
    assert apart["teaching_area"].null_count() == apart.height
    assert apart["full_time_teachers"].null_count() == 0


def test_the_roll_counts_what_the_schools_report(tables: dict[str, pl.DataFrame], last: pl.DataFrame) -> None:
    full = tables["teachers"].filter(pl.col("employment") != "part_time")
    counted = full.group_by("school_id", "stage").agg(
        pl.len().alias("full_time_teachers"),
        pl.col("backbone_level")
        .is_in(["county", "city", "province", "nation"])
        .sum()
        .alias("backbone_teachers"),
        pl.col("certified").sum().alias("certified_teachers"),
        (pl.col("training_hours") >= 360).sum().alias("trained_teachers"),
    )
    beside = last.filter(pl.col("full_time_teachers") > 0).join(
        counted, on=["school_id", "stage"], how="left", suffix="_roll"
    )
    for column in COUNTED:
        assert (beside[column] == beside[f"{column}_roll"]).all(), column
    assert tables["teachers"]["teacher_id"].is_unique().all()


def test_classes_add_up_to_enrolment(tables: dict[str, pl.DataFrame]) -> None:
    keys = ["school_id", "year", "grade"]
    sums = tables["classes"].group_by(keys).agg(pl.col("pupils").sum(), pl.len().alias("classes"))
    known = tables["enrolment"].filter(pl.col("year").is_in([2024, 2025]) & (pl.col("pupils") > 0))
    beside = known.join(sums, on=keys, how="left", suffix="_sum")
    assert (beside["pupils"] == beside["pupils_sum"]).all()
    assert (beside["classes"] == beside["classes_sum"]).all()


def test_about_a_third_of_the_units_miss_one_or_two_items(units: dict[str, Any]) -> None:
    misses = [
        sum(x < line for x, line in zip(items, LINES[stage], strict=True))
        for stage, rows in units.items()
        for _, items in rows
    ]
    assert len(misses) >= 60
    assert 0.25 <= sum(1 <= m <= 2 for m in misses) / len(misses) <= 0.42
    assert sum(m == 0 for m in misses) / len(misses) >= 0.5 and max(misses) <= 5


def test_some_schools_fall_under_a_floor_and_most_pass(units: dict[str, Any]) -> None:
    failed = 0
    floors = 0
    for stage, rows in units.items():
        for _, items in rows:
            lines = LINES[stage]
            missed = sum(x < line for x, line in zip(items, lines, strict=True))
            under = sum(x < FLOOR * line for x, line in zip(items, lines, strict=True))
            failed += missed > 1 or under > 0
            floors += under > 0
    assert 8 <= failed <= 16 and floors >= 5


def test_three_of_the_fourteen_coefficients_are_over_their_line(units: dict[str, Any]) -> None:
    over = set()
    for stage, rows in units.items():
        w = np.array([n for n, _ in rows], dtype=float)
        x = np.array([items for _, items in rows])
        mean = (w[:, None] * x).sum(axis=0) / w.sum()
        cv = np.sqrt((w[:, None] * (x - mean) ** 2).sum(axis=0) / w.sum()) / mean
        over |= {(stage, place + 1) for place in range(7) if cv[place] > CV_LINE[stage]}
    assert over == {("primary", 2), ("primary", 5), ("junior", 6)}


def test_budgets_and_accounts_are_kept_apart(tables: dict[str, pl.DataFrame]) -> None:
    finance = tables["finance"]
    assert finance.group_by("basis").len().sort("basis")["len"].n_unique() == 1
    spent = finance.filter(
        (pl.col("item") == "public_budget_education")
        & (pl.col("basis") == "final")
        & pl.col("stage").is_null()
    ).sort("year")["amount"]
    falls = [later < before for before, later in pairwise(spent)]
    assert sum(falls) == 1 and not falls[-1]


def test_figures_reported_come_from_the_tables(tables: dict[str, pl.DataFrame]) -> None:
    rows = tables["reported_counts"].filter(pl.col("year") == LAST)
    gross = rows.filter(pl.col("measure") == "kindergarten_gross").row(0, named=True)
    young = tables["population"].filter((pl.col("year") == LAST) & pl.col("age").is_between(3, 5))
    assert gross["denominator"] == young["persons"].sum()
    kept = rows.filter(pl.col("measure") == "retention_a")
    county = kept.filter(pl.col("unit_code") == "990101").row(0, named=True)
    schools = kept.filter(pl.col("unit_code") != "990101")
    assert schools["numerator"].sum() == county["numerator"] and schools.height >= 20
    assert schools["denominator"].sum() == county["denominator"]


def test_the_plan_names_schools_and_projects_that_exist(tables: dict[str, pl.DataFrame]) -> None:
    known = {*tables["schools"]["school_id"], "990101"}
    for name in ("policy_tasks", "policy_progress", "projects"):
        assert set(tables[name]["unit_code"]) <= known
    new = tables["projects"].filter(pl.col("kind") == "new_school").row(0, named=True)
    seats = tables["seats"].filter(pl.col("school_id") == new["unit_code"])
    assert new["quantity"] == seats["seats_approved"].max()
    assert new["delivery_on"].year == seats["year"].min()
