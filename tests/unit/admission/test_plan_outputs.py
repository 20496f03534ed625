"""The tables a plan leaves say what its run did, counted again from the rows; two runs compared."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests import admission_tables as made

from junheng import admission, rules
from junheng.admission.plan_ring import ring_tickets
from junheng.admission.ring_draw import ring_draw
from junheng.model.errors import BadData, Refused

PLANS = rules.admission_plans()
HERE = Path(rules.__file__).parent / "admission_plans"


def run(plan: rules.AdmissionPlan, seed: int = 3, tickets: int = 3) -> admission.PlanResult:
    senior = plan.stage == "senior_high"
    tables = made.senior(plan, seed=seed) if senior else made.entry(plan, seed=seed)
    return admission.run_plan(admission.market(tables, plan), made.tickets(tables["applicants"], tickets))


@pytest.mark.parametrize("plan", PLANS.values(), ids=lambda one: one.id)
def test_the_tables_are_counted_again_from_the_rows(plan: rules.AdmissionPlan) -> None:
    result = run(plan)
    tables = result.tables
    assert list(tables) == [
        *("assignment", "application_reasons", "cutoffs", "waiting_list", "quota_use", "batch_log"),
        *("placement_prices", "admission_summary"),
    ]
    held = tables["assignment"].filter(pl.col("program_id").is_not_null())
    whole = tables["admission_summary"].filter(pl.col("by") == "all").row(0, named=True)
    assert whole["applicants"] == result.assignment.height
    assert whole["placed"] == held.height
    ranks = sum(whole[f"rank_{n}"] for n in ("1", "2", "3", "later"))
    assert ranks + whole["guaranteed"] + whole["by_flow"] == whole["placed"]
    by_school = tables["admission_summary"].filter(pl.col("by") == "school")
    assert by_school["applicants"].sum() == held.height
    lists = held.filter((pl.col("batch") != "placement") & (pl.col("reason") == "ADMITTED"))
    assert tables["cutoffs"]["filled"].sum() == lists.height
    full = tables["cutoffs"].filter((pl.col("state") == "full") & (pl.col("filled") > 0))
    assert full["last_key"].null_count() == 0
    assert full["last_key"].str.contains("ticket=").all()
    assert tables["cutoffs"].filter(pl.col("state") == "open")["last_key"].null_count() == (
        tables["cutoffs"].filter(pl.col("state") == "open").height
    )
    heads = tables["waiting_list"].filter(pl.col("position") == 1)
    keys = ["batch", "program_id", "reserve_id"]
    first = heads.join(tables["cutoffs"], on=keys)
    assert first.height == heads.height
    seated = dict(held.select("applicant_id", "program_id").iter_rows())
    for child, following, program in first.select("applicant_id", "next_in_line", "program_id").iter_rows():
        assert child == following or seated[following] == program, (
            "who sits at the school does not wait for it"
        )
    waits = tables["waiting_list"].select("applicant_id", "batch", "program_id")
    assert waits.join(held, on=["applicant_id", "batch", "program_id"]).is_empty()
    use = tables["quota_use"]
    assert (use["used"] <= use["given"] + use["moved"].abs()).all()
    if plan.placement is not None:
        prices = tables["placement_prices"]
        assert prices.height
        assert prices["metres"].null_count() == 0


def test_two_runs_are_compared_child_by_child(tmp_path: Path) -> None:
    """Choice first against deferred acceptance on the same children and tickets."""
    plan = PLANS["primary-multi-zone"]
    text = (HERE / "primary-multi-zone.yaml").read_text("utf-8")
    path = tmp_path / "other.yaml"
    path.write_text(text.replace("immediate_acceptance", "deferred_acceptance"), encoding="utf-8")
    other = rules.read_plan(path)
    envies = 0
    for seed in range(4):
        one, two = run(plan, seed), run(other, seed)
        found = one.compare(two)
        ids = {
            name
            for name, a, b in one.assignment.join(two.assignment, on="applicant_id", suffix="_other")
            .select("applicant_id", "program_id", "program_id_other")
            .iter_rows()
            if a != b
        }
        assert set(found.tables["moved"]["applicant_id"]) == ids
        spread = found.tables["rank_distribution"]
        assert spread["this"].sum() == spread["other"].sum() == 120
        assert found.summary()["moved"] == len(ids)
        assert found.envy["other"] == 0
        envies += found.envy["this"]
        shown = found.tables["envy"].filter(pl.col("run") == "this")
        assert shown.height == min(found.envy["this"], 20)
        back = two.compare(one)
        assert back.summary()["better_in_this"] == found.summary()["better_in_other"]
    assert envies
    with pytest.raises(BadData):
        one.compare(_fewer(plan))


def _fewer(plan: rules.AdmissionPlan) -> admission.PlanResult:
    tables = made.entry(plan, 119)
    return admission.run_plan(admission.market(tables, plan), made.tickets(tables["applicants"]))


def test_numbers_of_a_ring_are_dealt_by_ticket_first() -> None:
    """Nanchang's ring: 20 numbers, start 6, step 3; the order of the rows decides nothing."""
    tickets = pl.DataFrame(
        {"applicant_id": [f"c{n:02}" for n in range(20)], "ticket": list(range(19, -1, -1))}
    )
    found = ring_tickets(tickets, 6, 3)
    assert found.sort("ticket")["number"].to_list()[:8] == [6, 9, 12, 15, 18, 1, 4, 8]
    assert found.sort("ticket")["number"].to_list() == list(ring_draw(20, 20, 6, 3))
    assert found.filter(pl.col("applicant_id") == "c19")["number"].item() == 1
    assert found.equals(ring_tickets(tickets.reverse(), 6, 3))
    with pytest.raises(Refused):
        ring_tickets(tickets, 21, 3)
    with pytest.raises(Refused):
        ring_tickets(tickets, 6, 0)


def test_a_plan_of_a_ring_runs_on_its_order(tmp_path: Path) -> None:
    text = (HERE / "kindergarten-entry.yaml").read_text("utf-8")
    path = tmp_path / "ring.yaml"
    path.write_text(
        text.replace("  freeze: 2027-06-01", "  order: ring\n  freeze: 2027-06-01"), encoding="utf-8"
    )
    plan = rules.read_plan(path)
    tables = made.entry(plan)
    problem, tickets = admission.market(tables, plan), made.tickets(tables["applicants"])
    with pytest.raises(Refused) as caught:
        admission.run_plan(problem, tickets)
    assert caught.value.code == "admission.ring_numbers"
    drawn = ring_tickets(tickets, 7, 11)
    result = admission.run_plan(problem, drawn)
    plain = admission.run_plan(admission.market(tables, PLANS["kindergarten-entry"]), drawn)
    assert result.assignment.equals(plain.assignment)
    assert not result.assignment.equals(
        admission.run_plan(admission.market(tables, PLANS["kindergarten-entry"]), tickets).assignment
    )
