"""Quota seats shared again among origins, and elder siblings who lift younger ones, beside a plain twin."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from tests import admission_tables as made

from junheng import admission, rules
from junheng.admission.plan_batches import BatchRun
from junheng.admission.plan_draw import draw_lines
from junheng.model.errors import BadData, Refused
from junheng.report.admission.plan_page import page

PLANS = rules.admission_plans()
HERE = Path(rules.__file__).parent / "admission_plans"


def edited(name: str, folder: Path, *edits: tuple[str, str]) -> rules.AdmissionPlan:
    text = (HERE / f"{name}.yaml").read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return rules.read_plan(path)


def test_quota_seats_nobody_took_go_to_origins_that_still_ask(tmp_path: Path) -> None:
    plan = edited(
        "senior-quota-first", tmp_path,
        ("unfilled: {to_batch: city}", "unfilled: {to_batch: city, to_origin_schools: true}"),
    )  # fmt: skip
    more = 0
    for seed in range(4):
        tables = made.senior(plan, seed=seed)
        quiet = tables["applicants"].filter(pl.col("origin_school_id") == "j1")["applicant_id"].implode()
        asks = (pl.col("batch") != "quota") | ~pl.col("applicant_id").is_in(quiet)
        tables["applications"] = tables["applications"].filter(asks)
        tables["programs"] = tables["programs"].with_columns(pl.lit(6).alias("seats"))
        tickets = made.tickets(tables["applicants"], seed)
        one = admission.run_plan(admission.market(tables, plan), tickets)
        two = admission.run_plan(admission.market(tables, PLANS["senior-quota-first"]), tickets)
        assert isinstance(one.run, BatchRun)
        log = one.run.log.filter(pl.col("batch") == "quota")
        assert log["given"].sum() == log["seats"].sum() == 4 * 3
        by = log.group_by("program_id").agg(pl.col("given").sum(), pl.col("seats").sum())
        assert (by["given"] == by["seats"]).all()
        assert one.check() == ()
        waits = one.stages[0].waiting.select("program_id").unique()
        left = log.with_columns(left=pl.col("seats") - pl.col("used")).filter(pl.col("left") > 0)
        assert left.join(waits, on="program_id").is_empty()
        before = two.stages[0].assignment
        after = one.stages[0].assignment
        both = before.join(after, on="applicant_id", how="left", suffix="_now")
        assert (both["choice_rank_now"] <= both["choice_rank"]).all()
        more += after.height - before.height
        use = one.tables["quota_use"]
        assert use["given"].sum() == 4 * 3
    assert more
    assert "再分给" in page(plan)


def test_the_lint_and_the_reader_know_the_new_fields(tmp_path: Path) -> None:
    senior = "senior-quota-first"
    for edits in (
        [("line: 430", "line: {fixed_line: 430, simulated_line: unified}")],
        [("line: 430", "line: {simulated_line: quota, less: 10}")],
        [("line: 430", "line: {fixed_line: 430, less: 0.3}")],
        [("left_over: error", "left_over: lottery\n  max_over: 3")],
        [("  line: 380\n  unfilled: {to_batch: supplement}", "  unfilled: {to_origin_schools: true}")],
    ):  # fmt: skip
        with pytest.raises(BadData):
            edited(senior, tmp_path, *edits)
    with pytest.raises(BadData):
        edited("kindergarten-entry", tmp_path, ("  twins:", "  siblings: {dynamic: height}\n  twins:"))
    plan = edited(senior, tmp_path, ("left_over: error", "left_over: reject_all"))
    found = rules.lint_plan(plan, rules.load())
    assert [one.code for one in found if one.severity == "warning"] == ["admission_plan.ties_unproved"]
    simulated = edited(senior, tmp_path, ("line: 430", "line: {simulated_line: unified, less: 20}"))
    assert "减 20 分" in page(simulated)
    assert "less 20 points" in page(simulated, "en")


def families(seed: int, plan: rules.AdmissionPlan) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Three grades of six schools; a third of the children have a sibling in another grade."""
    draw = random.Random(seed)
    tables = made.entry(plan, 60, seed)
    schools = [f"p{n}" for n in range(1, 7)]
    offered = [
        (f"{one}-{g}", f"s-{one}", draw.randrange(2, 5), "public", g) for one in schools for g in (1, 2, 3)
    ]
    tables["programs"] = pl.DataFrame(
        offered, schema=["program_id", "school_id", "seats", "ownership", "grade"], orient="row"
    )
    ids = tables["applicants"]["applicant_id"].to_list()
    grade = {one: draw.choice((1, 2, 3)) for one in ids}
    rows = tables["applications"]
    tables["applications"] = rows.with_columns(
        pl.Series(
            "program_id",
            [f"{p}-{grade[c]}" for c, p in rows.select("applicant_id", "program_id").iter_rows()],
        )
    )
    own = tables["applicants"]["own_program_id"].to_list()
    tables["applicants"] = tables["applicants"].with_columns(
        pl.Series("own_program_id", [f"{p}-{grade[c]}" for c, p in zip(ids, own, strict=True)]),
        staff_child=pl.lit(False),
    )
    pairs = [(f"b{n}", one, "siblings") for n in range(10) for one in (ids[2 * n], ids[2 * n + 1])]
    # siblings ask for the same schools
    lists = tables["applications"]
    for n in range(10):
        elder, younger = ids[2 * n], ids[2 * n + 1]
        wished = lists.filter(pl.col("applicant_id") == elder)["program_id"].to_list()
        mine = [p.partition("-")[0] + f"-{grade[younger]}" for p in wished]
        lists = pl.concat(
            [
                lists.filter(pl.col("applicant_id") != younger),
                pl.DataFrame(
                    {"applicant_id": younger, "batch": "public", "choice_rank": [1, 2], "program_id": mine},
                    schema=lists.schema,
                ),
            ]
        )
    tables["applications"] = lists
    tables["families"] = pl.DataFrame(pairs, schema=["family_id", "applicant_id", "link"], orient="row")
    return tables, made.tickets(tables["applicants"], seed)


