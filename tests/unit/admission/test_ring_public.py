"""A ring in the public draw: numbers by ticket, start and step from balls or from the seed, replayed by the
stand-alone verifier and its page; whatever is changed fails under its own number."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.shared import shared
from tests.unit.admission import draws
from tests.unit.admission.draws import Files, field, files_of, put, rows, sealed, with_rows
from tests.unit.admission.markets import Small, draw
from tests.unit.admission.test_verifier import named
from tests.unit.admission.test_verifier_page import told_by_the_page

from junheng.admission.announcement import Source, moment
from junheng.admission.plan_ring import from_seed
from junheng.admission.public_draw import PublicDraw, hold_draw
from junheng.admission.seeds import EventResult, seed_of
from junheng.model.errors import BadData
from junheng.report.admission.publication import proofs_of

BALLS = Source("现场摇球", "ring", "现场", moment("2027-06-21T08:30"), 2)


def of_balls(small: Small, start: int, step: int, **other: Any) -> PublicDraw:
    frozen = draws.frozen_of(small)
    said = {"ring": True, "sources": (*draws.SOURCES, BALLS), **other}
    announced = draws.announced_of(frozen, small.seats, **said)
    results = [*draws.RESULTS, EventResult("现场摇球", "现场", (start, step))]
    return hold_draw(frozen, announced, seed_of(announced, results, draws.DRAWN))


def one_school(children: int, seats: int) -> Small:
    names = [f"c{n:02}" for n in range(children)]
    return Small({"p": seats}, {one: ["p"] for one in names}, {}, {(one, "p"): 0 for one in names})


def test_nanchang_is_drawn_as_the_bureau_wrote_it_down(tmp_path: Path) -> None:
    """Twenty numbers, fifteen seats, start 6, step 3: 6, 9, 12, 15, 18, 1, 4, 8, …"""
    known = json.loads(shared("admission/known_answers.json").read_text(encoding="utf-8"))["nanchang_ring"]
    held = of_balls(one_school(known["n"], known["seats"]), known["start"], known["interval"])
    files = files_of(held)
    assert named(tmp_path, files) == []
    assert rows(files, "ring.csv")[0] == "place,number,receipt"
    told = [line.split(",") for line in rows(files, "ring.csv")[1:]]
    assert [int(number) for _, number, _ in told][: known["seats"]] == known["winners"]
    by_ticket = [receipt for receipt, _ in held.tickets]
    assert all(by_ticket[int(number) - 1] == receipt for _, number, receipt in told)
    admitted = {line.split(",")[0] for line in rows(files, "results.csv")[1:] if line.split(",")[1]}
    assert admitted == {receipt for _, _, receipt in told[: known["seats"]]}
    assert json.loads(files["seed.json"])["ring"] == {"start": known["start"], "step": known["interval"]}


@pytest.mark.parametrize("balls", [True, False])
def test_the_verifier_and_its_page_replay_the_ring(tmp_path: Path, balls: bool) -> None:
    rng, folders = random.Random(3), []
    for number in range(12):
        small = draw(rng, 11, 4, 3, 3, full=True)
        mechanism, bands = rng.choice([("da", ()), ("ia", ()), ("parallel", (1, 2)), ("sd", ())])
        if balls:
            most = max(len(small.lists), 1)
            held = of_balls(
                small, rng.randint(1, most), rng.randint(1, most), mechanism=mechanism, bands=bands
            )
        else:
            held = draws.held(small, ring=True, mechanism=mechanism, bands=bands)
            assert held.seed.ring == from_seed(held.seed.seed, held.announced.draw_id, len(small.lists))
        for level in ("own", "list", "full"):
            files = files_of(held, level)
            for receipt, proof in proofs_of(held, draws.changes_of(held), 1):
                assert named(tmp_path / "one", files, proof) == [], receipt
        folders.append(tmp_path / str(number))
        put(folders[-1], files_of(held))
        proofs = [proof for _, proof in proofs_of(held, draws.changes_of(held), 1)]
        if not proofs:
            folders.pop()
            continue
        (folders[-1] / "proof.json").write_bytes(rng.choice(proofs))
    assert told_by_the_page(folders, tmp_path) == [[] for _ in folders]


def ring_of(**values: int) -> Callable[[Files], Files]:
    def change(files: Files) -> Files:
        return field(files, "seed.json", ring={**json.loads(files["seed.json"])["ring"], **values})

    return change


def swapped(files: Files) -> Files:
    """Two in the ring's order change places, with their place put right."""
    lines = [line.split(",") for line in rows(files, "ring.csv")]
    lines[2][1:], lines[3][1:] = lines[3][1:], lines[2][1:]
    return with_rows(files, "ring.csv", [",".join(line) for line in lines])


