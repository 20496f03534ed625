"""One catalogue from all rooms; a missing word never stops a report."""

from __future__ import annotations

import string

import pytest

from junheng.report import wording
from junheng.report.messages import MESSAGES


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_both_languages_say_the_same(code: str) -> None:
    chinese, english = MESSAGES[code]
    assert chinese
    assert fields(english) <= fields(chinese)
    assert not any("\u4e00" <= c <= "\u9fff" for c in english.replace("审图号", ""))


def test_unknown_codes_are_shown_with_their_numbers() -> None:
    assert (
        wording.reason("no.such", {"seats": 1234567, "rate": 0.25}) == "no.such（seats=1,234,567，rate=0.25）"
    )


def test_parameters_nobody_gave_become_a_dash() -> None:
    assert wording.reason("report.head.fewer", {}) == "少 —"


def test_codes_inside_sentences_are_worded() -> None:
    assert wording.name_of_word("births", "zh") == "出生"
    assert wording.name_of_word("primary", "en") == "primary"
    assert wording.name_of_word("城关街道", "en") == "城关街道"


def test_unreadable_parameters_are_none() -> None:
    assert wording.parameters_of("{broken") == {}
    assert wording.parameters_of(None) == {}
    assert wording.parameters_of("[1]") == {}
