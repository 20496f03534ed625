"""Facts by grain: blanks stay blank, shared resources are split exactly, areas and stages are found."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng import rules
from junheng.model import INPUTS, Region
from junheng.model.errors import Refused
from junheng.monitoring.facts import Facts, gathered
from junheng.monitoring.split_stages import split, weights
from junheng.rules.grains import GRAINS

LAW = rules.at(date(2026, 9, 1))
STAGES = ("primary", "junior", "senior")
TOWN = "990101001"


def shared_of(amount: float | None, pupils: dict[str, int | None], own: float | None = None):
    units = pl.DataFrame(
        {
            "school_id": ["a"] * len(pupils),
            "stage": list(pupils),
            "pupils": list(pupils.values()),
            "area": [own] * len(pupils),
        },
        schema_overrides={"area": pl.Float64, "pupils": pl.Int64},
    )
    shared = pl.DataFrame({"school_id": ["a"], "area": [amount]}, schema_overrides={"area": pl.Float64})
    frame, findings = split(units, shared, ["area"], weights(LAW))
    return dict(zip(frame["stage"], frame["area"], strict=True)), [one.code for one in findings]


def test_the_known_answers_of_the_split() -> None:
    assert shared_of(1000, {"primary": 600, "junior": 300}) == ({"primary": 645.16, "junior": 354.84}, [])
    twelve, _ = shared_of(1000, {"primary": 600, "junior": 300, "senior": 400})
    assert twelve["junior"] == 226.34
    complete, _ = shared_of(1000, {"junior": 300, "senior": 400})
    assert complete["junior"] == round(1000 * 300 / (300 + 1.2 * 400), 2)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10**10),
    st.lists(st.integers(0, 5000), min_size=3, max_size=3).filter(lambda pupils: sum(pupils) > 0),
)
def test_the_parts_sum_to_the_whole_exactly(hundredths: int, pupils: list[int]) -> None:
    parts, _ = shared_of(hundredths / 100, dict(zip(STAGES, pupils, strict=True)))
    assert sum(round(part * 100) for part in parts.values()) == hundredths
    weight = {stage: LAW.split_weights[stage].number for stage in STAGES}
    share = [Fraction(repr(weight[stage])) * n for stage, n in zip(STAGES, pupils, strict=True)]
    for stage, part, n in zip(STAGES, parts.values(), share, strict=True):
        assert abs(Fraction(round(part * 100)) - hundredths * n / sum(share)) <= 2, stage


def test_a_stage_without_pupils_gets_nothing_and_unknown_pupils_split_nothing() -> None:
    parts, codes = shared_of(1000, {"primary": 600, "junior": 0})
    assert (parts, codes) == ({"primary": 1000.0, "junior": 0.0}, ["monitoring.split_nothing"])
    parts, codes = shared_of(1000, {"primary": 600, "junior": None})
    assert (parts, codes) == ({"primary": None, "junior": None}, ["monitoring.split_unknown"])


def test_a_stages_own_figure_stands_and_the_shared_part_is_added() -> None:
    assert shared_of(300, {"primary": 100, "junior": 0}, own=50)[0] == {"primary": 350.0, "junior": 50.0}
    assert shared_of(None, {"primary": 100, "junior": 100}, own=50)[0] == {"primary": 50.0, "junior": 50.0}


def tables() -> dict[str, pl.DataFrame]:
    def table(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
        return INPUTS[name].conform(pl.DataFrame(rows))

    return {
        "areas": table(
            "areas",
            [
                {"area_code": "990101", "name": "县", "level": "county", "parent_code": None},
                {"area_code": "990101001", "name": "镇", "level": "town", "parent_code": "990101"},
            ],
        ),
        "schools": table(
            "schools",
            [
                {
                    "school_id": "p",
                    "name": "小",
                    "kind": "211",
                    "area_code": "990101001",
                    "closed_year": None,
                },
                {
                    "school_id": "n",
                    "name": "九",
                    "kind": "312",
                    "area_code": "990101001",
                    "closed_year": 2026,
                },
            ],
        ),
        "enrolment": table(
            "enrolment",
            [
                {"school_id": "p", "year": 2026, "grade": "G01", "pupils": 40, "boarders": None},
                {"school_id": "p", "year": 2026, "grade": "G02", "pupils": 0, "boarders": 0},
                {"school_id": "n", "year": 2026, "grade": "G06", "pupils": 30, "boarders": 3},
                {"school_id": "n", "year": 2026, "grade": "G07", "pupils": 20, "boarders": 4},
                {"school_id": "p", "year": 2025, "grade": "G01", "pupils": 99, "boarders": 0},
            ],
        ),
        "school_years": table(
            "school_years",
            [
                {
                    "school_id": "p",
                    "stage": "primary",
                    "year": 2026,
                    "teaching_area": 400.5,
                    "pe_teachers": 0,
                },
                {
                    "school_id": "n",
                    "stage": "shared",
                    "year": 2026,
                    "teaching_area": 520.0,
                    "pe_teachers": None,
                },
                {"school_id": "n", "stage": "primary", "year": 2026, "teaching_area": None, "pe_teachers": 2},
            ],
        ),
    }


def rows(grain: str) -> Facts:
    return gathered(tables(), grain, 2026, Region("990101", "县"), LAW)


def test_a_row_for_each_school_and_stage_with_blanks_kept_apart_from_zeros() -> None:
    found = {(r["school_id"], r["stage"]): r for r in rows("school_stage").frame.iter_rows(named=True)}
    assert sorted(found) == [("n", "junior"), ("n", "primary"), ("p", "primary")]
    primary = found[("p", "primary")]
    assert (primary["pupils"], primary["boarders"], primary["teaching_area"], primary["pe_teachers"]) == (
        40, None, 400.5, 0.0,
    )  # fmt: skip
    assert (primary["county"], primary["town"], primary["province"]) == ("990101", "990101001", "99")
    assert (primary["status"], found[("n", "junior")]["status"]) == ("open", "closed")
    assert found[("n", "primary")]["teaching_area"] + found[("n", "junior")]["teaching_area"] == 520
    assert (found[("n", "primary")]["pe_teachers"], found[("n", "junior")]["pe_teachers"]) == (2.0, None)


def test_a_school_adds_its_stages_unless_one_is_blank_and_nothing_is_shared() -> None:
    found = {row["school_id"]: row for row in rows("school").frame.iter_rows(named=True)}
    assert (found["n"]["pupils"], found["n"]["teaching_area"], found["n"]["pe_teachers"]) == (50, 520.0, None)
    assert (found["p"]["pupils"], found["p"]["boarders"]) == (40, None)


@pytest.mark.parametrize("grain", sorted(GRAINS))
def test_every_grain_offers_every_column_it_declares_even_without_tables(grain: str) -> None:
    for held in (tables(), {}):
        frame = gathered(held, grain, 2026, None, LAW).frame
        assert GRAINS[grain].columns() <= set(frame.columns)
        assert {name.lower() for name in frame.columns} == set(frame.columns)


def test_a_grain_nobody_declared_is_refused() -> None:
    with pytest.raises(Refused):
        rows("village")


def test_children_of_an_area_are_counted_on_one_basis_and_only_when_every_town_is_known() -> None:
    def person(area: str, basis: str, age: int, sex: str, persons: int) -> dict[str, object]:
        return {"area_code": area, "year": 2026, "age": age, "sex": sex, "basis": basis, "persons": persons}

    town, held = TOWN, tables()
    people = [person(town, "resident", age, sex, 10) for age in (3, 4, 5) for sex in ("1", "2")]
    people += [person(town, "registered", age, "0", 500) for age in (3, 4, 5)]
    held["population"] = INPUTS["population"].conform(pl.DataFrame(people))
    frame = gathered(held, "area", 2026, None, LAW).frame
    assert dict(zip(frame["area_code"], frame["population_3_5"], strict=True)) == {"990101": 60, town: 60}
    held["population"] = held["population"].filter((pl.col("age") != 4) | (pl.col("basis") != "resident"))
    held["population"] = held["population"].filter((pl.col("age") != 4) | (pl.col("basis") != "registered"))
    assert gathered(held, "area", 2026, None, LAW).frame["population_3_5"].to_list() == [None, None]
