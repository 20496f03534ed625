"""Chances: exact where they can be counted, repeatable, and true to the plan run on the same orders."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import polars as pl
import pytest
from tests import admission_tables as made

from junheng import admission, rules
from junheng.admission.plan_chances import counted
from junheng.admission.plan_market import with_twins
from junheng.admission.plan_one_list import one_list
from junheng.model.errors import Refused

PLANS = rules.admission_plans()
ENTRY = [one for one in PLANS.values() if one.stage != "senior_high"]


@pytest.mark.parametrize("plan", ENTRY, ids=lambda one: one.id)
def test_shares_add_up_are_repeatable_and_hold_the_truth_in_their_interval(plan: rules.AdmissionPlan) -> None:
    problem = admission.market(made.entry(plan, 90), plan)
    found = admission.chances(problem, 300)
    assert found.equals(admission.chances(problem, 300))
    assert not found.equals(admission.chances(problem, 300, seed=8))
    sums = found.group_by("applicant_id").agg(pl.col("share").sum())
    assert sums.height == 90
    assert (sums["share"] - 1).abs().max() < 1e-9  # type: ignore[operator]
    assert (found["low"] <= found["share"]).all()
    assert (found["share"] <= found["high"]).all()
    many = admission.chances(problem, 3000, seed=11)
    both = found.join(many, on=["applicant_id", "program_id"], suffix="_many")
    inside = (both["share_many"] >= both["low"]) & (both["share_many"] <= both["high"])
    assert inside.mean() > 0.93  # type: ignore[operator]


@pytest.mark.parametrize("name", ["primary-multi-zone", "kindergarten-entry"])
def test_a_draw_is_the_plan_run_on_its_order_with_twins_too(name: str) -> None:
    """Counts of few draws are exactly the outcomes of the plan on the orders these draws have."""
    plan = PLANS[name]
    tables = made.with_twins(made.entry(plan, 60), 6)
    problem = admission.market(tables, plan)
    ids = problem.standing.select("applicant_id").sort("applicant_id").with_row_index("drawn")
    base = with_twins(
        problem, ids.select("applicant_id", ticket=pl.lit(""), drawn=pl.col("drawn").cast(pl.Int64))
    )
    one = one_list(problem, base)
    total = np.zeros(one.pool.size, np.int64)
    for number in range(4):
        counts, _ = counted(one, number + 1, 7)
        drawn = counts - total
        total = counts
        assert set(drawn.tolist()) <= {0, 1}
        held = {
            one.applicant_id[int(c)]: one.program_id[int(one.pool[row])]
            for row, c in enumerate(one.child_of_row())
            if drawn[row]
        }
        by_program = pl.Series(list(held.values())).value_counts()
        assert by_program.height
        seats = dict(tables["programs"].select("program_id", "seats").iter_rows())
        pairs = tables["families"].group_by("family_id").agg("applicant_id")["applicant_id"].to_list()
        assert all(held.get(a) == held.get(b) for a, b in pairs)
        assert sum(held.get(c) == "p1" for c in held) <= seats["p1"] + len(pairs)


def test_every_order_of_a_small_market_gives_the_simulated_share() -> None:
    """Five children, all 120 orders run one by one through the plan."""
    plan = PLANS["kindergarten-entry"]
    tables = made.entry(plan, 5, seed=2)
    tables["programs"] = tables["programs"].with_columns(pl.lit(1).alias("seats"))
    problem = admission.market(tables, plan)
    ids = tables["applicants"]["applicant_id"].to_list()
    times: dict[tuple[str, str], int] = {}
    orders = list(permutations(range(5)))
    for order in orders:
        tickets = pl.DataFrame({"applicant_id": ids, "ticket": list(order)})
        for child, program in (
            admission.run_plan(problem, tickets).assignment.select("applicant_id", "program_id").iter_rows()
        ):
            times[child, program or ""] = times.get((child, program or ""), 0) + 1
    found = admission.chances(problem, 2000)
    for row in found.iter_rows(named=True):
        share = times.get((row["applicant_id"], row["program_id"]), 0) / len(orders)
        room = 0.0 if row["draws"] == 0 else 0.02
        assert row["low"] - room <= share + 1e-9
        assert share - 1e-9 <= row["high"] + room


def test_one_pool_is_counted_exactly() -> None:
    """Classes by place: all of the better fit, of the next one two of five, of the last none."""
    plan = PLANS["kindergarten-entry"]
    tables = made.entry(plan, 12)
    facts = [("local", None)] * 3 + [("none", "verified")] * 5 + [("none", None)] * 4
    tables["applicants"] = tables["applicants"].with_columns(
        pl.Series("owner", [one for one, _ in facts]),
        pl.Series("residence_permit", [two for _, two in facts], dtype=pl.String),
        hukou=pl.lit("other"),
        sibling_attending=pl.lit(False),
        staff_child=pl.lit(False),
    )
    tables["applications"] = (
        tables["applications"].filter(pl.col("choice_rank") == 1).with_columns(program_id=pl.lit("p1"))
    )
    tables["programs"] = tables["programs"].with_columns(pl.lit(5).alias("seats"))
    found = admission.chances(admission.market(tables, plan), 10)
    p1 = found.filter(pl.col("program_id") == "p1").sort("applicant_id")
    assert set(p1["draws"]) == {0}
    assert p1["share"].to_list() == [1.0] * 3 + [0.4] * 5 + [0.0] * 4
    assert p1["band_tenths"].to_list() == [10] * 3 + [4] * 5 + [0] * 4


def test_plans_by_score_have_no_chances() -> None:
    plan = PLANS["senior-quota-first"]
    with pytest.raises(Refused):
        admission.chances(admission.market(made.senior(plan), plan))
