"""The public draw of a plan: plain lines, frozen, drawn and verified as any, give what the plan gives."""

from __future__ import annotations

import random
import runpy
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from tests import admission_tables as made
from tests.unit.admission.draws import DRAWN, RESULTS, SECRET, announced_of, field, put, sealed, with_rows
from tests.unit.admission.draws import rows as rows_of
from tests.unit.admission.test_verifier_page import told_by_the_page

from junheng import admission, rules
from junheng.admission.changes import Changes
from junheng.admission.frozen import Frozen, freeze, lines_of
from junheng.admission.plan_announced import announced_of as announced_by
from junheng.admission.plan_draw import draw_lines, tickets_of
from junheng.admission.plan_market import PlanMarket
from junheng.admission.public_draw import PublicDraw, hold_draw
from junheng.admission.receipts import nonce_of, receipts_of
from junheng.admission.seeds import seed_of
from junheng.model.errors import Refused
from junheng.report.admission.draw_folder import VERIFIER
from junheng.report.admission.publication import proofs_of, publication

PLANS = rules.admission_plans()
ENTRY = [one for one in PLANS.values() if one.stage != "senior_high"]
NO_CHANGES = Changes((), (), {})


def drawn(problem: PlanMarket, name: str) -> tuple[PublicDraw, dict[str, str]]:
    lines = draw_lines(problem)
    ids = lines.people["applicant_id"].to_list()
    receipt_of = dict(zip(ids, receipts_of(SECRET, name, ids), strict=True))
    named = pl.col("applicant_id").replace_strict(receipt_of).alias("receipt")
    facts = [one for one in lines.people.columns if one not in ("applicant_id", "family")]
    written = lines_of(lines.people.with_columns(named), lines.choices.with_columns(named), facts)
    frozen: Frozen = freeze(written, {one: nonce_of(SECRET, name, one) for one in receipt_of.values()})
    announced = announced_of(frozen, lines.seats, **{**announced_by(problem.plan), "draw": name})
    return hold_draw(frozen, announced, seed_of(announced, RESULTS, DRAWN)), receipt_of


def agree(problem: PlanMarket, name: str) -> PublicDraw:
    """The outcome of the draw is that of the plan with the same tickets."""
    draw, receipt_of = drawn(problem, name)
    result = admission.run_plan(problem, tickets_of(draw, receipt_of))
    of = {receipt: one for one, receipt in receipt_of.items()}
    held = {
        of[receipt]: pool.partition("@")[0]
        for receipt, pool in draw.result.tables["assignment"].select("applicant_id", "program_id").iter_rows()
        if pool is not None
    }
    lists = result.assignment.filter(pl.col("program_id").is_not_null() & (pl.col("batch") != "placement"))
    assert held == dict(lists.select("applicant_id", "program_id").iter_rows())
    assert result.check() == () or all(one.startswith("unplaced") for one in result.check())
    names = {pool.partition("@")[0] for pool in draw.announced.seats}
    programs = problem.tables["programs"].filter(pl.col("program_id").is_in(list(names)))
    beyond = sum(n for stage in result.stages for n in stage.over.values())
    given = sum(draw.announced.seats.values()) + sum(draw.added.values())
    assert given - programs["seats"].sum() == beyond
    return draw


@pytest.mark.parametrize("plan", ENTRY, ids=lambda one: one.id)
def test_the_draw_gives_what_the_plan_gives_with_twins_too(plan: rules.AdmissionPlan) -> None:
    added = 0
    for seed in range(12):
        tables = made.entry(plan, 60, seed)
        if seed % 2:
            tables = made.with_twins(tables, 12)
        added += len(agree(admission.market(tables, plan), f"draw{seed}").added)
    assert added


