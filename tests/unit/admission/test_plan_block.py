"""A plan whose twins ask for one school before their own ranks: from its YAML to what a family is told."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import admission_tables as made
from tests.unit.admission.test_plan_features import edited

from junheng import admission, rules
from junheng.admission.plan_draw import draw_lines
from junheng.admission.plan_enough import facts
from junheng.admission.plan_market import order_of
from junheng.admission.plan_one_list import one_list
from junheng.admission.plan_what_if import rerun
from junheng.model.errors import BadData, Refused
from junheng.report.admission.plan_page import page
from junheng.rules.admission_plan import Twins

SHARED = "twins: {mode: shared_ticket, last_seat: expand_by_one}"


def plan(folder: Path) -> rules.AdmissionPlan:
    return edited("kindergarten-entry", folder, (SHARED, "twins: {mode: block}"))


def both(folder: Path) -> rules.AdmissionPlan:
    """Private and public lists, everybody with a list of the zone."""
    edits = [("to: own_school", "to: zone_lists")] * 2 + [("registering_school", "free")]
    return edited("primary-public-private", folder, *edits, (SHARED, "twins: {mode: block}"))


def tables(own: rules.AdmissionPlan, seed: int, seats: int = 7) -> dict[str, pl.DataFrame]:
    """Pairs and a family of three with lists in other orders of their own."""
    rng = random.Random(seed)
    held = made.entry(own, 120, seed)
    held["programs"] = held["programs"].with_columns(pl.lit(seats).alias("seats"))
    held = made.with_twins(held, 14)
    bound = held["families"].with_columns(
        pl.col("family_id").replace({"t13": "t12"}),  # four of one family
    )
    held["families"] = bound.filter(pl.col("applicant_id") != bound["applicant_id"][-1])
    rows = held["applications"]
    turned = {name for name in bound["applicant_id"].to_list()[1::2] if rng.random() < 0.8}
    last = pl.col("choice_rank").max().over("applicant_id", "batch")
    swap = pl.col("applicant_id").is_in(list(turned))
    held["applications"] = rows.with_columns(
        pl.when(swap).then(last + 1 - pl.col("choice_rank")).otherwise("choice_rank").alias("choice_rank")
    )
    return held


def run(own: rules.AdmissionPlan, held: dict[str, pl.DataFrame], seed: int) -> admission.PlanResult:
    return admission.run_plan(admission.market(held, own), made.tickets(held["applicants"], seed))


def without(own: rules.AdmissionPlan) -> rules.AdmissionPlan:
    assert own.zone_lists is not None
    return replace(own, zone_lists=replace(own.zone_lists, twins=Twins("none", "split")))


def test_who_was_moved_is_told_what_she_would_hold_without_the_link(tmp_path: Path) -> None:
    own, moved = plan(tmp_path), 0
    for seed in range(8):
        held = tables(own, seed)
        result, alone = run(own, held, seed), run(without(own), held, seed)
        assert result.check() == ()
        told = result.summary()["families"]
        assert told["mode"] == "block" and told["heuristic"]
        assert told["together"] >= told["together_without_link"]
        assert told["families"] == held["families"]["family_id"].n_unique()
        single = dict(alone.assignment.select("applicant_id", "program_id").iter_rows())
        now = dict(result.assignment.select("applicant_id", "program_id").iter_rows())
        sits = [
            len({now[c] or c for c in one}) == 1
            for (one,) in held["families"]
            .group_by("family_id")
            .agg("applicant_id")
            .select("applicant_id")
            .iter_rows()
        ]
        assert sum(sits) == told["together"]
        rows = result.application_reasons.filter(pl.col("code") == "FAMILY_MOVED")
        assert all((single[row["applicant_id"]] or "") == row["field"] for row in rows.iter_rows(named=True))
        changed = result.assignment.filter(pl.col("reason") == "FAMILY_MOVED")
        for row in changed.iter_rows(named=True):
            assert single[row["applicant_id"]] != row["program_id"]
            said = result.explain(row["applicant_id"])
            assert f"不绑定时：{single[row['applicant_id']] or '无'}" in said
            assert "without the link" in result.explain(row["applicant_id"], "en")
        waits = result.tables["waiting_list"].join(rows, on=["applicant_id", "program_id"], how="semi")
        assert waits.is_empty()  # who waived a choice does not wait for it
        moved += changed.height
        assert "families" not in alone.summary()
    assert moved > 5


def test_one_list_a_child_gives_what_the_stages_give(tmp_path: Path) -> None:
    own, private, moved = both(tmp_path), 0, 0
    for seed in range(12):
        held = tables(own, seed)
        result = run(own, held, seed)
        assert all(one.startswith("unplaced:") for one in result.check())
        problem = result.problem
        one = one_list(problem, order_of(problem, result.tickets))
        found = one.settled()
        got = {
            one.applicant_id[c]: one.program_id[int(one.pool[row])]
            for c, row in enumerate(found.held.tolist())
            if row < one.start[c + 1]
        }
        listed = result.assignment.filter(
            pl.col("batch").is_in(["private", "zone_lists"]) & (pl.col("reason") != "GUARANTEED")
        )
        assert dict(listed.select("applicant_id", "program_id").iter_rows()) == got
        private += (
            listed.join(held["families"], on="applicant_id").filter(pl.col("batch") == "private").height
        )
        moved += listed.filter(pl.col("reason") == "FAMILY_MOVED").height
    assert private and moved


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1_000), shuffle=st.randoms())
def test_the_order_of_rows_changes_nothing(tmp_path: Path, seed: int, shuffle: random.Random) -> None:
    own = plan(tmp_path)
    held = tables(own, seed)
    turned = {
        name: frame.sample(fraction=1, shuffle=True, seed=shuffle.randrange(99))
        for name, frame in held.items()
    }
    tickets = made.tickets(held["applicants"], seed)
    one, two = (admission.run_plan(admission.market(some, own), tickets) for some in (held, turned))
    assert one.assignment.equals(two.assignment) and one.check() == ()
    assert one.summary()["families"] == two.summary()["families"]


def test_a_second_round_does_not_part_who_sits_together(tmp_path: Path) -> None:
    own = plan(tmp_path)
    for policy in ("waiting_list", "rerun", "reverse_lottery"):
        held = tables(own, 5)
        result = run(own, held, 5)
        kin = set(held["families"]["applicant_id"])
        sits = result.assignment.filter(pl.col("state") == "placed")["applicant_id"].to_list()
        leave = {name for at, name in enumerate(sits) if at % 3 == 0 and name not in kin}
        said = pl.DataFrame(
            {"applicant_id": sits, "answer": ["decline" if name in leave else "wait" for name in sits]}
        )
        after = admission.second_round(result, said, policy)  # type: ignore[arg-type]
        assert after.check() == () and after.moved.height
        was = dict(result.assignment.select("applicant_id", "program_id").iter_rows())
        now = dict(after.assignment.select("applicant_id", "program_id").iter_rows())
        for (family,) in (
            held["families"].group_by("family_id").agg("applicant_id").select("applicant_id").iter_rows()
        ):
            if len({was[c] or c for c in family}) == 1:
                assert len({now[c] or c for c in family}) == 1


def test_links_are_shown_both_ways_before_the_draw(tmp_path: Path) -> None:
    own = plan(tmp_path)
    problem = admission.market(tables(own, 2), own)
    found = admission.link_chances(problem, draws=40)
    assert (
        found["applicant_id"].to_list()
        == problem.tables["families"].sort("family_id", "applicant_id")["applicant_id"].to_list()
    )
    assert (found["together"] >= found["together_alone"]).all() and (
        found["together"] > found["together_alone"]
    ).any()
    assert (found["worse"] > 0).any() and found.equals(admission.link_chances(problem, draws=40))
    shared = edited("kindergarten-entry", tmp_path)
    twins = made.with_twins(made.entry(shared, 120, 2), 8)
    bound = admission.link_chances(admission.market(twins, shared), draws=40)
    assert (bound["together"] == 1).all() or (bound["together"] >= bound["together_alone"]).all()
    for wrong in (without(own), shared):
        tables_ = (
            tables(own, 2) if wrong is not shared else {k: v for k, v in twins.items() if k != "families"}
        )
        with pytest.raises(Refused) as caught:
            admission.link_chances(admission.market(tables_, wrong), draws=2)
        assert caught.value.code == "admission.links_none"
    with pytest.raises(ValueError, match="0 draws"):
        admission.link_chances(problem, draws=0)
    text = ("draw:", "draw:\n  lottery: programme")
    each = edited("kindergarten-entry", tmp_path, (SHARED, "twins: {mode: block}"), text)
    many = admission.link_chances(admission.market(tables(each, 2), each), draws=40)
    assert (many["together"] >= many["together_alone"]).all() and not many.equals(found)


def test_what_if_changes_one_child_and_not_the_family(tmp_path: Path) -> None:
    own = plan(tmp_path)
    held = tables(own, 4)
    result = run(own, held, 4)
    child, other = held["families"]["applicant_id"][:2]
    first = rerun(result, child, {"ticket": 1})
    order = first.tickets.sort("ticket")["applicant_id"].to_list()
    kept = result.tickets.sort("ticket")["applicant_id"].to_list()
    assert order == [child, *(one for one in kept if one != child)]
    empty = rerun(result, child, {"choices": {"public": []}}).problem.tables["applications"]
    assert empty.filter(pl.col("applicant_id") == child).is_empty()
    assert not empty.filter(pl.col("applicant_id") == other).is_empty()


def test_only_what_a_run_showed_is_said_to_be_enough(tmp_path: Path) -> None:
    own = plan(tmp_path)
    held = tables(own, 4)
    result = run(own, held, 4)
    codes: set[str] = set()
    for who in result.assignment.filter(pl.col("choice_rank").is_null() | (pl.col("choice_rank") > 1))[
        "applicant_id"
    ][:25]:
        for code, about in facts(result, who):
            codes.add(code)
            if code == "admission.enough_place":
                again = rerun(result, who, {"ticket": about["place"]}).assignment
                assert again.filter(pl.col("applicant_id") == who)["choice_rank"].item() <= about["rank"]
    assert codes <= {"admission.enough_place", "admission.enough_block", "admission.enough_class"}
    assert len(codes) == 3


def test_the_draw_is_refused_the_lint_warns_and_the_page_tells(tmp_path: Path) -> None:
    own = plan(tmp_path)
    with pytest.raises(Refused) as caught:
        draw_lines(admission.market(tables(own, 1), own))
    assert [one.code for one in caught.value.findings] == ["admission.draw_block"]
    found = rules.lint_plan(own, rules.load())
    assert {(one.code.partition(".")[2], one.severity) for one in found} == {
        ("block_heuristic", "warning"),
        ("draw_unproved", "warning"),
    }
    assert "不保证每个家庭都同校" in page(own) and "is not promised" in page(own, "en")
    held = tables(own, 1)
    held["families"] = pl.concat(
        [
            held["families"],
            pl.DataFrame({"family_id": ["x", "x"], "applicant_id": ["c000", "c040"], "link": ["twins"] * 2}),
        ]
    )
    with pytest.raises(BadData) as twice:
        run(own, held, 1)
    assert [one.code for one in twice.value.findings] == ["admission.twins_twice"]
