"""Schools on both sides of every line, as an evaluator would write them down."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.unit.monitoring.counties import ENOUGH, conditions, judged, pupils, school, tables

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "schools.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_school(case: dict[str, Any]) -> None:
    stage = case["stage"]
    kind = case.get("kind", "211" if stage == "primary" else "311")
    about = {"urban_rural": case["urban_rural"]} if "urban_rural" in case else {}
    enough = {name: amount * case.get("scale", 1) for name, amount in ENOUGH.items()}
    rows = [conditions("A", stage, **{**enough, **case["changed"]})]
    given = tables([school("A", kind, **about)], pupils("A", stage, case["pupils"]), rows)
    result = judged(given)
    assert result.check() == []
    verdicts = [row for row in result.results if row.level == "school"]
    if case["expect"] == "small_point":
        assert not verdicts
        assert [(row.reason, row.area) for row in result.exceptions] == [(case["expect"], "A")]
        return
    assert [row.status for row in verdicts] == [case["expect"]]
    rows_of = {row.item: row for row in result.items if row.level == "school" and row.group == "resources"}
    for item, status in case.get("item", {}).items():
        assert rows_of[item].status == status, item
    for item, status in case.get("floor", {}).items():
        assert rows_of[item].floor_status == status, item
