"""`junheng forecast …` on the example county: every command once, in both languages, with its exit code."""

from __future__ import annotations

import json
import random
from pathlib import Path

import openpyxl
import pytest
from tests.year.commands import done

DRAWS = ("--draws", "100")


def test_run_lists_the_region_and_writes_a_workbook(county: Path, tmp_path: Path) -> None:
    answer = done("forecast", "run", county, *DRAWS, "--out", tmp_path / "out.xlsx")
    assert all(told in answer.out for told in ("小学", "初中", "2026", "2040"))
    assert openpyxl.load_workbook(tmp_path / "out.xlsx", read_only=True).sheetnames


@pytest.mark.parametrize("years", [1, 2])
def test_a_short_horizon_will_do(county: Path, years: int) -> None:
    """Fewer years ahead than the births that are tried on the past."""
    assert "2026" in done("forecast", "run", county, "--years", str(years), *DRAWS).said


def test_seats_lists_warnings_and_one_of_them_is_explained(county: Path) -> None:
    answer = done("--language", "en", "forecast", "seats", county, *DRAWS)
    warning = next(word for word in answer.out.split() if word.startswith("shortage:school:"))
    told = done("--language", "en", "forecast", "explain", county, warning, *DRAWS).out
    assert "seats" in told.lower() and len(told.split()) > 10


def test_what_if_compares_the_plan_with_the_base(county: Path) -> None:
    answer = done("forecast", "what-if", county, "--scenario", "扩建方案", *DRAWS)
    assert "扩建方案" in answer.out


def test_explain_sums_to_the_change(county: Path) -> None:
    told = done("forecast", "explain", county, "990101", "2030", "primary", *DRAWS)
    assert "出生" in told.out


def test_template_of_scenarios(tmp_path: Path) -> None:
    done("forecast", "template", tmp_path / "levers.xlsx")
    assert "情景措施" in openpyxl.load_workbook(tmp_path / "levers.xlsx").sheetnames


def long_table(folder: Path) -> Path:
    """Twelve schools, grades K to 5, fifteen years, drawn with a fixed seed."""
    draw = random.Random(5)
    lines = ["unit,year,grade,pupils"]
    for school in range(12):
        cohort = {grade: draw.randint(60, 120) for grade in range(6)}
        for year in range(2005, 2020):
            cohort = {0: draw.randint(60, 120)} | {
                grade: max(0, cohort[grade - 1] + draw.randint(-6, 6)) for grade in range(1, 6)
            }
            lines += [f"s{school},{year},{'K' if g == 0 else g},{n}" for g, n in cohort.items()]
    path = folder / "long.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_backtest_answers_in_json(tmp_path: Path) -> None:
    answer = done(
        "forecast", "backtest", long_table(tmp_path), "--origins", "2012:2015", "--max-lead", "3", "--json"
    )
    rows = json.loads(answer.out)
    keys = ["method", "lead", "total_mape", "total_wmape", "cell_wmape", "bias"]
    keys += ["cover50", "cover80", "cover95", "width80", "crps"]
    assert all(list(row) == keys for row in rows)
    assert {row["lead"] for row in rows if row["method"] == "ours"} == {1, 2, 3}
    assert {row["method"] for row in rows} >= {
        "ours",
        "carry_forward",
        "last_1",
        "mean_3",
        "mean_5",
        "nces_like",
    }
    assert all(0.0 <= row["total_mape"] < 0.5 for row in rows)


def test_backtest_answers_in_words(tmp_path: Path) -> None:
    answer = done("--language", "en", "forecast", "backtest", long_table(tmp_path), "--origins", "2014")
    assert "%" in answer.out and "carry" in answer.out.lower()
