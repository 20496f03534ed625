"""Random plans with mechanisms, reserves, twins and lotteries mixed: run, checked, explained, run on."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
from tests import admission_tables as made
from tests.unit.admission.test_plan_block import SHARED

from junheng import admission, rules
from junheng.admission.plan_market import order_of
from junheng.admission.plan_one_list import one_list
from junheng.report.admission.worked_plan import trial_tickets

HERE = Path(rules.__file__).parent / "admission_plans"
PLANS = ("kindergarten-entry", "primary-public-private", "primary-multi-zone")
MECHANISMS = (
    "deferred_acceptance",
    "immediate_acceptance",
    "serial_dictatorship",
    "parallel\n  bands: [1, 2]",
)
MODES = (
    "block",
    "block",
    "none",
    *(f"shared_ticket, last_seat: {one}" for one in ("split", "expand_by_one", "skip")),
)


def varied(draw: random.Random, folder: Path) -> rules.AdmissionPlan:
    """A template with other mechanisms, twins, lotteries, and three reserves that overlap."""
    text = (HERE / f"{draw.choice(PLANS)}.yaml").read_text("utf-8")
    text = text.replace("registering_school", "free").replace(
        "to: own_school", draw.choice(["to: zone_lists", "to: own_school"])
    )
    old = next(one for one in MECHANISMS if f"mechanism: {one}" in text)
    new, mode = draw.choice(MECHANISMS), draw.choice(MODES)
    text = text.replace(f"mechanism: {old}", f"mechanism: {new}").replace(SHARED, f"twins: {{mode: {mode}}}")
    if draw.random() < 0.3 and "shared" not in mode and new != "serial_dictatorship":
        text = text.replace("draw:", "draw:\n  lottery: programme")
    kind = draw.choice(["soft", "hard", "hard, returns: at_once"])
    traits = ("staff_child", "sibling_attending", "nine_year_own_pupil")
    shares = [
        f"- {{id: r{at}, trait: {one}, share: {draw.choice([0.1, 0.3])}, kind: {kind}}}"
        for at, one in enumerate(traits)
    ]
    head = text[: text.index("reserves:" if "reserves:" in text else "draw:")]
    text = "\n".join([head + "reserves:", *shares, "overlap: meritorious", text[text.index("draw:") :]])
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    return rules.read_plan(folder / "plan.yaml")


def tables(plan: rules.AdmissionPlan, draw: random.Random, seed: int) -> dict[str, pl.DataFrame]:
    held = made.entry(plan, 70, seed)
    held["programs"] = held["programs"].with_columns(
        pl.Series("seats", [draw.randrange(9) for _ in range(7)])
    )
    held["applicants"] = held["applicants"].with_columns(
        pl.Series("nine_year_own_pupil", [draw.random() < 0.1 for _ in range(70)]),
        pl.Series("staff_child", [draw.random() < 0.3 for _ in range(70)]),
    )
    held = made.with_twins(held, 12)
    if plan.zone_lists is not None and plan.zone_lists.twins.mode == "block":
        second = held["families"]["applicant_id"].to_list()[1::2]
        turned = pl.col("applicant_id").is_in(second) & (pl.col("batch") == "public")
        rank = pl.when(turned).then(3 - pl.col("choice_rank")).otherwise("choice_rank").alias("choice_rank")
        held["applications"] = held["applications"].with_columns(rank)
    return held


def test_random_plans_hold_their_checks_as_stages_and_as_one_list_and_in_a_second_round(
    tmp_path: Path,
) -> None:
    moved = reserved = rounds = 0
    for seed in range(45):
        draw = random.Random(seed)
        plan = varied(draw, tmp_path)
        problem = admission.market(tables(plan, draw, seed), plan)
        result = admission.run_plan(problem, trial_tickets(problem, seed))
        assert all(one.startswith("unplaced:") for one in result.check()), seed
        one = one_list(
            result.problem,
            order_of(
                result.problem, result.tickets.unique("applicant_id", keep="first", maintain_order=True)
            ),
        )
        held = one.settled().held
        got = {
            one.applicant_id[c]: one.program_id[int(one.pool[row])]
            for c, row in enumerate(held.tolist())
            if row < one.start[c + 1]
        }
        listed = result.assignment.filter(
            pl.col("batch").is_in(["private", "zone_lists"]) & (pl.col("reason") != "GUARANTEED")
        )
        assert got == dict(listed.select("applicant_id", "program_id").iter_rows()), seed
        for child in result.assignment["applicant_id"][:2]:
            assert result.explain(child, "en")
        moved += listed.filter(pl.col("reason") == "FAMILY_MOVED").height
        reserved += listed.filter(pl.col("reserve_id") != "").height
        sits = result.assignment.filter(pl.col("state") == "placed")["applicant_id"].to_list()
        said = pl.DataFrame(
            {"applicant_id": sits, "answer": [draw.choice(["accept", "wait", "decline"]) for _ in sits]},
            schema={"applicant_id": pl.String, "answer": pl.String},
        )
        after = admission.second_round(result, said, draw.choice(["waiting_list", "rerun"]))
        assert after.check() == (), seed
        rounds += after.moved.height
    assert moved and reserved > 100 and rounds > 100
