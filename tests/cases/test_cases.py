"""Runs the dated cases: each rule on the day before it begins and on its first day.

A case reads `rule: topic.key`, `from: day`, optional `region`, `before` (value the day before, null for
none), `value` (from that day on), and figures that keep to the limit (`fits`) or break it (`breaks`).
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from junheng import rules

BOOK = rules.load()
CASES: list[dict[str, Any]] = [
    case
    for path in sorted(Path(__file__).parent.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def name(case: dict[str, Any]) -> str:
    return f"{case['rule']}@{case['from']}/{case.get('region', '')}"


@pytest.mark.parametrize("case", CASES, ids=name)
def test_both_sides_of_the_date(case: dict[str, Any]) -> None:
    topic, key = case["rule"].split(".")
    region = case.get("region")
    before = BOOK.at(case["from"] - timedelta(days=1), region)[topic][key]
    after = BOOK.at(case["from"], region)[topic][key]
    assert before.value == case["before"]
    assert after.value == case["value"]
    assert after.rule_id.startswith(f"{case['rule']}@{case['from'].isoformat()}")
    for figure in case.get("fits", ()):
        assert after.allows(figure)
    for figure in case.get("breaks", ()):
        assert not after.allows(figure)


def test_every_dated_rule_has_its_case() -> None:
    """Our own defaults have no date in law; every other entry is checked on both sides of its day."""
    cased = {(case["rule"], case["from"], case.get("region", "")) for case in CASES}
    dated = {
        (f"{e.value.topic}.{e.value.key}", e.value.from_date, e.value.region)
        for e in BOOK.entries()
        if e.value.verified != "ours"
    }
    assert dated == cased


def test_every_limit_is_tried_from_both_sides() -> None:
    for case in CASES:
        topic, key = case["rule"].split(".")
        if BOOK.at(case["from"], case.get("region"))[topic][key].limit in ("max", "min", "below"):
            assert case["fits"]
            assert case["breaks"]
