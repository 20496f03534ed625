"""Reading indicators: what a declaration becomes, and every fault an official can make, with its line."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from junheng import rules
from junheng.model.errors import BadData, Refused
from junheng.model.reason import Finding, words
from junheng.rules.catalogue import gather
from junheng.rules.indicator import VERBS, AllOf, Comparison
from junheng.rules.indicators_reader import indicator
from junheng.rules.messages import MESSAGES
from junheng.rules.reader import Mapping as Read

DAY = date(2026, 9, 1)
SOUND = """\
# 县自定的指标
- id: rooms_per_pupil
  name: {zh: 生均教室面积, en: rooms per pupil}
  why: 看教室是否够用
  source: {doc: 县教育局通知, clause: 第一条, verified: original}
  grain: school_stage
  report: [county, stage]
  measure: ratio
  value: {num: {plus: [teaching_area], minus: [indoor_sports_area]}, den: pupils}
  where: {status: open, stage: [primary, junior]}
  exclude:
  - {when: {school_kind: '218', pupils: {lt: small_school.small}}, reason: few, cite: small_school.small}
  threshold: {rule: quality_balance.teaching_area, op: ">=", by: stage}
  display: {decimals: 2, unit: ㎡, direction: higher_is_better}
  warn: {within: 0.1, worse_years: 2}
