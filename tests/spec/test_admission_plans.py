"""招生方案: what a plan says, what the lint stops, and where every child ends. Reads as the manual."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import polars as pl
import pytest
from tests import admission_tables as made

from junheng import admission, rules
from junheng.admission.plan_batches import BatchRun
from junheng.admission.plan_entry import EntryRun
from junheng.model.errors import BadData
from junheng.rules.admission_plan import AdmissionPlan

PLANS = rules.admission_plans()
ENTRY = [one for one in PLANS.values() if one.stage != "senior_high"]


def run(
    plan: AdmissionPlan, tables: dict[str, pl.DataFrame] | None = None, seed: int = 1
) -> admission.PlanResult:
    held = tables or (made.senior(plan) if plan.stage == "senior_high" else made.entry(plan))
    problem = admission.market(held, plan, rules.load())
    return admission.run_plan(problem, made.tickets(held["applicants"], seed))


def test_there_is_a_template_for_each_kind_of_admission_marked_as_an_example() -> None:
    assert {one.stage for one in PLANS.values()} == {"kindergarten", "primary", "senior_high"}
    assert len(PLANS) == 5
    for plan in PLANS.values():
        assert plan.example
        assert "示例" in plan.title


def test_a_rule_of_a_template_says_how_sure_it_is() -> None:
    for plan in PLANS.values():
        cited = [one for one in plan.rules() if one.cite]
        assert cited
        assert all(one.verified for one in cited)
        assert all(one.verified != "original" for one in cited)


@pytest.mark.parametrize("plan", PLANS.values(), ids=lambda one: one.id)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_child_ends_placed_waiting_or_named_and_no_programme_over_its_seats(
    plan: AdmissionPlan, seed: int
) -> None:
    result = run(plan, seed=seed)
    rows = result.assignment
    assert rows["applicant_id"].to_list() == sorted(result.problem.standing["applicant_id"])
    assert set(rows["state"]) <= {"placed", "waiting", "named"}
    assert rows.filter((pl.col("state") == "placed") & pl.col("program_id").is_null()).is_empty()
    seats = result.problem.tables["programs"].select("program_id", "seats")
    taken = rows.drop_nulls("program_id").group_by("program_id").len()
    over = taken.join(seats, on="program_id").filter(pl.col("len") > pl.col("seats"))
    declared = {name for one in result.stages for name in one.over}
    assert set(over["program_id"]) <= declared
    assert result.check() == ()


@pytest.mark.parametrize("plan", PLANS.values(), ids=lambda one: one.id)
def test_every_child_is_told_why_in_both_languages(plan: AdmissionPlan) -> None:
    result = run(plan)
    for one in result.assignment["applicant_id"]:
        assert "结果：" in result.explain(one)
        assert "Outcome: " in result.explain(one, "en")


@pytest.mark.parametrize("plan", ENTRY, ids=lambda one: one.id)
def test_the_order_of_rows_does_not_matter(plan: AdmissionPlan) -> None:
    tables = made.entry(plan)
    mixed = {name: one.sample(fraction=1, shuffle=True, seed=3) for name, one in tables.items()}
    numbers = made.tickets(tables["applicants"])
    one = admission.run_plan(admission.market(tables, plan), numbers)
    other = admission.run_plan(admission.market(mixed, plan), numbers.reverse())
    assert one.assignment.equals(other.assignment)


def test_no_child_of_a_compulsory_stage_is_left_without_being_named() -> None:
    """With a seat too few the child is named and the seats that are missing are told."""
    plan = PLANS["primary-multi-zone"]
    tables = made.entry(plan)
    tables["programs"] = tables["programs"].with_columns(pl.lit(10).alias("seats"))
    result = run(plan, tables)
    without = result.assignment.filter(pl.col("reason") == "NO_SEAT_LEFT")
    assert without.height == 120 - result.assignment.filter(pl.col("state") == "placed").height > 0
    assert f"unplaced:{without['applicant_id'][0]}" in result.check()
    assert isinstance(result.run, EntryRun)
    assert result.run.placed is not None
    assert sum(result.run.placed.extra.values()) == without.height


def test_who_loses_the_private_draw_comes_after_her_own_class_in_the_public_pool() -> None:
    plan = PLANS["primary-public-private"]
    result = run(plan)
    private, lists = result.stages
    lost = set(private.waiting["applicant_id"])
    assert private.assignment.height == 6
    assert lost
    rows = lists.reasons.filter(pl.col("applicant_id").is_in(list(lost)))
    assert rows.height
    assert not set(private.assignment["applicant_id"]) & set(lists.reasons["applicant_id"])
    full = lists.reasons.filter((pl.col("code") == "BELOW_CUTOFF") & (pl.col("field") == "class"))
    assert (full["mine"] > full["last"]).all()


def test_guaranteed_children_are_never_refused_and_the_excess_is_declared() -> None:
    plan = PLANS["primary-multi-zone"]
    tables = made.entry(plan)
    own = pl.col("own_program_id") == "p1"
    tables["applicants"] = tables["applicants"].with_columns(
        pl.when(own).then(True).otherwise("special_needs").alias("special_needs")
    )
    tables["programs"] = tables["programs"].with_columns(
        pl.when(pl.col("program_id") == "p1").then(3).otherwise("seats").alias("seats")
    )
    result = run(plan, tables)
    sure = tables["applicants"].filter(own)["applicant_id"].to_list()
    held = result.assignment.filter(pl.col("applicant_id").is_in(sure))
    assert set(held["program_id"]) == {"p1"}
    assert result.stages[0].over["p1"] == len(sure) - 3
    assert result.check() == ()


def test_twins_bound_together_are_not_parted() -> None:
    plan = PLANS["primary-multi-zone"]
    tables = made.entry(plan)
    pair = ["c003", "c006"]
    people = tables["applicants"]
    first = people.filter(pl.col("applicant_id") == pair[0])
    second = first.with_columns(pl.lit(pair[1]).alias("applicant_id"))
    tables["applicants"] = pl.concat([people.filter(pl.col("applicant_id") != pair[1]), second])
    lists = tables["applications"]
    mine = lists.filter(pl.col("applicant_id") == pair[0])
    tables["applications"] = pl.concat(
        [
            lists.filter(pl.col("applicant_id") != pair[1]),
            mine.with_columns(pl.lit(pair[1]).alias("applicant_id")),
        ]
    )
    tables["families"] = pl.DataFrame({"family_id": ["t", "t"], "applicant_id": pair, "link": ["twins"] * 2})
    for seed in range(6):
        rows = run(plan, tables, seed).assignment.filter(pl.col("applicant_id").is_in(pair))
        assert rows.filter(pl.col("batch") == "zone_lists")["program_id"].n_unique() <= 1


def test_a_quota_is_apportioned_and_its_unfilled_seats_go_on() -> None:
    result = run(PLANS["senior-quota-first"])
    assert isinstance(result.run, BatchRun)
    assert result.run.quotas["seats"].sum() == 4 * 8
    log = result.run.log
    sent = log.filter(pl.col("batch") == "quota")["moved"].sum()
    came = log.filter(pl.col("batch") == "city")["seats"].sum() - 4 * 2  # a tenth of 16, rounded up
    assert sent == came > 0
    assert log["used"].sum() <= 64


def test_no_application_below_the_line_or_from_another_school_is_admitted() -> None:
    plan = PLANS["senior-quota-first"]
    result = run(plan)
    people = result.problem.tables["applicants"].select("applicant_id", "origin_school_id", "comprehensive")
    totals = result.problem.tables["exam_scores"].filter(pl.col("subject") == "total")
    held = result.stages[0].assignment.join(people, on="applicant_id").join(totals, on="applicant_id")
    assert held.height
    assert (held["reserve_id"] == held["origin_school_id"]).all()
    assert (held["points"] >= 860).all()  # 430 points in halves
    assert set(held["comprehensive"]) <= {"A", "B"}


def test_the_higher_score_is_never_refused_for_the_lower() -> None:
    """平行志愿: nobody refused has more than somebody admitted to the same pool."""
    for name in ("senior-quota-first", "senior-district-school"):
        result = run(PLANS[name])
        low = result.application_reasons.filter(pl.col("code") == "BELOW_CUTOFF")
        assert low.height
        assert (low["mine"] > low["last"]).all()  # fields are negated scores


def test_a_tie_at_the_line_is_a_fault_where_the_plan_says_so() -> None:
    plan = PLANS["senior-quota-first"]
    tables = made.senior(plan)
    tables["exam_scores"] = tables["exam_scores"].with_columns(pl.lit(900).alias("points"))
    with pytest.raises(BadData) as caught:
        run(plan, tables)
    assert caught.value.code == "admission.undecided_scores"
    assert caught.value.findings[0].code == "admission.tie_at_line"


def test_shares_are_exact() -> None:
    quota = PLANS["senior-district-school"].batches[1].quota
    assert quota is not None
    assert quota.share_of_plan == Fraction(45, 100)


def test_a_pending_fact_stops_the_run_and_a_rejected_one_is_unknown() -> None:
    plan = PLANS["primary-multi-zone"]
    tables = made.entry(plan)
    check = {"applicant_id": ["c005"], "fact": ["deed_date"], "state": ["pending"]}
    with pytest.raises(BadData) as caught:
        admission.market({**tables, "fact_checks": pl.DataFrame(check)}, plan)
    assert caught.value.code == "admission.facts_pending"
    assert caught.value.findings[0].parameters["field"] == "deed_date"
    tables["applicants"] = tables["applicants"].with_columns(
        owner=pl.lit("local"), deed_date=pl.lit(date(2015, 1, 1)), hukou=pl.lit("none"),
        residence_permit=pl.lit("none"), school_built=pl.lit(1998), special_needs=pl.lit(False),
    )  # fmt: skip
    tables["address_uses"] = tables["address_uses"].clear()
    check["state"] = ["rejected"]
    standing = admission.market({**tables, "fact_checks": pl.DataFrame(check)}, plan).standing
    assert standing.filter(pl.col("applicant_id") == "c005")["identity"].item() == "coordination"
    assert set(standing.filter(pl.col("applicant_id") != "c005")["identity"]) == {"single_zone"}
