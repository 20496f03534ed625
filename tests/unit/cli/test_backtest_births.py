"""`forecast backtest FILE --births F`: for all or by unit, too short or faulty."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.spec.test_intake import Done, junheng
from tests.unit.forecast import panels


@pytest.fixture
def pupils(tmp_path: Path) -> Path:
    path = tmp_path / "pupils.csv"
    panels.cohorts(units=6, years=10).write_csv(path)
    return path


def scored(pupils: Path, *more: object) -> list[dict[str, float]]:
    done = junheng("forecast", "backtest", pupils, "--json", *more)
    assert done.returncode == 0, done.stderr
    return [row for row in json.loads(done.stdout) if row["method"] == "ours"]


def test_births_for_all_and_by_unit_are_both_read(pupils: Path, tmp_path: Path) -> None:
    together, by_unit = tmp_path / "all.csv", tmp_path / "units.csv"
    years = range(2003, 2020)
    together.write_text(
        "year,births\n" + "".join(f"{year},{400 + 9 * (year % 7)}\n" for year in years), encoding="utf-8"
    )
    by_unit.write_text(
        "unit,year,births\n"
        + "".join(f"s{unit:03d},{year},{70 + year % 7}\n" for unit in range(6) for year in years),
        encoding="utf-8",
    )
    without, whole, each = (
        scored(pupils, *option) for option in ((), ("--births", together), ("--births", by_unit))
    )
    assert len(without) == len(whole) == len(each) == 5
    assert whole != without
    assert each not in (without, whole)


def test_births_that_ended_long_ago_are_told_and_left_out(pupils: Path, tmp_path: Path) -> None:
    stale = tmp_path / "stale.csv"
    stale.write_text("year,births\n1998,400\n1999,380\n2000,370\n", encoding="utf-8")
    assert scored(pupils, "--births", stale) == scored(pupils)
    done = junheng("forecast", "backtest", pupils, "--births", stale)
    assert "未使用出生数" in done.stdout + done.stderr


def test_faulty_births_are_told_row_by_row(pupils: Path, tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.csv"
    faulty.write_text("year,births\n2001,5\n2002,-3\n2003,x\n20x,4\n", encoding="utf-8")
    done: Done = junheng("forecast", "backtest", pupils, "--births", faulty)
    assert done.returncode == 3
    for words in ("出生表中有 3 处错误", "第 3 行", "第 4 行", "第 5 行"):
        assert words in done.stderr
    assert "Traceback" not in done.stderr
