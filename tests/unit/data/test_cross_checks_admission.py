"""Tables of admission hold together, and name nobody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.unit.data.test_checking import found, school, table


def child(one: str = "A1", **more: Any) -> dict[str, Any]:
    more = {"identity_code": f"I{one}", "checked_by": "报名点", **more}
    return {"plan_id": "p", "applicant_id": one, **more}


def program(one: str = "s-p", **more: Any) -> dict[str, Any]:
    return {"plan_id": "p", "program_id": one, "school_id": "s", "seats": 10, "ownership": "public", **more}


def choice(program_id: str, rank: int, who: str = "A1", **more: Any) -> dict[str, Any]:
    row = {"plan_id": "p", "applicant_id": who, "batch": "public", "program_id": program_id}
    return {**row, "choice_rank": rank, **more}


def faults(
    children: list[dict[str, Any]] | None = None,
    programs: list[dict[str, Any]] | None = None,
    **rows: list[dict[str, Any]],
) -> list[tuple[str, str]]:
    tables = {name: table(name, *held) for name, held in rows.items()}
    tables["applicants"] = table("applicants", *(children or [child()]))
    tables["admission_programs"] = table("admission_programs", *(programs or [program(), program("t-p")]))
    return found(schools=table("schools", school("s")), **tables)


def test_sound_tables_have_no_fault() -> None:
    assert faults(applications=[choice("s-p", 1), choice("t-p", 2)]) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("applicant_id", "王小明"),
        ("identity_code", "110101202103051234"),
        ("family_id", "11010120210305123X"),
        ("address_id", "幸福路8号"),
    ],
)  # fmt: skip
def test_nobody_is_named(column: str, value: str) -> None:
    assert ("number_names_somebody", "error") in faults([child(**{column: value})])


def test_one_child_under_two_numbers_is_for_a_clerk() -> None:
    assert faults([child("A1", identity_code="I"), child("A2", identity_code="I")]) == [
        ("child_twice", "error")
    ]
    other = child("A2", identity_code="I") | {"plan_id": "q"}
    assert faults([child("A1", identity_code="I"), other]) == []


def test_numbers_that_look_alike_are_a_fault() -> None:
    assert faults([child("A1"), child("Ａ1")]) == [("numbers_alike", "error")]
    assert faults([child("A1"), child("B1")]) == []


def test_a_row_belongs_to_the_plan_of_its_child_and_programme() -> None:
    other = choice("s-p", 1) | {"plan_id": "q"}
    assert faults(applications=[other]) == [("other_plan", "error"), ("other_plan", "error")]
    assert faults(applications=[choice("s-p", 1, "nobody")]) == [("unknown_reference", "error")]


def test_ranks_run_from_one_without_a_gap() -> None:
    assert faults(applications=[choice("s-p", 1), choice("t-p", 3)]) == [("rank_gap", "error")]
    assert faults(applications=[choice("s-p", 1), choice("t-p", 1)]) == [("rank_twice", "error")]
    assert faults(applications=[choice("s-p", 2)]) == [("rank_gap", "error")]


def test_whoever_checks_signs_and_numbers_of_cards_stay_out() -> None:
    fact = {"plan_id": "p", "applicant_id": "A1", "fact": "hukou", "value": "local", "state": "verified"}
    assert faults(applicant_facts=[fact | {"checked_by": "x"}]) == []
    assert faults(applicant_facts=[fact]) == [("fact_unsigned", "warning")]
    card = fact | {"checked_by": "x", "paper": "户口簿 110101202103051234"}
    assert faults(applicant_facts=[card]) == [("card_in_paper", "error")]
    assert faults([child(checked_by=None)]) == [("children_unchecked", "note")]


def test_reserves_fit_their_programme_and_stand_in_an_order() -> None:
    row = {"plan_id": "p", "program_id": "s-p", "reserve_id": "a", "position": 1, "kind": "hard", "seats": 6}
    second = row | {"reserve_id": "b", "position": 2, "seats": 4}
    assert faults(admission_reserves=[row, second]) == []
    assert faults(admission_reserves=[row, second | {"seats": 5}]) == [("reserves_over", "error")]
    assert faults(admission_reserves=[row, second | {"position": 1}]) == [("reserve_place_twice", "error")]


def test_binding_is_for_two_and_a_child_has_one_family() -> None:
    def link(who: str, family: str = "F1", how: str = "twins") -> dict[str, Any]:
        return {"plan_id": "p", "family_id": family, "applicant_id": who, "link": how}

    three = [child("A1"), child("A2"), child("A3")]
    assert faults(three, applicant_families=[link("A1"), link("A2")]) == []
    assert faults(three, applicant_families=[link("A1"), link("A2"), link("A3")]) == [
        ("bound_many", "warning")
    ]
    assert faults(three, applicant_families=[link("A1")]) == [("bound_count", "error")]
    both = [link("A1", how="siblings"), link("A1", "F2", how="siblings")]
    assert faults(three, applicant_families=both) == [("two_families", "error")]


def test_two_people_sign_a_placement_by_hand() -> None:
    row = {"plan_id": "p", "applicant_id": "A1", "program_id": "s-p", "ground": "court", "document_no": "1"}
    signed = row | {"placed_by": "甲", "approved_by": "乙", "placed_on": date(2027, 7, 1)}
    assert faults(hand_placements=[signed]) == []
    assert faults(hand_placements=[signed | {"approved_by": "甲 "}]) == [("one_signature", "error")]
