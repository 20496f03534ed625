"""`junheng monitoring measure` as a user meets it: table, JSON, grouping, refusals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def region(example_county: Path) -> Path:
    return example_county


def junheng(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "junheng", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment | {"COLUMNS": "240"},
    )


def test_an_indicator_as_json_and_as_table(region: Path) -> None:
    asked = ("monitoring", "measure", region, "--year", 2025, "--indicator", "sports_area_cv")
    rows = json.loads(junheng(*asked, "--json").stdout)
    assert [(row["level"], row["stage"]) for row in rows] == [("county", "junior"), ("county", "primary")]
    assert all(row["status"] in ("met", "unmet") and row["n_used"] > 0 for row in rows)
    towns = junheng(*asked, "--by", "town,stage", "--engine", "duckdb")
    assert towns.returncode == 0, towns.stderr
    assert "青禾镇" in towns.stdout


def test_what_cannot_be_measured_is_refused_with_a_way_on(region: Path) -> None:
    asked = ("--language", "en", "monitoring", "measure", region)
    for more, word in (
        (("--indicator", "sports_area_c"), "sports_area_cv"),
        (("--by", "nowhere"), "county"),
        (("--year", "1990"), "junheng import"),
    ):
        refused = junheng(*asked, *more)
        assert (refused.returncode, refused.stdout) == (4, ""), more
        assert word in refused.stderr


def test_a_program_that_listens_hears_one_result(region: Path) -> None:
    told = junheng("monitoring", "measure", region, "--indicator", "sports_area_cv", JUNHENG_EVENTS="1")
    events = [json.loads(line) for line in told.stdout.splitlines()]
    assert [event["event"] for event in events].count("result") == 1
    assert events[-1]["summary"]["groups"] == 2
