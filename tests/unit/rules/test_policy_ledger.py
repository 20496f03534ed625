"""Every numeral of the five policy texts is accounted for, and every target stands on one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.shared import shared
from tests.unit.rules.policy_numerals import numerals, paragraphs, value

from junheng import rules
from junheng.rules.policies import Clause, PolicyDocument, Target

LEDGERS = Path(rules.__file__).parent / "policies" / "ledger"
DOCUMENTS = ("beijing-2024", "shanghai-2024", "jiangsu-2024", "moe-reform-zones-2023", "haidian-14fyp")
CLASSES = {"target", "measure", "baseline", "past", "date", "name", "structure"}
WORDS = {"全覆盖", "全面覆盖", "双覆盖", "全免费", "全部", "所有", "每", "均", "一"}
"""Words by which a text says: all of them."""
SAID_IN_WORDS = {"coverage", "monotone", "direction"}
"""Bases a text may say without a numeral."""

Entry = tuple[str, str, str]
"""(numeral, class, what it belongs to as clause#id, or "")"""


@cache
def ledger(document: str) -> dict[tuple[int, int], Entry]:
    """(paragraph, ordinal) -> entry."""
    data: Any = yaml.safe_load((LEDGERS / f"{document}.yaml").read_text(encoding="utf-8"))
    assert data["document"] == document
    held: dict[tuple[int, int], Entry] = {}
    for paragraph, rows in data["paragraphs"].items():
        for nth, numeral, kind, *belongs in rows:
            assert (paragraph, nth) not in held, f"paragraph {paragraph} number {nth} is entered twice"
            held[paragraph, nth] = (numeral, kind, belongs[0] if belongs else "")
    return held


@cache
def found(document: str) -> dict[tuple[int, int], str]:
    """(paragraph, ordinal) -> numeral, from the text itself."""
    text = shared(f"../policies/{document}.txt").read_text(encoding="utf-8")
    return {
        (paragraph, nth): numeral
        for paragraph, line in enumerate(paragraphs(text), 1)
        for nth, numeral in enumerate(numerals(line), 1)
    }


@cache
def documents() -> Mapping[str, PolicyDocument]:
    return rules.policies()


def document_of(name: str) -> PolicyDocument:
    return documents()[name]


def named(document: PolicyDocument, reference: str) -> Target | None:
    """The target of `clause#target`, None when there is none."""
    try:
        return document.target(reference)
    except KeyError:
        return None


def quoted(document: PolicyDocument) -> list[tuple[Clause, Target, tuple[int, int]]]:
    """Targets that name their numeral, with its place."""
    return [
        (clause, target, (target.paragraph, target.nth_number))
        for clause, target in document.targets()
        if target.paragraph is not None and target.nth_number is not None
    ]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_numeral_has_an_entry_and_every_entry_a_numeral(name: str) -> None:
    entries = {place: numeral for place, (numeral, _, _) in ledger(name).items()}
    assert entries == found(name)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_classes_are_the_seven(name: str) -> None:
    assert {kind for _, kind, _ in ledger(name).values()} <= CLASSES


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_target_stands_on_a_numeral_entered_as_target(name: str) -> None:
    document, entries = document_of(name), ledger(name)
    for clause, target in document.targets():
        label = f"{clause.id}#{target.id}"
        assert target.nth_number is not None or target.basis in SAID_IN_WORDS, f"{label} names no numeral"
    for clause, target, place in quoted(document):
        entry = entries.get(place)
        assert entry and entry[1] == "target", f"{clause.id}#{target.id} stands on {entry}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_numeral_entered_as_target_is_reached(name: str) -> None:
    document = document_of(name)
    places = {place for _, _, place in quoted(document)}
    for place, (numeral, kind, belongs) in ledger(name).items():
        if kind != "target" or place in places:
            continue
        target = named(document, belongs)
        assert target, f"{place} {numeral} is reached by no target"
        assert target.paragraph == place[0], f"{place} {numeral} belongs to a target of another paragraph"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_numeral_entered_as_measure_has_its_measure(name: str) -> None:
    document = document_of(name)
    measures = {f"{clause.id}#{one.id}" for clause in document.clauses() for one in clause.measures}
    belongs = {belongs for _, kind, belongs in ledger(name).values() if kind == "measure"}
    assert belongs <= measures


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_value_of_a_target_is_the_value_of_its_numeral(name: str) -> None:
    text = found(name)
    for clause, target, place in quoted(document_of(name)):
        label, numeral = f"{clause.id}#{target.id}", text.get(place, "no numeral")
        if target.value is None or target.basis == "monotone":
            continue
        held = Fraction(str(target.value))
        if target.basis == "coverage" and numeral in WORDS:
            assert held == 1, label
        elif numeral in {"高于", "低于"}:
            assert held == 1 and target.unit == "ratio", label
        elif numeral == "每":
            assert held == 1 and target.basis in {"frequency", "per_unit"}, label
        else:
            said = value(numeral)
            # the table of headline indicators gives its percentages without the sign
            assert said in {held, held * 100 if target.unit == "share" else held}, f"{label}: {numeral}"


def test_the_ministrys_list_holds_no_target() -> None:
    assert not list(document_of("moe-reform-zones-2023").targets())
    kinds = Counter(kind for _, kind, _ in ledger("moe-reform-zones-2023").values())
    assert kinds["target"] == kinds["measure"] == 0


@pytest.mark.parametrize(
    ("numeral", "said"),
    [
        ("95%", "19/20"),
        ("1.64万", "16400"),
        ("1∶500", "500"),
        ("十五", "15"),
        ("二〇三五", "2035"),
        ("两", "2"),
        ("三千六百", "3600"),
    ],
)
def test_numerals_are_read_as_numbers(numeral: str, said: str) -> None:
    assert value(numeral) == Fraction(said)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("各区均建有学校", ["均"]),
        ("优质均衡、平均、人均、均等", []),
        ("每10所校配备1名", ["每", "10", "1"]),
        ("新增13.4万平方米", ["13.4万"]),
        ("不低于80%,高于公务员", ["80%", "高于"]),
        ("第十四个五年规划", ["十四", "五"]),
    ],
)
def test_numerals_are_found(sentence: str, expected: list[str]) -> None:
    assert numerals(sentence) == expected
