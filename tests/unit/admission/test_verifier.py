"""The stand-alone verifier against the engine: honest draws pass for every mechanism and level, whatever is
changed afterwards is named by its number."""

from __future__ import annotations

import ast
import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.unit.admission import draws
from tests.unit.admission.draws import Files, by_hand, cell, field, files_of, put, rows, sealed, with_rows
from tests.unit.admission.markets import draw

from junheng.admission import verify_admission
from junheng.admission.announcement import when
from junheng.model.errors import VerificationFailed
from junheng.report.admission.plain_files import json_bytes
from junheng.report.admission.publication import Publication, _gate, proofs_of

MECHANISMS = [("da", ()), ("ia", ()), ("parallel", (2,)), ("parallel", (1, 2)), ("sd", ())]


def named(folder: Path, files: Files, mine: bytes | None = None) -> list[str]:
    put(folder, files)
    if mine is not None:
        (folder / "proof.json").write_bytes(mine)
    _, found = verify_admission.verify(str(folder), str(folder / "proof.json") if mine is not None else None)
    assert all(sentence for _, sentence in found)
    return sorted({number for number, _ in found})


@pytest.mark.parametrize(("mechanism", "bands"), MECHANISMS)
def test_the_verifier_agrees_with_the_engine(tmp_path: Path, mechanism: str, bands: tuple[int, ...]) -> None:
    rng = random.Random(1)
    for _ in range(25):
        held = draws.held(draw(rng, 9, 4, 2, 3), mechanism=mechanism, bands=bands)
        least = rng.choice([1, 3, 5])
        proofs = dict(proofs_of(held, draws.changes_of(held), least))
        for level in ("own", "list", "full"):
            files = files_of(held, level, least=least)
            assert all(named(tmp_path, files, proof) == [] for proof in proofs.values())
            assert named(tmp_path, files) == []


@pytest.mark.parametrize(("mechanism", "bands"), MECHANISMS)
def test_another_rule_than_the_announced_is_seen(
    tmp_path: Path, mechanism: str, bands: tuple[int, ...]
) -> None:
    """Results of another mechanism under this announcement do not pass."""
    small = draw(random.Random(11), 30, 4, 4, 3, full=True)
    mine = files_of(draws.held(small, mechanism=mechanism, bands=bands))
    for other, sizes in MECHANISMS:
        theirs = draws.held(small, mechanism=other, bands=sizes)
        taken = {name: files_of(theirs)[name] for name in ("results.csv", "cutoffs.csv", "next_in_line.csv")}
        if (other, sizes) != (mechanism, bands) and taken["results.csv"] != mine["results.csv"]:
            assert "V10" in named(tmp_path, sealed({**mine, **taken}))


@pytest.mark.parametrize("level", ["own", "list", "full"])
def test_one_flipped_bit_anywhere_is_named(tmp_path: Path, level: Any) -> None:
    rng = random.Random(2)
    held = draws.some_draw(children=12)
    files = files_of(held, level, by_hand(held.frozen.receipts[0], "p0"))
    for name, content in files.items():
        every = range(len(content)) if name == "manifest.json" else rng.sample(range(len(content)), 25)
        for at in list(every)[:: 3 if name == "manifest.json" else 1]:
            changed = bytearray(content)
            changed[at] ^= 1 << rng.randrange(8)
            found = named(tmp_path, {**files, name: bytes(changed)})
            assert found if name == "manifest.json" else "V1" in found, (name, at)


def full_row(row: list[str]) -> bool:
    return row[3] == "full" and row[7] != ""


def swap(name: str, at: int) -> Callable[[Files], Files]:
    def change(files: Files) -> Files:
        head, *body = [line.split(",") for line in rows(files, name)]
        one, two = next((a, b) for a in body for b in body if a[at] != b[at])
        one[at], two[at] = two[at], one[at]
        return with_rows(files, name, [",".join(row) for row in [head, *body]])

    return change


def drop(name: str) -> Callable[[Files], Files]:
    return lambda files: with_rows(files, name, rows(files, name)[:-1])


def said(**values: Any) -> Callable[[Files], Files]:
    return lambda files: field(files, "announcement.json", **values)


def redated(files: Files) -> Files:
    """The event moved behind another announcement, everything that can be counted again counted again."""
    return said(announced_at="2027-06-14T09:00:00+08:00", frozen_at="2027-06-14T08:00:00+08:00")(files)


def drawn(**values: Any) -> Callable[[Files], Files]:
    return lambda files: field(files, "seed.json", **values)


