"""What people type by mistake: a sentence and a fixed exit code, never a traceback, nothing changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.year.commands import done, typed

USAGE, BAD_DATA, REFUSED, WORKSPACE = 2, 3, 4, 6
FEW = ("--draws", "100")


@pytest.fixture(scope="module")
def place(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example county `ws`, an empty workspace, and files no table can be read from."""
    folder = tmp_path_factory.mktemp("bad")
    shutil.copytree(county, folder / "ws")
    done("init", folder / "empty", "--code", "440106", "--name", "空")
    (folder / "hello.csv").write_text("hello\n", encoding="utf-8")
    (folder / "nothing.csv").write_bytes(b"")
    (folder / "noise.xlsx").write_bytes(bytes(range(256)) * 12)
    (folder / "broken.toml").write_text("a = [", encoding="utf-8")
    (folder / "long.csv").write_text("unit,year,grade,pupils\na,2000,1,x\n", encoding="utf-8")
    done("forecast", "template", folder / "levers.xlsx")
    return folder


CASES: list[tuple[int, str, str]] = [
    (USAGE, "nosuch", "nosuch"),
    (USAGE, "run", "WS"),
    (USAGE, "run ws --draws 5", "--draws"),
    (USAGE, "run ws --years 99", "--years"),
    (USAGE, "run ws --seed x", "--seed"),
    (USAGE, "--language fr version", "fr"),
    (USAGE, "forecast explain", "WS"),
    (USAGE, "forecast backtest long.csv --origins abc", "abc"),
    (WORKSPACE, "run nowhere", "nowhere"),
    (WORKSPACE, "run .", "region.toml"),
    (WORKSPACE, "check nowhere", "nowhere"),
    (WORKSPACE, "verify ws/runs/year-000000000000", "year-000000000000"),
    (WORKSPACE, "restore ws v9999", "v9999"),
    (WORKSPACE, "example ws", "ws"),
    (BAD_DATA, "init new --code 1 --name x", "code"),
    (BAD_DATA, "init new --code 440106 --name x --school-system 77", "77"),
    (BAD_DATA, "run ws --origin 1900", "1900"),
    (BAD_DATA, "run ws --origin 2050", "2050"),
    (BAD_DATA, "run empty", "empty"),
    (BAD_DATA, "import ws absent.csv", "absent.csv"),
    (BAD_DATA, "import ws noise.xlsx --commit", "noise.xlsx"),
    (BAD_DATA, "import ws nothing.csv --commit", "nothing.csv"),
    (BAD_DATA, "import ws hello.csv --commit", "hello"),
    (BAD_DATA, "import ws hello.csv --mapping broken.toml", "broken.toml"),
    (BAD_DATA, "import ws hello.csv --mapping absent.toml", "absent.toml"),
    (BAD_DATA, "template out.xlsx --table nosuch", "nosuch"),
    (BAD_DATA, "forecast run empty", ""),
    (BAD_DATA, "forecast backtest long.csv", "pupils"),
    (BAD_DATA, "forecast backtest absent.csv", "absent.csv"),
    (BAD_DATA, "forecast backtest noise.xlsx", "noise.xlsx"),
    (BAD_DATA, "forecast what-if ws --scenario nosuch", "nosuch"),
    (BAD_DATA, "forecast what-if ws --levers levers.xlsx", "levers.xlsx"),
    (REFUSED, "forecast explain ws nosuch", "nosuch"),
    (REFUSED, "forecast explain ws nosuch 2030 primary", "nosuch"),
    (REFUSED, "forecast explain ws 990101 1999 primary", "1999"),
]


@pytest.mark.parametrize(("code", "line", "named"), CASES, ids=[line for _, line, _ in CASES])
def test_a_mistake_ends_in_a_sentence(
    place: Path, monkeypatch: pytest.MonkeyPatch, code: int, line: str, named: str
) -> None:
    monkeypatch.chdir(place)
    slow = line.startswith(("forecast explain ws", "forecast what-if ws"))
    answer = typed(*line.split(), *(FEW if slow else ()))
    assert answer.code == code, answer.said
    assert named in answer.err and len(answer.err.strip()) > 10, answer.said


def test_mistakes_left_nothing_behind(place: Path) -> None:
    assert not (place / "new").exists() and not (place / "out.xlsx").exists()
    assert len(list((place / "ws" / "data").glob("manifest*"))) == 1
    assert not list((place / "ws").glob("runs/year-*"))
    said = done("versions", place / "ws").out
    assert "v0001" in said and "v0002" not in said
