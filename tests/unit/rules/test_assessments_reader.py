"""Reading official assessments: what a file becomes, and every fault with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from junheng import rules
from junheng.model.errors import Refused
from junheng.model.reason import words
from junheng.rules.assessments_reader import assessment
from junheng.rules.catalogue import gather
from junheng.rules.messages import MESSAGES
from junheng.rules.reader import read

DAY = date(2026, 9, 1)
SOUND = """\
id: own_schools
name: {zh: 县标准化学校, en: standard schools of the county}
source: {doc: 县教育局通知, verified: original}
from: 2024-06-01
groups:
  resources: {zh: 资源, en: resources}
  evidence: {zh: 佐证, en: evidence}
items:
- {id: A1, group: resources, level: school, name: 师资, indicator: pupils_per_post, stages: [primary, junior]}
- {id: A2, group: resources, level: school, name: 用房, check: special_rooms}
- id: B1
  group: evidence
  level: county
  name: {zh: 规划, en: plan}
  parts: [{indicator: budget_only_increases}, {evidence: plan, name: 规划文本}]
school_rule:
  group: resources
  at_least: quality_balance.least_met
  floor: quality_balance.floor_ratio
county_rule: {groups: [evidence], schools: local_goals.standardised_schools}
preconditions:
- {id: opened, name: 均已办学}
vetoes:
- {id: falsified, name: 弄虚作假, source: {doc: 县教育局通知, verified: original}}
workflow:
- {id: draft, name: 填报, then: [county]}
- {id: county, name: 县自评, frozen: true, by: city, entered_by: county}
"""


def folder(place: Path, text: str) -> Path:
    kept = place / "rules" / "indicators" / "assessments"
    kept.mkdir(parents=True)
    (kept / "own.yaml").write_text(text, encoding="utf-8")
    return place / "rules"


def test_a_file_becomes_an_assessment_with_its_standards(tmp_path: Path) -> None:
    book = rules.load(folder(tmp_path, SOUND))
    held = book.at(DAY, "320101").assessment("own_schools")
    assert [item.id for item in held.items] == ["A1", "A2", "B1"]
    assert held.items[0].stages == ("primary", "junior")
    assert held.items[1].parts[0].check == "special_rooms"
    assert [(part.indicator, part.evidence) for part in held.items[2].parts] == [
        ("budget_only_increases", ""), ("", "plan"),
    ]  # fmt: skip
    assert held.indicators() == ("pupils_per_post", "budget_only_increases")
    assert held.school_rule is not None
    assert held.school_rule.at_least is not None
    least = held.school_rule.at_least.of()
    assert least is not None
    assert least.value == 6
    assert held.county_rule is not None
    assert held.county_rule.schools is not None
    share = held.county_rule.schools.of()
    assert share is not None
    assert share.value == 0.9
    elsewhere = book.at(DAY, "990101").assessment("own_schools").county_rule
    assert elsewhere is not None
    assert elsewhere.schools is not None
    assert elsewhere.schools.of() is None
    assert [(state.id, state.then, state.frozen, state.by, state.entered_by) for state in held.workflow] == [
        ("draft", ("county",), False, "", ""), ("county", (), True, "city", "county"),
    ]  # fmt: skip
    assert held.rule_version != book.at(DAY, "990101").assessment("own_schools").rule_version


def test_it_is_there_from_its_first_day_on(tmp_path: Path) -> None:
    book = rules.load(folder(tmp_path, SOUND))
    assert "own_schools" not in book.at(date(2024, 5, 31)).assessments
    assert "own_schools" in book.at(date(2024, 6, 1)).assessments
    with pytest.raises(Refused) as caught:
        book.at(DAY).assessment("own_school")
    assert caught.value.parameters["near"] == "own_schools"


FAULTS: list[tuple[str, str, str, int, str]] = [
    ("indicator: pupils_per_post", "indicator: pupils_per_pots", "unknown_indicator", 9, "pupils_per_post"),
    ("A1, group: resources", "A1, group: resourcs", "unknown_word", 9, "resources"),
    ("level: school, name: 用房", "level: class, name: 用房", "unknown_word", 10, "school"),
    (", check: special_rooms", "", "item_parts", 10, "A2"),
    ("check: special_rooms", "check: special_rooms, evidence: x", "item_parts", 10, "A2"),
    ("{evidence: plan, name: 规划文本}", "{name: 规划文本}", "item_parts", 15, "parts"),
    ("id: A2", "id: a1", "item_twice", 10, "a1"),
    ("stages: [primary, junior]", "stages: [primary, middle]", "unknown_word", 9, "middle"),
    ("at_least: quality_balance.least_met", "at_least: 6", "literal_limit", 18, "6"),
    ("balance.floor_ratio", "balance.flor_ratio", "unknown_rule", 19, "floor_ratio"),
    ("groups: [evidence]", "groups: [evidense]", "unknown_word", 20, "evidence"),
    ("then: [county]", "then: [conty]", "unknown_word", 26, "county"),
    ("by: city", "by: town", "unknown_word", 27, "province"),
    ("id: own_schools", "id: 标准化", "bad_id", 1, "标准化"),
    ("source: {doc: 县教育局通知, verified: original}\nfrom", "from", "field_missing", 1, "source"),
    ("from: 2024-06-01", "from: 2020", "bad_day", 4, "2020"),
    ("- {id: opened, name: 均已办学}", "- {id: opened}", "field_missing", 22, "name"),
    ("county_rule: {groups", "county_rules: {groups", "unknown_word", 20, "county_rule"),
]  # fmt: skip


@pytest.mark.parametrize(("sound", "faulty", "code", "line", "told"), FAULTS)
def test_each_fault_is_told_with_its_line(sound: str, faulty: str, code: str, line: int, told: str) -> None:
    assert sound in SOUND
    book = rules.load()
    given = read(SOUND.replace(sound, faulty, 1).encode(), "indicators/assessments/own.yaml")
    topics = {name: book.keys(name) for name in book.topics()}
    held, findings = assessment(given, "indicators/assessments/own.yaml", topics, book.catalogue.indicators)
    assert held is None
    finding = {finding.code: finding for finding in findings}[f"indicator.{code}"]
    assert finding.row == line
    assert told in words(MESSAGES, finding.code, finding.parameters, "zh")
    assert f"line {line}" in words(MESSAGES, finding.code, finding.parameters, "en")


def test_an_assessment_alone_knows_no_indicator(tmp_path: Path) -> None:
    """Indicators of the package are not those of a folder read by itself."""
    found = gather((folder(tmp_path, SOUND),), rules.load()).findings
    assert {finding.code for finding in found} == {"indicator.unknown_indicator"}
