"""The example county is what it claims to be: coherent, of every kind, filling towns, emptying villages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from junheng.data import examples
from junheng.data.checking import check_tables
from junheng.data.workspace import Workspace
from junheng.model.errors import WorkspaceError


@pytest.fixture(scope="module")
def by_school(tables):
    """Pupils and classes by school and year, with the school's columns."""
    sums = tables["enrolment"].group_by("school_id", "year").agg(pl.col("pupils", "classes").sum())
    return sums.join(tables["schools"], on="school_id")


def test_our_own_checks_find_nothing(tables, recipe):
    assert check_tables(tables, recipe.region) == []


def test_every_kind_of_school_is_there(tables):
    kinds = dict(tables["schools"].group_by("kind").len().iter_rows())
    assert set(kinds) == {"111", "119", "211", "218", "311", "312", "341", "342", "345", "514"}
    assert 140 <= tables["schools"].height <= 160
    assert set(tables["schools"]["ownership"]) == {"public", "private_inclusive", "private"}
    assert set(tables["schools"]["school_system"]) == {"63", "54"}


def test_ids_follow_the_national_shape_under_a_province_that_does_not_exist(tables):
    ids = tables["schools"]["school_id"]
    assert ids.is_unique().all()
    assert ids.str.contains(r"^(11|21|31|34|51)99\d{6}$").all()


def test_about_ninety_thousand_children(tables):
    children = tables["population"].filter((pl.col("age") < 18) & (pl.col("year") == 2025))
    assert 85_000 <= children["persons"].sum() <= 97_000


def test_births_follow_the_published_shape(tables):
    births = dict(tables["births"].group_by("year").agg(pl.col("births").sum()).iter_rows())
    assert set(births) == set(range(2005, 2026))
    assert max(births, key=births.__getitem__) == 2016
    assert 0.45 <= births[2023] / births[2016] <= 0.58
    assert births[2024] > births[2023]


def test_twelve_years_of_every_grade(tables):
    enrolment = tables["enrolment"]
    assert sorted(enrolment["year"].unique()) == list(range(2014, 2026))
    counts = enrolment.filter(pl.col("grade") != "K0").group_by("year").agg(pl.col("grade").n_unique())
    assert (counts["grade"] == 15).all()
    assert (enrolment["pupils"] >= enrolment["classes"]).all()


def test_the_wave_moves_up_the_grades(tables):
    of = {
        (year, grade): pupils
        for year, grade, pupils in tables["enrolment"]
        .group_by("year", "grade")
        .agg(pl.col("pupils").sum())
        .iter_rows()
    }
    assert of[2025, "K1"] < 0.75 * of[2019, "K1"]
    assert of[2025, "G01"] < of[2023, "G01"] > of[2014, "G01"]
    assert of[2025, "G07"] > of[2019, "G07"]


def test_the_county_town_grows_and_remote_townships_empty(tables, recipe):
    children = (
        tables["population"]
        .filter(pl.col("age") < 18)
        .group_by("area_code", "year")
        .agg(pl.col("persons").sum())
    )
    of = {(area, year): persons for area, year, persons in children.iter_rows()}
    change = {area.code: of[area.code, 2025] / of[area.code, 2015] for area in recipe.areas}
    growing = max(recipe.areas, key=lambda area: area.births_growth)
    assert change[growing.code] > 1.3
    assert all(change[area.code] < 0.7 for area in recipe.areas if area.kind == "township")


def test_village_schools_shrink_and_some_are_tiny(by_school):
    village = by_school.filter((pl.col("urban_rural") == "220") & pl.col("kind").is_in(["211", "218"]))
    totals = dict(village.group_by("year").agg(pl.col("pupils").sum()).iter_rows())
    assert totals[2025] < 0.65 * totals[2014]
    now = village.filter(pl.col("year") == 2025)
    assert (now["pupils"] < 50).sum() >= 12
    assert (now["pupils"].is_between(50, 99)).sum() >= 5


def test_some_town_schools_are_over_full_and_most_are_not(by_school):
    town = by_school.filter(
        (pl.col("year") == 2025) & (pl.col("urban_rural") == "121") & pl.col("kind").is_in(["211", "311"])
    )
    size = town["pupils"] / town["classes"]
    assert (size >= 56).sum() >= 3
    assert (size <= 50).mean() > 0.5
    assert size.max() <= 62


