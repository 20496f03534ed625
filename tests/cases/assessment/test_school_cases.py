"""Schools on both sides of every line, as an evaluator would write them down; all of them in one county."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.unit.monitoring.counties import ENOUGH, conditions, judged, pupils, school, tables

from junheng.monitoring.assessment_result import AssessmentResult

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "schools.yaml").read_text(encoding="utf-8")
)


def code(case: dict[str, Any]) -> str:
    return f"S{CASES.index(case):03d}"


@cache
def county() -> AssessmentResult:
    """A school's verdict depends on nothing but the school."""
    schools: list[dict[str, Any]] = []
    heads: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for case in CASES:
        stage = case["stage"]
        kind = case.get("kind", "211" if stage == "primary" else "311")
        about = {"urban_rural": case["urban_rural"]} if "urban_rural" in case else {}
        enough = {name: amount * case.get("scale", 1) for name, amount in ENOUGH.items()}
        schools.append(school(code(case), kind, **about))
        heads += pupils(code(case), stage, case["pupils"])
        rows.append(conditions(code(case), stage, **{**enough, **case["changed"]}))
    return judged(tables(schools, heads, rows))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_school(case: dict[str, Any]) -> None:
    card = county().explain(code(case))
    if case["expect"] == "small_point":
        assert not card.results
        assert [row.reason for row in card.exceptions] == ["small_point"]
        return
    assert not card.exceptions
    assert [row.status for row in card.results] == [case["expect"]]
    rows_of = {row.item: row for row in card.items}
    for item, status in case.get("item", {}).items():
        assert rows_of[item].status == status, item
    for item, status in case.get("floor", {}).items():
        assert rows_of[item].floor_status == status, item


def test_the_result_holds_together() -> None:
    assert county().check() == []
