"""The stand-alone verifier against the engine: honest draws pass, whatever is changed is named by its
number."""

from __future__ import annotations

import ast
import hashlib
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.admission.markets import draw

from junheng.admission import verify_admission
from junheng.admission.draw_bundle import Announcement, Frozen, draw_files, freeze, proof_of, write_draw
from junheng.model.errors import BadData, Refused

ANNOUNCED = Announcement("2027-primary", ("福彩双色球", "福彩3D"), "2027-06-16T09:00", "2027-06-20T21:15")
RESULTS = [[3, 9, 17, 22, 25, 31, 8], [4, 0, 7]]
DRAWN = "2027-06-21T09:00"
Files = dict[str, bytes]


def frozen(rng: random.Random, children: int = 12) -> Frozen:
    small = draw(rng, children, 4, 3, 3, full=True)
    lists = {
        f"R{c[1:].zfill(3)}": [(p, small.priority[c, p]) for p in list_] for c, list_ in small.lists.items()
    }
    nonces = {receipt: hashlib.sha256(receipt.encode()).digest()[:16] for receipt in lists}
    return freeze(lists, small.seats, nonces, "2027-06-15T18:00")


def verify(folder: Path, files: Files, mine: bytes | None = None) -> list[str]:
    for path in folder.glob("*"):
        path.unlink()
    write_draw(folder, files)
    if mine is not None:
        (folder / "proof.json").write_bytes(mine)
    found = verify_admission.verify(str(folder), str(folder / "proof.json") if mine is not None else None)
    assert all(sentence for _, sentence in found)
    return sorted({number for number, _ in found})


def sealed(files: Files) -> Files:
    """With a manifest that fits: whoever tampers can count digests too."""
    rest = {name: content for name, content in files.items() if name != "manifest.json"}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in rest.items()}
    return {**rest, "manifest.json": json.dumps({"files": digests}).encode()}


def test_honest_draws_pass_for_everybody(tmp_path: Path) -> None:
    rng = random.Random(1)
    for _ in range(40):
        f = frozen(rng)
        files = draw_files(f, ANNOUNCED, RESULTS, DRAWN, full=True)
        for receipt in f.receipts[:2]:
            assert verify(tmp_path, files, proof_of(f, receipt)) == []
        assert verify(tmp_path, draw_files(f, ANNOUNCED, RESULTS, DRAWN)) == []


def test_one_flipped_bit_anywhere_is_named(tmp_path: Path) -> None:
    rng = random.Random(2)
    files = draw_files(frozen(rng), ANNOUNCED, RESULTS, DRAWN, full=True)
    for name, content in files.items():
        if name == "manifest.json":
            continue
        for at in sorted(rng.sample(range(len(content)), min(25, len(content)))):
            changed = bytearray(content)
            changed[at] ^= 1 << rng.randrange(8)
            assert "V1" in verify(tmp_path, {**files, name: bytes(changed)}), (name, at)
    start = files["manifest.json"].index(b'"files"')
    for at in range(start + 12, len(files["manifest.json"]) - 8, 37):
        changed = bytearray(files["manifest.json"])
        changed[at] ^= 1
        assert verify(tmp_path, {**files, "manifest.json": bytes(changed)}), at


def rows(files: Files, name: str) -> list[str]:
    return files[name].decode().splitlines()


def with_rows(files: Files, name: str, lines: list[str]) -> Files:
    return {**files, name: ("\n".join(lines) + "\n").encode()}


def swap_tickets(files: Files) -> Files:
    head, one, two, *rest = rows(files, "tickets.csv")
    a, b = one.split(","), two.split(",")
    return with_rows(files, "tickets.csv", [head, f"{b[0]},{a[1]}", f"{a[0]},{b[1]}", *rest])