def varied(text: str, draw: random.Random) -> str:
    """A template with other mechanisms, bands, orders and guarantees."""
    old = next(one for one in ("immediate_acceptance", "deferred_acceptance") if f"mechanism: {one}" in text)
    new = draw.choice(
        [
            "deferred_acceptance",
            "immediate_acceptance",
            "serial_dictatorship",
            "parallel\n  bands: [1, 2]",
        ]
    )
    text = text.replace(f"mechanism: {old}", f"mechanism: {new}")
    text = text.replace("first_choice: registering_school", "first_choice: free")
    if draw.random() < 0.5:
        text = text.replace("expand_by_one", "split")
    if draw.random() < 0.5:
        text = text.replace("kind: hard", "kind: soft")
    if draw.random() < 0.5:
        text = text.replace("returns: at_once", "returns: never")
    return text.replace("share: 0.05", f"share: {draw.choice(['0.2', '0.4'])}")


def test_random_plans_are_drawn_as_they_run(tmp_path: Path) -> None:
    draw = random.Random(4)
    done = 0
    for number in range(45):
        plan = ENTRY[number % len(ENTRY)]
        text = (Path(rules.__file__).parent / "admission_plans" / f"{plan.id}.yaml").read_text("utf-8")
        path = tmp_path / f"plan{number}.yaml"
        path.write_text(varied(text, draw), encoding="utf-8")
        own = rules.read_plan(path)
        tables = made.entry(own, 50, number)
        tables["programs"] = tables["programs"].with_columns(
            pl.Series("seats", [draw.randrange(12) for _ in range(7)])
        )
        tables["applicants"] = tables["applicants"].with_columns(
            pl.Series("nine_year_own_pupil", [draw.random() < 0.1 for _ in range(50)]),
            pl.Series("sibling_attending", [draw.random() < 0.3 for _ in range(50)]),
        )
        if number % 3:
            tables = made.with_twins(tables, 8)
        problem = admission.market(tables, own)
        try:
            agree(problem, f"random{number}")
        except Refused as refused:
            codes = {one.code for one in refused.findings}
            assert codes == {"admission.draw_guaranteed"}
        else:
            done += 1
    assert done > 30


def test_what_cannot_be_proved_is_refused_with_the_way_out(tmp_path: Path) -> None:
    folder = Path(rules.__file__).parent / "admission_plans"
    text = (folder / "kindergarten-entry.yaml").read_text("utf-8")
    for old, new, code in (
        ("returns: at_once", "returns: after_run", "draw_after_run"),
        ("expand_by_one", "skip", "draw_skip"),
    ):
        path = tmp_path / f"{code}.yaml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        plan = rules.read_plan(path)
        with pytest.raises(Refused) as caught:
            draw_lines(admission.market(made.with_twins(made.entry(plan), 3), plan))
        assert {one.code for one in caught.value.findings} == {f"admission.{code}"}
    senior = PLANS["senior-quota-first"]
    with pytest.raises(Refused) as caught:
        draw_lines(admission.market(made.senior(senior), senior))
    assert caught.value.code == "admission.no_lists"


