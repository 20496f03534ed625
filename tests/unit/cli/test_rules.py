"""`junheng rules`: faults of a workspace's rules all at once, and a definition explained."""

from __future__ import annotations

import json
import os
from pathlib import Path
from unittest import mock

import pytest
from tests.spec.test_intake import junheng

from junheng.cli.rules_messages import MESSAGES

FAULTY = """\
- id: own
  name: 自定
  why: 试写
  source: {doc: 县教育局通知, verified: original}
  grain: school_stage
  report: [county]
  measure: ration
  value: {num: teaching_aera, den: pupils}
  threshold: 4.5
"""


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A workspace with one faulty indicator and one standard laxer than the nation's."""
    ws = tmp_path / "ws"
    assert junheng("init", ws, "--code", "990201", "--name", "青禾县").returncode == 0
    (ws / "rules" / "indicators").mkdir(parents=True)
    (ws / "rules" / "indicators" / "own.yaml").write_text(FAULTY, encoding="utf-8")
    (ws / "rules" / "class_size.yaml").write_text(
        "topic: class_size\nentries:\n- from: 2026-01-01\n  values: {primary: 46}\n"
        "  source: {document: 县教育局通知}\n  verified: original\n",
        encoding="utf-8",
    )
    return ws


def test_every_fault_is_told_with_line_and_nearest_name(county: Path) -> None:
    done = junheng("rules", "lint", county)
    assert done.returncode == 3
    for told in ("第 7 行", "ratio", "第 8 行", "teaching_area", "第 9 行", "4.5", "46", "45"):
        assert told in done.stdout, told
    english = junheng("--language", "en", "rules", "lint", county)
    assert "did you mean 'teaching_area'" in english.stdout


def test_a_listening_program_hears_one_failure(county: Path) -> None:
    with mock.patch.dict(os.environ, {"JUNHENG_EVENTS": "1"}):
        done = junheng("rules", "lint", county)
    (event,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (event["event"], event["code"], event["exit_code"]) == ("failure", "rules_invalid", 3)
    assert event["finding_count"] == 4


def test_the_packaged_rules_are_sound() -> None:
    done = junheng("rules", "lint")
    assert (done.returncode, done.stderr) == (0, "")
    assert "规则无误" in done.stdout


def test_a_definition_is_explained_and_an_unknown_one_refused() -> None:
    done = junheng("rules", "explain", "equipment_value_cv", "--date", "2026-09-01")
    assert done.returncode == 0
    for told in ("差异系数", "小学 ≤ 0.5", "初中 ≤ 0.45", "转引", "教督〔2017〕6号", "不计入", "版本"):
        assert told in done.stdout, told
    unknown = junheng("rules", "explain", "equipment_cv")
    assert unknown.returncode == 4
    assert "equipment_value_cv" in unknown.stderr
    assert junheng("rules", "explain", "x", "--date", "soon").returncode == 3


def test_a_standard_is_explained_as_the_region_has_it(county: Path) -> None:
    done = junheng("rules", "explain", "special_rooms", "--date", "2026-09-01")
    assert done.returncode == 0
    assert "（music_area）96 ㎡" in done.stdout
    early = junheng("rules", "explain", "special_rooms", "--date", "2017-04-18")
    assert "（music_area）–" in early.stdout
    assert junheng("rules", "explain", "special_rooms", county).returncode == 3  # its rules hold a fault


def test_an_assessment_is_explained() -> None:
    done = junheng("--language", "en", "rules", "explain", "quality_balance")
    assert done.returncode == 0
    assert "at least 6 items" in done.stdout
    assert "Veto" in done.stdout
    assert all(len(texts) == 2 for texts in MESSAGES.values())