"""


def folder(place: Path, text: str, name: str = "own.yaml", kind: str = "indicators") -> Path:
    (place / "rules" / kind).mkdir(parents=True, exist_ok=True)
    (place / "rules" / kind / name).write_text(text, encoding="utf-8")
    return place / "rules"


def own(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.file.endswith("own.yaml")]


def test_a_declaration_becomes_an_object_with_its_line_of_the_law(tmp_path: Path) -> None:
    one = rules.load(folder(tmp_path, SOUND)).at(DAY, "990101").indicators["rooms_per_pupil"]
    assert (one.zh, one.en, one.why_en, one.measure) == (
        "生均教室面积",
        "rooms per pupil",
        "看教室是否够用",
        "ratio",
    )
    assert [(term.column, term.sign) for term in one.value.num] == [
        ("teaching_area", 1),
        ("indoor_sports_area", -1),
    ]
    assert one.threshold is not None
    primary, junior = one.threshold.of("primary"), one.threshold.of("junior")
    assert primary is not None
    assert junior is not None
    assert (primary.value, junior.value) == (4.5, 5.8)
    assert "教督〔2017〕6号" in primary.citation()
    assert one.threshold.of("senior") is None
    assert isinstance(one.where, AllOf)
    assert one.exclude[0].reason == "few"
    small = one.exclude[0].when
    assert isinstance(small, AllOf)
    limit = small.parts[1]
    assert isinstance(limit, Comparison)
    assert limit.operand.standard is not None
    held = limit.operand.standard.of()
    assert held is not None
    assert held.value == 100
    assert (one.compare_at, one.missing.max_share_of_weight, one.warn.worse_years) == (None, 0.0, 2)


def test_before_the_law_there_is_a_definition_and_no_line(tmp_path: Path) -> None:
    one = rules.load(folder(tmp_path, SOUND)).at(date(2017, 4, 18), "990101").indicators["rooms_per_pupil"]
    assert one.threshold is not None
    assert one.threshold.of("primary") is None


FAULTS: list[tuple[str, str, str, int, str]] = [
    ("[teaching_area]", "[teaching_aera]", "unknown_column", 9, "teaching_area"),
    ("den: pupils", "den: Pupils", "case_differs", 9, "pupils"),
    ("measure: ratio", "measure: ration", "unknown_verb", 8, "ratio"),
    ("grain: school_stage", "grain: schoolstage", "unknown_grain", 6, "school_stage"),
    ("report: [county, stage]", "report: [county, class_id, stage]", "report_finer", 7, "school_stage"),
    ("report: [county, stage]", "report: [conty, stage]", "unknown_column", 7, "county"),
    ("report: [county, stage]", "report: [county]", "by_not_reported", 13, "stage"),
    ("quality_balance.teaching_area", "quality_balance.teaching_aera", "unknown_rule", 13, "teaching_area_"),
    ("rule: quality_balance.teaching_area", "rule: 4.5", "literal_threshold", 13, "4.5"),
    ('{rule: quality_balance.teaching_area, op: ">=", by: stage}', "4.5", "literal_threshold", 13, "4.5"),
    ('op: ">="', 'op: "=>"', "unknown_comparator", 13, ">="),
    ('op: ">="', 'op: "<="', "against_limit", 2, "方向反了"),
    ("lt: small_school.small", "lt: 50", "literal_limit", 12, "50"),
    ("lt: small_school.small", "lower: small_school.small", "unknown_comparator", 12, "lt"),
    ("pupils: {lt: small_school.small}", "pupils: null", "blank_compared", 12, "known: false"),
    (", cite: small_school.small", "", "citation_missing", 12, "few"),
    ("reason: few", "reason: 小教学点", "exclusion_form", 12, "reason"),
    ("  source: {doc: 县教育局通知, clause: 第一条, verified: original}\n", "", "field_missing", 2, "source"),
    ("doc: 县教育局通知, ", "", "source_form", 5, "doc"),
    ("verified: original", "verified: certain", "unknown_sureness", 5, "second-hand"),
    ("  why: 看教室是否够用\n", "", "field_missing", 2, "why"),
    ("id: rooms_per_pupil", "id: 生均教室", "bad_id", 2, "生均教室"),
    ("den: pupils}", "den: pupils, weight: pupils}", "unknown_word", 9, "weight"),
    ("den: pupils}", "column: pupils}", "value_form", 9, "num+den"),
    ("decimals: 2", "decimals: many", "bad_number", 14, "many"),
    ("direction: higher_is_better", "direction: higher", "unknown_word", 14, "higher_is_better"),
    ("  warn:", "  from: soon\n  warn:", "bad_day", 15, "soon"),
    ("  warn:", "  from: 2026-01-01\n  until: 2025-01-01\n  warn:", "ends_before", 16, "2025-01-01"),
    ("  warn:", "  from: 2001-01-01\n  warn:", "no_entry", 2, "2001-01-01"),
    ("  warn:", "  q: 0.5\n  warn:", "field_of_other_verb", 15, "quantile"),
    ("  warn:", "  compare_at: roughly\n  warn:", "compare_form", 15, "exact"),
    ("  warn:", "  privacy: pupils\n  warn:", "map_expected", 15, "subject"),
    ("  where: {status: open, stage: [primary, junior]}", "  where: open", "condition_form", 10, "stage"),
    ("measure: ratio", "measure: change", "field_missing", 2, "base"),
    ("  warn:", "  wieght: pupils\n  warn:", "unknown_word", 15, "weight"),
]  # fmt: skip


@pytest.mark.parametrize(("sound", "faulty", "code", "line", "told"), FAULTS)
def test_each_fault_is_told_with_its_line_and_what_to_write(
    tmp_path: Path, sound: str, faulty: str, code: str, line: int, told: str
) -> None:
    assert sound in SOUND
    place = folder(tmp_path, SOUND.replace(sound, faulty, 1))
    found = {finding.code: finding for finding in gather((place,), rules.load()).findings}
    finding = found[f"indicator.{code}"]
    assert finding.row == line
    for language in ("zh", "en"):
        sentence = words(MESSAGES, finding.code, finding.parameters, language)
        assert "indicators/own.yaml" in sentence
        assert f"第 {line} 行" in sentence if language == "zh" else f"line {line}" in sentence
    assert told in words(MESSAGES, finding.code, finding.parameters, "zh")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = (
        SOUND.replace("teaching_area]", "teaching_aera]")
        .replace("ratio", "ration")
        .replace("lt: small_school.small", "lt: 50")
    )
    place = folder(tmp_path, text)
    codes = {finding.code for finding in own(rules.check(place))}
    assert codes >= {"indicator.unknown_column", "indicator.unknown_verb", "indicator.literal_limit"}
    with pytest.raises(BadData) as caught:
        _ = rules.load(place).at(DAY).indicators
    assert {finding.code for finding in caught.value.findings} == codes


def test_the_sound_file_has_no_fault(tmp_path: Path) -> None:
    assert rules.check(folder(tmp_path, SOUND)) == []


def test_one_id_may_not_be_valid_twice_on_one_day(tmp_path: Path) -> None:
    early = SOUND + "  from: 2018-01-01\n  until: 2022-12-31\n"
    late = SOUND + "  from: 2023-01-01\n"
    folder(tmp_path, early, "early.yaml")
    place = folder(tmp_path, late)
    assert rules.check(place) == []
    book = rules.load(place)
    assert "rooms_per_pupil" not in book.at(date(2017, 12, 31)).indicators
    for day, file in ((date(2018, 1, 1), "early"), (date(2022, 12, 31), "early"), (date(2023, 1, 1), "own")):
        assert book.at(day).indicators["rooms_per_pupil"].file == f"indicators/{file}.yaml"
    folder(tmp_path, late.replace("2023-01-01", "2022-12-31"))
    twice = own(rules.check(place))
    assert [finding.code for finding in twice] == ["indicator.twice"]
    assert twice[0].parameters["other"] == "indicators/early.yaml"


def test_a_packaged_indicator_may_not_be_declared_again(tmp_path: Path) -> None:
    again = SOUND.replace("rooms_per_pupil", "pupils_per_teacher")
    assert [finding.code for finding in rules.check(folder(tmp_path, again))] == ["indicator.twice"]


def test_ids_that_differ_by_case_collide(tmp_path: Path) -> None:
    folder(tmp_path, SOUND, "first.yaml")
    place = folder(tmp_path, SOUND.replace("id: rooms_per_pupil", "id: Rooms_per_pupil"))
    codes = {finding.code for finding in own(rules.check(place))}
    assert codes == {"indicator.bad_id", "indicator.case_collision"}


def test_a_reference_not_in_force_on_the_day_asked_is_told(tmp_path: Path) -> None:
    place = folder(tmp_path, SOUND)
    unset = own(rules.check(place, day=date(2016, 9, 1)))
    assert {finding.code for finding in unset} == {"indicator.no_entry"}
    assert "2016-09-01" in words(MESSAGES, "indicator.no_entry", unset[0].parameters)


def test_the_version_follows_the_definition_and_its_standards_and_not_the_layout(tmp_path: Path) -> None:
    one = rules.load(folder(tmp_path / "a", SOUND)).at(DAY, "990101").indicators["rooms_per_pupil"]
    again = SOUND.replace(
        "  name: {zh: 生均教室面积, en: rooms per pupil}",
        "\n  name:\n    en: rooms per pupil\n    zh: 生均教室面积",
    )
    same = rules.load(folder(tmp_path / "b", again)).at(DAY, "990101").indicators["rooms_per_pupil"]
    assert (one.rule_version, one.line) == (same.rule_version, same.line)
    assert len(one.rule_version) == 16
    changed = SOUND.replace("decimals: 2", "decimals: 3")
    other = rules.load(folder(tmp_path / "c", changed)).at(DAY, "990101").indicators["rooms_per_pupil"]
    assert other.rule_version != one.rule_version
    stricter = (
        "topic: quality_balance\nentries:\n- from: 2026-01-01\n  values: {teaching_area_primary: 5}\n"
        "  source: {document: 县教育局通知}\n  verified: original\n"
    )
    local = folder(tmp_path / "d", SOUND)
    folder(tmp_path / "d", stricter, "resources.yaml", "standards")
    book = rules.load(local)
    before, after = (
        book.at(day, "990101").indicators["rooms_per_pupil"] for day in (date(2025, 12, 31), DAY)
    )
    assert before.rule_version == one.rule_version
    assert after.rule_version != one.rule_version
    assert after.threshold is not None
    held = after.threshold.of("primary")
    assert held is not None
    assert held.value == 5


def test_a_local_standard_laxer_than_the_nation_is_refused(tmp_path: Path) -> None:
    laxer = (
        "topic: quality_balance\nentries:\n- from: 2026-01-01\n  values: {cv_max_primary: 0.65}\n"
        "  source: {document: 县教育局通知}\n  verified: original\n"
    )
    found = rules.check(folder(tmp_path, laxer, "resources.yaml", "standards"))
    assert [finding.code for finding in found] == ["laxer"]
    assert found[0].row == 4
    sentence = words(MESSAGES, "laxer", found[0].parameters)
    assert "0.65" in sentence
    assert "0.5" in sentence


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(Refused) as caught:
        rules.at(DAY).indicator("pupils_per_techer")
    assert caught.value.parameters["near"] == "pupils_per_teacher"


def test_shipped_indicators_use_every_verb_and_can_all_be_signed() -> None:
    held = rules.at(DAY).indicators
    assert {one.measure for one in held.values() if one.file == "indicators/balance.yaml"} == set(VERBS)
    for one in held.values():
        assert one.zh, one.id
        assert one.why_zh, one.id
        assert one.source.doc, one.id


def test_a_list_is_expected_and_hostile_yaml_refused(tmp_path: Path) -> None:
    for text, code in (
        ("a: 1\n", "not_a_list"),
        ("- 1\n", "not_a_mapping"),
        ("- &x {a: 1}\n- *x\n", "alias"),
    ):
        found = gather((folder(tmp_path, text),), rules.load()).findings
        assert [finding.code for finding in found] == [code]


ODD: list[Any] = [
    None, 0, -1.5, True, "", "x", "quality_balance.", ".x", [], [1], ["x"], [[1]], [None],
    {}, {"a": 1}, {"rule": 1}, {"rule": "quality_balance.cv_max", "by": 1}, {"lt": None}, {"in": 1},
    {"all": 1}, {"any": [1]}, {"not": 1}, {"plus": 1}, {"column": [1]}, date(2020, 1, 1),
]  # fmt: skip


def as_read(value: Any) -> Any:
    """Plain data as the reader gives it: mappings with lines."""
    if isinstance(value, dict):
        made = Read({name: as_read(part) for name, part in value.items()})
        made.line, made.lines, made.numbers = 1, dict.fromkeys(made, 1), {}
        return made
    return [as_read(part) for part in value] if isinstance(value, list) else value


def spots(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place within plain data, itself left out."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inside:
        yield (*path, name)
        yield from spots(part, (*path, name))


def with_odd(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    made = copy.deepcopy(value)
    inner = made
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = odd
    return made


def test_whatever_stands_where_is_a_fault_and_never_a_crash() -> None:
    """Each place of a declaration in turn holds each odd thing; all findings can be worded."""
    topics = {name: rules.load().keys(name) for name in rules.load().topics()}
    (sound,) = yaml.safe_load(SOUND)
    for path in spots(sound):
        for odd in ODD:
            made, faults = indicator(as_read(with_odd(sound, path, odd)), "own.yaml", topics)
            assert (made is None) == bool(faults)
            for finding in faults:
                assert "own.yaml" in words(MESSAGES, finding.code, finding.parameters)
