"""`junheng admission freeze | draw | publish` as they are typed, and what they refuse."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from junheng.cli.root import main

SECRET = "00112233445566778899aabbccddeeff"


def write_tables(folder: Path, rng: random.Random | None = None, prefix: str = "A") -> None:
    """Thirty children, four programmes; rows shuffled and applicants renamed where asked."""
    fixed = random.Random(8)
    programs = [f"P{n},{seats}" for n, seats in enumerate((5, 4, 6, 0))]
    applicants, applications = [], []
    for n in range(30):
        name = f"{prefix}{n:03d}"
        applicants.append(f"{name},ID{n:06d},verified,F{n // 2},{2015 + n % 5}")
        for rank, program in enumerate(fixed.sample(range(4), 3), start=1):
            applications.append(f"{name},{rank},P{program},{fixed.randint(1, 3)}")
    tables = {
        "programs": ("program_id,capacity", programs),
        "applicants": ("applicant_id,identity,status,family,deed_year", applicants),
        "applications": ("applicant_id,rank,program_id,priority", applications),
    }
    for name, (heading, lines) in tables.items():
        if rng is not None:
            rng.shuffle(lines)
        (folder / f"{name}.csv").write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
    (folder / "sources.csv").write_text(
        "source,event,at,count,fallback_event,fallback_at\n"
        "双色球,2027070,2027-06-20T21:15,7,2027071,2027-06-22T21:15\n3D,2027161,2027-06-20T21:15,3,,\n",
        encoding="utf-8",
    )
    numbers(folder, "3 9 17 22 25 31 8")
    (folder / "secret.txt").write_text(SECRET + "\n")


def numbers(folder: Path, drawn: str) -> None:
    (folder / "numbers.csv").write_text(f"source,event,numbers\n双色球,2027070,{drawn}\n3D,2027161,4 0 7\n")


def typed(*words: object) -> tuple[int, str]:
    """Exit code and what was said, in this process."""
    sys.argv = ["junheng", *(str(word) for word in words)]
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0), ""


def three(folder: Path) -> list[object]:
    named = ("programs", "applicants", "applications")
    return [part for name in named for part in (f"--{name}", folder / f"{name}.csv")]


def freeze(folder: Path, *more: object, mechanism: str = "da", out: str = "draw") -> int:
    return typed(
        "admission", "freeze", *three(folder), "--sources", folder / "sources.csv", "--secret",
        folder / "secret.txt", "--name", "2027-primary", "--mechanism", mechanism, "--facts", "deed_year",
        "--frozen-at", "2027-06-15T18:00", "--announced-at", "2027-06-16T09:00", "--out", folder / out, *more,
    )[0]  # fmt: skip


def hold(folder: Path, *more: object, at: str = "2027-06-21T09:00") -> int:
    drawn = folder / "numbers.csv"
    return typed("admission", "draw", folder / "draw", "--numbers", drawn, "--at", at, *more)[0]


def publish(folder: Path, *more: object) -> int:
    return typed("admission", "publish", folder / "draw", "--to", folder / "public", *more)[0]


@pytest.mark.parametrize(
    ("mechanism", "words"), [("da", ()), ("ia", ()), ("parallel", ("--bands", "1,2")), ("sd", ())]
)
def test_from_tables_to_a_verified_publication(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], mechanism: str, words: tuple[str, ...]
) -> None:
    write_tables(tmp_path)
    assert freeze(tmp_path, *words, mechanism=mechanism) == 0
    assert hold(tmp_path, *three(tmp_path), "--secret", tmp_path / "secret.txt") == 0
    assert publish(tmp_path, "--level", "list", "--proofs", tmp_path / "proofs") == 0
    said = capfd.readouterr().out
    assert "30 个孩子、4 个项目" in said and "15 人有位（共 30 人）" in said and "复算全部相符" in said
    proofs = sorted((tmp_path / "proofs").iterdir())
    assert len(proofs) == 30
    verifier = [sys.executable, "-I", tmp_path / "public" / "verify_admission.py", tmp_path / "public"]
    done = subprocess.run([*verifier, "--mine", proofs[0]], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()
    public = b"".join(path.read_bytes() for path in (tmp_path / "public").iterdir())
    assert b"ID0000" not in public and b"A000" not in public and SECRET.encode() not in public
    assigned = (tmp_path / "draw" / "private" / "assignment.csv").read_text().splitlines()
    assert len(assigned) == 31 and assigned[1].startswith("A000,")


def test_restarting_reordering_and_registering_again_change_no_ticket(tmp_path: Path) -> None:
    """Other files, other row order, every applicant cancelled and registered anew: the same announcement to
    the byte, and so the same tickets."""
    seen: set[bytes] = set()
    for n in range(3):
        folder = tmp_path / str(n)
        folder.mkdir()
        write_tables(folder, random.Random(n), prefix="ABC"[n])
        assert freeze(folder) == 0 and hold(folder) == 0 and hold(folder) == 0
        assert publish(folder, "--level", "list") == 0
        seen.add(b"".join(path.read_bytes() for path in sorted((folder / "public").iterdir())))
    assert len(seen) == 1


def test_no_second_seed_no_early_draw_no_publication_before(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write_tables(tmp_path)
    assert freeze(tmp_path) == 0 and freeze(tmp_path) == 4
    assert publish(tmp_path) == 4 and "还没有派位" in capfd.readouterr().err
    assert hold(tmp_path, at="2027-06-20T21:14") == 4 and not (tmp_path / "draw" / "seed.json").exists()
    assert "还不能派位" in capfd.readouterr().err
    assert hold(tmp_path) == 0
    numbers(tmp_path, "3 9 17 22 25 31 9")
    before = (tmp_path / "draw" / "seed.json").read_bytes()
    assert hold(tmp_path) == 4 and hold(tmp_path, at="2027-06-21T09:01") == 4
    assert "已用过一个种子" in capfd.readouterr().err
    assert (tmp_path / "draw" / "seed.json").read_bytes() == before
    numbers(tmp_path, "3 9 17 22 25 31")
    shutil.rmtree(tmp_path / "draw")
    assert freeze(tmp_path) == 0 and hold(tmp_path) == 3
    numbers(tmp_path, "3 9 17 22 25 31 x")
    assert hold(tmp_path) == 3 and "“x”不是整数" in capfd.readouterr().err


@pytest.mark.parametrize(
    "name", ["announcement.json", "verify_admission.py", "private/lines.csv", "private/receipts.csv",
             "private/seal.json"]
)  # fmt: skip
def test_a_file_changed_after_the_freeze_stops_everything(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    write_tables(tmp_path)
    assert freeze(tmp_path) == 0
    path = tmp_path / "draw" / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert hold(tmp_path) == 4 and "封存后被改动" in capfd.readouterr().err
    os.remove(path)
    assert hold(tmp_path) == 4


@pytest.mark.parametrize(
    ("table", "old", "new", "says"),
    [
        ("applicants", "ID000003,verified,F1,2018", "ID000003,verified,F1,2016", "与封存时不同"),
        ("applications", "A004,1,", "A004,1,", ""),
        ("programs", "P1,4", "P1,5", "项目 P1 的计划数与封存时不同"),
    ],
)
def test_data_changed_after_the_freeze_are_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], table: str, old: str, new: str, says: str
) -> None:
    write_tables(tmp_path)
    assert freeze(tmp_path) == 0
    path = tmp_path / f"{table}.csv"
    assert old in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    code = hold(tmp_path, *three(tmp_path), "--secret", tmp_path / "secret.txt")
    assert code == (4 if says else 0) and says in capfd.readouterr().err
    assert (tmp_path / "draw" / "seed.json").exists() == (not says)
    assert hold(tmp_path, "--secret", tmp_path / "secret.txt") == 4


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("ID000003,verified", "ID000003,pending", 4, "A003 的条件还在核验"),
        ("ID000003,verified", "ID000003,不通过", 4, "A003 的条件未通过核验"),
        ("ID000003,verified", "ID000003,ok", 4, "核验状态“ok”不认识"),
        ("ID000003,verified", "ID000004,verified", 3, "与第 5 行是同一身份"),
        ("ID000003,verified", ",verified", 3, "没有身份标识"),
        ("F1,2018", "F1,2018.5", 3, "“2018.5”"),
        ("applicant_id,identity", "applicant_id,id_card", 3, "缺少列 identity"),
    ],
)
def test_what_cannot_be_frozen(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], old: str, new: str, code: int, says: str
) -> None:
    write_tables(tmp_path)
    path = tmp_path / "applicants.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert freeze(tmp_path) == code and says in capfd.readouterr().err
    assert not (tmp_path / "draw").exists()


def test_an_event_before_the_announcement_a_short_secret_and_missing_columns(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write_tables(tmp_path)
    sources = (tmp_path / "sources.csv").read_text(encoding="utf-8")
    (tmp_path / "sources.csv").write_text(sources.replace("06-20", "06-10"), encoding="utf-8")
    assert freeze(tmp_path) == 3 and "不晚于公告时刻" in capfd.readouterr().err
    (tmp_path / "sources.csv").write_text("source,at\n", encoding="utf-8")
    assert freeze(tmp_path) == 3 and "缺列 event" in capfd.readouterr().err
    (tmp_path / "secret.txt").write_text("1234")
    assert freeze(tmp_path) == 4 and "至少 16 字节" in capfd.readouterr().err
    (tmp_path / "secret.txt").unlink()
    assert freeze(tmp_path) == 4 and "读不到密钥文件" in capfd.readouterr().err


def test_changes_by_hand_are_published(tmp_path: Path) -> None:
    write_tables(tmp_path)
    assert freeze(tmp_path) == 0 and hold(tmp_path) == 0
    receipt = json.loads((tmp_path / "draw" / "announcement.json").read_text())["spare_receipts"][0]
    heading = "receipt,program_id,ground,document_no,by,approved_by,at"
    changes = tmp_path / "changes.csv"
    changes.write_text(f"{heading}\n{receipt},P0,灾害安置,文1,甲,乙,2027-06-22T09:00\n", encoding="utf-8")
    assert publish(tmp_path, "--level", "full", "--on-site", "--changes", changes) == 0
    assert f"1,{receipt},P0," in (tmp_path / "public" / "changes.csv").read_text(encoding="utf-8")
    assert typed("admission", "draw", tmp_path, "--numbers", changes, "--at", "2027-06-21T09:00")[0] == 4
