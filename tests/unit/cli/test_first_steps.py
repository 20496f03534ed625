"""What a new user meets first: faulty words for a region, an empty workspace, names instead of codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.spec.test_intake import Done, junheng

from junheng.cli import speech

SCHOOLS = "学校标识码,学校名称,办学类型,所在区域\nA,城关小学,小学,990201\nB,石门小学,小学,990201\n"
AREAS = "区域代码,名称,层级\n990201,青禾县,县（区）\n"


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Six years of two small schools."""
    rows = ["学校标识码,学年,年级,学生数"] + [
        f"{school},{year},{grade}年级,{40 + year - 2020}"
        for school in ("A", "B")
        for year in range(2020, 2026)
        for grade in "一二三四五六"
    ]
    files = {"schools": SCHOOLS, "areas": AREAS, "enrolment": "\n".join(rows) + "\n"}
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="gb18030")
    ws = tmp_path / "ws"
    assert junheng("init", ws, "--code", "990201", "--name", "青禾县").returncode == 0
    done = junheng("import", ws, *(tmp_path / f"{name}.csv" for name in files), "--commit")
    assert done.returncode == 0, done.stderr
    return ws


def test_a_region_that_cannot_be_is_refused_before_a_folder_is_made(tmp_path: Path) -> None:
    done = junheng("init", tmp_path / "ws", "--code", "33x", "--name", "", "--school-system", "99")
    assert done.returncode == 3
    assert all(word in done.stderr for word in ("33x", "99"))
    assert not (tmp_path / "ws").exists()


@pytest.mark.parametrize("command", ["check", "run"])
def test_an_empty_workspace_says_what_to_do(tmp_path: Path, command: str) -> None:
    junheng("init", tmp_path / "ws", "--code", "990201", "--name", "青禾县")
    done = junheng(command, tmp_path / "ws")
    assert done.returncode == 3 and "junheng import" in done.stderr
    assert not list((tmp_path / "ws" / "runs").iterdir())


def explain(county: Path, *words: str) -> Done:
    return junheng("forecast", "explain", county, *words, "--draws", "100", "--years", "3")


def test_a_school_and_a_stage_may_be_given_by_name(county: Path) -> None:
    by_name, by_code = explain(county, "石门小学", "2027", "小学"), explain(county, "B", "2027", "primary")
    assert by_name.returncode == 0 and by_name.stdout == by_code.stdout
    assert by_name.stdout.startswith("石门小学 小学：2025 年 270 人")


@pytest.mark.parametrize(
    "words", [("无此校", "2027", "小学"), ("B", "2099", "小学"), ("B", "2027", "初中"), ("x:y:z",)]
)
def test_what_cannot_be_explained_is_refused_in_words(county: Path, words: tuple[str, ...]) -> None:
    done = explain(county, *words)
    assert done.returncode == 4 and words[0] in done.stderr


def test_the_workspace_itself_can_be_tested_on_its_past(county: Path) -> None:
    done = junheng("forecast", "backtest", county, "--max-lead", "1", "--json")
    assert done.returncode == 0 and '"method": "ours"' in done.stdout


def test_a_built_in_scenario_needs_no_table(county: Path) -> None:
    done = junheng(
        "forecast", "what-if", county, "--scenario", "migration_doubled", "--draws", "100", "--years", "3"
    )
    assert done.returncode == 0, done.stderr
    none = junheng("forecast", "what-if", county, "--draws", "100", "--years", "3")
    assert none.returncode == 3 and "migration_doubled" in none.stderr


def test_nothing_in_a_table_becomes_a_picture(capsys: pytest.CaptureFixture[str]) -> None:
    """A warning's id stays as it is; the terminal library would make a pictogram of `:school:`."""
    speech.table("", ["id"], [["shortage:school:B:primary"]])
    assert "shortage:school:B:primary" in capsys.readouterr().out
