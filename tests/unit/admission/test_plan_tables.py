"""Bad tables of a plan: refused with every row, in words, before anybody is admitted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from tests import admission_tables as made

from junheng import admission, rules
from junheng.admission.batches import Batch, run_batches
from junheng.admission.plan_batches import run_plan_batches
from junheng.admission.plan_stage import stage
from junheng.model.errors import BadData
from junheng.report.wording import say

PLANS = rules.admission_plans()
PRIMARY, SENIOR = PLANS["primary-multi-zone"], PLANS["senior-quota-first"]


def refused(tables: dict[str, pl.DataFrame], plan: rules.AdmissionPlan = PRIMARY) -> list[str]:
    with pytest.raises(BadData) as caught:
        problem = admission.market(tables, plan)
        admission.run_plan(problem, made.tickets(tables["applicants"]))
    for one in caught.value.findings:
        assert say(one.code, "zh", **one.parameters)
        assert say(one.code, "en", **one.parameters)
    return [one.code.removeprefix("admission.") for one in caught.value.findings]


def with_row(table: pl.DataFrame, **changes: Any) -> pl.DataFrame:
    """The table with its first row changed."""
    first = table.head(1).with_columns(pl.lit(value).alias(name) for name, value in changes.items())
    return pl.concat([first.cast(table.schema), table.slice(1)])


@pytest.mark.parametrize(
    ("table", "changes", "code"),
    [
        ("programs", {"seats": -1}, "too_small"),
        ("programs", {"program_id": "p2"}, "repeated_id"),
        ("applicants", {"applicant_id": "c001"}, "repeated_id"),
        ("applicants", {"home_zone": "z9"}, "unknown_id"),
        ("applicants", {"own_program_id": "p9"}, "unknown_id"),
        ("applications", {"program_id": "p9"}, "unknown_id"),
        ("applications", {"applicant_id": "c9"}, "unknown_id"),
        ("applications", {"choice_rank": 2}, "rank_twice"),
        ("applications", {"choice_rank": 5}, "rank_gap"),
        ("applications", {"batch": "other"}, "batch_unknown"),
    ],
)
def test_a_bad_row_is_named(table: str, changes: dict[str, Any], code: str) -> None:
    tables = made.entry(PRIMARY)
    tables[table] = with_row(tables[table], **changes)
    assert code in refused(tables)


def test_a_first_choice_other_than_the_school_of_registration_is_a_fault() -> None:
    tables = made.entry(PRIMARY)
    tables["applicants"] = with_row(tables["applicants"], own_program_id="p6")
    assert refused(tables) == ["first_choice"]


def test_a_missing_column_table_distance_or_ticket_is_named() -> None:
    tables = made.entry(PRIMARY)
    assert refused({**tables, "applicants": tables["applicants"].drop("deed_date")}) == ["column_missing"]
    assert refused({name: one for name, one in tables.items() if name != "travel"}) == ["table_missing"]
    assert set(refused({**tables, "travel": tables["travel"].clear()})) == {"metres_missing"}
    with pytest.raises(BadData) as caught:
        admission.run_plan(admission.market(tables, PRIMARY), made.tickets(tables["applicants"]).head(100))
    assert len(caught.value.findings) == 20


def test_a_fact_of_the_wrong_form_is_named() -> None:
    tables = made.entry(PRIMARY)
    tables["applicants"] = with_row(
        tables["applicants"].with_columns(pl.col("deed_date").cast(pl.String)), deed_date="2019年"
    )
    assert refused(tables) == ["fact_day"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"points": 2000}, "score_high"),
        ({"unit": "1"}, "score_unit"),
        ({"subject": "none"}, "score_missing"),
    ],
)
def test_a_bad_score_is_named(changes: dict[str, Any], code: str) -> None:
    tables = made.senior(SENIOR)
    tables["exam_scores"] = with_row(tables["exam_scores"], **changes)
    assert refused(tables, SENIOR) == [code]


def test_scores_with_fractions_are_refused() -> None:
    tables = made.senior(SENIOR)
    tables["exam_scores"] = tables["exam_scores"].with_columns(pl.col("points").cast(pl.Float64))
    assert refused(tables, SENIOR) == ["score_float"]


def test_quotas_must_add_up() -> None:
    tables = made.senior(SENIOR)
    rows = {"batch": ["quota"], "origin_school_id": ["j0"], "program_id": ["g1"], "seats": [7]}
    tables["quotas"] = pl.DataFrame(rows)
    assert refused(tables, SENIOR) == ["quota_total"]
    tables["quotas"] = tables["quotas"].with_columns(seats=pl.lit(8))
    problem = admission.market(tables, SENIOR)
    result = admission.run_plan(problem, made.tickets(tables["applicants"]))
    held = result.assignment.filter((pl.col("batch") == "quota") & (pl.col("program_id") == "g1"))
    assert set(held["reserve_id"]) <= {"j0"}


def test_the_last_batches_agree_with_the_batches_of_the_kernel() -> None:
    """统一招生 and 征求志愿 alone, once as a plan and once as batches over ready markets."""
    tables = made.senior(SENIOR)
    plan = replace(SENIOR, batches=tuple(replace(one, line=None) for one in SENIOR.batches[2:]))
    ours = pl.col("batch").is_in(["unified", "supplement"])
    tables["applications"] = tables["applications"].filter(ours)
    strict = 600 + pl.col("points").rank("ordinal").over("subject")
    tables["exam_scores"] = tables["exam_scores"].with_columns(strict.cast(pl.Int64).alias("points"))
    problem = admission.market(tables, plan)
    totals = tables["exam_scores"].filter(pl.col("subject") == "total").select("applicant_id", "points")
    order = totals.sort("points", "applicant_id", descending=[True, False]).select(
        "applicant_id",
        pl.int_range(pl.len()).alias("ticket"),
        pl.int_range(pl.len()).alias("drawn"),
    )
    assert totals["points"].is_unique().all()
    done = run_plan_batches(plan, tables, problem.standing, order)
    programs = tables["programs"].select("program_id", "seats")
    batches: list[Batch] = []
    for one in plan.batches:
        rows = tables["applications"].filter(pl.col("batch") == one.id)
        seats = programs if one.id == "unified" else programs.with_columns(seats=pl.lit(0))
        market = stage(one.id, seats, order, rows.drop("batch"), ()).market
        every = pl.Series([True] * market.program.size).to_numpy()
        numbers = pl.Series(range(market.seats.size), dtype=pl.Int32).to_numpy()
        batches.append(Batch(one.id, market, numbers, every, "sd", unfilled_to=one.unfilled_to or None))
    for batch, mine, theirs in zip(batches, done.stages, run_batches(batches), strict=True):
        placed = theirs.held < batch.market.start[1:]
        ids = batch.market.applicant_id.to_numpy()[placed]
        where = batch.market.program_id.to_numpy()[batch.market.program[theirs.held[placed]]]
        assert dict(mine.assignment.select("applicant_id", "program_id").iter_rows()) == dict(
            zip(ids.tolist(), where.tolist(), strict=True)
        )