def other_numbers(files: Files) -> Files:
    kept = json.loads(files["seed.json"])["results"]
    return drawn(results=[{**kept[0], "numbers": [3, 9, 17, 22, 25, 31, 9]}, *kept[1:]])(files)


def other_event(files: Files) -> Files:
    kept = json.loads(files["seed.json"])["results"]
    return drawn(results=[{**kept[0], "event": "2027069"}, *kept[1:]])(files)


def one_more(files: Files) -> Files:
    program = next(line.split(",")[0] for line in rows(files, "cutoffs.csv") if ",full," in line)
    return cell(files, "results.csv", lambda row: row[1] == "", 1, program)


TAMPERED: list[tuple[str, Callable[[Files], Files]]] = [
    ("V2", redated),
    ("V2", said(announced_at="2027-06-22T09:00:00+08:00")),
    ("V2", said(seats={"p0": 99})),
    ("V2", drawn(drawn_at="2027-06-19T09:00:00+08:00")),
    ("V3", other_numbers),
    ("V3", other_event),
    ("V3", drawn(canonical="1./2./")),
    ("V3", drawn(results=[])),
    ("V4", swap("tickets.csv", 1)),
    ("V4", swap("tickets.csv", 0)),
    ("V4", drop("tickets.csv")),
    ("V4", lambda files: said(draw_id=json.loads(files["announcement.json"])["draw_id"] + "0")(files)),
    ("V7", one_more),
    ("V7", drop("results.csv")),
    ("V7", drop("cutoffs.csv")),
    ("V7", lambda files: cell(files, "cutoffs.csv", full_row, 1, "1")),
    ("V7", lambda files: cell(files, "cutoffs.csv", full_row, 3, "open")),
    ("V9", drop("changes.csv")),
    ("V9", lambda files: sealed(drop("changes.csv")(files), changes=1)),
    ("V9", lambda files: cell(files, "changes.csv", lambda row: True, 2, "p1")),
    ("V9", lambda files: cell(files, "signatures.csv", lambda row: True, 3, "丙")),
    ("V9", lambda files: cell(files, "results.csv", lambda row: row[2] == "", 3, "p9")),
    ("V10", swap("results.csv", 1)),
    ("V10", lambda files: cell(files, "cutoffs.csv", full_row, 6, "9")),
    ("V10", drop("lines.csv")),
    ("V10", drop("next_in_line.csv")),
    ("V10", lambda files: cell(files, "lines.csv", lambda row: True, 0, "00" * 16)),
    ("V10", said(root="00" * 32)),
]


@pytest.mark.parametrize(
    ("number", "change"), TAMPERED, ids=[f"{n}-{i}" for i, (n, _) in enumerate(TAMPERED)]
)
def test_tampering_with_digests_put_right_is_named(
    tmp_path: Path, number: str, change: Callable[[Files], Files]
) -> None:
    held = draws.some_draw()
    assert held.cutoffs["next_in_line"].null_count() < held.cutoffs.height
    two = [by_hand(receipt, "p0") for receipt in held.frozen.receipts[:2]]
    files = files_of(held, "full", *two)
    assert named(tmp_path, files) == []
    assert number in named(tmp_path, sealed(change(files)))


def test_a_redated_announcement_with_its_own_id_is_another_draw(tmp_path: Path) -> None:
    """Counting the id again changes every ticket, so nothing that was published fits."""
    held = draws.some_draw()
    other = draws.some_draw(announced_at=draws.moment("2027-06-17T09:00"))
    assert other.announced.draw_id != held.announced.draw_id
    assert not set(held.tickets) & set(other.tickets)
    files = {**files_of(held), "announcement.json": json_bytes(other.announced.content())}
    found = named(tmp_path, sealed(files, draw_id=other.announced.draw_id))
    assert {"V3", "V4"} <= set(found)


def test_a_family_sees_its_own_line_and_result(tmp_path: Path) -> None:
    held = draws.some_draw()
    files = files_of(held, "own")
    out = next(row for row in held.results(draws.changes_of(held)).iter_rows(named=True) if not row["drawn"])
    proof = json.loads(dict(proofs_of(held, draws.changes_of(held), 1))[out["receipt"]])
    assert named(tmp_path, files, json_bytes(proof)) == []
    better = {**proof, "line": proof["line"].replace(":2", ":0").replace(":1", ":0")}
    assert "V5" in named(tmp_path, files, json_bytes(better))
    assert "V5" in named(tmp_path, files, json_bytes({**proof, "path": proof["path"][:-1]}))
    told = {"drawn": "p0", "change": "", "program_id": "p0"}
    assert named(tmp_path, files, json_bytes({**proof, "result": told})) == ["V6"]
    moved = {"drawn": "", "change": "", "program_id": "p0"}
    assert named(tmp_path, files, json_bytes({**proof, "result": moved})) == ["V6"]


