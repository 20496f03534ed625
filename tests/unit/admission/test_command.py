"""`junheng assign` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from tests.spec.test_intake import junheng
from tests.unit.admission.tables import write

GOOD = {
    "programs": ["P1,1", "P2,1", "P3,0"],
    "applicants": ["A1,1", "A2,2", "A3,3", "A4,4"],
    "applications": [
        "A1,1,P1,2", "A2,1,P1,1", "A2,2,P2,1", "A1,2,P3,1", "A1,3,P2,1", "A3,1,P2,1", "A3,2,P1,2"
    ],
}  # fmt: skip


def typed(paths: list[Path], out: Path, *words: str) -> tuple[str, ...]:
    named = zip(("--programs", "--applicants", "--applications"), paths, strict=True)
    return ("assign", *(str(word) for pair in named for word in pair), "--out", str(out), *words)


def test_the_four_files(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    done = junheng(*typed(write(tmp_path, **GOOD), out, "--mechanism", "da"))
    assert done.returncode == 0, done.stderr
    assert (out / "assignment.csv").read_text() == (
        "applicant_id,program_id,rank\nA1,P2,3\nA2,P1,1\nA3,,\nA4,,\n"
    )
    assert (out / "reasons.csv").read_text(encoding="utf-8").splitlines()[:4] == [
        "applicant_id,rank,program_id,code,mine,last,of,zh,en",
        "A1,1,P1,BELOW_CUTOFF_CLASS,2,1,,"
        '优先级为第2类，录取至第1类,"priority class 2, last admitted class 1"',
        "A1,2,P3,NO_SEATS,,,,无计划,no seats offered",
        "A1,3,P2,ADMITTED,3,3,,第3志愿录取,admitted to choice 3",
    ]
    cutoffs = pl.read_csv(out / "cutoffs.csv").to_dicts()
    assert [row["state"] for row in cutoffs] == ["full", "full", "full"]
    assert [row["last_ticket"] for row in cutoffs] == [2, 1, None]
    assert [row["next_in_line"] for row in cutoffs] == ["A1", "A3", "A1"]
    summary = json.loads((out / "summary.json").read_text())
    assert summary["rank_distribution"] == {"1": 1, "2": 0, "3": 1}
    assert (summary["assigned"], summary["unassigned"], summary["blocking_pairs"]) == (2, 2, 0)
    assert summary["unassigned_applicants"] == ["A3", "A4"]
    assert sorted(path.name for path in out.iterdir()) == [
        "assignment.csv", "cutoffs.csv", "reasons.csv", "summary.json"
    ]  # fmt: skip


@pytest.mark.parametrize("words", [("ia",), ("parallel", "--bands", "1,2"), ("sd",), ("ttc",)])
def test_every_mechanism_writes_into_a_folder_that_is_there(tmp_path: Path, words: tuple[str, ...]) -> None:
    paths = write(tmp_path, **GOOD)
    (tmp_path / "mine.txt").write_text("kept")
    done = junheng("--language", "en", *typed(paths, tmp_path, "--mechanism", *words))
    assert done.returncode == 0, done.stderr
    assert "2 of 4 applicants assigned" in done.stdout
    assert (tmp_path / "mine.txt").read_text() == "kept"
    assert json.loads((tmp_path / "summary.json").read_text())["mechanism"] == words[0]
    assert not list(tmp_path.glob(".partial*"))


def test_bad_tables_leave_nothing_behind(tmp_path: Path) -> None:
    out = tmp_path / "out"
    paths = write(tmp_path, **{**GOOD, "programs": ["P1,1.5", "P2,1", "P3,0"]})
    done = junheng(*typed(paths, out, "--mechanism", "da"))
    assert done.returncode == 3 and not out.exists()
    assert "programs.csv" in done.stderr and "第 2 行" in done.stderr and "“1.5”不是整数" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("parallel",), 4, "parallel needs --bands"),
        (("parallel", "--bands", "3,x"), 4, 'bands "3,x" is wrong'),
        (("sd", "--bands", "3"), 4, "belongs to parallel"),
        (("boston",), 2, "boston"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, words: tuple[str, ...], code: int, says: str) -> None:
    done = junheng("--language", "en", *typed(write(tmp_path, **GOOD), tmp_path / "o", "--mechanism", *words))
    assert (done.returncode, says in done.stderr, (tmp_path / "o").exists()) == (code, True, False)


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    done = junheng(*typed(write(tmp_path, **GOOD), tmp_path / "out", "--mechanism", "da"))
    assert done.returncode == 4 and (tmp_path / "out").read_text() == "mine"
