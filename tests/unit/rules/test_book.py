"""Looking rules up by day and region, and what a local folder may and may not do."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from junheng import rules
from junheng.model import Region
from junheng.model.errors import BadData, Refused
from junheng.rules.messages import MESSAGES

DAY = date(2026, 9, 1)


def local(folder: Path, text: str, name: str = "class_size.yaml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def override(value: str, topic: str = "class_size", key: str = "primary", extra: str = "") -> str:
    return (
        f"topic: {topic}\nentries:\n- from: 2026-01-01\n{extra}  values: {{{key}: {value}}}\n"
        "  source: {document: 县教育局通知, number: 示教发5号}\n  verified: original\n"
    )


def test_a_value_carries_its_citation_and_how_sure_it_is() -> None:
    value = rules.at(DAY).class_size["primary"]
    assert (value.value, value.limit, value.verified) == (45, "max", "second-hand")
    assert value.document in value.citation("zh")
    assert "未对照原件核实" in value.citation("zh")
    assert "second-hand" in value.citation("en")
    unverified = rules.at(DAY).class_size["K0"]
    assert unverified.verified == "unverified"
    assert "未核实" in unverified.citation()
    ours = rules.at(DAY).warning_levels["p_red"]
    assert "非法定" in ours.citation("zh")
    assert not ours.sure


def test_limits_say_what_they_allow() -> None:
    std = rules.at(DAY)
    assert std.class_size["primary"].allows(45)
    assert not std.class_size["primary"].allows(46)
    assert std.large_class["large"].allows(55)
    assert not std.large_class["large"].allows(56)
    assert std.kindergarten_places["public"].allows(0.5)
    assert not std.kindergarten_places["public"].allows(0.499)
    assert std.class_size_rural["primary_planned"].allows(45)


def test_the_same_by_name_and_by_key_and_only_what_exists() -> None:
    std = rules.at(DAY)
    assert std["class_size"]["junior"] == std.class_size["junior"]
    assert "class_size" in std.topics()
    with pytest.raises(Refused) as topic:
        _ = std["class_sise"]
    assert topic.value.code == "unknown_topic"
    with pytest.raises(Refused) as key:
        _ = std.class_size["prmary"]
    assert "primary" in MESSAGES["unknown_key"][0].format(**key.value.parameters)


def test_before_the_first_rule_there_is_none_and_it_is_not_a_number() -> None:
    value = rules.at(date(1990, 1, 1)).class_size["primary"]
    assert not value.in_force
    assert value.allows(70)
    with pytest.raises(LookupError):
        _ = value.number
    assert value.citation("en") == "no rule in force"


def test_a_stricter_local_rule_holds_from_its_day(tmp_path: Path) -> None:
    book = rules.load(local(tmp_path / "rules", override("40")))
    region = Region("990101", "云州")
    assert book.at(date(2025, 12, 31), region).class_size["primary"].value == 45
    value = book.at(date(2026, 1, 1), region).class_size["primary"]
    assert value.value == 40
    assert value.sure
    assert "示教发5号" in value.citation()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (override("46"), "laxer"),
        (override("0.4", "kindergarten_places", "public"), "laxer"),
        (override("57", "large_class", "large"), "laxer"),
        (override("{value: 40, limit: min}"), "limit_changed"),
        (override("{value: 40, unit: 班}"), "unit_changed"),
        (override("'40'"), "bad_value"),
        (override("true"), "bad_value"),
        (override("40", key="prmary"), "key_not_declared"),
        (override("40", topic="class_sise"), "topic_not_declared"),
        (override("40", extra="  region: 11\n"), "bad_region"),
        (override("40").replace("2026-01-01", "soon"), "bad_date"),
        (override("40").replace("original", "certain"), "bad_verified"),
        (override("40").replace("verified: original", ""), "entry_field"),
        (override("40").replace("source:", "sauce:"), "unknown_field"),
        ("entries: []\n", "header_missing"),
    ],
)
def test_a_faulty_local_rule_is_refused_by_file_entry_key_and_mend(
    tmp_path: Path, text: str, code: str
) -> None:
    folder = local(tmp_path / "rules", text)
    with pytest.raises(BadData) as caught:
        rules.load(folder)
    found = {finding.code: finding for finding in caught.value.findings}
    assert code in found
    finding = found[code]
    for sentence in MESSAGES[code]:
        assert "class_size.yaml" in sentence.format(**finding.parameters)
    assert [finding.code for finding in rules.check(folder)] == [f.code for f in caught.value.findings]


def test_targets_and_definitions_may_move_either_way(tmp_path: Path) -> None:
    folder = local(tmp_path / "rules", override("0.9", "warning_levels", "p_red"), "warning_levels.yaml")
    assert rules.load(folder).at(DAY, "990101").warning_levels["p_red"].value == 0.9
    assert rules.at(DAY, "990101").warning_levels["p_red"].value == 0.8


def test_null_ends_a_local_rule_and_the_level_above_holds_again(tmp_path: Path) -> None:
    text = override("40") + (
        "- from: 2028-01-01\n  values: {primary: null}\n  source: 县教育局通知\n  verified: original\n"
    )
    book = rules.load(local(tmp_path / "rules", text))
    assert book.at(date(2027, 12, 31)).class_size["primary"].value == 40
    assert book.at(date(2028, 1, 1)).class_size["primary"].value == 45


def test_dates_must_rise(tmp_path: Path) -> None:
    again = "- from: 2026-01-01\n  values: {primary: 38}\n  source: 通知\n  verified: original\n"
    codes = [f.code for f in rules.check(local(tmp_path / "rules", override("40") + again))]
    assert codes == ["dates_not_ordered"]


def test_shipped_overrides_follow_the_lineage_of_codes() -> None:
    book = rules.load()
    day = date(2028, 1, 1)
    assert book.at(day, "990101").kindergarten_places["public"].value == 0.5
    assert book.at(day, "110101").kindergarten_places["public"].value == 0.6
    assert book.at(day, "110108").kindergarten_places["inclusive"].value == 0.92
    assert book.at(day, "110101").kindergarten_places["inclusive"].value == 0.9


def test_a_later_stricter_law_is_not_undone_by_an_older_local_rule(tmp_path: Path) -> None:
    """A district that set 0.85 before its province raised the share to 0.90 must follow the province."""
    early = override("0.85", "kindergarten_places", "inclusive", "  region: '110105'\n")
    folder = local(tmp_path / "rules", early.replace("2026-01-01", "2021-01-01"), "kindergarten_places.yaml")
    book = rules.load(folder)
    assert book.at(date(2025, 12, 30), "110105").kindergarten_places["inclusive"].value == 0.85
    assert book.at(date(2025, 12, 31), "110105").kindergarten_places["inclusive"].value == 0.9
    assert book.at(date(2025, 12, 30), "110106").kindergarten_places["inclusive"].value == 0.8


def test_the_digest_names_the_bytes_and_not_the_place(tmp_path: Path) -> None:
    one = local(tmp_path / "one" / "rules", override("40"))
    two = tmp_path / "two" / "rules"
    shutil.copytree(one, two)
    assert rules.load(one).digest() == rules.load(two).digest()
    assert rules.load(one).digest() != rules.load().digest()
    local(two, override("41"))
    assert rules.load(one).digest() != rules.load(two).digest()


@pytest.mark.parametrize("place", ["indicators", "indicators/assessments"])
def test_the_digest_knows_indicators_and_assessments(tmp_path: Path, place: str) -> None:
    """A run names the rules it followed: an indicator changed since is another law."""
    folder = local(tmp_path / "rules", override("40"))
    before = rules.load(folder).digest()
    (folder / place).mkdir(parents=True)
    (folder / place / "own.yaml").write_text("[]\n", encoding="utf-8")
    assert rules.load(folder).digest() != before


def test_a_missing_folder_is_said() -> None:
    with pytest.raises(BadData) as caught:
        rules.load(Path("no-such-rules"))
    assert caught.value.code == "folder_missing"


def test_assumptions_are_plain_data_and_may_be_replaced(tmp_path: Path) -> None:
    folder = local(
        tmp_path / "rules" / "assumptions",
        "source: 本县\nverified: original\nbirths: {2030: 410}\n",
        "fertility.yaml",
    ).parent
    assert rules.load(folder).assumption("fertility") == {
        "source": "本县", "verified": "original", "births": {2030: 410},
    }  # fmt: skip
    with pytest.raises(Refused):
        rules.load().assumption("nothing")
