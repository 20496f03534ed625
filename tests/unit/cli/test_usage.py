"""Commands typed wrong are told in the language chosen; no complaint of the library slips through."""

from __future__ import annotations

import re

import pytest
from tests.spec.test_intake import junheng

CASES = [
    ("nosuch", "没有命令 nosuch"),
    ("run", "缺少 WS"),
    ("run ws --draws 5", "--draws 的值不对：不能小于 100"),
    ("run ws --years 99", "--years 的值不对：不能大于 30"),
    ("run ws --seed x", "--seed 的值不对：应为整数"),
    ("run ws --sead 3", "没有选项 --sead，相近的有 --seed"),
    ("run ws --zzz", "没有选项 --zzz"),
    ("run ws more", "多出了 more"),
    ("run ws --seed", "选项 --seed 后面要写一个值"),
    ("run ws --public=3", "选项 --public 后面不写值"),
    ("--language fr version", "--language 的值不对：'fr' 不可用，可用 'zh', 'en'"),
    ("forecast nosuch", "没有命令 nosuch"),
    ("forecast backtest x.csv --max-lead 99", "--max-lead 的值不对：不能大于 15"),
    ("template out.xlsx --year 2026", "--workspace"),
]


@pytest.mark.parametrize(("line", "told"), CASES, ids=[line for line, _ in CASES])
def test_a_slip_is_told_in_chinese(line: str, told: str) -> None:
    done = junheng(*line.split())
    assert done.returncode == 2 and not done.stdout
    assert told in done.stderr
    complaint = done.stderr[done.stderr.index("命令有误") :]
    assert not re.search(r"[A-Za-z]{3,} [A-Za-z]{3,}", complaint), complaint  # no English sentence


def test_and_in_english_as_the_library_words_it() -> None:
    done = junheng("--language", "en", "run", "ws", "--seed", "x")
    assert done.returncode == 2 and "Usage: junheng run" in done.stderr and "valid integer" in done.stderr


@pytest.mark.parametrize("line", ["", "forecast"])
def test_no_command_shows_the_help(line: str) -> None:
    done = junheng(*line.split())
    assert done.returncode == 2 and "Commands:" in done.stderr and "命令有误" not in done.stderr
