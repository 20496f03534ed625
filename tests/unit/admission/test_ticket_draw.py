"""A public draw that proves tickets alone, for plans whose outcome no cut-off could prove."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import polars as pl
import pytest
from tests import admission_tables as made
from tests.unit.admission import test_plan_block as block
from tests.unit.admission import test_plan_overlap as overlap
from tests.unit.admission.draws import put, sealed
from tests.unit.admission.test_plan_draw import NO_CHANGES, drawn
from tests.unit.admission.test_plan_features import edited

from junheng import admission, rules
from junheng.admission.plan_draw import draw_lines, tickets_of
from junheng.admission.plan_market import PlanMarket
from junheng.model.errors import Refused
from junheng.report.admission.draw_folder import VERIFIER
from junheng.report.admission.plan_page import page
from junheng.report.admission.publication import proofs_of, publication, publish

TICKETS = ("draw:", "draw:\n  proves: tickets")


def problem(folder: Path, which: str) -> PlanMarket:
    if which == "overlap":
        own = overlap.plan(folder, overlap.TWO, TICKETS)
        return admission.market(overlap.tables(own), own)
    own = edited("kindergarten-entry", folder, (block.SHARED, "twins: {mode: block}"), TICKETS)
    return admission.market(block.tables(own, 3), own)


@pytest.mark.parametrize("which", ["overlap", "block"])
def test_tickets_and_lists_are_proved_and_the_plan_works_the_outcome_out(tmp_path: Path, which: str) -> None:
    held = problem(tmp_path, which)
    draw, receipt_of = drawn(held, which)
    result = admission.run_plan(held, tickets_of(draw, receipt_of))
    assert result.check() == () and result.assignment.filter(pl.col("state") == "placed").height
    wished = held.tables["applications"].sort("choice_rank")
    for one, receipt in receipt_of.items():
        line = draw.frozen.line(receipt)[0]
        mine = wished.filter(pl.col("applicant_id") == one)["program_id"]
        assert f"lists=public: {' > '.join(mine)}" in line if mine.len() else "lists=;" in line
        assert line.count("\t") == 3  # no choice stands for the verifier to follow
    files = dict(publication(draw, NO_CHANGES, "own", 1).files)
    put(tmp_path / "own", files)
    verify = runpy.run_path(str(tmp_path / "own" / VERIFIER))["verify"]
    receipt, proof = next(iter(proofs_of(draw, NO_CHANGES, 1)))
    (tmp_path / f"{receipt}.json").write_bytes(proof)
    done, wrong = verify(str(tmp_path / "own"), str(tmp_path / f"{receipt}.json"))
    assert wrong == [] and {"V4", "V5", "V6"} <= set(done)
    cutoffs = files["cutoffs.csv"].decode().splitlines()[1:]
    assert all(row.split(",")[2:4] == ["", "withheld"] for row in cutoffs) and cutoffs
    tickets = files["tickets.csv"].decode().splitlines()
    tickets[1], tickets[2] = (
        tickets[at].split(",")[0] + "," + tickets[3 - at].split(",")[1] for at in (1, 2)
    )
    put(tmp_path / "own", sealed({**files, "tickets.csv": "\n".join([*tickets, ""]).encode()}))
    assert "V4" in {number for number, _ in verify(str(tmp_path / "own"))[1]}
    other = json.loads(proof)
    other["line"] = other["line"].replace("lists=public: ", "lists=public: p6 > ")
    (tmp_path / f"{receipt}.json").write_text(json.dumps(other), encoding="utf-8")
    put(tmp_path / "own", files)
    assert "V5" in {
        number for number, _ in verify(str(tmp_path / "own"), str(tmp_path / f"{receipt}.json"))[1]
    }


def test_what_it_does_not_prove_is_not_published(tmp_path: Path) -> None:
    draw, _ = drawn(problem(tmp_path, "block"), "list")
    with pytest.raises(Refused) as caught:
        publish(tmp_path / "list", draw, NO_CHANGES, "list", 1)
    assert caught.value.code == "admission.tickets_own" and not (tmp_path / "list").exists()
    publish(tmp_path / "own", draw, NO_CHANGES, "own", 1)
    assert not (tmp_path / "own" / "results.csv").exists()


def test_plans_a_draw_could_not_prove_are_drawn_so_and_those_that_clash_are_told(tmp_path: Path) -> None:
    book = rules.load()

    def codes(own: rules.AdmissionPlan) -> set[str]:
        return {one.code.removeprefix("admission_plan.") for one in rules.lint_plan(own, book)}

    own = edited("kindergarten-entry", tmp_path, (block.SHARED, "twins: {mode: block}"), TICKETS)
    assert codes(own) == {"block_heuristic"}
    assert "不公布分数线" in page(own) and "no cut-offs are published" in page(own, "en")
    listed = edited("kindergarten-entry", tmp_path, TICKETS, ("publish: own", "publish: list"))
    assert codes(listed) == {"tickets_publish"}
    each = edited("kindergarten-entry", tmp_path, ("draw:", "draw:\n  proves: tickets\n  lottery: programme"))
    assert "tickets_lottery" in codes(each)
    with pytest.raises(Refused) as caught:
        draw_lines(admission.market(made.entry(each), each))
    assert [one.code for one in caught.value.findings] == ["admission.draw_ticket_lines"]
    skip = edited("kindergarten-entry", tmp_path, ("last_seat: expand_by_one", "last_seat: skip"), TICKETS)
    assert draw_lines(admission.market(made.entry(skip), skip)).choices.is_empty()
