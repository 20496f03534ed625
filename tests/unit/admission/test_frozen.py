"""Frozen lines: written, read back and turned into the market they stand for."""

from __future__ import annotations

import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.admission import draws
from tests.unit.admission.markets import draw

from junheng.admission.commitment import leads_to
from junheng.admission.frozen import freeze, lines_of, market_of
from junheng.admission.result import assign_market
from junheng.model.errors import BadData

PEOPLE = {
    "receipt": ["R2", "R1"],
    "family": ["F", None],
    "hukou": ["本区", "e\u0301"],
    "year": ["2019", None],
}


def people(**other: list[str | None]) -> pl.DataFrame:
    return pl.DataFrame({**PEOPLE, **other}, schema_overrides=dict.fromkeys(PEOPLE, pl.String))


CHOICES = pl.DataFrame(
    {"receipt": ["R2", "R2"], "rank": [2, 1], "program_id": ["P:1", "P2"], "priority": [3, -1]}
)


def test_a_line_is_what_the_page_says() -> None:
    """Facts in the order of their names, choices best first, one form of letters, nothing for nothing."""
    assert lines_of(people(), CHOICES, ["year", "hukou"]) == [
        "1\tR1\t\thukou=\u00e9;year=",
        "1\tR2\tF\thukou=本区;year=2019\tP2:-1\tP:1:3",
    ]


@pytest.mark.parametrize("value", ["a;b", "a=b", "a\tb", "a\nb", "3.5", " -.5", "1.2e3"])
def test_what_parts_fields_and_floats_are_faults(value: str) -> None:
    with pytest.raises(BadData) as refused:
        lines_of(people(year=[value, "1"]), CHOICES, ["year"])
    assert refused.value.findings[0].code == "admission.fact_odd"


@given(st.randoms(use_true_random=False))
def test_freezing_what_was_frozen_gives_the_same_root(rng: random.Random) -> None:
    frozen = draws.frozen_of(draw(rng, 9))
    nonces = dict(zip(frozen.receipts, frozen.nonces, strict=True))
    again = freeze(rng.sample(frozen.lines, len(frozen.lines)), nonces)
    assert again.tree.root == frozen.tree.root and again.lines == frozen.lines
    receipt = rng.choice(frozen.receipts)
    line, nonce, path = frozen.line(receipt)
    assert leads_to(frozen.tree.root, line, nonce, path) and line.split("\t")[1] == receipt


@given(st.randoms(use_true_random=False))
def test_the_market_of_lines_is_the_market(rng: random.Random) -> None:
    """Seats, lists and classes come back; the order drawn is the order of children."""
    small = draw(rng, 6)
    frozen = draws.frozen_of(small)
    name = {draws.receipt_of(draws.SECRET, draws.SEASON, child): child for child in small.lists}
    order = sorted(frozen.receipts, key=lambda one: small.ticket[name[one]])
    market = market_of(frozen, small.seats, [(one, one) for one in order])
    programs = market.program_id.to_list()
    assert dict(zip(programs, market.seats.tolist(), strict=True)) == small.seats
    for child, receipt in enumerate(order):
        mine = slice(market.start[child], market.start[child + 1])
        chosen = [programs[at] for at in market.program[mine]]
        assert chosen == small.lists[name[receipt]]
        assert market.priority[mine].tolist() == [small.priority[name[receipt], p] for p in chosen]
    assert np.array_equal(market.drawn, np.arange(len(order)))
    assert not assign_market(market, "da").check()


@pytest.mark.parametrize(
    "line",
    ["2\tR\t\t", "1\t\t\t", "1\tR", "1\tR\t\t\tP", "1\tR\t\t\tP:x", "1\tR\t\t\tP:1.0", "1\tR\t\t\tP:1\tP:2",
     "1\tR\t\t\t:1", "1\tR\t\t\tP:01"],
)  # fmt: skip
def test_what_is_no_line_is_refused(line: str) -> None:
    with pytest.raises(BadData) as refused:
        freeze([line], {"R": bytes(16), "": bytes(16)})
    assert refused.value.findings[0].code == "admission.line_odd"


def test_a_receipt_stands_once_and_has_a_nonce() -> None:
    with pytest.raises(BadData) as refused:
        freeze(["1\tR\t\t", "1\tR\t\ta=1", "1\tS\t\t"], {"R": bytes(16)})
    assert [f.code for f in refused.value.findings] == ["admission.line_twice", "admission.line_odd"]
    with pytest.raises(BadData) as refused:
        market_of(freeze(["1\tR\t\t\tP:1"], {"R": bytes(16)}), {}, [("R", "")])
    assert refused.value.findings[0].code == "admission.freeze_program"
