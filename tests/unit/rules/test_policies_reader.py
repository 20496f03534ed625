"""Policy files are read with every fault at once, each with file and line; regions write their own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from junheng import rules
from junheng.model.errors import BadData
from junheng.rules.messages import MESSAGES
from junheng.rules.policies_reader import build

PLANS = Path(__file__).parents[2] / "cases" / "region_plan"
HEAD = """document: {id: plan-1, title: 规划, issuer: 县, period: [2031-01-01, 2035-12-31], verified: ours}
clauses:
- id: "1"
  title: 条款
  gist: 说明
  duty: {force: must, actor: [县教育局]}
"""
TARGET = "{id: t1, indicator: x, op: '>=', value: 0.5, unit: share, basis: stock, by: 2033-12-31}"


def _faults(tmp_path: Path, text: str) -> list[tuple[str, int | None]]:
    folder = tmp_path / "policies"
    folder.mkdir(exist_ok=True)
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    found = build([tmp_path])[1]
    for finding in found:
        for sentence in MESSAGES[finding.code]:
            assert "policies/plan.yaml" in sentence.format(**finding.parameters)
    return [(finding.code, finding.row) for finding in found]


def _with(target: str) -> str:
    return f"{HEAD}  targets:\n  - {target}\n"


def test_a_plan_in_order_has_no_fault(tmp_path: Path) -> None:
    assert _faults(tmp_path, _with(TARGET)) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("op: '>='", "op: '≥'"), "policy.choice"),
        (("value: 0.5", "value: 50"), "policy.share"),  # a percentage typed as such
        (("value: 0.5", "value: 一半"), "policy.number"),
        (("value: 0.5", "value: null"), "policy.value"),
        (("by: 2033-12-31", "by: 2033"), "policy.date"),
        (("by: 2033-12-31", "by: 2033-12-31, earliest: 2034-01-01"), "policy.span"),
        (("by: 2033-12-31", "by: 2033-12-31, path: {spring: 0.4}"), "policy.path_year"),
        (("basis: stock", "basis: level"), "policy.choice"),
        (("basis: stock", "basis: direction"), "policy.direction"),
        (("indicator: x", "indicator: X 比例"), "policy.indicator_name"),
        (("unit: share", "unit: share, weight: 3"), "unknown_field"),
        (("unit: share", "unit: share, scope: {region: county}"), "unknown_field"),
        (("unit: share, ", ""), "entry_field"),
    ],
)
def test_each_fault_of_a_target_is_placed(tmp_path: Path, change: tuple[str, str], code: str) -> None:
    assert (code, 8) in _faults(tmp_path, _with(TARGET.replace(*change)))


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (HEAD.replace('id: "1"', "id: 1"), "policy.clause_id", 3),
        (HEAD + HEAD[HEAD.index("- id") :], "policy.clause_twice", 7),
        (HEAD.replace("force: must", "force: shall"), "policy.choice", 6),
        (HEAD.replace("period: [2031-01-01, 2035-12-31]", "period: 2031"), "policy.period", 1),
        (HEAD + "  measures: [{id: m1, text: 做, due: 四月}]\n", "policy.clock", 7),
        (HEAD + "  measures: 做\n", "policy.not_a_list", 7),
        (HEAD + "  delivered_by: [{magic: x}]\n", "unknown_field", 7),
        (HEAD + f"  targets:\n  - {TARGET}\n  - {TARGET}\n", "policy.target_twice", 9),
        (HEAD + 'readings:\n- {id: r, targets: ["1#t9"], judged_by: "1#t9"}\n', "policy.no_target", 8),
        ("clauses: []\n", "header_missing", 1),
        (HEAD.replace("plan-1", next(iter(rules.policies()))), "policy.document_twice", 1),
        ("document: [", "not_yaml", 2),
    ],
)  # fmt: skip
def test_each_fault_of_a_file_is_placed(tmp_path: Path, text: str, code: str, line: int | None) -> None:
    faults = _faults(tmp_path, text)
    assert code in [name for name, _ in faults]
    assert line in [row for name, row in faults if name == code]


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    text = _with(TARGET.replace("value: 0.5", "value: 50")).replace("force: must", "force: shall")
    assert {code for code, _ in _faults(tmp_path, text)} == {"policy.share", "policy.choice"}
    with pytest.raises(BadData) as refused:
        rules.policies(tmp_path)
    assert len(refused.value.findings) == 2


def test_judged_by_must_be_one_of_the_readings(tmp_path: Path) -> None:
    two = TARGET.replace("t1", "t2")
    reading = '{id: r, targets: ["1#t1"], judged_by: "1#t2"}'
    text = f"{HEAD}  targets:\n  - {TARGET}\n  - {two}\nreadings:\n- {reading}\n"
    assert ("policy.judged_by", 11) in _faults(tmp_path, text)


def test_a_region_writes_its_own_plan_in_the_same_form() -> None:
    plan = rules.policies(PLANS)["sample-2031"]
    target = plan.target("7#t1")
    assert (target.path, target.baseline, target.baseline_on) == (
        {2031: 0.51, 2032: 0.53},
        0.5,
        date(2030, 12, 31),
    )
    assert plan.clause("7").tasks[0].unit == "990101"
    assert [one.id for one in plan.clauses("siting")] == ["7"]
    assert plan.conflicts()[0].differ == ("op", "scope")
    assert plan.local and not rules.policies()["beijing-2024"].local


def test_a_reading_that_agrees_is_linked_and_no_conflict(tmp_path: Path) -> None:
    two = TARGET.replace("t1", "t2")
    reading = '{id: r, targets: ["1#t1", "1#t2"], judged_by: "1#t2"}'
    text = f"{HEAD}  targets:\n  - {TARGET}\n  - {two}\nreadings:\n- {reading}\n"
    assert _faults(tmp_path, text) == []
    plan = build([tmp_path])[0]["plan-1"]
    assert plan.conflicts() == ()
    assert plan.judges == {"1#t1": "1#t2", "1#t2": "1#t2"}
