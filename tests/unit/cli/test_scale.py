"""`junheng scale` as a user meets it: a nation made, run, gone on with, refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest


def junheng(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "junheng", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment | {"COLUMNS": "200"},
    )


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scale") / "nation"
    done = junheng("scale", "make", folder, "--counties", 2, "--schools", 12, JUNHENG_EVENTS="1")
    assert done.returncode == 0, done.stderr
    last = json.loads(done.stdout.splitlines()[-1])
    assert (last["event"], last["counties"], last["schools"]) == ("result", 2, 12)
    return folder


def test_a_run_is_told_and_gone_on_with(nation: Path) -> None:
    first = junheng("--language", "en", "scale", "run", nation)
    assert first.returncode == 0, first.stderr
    assert "Counties 2: worked out 2, unchanged and kept 0, failed 0" in first.stdout
    again = junheng("scale", "run", nation, "--json")
    assert again.returncode == 0, again.stderr
    told = json.loads(again.stdout)
    assert (told["made"], told["kept"], told["failed"]) == (0, 2, [])
    assert (nation / "results" / "measure-2025" / "totals" / "indicator_values.parquet").is_file()


def test_failed_counties_are_named_and_the_command_says_so(nation: Path, tmp_path: Path) -> None:
    path = nation / "school_years" / "year=2025" / "province=66" / "part.parquet"
    whole = path.read_bytes()
    rows = pl.read_parquet(path, hive_partitioning=False)
    try:
        rows.with_columns(pl.lit(0.123456789).alias("teaching_area")).write_parquet(path)
        done = junheng("scale", "run", nation, "--out", tmp_path / "out", JUNHENG_EVENTS="1")
    finally:
        path.write_bytes(whole)
    assert done.returncode == 3
    last = json.loads(done.stdout.splitlines()[-1])
    assert (last["event"], last["code"]) == ("failure", "scale.counties_failed")
    assert last["parameters"] == {"count": 1, "done": 1}
    assert last["findings"][0]["parameters"]["county"] == "660101"
    assert "660101" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--verb", "admire"), "admire"),
        (("--engine", "cloud"), "process, pool, spark"),
        (("--year", "2031"), "2031"),
    ],
)
def test_what_is_not_there_is_refused(
    nation: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = junheng("scale", "run", nation, "--out", tmp_path / "out", *arguments)
    assert done.returncode == 4
    assert said in done.stderr
