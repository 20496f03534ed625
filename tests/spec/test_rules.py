"""规则: how standards are looked up, cited and overridden. Reads as the manual of the room."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from junheng import rules
from junheng.model import Region
from junheng.model.errors import BadData
from junheng.model.reason import words
from junheng.rules.messages import MESSAGES

COUNTY = Region("990101", "云州")

LOCAL_RULE = """
topic: class_size
entries:
- from: 2027-09-01
  region: '990101'
  values: {primary: 40}
  source: {document: 关于小班化的通知, number: 示教发5号, article: 第二条}
  verified: original
"""


def test_a_standard_is_a_number_with_its_source() -> None:
    """Ask for a day and a region; the answer carries what a footnote needs, and how sure it is."""
    value = rules.at(date(2026, 9, 1), COUNTY).class_size["primary"]
    assert value.value == 45
    assert value.unit == "人/班 pupils per class"
    assert value.allows(45)
    assert not value.allows(46)
    assert value.rule_id == "class_size.primary@2017-04-19"
    assert value.citation("zh").endswith("（转引，未对照原件核实）")


def test_a_county_may_be_stricter_from_a_day_of_its_own(tmp_path: Path) -> None:
    """A file in the workspace's rules/ folder: before its day nothing changes, nor anything elsewhere."""
    (tmp_path / "class_size.yaml").write_text(LOCAL_RULE, encoding="utf-8")
    book = rules.load(tmp_path)
    assert book.at(date(2027, 8, 31), COUNTY).class_size["primary"].value == 45
    assert book.at(date(2027, 9, 1), COUNTY).class_size["primary"].value == 40
    assert book.at(date(2027, 9, 1), "990102").class_size["primary"].value == 45
    assert "示教发5号" in book.at(date(2027, 9, 1), COUNTY).class_size["primary"].citation()


def test_it_may_never_be_laxer_and_is_told_how_to_mend(tmp_path: Path) -> None:
    """All faults of all files come at once, each with file, line, entry, key and what to write instead."""
    (tmp_path / "class_size.yaml").write_text(LOCAL_RULE.replace("40", "50"), encoding="utf-8")
    with pytest.raises(BadData) as caught:
        rules.load(tmp_path)
    (finding,) = caught.value.findings
    said = words(MESSAGES, finding.code, finding.parameters, "en")
    assert "line 6" in said
    assert "laxer than 45" in said
    assert said.endswith("make it at most 45")
    assert caught.value.exit_code == 3


def test_numbers_of_our_own_say_so() -> None:
    """No law sets warning levels; a region may move them either way."""
    value = rules.at(date(2026, 9, 1), COUNTY).warning_levels["p_red"]
    assert value.verified == "ours"
    assert "not law" in value.citation("en")


def test_an_assumption_is_data_too_but_never_law() -> None:
    """Statistical assumptions stand beside the standards, with source and sureness."""
    path = rules.load().assumption("fertility")
    assert path["source"]
    assert path["verified"] in ("original", "second-hand", "unverified", "ours")


OWN_INDICATOR = """
- id: rooms_per_pupil
  name: 生均教室面积
  why: 看教室是否够用
  source: {doc: 县教育局通知, verified: original}
  grain: school_stage
  report: [county, stage]
  measure: ratio
  value: {num: teaching_area, den: pupils}
  threshold: {rule: quality_balance.teaching_area, op: ">=", by: stage}
"""


def test_an_official_adds_an_indicator_with_a_file(tmp_path: Path) -> None:
    """It names a standard; the number, its source and how sure it is come with it, by stage and day."""
    (tmp_path / "indicators").mkdir()
    (tmp_path / "indicators" / "own.yaml").write_text(OWN_INDICATOR, encoding="utf-8")
    book = rules.load(tmp_path)
    assert rules.check(tmp_path) == []
    line = book.at(date(2026, 9, 1), COUNTY).indicators["rooms_per_pupil"].threshold
    assert line is not None
    primary = line.of("primary")
    assert primary is not None
    assert (line.op, primary.value, primary.verified) == (">=", 4.5, "second-hand")


def test_a_mistake_is_explained_by_line_with_the_nearest_name(tmp_path: Path) -> None:
    """Nothing is measured by a faulty file; all its mistakes are told at once."""
    (tmp_path / "indicators").mkdir()
    text = OWN_INDICATOR.replace("teaching_area,", "teaching_aera,").replace(": ratio", ": ration")
    (tmp_path / "indicators" / "own.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadData) as caught:
        _ = rules.load(tmp_path).at(date(2026, 9, 1), COUNTY).indicators
    said = [words(MESSAGES, finding.code, finding.parameters, "en") for finding in caught.value.findings]
    assert any("line 9" in text and "did you mean 'teaching_area'" in text for text in said)
    assert any("line 8" in text and "did you mean 'ratio'" in text for text in said)


def test_an_assessment_is_a_list_of_items_with_rules_of_its_own() -> None:
    """At least six of seven, the rest above a share of their line: numbers of the law, not of the program."""
    held = rules.at(date(2026, 9, 1), COUNTY).assessment("quality_balance")
    assert held.school_rule is not None
    assert held.school_rule.at_least is not None
    assert held.school_rule.floor is not None
    least, floor = held.school_rule.at_least.of(), held.school_rule.floor.of()
    assert least is not None
    assert floor is not None
    assert (least.value, floor.value) == (6, 0.85)
    assert "quality_balance" not in rules.at(date(2017, 4, 18), COUNTY).assessments