def test_the_verifier_agrees_and_names_what_is_changed(tmp_path: Path) -> None:
    """A seat more than declared pairs, twins told apart, another pair: each is seen."""
    plan = PLANS["kindergarten-entry"]
    draw = next(
        one
        for one in (
            agree(admission.market(made.with_twins(made.entry(plan, 60, seed), 12), plan), f"v{seed}")
            for seed in range(20)
        )
        if one.added
    )
    files = dict(publication(draw, NO_CHANGES, "full", 1).files)
    folder = tmp_path / "full"

    def told(changed: dict[str, bytes], mine: bytes | None = None) -> set[str]:
        put(folder, changed)
        proof = None
        if mine is not None:
            proof = folder.parent / "mine.json"
            proof.write_bytes(mine)
        verify = runpy.run_path(str(folder / VERIFIER))["verify"]
        return {number for number, _ in verify(str(folder), None if proof is None else str(proof))[1]}

    proofs = dict(proofs_of(draw, NO_CHANGES, 1))
    twin = draw.bound[0][0]
    assert told(files, proofs[twin]) == set()
    own = dict(publication(draw, NO_CHANGES, "own", 1).files)
    for receipt in (*draw.bound[0], *draw.bound[-1]):
        assert told(own, proofs[receipt]) == set()
    put(folder, {**own, "proof.json": proofs[twin]})
    assert told_by_the_page([folder], tmp_path) == [[]]
    bound = rows_of(files, "bound.csv")
    assert "V10" in told(sealed(with_rows(files, "bound.csv", bound[:-2])))
    assert "V7" in told(sealed(with_rows(files, "bound.csv", bound[:-1])))
    program = next(iter(draw.added))
    cutoffs = [
        ",".join([c[0], str(int(c[1]) + 30), *c[2:]]) if (c := line.split(","))[0] == program else line
        for line in rows_of(files, "cutoffs.csv")
    ]
    assert "V7" in told(sealed(with_rows(files, "cutoffs.csv", cutoffs)))
    assert "V1" in told(field(files, "seed.json", drawn_at="2027-06-22T09:00:00+08:00"))


def lots(text: str, draw: str) -> str:
    """A template with another draw section, nobody bound, no reserves returned after the run."""
    text = text.replace("twins: {mode: shared_ticket, last_seat: expand_by_one}", "twins: {mode: none}")
    return text.replace("draw:\n", f"draw:\n  {draw}\n")


def plan_of(
    tmp_path: Path, template: rules.AdmissionPlan, change: Callable[[str], str]
) -> rules.AdmissionPlan:
    text = (Path(rules.__file__).parent / "admission_plans" / f"{template.id}.yaml").read_text("utf-8")
    path = tmp_path / "plan.yaml"
    path.write_text(change(text), encoding="utf-8")
    return rules.read_plan(path)


@pytest.mark.parametrize("template", ENTRY, ids=lambda one: one.id)
def test_a_ring_of_a_plan_is_drawn_as_it_runs_with_twins_too(
    tmp_path: Path, template: rules.AdmissionPlan
) -> None:
    plan = plan_of(tmp_path, template, lambda text: text.replace("draw:\n", "draw:\n  order: ring\n"))
    assert plan.draw is not None
    assert plan.draw.ring
    for seed in range(6):
        tables = made.entry(plan, 60, seed)
        tables = made.with_twins(tables, 12) if seed % 2 else tables
        draw = agree(admission.market(tables, plan), f"ring{seed}")
        assert draw.seed.ring is not None
        assert [number for number, _, _ in draw.ring] != list(range(1, 61))


@pytest.mark.parametrize("template", ENTRY, ids=lambda one: one.id)
def test_a_ticket_for_each_programme_is_drawn_as_it_runs(
    tmp_path: Path, template: rules.AdmissionPlan
) -> None:
    plan = plan_of(tmp_path, template, lambda text: lots(text, "lottery: programme"))
    moved = 0
    for seed in range(8):
        tables = made.entry(plan, 60, seed)
        draw = agree(admission.market(tables, plan), f"apart{seed}")
        assert draw.announced.lottery == "programme"
        single = agree(admission.market(tables, template), f"apart{seed}")
        moved += not single.result.tables["assignment"].equals(draw.result.tables["assignment"])
    assert moved > 3


def test_random_plans_with_tickets_of_programmes_are_drawn_as_they_run(tmp_path: Path) -> None:
    draw, done = random.Random(9), 0
    for number in range(24):
        template = ENTRY[number % len(ENTRY)]
        plan = plan_of(tmp_path, template, lambda text: lots(varied(text, draw), "lottery: programme"))
        if plan.zone_lists is not None and plan.zone_lists.mechanism == "serial_dictatorship":
            continue
        tables = made.entry(plan, 50, number)
        seats = pl.Series("seats", [draw.randrange(12) for _ in range(7)])
        tables["programs"] = tables["programs"].with_columns(seats)
        agree(admission.market(tables, plan), f"lots{number}")
        done += 1
    assert done > 10


