"""The page of a plan and the command that prints it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from junheng import rules
from junheng.cli.root import app
from junheng.report.admission.plan_page import page

PLANS = rules.admission_plans()
HERE = Path(rules.__file__).parent / "admission_plans"


@pytest.mark.parametrize("plan", PLANS.values(), ids=lambda one: one.id)
def test_the_page_says_every_rule_with_its_source(plan: rules.AdmissionPlan) -> None:
    chinese, english = page(plan), page(plan, "en")
    for one in plan.rules():
        assert one.cite in chinese
        assert one.cite in english
        assert one.note in chinese
    for name in [one.name for one in (*plan.identities, *plan.batches)]:
        assert name in chinese
    assert "不是任何地方的正式规定" in chinese
    assert "未对照原件核实" in chinese or "未核实" in chinese


def test_the_page_gives_both_sides_of_the_address_rule() -> None:
    assert "2021 年及以前用过的不受限，2022 年及以后用过的受限" in page(PLANS["primary-multi-zone"])


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    out = tmp_path / "page.md"
    done = CliRunner().invoke(app, ["admission", "plan", "senior-quota-first", "--out", str(out)])
    assert done.exit_code == 0
    assert out.read_text(encoding="utf-8") == page(PLANS["senior-quota-first"])


def test_the_command_refuses_an_unlawful_plan_with_its_line(tmp_path: Path) -> None:
    text = (HERE / "primary-multi-zone.yaml").read_text(encoding="utf-8")
    path = tmp_path / "ours.yaml"
    path.write_text(text.replace("sibling_attending, ticket]", "sibling_attending]"), encoding="utf-8")
    line = text.splitlines().index("  mechanism: immediate_acceptance") + 1
    done = CliRunner().invoke(app, ["admission", "plan", str(path)])
    assert done.exit_code == 3
    assert f"ours.yaml 第 {line} 行" in done.stdout