def swap_results(files: Files) -> Files:
    lines = rows(files, "results.csv")
    one = next(at for at, line in enumerate(lines) if at and line.endswith(","))
    two = next(at for at, line in enumerate(lines) if at and not line.endswith(","))
    lines[one], lines[two] = lines[one] + lines[two].split(",")[1], lines[two].split(",")[0] + ","
    return with_rows(files, "results.csv", lines)


def one_more_admitted(files: Files) -> Files:
    full = next(line.split(",") for line in rows(files, "cutoffs.csv")[1:] if ",full," in line)
    lines = rows(files, "results.csv")
    out = next(at for at, line in enumerate(lines) if at and line.endswith(","))
    lines[out] += full[0]
    return with_rows(files, "results.csv", lines)


def drop_a_row(name: str) -> Callable[[Files], Files]:
    return lambda files: with_rows(files, name, rows(files, name)[:-1])


def raise_the_cutoff(files: Files) -> Files:
    lines = rows(files, "cutoffs.csv")
    at = next(at for at, line in enumerate(lines) if ",full," in line and line.split(",")[4])
    parts = lines[at].split(",")
    parts[4] = str(int(parts[4]) + 7)
    lines[at] = ",".join(parts)
    return with_rows(files, "cutoffs.csv", lines)


def field(name: str, key: str, value: object) -> Callable[[Files], Files]:
    return lambda files: {**files, name: json.dumps({**json.loads(files[name]), key: value}).encode()}


def hand_placed(row: str) -> Callable[[Files], Files]:
    def change(files: Files) -> Files:
        receipt = next(line[:-1] for line in rows(files, "results.csv")[1:] if line.endswith(","))
        return with_rows(files, "changes.csv", [*rows(files, "changes.csv"), row.format(receipt)])

    return change


TAMPERED: list[tuple[str, Callable[[Files], Files]]] = [
    ("V2", field("announcement.json", "announced_at", "2027-06-22T09:00")),
    ("V2", field("seed.json", "drawn_at", "2027-06-19T09:00")),
    ("V3", field("seed.json", "results", [[3, 9, 17, 22, 25, 31, 9], [4, 0, 7]])),
    ("V3", field("seed.json", "canonical", "1./2./")),
    ("V3", field("announcement.json", "sources", ["福彩双色球"])),
    ("V4", swap_tickets),
    ("V4", drop_a_row("tickets.csv")),
    ("V4", field("announcement.json", "draw_id", "another")),
    ("V7", one_more_admitted),
    ("V7", drop_a_row("results.csv")),
    ("V7", drop_a_row("cutoffs.csv")),
    ("V7", field("announcement.json", "seats", {"p0": 99})),
    ("V9", hand_placed("1,{},p0,,文1,甲,乙,2027-06-22")),
    ("V9", hand_placed("1,{},p0,灾害,文1,甲,甲,2027-06-22")),
    ("V9", hand_placed("2,{},p0,灾害,文1,甲,乙,2027-06-22")),
    ("V10", swap_results),
    ("V10", raise_the_cutoff),
    ("V10", drop_a_row("lines.csv")),
    ("V10", drop_a_row("next_in_line.csv")),
    ("V10", field("announcement.json", "root", "00" * 32)),
]


@pytest.mark.parametrize(
    ("number", "change"), TAMPERED, ids=[f"{n}-{i}" for i, (n, _) in enumerate(TAMPERED)]
)
def test_tampering_with_digests_put_right_is_named(
    tmp_path: Path, number: str, change: Callable[[Files], Files]
) -> None:
    f = frozen(random.Random(5), 30)
    files = draw_files(f, ANNOUNCED, RESULTS, DRAWN, full=True)
    assert number in verify(tmp_path, sealed(change(files)))


def test_a_family_sees_its_own_line_and_result(tmp_path: Path) -> None:
    f = frozen(random.Random(5), 30)
    files = draw_files(f, ANNOUNCED, RESULTS, DRAWN)
    out = next(line[:-1] for line in rows(files, "results.csv")[1:] if line.endswith(","))
    proof = json.loads(proof_of(f, out))
    better = {**proof, "line": proof["line"].replace(":1", ":0").replace(":2", ":0")}
    assert "V5" in verify(tmp_path, files, json.dumps(better).encode())
    assert "V6" in verify(tmp_path, sealed(swap_results(files)), proof_of(f, out))


