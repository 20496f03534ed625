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