def test_a_circle_of_better_places_is_named(tmp_path: Path) -> None:
    """Stable, but not the best for children: everybody at the school that likes her best."""
    small = draws.Small({"p": 1, "q": 1}, {"a": ["p", "q"], "b": ["q", "p"]}, {"a": 1, "b": 2},
                        {("a", "p"): 1, ("a", "q"): 0, ("b", "q"): 1, ("b", "p"): 0})  # fmt: skip
    held = draws.held(small)
    files = files_of(held)
    assert named(tmp_path, files) == []
    a, b = (draws.receipt_of(draws.SECRET, draws.SEASON, child) for child in "ab")
    ticket = dict(held.tickets)
    head = rows(files, "cutoffs.csv")[0]
    worse = with_rows(files, "results.csv", ["receipt,drawn,change,program_id", f"{a},q,,q", f"{b},p,,p"])
    cutoffs = [head, f"p,1,1,full,2,,0,{ticket[b]}", f"q,1,1,full,2,,0,{ticket[a]}"]
    worse = with_rows(worse, "cutoffs.csv", cutoffs)
    worse = with_rows(worse, "next_in_line.csv", ["program_id,receipt", f"p,{a}", f"q,{b}"])
    assert named(tmp_path, sealed(worse)) == ["V8"]


def test_missing_files_are_named_and_do_not_stop_it(tmp_path: Path) -> None:
    files = files_of(draws.some_draw(3, 8))
    for name in files:
        assert "V1" in named(tmp_path, {other: content for other, content in files.items() if other != name})
    assert named(tmp_path, {**files, "more.csv": b"x"}) == ["V1"]


def test_nothing_is_published_when_the_verifier_disagrees() -> None:
    files = files_of(draws.some_draw())
    _gate(Publication(files))
    with pytest.raises(VerificationFailed) as failed:
        _gate(Publication(sealed(swap("results.csv", 1)(files))))
    assert failed.value.code == "admission.verifier_disagrees"


def test_drand_rounds_are_checked(tmp_path: Path) -> None:
    """A round of a network that began at second 1000 and ticks every 30, published as its SHA-256."""
    signature = "ab" * 48
    randomness = hashlib.sha256(bytes.fromhex(signature)).hexdigest()
    at = draws.moment("2027-06-20T21:15")
    genesis = int(when(at).timestamp()) - 30 * 99
    source = draws.Source("beacon", "drand", "100", at, genesis=genesis, period=30)
    small = draw(random.Random(5), 12, 4, 3, 3, full=True)
    frozen = draws.frozen_of(small)
    announced = draws.announced_of(frozen, small.seats, sources=(source,))
    result = draws.EventResult("beacon", "100", (), signature, randomness)
    held = draws.hold_draw(frozen, announced, draws.seed_of(announced, [result], draws.DRAWN))
    files = files_of(held)
    assert named(tmp_path, files) == []
    kept = json.loads(files["seed.json"])["results"][0]
    for change in ({"signature": "cd" * 48}, {"randomness": "00" * 32}):
        assert "V3" in named(tmp_path, sealed(field(files, "seed.json", results=[{**kept, **change}])))
    told = json.loads(files["announcement.json"])["sources"][0]
    moved = field(files, "announcement.json", sources=[{**told, "period": 31}])
    assert "V2" in named(tmp_path, sealed(moved))


def test_the_verifier_is_short_and_stands_alone(tmp_path: Path) -> None:
    path = Path(verify_admission.__file__)
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 300
    tree = ast.parse(source, feature_version=(3, 8))
    imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    imported |= {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names
    held = draws.some_draw()
    put(tmp_path, files_of(held, "list"))
    receipt, proof = next(proofs_of(held, draws.changes_of(held), 1))
    (tmp_path / "proof.json").write_bytes(proof)
    words = [sys.executable, "-I", str(tmp_path / "verify_admission.py"), str(tmp_path)]
    done = subprocess.run([*words, "--mine", str(tmp_path / "proof.json")], capture_output=True, check=False)
    assert done.returncode == 0 and "全部相符" in done.stdout.decode() and receipt
    (tmp_path / "seed.json").write_text("{}")
    done = subprocess.run(words, capture_output=True, check=False)
    assert done.returncode == 1 and "V1 文件被改动" in done.stdout.decode()
    assert verify_admission.main([]) == 2 and verify_admission.main([str(tmp_path), "--mine"]) == 2
