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
    if code != "public.other":  # the link to the other language, in that language
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


def test_years_take_no_comma_and_counts_do(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "test.years"
    monkeypatch.setitem(
        wording.CATALOGUE, code, ("{last} 学年 {pupils} 人，共 {n} 年", "{last}: {pupils} for {n}")
    )
    assert wording.reason(code, {"last": 2001, "pupils": 2001, "n": 3}) == "2001 学年 2,001 人，共 3 年"
    assert wording.reason(code, {"last": 2001, "pupils": 2001, "n": 3}, "en") == "2001: 2,001 for 3"


def test_probabilities_and_shares_are_per_cent_and_codes_are_named() -> None:
    parameters = {"year": 2030, "floor": 0.6, "utilisation": 0.284, "idle": 1500, "unit": "S1"}
    told = wording.reason("seats.underuse", parameters)
    assert "60%" in told and "28%" in told and "1,500" in told
    assert wording.reason("no.such", {"with": "S1"}, named={"S1": "某校"}.get) == "no.such（with=某校）"  # type: ignore[arg-type]
