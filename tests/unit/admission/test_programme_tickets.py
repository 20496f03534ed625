"""A ticket for each programme in the public draw: every application has its own, the verifier works them out
again, and what is changed fails under its own number."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.unit.admission import draws
from tests.unit.admission.draws import Files, cell, field, files_of, put, rows, sealed
from tests.unit.admission.markets import draw
from tests.unit.admission.test_verifier import full_row, named, swap
from tests.unit.admission.test_verifier_page import told_by_the_page

from junheng.admission.public_draw import PublicDraw
from junheng.model.errors import BadData, Refused
from junheng.report.admission.plain_files import json_bytes
from junheng.report.admission.publication import proofs_of

APART = {"lottery": "programme"}
MECHANISMS: list[tuple[str, tuple[int, ...]]] = [
    ("da", ()),
    ("ia", ()),
    ("parallel", (2,)),
    ("parallel", (1, 2)),
]


def number_of(held: PublicDraw, program: str, receipt: str) -> str:
    """The documented formula, written out once more."""
    seed = hashlib.sha256(held.seed.seed.canonical.encode()).digest()
    text = f"{held.announced.draw_id}\n{program.partition('@')[0]}\n{receipt}"
    return hashlib.sha256(b"junheng-ticket-1\n" + seed + text.encode()).hexdigest()


def by_hand(held: PublicDraw) -> dict[str, str]:
    """Deferred acceptance, offer by offer, over the lines and the formula."""
    band_of = {"da": lambda at: 0, "ia": lambda at: at}.get(held.announced.mechanism)
    sizes = held.announced.bands
    lists: dict[str, list[tuple[str, tuple[int, int, str]]]] = {}
    for line in held.frozen.lines:
        _, receipt, _, _, *choices = line.split("\t")
        mine = []
        for at, choice in enumerate(choices):
            program, _, level = choice.rpartition(":")
            edges = [sum(sizes[: n + 1]) for n in range(len(sizes))]
            while edges and edges[-1] <= at:
                edges.append(edges[-1] + sizes[-1])
            band = band_of(at) if band_of else next(n for n, edge in enumerate(edges) if at < edge)
            mine.append((program, (band, int(level), number_of(held, program, receipt))))
        lists[receipt] = mine
    sits: dict[str, list[tuple[Any, str, int]]] = {one: [] for one in held.announced.seats}
    free = [(receipt, 0) for receipt in lists]
    while free:
        receipt, at = free.pop()
        if at == len(lists[receipt]):
            continue
        program, key = lists[receipt][at]
        sits[program] = sorted([*sits[program], (key, receipt, at)])
        if len(sits[program]) > held.announced.seats[program]:
            _, out, before = sits[program].pop()
            free.append((out, before + 1))
    return {receipt: program for program, held_ in sits.items() for _, receipt, _ in held_}


@pytest.mark.parametrize(("mechanism", "bands"), MECHANISMS)
def test_the_outcome_is_that_of_offers_made_by_hand(
    tmp_path: Path, mechanism: str, bands: tuple[int, ...]
) -> None:
    rng, unlike = random.Random(1), 0
    for _ in range(25):
        small = draw(rng, 9, 4, 3, 2)
        held = draws.held(small, mechanism=mechanism, bands=bands, **APART)
        given = {row[0]: row[1] for row in held.result.tables["assignment"].iter_rows() if row[1]}
        assert given == by_hand(held)
        assert held.result.check() == ()
        single = draws.held(small, mechanism=mechanism, bands=bands).result.tables["assignment"]
        unlike += not single.equals(held.result.tables["assignment"])
        for level in ("own", "list", "full"):
            files = files_of(held, level)
            for _, proof in proofs_of(held, draws.changes_of(held), 1):
                assert named(tmp_path, files, proof) == []
    assert unlike > 2  # tickets of their own do change who goes where


def test_the_page_agrees(tmp_path: Path) -> None:
    folders = []
    for number in range(6):
        held = draws.held(draw(random.Random(number), 12, 4, 3, 3, full=True), **APART)
        folders.append(tmp_path / str(number))
        put(folders[-1], files_of(held, "own"))
        (folders[-1] / "proof.json").write_bytes(list(proofs_of(held, draws.changes_of(held), 1))[-1][1])
    kept = json.loads((folders[-1] / "proof.json").read_text())
    other = dict.fromkeys(kept["tickets"], "00" * 32)
    (folders[-1] / "proof.json").write_bytes(json_bytes({**kept, "tickets": other}))
    assert told_by_the_page(folders, tmp_path) == [*([] for _ in folders[:-1]), ["V6"]]


def test_a_family_sees_its_tickets_and_why(tmp_path: Path) -> None:
    held = draws.some_draw(**APART)
    proofs = {receipt: json.loads(text) for receipt, text in proofs_of(held, draws.changes_of(held), 1)}

    def lost(proof: dict[str, Any]) -> list[dict[str, Any]]:
        return [one for one in proof["reasons"] if proof["tickets"][one["program_id"]] in one["zh"]]

    receipt = next(receipt for receipt, proof in proofs.items() if lost(proof))
    proof, by_ticket = proofs[receipt], lost(proofs[receipt])
    assert proof["tickets"] == {p: number_of(held, p, receipt) for p in proof["tickets"]}
    last = {line.split(",")[0]: line.split(",")[7] for line in rows(files_of(held, "own"), "cutoffs.csv")[1:]}
    assert all(last[one["program_id"]] in one["zh"] for one in by_ticket)
    assert {one["program_id"] for one in proof["reasons"]} == set(proof["tickets"])
    wrong = {**proof, "tickets": {**proof["tickets"], proof["reasons"][0]["program_id"]: "00" * 32}}
    assert named(tmp_path, files_of(held, "own"), json_bytes(wrong)) == ["V6"]
    better = {
        "drawn": proof["reasons"][0]["program_id"],
        "change": "",
        "program_id": proof["reasons"][0]["program_id"],
    }
    assert named(tmp_path, files_of(held, "own"), json_bytes({**proof, "result": better})) == ["V6"]


def without_lottery(files: Files) -> Files:
    said = json.loads(files["announcement.json"])
    del said["lottery"]
    return {**files, "announcement.json": json_bytes(said)}


@pytest.mark.parametrize(
    ("number", "change"),
    [
        ("V2", without_lottery),
        ("V4", swap("tickets.csv", 1)),
        ("V10", swap("results.csv", 1)),
        ("V10", lambda files: cell(files, "cutoffs.csv", full_row, 7, "00" * 32)),
        ("V10", lambda files: cell(files, "next_in_line.csv", lambda row: True, 1, "2222222222222")),
    ],
)
def test_tampering_is_named(tmp_path: Path, number: str, change: Callable[[Files], Files]) -> None:
    files = files_of(draws.some_draw(**APART))
    assert named(tmp_path, files) == []
    assert number in named(tmp_path, sealed(change(files)))


def test_results_by_single_tickets_do_not_pass_under_it(tmp_path: Path) -> None:
    small = draw(random.Random(11), 30, 4, 4, 3, full=True)
    mine, other = files_of(draws.held(small, **APART)), files_of(draws.held(small))
    assert mine["results.csv"] != other["results.csv"]
    taken = {one: other[one] for one in ("results.csv", "cutoffs.csv", "next_in_line.csv")}
    assert "V10" in named(tmp_path, sealed({**mine, **taken}))
    assert "V4" in named(tmp_path, sealed(field(mine, "seed.json", canonical="1./")))


def test_what_is_unsound_is_refused() -> None:
    small = draw(random.Random(3), 4, 2, 2, 2, full=True)
    with pytest.raises(BadData) as caught:
        draws.held(small, mechanism="sd", **APART)
    assert "admission.lottery_sd" in {one.code for one in caught.value.findings}
    frozen = draws.frozen_of(small)
    choices = "\t".join(frozen.lines[0].split("\t")[4:])
    twins = [f"1\t{one}\tbound:1\ta=1\t{choices}" for one in frozen.receipts[:2]]
    bound = draws.freeze([*twins, *frozen.lines[2:]], dict(zip(frozen.receipts, frozen.nonces, strict=True)))
    announced = draws.announced_of(bound, small.seats, **APART)
    with pytest.raises(Refused) as refused:
        draws.hold_draw(bound, announced, draws.seed_of(announced, draws.RESULTS, draws.DRAWN))
    assert refused.value.code == "admission.lottery_twins"
