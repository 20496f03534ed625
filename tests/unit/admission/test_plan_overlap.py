"""A plan whose reserves overlap: from its YAML to what a family is told."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests import admission_tables as made
from tests.unit.admission.test_plan_features import edited

from junheng import admission, rules
from junheng.admission.plan_draw import draw_lines
from junheng.admission.plan_enough import facts
from junheng.admission.plan_what_if import rerun
from junheng.model.errors import BadData, Refused
from junheng.report.admission.plan_page import page

TWO = """reserves:
- {id: staff, trait: staff_child, share: 0.2, kind: soft, ownership: public}
- {id: kin, trait: sibling_attending, share: 0.3, kind: soft, ownership: public}
overlap: meritorious
draw:"""
BEFORE = "reserves:"


def plan(folder: Path, text: str = TWO, *edits: tuple[str, str]) -> rules.AdmissionPlan:
    source = (Path(rules.__file__).parent / "admission_plans" / "kindergarten-entry.yaml").read_text("utf-8")
    begin, end = source.index(BEFORE), source.index("draw:")
    path = folder / "two.yaml"
    source = source[:begin] + text + source[end + len("draw:") :]
    for old, new in edits:
        assert old in source
        source = source.replace(old, new, 1)
    path.write_text(source, encoding="utf-8")
    return rules.read_plan(path)


def tables(
    own: rules.AdmissionPlan, seed: int = 3, seats: int = 9, *, scarce: bool = False
) -> dict[str, pl.DataFrame]:
    """`scarce`: few hold a trait, and all siblings are also children of staff."""
    held = made.entry(own, 120, seed)
    held["programs"] = held["programs"].with_columns(pl.lit(seats).alias("seats"))
    people = held["applicants"].with_row_index("n")
    n = pl.col("n")
    staff, kin = (n * 7 % 20 < 2, n * 7 % 20 == 0) if scarce else (n % 5 < 2, n % 7 < 3)
    held["applicants"] = people.with_columns(staff_child=staff, sibling_attending=kin).drop("n")
    return held


def run(
    own: rules.AdmissionPlan, seed: int = 3, seats: int = 9, *, scarce: bool = False
) -> admission.PlanResult:
    held = tables(own, seed, seats, scarce=scarce)
    return admission.run_plan(admission.market(held, own), made.tickets(held["applicants"], seed))


def test_reserves_are_filled_as_far_as_traits_allow_and_every_reason_is_true(tmp_path: Path) -> None:
    own = plan(tmp_path)
    result = run(own)
    assert result.check() == ()
    cutoffs = result.tables["cutoffs"].filter(pl.col("batch") == "zone_lists")
    seats = dict(result.problem.tables["programs"].select("program_id", "seats").iter_rows())
    by = cutoffs.group_by("program_id").agg(pl.col("seats").sum(), pl.col("filled").sum())
    for name, total, filled in by.iter_rows():
        taken = result.assignment.filter((pl.col("program_id") == name) & (pl.col("batch") == "zone_lists"))
        assert (total, filled) == (seats[name], taken.height)
        for reserve, trait in (("staff", "staff_child"), ("kin", "sibling_attending")):
            inside = taken.filter(pl.col("reserve_id") == reserve)
            said = cutoffs.filter((pl.col("program_id") == name) & (pl.col("reserve_id") == reserve))
            assert said["filled"].item() == inside.height and said["last_key"].item() is None
            assert inside.join(result.problem.standing, on="applicant_id")[trait].all()
    place = {one: at for at, one in enumerate(result.stages[-1].run.pools.held.market.applicant_id, start=1)}
    reasons = result.application_reasons
    full = reasons.filter(pl.col("code") == "RESERVE_FULL")
    assert full.height
    sizes = {"staff": 0.2, "kin": 0.3}
    for row in full.iter_rows(named=True):
        inside = result.assignment.filter(
            (pl.col("program_id") == row["program_id"])
            & pl.col("reserve_id").is_in(row["reserve_id"].split("+"))
        )
        room = sum(int(sizes[one] * seats[row["program_id"]]) for one in row["reserve_id"].split("+"))
        assert inside.height == room > 0
        if row["field"] == "ticket":
            assert row["mine"] == place[row["applicant_id"]] > row["last"]
        else:
            assert row["mine"] > row["last"]
    open_ = reasons.filter((pl.col("code") == "BELOW_CUTOFF") & (pl.col("field") == "ticket"))
    assert (open_["mine"] > open_["last"]).all() and open_["reserve_id"].unique().to_list() == [""]
    refused = full["applicant_id"][0]
    assert "预留名额已由排在您之前" in result.explain(refused)
    assert "the reserved seats are full" in result.explain(refused, "en")


def test_a_matching_fills_more_reserved_seats_than_their_order_and_both_can_be_compared(
    tmp_path: Path,
) -> None:
    more = 0
    for seed in range(6):
        together = run(plan(tmp_path), seed, 7, scarce=True)
        text = TWO.replace("overlap: meritorious", "").replace("share: 0.2,", "share: 0.2, position: 1,")
        apart = run(
            plan(tmp_path, text.replace("share: 0.3,", "share: 0.3, position: 2,")), seed, 7, scarce=True
        )
        assert together.check() == apart.check() == ()

        def held(result: admission.PlanResult) -> int:
            """Reserved seats with a holder of their trait."""
            rows = result.assignment.join(result.problem.standing, on="applicant_id")
            staff = (pl.col("reserve_id") == "staff") & pl.col("staff_child")
            return rows.filter(staff | ((pl.col("reserve_id") == "kin") & pl.col("sibling_attending"))).height

        more += held(together) - held(apart)
        found = together.compare(apart)
        assert found.summary()["justified_envy"]["this"] == 0
        assert found.tables["moved"].height == found.summary()["moved"]
    assert more > 0


def test_what_if_and_enough_hold_when_the_plan_runs_again(tmp_path: Path) -> None:
    result = run(plan(tmp_path))
    codes = ("BELOW_CUTOFF", "RESERVE_FULL", "NO_OPEN_SEATS")
    refused = (
        result.application_reasons.filter(
            pl.col("code").is_in(codes) & (pl.col("choice_rank") == 1) & (pl.col("batch") == "zone_lists")
        )["applicant_id"]
        .unique()
        .sort()
    )
    told = 0
    for who in refused[:12]:
        for code, about in facts(result, who):
            if code != "admission.enough_ticket":
                continue
            for place, enough in (
                (about["place"], True),
                (about["place"] + 1, about["place"] + 1 >= about["mine"]),
            ):
                if place > about["of"]:
                    continue
                again = rerun(result, who, {"ticket": place}).assignment.filter(pl.col("applicant_id") == who)
                rank = again["choice_rank"].item()
                got = again["batch"].item() == "zone_lists" and rank is not None and rank <= about["rank"]
                assert got == (enough and place <= about["place"]), (who, code, about)
            told += 1
    assert told > 5
    gifted = rerun(result, refused[0], {"facts": {"staff_child": True, "sibling_attending": True}})
    assert gifted.check() == ()


@pytest.mark.parametrize("policy", ["waiting_list", "rerun", "reverse_lottery"])
@pytest.mark.parametrize("kind", ["soft", "hard"])
def test_a_second_round_adds_whom_the_rule_would_choose(tmp_path: Path, policy: str, kind: str) -> None:
    own = plan(
        tmp_path,
        TWO.replace("kind: soft", f"kind: {kind}"),
        ("second_round: waiting_list", f"second_round: {policy}"),
    )
    result = run(own)
    sits = result.assignment.filter(pl.col("state") == "placed")["applicant_id"]
    said = pl.DataFrame(
        {"applicant_id": sits, "answer": ["decline" if at % 4 == 0 else "wait" for at in range(sits.len())]}
    )
    first = admission.second_round(result, said)
    assert first.check() == () and first.moved.height
    second = admission.second_round(first, said.clear(), round=2, silence="accept")
    assert second.check() == () and second.moved.is_empty()


def test_chances_are_simulated_and_the_public_draw_is_refused_with_a_way_out(tmp_path: Path) -> None:
    own = plan(tmp_path)
    problem = admission.market(tables(own), own)
    found = admission.chances(problem, draws=20)
    assert (found.group_by("applicant_id").agg(pl.col("share").sum())["share"] - 1).abs().max() < 1e-9  # type: ignore[operator]
    with pytest.raises(Refused) as caught:
        draw_lines(problem)
    assert [one.code for one in caught.value.findings] == ["admission.draw_overlap"]


def test_the_lint_the_reader_and_the_page_know_the_option(tmp_path: Path) -> None:
    book = rules.load()

    def codes(own: rules.AdmissionPlan) -> list[str]:
        found = [one.code.removeprefix("admission_plan.") for one in rules.lint_plan(own, book)]
        return [one for one in found if one != "draw_unproved"]

    own = plan(tmp_path)
    assert codes(own) == []
    assert [one.severity for one in rules.lint_plan(own, book)] == ["warning"]  # the draw
    assert "预留名额用得最满" in page(own) and "most reserved seats" in page(own, "en")
    assert codes(plan(tmp_path, TWO.replace("trait: sibling_attending", "trait: staff_child"))) == [
        "overlap_useless"
    ]
    mixed = TWO.replace("share: 0.2, kind: soft", "share: 0.2, kind: hard, returns: never")
    assert codes(plan(tmp_path, mixed)) == ["overlap_mixed"]
    after = TWO.replace("kind: soft", "kind: hard, returns: after_run")
    assert codes(plan(tmp_path, after)) == ["overlap_after_run"] * 2
    senior = edited("senior-quota-first", tmp_path, ("\nafter:", "\noverlap: meritorious\nafter:"))
    assert "overlap_lists" in codes(senior)
    with pytest.raises(BadData):
        plan(tmp_path, TWO.replace("meritorious", "greedy"))
    held = tables(own)
    held["applicants"] = held["applicants"].with_columns(pl.lit(False).alias("staff_child"))
    assert [one.code for one in admission.market(held, own).notices] == ["admission.overlap_nobody"]
    assert admission.market(tables(own), own).notices == ()


def test_a_trait_that_holds_at_one_school_counts_there_alone(tmp_path: Path) -> None:
    by_position = TWO.replace("overlap: meritorious", "").replace("share: 0.2,", "share: 0.2, position: 1,")
    for text in (TWO, by_position.replace("share: 0.3,", "share: 0.3, position: 2,")):
        own = plan(tmp_path, text.replace("kind: soft", "kind: hard"))
        held = tables(own)
        there = (pl.col("applicant_id").str.slice(1).cast(pl.Int64) + pl.col("choice_rank")) % 3 == 0
        held["applications"] = held["applications"].with_columns(there.alias("at_sibling_attending"))
        result = admission.run_plan(admission.market(held, own), made.tickets(held["applicants"], 3))
        assert result.check() == ()
        kin = result.assignment.filter(pl.col("reserve_id") == "kin")
        sits = kin.join(held["applications"], on=["applicant_id", "program_id"], suffix="_asked")
        assert sits.height == kin.height > 5 and sits["at_sibling_attending"].all()
