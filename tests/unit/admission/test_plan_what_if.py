"""What if, and what would have been enough, held against the plan run again at every place and class."""

from __future__ import annotations

import re

import polars as pl
import pytest
from tests import admission_tables as made

from junheng import admission, rules
from junheng.admission.plan_market import order_of
from junheng.admission.plan_what_if import rerun
from junheng.model.errors import Refused

PLANS = rules.admission_plans()
ENTRY = [one for one in PLANS.values() if one.stage != "senior_high"]


def run(plan: rules.AdmissionPlan, seed: int, children: int = 40, pairs: int = 0) -> admission.PlanResult:
    tables = made.entry(plan, children, seed)
    small = pl.when(pl.col("program_id") == "m1").then(1).otherwise("seats")
    tables["programs"] = tables["programs"].with_columns(small.alias("seats"))
    if pairs:
        tables = made.with_twins(tables, pairs)
    return admission.run_plan(admission.market(tables, plan), made.tickets(tables["applicants"], seed))


def got(result: admission.PlanResult, child: str, batch: str, rank: int) -> bool:
    """Whether the child holds this choice or a better one; the private draw comes before the lists."""
    row = result.assignment.filter(pl.col("applicant_id") == child).row(0, named=True)
    if row["batch"] is None or row["batch"] == "placement" or row["choice_rank"] is None:
        return False
    order = [one.stage_id for one in result.stages]
    return (order.index(row["batch"]), row["choice_rank"]) <= (order.index(batch), rank)


@pytest.mark.parametrize(
    ("name", "pairs"), [("primary-multi-zone", 0), ("primary-public-private", 0), ("kindergarten-entry", 5)]
)
def test_the_last_ticket_that_suffices_is_the_last_at_every_place(name: str, pairs: int) -> None:
    plan = PLANS[name]
    seen = 0
    for seed in range(2):
        result = run(plan, seed + 1, 20, pairs)
        low = result.application_reasons.filter(pl.col("code") == "BELOW_CUTOFF")
        last = low.unique(["applicant_id", "batch", "choice_rank"], keep="last", maintain_order=True)
        for row in last.head(2).iter_rows(named=True):
            child, batch, rank = row["applicant_id"], row["batch"], row["choice_rank"]
            name_of = "民办派位" if batch == "private" else "学校志愿"
            said = [
                one
                for one in result.enough(child)
                if one.startswith(f"{name_of} 第{rank}志愿 {row['program_id']}") and "随机号排在前" in one
            ]
            order = order_of(result.problem, result.tickets)["applicant_id"].to_list()
            places = [
                place
                for place in range(1, len(order) + 1)
                if got(rerun(result, child, {"ticket": place}), child, batch, rank)
            ]
            assert places == list(range(1, len(places) + 1))
            found = int(re.findall(r"前 (\d+) 位", said[0])[0]) if said else 0
            assert found == len(places)
            seen += bool(found)
    assert seen


def test_the_class_that_suffices_does_and_the_next_worse_does_not() -> None:
    plan = PLANS["kindergarten-entry"]
    ways = {0: {"hukou": "local"}, 1: {"hukou": "other", "owner": "none", "residence_permit": "verified"}}
    seen = 0
    for seed in range(6):
        result = run(plan, seed)
        low = result.application_reasons.filter(
            (pl.col("code") == "BELOW_CUTOFF") & (pl.col("field") == "class")
        )
        for row in low.head(3).iter_rows(named=True):
            child, rank = row["applicant_id"], row["choice_rank"]
            mine = result.problem.standing.filter(pl.col("applicant_id") == child)["identity_no"].item()
            sufficing = [
                at
                for at, facts in ways.items()
                if at < mine and got(rerun(result, child, {"facts": facts}), child, "zone_lists", rank)
            ]
            said = [one for one in result.enough(child) if f"第{rank}志愿" in one and "身份为" in one]
            names = [plan.identities[at].name for at in sufficing]
            assert bool(said) == bool(names)
            if names:
                assert f"“{names[-1]}”" in said[0]
                seen += 1
    assert seen


def test_the_fewest_points_that_suffice() -> None:
    plan = PLANS["senior-quota-first"]
    assert plan.score is not None
    tables = made.senior(plan)
    result = admission.run_plan(admission.market(tables, plan), made.tickets(tables["applicants"]))
    low = result.application_reasons.filter(
        (pl.col("code") == "BELOW_CUTOFF") & (pl.col("batch") == "unified")
    )
    seen = 0
    for row in low.head(5).iter_rows(named=True):
        child, rank = row["applicant_id"], row["choice_rank"]
        said = [one for one in result.enough(child) if one.startswith(f"统一招生 第{rank}志愿")]
        points = re.findall(r"达到 ([\d.]+)（", said[0])
        assert points
        earlier = ("quota", "city")
        for less, expected in ((0.0, True), (float(plan.score.unit), False)):
            again = rerun(result, child, {"facts": {"total": float(points[0]) - less}})
            end = again.assignment.filter(pl.col("applicant_id") == child).row(0, named=True)
            if end["batch"] in earlier:
                continue  # a better score would have taken her in before
            assert got(again, child, "unified", rank) is expected
            seen += 1
    assert seen


def test_what_if_of_choices_is_the_plan_with_these_choices() -> None:
    plan = PLANS["kindergarten-entry"]
    result = run(plan, 2)
    child = result.assignment.filter(pl.col("state") == "waiting")["applicant_id"][0]
    free = next(iter(result.tables["cutoffs"].filter(pl.col("state") == "open")["program_id"]))
    said = result.explain(child, what_if={"choices": {"public": [free]}})
    assert said.startswith("假如如此（其他人不变）")
    assert f"录取到 {free}" in said
    english = result.explain(child, "en", what_if={"choices": {"zone_lists": []}})
    assert "others unchanged" in english
    assert "no list" in english.lower()


@pytest.mark.parametrize(
    ("what_if", "code"),
    [
        ({"seat": 1}, "what_if_part"),
        ({"facts": {"height": 1}}, "what_if_fact"),
        ({"choices": {"third": []}}, "what_if_batch"),
        ({"choices": {"public": ["p9"]}}, "what_if_program"),
        ({"ticket": 0}, "what_if_place"),
        ({"ticket": "1"}, "what_if_place"),
    ],
)
def test_what_cannot_be_supposed_is_refused(what_if: dict[str, object], code: str) -> None:
    result = run(PLANS["kindergarten-entry"], 1)
    with pytest.raises(Refused) as caught:
        result.explain("c001", what_if=what_if)
    assert caught.value.code == f"admission.{code}"
    with pytest.raises(Refused):
        result.enough("nobody")
