"""A ring and a ticket for each programme by command: from the plan to the verifier, late arrivals too."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.unit.admission.test_draw_command import freeze, hold, write_tables
from tests.unit.admission.test_verifier import named
from tests.unit.cli.test_admission_check import PLAN, made, run
from tests.unit.cli.test_admission_late import eight, late, one

from junheng.data.admission_folder import AdmissionFolder

BALLS = "{source: 摇球, event: 现场, day: 2027-06-21, gives: ring}"
BY_SEED = PLAN.replace("draw:\n", "draw:\n  order: ring\n")
RING = BY_SEED.replace("day: 2027-06-20}]", f"day: 2027-06-20}}, {BALLS}]")
BALLS_ALONE = BY_SEED.replace("day: 2027-06-20}]", "day: 2027-06-20, gives: ring}]")
APART = PLAN.replace("draw:\n", "draw:\n  lottery: programme\n")
Held = Callable[..., Path]


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Held:
    """A plan drawn, admitted and published; with `balls` where it has any."""

    def of(plan: str, balls: str = "", upto: int = 4) -> Path:
        ws = made(tmp_path, eight, plan)
        ring = "摇球,ring,现场,2027-06-21T08:30,2\n" if balls else ""
        (tmp_path / "sources.csv").write_text(
            f"source,kind,event,at,count\n福彩3D,numbers,2027150,2027-06-20T21:15,3\n{ring}"
        )
        typed = f"摇球,现场,{balls}\n" if balls else ""
        (tmp_path / "numbers.csv").write_text(f"source,event,numbers\n福彩3D,2027150,3 1 4\n{typed}")
        (tmp_path / "secret").write_text("ab" * 16)
        freeze = ["--sources", tmp_path / "sources.csv", "--secret", tmp_path / "secret", "--spare", "2"]
        times = ["--frozen-at", "2027-06-15T18:00", "--announced-at", "2027-06-16T09:00"]
        steps: list[list[Any]] = [
            ["freeze", ws, "--plan", "p", *freeze, *times],
            ["draw", ws, "--plan", "p", "--numbers", tmp_path / "numbers.csv", "--at", "2027-06-21T09:00"],
            ["assign", ws, "--plan", "p"],
            ["publish", ws, "--plan", "p", "--level", "full", "--on-site"],
        ]
        codes = [run(monkeypatch, "admission", *step) for step in steps[:upto]]
        assert codes[:-1] == [0] * (upto - 1)
        assert codes[-1] == 0, steps[upto - 1]
        return ws

    return of


def files(ws: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in AdmissionFolder(ws, "p").path("published").iterdir()}


def receipts(folder: AdmissionFolder) -> dict[str, str]:
    rows = csv.DictReader(folder.path("draw", "private", "receipts.csv").open())
    return {row["applicant_id"]: row["receipt"] for row in rows}


def seats(ws: Path) -> dict[str, str | None]:
    rows = AdmissionFolder(ws, "p").read("result")["assignment"]
    return dict(rows.select("applicant_id", "program_id").iter_rows())


def test_a_ring_by_balls_from_plan_to_verifier(
    tmp_path: Path, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = held(RING, "6 3")
    assert named(tmp_path / "check", files(ws)) == []
    told = [line.split(",") for line in files(ws)["ring.csv"].decode().splitlines()[1:]]
    assert [int(number) for _, number, _ in told] == [6, 1, 4, 8, 5, 3, 7, 2]
    who = {receipt: child for child, receipt in receipts(AdmissionFolder(ws, "p")).items()}
    assert [seats(ws)[who[receipt]] for _, _, receipt in told] == ["s-p", "t-p", *[None] * 6]
    assert run(monkeypatch, "verify", ws / "admission" / "p") == 0
    assert run(monkeypatch, "admission", "explain", ws, "A0", "--plan", "p") == 0
    assert run(monkeypatch, "admission", "simulate", made(tmp_path / "two", eight, RING), "--plan", "p") == 0


def test_a_late_child_stands_behind_the_number_below_her_ticket(
    tmp_path: Path, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = held(RING, "6 3")
    table = late(tmp_path, one("L1", "IL1"), one("L2", "IL2"))
    words = ["--plan", "p", "--late", table, "--silence", "accept"]
    assert run(monkeypatch, "admission", "second-round", ws, *words) == 0
    folder = AdmissionFolder(ws, "p")
    waits = folder.read("rounds/1")["waiting_list"]
    queue = waits.filter(waits["program_id"] == "s-p").sort("position")["applicant_id"].to_list()
    receipt_of = receipts(folder)
    spare = [line.split(",") for line in files(ws)["spare.csv"].decode().splitlines()[1:]]
    by_ticket = [line.split(",") for line in files(ws)["tickets.csv"].decode().splitlines()[1:]]
    walk = [line.split(",")[2] for line in files(ws)["ring.csv"].decode().splitlines()[1:]]
    order = list(walk)
    late_receipts = {"L1": spare[0][0], "L2": spare[1][0]}
    for receipt, ticket in sorted(spare, key=lambda row: row[1], reverse=True):
        below = [other for other, mine in by_ticket if mine < ticket]
        order.insert(order.index(below[-1] if below else by_ticket[-1][0]) + 1, receipt)
    known = {**receipt_of, **late_receipts}
    assert queue == [who for who in sorted(known, key=lambda who: order.index(known[who])) if who in queue]
    assert {"L1", "L2"} <= set(queue)
    assert run(monkeypatch, "verify", ws / "admission" / "p") == 0


def test_start_and_step_from_the_seed(tmp_path: Path, held: Held) -> None:
    ws = held(BY_SEED)
    assert named(tmp_path / "check", files(ws)) == []
    said, seed = (json.loads(files(ws)[name]) for name in ("announcement.json", "seed.json"))
    head = b"junheng-ring-1\n" + hashlib.sha256(seed["canonical"].encode()).digest()
    for word in ("start", "step"):
        digest = hashlib.sha256(head + f"{said['draw_id']}\n{word}".encode()).hexdigest()
        assert seed["ring"][word] == int(digest, 16) % 8 + 1


def test_sources_that_do_not_fit_the_plan_stop_the_freeze(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: Held, capsys: pytest.CaptureFixture[str]
) -> None:
    for plan, balls, told in (
        (RING, "", "补上这个来源"),
        (BY_SEED, "6 3", "gives: ring"),
        (PLAN, "6 3", "draw.order: ring"),
    ):
        with pytest.raises(AssertionError):
            held(plan, balls, upto=1)
        assert told in capsys.readouterr().err
        folder = tmp_path / "ws"
        folder.rename(tmp_path / f"done-{told[:3]}")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: RING.replace("  order: ring\n", ""), "admission_plan.ring_unused"),
        (lambda text: BALLS_ALONE, "admission_plan.ring_sources"),
        (lambda text: APART.replace("lottery:", "order: ring\n  lottery:"), "admission_plan.lottery_clash"),
        (lambda text: APART.replace("deferred_acceptance", "serial_dictatorship"),
         "admission_plan.lottery_clash"),
        (lambda text: APART.replace("waiting_list", "reverse_lottery"), "admission_plan.lottery_clash"),
        (lambda text: APART.replace("programme", "school"), "policy.choice"),
    ],
)  # fmt: skip
def test_the_lint_stops_what_cannot_be(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[str], str],
    code: str,
) -> None:
    ws = made(tmp_path, eight, change(PLAN))
    monkeypatch.setenv("JUNHENG_EVENTS", "1")
    assert run(monkeypatch, "admission", "check", ws, "--plan", "p") == 3
    assert code in capsys.readouterr().out


def test_a_ticket_for_each_programme_from_plan_to_verifier(
    tmp_path: Path, held: Held, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ws = held(APART)
    assert named(tmp_path / "check", files(ws)) == []
    said, seed = (json.loads(files(ws)[name]) for name in ("announcement.json", "seed.json"))
    folder = AdmissionFolder(ws, "p")
    receipt_of = receipts(folder)
    digest = hashlib.sha256(seed["canonical"].encode()).digest()

    def ticket(program: str, receipt: str) -> str:
        text = f"{said['draw_id']}\n{program}\n{receipt}".encode()
        return hashlib.sha256(b"junheng-ticket-1\n" + digest + text).hexdigest()

    first = min(receipt_of, key=lambda who: ticket("s-p", receipt_of[who]))
    rest = [who for who in receipt_of if who != first]
    second = min(rest, key=lambda who: ticket("t-p", receipt_of[who]))
    assert (seats(ws)[first], seats(ws)[second]) == ("s-p", "t-p")
    out = next(who for who in receipt_of if who not in (first, second))
    capsys.readouterr()
    assert run(monkeypatch, "admission", "explain", ws, out, "--plan", "p") == 0
    assert "在该校的随机号第" in capsys.readouterr().out
    table = late(tmp_path, one("L1", "IL1"), one("L2", "IL2"))
    words = ["--plan", "p", "--late", table, "--silence", "accept"]
    assert run(monkeypatch, "admission", "second-round", ws, *words) == 0
    spare = said["spare_receipts"]
    known = {**receipt_of, "L1": spare[0], "L2": spare[1]}
    waits = folder.read("rounds/1")["waiting_list"]
    for program in ("s-p", "t-p"):
        queue = waits.filter(waits["program_id"] == program).sort("position")["applicant_id"].to_list()
        assert {"L1", "L2"} <= set(queue)
        assert queue == sorted(queue, key=lambda who: ticket(program, known[who]))
    assert run(monkeypatch, "verify", ws / "admission" / "p") == 0
    assert run(monkeypatch, "admission", "chances", made(tmp_path / "two", eight, APART), "--plan", "p") == 0


@pytest.mark.parametrize("more", [["--ring"], ["--lottery", "programme"]])
def test_plain_tables_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str]) -> None:
    write_tables(tmp_path)
    assert freeze(tmp_path, *more) == 0
    assert hold(tmp_path) == 0
    words = ["admission", "publish", tmp_path / "draw", "--to", tmp_path / "public", "--level", "list"]
    assert run(monkeypatch, *words) == 0
    given = {path.name: path.read_bytes() for path in (tmp_path / "public").iterdir()}
    assert ("ring.csv" in given) == (more == ["--ring"])
    assert named(tmp_path / "check", given) == []
    assert freeze(tmp_path, *more, mechanism="sd", out="sd") == (0 if more == ["--ring"] else 3)
