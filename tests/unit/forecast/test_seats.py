"""Verb `seats` on small regions: tables, sharing, warnings with their levers, and what is missing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.forecast.seat_region import ORIGIN, School, primary, problem

from junheng import rules
from junheng.forecast.scenarios.levers import Lever
from junheng.forecast.seat_balance.seat_outlook import SeatOutlook
from junheng.forecast.seat_balance.seats import outlook
from junheng.forecast.seat_messages import MESSAGES
from junheng.model import TABLES
from junheng.model.reason import words


def rows(result: SeatOutlook, table: str, **where: Any) -> list[dict[str, Any]]:
    frame = result.tables[table]
    for name, value in where.items():
        frame = frame.filter(pl.col(name) == value)
    return frame.to_dicts()


def one(result: SeatOutlook, table: str, **where: Any) -> dict[str, Any]:
    found = rows(result, table, **where)
    assert len(found) == 1, found
    return found[0]


def warning(result: SeatOutlook, kind: str, unit: str, stage: str = "primary") -> dict[str, Any]:
    return one(result, "seat_warnings", kind=kind, unit_code=unit, stage=stage)


def test_tables_conform_and_checks_hold() -> None:
    result = outlook(problem([primary("A", "a", 50, 6), primary("B", "b", 30, 6)], draws=40, spread=0.1))
    assert result.check() == []
    for name in ("seat_outlook", "seat_horizon", "seat_warnings", "class_size_room"):
        assert result.tables[name].schema == TABLES[name].schema()
        assert result.tables[name].height > 0
    assert {value.topic for value in result.citations} >= {"class_size", "warning_levels", "staff_ratio"}
    assert [value.rule_id for value in result.citations] == sorted({v.rule_id for v in result.citations})


def test_seats_are_cited_for_each_year_and_the_sum_of_schools_is_the_region() -> None:
    result = outlook(problem([primary("A", "a", 50, 6), primary("B", "b", 30, 8)], years=2))
    region = rows(result, "seat_outlook", unit_kind="region")
    assert [row["seats_rooms"] for row in region] == [630.0, 630.0]
    assert [row["gap_p50"] for row in region] == [480.0 - 630.0] * 2
    assert region[0]["rule_id"].startswith("class_size.primary@")
    assert region[0]["verified"] == "second-hand"
    assert region[0]["classes_needed"] == 12 + 6


def test_neighbours_free_seats_take_the_red_out_of_a_local_shortage() -> None:
    schools = [primary("A", "a", 50, 6), primary("B", "b", 30, 8)]
    alone = outlook(problem(schools))
    linked = outlook(problem(schools, links=[("a", "b", 15)]))
    far = outlook(problem(schools, links=[("a", "b", 90)]))
    for result in (alone, far):
        row = rows(result, "seat_outlook", unit_kind="area", unit_code="a")[0]
        assert (row["p_short"], row["p_short_shared"]) == (1.0, 1.0)
        assert warning(result, "shortage", "a")["level"] == "red"
    row = rows(linked, "seat_outlook", unit_kind="area", unit_code="a")[0]
    assert (row["p_short"], row["p_short_shared"], row["gap_shared"]) == (1.0, 0.0, 0.0)
    assert (row["gap_p50"], rows(linked, "seat_outlook", unit_code="b")[0]["gap_shared"]) == (30.0, -150.0)
    found = warning(linked, "shortage", "a")
    assert found["level"] != "red"
    assert (found["lever"], found["residual_p"]) == ("BoundaryShift", 0.0)
    assert json.loads(found["lever_parameters"])["to"] == ["b"]


def test_schools_without_links_table_share_by_distance() -> None:
    near = [primary("A", "a", 50, 6, longitude=118.0, latitude=30.0),
            primary("B", "b", 30, 8, longitude=118.01, latitude=30.0)]  # fmt: skip
    result = outlook(problem(near))
    assert rows(result, "seat_outlook", unit_kind="area", unit_code="a")[0]["p_short_shared"] == 0.0
    assert result.explain(warning(result, "shortage", "a")["warning_id"])["sharing_by"] == "distance"


def test_elastic_classes_are_a_remedy_of_their_own_and_never_standard_seats() -> None:
    result = outlook(problem([primary("A", "a", 48, 6)]))
    row = rows(result, "seat_outlook", unit_kind="school")[0]
    assert (row["seats_standard"], row["seats_elastic"], row["p_short"]) == (270.0, 300.0, 1.0)
    found = warning(result, "shortage", "A")
    assert (found["lever"], found["residual_p"]) == ("ElasticClasses", 0.0)
    forbidden = {"stage": "primary", "year": ORIGIN, "elastic_allowed": False}
    given = problem([primary("A", "a", 48, 6)])
    frame = given.tables["seats"].with_columns(elastic_allowed=pl.lit(forbidden["elastic_allowed"]))
    result = outlook(replace(given, tables=dict(given.tables) | {"seats": frame}))
    assert rows(result, "seat_outlook", unit_kind="school")[0]["seats_elastic"] == 270.0
    assert warning(result, "shortage", "A")["lever"] == "Expand"


def test_levers_are_tried_from_the_cheapest_and_building_comes_last() -> None:
    small = warning(outlook(problem([primary("A", "a", 55, 6)])), "shortage", "a")
    assert small["lever"] == "Expand"
    assert json.loads(small["lever_parameters"])["rooms"] == 2
    large = outlook(problem([primary("A", "a", 120, 6)], years=8))
    found = warning(large, "shortage", "a")
    assert found["lever"] == "Open"
    assert json.loads(found["lever_parameters"])["classes"] == 12
    tried = [lever["lever"] for lever in large.explain(found["warning_id"])["levers_tried"]]
    assert tried == ["ElasticClasses", "Expand", "Open"]


def test_a_short_wave_is_bridged_and_not_built_for() -> None:
    """Short for three years and half empty five years after the peak: share and reuse, build only at last."""
    wave = [50, 52, 50, 40, 35, 30, 25, 25, 25]
    result = outlook(problem([primary("A", "a", wave, 6)], years=9))
    found = warning(result, "shortage", "A")
    explained = result.explain(found["warning_id"], "en")
    assert explained["numbers"]["building_unwise"]
    assert "before building" in explained["advice"]
    assert [lever["lever"] for lever in explained["levers_tried"]] == ["ElasticClasses"]
    long = outlook(problem([primary("A", "a", [50, 52, 50, 50, 50, 50, 50, 50, 50], 6)], years=9))
    assert not long.explain(warning(long, "shortage", "A")["warning_id"])["numbers"]["building_unwise"]


def test_a_remedy_is_scored_on_the_same_draws_it_would_meet_as_a_scenario() -> None:
    schools = [primary("A", "a", 55, 6)]
    base = outlook(problem(schools, draws=200, spread=0.1))
    found = warning(base, "shortage", "A")
    parameters = json.loads(found["lever_parameters"])
    lever = Lever(
        "Expand", "school", "A", parameters["from_year"], parameters={"rooms": str(parameters["rooms"])}
    )
    after = outlook(problem(schools, draws=200, spread=0.1, levers=(lever,)))
    left = [
        row["p_short"]
        for row in rows(after, "seat_outlook", unit_code="A")
        if row["year"] >= parameters["from_year"]
    ]
    assert max(left) == pytest.approx(found["residual_p"], abs=1e-4)
    assert max(left) <= 0.2


def test_rooms_of_the_other_stage_are_lent_before_anything_is_built() -> None:
    school = School("N", "312", "a", {**dict.fromkeys([f"G0{n}" for n in range(1, 7)], 80.0),
                                      **dict.fromkeys(["G07", "G08", "G09"], 40.0)}, rooms=9)  # fmt: skip
    found = warning(outlook(problem([school])), "shortage", "N")
    assert found["lever"] == "ShareStage"
    assert json.loads(found["lever_parameters"])["from_stage"] == "junior"


def test_large_classes_are_red_whatever_the_neighbours_have() -> None:
    schools = [primary("A", "a", 56, 6), primary("B", "b", 10, 20)]
    found = warning(outlook(problem(schools, links=[("a", "b", 10)])), "shortage", "A")
    assert (found["level"], found["reason_code"]) == ("red", "seats.large_class")
    assert found["rule_id"].startswith("large_class.large@")
    very = [primary("A", "a", [58, 66], 6), primary("B", "b", 10, 20)]
    worst = warning(outlook(problem(very, years=2)), "shortage", "A")
    assert (worst["reason_code"], json.loads(worst["reason_parameters"])["year"]) == (
        "seats.very_large_class", ORIGIN + 2,
    )  # fmt: skip
    below = [primary("A", "a", 55.9, 6), primary("B", "b", 10, 20)]
    assert warning(outlook(problem(below, links=[("a", "b", 10)])), "shortage", "A")["level"] == "orange"


def test_far_shortages_are_orange_and_unsure_ones_yellow() -> None:
    far = outlook(problem([primary("A", "a", [30] * 6 + [55] * 4, 6)], years=10))
    assert warning(far, "shortage", "A")["level"] == "orange"
    assert warning(far, "shortage", "A")["from_year"] == ORIGIN + 7
    unsure = outlook(problem([primary("A", "a", 44, 6)], draws=400, spread=0.05))
    found = warning(unsure, "shortage", "A")
    assert found["level"] == "yellow"
    assert 0.2 <= found["probability"] < 0.5


def test_idle_seats_are_yellow_with_smaller_classes_first() -> None:
    found = warning(outlook(problem([primary("A", "a", 24, 6)])), "underuse", "A")
    assert (found["level"], found["lever"]) == ("yellow", "ClassSize")
    two_years = outlook(problem([primary("A", "a", [40, 24, 24, 40, 40], 6)]))
    assert rows(two_years, "seat_warnings", kind="underuse") == []
    empty = warning(outlook(problem([primary("A", "a", 28, 20)])), "underuse", "A")
    assert empty["lever"] == "Convert"


def test_schools_too_large_and_too_small() -> None:
    result = outlook(problem([primary("L", "a", 340, 60), primary("M", "a", 330, 60)]))
    assert [row["unit_code"] for row in rows(result, "seat_warnings", kind="school_size")] == ["L"]
    small = outlook(problem([primary("S", "a", [17, 16.5, 8], 6), primary("T", "a", 20, 12)], years=3))
    found = warning(small, "small_school", "S")
    assert (found["reason_code"], found["from_year"]) == ("seats.very_small_school", ORIGIN + 3)
    assert (found["lever"], json.loads(found["lever_parameters"])["with"]) == ("Merge", "T")
    just = outlook(problem([primary("S", "a", 100 / 6, 6)], years=1))
    assert rows(just, "seat_warnings", kind="small_school") == []
    below = outlook(problem([primary("S", "a", 99 / 6, 6)], years=1))
    assert warning(below, "small_school", "S")["reason_code"] == "seats.small_school"


def test_public_kindergartens_below_their_share() -> None:
    kindergartens = [
        School("K", "111", "a", {"K1": 49.0}, rooms=4),
        School("P", "111", "a", {"K1": 51.0}, rooms=4, ownership="private_inclusive"),
    ]
    found = rows(outlook(problem(kindergartens)), "seat_warnings", kind="kindergarten_share")
    assert [row["reason_code"] for row in found] == ["seats.public_share"]


def test_a_level_steps_down_only_after_two_calm_runs() -> None:
    first = outlook(problem([primary("A", "a", 55, 6)]))
    assert warning(first, "shortage", "A")["level"] == "red"
    calm = problem([primary("A", "a", 30, 6)])
    second = outlook(calm, first.tables["seat_warnings"])
    held = warning(second, "shortage", "A")
    assert held["level"] == "red"
    assert json.loads(held["reason_parameters"])["held"] == "none"
    assert second.explain(held["warning_id"])["reason"]
    third = outlook(calm, second.tables["seat_warnings"])
    assert rows(third, "seat_warnings", kind="shortage") == []
    again = outlook(problem([primary("A", "a", 55, 6)]), second.tables["seat_warnings"])
    assert "calm_runs" not in json.loads(warning(again, "shortage", "A")["reason_parameters"])


def test_every_warning_has_words_drivers_and_a_rule_or_says_why_not() -> None:
    schools = [
        primary("A", "a", [44, 50, 60, 60, 60], 6),
        primary("S", "b", 5, 6, urban_rural="220", kind="218"),
        primary("I", "b", 14, 12),
        School("K", "111", "a", {"K1": 60.0, "K3": 90.0}, rooms=3),
    ]
    result = outlook(problem(schools, draws=50, spread=0.1))
    assert result.tables["seat_warnings"].height >= 5
    for row in result.tables["seat_warnings"].iter_rows(named=True):
        parameters = json.loads(row["reason_parameters"])
        for language in ("zh", "en"):
            assert words(MESSAGES, row["reason_code"], parameters, language)
            explained = result.explain(row["warning_id"], language)
        assert len(explained["drivers"]) == 2
        assert explained["rule"] or row["kind"] == "weak_data"
        assert row["from_year"] <= row["to_year"]
        if row["lever"]:
            assert words(MESSAGES, f"forecast.lever.{row['lever']}", json.loads(row["lever_parameters"]))


def test_room_for_smaller_classes_counts_rooms_and_posts() -> None:
    result = outlook(problem([primary("A", "a", 40, 7)], years=2))
    found = {row["size"]: row for row in rows(result, "class_size_room", unit_kind="region", year=ORIGIN + 1)}
    assert [found[size]["feasible"] for size in (45, 40, 35, 30)] == [True, True, False, False]
    assert (found[45]["classes"], found[35]["classes"]) == (6.0, 12.0)
    assert found[45]["posts"] == pytest.approx(6 * 45 / 19)


def test_missing_capacity_and_missing_rules_are_said() -> None:
    nothing = outlook(problem([School("A", "211", "a", {"G01": 40.0})], seats=False, classes=False))
    assert nothing.tables["seat_outlook"].is_empty()
    assert [finding.code for finding in nothing.findings] == ["no_capacity"]
    assert all(words(MESSAGES, f.code, f.parameters) for f in nothing.findings)
    from_classes = outlook(problem([primary("A", "a", 45, 6)], seats=False))
    assert [finding.code for finding in from_classes.findings if finding.code != "sharing_unknown"] == [
        "seats_missing"
    ]
    assert rows(from_classes, "seat_outlook", unit_kind="region")[0]["seats_standard"] == 270.0


@settings(max_examples=15)
@given(st.integers(0, 1000), st.integers(1, 6))
def test_more_rooms_anywhere_raise_no_shortage_anywhere(seed: int, more: int) -> None:
    rng = np.random.default_rng(seed)
    each = rng.integers(20, 60, 4).tolist()
    rooms = rng.integers(4, 9, 4).tolist()
    links = [("a", "b", 10), ("b", "c", 10)]

    def run(extra: int) -> pl.DataFrame:
        schools = [
            primary(code, area, each[k], rooms[k] + (extra if k == 1 else 0))
            for k, (code, area) in enumerate(zip("ABCD", "abcc", strict=True))
        ]
        return outlook(problem(schools, years=2, draws=15, spread=0.15, links=links)).tables["seat_outlook"]

    few, many = run(0), run(more)
    assert (many["p_short"] <= few["p_short"]).all()
    total = [frame.filter(pl.col("unit_kind") == "region")["gap_shared"] for frame in (few, many)]
    assert (total[1] <= total[0] + 1e-3).all()


def test_order_of_schools_and_rows_changes_nothing() -> None:
    schools = [primary("A", "a", 50, 6), primary("B", "b", 30, 8), primary("C", "b", 47, 6)]
    given = problem(schools, draws=20, links=[("a", "b", 10)])
    shuffled = replace(given, tables={name: frame.reverse() for name, frame in given.tables.items()})
    one_way, other_way = outlook(given), outlook(shuffled)
    for name, frame in one_way.tables.items():
        assert frame.equals(other_way.tables[name])


def test_an_explanation_tells_classes_as_the_school_forms_them() -> None:
    """The school has taught 90 pupils a grade in three classes: it would go on so, the standard asks two."""
    given = problem([primary("A", "a", 90, 6)])
    frame = given.tables["enrolment"].with_columns(classes=pl.lit(3, dtype=pl.Int64))
    result = outlook(replace(given, tables=dict(given.tables) | {"enrolment": frame}))
    practice = result.explain(warning(result, "shortage", "A")["warning_id"])["practice"]
    assert practice["grades"]["G01"]["classes"] == 3
    assert practice["classes"] == 18
    assert rows(result, "seat_outlook", unit_code="A")[0]["classes_needed"] == 12


def test_a_local_class_size_holds_from_its_year_and_is_cited(tmp_path: Path) -> None:
    """A county that sets 40 from September 2027: the same rooms hold fewer from that year on."""
    (tmp_path / "class_size.yaml").write_text(
        "topic: class_size\nentries:\n- from: 2027-09-01\n  region: '990101'\n  values: {primary: 40}\n"
        "  source: 县教育局通知\n  verified: original\n",
        encoding="utf-8",
    )
    given = replace(problem([primary("A", "a", 42, 6)], years=3), rules=rules.load(tmp_path))
    found = rows(outlook(given), "seat_outlook", unit_kind="region")
    assert [row["seats_rooms"] for row in found] == [270.0, 240.0, 240.0]
    assert [row["classes_needed"] for row in found] == [6.0, 12.0, 12.0]
    assert [row["p_short"] for row in found] == [0.0, 1.0, 1.0]
    assert found[1]["rule_id"] == "class_size.primary@2027-09-01/990101"
    assert [row["verified"] for row in found] == ["second-hand", "original", "original"]


def test_an_area_of_areas_serves_itself_and_bears_what_its_parts_are_left_short_of() -> None:
    """Two streets of one school district, not linked: enough seats together, short in one."""
    schools = [primary("A", "s1", 50, 6), primary("B", "s2", 30, 8)]
    parents = {"s1": "district", "s2": "district", "district": "990101"}
    found = {
        row["unit_code"]: row
        for row in rows(outlook(problem(schools, years=1, parents=parents)), "seat_outlook", unit_kind="area")
    }
    assert set(found) == {"s1", "s2", "district"}
    assert (found["district"]["gap_p50"], found["district"]["p_short"]) == (-150.0, 0.0)
    assert (found["district"]["gap_shared"], found["district"]["p_short_shared"]) == (30.0, 1.0)
    levels = outlook(problem(schools, years=1, parents=parents)).tables["seat_warnings"]
    assert "district" not in levels.filter(pl.col("kind") == "shortage")["unit_code"].to_list()


def test_children_board_only_where_schools_are_rural() -> None:
    def county(kind: str) -> dict[str, Any]:
        schools = [primary("A", "a", 100, 6, urban_rural=kind), primary("D", "d", 20, 20, beds=400)]
        return warning(outlook(problem(schools, years=8)), "shortage", "A")

    assert county("220")["lever"] == "Boarding"
    assert county("111")["lever"] == "Open"


@settings(max_examples=12)
@given(st.integers(0, 10_000))
def test_any_region_adds_up(seed: int) -> None:
    rng = np.random.default_rng(seed)
    kinds = [("211", 1, 6), ("312", 1, 9), ("311", 7, 9), ("341", 7, 12), ("218", 1, 3)]
    schools: list[School] = []
    for k in range(int(rng.integers(2, 7))):
        kind, first, last = kinds[int(rng.integers(len(kinds)))]
        pupils = {f"G{g:02d}": float(rng.integers(0, 120)) for g in range(first, last + 1)}
        schools.append(
            School(f"S{k}", kind, "abc"[int(rng.integers(3))], pupils, classes=int(rng.integers(0, 12)),
                   rooms=None if rng.random() < 0.3 else int(rng.integers(0, 12)),
                   beds=int(rng.integers(0, 60)), urban_rural="220" if rng.random() < 0.5 else "111",
                   system="54" if rng.random() < 0.3 else "63")
        )  # fmt: skip
    schools.append(School("Z", "514", "a", {"G01": 8.0}))
    result = outlook(problem(schools, years=3, draws=20, spread=0.2, links=[("a", "b", 10), ("b", "c", 25)]))
    assert result.check() == []
    frame = result.tables["seat_outlook"]
    assert frame.filter(pl.col("stage") == "special").is_empty()
    assert (frame["gap_p10"] <= frame["gap_p50"]).all()
    assert (frame["gap_p50"] <= frame["gap_p90"]).all()
    own = frame.filter(pl.col("unit_kind") == "school")
    assert (own["p_short_shared"] <= own["p_short"]).all()
    for name in ("p_short", "p_underuse", "p_short_shared"):
        assert frame[name].is_between(0, 1).all()
    for row in result.tables["seat_warnings"].iter_rows(named=True):
        assert result.explain(row["warning_id"])["reason"]
