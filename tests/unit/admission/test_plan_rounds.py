"""A second round of a whole plan: every seat is counted, nobody who keeps one loses, and 统筹 moves up."""

from __future__ import annotations

import random

import polars as pl
import pytest
from tests import admission_tables as made

from junheng import admission, rules
from junheng.admission.rounds import Policy
from junheng.model.errors import BadData, Refused

PLANS = rules.admission_plans()
ENTRY = [one for one in PLANS.values() if one.stage != "senior_high"]
POLICIES: tuple[Policy, ...] = ("waiting_list", "rerun", "reverse_lottery")


def first(plan: rules.AdmissionPlan, seed: int = 1) -> admission.PlanResult:
    tables = made.entry(plan, seed=seed)
    return admission.run_plan(admission.market(tables, plan), made.tickets(tables["applicants"], seed))


def answers(result: admission.PlanResult, seed: int, says: tuple[str, ...]) -> pl.DataFrame:
    draw = random.Random(seed)
    return pl.DataFrame(
        {
            "applicant_id": result.assignment["applicant_id"],
            "answer": [draw.choice(says) for _ in range(result.assignment.height)],
        }
    )


@pytest.mark.parametrize("plan", ENTRY, ids=lambda one: one.id)
@pytest.mark.parametrize("policy", POLICIES)
def test_every_seat_is_accounted_for_and_nobody_who_stays_loses(
    plan: rules.AdmissionPlan, policy: Policy
) -> None:
    for seed in range(3):
        result = first(plan, seed)
        said = answers(result, seed, ("accept", "wait", "wait", "decline"))
        after = admission.second_round(result, said, policy)
        assert after.check() == ()
        both = result.assignment.join(after.assignment, on="applicant_id", suffix="_now").join(
            said, on="applicant_id"
        )
        gone = both.filter(pl.col("answer") == "decline")
        assert gone["program_id_now"].null_count() == gone.height
        kept = both.filter((pl.col("answer") == "accept") & pl.col("program_id").is_not_null())
        assert (kept["program_id"] == kept["program_id_now"]).all()
        moved = both.filter(
            pl.col("program_id_now").is_not_null()
            & ~pl.col("program_id_now").eq_missing(pl.col("program_id"))
        )
        assert set(moved["applicant_id"]) == set(after.moved["applicant_id"])
        seats = dict(result.problem.tables["programs"].select("program_id", "seats").iter_rows())
        before = dict(result.assignment.drop_nulls("program_id").group_by("program_id").len().iter_rows())
        for name, taken in after.assignment.drop_nulls("program_id").group_by("program_id").len().iter_rows():
            assert taken <= max(seats[name], before.get(name, 0))
        if plan.compulsory:
            stays = both.filter(pl.col("answer") != "decline")
            assert set(stays["state_now"]) <= {"placed", "named"}


def test_a_child_of_placement_moves_up_to_a_school_she_listed() -> None:
    plan = PLANS["primary-multi-zone"]
    moves = 0
    for seed in range(4):
        result = first(plan, seed)
        placed = result.assignment.filter(pl.col("batch") == "placement")["applicant_id"]
        after = admission.second_round(result, answers(result, seed, ("wait", "wait", "decline")), "rerun")
        up = after.moved.filter(
            pl.col("applicant_id").is_in(placed.implode()) & (pl.col("batch") == "zone_lists")
        )
        moves += up.height
        listed = result.problem.tables["applications"].select("applicant_id", "program_id")
        assert up.join(listed, on=["applicant_id", "program_id"], how="anti").is_empty()
    assert moves


def test_who_left_stays_away_and_an_answer_stands_in_the_next_round() -> None:
    result = first(PLANS["kindergarten-entry"])
    said = answers(result, 1, ("accept", "wait", "decline"))
    one = admission.second_round(result, said)
    two = admission.second_round(one, said.clear(), round=2)
    gone = one.assignment.filter(pl.col("reason") == "WITHDREW")["applicant_id"].implode()
    assert (
        two.assignment.filter(pl.col("applicant_id").is_in(gone))["program_id"].null_count()
        == gone.list.len()[0]
    )
    sat = one.assignment.filter(pl.col("program_id").is_not_null()).join(said, on="applicant_id")
    now = sat.join(two.assignment, on="applicant_id", suffix="_now")
    assert now["program_id_now"].null_count() == 0
    assert two.check() == ()
    with pytest.raises(BadData) as caught:
        admission.second_round(one, said.with_columns(round=pl.lit(2), answer=pl.lit("wait")), round=2)
    assert {one.code for one in caught.value.findings} == {"admission.answer_gone"}


