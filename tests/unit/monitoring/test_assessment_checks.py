"""The checks no verb can say, each on both sides of its line, with what is unknown and what is relaxed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.unit.monitoring.counties import (
    CODE,
    ENOUGH,
    YEAR,
    Found,
    checked,
    conditions,
    local,
    pupils,
    school,
    tables,
)


def one(
    *,
    stage: str = "primary",
    heads: int = 400,
    classes: int | None = 12,
    about: Mapping[str, Any] | None = None,
    book: Any = None,
    listed: list[dict[str, Any]] | None = None,
    **others: Any,
) -> Found:
    """A county of one school with enough of everything."""
    held = school("A", **{"kind": "211" if stage == "primary" else "311", **(about or {})})
    if listed is not None:
        others["classes"] = listed
    given = tables([held], pupils("A", stage, heads, classes), [conditions("A", stage, **ENOUGH)], **others)
    return checked(given, book)


def room(number: int, kind: str, area: float | None, **more: Any) -> dict[str, Any]:
    return {"school_id": "A", "room_id": f"{kind}{number}", "kind": kind, "area": area, **more}


def rooms(music: int, art: int) -> list[dict[str, Any]]:
    return [room(n, "music", 96.0) for n in range(music)] + [room(n, "art", 90.0) for n in range(art)]


@pytest.mark.parametrize(
    ("classes", "held", "status"),
    [
        (12, rooms(1, 1), "met"),
        (13, rooms(1, 1), "unmet"),
        (13, rooms(2, 2), "met"),
        (24, rooms(2, 2), "met"),
        (25, rooms(2, 2), "unmet"),
        (12, rooms(1, 0), "unmet"),
        (12, [], "unmet"),
        (None, rooms(1, 1), "not_computable"),
        (12, [room(0, "music", 95.99), room(0, "art", 90.0)], "unmet"),
        (12, [room(0, "music", 96.0), room(0, "art", 89.99)], "unmet"),
        (12, [room(0, "music", None), room(0, "art", 90.0)], "not_computable"),
        (12, [room(0, "music", None), *rooms(1, 1)], "met"),
        (24, [room(9, "music", None), room(0, "art", 90.0), room(1, "art", 90.0)], "unmet"),
        (12, [room(0, "music", 96.0, year_to=YEAR - 1), room(0, "art", 90.0)], "unmet"),
        (12, [room(0, "music", 96.0, year_from=YEAR + 1), room(0, "art", 90.0)], "unmet"),
        (12, [room(0, "music", 96.0, year_from=YEAR, year_to=YEAR), room(0, "art", 90.0)], "met"),
    ],
)
def test_special_rooms(classes: int | None, held: list[dict[str, Any]], status: str) -> None:
    assert one(classes=classes, rooms=held).item("G3").status == status


OLD = [room(0, "music", 73.0, built_year=2016), room(0, "art", 67.0, built_year=2016)]


def test_smaller_old_rooms_count_only_where_the_place_chose_so() -> None:
    assert one(rooms=OLD).item("G3").status == "unmet"
    relaxed = one(rooms=OLD, book=local(relax_old_rooms=1))
    assert relaxed.item("G3").status == "met"
    assert [(row.reason, row.verified) for row in relaxed.exceptions] == [("room_relaxed", "unverified")]
    newer = [{**held, "built_year": 2017} for held in OLD]
    assert one(rooms=newer, book=local(relax_old_rooms=1)).item("G3").status == "unmet"
    smaller = [{**OLD[0], "area": 72.99}, OLD[1]]
    assert one(rooms=smaller, book=local(relax_old_rooms=1)).item("G3").status == "unmet"


@pytest.mark.parametrize(
    ("urban_rural", "largest", "area", "status"),
    [
        ("220", 29, 54.0, "met"),
        ("220", 30, 54.0, "unmet"),
        ("121", 29, 54.0, "unmet"),
        ("220", 29, 53.99, "unmet"),
    ],
)
def test_small_rural_schools_may_have_smaller_rooms(
    urban_rural: str, largest: int, area: float, status: str
) -> None:
    book = local(relax_small_rural_rooms=1)
    listed = [class_row("G01", largest, 1)]
    held = [room(0, "music", area), room(0, "art", area)]
    found = one(about={"urban_rural": urban_rural}, rooms=held, listed=listed, book=book)
    assert found.item("G3").status == status


def class_row(grade: str, heads: int | None, number: int, code: str = "A") -> dict[str, Any]:
    return {"school_id": code, "year": YEAR, "class_id": f"{grade}-{number}", "grade": grade, "pupils": heads}


@pytest.mark.parametrize(
    ("kind", "stages", "status"),
    [
        ("211", {"primary": 2000}, "met"),
        ("211", {"primary": 2001}, "unmet"),
        ("311", {"junior": 2000}, "met"),
        ("311", {"junior": 2001}, "unmet"),
        ("312", {"primary": 1600, "junior": 900}, "met"),
        ("312", {"primary": 1600, "junior": 901}, "unmet"),
        ("345", {"primary": 1600, "junior": 900, "senior": 1500}, "met"),
        ("345", {"primary": 1600, "junior": 901, "senior": 10}, "unmet"),
        ("341", {"junior": 2000, "senior": 2000}, "met"),
    ],
)
def test_school_size_counts_the_compulsory_stages(kind: str, stages: dict[str, int], status: str) -> None:
    heads = [row for stage, total in stages.items() for row in pupils("A", stage, total)]
    held = [conditions("A", stage, **ENOUGH) for stage in stages]
    assert checked(tables([school("A", kind)], heads, held)).item("G4").status == status


@pytest.mark.parametrize(
    ("opened", "migrants", "heads", "status"),
    [
        (2010, 0, 2400, "met"),
        (2010, 0, 2401, "unmet"),
        (2011, 0, 2400, "unmet"),
        (2011, 1201, 2400, "met"),
        (2011, 1200, 2400, "unmet"),
    ],
)
def test_the_wider_size_is_for_old_schools_and_many_migrants(
    opened: int, migrants: int, heads: int, status: str
) -> None:
    counted = pupils("A", "primary", heads, 60)
    for row, number in zip(counted, [migrants, 0, 0, 0, 0, 0], strict=True):
        row["migrant_pupils"] = number
    held = school("A", opened_year=opened)
    given = tables([held], counted, [conditions("A", "primary", **ENOUGH)])
    assert checked(given).item("G4").status == "unmet"  # off unless chosen
    relaxed = checked(given, local(relax_school_size=1))
    assert relaxed.item("G4").status == status
    used = opened <= 2010 or 2 * migrants > heads
    assert ("size_relaxed" in {row.reason for row in relaxed.exceptions}) == used


@pytest.mark.parametrize(
    ("stage", "grade", "sizes", "counted", "status", "reason"),
    [
        ("primary", "G01", [45, 45], 2, "met", "classes_within"),
        ("primary", "G01", [45, 46], 2, "unmet", "classes_over"),
        ("junior", "G07", [50, 50], 2, "met", "classes_within"),
        ("junior", "G07", [50, 51], 2, "unmet", "classes_over"),
        ("primary", "G01", [45], 2, "not_computable", "some_classes_unknown"),
        ("primary", "G01", [45, None], 2, "not_computable", "some_classes_unknown"),
        ("primary", "G01", [46, None], 2, "unmet", "classes_over"),
        ("primary", "G01", [], 2, "not_computable", "classes_not_listed"),
        ("primary", "G01", [], 1, "unmet", "average_over"),
    ],
)
def test_class_sizes(
    stage: str, grade: str, sizes: list[int | None], counted: int, status: str, reason: str
) -> None:
    listed = [class_row(grade, size, number) for number, size in enumerate(sizes)]
    heads = [{"school_id": "A", "year": YEAR, "grade": grade, "pupils": 90, "classes": counted}]
    kind = "211" if stage == "primary" else "311"
    given = tables([school("A", kind)], heads, [conditions("A", stage, **ENOUGH)], classes=listed)
    found = checked(given)
    assert found.item("G5").status == status
    rows = [row for row in found.items if row.item == "G5" and row.level == "school"]
    assert [row.status_reason for row in rows] == [reason]


def money(
    item: str, amount: float, unit: str = "A", year: int = YEAR, basis: str = "budget"
) -> dict[str, Any]:
    return {"unit_code": unit, "year": year, "item": item, "basis": basis, "amount": amount}


@pytest.mark.parametrize(
    ("heads", "amount", "status"),
    [
        (99, 72_000.0, "met"),
        (99, 71_999.99, "unmet"),
        (99, None, "not_computable"),
        (100, None, "met"),
    ],
)
def test_small_schools_have_the_funds_of_a_hundred_pupils(
    heads: int, amount: float | None, status: str
) -> None:
    spent = [] if amount is None else [money("public_funds", amount)]
    found = one(heads=heads, finance=spent).item("G6")
    assert found.status == status
    if heads == 100:
        assert found.status_reason == "none_concerned"


@pytest.mark.parametrize(
    ("amount", "status"), [(180_000.0, "met"), (179_999.99, "unmet"), (None, "not_computable")]
)
def test_special_schools_have_their_funds_per_pupil(amount: float | None, status: str) -> None:
    special = school("S", "514")
    heads = [{"school_id": "S", "year": YEAR, "grade": "G03", "pupils": 30, "classes": 3}]
    for unit in ("S", CODE):
        spent = [] if amount is None else [money("special_needs_funds", amount, unit, basis="final")]
        found = checked(tables([special], heads, [], finance=spent))
        assert found.item("G7").status == status


@pytest.mark.parametrize(
    ("teachers", "servants", "status"),
    [(100_000.0, 100_000.0, "met"), (99_999.99, 100_000.0, "unmet"), (None, 100_000.0, "not_computable")],
)
def test_teachers_pay_is_held_against_the_year_before(
    teachers: float | None, servants: float, status: str
) -> None:
    spent = [money("civil_servant_pay_average", servants, CODE, YEAR - 1, "final")]
    spent += [money("teacher_pay_average", 1.0, CODE, YEAR, "final")]  # this year's does not count
    if teachers is not None:
        spent.append(money("teacher_pay_average", teachers, CODE, YEAR - 1, "final"))
    found = one(finance=spent)
    assert found.item("G8").status == status


@pytest.mark.parametrize(
    ("training", "funds", "status"),
    [(5_000.0, 100_000.0, "met"), (4_999.99, 100_000.0, "unmet"), (None, 100_000.0, "not_computable")],
)
def test_training_is_a_share_of_each_schools_budget(
    training: float | None, funds: float, status: str
) -> None:
    spent = [money("public_funds", funds), money("training_funds", 99_999.0, basis="final")]
    if training is not None:
        spent.append(money("training_funds", training))
    assert one(finance=spent).item("Q4").status == status


def reported(measure: str, numerator: int, denominator: int) -> dict[str, Any]:
    return {
        "unit_code": CODE,
        "stage": "junior",
        "year": YEAR,
        "measure": measure,
        "numerator": numerator,
        "denominator": denominator,
    }


def test_retention_by_the_chosen_formula_with_the_other_beside_it() -> None:
    counts = [reported("retention_a", 95, 100), reported("retention_b", 94, 100)]
    first = one(reported_counts=counts)
    judged = first.item("Q1")
    assert (judged.status, judged.value) == ("met", 0.95)
    beside = next(row for row in first.items if row.kind == "beside")
    assert (beside.part, beside.status, beside.value) == ("second_formula", "unmet", 0.94)
    second = one(reported_counts=counts, book=local(retention_formula_b=1))
    assert second.item("Q1").status == "unmet"
    assert one().item("Q1").status == "not_computable"
    over = one(reported_counts=[reported("retention_a", 101, 100)])
    assert over.item("Q1").status == "met"
    assert "over_all" in {row.flags for row in over.items}
