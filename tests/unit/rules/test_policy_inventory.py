"""The five documents hold every unit of the inventory, in our own words, and list what they say twice."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from tests.shared import shared

from junheng import rules
from junheng.rules.policies import Conflict, PolicyDocument, Target

PLAN = "haidian-14fyp"
FOLDER = Path(rules.__file__).parent / "policies"
LONGEST_SHARED_RUN = 14


@cache
def inventory() -> list[dict[str, str]]:
    with shared("../design/policy-clauses.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def documents() -> Mapping[str, PolicyDocument]:
    return rules.policies()


def plan() -> PolicyDocument:
    return documents()[PLAN]


@cache
def runs() -> frozenset[str]:
    """Every run of characters a gist may not share with the five texts, blanks and width of commas aside."""
    texts = [
        shared(f"../policies/{name}.txt").read_text(encoding="utf-8")
        for name in sorted({row["document"] for row in inventory()})
    ]
    length = LONGEST_SHARED_RUN + 1
    joined = [_plain(text) for text in texts]
    return frozenset(text[at : at + length] for text in joined for at in range(len(text) - length + 1))


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text).replace(",", "，")


def test_every_unit_of_the_inventory_is_there_in_order() -> None:
    listed = [(row["document"], row["clause"]) for row in inventory()]
    held = [
        (name, clause.id)
        for name in dict.fromkeys(document for document, _ in listed)
        for clause in documents()[name].clauses()
    ]
    assert held == listed


def test_every_unit_is_in_the_rooms_the_inventory_gives_it() -> None:
    for row in inventory():
        clause = documents()[row["document"]].clause(row["clause"])
        assert clause.rooms == tuple(row["room"].split(";")), f"{row['document']} {row['clause']}"


def test_no_sentence_of_a_text_is_copied() -> None:
    title = re.compile(r"^  title: .*$", re.MULTILINE)
    for path in sorted(FOLDER.rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        for line in _plain_lines(title.sub("", text, count=1)):
            length = LONGEST_SHARED_RUN + 1
            copied = {line[at : at + length] for at in range(len(line) - length + 1)} & runs()
            assert not copied, f"{path.name}: {sorted(copied)[0]}"


def _plain_lines(text: str) -> list[str]:
    return [_plain(line) for line in text.splitlines()]


def test_every_target_names_an_indicator_of_the_catalogue() -> None:
    declared = rules.at(date(2025, 9, 1)).indicators
    for name, document in documents().items():
        for clause, target in document.targets():
            assert target.indicator in declared, f"{name} {clause.id}#{target.id}"


def test_indicators_declared_for_plans_are_used_by_them() -> None:
    used = {target.indicator for document in documents().values() for _, target in document.targets()}
    declared = rules.at(date(2025, 9, 1)).indicators.values()
    assert not {one.id for one in declared if Path(one.file).name.startswith("policy_")} - used


def test_every_clause_of_the_plan_can_be_followed() -> None:
    for clause in plan().clauses():
        assert clause.actors, clause.id
        assert clause.targets or clause.measures, clause.id
        assert all(measure.evidence for measure in clause.measures), clause.id


def test_targets_of_the_plan_are_dated_within_reason() -> None:
    for clause, target in plan().targets():
        assert target.by in (date(2025, 12, 31), date(2035, 12, 31)), clause.id
        assert (target.since is None) or (target.by and target.since < target.by), clause.id
        if target.since:
            assert target.basis in {"flow", "stock", "coverage"}, clause.id


def test_readings_that_differ_are_listed_and_judged_by_the_stricter() -> None:
    conflicts = {conflict.id: conflict for conflict in plan().conflicts()}
    assert set(conflicts) == {
        "preschool_gross_enrolment",
        "nearby_enrolment_share",
        "green_campus_share",
        "safe_campus_share",
        "education_group_count",
    }
    for conflict in conflicts.values():
        assert conflict.note, conflict.id
        _judged_by_the_stricter(conflict)


def _judged_by_the_stricter(conflict: Conflict) -> None:
    readings = [plan().target(reference) for reference in conflict.readings]
    judged = plan().target(conflict.judged_by)
    if "op" in conflict.differ:
        assert judged.op == ">", conflict.id
    elif "hold" in conflict.differ:
        assert judged.hold == "every_year", conflict.id
    else:
        assert conflict.differ == ("scope",), conflict.id
        assert len(judged.scope) >= max(len(one.scope) for one in readings), conflict.id
    assert len({one.value for one in readings}) == 1, conflict.id


def test_a_target_said_in_several_places_is_linked() -> None:
    by_indicator: dict[str, list[tuple[str, Target]]] = {}
    for clause, target in plan().targets():
        by_indicator.setdefault(target.indicator, []).append((f"{clause.id}#{target.id}", target))
    separate = {"delivered_schools", "delivered_kindergartens"}
    for indicator, held in by_indicator.items():
        if indicator in separate:  # the northern part of the county beside the whole of it
            assert len({str(target.scope) for _, target in held}) == len(held)
            continue
        for (one, _), (other, _) in pairwise(held):
            assert other in plan().linked.get(one, ()), f"{indicator}: {one}, {other}"


@pytest.mark.parametrize(
    ("reference", "op", "value", "unit", "by"),
    [
        ("表1-01#t1", ">", 0.9, "share", "2025-12-31"),
        ("目标-02#t1", ">=", 0.9, "share", "2025-12-31"),
        ("表1-11#t1", ">", 0.8, "share", "2025-12-31"),
        ("保障-3.3#t1", ">=", 0.8, "share", "2025-12-31"),
        ("任务-03.1#t7", ">=", 45000, "seats", "2025-12-31"),
        ("任务-03.2#t1", ">=", 100, "hectares", "2035-12-31"),
        ("任务-08.3#t1", "<=", 0, "institutions", "2025-12-31"),
    ],
)
def test_readings_of_the_plan(reference: str, op: str, value: float, unit: str, by: str) -> None:
    target = plan().target(reference)
    assert (target.op, target.value, target.unit, str(target.by)) == (op, value, unit, by)