def by_grade(
    tables: dict[str, pl.DataFrame], tickets: dict[str, int], identity: dict[str, int]
) -> dict[str, str]:
    """The twin: grade after grade from the top, plain deferred acceptance over dictionaries."""
    school = dict(tables["programs"].select("program_id", "school_id").iter_rows())
    seats = dict(tables["programs"].select("program_id", "seats").iter_rows())
    flag = dict(tables["applicants"].select("applicant_id", "sibling_attending").iter_rows())
    family: dict[str, list[str]] = {}
    for who, name in tables["families"].select("applicant_id", "family_id").iter_rows():
        family.setdefault(name, []).append(who)
    kin = {one: [two for two in held if two != one] for held in family.values() for one in held}
    got: dict[str, str] = {}
    for grade in (3, 2, 1):
        lists = {
            who: [p for p in rows["program_id"] if p.endswith(f"-{grade}")]
            for (who,), rows in tables["applications"].sort("choice_rank").group_by("applicant_id")
        }
        before = dict(got)

        def key(child: str, program: str, before: dict[str, str] = before) -> tuple[int, bool, int]:
            lifted = any(
                one in before and school[before[one]] == school[program] for one in kin.get(child, ())
            )
            return identity[child], not (flag[child] or lifted), tickets[child]

        at = dict.fromkeys((who for who, list_ in lists.items() if list_), 0)
        kept: dict[str, list[str]] = {p: [] for p in seats}
        moving = list(at)
        while moving:
            child = moving.pop()
            while at[child] < len(lists[child]):
                program = lists[child][at[child]]
                held = sorted([*kept[program], child], key=lambda one, p=program: key(one, p))
                kept[program], out = held[: seats[program]], held[seats[program] :]
                for one in out:
                    at[one] += 1
                    if one != child:
                        moving.append(one)
                if child not in out:
                    break
        got |= {child: program for program, held in kept.items() for child in held}
    return got


def test_an_elder_admitted_lifts_the_younger_as_its_twin_does(tmp_path: Path) -> None:
    twins = "  twins: {mode: shared_ticket, last_seat: expand_by_one}"
    plan = edited(
        "kindergarten-entry", tmp_path,
        (twins, "  siblings: {dynamic: sibling_attending}"),
        ("  share: 0.05", "  share: 0"),
    )  # fmt: skip
    assert plan.zone_lists is not None
    still = replace(plan, zone_lists=replace(plan.zone_lists, lifts=""))
    lifted = 0
    tables, tickets = families(0, plan)
    for seed in range(25):
        tables, tickets = families(seed, plan)
        result = admission.run_plan(admission.market(tables, plan), tickets)
        assert result.check() == ()
        number = dict(result.problem.standing.select("applicant_id", "identity_no").iter_rows())
        held = result.assignment.filter(pl.col("program_id").is_not_null())
        expected = by_grade(tables, dict(tickets.iter_rows()), number)
        assert dict(held.select("applicant_id", "program_id").iter_rows()) == expected
        other = admission.run_plan(admission.market(tables, still), tickets)
        lifted += not other.assignment.equals(result.assignment)
    assert lifted
    assert "弟妹" in page(plan)
    with pytest.raises(Refused) as caught:
        draw_lines(admission.market(tables, plan))
    assert [one.code for one in caught.value.findings] == ["admission.draw_siblings"]
    with pytest.raises(Refused):
        admission.chances(admission.market(tables, plan))


def test_a_pair_parted_by_the_private_draw_goes_on_as_two_children(tmp_path: Path) -> None:
    """One seat at the private school falls to one twin; the other enters the public lists alone."""
    plan = edited(
        "primary-public-private", tmp_path, ("last_seat: expand_by_one", "last_seat: split"),
        ("to: own_school", "to: zone_lists"), ("to: own_school", "to: zone_lists"),
    )  # fmt: skip
    parted = 0
    for seed in range(6):
        tables = made.with_twins(made.entry(plan, 60, seed), 8)
        one = pl.when(pl.col("program_id") == "m1").then(1).otherwise("seats").cast(pl.Int64).alias("seats")
        tables["programs"] = tables["programs"].with_columns(one)
        bound = tables["families"]["applicant_id"]
        rows = tables["applications"].filter(
            (pl.col("batch") != "private") | pl.col("applicant_id").is_in(bound.implode())
        )
        asks = pl.DataFrame(
            {"applicant_id": bound, "batch": "private", "choice_rank": 1, "program_id": "m1"},
            schema=rows.schema,
        )
        tables["applications"] = pl.concat([rows.filter(pl.col("batch") != "private"), asks])
        result = admission.run_plan(admission.market(tables, plan), made.tickets(tables["applicants"], seed))
        assert all(found.startswith("unplaced:") for found in result.check())
        won = result.assignment.filter(pl.col("batch") == "private")["applicant_id"].item()
        family = dict(tables["families"].select("applicant_id", "family_id").iter_rows())
        (other,) = (c for c in family if c != won and family[c] == family[won])
        listed = result.application_reasons.filter(
            (pl.col("applicant_id") == other) & (pl.col("batch") == "zone_lists")
        )
        parted += listed.height > 0
    assert parted
