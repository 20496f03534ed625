"""The model's tables as `market` reads them: facts in the types a plan needs, scores in whole units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from junheng import admission, rules
from junheng.admission.plan_inputs import inputs
from junheng.model import INPUTS
from junheng.model.errors import BadData

PLANS = rules.admission_plans()
PRIMARY, SENIOR = PLANS["primary-multi-zone"], PLANS["senior-quota-first"]
KINDERGARTEN = PLANS["kindergarten-entry"]


def table(name: str, rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    frame = pl.DataFrame(list(rows), infer_schema_length=None) if rows else INPUTS[name].empty()
    if "plan_id" in INPUTS[name].names and "plan_id" not in frame.columns:
        frame = frame.with_columns(pl.lit("p").alias("plan_id"))
    return INPUTS[name].conform(frame)


def programs(*names: str) -> pl.DataFrame:
    held = [{"program_id": f"{one}-p", "school_id": one, "seats": 1, "ownership": "public"} for one in names]
    return table("admission_programs", held)


def child(one: str, **more: Any) -> dict[str, Any]:
    return {"applicant_id": one, "identity_code": one, "checked_by": "x", **more}


def fact(who: str, name: str, value: str, state: str = "verified") -> dict[str, Any]:
    return {"applicant_id": who, "fact": name, "value": value, "state": state}


def given(facts: Sequence[dict[str, Any]] = (), **more: Sequence[dict[str, Any]]) -> dict[str, pl.DataFrame]:
    rows = {"applicants": [child("1"), child("2")], "applicant_facts": facts, **more}
    return {
        "admission_programs": programs("s", "t"),
        **{name: table(name, held) for name, held in rows.items()},
    }


def test_rows_of_other_plans_stay_out() -> None:
    tables = given([fact("1", "hukou", "local")])
    other = table("applicants", [child("9") | {"plan_id": "q"}])
    tables["applicants"] = pl.concat([tables["applicants"], other])
    found = inputs(tables, PRIMARY, "p")
    assert found["applicants"]["applicant_id"].to_list() == ["1", "2"]
    assert not any("plan_id" in frame.columns for frame in found.values())


def test_facts_stand_beside_their_child_and_unknown_ones_are_blank() -> None:
    found = inputs(given([fact("1", "hukou", "local"), fact("2", "deed_date", "2018-12-31")]), PRIMARY, "p")
    people = found["applicants"].sort("applicant_id")
    assert people["hukou"].to_list() == ["local", None]
    assert people["deed_date"].to_list() == [None, "2018-12-31"]
    assert people["residence_permit"].null_count() == 2
    assert set(PRIMARY.facts()) <= set(people.columns)


def test_what_is_not_verified_is_told_apart() -> None:
    found = inputs(given([fact("1", "hukou", "local", "pending"), fact("2", "hukou", "local")]), PRIMARY, "p")
    assert found["fact_checks"].rows() == [("1", "hukou", "pending")]


def test_an_elder_sibling_counts_at_her_school_alone() -> None:
    facts = [fact("1", "sibling_attending", "t"), fact("2", "sibling_attending", "s-p", "rejected")]
    lists = [
        {"applicant_id": who, "batch": "public", "program_id": f"{to}-p", "choice_rank": rank}
        for who in "12"
        for rank, to in enumerate("st", start=1)
    ]
    rows = inputs(given(facts, applications=lists), PRIMARY, "p")["applications"]
    at = {(one["applicant_id"], one["program_id"]): one["at_sibling_attending"] for one in rows.to_dicts()}
    assert at == {("1", "s-p"): False, ("1", "t-p"): True, ("2", "s-p"): False, ("2", "t-p"): False}


@pytest.mark.parametrize(
    ("values", "kind"),
    [(("是", "no"), pl.Boolean), (("2019-01-01", "2020-05-05"), pl.Date), (("12", "3"), pl.Int64)],
)
def test_a_fact_that_only_orders_takes_the_type_of_its_values(values: tuple[str, str], kind: Any) -> None:
    lists = PRIMARY.zone_lists
    assert lists is not None
    plan = replace(PRIMARY, zone_lists=replace(lists, order=("class", "since", "ticket")))
    facts = [fact("1", "since", values[0]), fact("2", "since", values[1])]
    assert inputs(given(facts), plan, "p")["applicants"].schema["since"] == kind


def test_values_of_two_kinds_are_a_fault_with_the_child() -> None:
    facts = [fact("1", "sibling_attending", "是"), fact("2", "sibling_attending", "2019-01-01")]
    with pytest.raises(BadData, match="bad_facts") as error:
        inputs(given(facts), PRIMARY, "p")
    assert [one.code for one in error.value.findings] == ["admission.fact_mixed"]


def test_a_reserved_group_is_told_by_yes_or_no() -> None:
    found = inputs(given([fact("1", "staff_child", "是"), fact("2", "staff_child", "否")]), KINDERGARTEN, "p")
    assert found["applicants"].sort("applicant_id")["staff_child"].to_list() == [True, False]


def test_a_nine_year_school_locks_an_address_longer() -> None:
    schools = table(
        "schools",
        [
            {"school_id": "s", "name": "甲", "kind": "312", "area_code": "990101"},
            {"school_id": "t", "name": "乙", "kind": "211", "area_code": "990101"},
        ],
    )
    uses = [
        {"address_id": "D1", "family_id": "F", "first_year": 2022, "school_id": "s"},
        {"address_id": "D2", "family_id": "F", "first_year": 2022, "school_id": "t"},
        {"address_id": "D9", "family_id": "F", "first_year": 2022, "school_id": "t"},
    ]
    children = [child("1", address_id="D1"), child("2", address_id="D2")]
    tables = given(applicants=children, address_uses=uses) | {"schools": schools}
    found = inputs(tables, PRIMARY, "p")["address_uses"]
    assert found.select("address_id", "nine_year").rows() == [("D1", True), ("D2", False)]


def score(points: float, subject: str = "总分") -> dict[str, Any]:
    return {"applicant_id": "1", "subject": subject, "points": points}


def test_points_become_whole_units_and_the_total_keeps_its_name() -> None:
    found = inputs(given(exam_scores=[score(432.5), score(99.0, "语文")]), SENIOR, "p")["exam_scores"]
    rows = {one["subject"]: (one["points"], one["unit"]) for one in found.to_dicts()}
    assert rows == {"total": (865, "1/2"), "语文": (198, "1/2")}


def test_points_off_the_unit_are_a_fault() -> None:
    with pytest.raises(BadData, match="bad_scores") as error:
        inputs(given(exam_scores=[score(432.25)]), SENIOR, "p")
    assert error.value.findings[0].parameters["value"] == 432.25


def test_market_reads_what_comes_out() -> None:
    plan = replace(KINDERGARTEN, age=None)
    lists = [{"applicant_id": who, "batch": "public", "program_id": "s-p", "choice_rank": 1} for who in "12"]
    children = [child("1", birth_date=date(2024, 1, 1)), child("2", birth_date=date(2024, 1, 1))]
    tables = given([fact("1", "hukou", "local")], applicants=children, applications=lists)
    problem = admission.market(inputs(tables, plan, "p"), plan)
    result = admission.run_plan(problem, pl.DataFrame({"applicant_id": ["1", "2"], "ticket": [2, 1]}))
    assert result.check() == ()
    assert result.assignment.filter(pl.col("state") == "placed")["applicant_id"].to_list() == ["1"]
