"""Ties at the line: whole groups in or out, the earlier choice, a lottery."""

from __future__ import annotations

import itertools
import json
import random
from dataclasses import replace

import numpy as np
import pytest
from tests.shared import shared
from tests.unit.admission.markets import Small, draw, split, united

from junheng.admission.deferred_acceptance import deferred_acceptance
from junheng.admission.problem import Market
from junheng.admission.score_limits import (
    GroupRule,
    Limits,
    assign_groups,
    check_groups,
    choice_first,
    groups,
    with_lottery,
)
from junheng.model.errors import Refused


def tied(rng: random.Random) -> Small:
    """A market with few scores, so that many tie."""
    small = draw(rng, 6, 3, 2, 3, full=True)
    return Small(small.seats, small.lists, {c: rng.randrange(3) for c in small.lists}, small.priority)


def by_the_limits(market: Market, rule: GroupRule, limits: tuple[int, ...]) -> np.ndarray | None:
    """What children hold when every programme takes exactly the groups below its limit; None if the rule
    forbids that: a group let in that must stay out, or turned away that may come in."""
    group = groups(market)
    held = market.start[1:].copy()
    for child in range(market.children):
        for row in range(market.start[child], market.start[child + 1]):
            if group[row] < limits[market.program[row]]:
                held[child] = row
                break
    return None if check_groups(market, rule, Limits(held, group, held, held, held)) else held


@pytest.mark.parametrize("rule", ["admit_all", "reject_all"])
def test_the_limits_are_the_best_for_children_of_all_that_keep_the_rule(rule: GroupRule) -> None:
    rng = random.Random(rule)
    several = 0
    for _ in range(60):
        market = united([tied(rng)])
        found = assign_groups(market, rule)
        assert check_groups(market, rule, found) == ()
        past = int(found.group.max(initial=-1)) + 1
        every = itertools.product(range(past + 1), repeat=market.seats.size)
        kept = [held for limits in every if (held := by_the_limits(market, rule, limits)) is not None]
        assert any((held == found.held).all() for held in kept)
        assert all((found.held <= held).all() for held in kept)
        several += len({held.tobytes() for held in kept}) > 1
    assert several > 0


def test_without_ties_groups_are_deferred_acceptance() -> None:
    rng = random.Random(2)
    market = united([draw(rng, 7, 4, 2) for _ in range(400)])
    market = replace(market, drawn=np.arange(market.children))
    plain = deferred_acceptance(market.seats, market.start, market.keys().words)
    for rule in ("admit_all", "reject_all"):
        found = assign_groups(market, rule)
        assert (found.held == plain).all() and not found.over.any()


def test_the_published_example_of_equal_last_scores() -> None:
    known = json.loads(shared("admission/known_answers.json").read_text(encoding="utf-8"))["pat1080"]
    first, quota, *rows = [[int(n) for n in line.split()] for line in known["input"].splitlines()]
    score = {f"c{n:02d}": (row[0] + row[1], row[0]) for n, row in enumerate(rows)}
    order = sorted(set(score.values()), reverse=True)
    small = Small(
        {f"p{n}": seats for n, seats in enumerate(quota)},
        {c: list(dict.fromkeys(f"p{p}" for p in row[2:])) for c, row in zip(score, rows, strict=True)},
        {c: order.index(mark) for c, mark in score.items()},
    )
    small.priority = {(c, p): 0 for c, list_ in small.lists.items() for p in list_}
    market = united([small])
    [got] = split(market, assign_groups(market, "admit_all").held, 1)
    admitted = [sorted(int(c[1:]) for c, p in got.items() if p == f"p{n}") for n in range(first[1])]
    assert admitted == known["admitted"]


def line() -> Small:
    lists = {"a": ["p"], "b": ["q", "p"], "c": ["p"]}
    return Small(
        {"p": 1, "q": 0}, lists, dict.fromkeys("abc", 5), {(c, p): 0 for c in lists for p in lists[c]}
    )


def test_the_four_rules_at_one_line() -> None:
    market = united([line()])
    assert split(market, assign_groups(market, "admit_all").held, 1) == [{"a": "p", "b": "p", "c": "p"}]
    assert split(market, assign_groups(market, "reject_all").held, 1) == [{}]
    with pytest.raises(Refused) as refused:
        assign_groups(market, "admit_all", max_over=1)
    assert refused.value.parameters == {"program": "00000/p", "over": 2, "most": 1}
    drawn = with_lottery(market, np.array([3, 1, 2]))
    held = deferred_acceptance(drawn.seats, drawn.start, drawn.keys().words)
    assert split(drawn, held, 1) == [{"b": "p"}]
    assert drawn.undecided(drawn.keys()).size == 0


def test_the_earlier_choice_goes_first_and_what_still_ties_is_named() -> None:
    market = choice_first(united([line()]))
    left = market.undecided(market.keys())
    names = [market.applicant_id[int(c)] for c in market.child_of_row()[left]]
    assert names == ["00000/a", "00000/c"]  # b listed p second and is behind both


def test_a_lottery_needs_a_number_each() -> None:
    with pytest.raises(ValueError, match="each once"):
        with_lottery(united([line()]), np.array([1, 1, 2]))
