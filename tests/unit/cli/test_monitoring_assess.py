"""`junheng monitoring assess` on a hand-made county."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.unit.monitoring.counties import ENOUGH, REGION, conditions, pupils, school, tables

from junheng.cli import root
from junheng.data import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    made = Workspace.create(tmp_path / "ws", REGION)
    rows = [conditions("2199000001", "primary", **{**ENOUGH, "equipment_value": 1_800_000.0})]
    heads = pupils("2199000001", "primary", 1000, 25)
    made.commit(tables([school("2199000001")], heads, rows), at=datetime(2026, 1, 1, tzinfo=UTC))
    return made.path


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["junheng", *words])
    with pytest.raises(SystemExit) as left:
        root.main()
    return int(left.value.code or 0)


def test_it_prints_what_is_open_and_writes_both_reports(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("自评.docx", "自评.xlsx"):
        assert run(monkeypatch, "monitoring", "assess", str(workspace), "--out", str(tmp_path / name)) == 0
        assert (tmp_path / name).stat().st_size > 5000
    text = capsys.readouterr().out
    assert "未查验" in text
    assert "所处环节：起草" in text
    with pytest.raises(StopIteration):
        next((workspace / "runs").iterdir())


def test_the_card_of_a_school_by_its_name(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("monitoring", "assess", str(workspace), "--school", "学校2199000001")
    assert run(monkeypatch, *words) == 0
    assert "低于要求 2,000，不低于底线 1,700；尚差 200,000 元，或至多容纳 900 人。" in capsys.readouterr().out
    assert run(monkeypatch, *words[:-1], "nobody") == 4


def test_a_program_hears_one_result(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JUNHENG_EVENTS", "1")
    assert run(monkeypatch, "monitoring", "assess", str(workspace), "--year", "2025") == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["event"] for event in events if event["event"] != "progress"] == ["result"]
    summary = events[-1]["summary"]
    assert summary["schools"] == {"judged": 1, "met": 1, "unmet": 0, "unknown": 0}
    assert summary["status"] != "met"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--assessment", "quality"), 4),
        (("--out", "report.pdf"), 4),
        (("--state", "nowhere"), 4),
    ],
)
def test_what_it_cannot_do_it_refuses(
    workspace: Path, words: tuple[str, ...], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(monkeypatch, "monitoring", "assess", str(workspace), *words) == code


def test_evidence_files_are_held_against_their_digests(workspace: Path) -> None:
    from junheng.data import evidence_files

    opened = Workspace.open(workspace)
    assert evidence_files.digests(opened) is None
    folder = workspace / evidence_files.FOLDER
    folder.mkdir()
    (folder / "plan.pdf").write_bytes(b"one")
    (folder / "inner").mkdir()
    outside = workspace / "region.toml"
    (folder / "link.pdf").symlink_to(outside)
    assert list(evidence_files.digests(opened) or {}) == ["plan.pdf"]


def test_files_the_desk_brought_are_always_looked_at(workspace: Path) -> None:
    """Files of rows that never lay in the workspace are taken at their stored digest; the desk's are not."""
    import hashlib

    import polars as pl

    from junheng.data import evidence_files

    opened = Workspace.open(workspace)
    rows = pl.DataFrame(
        {
            "evidence_id": ["E1", "D2"],
            "file_name": ["plan.pdf", "D2/proof.pdf"],
            "file_sha256": ["a" * 64, "b" * 64],
        }
    )
    elsewhere = {"plan.pdf": "a" * 64}
    assert evidence_files.digests(opened, rows.head(1)) is None
    assert evidence_files.digests(opened, rows) == elsewhere, "the desk's file is missing"
    folder = workspace / evidence_files.DESK_FOLDER / "D2"
    folder.mkdir(parents=True)
    (folder / "proof.pdf").write_bytes(b"one")
    brought = {"D2/proof.pdf": hashlib.sha256(b"one").hexdigest()}
    assert evidence_files.digests(opened, rows) == elsewhere | brought
    (workspace / evidence_files.FOLDER).mkdir()
    assert evidence_files.digests(opened, rows) == brought, "a folder of its own is complete"


def test_the_report_says_where_the_procedure_stands(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import zipfile

    told: list[bool] = []
    for state in ("draft", "county_self"):
        out = tmp_path / f"{state}.docx"
        words = ("monitoring", "assess", str(workspace), "--state", state, "--out", str(out))
        assert run(monkeypatch, *words) == 0
        with zipfile.ZipFile(out) as parts:
            told.append("办理环节：县级自评" in parts.read("word/document.xml").decode())
    assert told == [False, True]
