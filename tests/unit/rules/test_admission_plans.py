"""Plans with faults: every one found at once, at its line, with a way to mend it; then what the lint says."""

from __future__ import annotations

from pathlib import Path

import pytest

from junheng import rules
from junheng.model.errors import BadData
from junheng.model.reason import Finding, words
from junheng.rules.messages import MESSAGES

HERE = Path(rules.__file__).parent / "admission_plans"


def changed(name: str, folder: Path, *edits: tuple[str, str]) -> Path:
    """A template with some text replaced, as a file of an office."""
    text = (HERE / f"{name}.yaml").read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "ours.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(at for at, line in enumerate(lines, start=1) if text in line)


def linted(path: Path) -> list[Finding]:
    return rules.lint_plan(rules.read_plan(path), rules.load())


def codes(found: list[Finding]) -> list[str]:
    return [one.code.removeprefix("admission_plan.") for one in found]


def test_every_template_is_lawful() -> None:
    assert rules.check_plans(book=rules.load()) == []


def test_all_faults_come_at_once_with_their_lines(tmp_path: Path) -> None:
    path = changed(
        "primary-multi-zone",
        tmp_path,
        ("deed_date: {before: 2019-01-01}", "deed_date: {before: soon}"),
        ("mechanism: immediate_acceptance", "mechanism: best_first"),
        ("limit_m: 3000", "limit_m: -1"),
        ("effect: coordination", "effect: nowhere"),
        ("years: 6", "yeers: 6"),
    )
    with pytest.raises(BadData) as caught:
        rules.read_plan(path)
    found = {(one.code, one.row) for one in caught.value.findings}
    assert ("admission_plan.bound_day", line_of(path, "before: soon")) in found
    assert ("policy.choice", line_of(path, "best_first")) in found
    assert ("admission_plan.whole", line_of(path, "limit_m: -1")) in found
    assert ("unknown_field", line_of(path, "yeers")) in found
    assert any(code == "admission_plan.unknown_name" for code, _ in found)
    for one in caught.value.findings:
        for language in ("zh", "en"):
            assert "ours.yaml" in words(MESSAGES, one.code, one.parameters, language)


NEVER = "{before: 2019-01-01, from: 2019-01-01}"
PRIMARY, PRIVATE, SENIOR = "primary-multi-zone", "primary-public-private", "senior-quota-first"


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "at"),
    [
        (PRIMARY, "sibling_attending, t", "exam_score, t", "score_in_compulsory", "mechanism: imm"),
        (PRIVATE, "choices: 2", "order: [interview]", "private_order", "mechanism: simple"),
        (SENIOR, "share_of_plan: 0.5", "share_of_plan: 0.49", "quota_floor", "share_of_plan: 0.49"),
        (SENIOR, "share_of_plan: 0.5", "share_of_plan: 0.95", "shares_over", "share_of_plan: 0.95"),
        ("kindergarten-entry", "  position: 1\n", "", "reserve_position", "id: staff"),
        (PRIMARY, "{before: 2019-01-01}", NEVER, "class_unreachable", "id: single_zone"),
        (PRIMARY, "when: {special_needs: true}", "when: {}", "class_unreachable", "id: single_zone"),
        (PRIMARY, "when: {}", "when: {hukou: other}", "classes_open", "id: coordination"),
        (PRIMARY, "sibling_attending, ticket]", "sibling_attending]", "ties", "mechanism: imm"),
        (SENIOR, "  left_over: error\n", "", "ties", "total: 510"),
        (PRIMARY, "first_choice: registering_school", "choices: 2", "short_lists", "mechanism: imm"),
        (PRIMARY, "freeze: 2027-06-15", "freeze: 2027-06-20", "seed_early", "freeze: 2027-06-20"),
        (PRIMARY, "  freeze: 2027-06-15\n", "", "seed_undated", "seed:"),
        (SENIOR, "  unfilled: {to_batch: supplement}\n", "", "no_source", "id: supplement"),
    ],
)  # fmt: skip
def test_what_the_lint_stops(name: str, old: str, new: str, code: str, at: str, tmp_path: Path) -> None:
    path = changed(name, tmp_path, (old, new))
    found = [one for one in linted(path) if one.code == f"admission_plan.{code}"]
    assert found, codes(linted(path))
    expected = line_of(path, at)
    assert expected in {one.row for one in found}
    said = words(MESSAGES, found[0].code, found[0].parameters, "zh")
    assert str(found[0].row) in said


def test_a_share_at_the_floor_is_lawful_and_the_floor_is_cited(tmp_path: Path) -> None:
    assert "quota_floor" not in codes(linted(changed(SENIOR, tmp_path)))
    (found,) = linted(changed(SENIOR, tmp_path, ("share_of_plan: 0.5", "share_of_plan: 0.4")))
    assert "政府保障程度第14项" in found.parameters["cite"]


def test_a_seed_on_the_day_after_the_freeze_is_late_enough(tmp_path: Path) -> None:
    path = changed(PRIMARY, tmp_path, ("freeze: 2027-06-15", "freeze: 2027-06-19"))
    assert linted(path) == []


def test_an_unverified_rule_is_told_once_the_plan_is_in_force_and_does_not_stop_it(tmp_path: Path) -> None:
    path = changed(PRIMARY, tmp_path, ("plan: 小学入学 2027 · 示例（单校与多校划片）", "plan: 小学入学 2027"))
    found = linted(path)
    assert set(codes(found)) == {"unverified"}
    assert {one.severity for one in found} == {"warning"}
    assert line_of(path, "id: hukou_no_home") in {one.row for one in found}


def test_a_workspace_keeps_its_plans_under_plans_admission(tmp_path: Path) -> None:
    folder = tmp_path / "plans" / "admission"
    folder.mkdir(parents=True)
    changed(PRIMARY, folder, ("sibling_attending, ticket]", "sibling_attending]"))
    assert rules.admission_plans(tmp_path)["ours"].local
    (found,) = rules.check_plans(folder, book=rules.load())
    assert found.code == "admission_plan.ties"
    assert found.file == "plans/admission/ours.yaml"