def other_balls(files: Files) -> Files:
    kept = json.loads(files["seed.json"])["results"]
    return field(files, "seed.json", results=[*kept[:-1], {**kept[-1], "numbers": [3, 2]}])


@pytest.mark.parametrize(
    ("number", "change"),
    [
        ("V3", ring_of(start=5)),
        ("V3", ring_of(step=4)),
        ("V3", ring_of(step=0)),
        ("V4", ring_of(start=5)),
        ("V4", ring_of(step=4)),
        ("V3", other_balls),
        ("V4", swapped),
        ("V4", lambda files: with_rows(files, "ring.csv", rows(files, "ring.csv")[:-1])),
        ("V10", lambda files: ring_of(start=5, step=1)(files)),
    ],
)
def test_another_start_step_or_order_is_named(
    tmp_path: Path, number: str, change: Callable[[Files], Files]
) -> None:
    held = of_balls(draw(random.Random(5), 30, 4, 4, 3, full=True), 7, 3)
    files = files_of(held)
    assert named(tmp_path, files) == []
    changed = sealed(change(files))
    assert number in named(tmp_path, changed)
    if number in ("V3", "V4"):  # the page sees it as well
        put(tmp_path / "page", changed)
        (tmp_path / "page" / "proof.json").write_bytes(next(proofs_of(held, draws.changes_of(held), 1))[1])
        assert number in told_by_the_page([tmp_path / "page"], tmp_path)[0]


def test_a_ring_whose_order_was_changed_with_all_files_is_still_seen(tmp_path: Path) -> None:
    """Start, step, order and results of another ring under this announcement: not the drawn start."""
    small = draw(random.Random(5), 30, 4, 4, 3, full=True)
    mine, other = files_of(of_balls(small, 7, 3)), files_of(of_balls(small, 8, 3))
    kept = json.loads(other["seed.json"])["ring"]
    taken = {one: other[one] for one in ("ring.csv", "results.csv", "cutoffs.csv", "next_in_line.csv")}
    assert named(tmp_path, sealed(field({**mine, **taken}, "seed.json", ring=kept))) == ["V3"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"sources": (*draws.SOURCES, BALLS)}, "admission.ring_unused"),
        ({"ring": True, "sources": (BALLS,)}, "admission.sources_absent"),
        ({"ring": True, "sources": (*draws.SOURCES, BALLS, Source("又一", "ring", "1", BALLS.at, 2))},
         "admission.ring_sources"),
        ({"ring": True, "sources": (*draws.SOURCES, Source("又一", "ring", "1", BALLS.at, 3))},
         "admission.ring_count"),
        ({"ring": True, "lottery": "programme"}, "admission.lottery_ring"),
    ],
)  # fmt: skip
def test_an_announcement_of_a_ring_that_cannot_stand_is_refused(said: dict[str, Any], code: str) -> None:
    small = one_school(4, 2)
    with pytest.raises(BadData) as caught:
        draws.announced_of(draws.frozen_of(small), small.seats, **said)
    assert code in {one.code for one in caught.value.findings}


@pytest.mark.parametrize(("start", "step"), [(5, 1), (0, 1), (1, 0), (1, 5)])
def test_balls_outside_the_ring_are_refused(start: int, step: int) -> None:
    with pytest.raises(BadData) as caught:
        of_balls(one_school(4, 2), start, step)
    assert [one.code for one in caught.value.findings] == ["admission.ring_drawn"]


def test_the_order_of_the_two_balls_counts() -> None:
    one, other = (of_balls(one_school(9, 3), *balls).ring for balls in ((2, 5), (5, 2)))
    assert [number for number, _, _ in one][:2] == [2, 7]
    assert [number for number, _, _ in other][:2] == [5, 7]
