"""The lint of every shipped rule: source, sureness, units, both languages, order of dates."""

from __future__ import annotations

import pytest

from junheng import rules
from junheng.rules.entries import Entry
from junheng.rules.value import LIMITS, VERIFIED

ENTRIES = rules.load().entries()
NEEDED = {
    "class_size", "class_size_elastic", "class_size_rural", "class_size_steps", "kindergarten_places",
    "large_class", "lead_time", "school_size", "service_radius", "small_school", "staff_ratio", "travel_time",
    "warning_levels", "quality_balance", "quality_balance_choices", "basic_balance", "split_weights",
    "special_rooms", "preschool", "staff_mix", "training", "teacher_rotation", "counsellors", "public_funds",
    "special_needs_funds", "two_only_increase", "course_hours", "senior_credits", "fitness", "aid",
    "retention", "local_goals", "resource_teachers", "small_counts",
}  # fmt: skip


def test_nothing_shipped_has_a_fault_and_every_topic_is_there() -> None:
    assert rules.check() == []
    assert set(rules.load().topics()) >= NEEDED


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.value.rule_id)
def test_every_entry_can_footnote_itself(entry: Entry) -> None:
    value = entry.value
    assert value.document
    assert value.verified in VERIFIED
    assert value.limit in LIMITS
    assert value.from_date is not None
    assert value.unit
    assert value.zh
    assert value.en
    assert value.citation("zh") != value.citation("en")
    if value.verified == "ours":
        assert value.note_zh, "a number of our own says why"


def test_rule_ids_are_unique() -> None:
    ids = [entry.value.rule_id for entry in ENTRIES]
    assert len(ids) == len(set(ids))


def test_nothing_claims_more_than_the_reference_does() -> None:
    """No shipped value was compared with the issuing office's own document yet."""
    assert {entry.value.verified for entry in ENTRIES} <= {"second-hand", "unverified", "ours"}
    assert {entry.value.verified for entry in ENTRIES if entry.value.document == "Junheng"} == {"ours"}
