"""Definitions in words: an official must recognise what is measured, on whom, and by which line."""

from __future__ import annotations

from datetime import date

import pytest

from junheng import rules
from junheng.rules.formula import Wording, lines
from junheng.rules.formula_messages import MESSAGES
from junheng.rules.indicator import Indicator

LAW = rules.at(date(2026, 9, 1), "990101")
ALL = list(LAW.indicators.values())


def said(name: str, heading: str, language: str = "zh") -> list[str]:
    return [
        text
        for one, text in lines(LAW.indicators[name], "zh" if language == "zh" else "en")
        if one == heading
    ]


def test_a_ratio_names_its_columns_and_its_factor() -> None:
    (formula,) = said("degree_teachers_per_100", "formula")
    assert "高于规定学历教师" in formula
    assert formula.endswith("× 100")
    (english,) = said("teaching_area_per_pupil", "formula", "en")
    assert " − " in english
    assert english.startswith("sum of")


def test_a_line_is_told_for_each_stage_in_scope_with_citation_and_sureness() -> None:
    told = said("pupils_per_post", "threshold")
    assert [text.split(" ")[0] for text in told] == ["小学", "初中", "高中"]
    assert "≤ 13.5 生/教职工" in told[1]
    assert all("转引，未对照原件核实" in text for text in told)
    assert "second-hand" in said("pupils_per_post", "threshold", "en")[0]


def test_conditions_name_codes_columns_and_numbers_of_the_law() -> None:
    (formula,) = said("preschool_conditions_new", "formula")
    assert "校舍建筑面积不少于 在校生 × 10.44 ㎡/人" in formula
    (rows,) = said("budget_only_increases", "rows")
    assert "口径为决算" in rows
    assert "单位层级为县（区）" in rows
    assert "学段为小学、初中之一" in said("migrant_share", "rows")[0]
    (english,) = said("very_large_classes", "formula", "en")
    assert english == "number of rows where pupils at least 66 pupils per class"


def test_who_is_left_out_stands_with_the_rule_that_says_so() -> None:
    told = said("degree_teachers_cv", "exclude")
    assert len(told) == 2
    assert all("依据：" in text and "教督〔2017〕6号" in text for text in told)


def test_a_line_not_yet_in_force_says_so() -> None:
    early = rules.at(date(2001, 1, 1)).indicators["pupils_per_post"]
    told = [text for heading, text in lines(early) if heading == "threshold"]
    assert told
    assert all("无现行规定" in text for text in told)


@pytest.mark.parametrize("indicator", ALL, ids=lambda one: one.id)
def test_every_shipped_indicator_can_be_read_in_both_languages(indicator: Indicator) -> None:
    for language in ("zh", "en"):
        told = dict(lines(indicator, language))
        assert set(told) >= {"why", "source", "formula", "rows", "report", "missing", "version"}
        assert not [text for text in told.values() if "{" in text or "None" in text]
        assert Wording(indicator, language).formula().strip()


def test_every_word_is_there_twice() -> None:
    assert all(len(texts) == 2 and all(texts) for texts in MESSAGES.values())