def test_bound_twins_cannot_share_a_ticket_where_programmes_have_their_own(tmp_path: Path) -> None:
    text = "draw:\n  lottery: programme\n"
    plan = plan_of(tmp_path, PLANS["kindergarten-entry"], lambda held: held.replace("draw:\n", text))
    with pytest.raises(Refused) as caught:
        draw_lines(admission.market(made.with_twins(made.entry(plan), 2), plan))
    assert caught.value.code == "admission.lottery_twins"
    draw_lines(admission.market(made.entry(plan), plan))  # nobody bound: nothing to share


def test_tickets_of_one_kind_do_not_pass_for_another(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, PLANS["kindergarten-entry"], lambda text: lots(text, "lottery: programme"))
    tables = made.entry(plan)
    with pytest.raises(Refused) as caught:
        admission.run_plan(admission.market(tables, plan), made.tickets(tables["applicants"]))
    assert caught.value.code == "admission.lottery_tickets"


def test_reasons_chances_and_what_would_be_enough_speak_of_the_programmes_ticket(
    tmp_path: Path,
) -> None:
    plan = plan_of(tmp_path, PLANS["kindergarten-entry"], lambda text: lots(text, "lottery: programme"))
    tables = made.entry(plan, 90, 3)
    tables["programs"] = tables["programs"].with_columns(pl.lit(9).alias("seats"))
    problem = admission.market(tables, plan)
    draw, receipt_of = drawn(problem, "told")
    tickets = tickets_of(draw, receipt_of)
    result = admission.run_plan(problem, tickets)
    rows = result.application_reasons.filter(pl.col("field") == "lottery")
    assert rows.height > 5
    told = 0
    for row in rows.head(12).iter_rows(named=True):
        who, program = row["applicant_id"], row["program_id"]
        assert f"在该校的随机号第{row['mine']}，录取至第{row['last']}" in result.explain(who)
        for line in result.enough(who):
            if "在该校的随机号排在前" not in line or f" {program}：" not in line:
                continue
            told += 1
            place = int(line.partition("排在前 ")[2].partition(" ")[0])
            at = (pl.col("program_id") == program) & (pl.col("applicant_id") != who)
            others = tickets.filter(at).sort("ticket")["ticket"].to_list()

            def held(rank: int) -> bool:
                """Whether she holds it or better with the `rank`-th smallest ticket there."""
                low = others[rank - 2] if rank > 1 else "0" * 64
                mine = (pl.col("applicant_id") == who) & (pl.col("program_id") == program)
                other = tickets.with_columns(
                    pl.when(mine).then(pl.lit(low + "0")).otherwise("ticket").alias("ticket")
                )
                now = admission.run_plan(problem, other).application_reasons
                got = now.filter((pl.col("applicant_id") == who) & (pl.col("code") == "ADMITTED"))
                return got.height > 0 and got["choice_rank"][0] <= row["choice_rank"]

            assert held(place)
            assert not held(place + 1)
    assert told > 3
    share = admission.chances(problem, draws=300, seed=1)
    sums = share.group_by("applicant_id").agg(pl.col("share").sum())
    assert (sums["share"] - 1).abs().max() < 1e-9  # type: ignore[operator]
    with pytest.raises(Refused) as caught:
        result.explain(rows["applicant_id"][0], "zh", {"ticket": 1})
    assert caught.value.code == "admission.lottery_place"
    quiet = pl.DataFrame(schema={"applicant_id": pl.String, "answer": pl.String})
    with pytest.raises(Refused) as caught:
        admission.second_round(result, quiet, "reverse_lottery")
    assert caught.value.code == "admission.lottery_reverse"
    assert admission.second_round(result, quiet, "rerun", silence="accept").check() == ()
