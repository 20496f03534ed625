"""Seats of each forecast year: dated changes, closings, fallbacks, and the four capacities apart."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.forecast.seat_region import ORIGIN, School, primary, problem

from junheng.forecast.scenarios.levers import Lever
from junheng.forecast.seat_balance.seat_levers import apply_levers
from junheng.forecast.seat_balance.seat_problem import Cells, SeatProblem, build_cells
from junheng.forecast.seat_balance.seat_standards import SeatStandards
from junheng.forecast.seat_balance.seat_units import cell_seats


def cells_of(given: SeatProblem) -> Cells:
    return apply_levers(given, build_cells(given, SeatStandards.read(given.rules, given.region, given.years)))


def seats_of(given: SeatProblem) -> dict[str, list[list[float]]]:
    names = ("standard", "rooms", "elastic", "approved", "basis")
    return {
        name: np.round(values, 6).tolist()
        for name, values in zip(names, cell_seats(cells_of(given)), strict=True)
    }


def test_four_capacities_stay_apart() -> None:
    found = seats_of(problem([primary("A", "a", 40, rooms=8, classes=6, approved=300)], years=1))
    assert found == {
        "standard": [[270.0]],
        "rooms": [[360.0]],
        "elastic": [[400.0]],
        "approved": [[300.0]],
        "basis": [[360.0]],
    }


def test_gaps_fall_back_to_classes_and_then_to_approvals() -> None:
    school = School("A", "211", "a", {"G01": 40.0}, classes=6, approved=300)
    assert seats_of(problem([school], years=1))["basis"] == [[270.0]]
    school = School("A", "211", "a", {"G01": 40.0}, approved=300)
    assert seats_of(problem([school], years=1))["basis"] == [[300.0]]


def test_a_dated_row_holds_from_its_year_until_the_next() -> None:
    rows = (
        {"stage": "primary", "year": ORIGIN + 2, "rooms": 12, "status": "building"},
        {"stage": "primary", "year": ORIGIN + 4, "rooms": 10, "classes": 9, "status": "approved"},
    )
    found = seats_of(problem([primary("A", "a", 40, rooms=6, more_seats=rows)], years=5))
    assert found["rooms"] == [[270.0, 540.0, 540.0, 450.0, 450.0]]
    assert found["standard"] == [[270.0, 270.0, 270.0, 405.0, 405.0]]


def test_seats_due_but_not_open_count_from_next_year_and_say_so() -> None:
    row = {"stage": "primary", "year": ORIGIN - 1, "rooms": 5, "status": "open"}
    given = problem([School("A", "211", "a", {"G01": 40.0}, rooms=6, more_seats=(row,))], years=2)
    frame = given.tables["seats"].with_columns(
        status=given.tables["seats"]["status"].replace({"open": "building"})
    )
    changed = dict(given.tables) | {"seats": frame}
    object.__setattr__(given, "tables", changed)
    cells = cells_of(given)
    assert cells.capacity.rooms.tolist() == [[6.0, 6.0]]
    assert {finding.code for finding in cells.capacity.findings} == {"seats_late"}


@pytest.mark.parametrize("event", ["close", "merge"])
def test_closing_and_merging_end_the_seats(event: str) -> None:
    row = {"school_id": "A", "year": ORIGIN + 2, "event": event, "other_school_id": "B", "share": 1.0}
    given = problem([primary("A", "a", 40, 6), primary("B", "a", 40, 6)], years=3, events=[row])
    assert seats_of(given)["basis"] == [[270.0, 0.0, 0.0], [270.0, 270.0, 270.0]]


def test_a_new_id_takes_the_seats_of_the_old_one() -> None:
    """Renamed before the origin: the rooms stand once, under the new id."""
    row = {"school_id": "A", "year": ORIGIN, "event": "rename", "other_school_id": "B"}
    old = School("A", "211", "a", {"G01": 0.0}, rooms=6)
    new = School("B", "211", "a", {"G01": 40.0})
    found = seats_of(problem([old, new], years=1, events=[row], classes=False))
    assert found["basis"] == [[0.0], [270.0]]
    kept = {"school_id": "A", "year": ORIGIN, "event": "rename", "other_school_id": ""}
    assert seats_of(problem([old], years=1, events=[kept]))["basis"] == [[270.0]]


def test_without_a_seats_table_the_classes_taught_count_and_it_says_so() -> None:
    cells = cells_of(problem([primary("A", "a", 90, 6)], years=1, seats=False))
    assert cells.capacity.classes.tolist() == [[12.0]]
    assert [finding.code for finding in cells.capacity.findings] == ["seats_missing"]


def test_a_school_of_which_nothing_is_known_is_left_out_and_named() -> None:
    given = problem(
        [School("A", "211", "a", {"G01": 40.0}), primary("B", "a", 40, 6)], years=1, classes=False
    )
    cells = cells_of(given)
    assert cells.capacity.known.tolist() == [False, True]
    assert [f.parameters["school"] for f in cells.capacity.findings] == ["A"]


def test_kindergarten_seats_follow_the_size_of_each_grade() -> None:
    school = School("K", "111", "a", {"K1": 25.0, "K2": 30.0, "K3": 35.0}, rooms=3)
    cells = cells_of(problem([school], years=1))
    assert cells.size[0, 0] == 30.0
    assert cells.classes[0, 0, 0] == 3.0
    more = School("K", "111", "a", {"K1": 26.0, "K2": 30.0, "K3": 35.0}, rooms=3)
    assert cells_of(problem([more], years=1)).classes[0, 0, 0] == 4.0


def test_rural_and_incomplete_schools_read_their_own_standard() -> None:
    point = primary("P", "a", 5, rooms=2, kind="218", urban_rural="220", classes=1)
    village = primary("V", "a", 40, rooms=6, urban_rural="220")
    cells = cells_of(problem([point, village], years=1))
    assert cells.size[:, 0].tolist() == [30.0, 45.0]
    assert [value[0].topic for value in cells.behind] == ["class_size_rural", "class_size_rural"]
    assert cells.pooled.tolist() == [False, False]


def test_several_grades_taught_together_make_one_class() -> None:
    given = problem([primary("P", "a", 4, rooms=2, kind="218", urban_rural="220")], years=1)
    frame = given.tables["enrolment"]
    one = frame.with_columns(classes=frame["grade"].eq("G01").cast(frame["classes"].dtype))
    object.__setattr__(given, "tables", dict(given.tables) | {"enrolment": one})
    cells = cells_of(given)
    assert cells.pooled.tolist() == [True]
    assert cells.classes[0, 0, 0] == 1.0


def test_63_to_54_moves_seats_not_children() -> None:
    """The sixth grade is primary at 45 under 六三 and junior at 50 under 五四; the children are the same."""
    grades = {"G05": 100.0, "G06": 100.0, "G07": 100.0}
    old = cells_of(problem([School("N", "312", "a", grades, rooms=9)], years=1))
    new = cells_of(problem([School("N", "312", "a", grades, rooms=9, system="54")], years=1))
    assert old.demand.sum() == new.demand.sum() == 300.0
    assert old.demand[:, 0, 0].tolist() == [200.0, 100.0]
    assert new.demand[:, 0, 0].tolist() == [100.0, 200.0]
    assert (old.classes.sum(), new.classes.sum()) == (3 + 3 + 2, 3 + 2 + 2)


def test_levers_change_seats_in_their_years_only() -> None:
    add = Lever("Expand", "school", "A", ORIGIN + 2, parameters={"rooms": "4"})
    found = seats_of(problem([primary("A", "a", 40, 6)], years=3, levers=(add,)))
    assert found["rooms"] == [[270.0, 450.0, 450.0]]
    elastic = Lever("ElasticClasses", "area", "a", ORIGIN + 1, ORIGIN + 1)
    found = seats_of(problem([primary("A", "a", 40, 6)], years=2, levers=(elastic,)))
    assert found["basis"] == [[300.0, 270.0]]
    assert found["standard"] == [[270.0, 270.0]]
    smaller = Lever("ClassSize", "region", "", ORIGIN + 2, parameters={"size": "40", "stage": "primary"})
    cells = cells_of(problem([primary("A", "a", 42, 6)], years=2, levers=(smaller,)))
    assert cells.classes[0, :, 0].tolist() == [6.0, 12.0]
    assert cells.size[0].tolist() == [45.0, 40.0]


def test_sharing_rooms_between_stages_keeps_their_sum() -> None:
    school = School("N", "312", "a", {"G01": 100.0, "G07": 100.0}, rooms=10)
    lever = Lever("ShareStage", "school", "N", ORIGIN + 1,
                  parameters={"from_stage": "primary", "to_stage": "junior", "seats": "90"})  # fmt: skip
    cells = cells_of(problem([school], years=1, levers=(lever,)))
    assert cells.capacity.rooms[:, 0].tolist() == [8.0, 10 + 90 / 50]