def test_silence_keeps_a_seat_in_a_compulsory_stage_and_gives_it_back_elsewhere() -> None:
    quiet = pl.DataFrame(schema={"applicant_id": pl.String, "answer": pl.String})
    primary = first(PLANS["primary-multi-zone"])
    assert admission.second_round(primary, quiet).assignment.equals(primary.assignment)
    small = first(PLANS["kindergarten-entry"])
    after = admission.second_round(small, quiet)
    had = small.assignment.filter(pl.col("state") == "placed")["applicant_id"]
    now = after.assignment.filter(pl.col("applicant_id").is_in(had.implode()))
    assert set(now["reason"]) == {"NO_ANSWER"}
    assert after.moved["from_program_id"].null_count() == after.moved.height > 0
    assert admission.second_round(small, quiet, silence="accept").moved.is_empty()


def test_a_late_arrival_comes_by_the_ticket_of_a_spare_receipt() -> None:
    """Before a worse ticket of her class and behind a better one, and nobody chose it."""
    plan = PLANS["kindergarten-entry"]
    result = first(plan)
    tables = result.problem.tables
    child = (
        tables["applicants"]
        .head(1)
        .with_columns(pl.lit("late1").alias("applicant_id"), pl.lit("lf").alias("family_id"))
    )
    wishes = tables["applications"].filter(pl.col("applicant_id") == tables["applicants"]["applicant_id"][0])
    wishes = wishes.with_columns(pl.lit("late1").alias("applicant_id"))
    problem = admission.market({**tables, "applicants": child, "applications": wishes}, plan)
    said = answers(result, 2, ("wait", "decline"))
    for ticket, better in ((-1, True), (10_000, False)):
        late = admission.Late(problem, pl.DataFrame({"applicant_id": ["late1"], "ticket": [ticket]}))
        after = admission.second_round(result, said, "waiting_list", late=late)
        assert after.check() == ()
        assert after.assignment.height == result.assignment.height + 1
        place = after.waiting_list.filter(pl.col("applicant_id") == "late1")
        seat = after.assignment.filter(pl.col("applicant_id") == "late1")["program_id"].item()
        if better:
            assert seat is not None
    with pytest.raises(BadData):
        twice = admission.Late(result.problem, result.tickets)
        admission.second_round(result, said, "rerun", late=twice)
    assert place.height or seat is not None


def test_answers_that_cannot_be_are_named_and_plans_without_a_round_refuse() -> None:
    result = first(PLANS["primary-multi-zone"])
    bad = pl.DataFrame(
        {"applicant_id": ["c001", "c001", "nobody", "c002"], "answer": ["wait", "wait", "wait", "yes"]}
    )
    with pytest.raises(BadData) as caught:
        admission.second_round(result, bad)
    assert [one.code.removeprefix("admission.") for one in caught.value.findings] == [
        "answer_twice",
        "answer_stranger",
        "answer_unknown",
    ]
    with pytest.raises(Refused):
        admission.second_round(first(PLANS["primary-public-private"]), bad.clear())


def test_bound_twins_who_sit_together_are_not_parted() -> None:
    plan = PLANS["kindergarten-entry"]
    seen = 0
    for seed in range(8):
        tables = made.with_twins(made.entry(plan, seed=seed), 8)
        problem = admission.market(tables, plan)
        result = admission.run_plan(problem, made.tickets(tables["applicants"], seed))
        after = admission.second_round(result, answers(result, seed, ("wait", "wait", "decline")), "rerun")
        assert after.check() == ()
        held = dict(result.assignment.select("applicant_id", "program_id").iter_rows())
        now = dict(after.assignment.select("applicant_id", "program_id").iter_rows())
        for a, b in tables["families"].group_by("family_id").agg("applicant_id")["applicant_id"].to_list():
            if held[a] is not None and held[a] == held[b] and now[a] is not None and now[b] is not None:
                assert now[a] == now[b]
                seen += 1
    assert seen