def test_kindergartens_stand_half_empty_and_primary_rooms_in_the_new_district_do_not(tables):
    seats = tables["seats"].filter(pl.col("year") == 2025).join(tables["schools"], on="school_id")
    kindergarten = seats.filter(pl.col("stage") == "kindergarten")
    assert kindergarten["classes"].sum() < 0.85 * kindergarten["rooms"].sum()
    new = seats.filter((pl.col("stage") == "primary") & (pl.col("area_code") == "990101003"))
    assert new["classes"].sum() > 0.95 * new["rooms"].sum()


def test_town_primary_schools_spread_in_size_as_a_real_district_s_do(by_school):
    """First-grade classes of the 65 campuses of a large city's district in 2026: deciles 2, 4 and 7."""
    town = by_school.filter(
        (pl.col("year") == 2025) & (pl.col("urban_rural") == "121") & (pl.col("kind") == "211")
    )
    tracks = town["classes"] / 6
    assert 2 <= tracks.quantile(0.1) <= 3
    assert 3 <= tracks.quantile(0.5) <= 6
    assert 5 <= tracks.quantile(0.9) <= 9


def test_seats_cover_every_stage_taught_and_rooms_hold_the_classes(tables):
    seats, enrolment = tables["seats"], tables["enrolment"]
    classes = enrolment.group_by("school_id", "year").agg(pl.col("classes").sum())
    given = (
        seats.filter(pl.col("status") == "open")
        .group_by("school_id", "year")
        .agg(seat_classes=pl.col("classes").sum(), rooms=pl.col("rooms").sum())
    )
    beside = classes.join(given, on=["school_id", "year"], how="left")
    assert (beside["classes"] == beside["seat_classes"]).all()
    assert (beside["rooms"] >= beside["classes"]).all()
    future = seats.filter(pl.col("year") > 2025)
    assert set(future["status"]) == {"approved", "building"} and future["rooms"].min() > 0


def test_boarders_and_migrant_pupils_are_among_the_pupils(tables):
    enrolment = tables["enrolment"].filter(pl.col("year") == 2025)
    assert (enrolment["boarders"] <= enrolment["pupils"]).all()
    assert 0.03 < enrolment["migrant_pupils"].sum() / enrolment["pupils"].sum() < 0.25
    assert enrolment["boarders"].sum() > 4000


def test_the_same_seed_gives_the_same_bytes_whatever_the_threads(tmp_path):
    code = (
        "import sys, hashlib, pathlib; from junheng.data import examples; root = pathlib.Path(sys.argv[1]);"
        "examples.create(root, seed=7);"
        "print([(str(p.relative_to(root)), hashlib.sha256(p.read_bytes()).hexdigest())"
        " for p in sorted(root.rglob('*')) if p.is_file()])"
    )
    seen = []
    for threads in ("1", "4"):
        names = ("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS")
        environment = os.environ | dict.fromkeys(names, threads) | {"PYTHONHASHSEED": threads}
        environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[4] / "src")
        command = [sys.executable, "-c", code, str(tmp_path / threads)]
        seen.append(
            subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
        )
    assert seen[0] == seen[1]


def test_another_seed_gives_another_county(tables, recipe):
    other, _ = examples.synthesise(recipe, 2)
    assert not other["enrolment"].equals(tables["enrolment"])
    assert other["schools"]["school_id"].equals(tables["schools"]["school_id"])
    assert check_tables(other, recipe.region) == []


def test_a_workspace_of_it_says_it_is_synthetic(tmp_path, tables):
    ws = examples.create(tmp_path / "ws", seed=1)
    again = Workspace.open(tmp_path / "ws")
    assert ws.region.synthetic and again.region == ws.region
    assert again.tables()["enrolment"].equals(tables["enrolment"])
    assert "合成" in again.versions()[0].note
    assert "Synthe" in (tmp_path / "ws" / "README.md").read_text(encoding="utf-8")
    with pytest.raises(WorkspaceError, match="workspace_exists"):
        examples.create(tmp_path / "ws")


def test_an_unknown_example_is_told_plainly(tmp_path):
    assert examples.names() == ["yunzhou"]
    with pytest.raises(WorkspaceError, match="example_unknown"):
        examples.create(tmp_path, name="nowhere")


def test_its_scenarios_name_schools_and_areas_that_exist(tables):
    levers = tables["scenario_levers"]
    places = {*tables["schools"]["school_id"], *tables["areas"]["area_code"], None}
    assert set(levers["scope_code"]) <= places and levers["scenario"].n_unique() == 2
    named = levers["parameters"].str.extract(r"to=(\d+)").drop_nulls()
    assert named.len() == 1 and set(named) <= places