def test_a_circle_of_better_places_is_named(tmp_path: Path) -> None:
    """Stable, but not the best for children: everybody at the school that likes her best."""
    lists = {"R1": [("p", 1), ("q", 0)], "R2": [("q", 1), ("p", 0)]}
    f = freeze(lists, {"p": 1, "q": 1}, {r: bytes(16) for r in lists}, "2027-06-15T18:00")
    files = draw_files(f, ANNOUNCED, RESULTS, DRAWN)
    assert verify(tmp_path, files) == []
    drawn = dict(line.split(",") for line in rows(files, "tickets.csv")[1:])
    worse = with_rows(files, "results.csv", ["receipt,program_id", "R1,q", "R2,p"])
    worse = with_rows(
        worse,
        "cutoffs.csv",
        [rows(files, "cutoffs.csv")[0], f"p,1,1,full,0,{drawn['R2']},R2", f"q,1,1,full,0,{drawn['R1']},R1"],
    )
    worse = with_rows(worse, "next_in_line.csv", ["program_id,receipt", "p,R1", "q,R2"])
    assert verify(tmp_path, sealed(worse)) == ["V8"]


def test_missing_files_are_named_and_do_not_stop_it(tmp_path: Path) -> None:
    files = draw_files(frozen(random.Random(3)), ANNOUNCED, RESULTS, DRAWN)
    for name in files:
        assert "V1" in verify(tmp_path, {other: content for other, content in files.items() if other != name})


def test_the_same_draw_twice_is_the_same_to_the_byte() -> None:
    one, two = frozen(random.Random(4)), frozen(random.Random(4))
    turned = freeze(dict(reversed(two.lists.items())), two.seats, two.nonces, two.at)
    assert turned.tree.root == one.tree.root
    assert draw_files(one, ANNOUNCED, RESULTS, DRAWN) == draw_files(turned, ANNOUNCED, RESULTS, DRAWN)


def test_a_draw_before_its_event_or_without_its_numbers_is_refused() -> None:
    f = frozen(random.Random(4))
    with pytest.raises(Refused) as refused:
        draw_files(f, ANNOUNCED, RESULTS, "2027-06-20T09:00")
    assert refused.value.code == "admission.draw_early"
    with pytest.raises(Refused) as refused:
        draw_files(f, ANNOUNCED, RESULTS[:1], DRAWN)
    assert refused.value.code == "admission.seed_absent"


def test_lists_that_cannot_be_frozen_are_faults() -> None:
    with pytest.raises(BadData) as refused:
        freeze({"R1": [("p", 0), ("p", 1)], "R2": [("z", 0)]}, {"p": 1}, {}, "")
    assert [one.code for one in refused.value.findings] == [
        "admission.freeze_list",
        "admission.freeze_program",
    ]


def test_the_verifier_is_short_and_stands_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = Path(verify_admission.__file__).read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 250
    tree = ast.parse(source, feature_version=(3, 8))
    imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    assert imported <= sys.stdlib_module_names
    assert not any(isinstance(n, ast.ImportFrom) for n in ast.walk(tree))
    f = frozen(random.Random(5))
    write_draw(tmp_path, draw_files(f, ANNOUNCED, RESULTS, DRAWN))
    (tmp_path / "proof.json").write_bytes(proof_of(f, f.receipts[0]))
    assert verify_admission.main([str(tmp_path), "--mine", str(tmp_path / "proof.json")]) == 0
    assert "全部相符" in capsys.readouterr().out
    (tmp_path / "seed.json").write_text("{}")
    assert verify_admission.main([str(tmp_path)]) == 1 and verify_admission.main([]) == 2
